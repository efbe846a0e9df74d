"""The shown site before a browser: a server for the tests, and for whoever looks at it or takes the pictures of docs/.

python -m tests.portal.showing             serve it until interrupted, and say where
python -m tests.portal.showing --pictures  take the pictures of docs/screenshots
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


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
