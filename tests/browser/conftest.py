"""A real server on a demonstration instance, and a real browser before it.

Chromium comes from the system. Where it is missing the journeys are skipped with the reason, or fail when
GONGKAI_REQUIRE_BROWSER is set, as CI does.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
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
SHOTS = os.environ.get("GONGKAI_SCREENSHOTS")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration instance, built by the command that a newcomer types."""
    return demonstration.copied(tmp_path_factory, "browser")


@pytest.fixture(scope="session")
def server(demo_home: Path) -> Iterator[str]:
    """The address of `gongkai serve` on that instance."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from gongkai.cli import main; main()",
            "serve",
            "--home",
            str(demo_home),
            "--port",
            str(port),
        ],
        env=demonstration.environment(),
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


@pytest.fixture
def visitor(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """`visitor()` opens a page as a citizen, `visitor("jingban")` as that member of staff; phone=True on a phone."""
    contexts = []

    def open_page(username: str = "", *, phone: bool = False) -> Any:
        context = browser.new_context(
            base_url=server, viewport=PHONE if phone else DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
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

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def shot() -> Callable[[Any, str], None]:
    """Keep a screenshot under the folder GONGKAI_SCREENSHOTS, where it is set (docs/screenshots is made so)."""

    def keep(page: Any, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)

    return keep
