"""A real server on a demonstration instance, and a real browser before it.

Chromium comes from the system. Where it is missing the journeys are skipped with the reason, or fail when
GONGKAI_REQUIRE_BROWSER is set, as CI does.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import demonstration

CHROMIUM = os.environ.get("GONGKAI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PASSWORD = "gongkai-demo-2021"
MAIN = "from gongkai.cli import main; main()"
SHOTS = os.environ.get("GONGKAI_SCREENSHOTS")


# Seconds that the longest files of journeys take on two quiet cores.
SECONDS = {
    "test_journey_course": 64, "test_journey_answers": 62, "test_accessible_workbench": 58,
    "test_journey_report_writing": 33, "test_journey_intake": 32, "test_journey_collection": 30,
    "test_journey_together": 28, "test_journey_confidentiality": 26, "test_journey_rollup": 26,
    "test_journey_subscription": 26, "test_journey_public": 25, "test_several_texts": 23,
    "test_journey_complaint": 23, "test_journey_report_reader": 18, "test_journey_report": 14,
    "test_journey_item": 14, "test_redaction_seen": 14, "test_journey_rescreening": 14,
    "test_journey_application": 12, "test_journey_import": 11, "test_journey_plain_host": 10,
    "test_published_offered": 6, "test_menu": 4, "test_files_refused_before": 4,
}  # fmt: skip
UNMEASURED = 35


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys and put them after all other tests, the longest files first.

    Two processes share the files in this order (make test), so that neither waits long for the other's last one.
    """
    here = Path(__file__).parent

    def place(item: pytest.Item) -> tuple[bool, int, str]:
        journey = here in item.path.parents
        return journey, -SECONDS.get(item.path.stem, UNMEASURED) if journey else 0, str(item.path) * journey

    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=place)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration instance, built by the command that a newcomer types."""
    return demonstration.copied(tmp_path_factory, "browser")


@pytest.fixture(scope="session")
def server(demo_home: Path) -> Iterator[str]:
    """The address of `gongkai serve` on that instance."""
    with serving(demo_home) as address:
        yield address


@contextmanager
def serving(home: Path, *, days: int = 0, **settings: str) -> Iterator[str]:
    """The address of `gongkai serve` on an instance, whose clock is so many days ahead, with settings of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = demonstration.environment() | settings
    if days:
        environment |= {"PYTHONPATH": str(Path(__file__).parent / "ahead"), "DAYS_AHEAD": str(days)}
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "serve", "--home", str(home), "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _await(address: str, process: subprocess.Popen[str]) -> None:
    for _attempt in range(120):
        if process.poll() is not None:
            pytest.fail(f"the server ended: {process.stdout.read() if process.stdout else ''}")
        try:
            urllib.request.urlopen(address + "/", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    pytest.fail("the server did not answer within a minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        if os.environ.get("GONGKAI_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required and not installed")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def opened(browser: Any, server: str, username: str = "", *, phone: bool = False) -> Any:
    """A page in a context of its own, of a citizen or logged in; `trouble` collects what goes wrong in it."""
    context = browser.new_context(
        base_url=server, viewport=PHONE if phone else DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.trouble = []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("console", lambda said: page.trouble.append(said.text) if said.type == "error" else None)
    if username:
        page.goto("/workbench/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form.form button[type=submit]")
        page.wait_for_url("**/workbench/")
    return page


@pytest.fixture
def visitor(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """`visitor()` opens a page as a citizen, `visitor("jingban")` as that member of staff; phone=True on a phone."""
    pages = []

    def open_page(username: str = "", *, phone: bool = False) -> Any:
        pages.append(opened(browser, server, username, phone=phone))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


@pytest.fixture(scope="session")
def desks(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """The pages of the staff, each of whom logs in once for all journeys."""
    pages: dict[tuple[str, bool], Any] = {}

    def page_of(username: str, *, phone: bool = False) -> Any:
        if (username, phone) not in pages:
            pages[username, phone] = opened(browser, server, username, phone=phone)
        return pages[username, phone]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture
def office(desks: Callable[..., Any]) -> Callable[..., Any]:
    """`office("jingban")`: the page of that member of staff, as earlier journeys left it."""
    met = set()

    def page_of(username: str, *, phone: bool = False) -> Any:
        page = desks(username, phone=phone)
        if page not in met:
            met.add(page)
            page.trouble.clear()
        return page

    return page_of


@pytest.fixture
def later(browser: Any, demo_home: Path, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """`later("jingban", days=20)`: the page of that member of staff in a copy of the instance as it stands now,
    whose clock is so many days ahead; the instance itself stays at today."""
    with ExitStack() as stack:

        def page_of(username: str, *, days: int) -> Any:
            home = tmp_path / f"in {days} days"
            shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("*.sqlite3*"))
            for path in demo_home.rglob("*.sqlite3"):
                copy = home / path.relative_to(demo_home)
                with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(copy)) as then:
                    now.backup(then)
            page = opened(browser, stack.enter_context(serving(home, days=days)), username)
            stack.callback(page.context.close)
            return page

        yield page_of


@pytest.fixture
def shot() -> Callable[[Any, str], None]:
    """Keep a screenshot under the folder GONGKAI_SCREENSHOTS, where it is set (docs/screenshots is made so)."""

    def keep(page: Any, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)

    return keep
