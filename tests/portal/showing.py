"""The shown site before a browser: a server for the tests, and for whoever looks at it or takes the pictures of docs/.

python -m tests.portal.showing             serve it until interrupted, and say where
python -m tests.portal.showing --pictures  take the pictures of docs/screenshots
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

# Pages that have a fixed address; `serving` gives the others.
PAGES = {
    "home": "/",
    "guide": "/guide/",
    "guide-agency": "/guide/XG0123/",
    "rules": "/rules/",
    "catalogue": "/catalogue/",
    "column": "/columns/21-c5/",
    "column-old": "/columns/21-c5/p/1/",
    "column-empty": "/columns/20-12/",
    "item": "/items/XG0123-2021-00008/",
    "item-repealed": "/items/XG0123-2020-00001/",
    "gone-title": "/items/XG0123-2020-00002/",
    "gone": "/items/XG0123-2020-00006/",
    "gone-leak": "/items/XG0123-2020-00010/",
    "moved": "/html/2021/1012/8848.html",
    "normative": "/normative/",
    "normative-year": "/normative/2021/",
    "projects": "/projects/",
    "standards": "/standards/",
    "standard-field": "/standards/expropriation/",
    "standard-entry": "/standards/expropriation/expropriation-07/",
    "services": "/services/",
    "questions": "/questions/",
    "questions-subject": "/questions/expropriation/",
    "letters": "/letters/",
    "letters-month": "/letters/2021-10/",
    "statistics": "/statistics/2021/",
    "reports": "/reports/",
    "reports-agency": "/reports/XG0123/",
    "report": "/reports/XG0123/2021/",
    "participation": "/participation/",
    "opinion-track": "/opinions/track/",
    "search": "/search/?q=征收补偿",
    "search-filtered": "/search/?q=棚户区&column=21-c5&year=2020",
    "search-nothing": "/search/?q=足球比赛",
    "search-long": "/search/?q=" + "长" * 400,
    "apply": "/apply/",
    "amendment": "/apply/amendment/",
    "track": "/track/",
    "mailbox": "/mailbox/",
    "mailbox-track": "/mailbox/track/",
    "data": "/data/",
    "sitemap": "/sitemap/",
    "accessibility": "/accessibility/",
    "not-found": "/nowhere/",
}
SIZES = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """A test prints no access log."""


@contextmanager
def serving(port: int = 0) -> Iterator[tuple[str, dict[str, str]]]:
    """Make the site on a database of its own and serve it: its address, and the addresses of its pages by name.

    The server's clock stands at the day on which the site is looked at.
    """
    from django.db import connection
    from django.test import override_settings

    from gongkai.channels import assets
    from gongkai.config.wsgi import application
    from gongkai.journal import clock
    from tests.committed import own_database
    from tests.conftest import make_office
    from tests.portal import shown_more, shown_site

    def dated(environ: Any, start: Any) -> Any:
        with clock.at(shown_more.SEEN):
            return application(environ, start)

    with own_database(connection):
        found = shown_site.make(make_office())
        assets.collect()
        with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
            server: WSGIServer = make_server("127.0.0.1", port, dated, handler_class=_Quiet)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}", found
            server.shutdown()
            server.server_close()
            thread.join()
