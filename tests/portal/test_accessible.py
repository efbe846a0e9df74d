"""Every page type before a real browser: no violation that axe finds, no error, nothing that moves or overflows."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connection
from django.test import override_settings

from tests.committed import own_database
from tests.conftest import make_office

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("GONGKAI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = os.environ.get("GONGKAI_SCREENSHOTS")
SIZES = {"desktop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
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
    "reports": "/reports/",
    "search": "/search/?q=征收补偿",
    "search-filtered": "/search/?q=棚户区&column=21-c5&year=2020",
    "search-nothing": "/search/?q=足球比赛",
    "gone-title": "/items/XG0123-2020-00002/",
    "gone": "/items/XG0123-2020-00006/",
    "gone-leak": "/items/XG0123-2020-00010/",
    "sitemap": "/sitemap/",
    "accessibility": "/accessibility/",
    "not-found": "/nowhere/",
}
MODES = {
    "normal": {},
    "elder": {"gongkai-elder": "on"},
    "contrast": {"gongkai-contrast": "high"},
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """A test prints no access log."""


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A served site on a database of its own."""
    from django.conf import settings

    from gongkai.channels import assets
    from gongkai.config.wsgi import application
    from tests.portal import shown_site

    with django_db_blocker.unblock(), own_database(connection):
        shown_site.make(make_office())
        assets.collect()
        with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
            server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            server.server_close()
            thread.join()
        assert settings.INSTANCE.demo


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Any]:
    if not CHROMIUM:
        if os.environ.get("GONGKAI_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required and not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_violation(browser: Any, address: str, size: str, mode: str) -> None:
    """axe, errors of the console, and sideways scrolling, over every page type."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=SIZES[size], locale="zh-CN", base_url=address)
    for name, value in MODES[mode].items():
        context.add_init_script(f"localStorage.setItem('{name}', '{value}')")
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "console",
        # The answer of a missing or withdrawn page is itself reported as an error by the browser.
        lambda said: (
            trouble.append(said.text) if said.type == "error" and "status of 4" not in said.text else None
        ),
    )
    for name, path in PAGES.items():
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            trouble.append(f"{name}: {wide} px too wide")
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            trouble.append(f"{name}: {violation['id']} {nodes}")
        if SHOTS and mode == "normal":
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/portal-{name}-{size}.png")
            page.screenshot(path=f"{SHOTS}/portal-{name}-{size}-full.png", full_page=True)
    context.close()
    assert not trouble, "\n".join(trouble)


def test_the_four_questions_stand_above_the_fold(browser: Any, address: str) -> None:
    """interface.md: what is new, find something, apply, write to the agency, without scrolling."""
    context = browser.new_context(viewport=SIZES["desktop"], base_url=address)
    page = context.new_page()
    page.goto("/")
    for selector in ("#new", "#search-q", 'main a[href="/apply/"]', 'main a[href="/mailbox/"]'):
        box = page.locator(selector).first.bounding_box()
        assert box and box["y"] + box["height"] <= 768, selector
    context.close()


def test_a_first_view_is_light(browser: Any, address: str) -> None:
    """Below 100 kB without pictures, as sent."""
    context = browser.new_context(viewport=SIZES["phone"], base_url=address)
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto("/items/XG0123-2021-00008/", wait_until="networkidle")
    assert sum(sizes) < 100_000
    context.close()
