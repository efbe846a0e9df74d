"""A host in the DMZ that holds files and nothing else: everything is read there, and each form says where to go."""

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gongkai.cli.demo_year.platform import FORMER
from tests import demonstration
from tests.browser import walking
from tests.browser.conftest import opened
from tests.channels.test_nginx import nginx

# What only the inner server gives; a host without one has the page of the service instead.
ON_THE_WAY = re.compile(r"/(documents|opinions|share|subscribe|search)/")
LINK = re.compile(r'(?:href|src|action)="(/[^"#?]*)')


class Plain(http.server.SimpleHTTPRequestHandler):
    """A web server as any host has it: files, the index of a folder, and 404.html for the rest."""

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_said):
        """Nothing: the test's own words are enough."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the demonstration, exported by the command."""
    home = demonstration.copied(tmp_path_factory, "plain")
    where: Path = tmp_path_factory.mktemp("host") / "site"
    done = demonstration.gongkai("site", "export", str(where), "--home", str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    return where


@pytest.fixture(params=["plain", "nginx"])
def host(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a plain web server on the exported files, and of nginx with our configuration."""
    if request.param == "nginx":
        for above in folder.parents[:2]:
            # nginx reads as another user.
            above.chmod(0o755)
        with nginx(folder, tmp_path / "nginx") as address:
            yield address
        return
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Plain, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_link_leads_to_a_file_or_to_a_form(folder):
    dead = set()
    for page in folder.rglob("*.html"):
        for link in LINK.findall(page.read_text("utf-8")):
            there = folder / link.lstrip("/")
            if not (there.is_file() or (there / "index.html").is_file() or ON_THE_WAY.match(link)):
                dead.add((link, str(page.relative_to(folder))))
    assert not dead


def test_everything_but_the_forms_works_without_our_server(folder, host, browser, shot):
    citizen = opened(browser, host, phone=True)
    citizen.goto("/")
    walking.follow(citizen, "演示片区三安置房第二批房源公示")
    expect(citizen.get_by_text("公示中").first).to_be_visible()
    walking.accessible(citizen)

    # The form of the notice: where to write instead.
    walking.follow(citizen, "发表意见")
    assert "0379-00000000" in walking.main(citizen)
    walking.accessible(citizen)
    shot(citizen, "plain-host-opinion")

    # Column, feed and data are files.
    citizen.goto("/columns/21-c5/")
    assert citizen.locator("main .item-list__title").count() >= 5
    assert "<feed" in citizen.request.get("/columns/21-c5/feed.xml").text()
    assert citizen.request.get("/data/columns/21-c5/index.json").json()
    citizen.goto("/projects/")
    walking.follow(citizen, "演示片区三棚户区改造")
    expect(citizen.get_by_role("heading", name="公开环节")).to_be_visible()

    # An address of before leads on.
    citizen.goto(FORMER)
    citizen.wait_for_url("**/items/**")
    expect(citizen.get_by_role("heading", name="棚户区改造安置房选房办理")).to_be_visible()

    # Search and application say where everything stands and whom to ask.
    citizen.fill("[name=q]", "安置房")
    citizen.locator("form[role=search] button").first.click()
    citizen.wait_for_url("**/search/**")
    assert "各栏目" in walking.main(citizen)
    citizen.goto("/apply/")
    assert "综合科（演示）" in walking.main(citizen) and "0379" in walking.main(citizen)
    walking.accessible(citizen)
    shot(citizen, "plain-host-apply")
    assert citizen.goto("/nothing/here/").status == 404
    expect(citizen.get_by_role("heading", name="没有这个页面")).to_be_visible()
    citizen.context.close()


def test_what_was_changed_on_the_host_is_named(folder):
    page = folder / "columns" / "21-c5" / "index.html"
    before = page.read_bytes()
    assert demonstration.gongkai("site", "verify", str(folder)).returncode == 0
    page.write_bytes(before.replace("公示".encode(), "公布".encode(), 1))
    found = demonstration.gongkai("site", "verify", str(folder))
    page.write_bytes(before)
    assert found.returncode == 1 and "columns/21-c5/index.html" in found.stdout
