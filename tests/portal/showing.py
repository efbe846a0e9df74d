"""The shown site before a browser: a server for the tests, and for whoever looks at it or takes the pictures of docs/.

python -m tests.portal.showing           serve it until interrupted, and say where
python -m tests.portal.showing pictures  take the pictures of docs/screenshots
"""

import io
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
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
    "complaint": "/complaints/",
    "complaint-track": "/complaints/track/",
    "data": "/data/",
    "sitemap": "/sitemap/",
    "accessibility": "/accessibility/",
    "not-found": "/nowhere/",
}
ENGLISH = {
    "english": "/en/",
    "english-guide": "/en/guide/XG0123/",
    "english-catalogue": "/en/catalogue/",
    "english-statistics": "/en/statistics/2021/",
}
# Of the answers, those of which docs/ keeps a picture.
PICTURED = (
    "apply-wrong", "apply-done", "track-progress", "mailbox-done", "mailbox-answered", "opinion-done", "opinion-answered",
    "subscribe", "subscribe-manage", "share", "failed-server", "failed-search", "away-apply",
)  # fmt: skip
# Where answers that have no address of their own are laid before the browser, and what lies there.
ANSWERS = "/answered/"
_laid: dict[str, bytes] = {}
# A page comes in so many pieces, with so many seconds between them.
PIECES, PAUSE = 8, 0.02
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots" / "portal"
# Further than this a picture does not reach down; ink, paper, accent, grey and their edges need few colours.
DEEPEST, COLOURS = 1400, 32
SIZES = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """A test prints no access log."""


@contextmanager
def serving(port: int = 0) -> Iterator[tuple[str, dict[str, str]]]:
    """Make the site on a database of its own and serve it: its address, and the addresses of its pages by name.

    The server's clock stands at the day on which the site is looked at.
    """
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings
    from django.urls import get_resolver

    from gongkai.channels import assets
    from gongkai.channels.moved import first_parts
    from gongkai.config.sitefiles import SiteFiles
    from gongkai.config.wsgi import django
    from gongkai.journal import clock
    from tests.committed import own_database
    from tests.conftest import make_office
    from tests.portal import shown_more, shown_site

    def dated(environ: Any, start: Any) -> Any:
        with clock.at(shown_more.SEEN):
            return django(environ, start)

    with own_database(connection):
        found = shown_site.make(make_office())
        assets.collect()
        with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
            application = SiteFiles(
                settings.INSTANCE.home / "site",
                settings.STATIC_ROOT,
                dated,
                first_parts(get_resolver().url_patterns),
                now=shown_more.SEEN.timestamp,
            )
            server: WSGIServer = make_server("127.0.0.1", port, slowly(application), handler_class=_Quiet)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}", found
            server.shutdown()
            server.server_close()
            thread.join()


def lay(answers: dict[str, str]) -> dict[str, str]:
    """Have the shown site serve answers (HTML by name); their addresses by name."""
    _laid.update({f"{ANSWERS}{name}/": html.encode() for name, html in answers.items()})
    return {name: f"{ANSWERS}{name}/" for name in answers}


def slowly(application: Any) -> Any:
    """Send pages in pieces with pauses between them, as a slow line or a busy machine would."""

    def sent(environ: Any, start: Any) -> Iterator[bytes]:
        told: list[Any] = []
        if laid := _laid.get(environ["PATH_INFO"]):
            told += [
                "200 OK",
                [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(laid)))],
            ]
            parts: Any = [laid]
        else:
            parts = application(environ, lambda *said: told.extend(said))
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        start(*told)
        page = any(name == "Content-Type" and value.startswith("text/html") for name, value in told[1])
        piece = len(body) // PIECES + 1 if page else max(len(body), 1)
        for at in range(0, len(body), piece):
            if at:
                time.sleep(PAUSE)
            yield body[at : at + piece]

    return sent


def take(address: str, pages: dict[str, str], folder: Path, answers: dict[str, str] | None = None) -> int:
    """One picture of each page and answer in each size, in few colours; how many octets they are."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("GONGKAI_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size, viewport in SIZES.items():
            context = browser.new_context(viewport=viewport, locale="zh-CN", base_url=address)
            page = context.new_page()
            for name, path in (pages | lay(answers or {})).items():
                page.goto(path)
                with Image.open(io.BytesIO(page.screenshot(full_page=True))) as shot:
                    shown = shot.convert("RGB").crop((0, 0, shot.width, min(shot.height, DEEPEST)))
                    shown.quantize(COLOURS).save(folder / f"{name}-{size}.png", optimize=True)
            context.close()
        browser.close()
    return sum(file.stat().st_size for file in folder.glob("*.png"))


def main() -> None:
    """Serve the site, or take its pictures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests import migrated
    from tests.portal import shown_answers

    setup_test_environment()
    with patch("django.core.management.call_command"):
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    migrated.fill(connection)
    with serving() as (address, found):
        if sys.argv[1:2] == ["pictures"]:
            folder = Path(sys.argv[2]) if len(sys.argv) > 2 else PICTURES
            pages = PAGES | found | ENGLISH
            answered = shown_answers.answers(found)
            shown = {name: answered[name] for name in PICTURED}
            print(f"{take(address, pages, folder, shown):,} octets in {folder}")
        else:
            print(address, *(f"{name}: {path}" for name, path in (PAGES | found).items()), sep="\n")
            threading.Event().wait()
    teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
