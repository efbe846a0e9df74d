"""A host of the DMZ that holds files alone, with our configuration of nginx: the same answers as the server gives."""

import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from gongkai.channels import moved
from gongkai.config.sitefiles import TYPES, SiteFiles
from tests.portal.sites import get

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "nginx" / "gongkai.conf"
COMPARED = (
    "content-type",
    "content-security-policy",
    "content-disposition",
    "cache-control",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "access-control-allow-origin",
)
FILES = {
    "index.html": "<p>首页</p>",
    "404.html": "<h1>没有这个页面</h1>",
    "robots.txt": "User-agent: *",
    "sitemap.xml": "<sitemapindex/>",
    "apply/index.html": "<p>到窗口、寄信或打电话申请</p>",
    "complaints/index.html": "<p>向上一级机关投诉</p>",
    "opinions/index.html": "<p>寄信或打电话提意见</p>",
    "opinions/7/index.html": "<p>本公示的联系方式</p>",
    "documents/index.html": "<p>打印网页</p>",
    "items/x-1/index.html": "<p>正文</p>",
    "items/x-1/index.json": "{}",
    "items/x-1/files/0123456789ab-补偿标准.html": "<script>alert(1)</script>",
    "items/x-1/files/0123456789ab-picture.png": "PNG",
    "items/x-1/files/0123456789ab-table.xlsx": "XLSX",
    "items/x-2/gone.html": "<h1>该信息已撤下</h1>",
    "columns/c/feed.xml": "<feed/>",
    "data/catalogue.json": "{}",
    "static/portal/tokens.css": "a{}",
    "static/portal/tokens.0123456789ab.css": "a{}",
    ".gongkai/manifest.json": "SECRET",
    ".hidden.html": "SECRET",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    site = tmp_path_factory.mktemp("dmz") / "site"
    old = "/art/2021/3/5/art_1.html"
    lines = {old: "/items/x-1/", "/show.asp?id=7": "/items/x-2/"}
    shards = {moved.shard_path(moved.shard(key)): moved.line(key, target) for key, target in lines.items()}
    for path, text in (FILES | shards).items():
        place = site / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    (site / "link.html").symlink_to(site / ".hidden.html")
    # nginx reads as another user.
    for each in [site, *site.parents[:2]]:
        each.chmod(0o755)
    return site


@contextmanager
def nginx(folder, work, forms=""):
    """The address of an nginx with our configuration; forms: where the inner server is, none for files alone."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = CONFIGURATION.read_text("utf-8").replace("http://10.0.0.2:8000", forms)
    if not forms:
        text = re.sub(r"# gongkai-forms begin.*?# gongkai-forms end", "", text, flags=re.DOTALL)
    text = text.replace("/srv/gongkai/site", str(folder)).replace("listen 80;", f"listen 127.0.0.1:{port};")
    work.mkdir(exist_ok=True)
    (work / "gongkai.conf").write_text(text, "utf-8")
    temporary = "".join(
        f"{kind}_temp_path {work}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (work / "nginx.conf").write_text(
        f"user root; worker_processes 1; daemon off; pid {work}/pid; error_log {work}/errors;\n"
        f"events {{ }}\nhttp {{ access_log off;\n{temporary}include {work}/gongkai.conf; }}\n",
        "utf-8",
    )
    server = subprocess.Popen(["nginx", "-p", str(work), "-c", str(work / "nginx.conf")])
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            assert server.poll() is None, (work / "errors").read_text("utf-8")
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def address(folder):
    with nginx(folder, folder.parent / "files") as place:
        yield place


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def ask(address, path, method="GET"):
    request = urllib.request.Request(address + urllib.request.quote(path, safe="/?=%.&"), method=method)
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


@pytest.mark.parametrize(
    "path",
    [f"/{path.removesuffix('index.html')}" for path in FILES if "/." not in f"/{path}" and "404" not in path],
)
def test_a_file_is_answered_as_by_the_server(address, folder, path):
    path = path.removesuffix("gone.html")
    server = SiteFiles(folder, folder / "static", lambda environ, start: [], set())
    wanted_status, wanted, wanted_body = get(server, path)
    status, headers, body = ask(address, path)
    assert (status, body) == (wanted_status, wanted_body)
    said = {name: headers[name].replace("utf-8", "utf-8").lower() for name in COMPARED if name in headers}
    assert said == {name: wanted[name].lower() for name in COMPARED if name in wanted}


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/items/x-1", "/items/x-1/"),
        ("/items/x-1/index.html", "/items/x-1/"),
        ("/items/x-2/gone.html", "/items/x-2/"),
        ("/items/x-2", "/items/x-2/"),
        ("/art/2021/3/5/art_1.html", "/items/x-1/"),
        ("/show.asp?id=7", "/items/x-2/"),
    ],
)
def test_one_form_of_each_address(address, path, to):
    status, headers, _body = ask(address, path)
    assert (status, headers["location"]) == (301, to)


@pytest.mark.parametrize(
    "path", ["/.gongkai/manifest.json", "/.hidden.html", "/link.html", "/nothing/", "/nothing", "/workbench/"]
)
def test_what_is_not_public_is_not_found(address, path):
    status, headers, body = ask(address, path)
    assert status in (403, 404) and b"SECRET" not in body
    if status == 404:
        assert "没有这个页面".encode() in body and headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/opinions/7/", "本公示的联系方式"),
        ("/opinions/8/", "寄信或打电话提意见"),
        ("/documents/x-1.docx", "打印网页"),
        ("/apply/done/", "到窗口、寄信或打电话申请"),
        ("/complaints/track/", "向上一级机关投诉"),
    ],
)
def test_a_service_that_only_the_server_has_leads_to_how_else_it_is_done(address, path, words):
    status, headers, body = ask(address, path)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert words in body.decode() and "content-disposition" not in headers
    assert ask(address, path, "POST")[0] == 405


def test_while_the_inner_server_is_away_its_forms_say_how_else_it_is_done(folder):
    with nginx(folder, folder.parent / "forms", "http://127.0.0.1:9") as place:
        for method in ("GET", "POST"):
            status, _headers, body = ask(place, "/apply/", method)
            assert status == 503 and "到窗口、寄信或打电话申请" in body.decode()
        assert ask(place, "/gongkai-away/apply")[0] == 404
        assert ask(place, "/items/x-1/")[0] == 200


def test_files_take_nothing(address):
    assert ask(address, "/items/x-1/", "POST")[0] == 405
    assert ask(address, "/items/x-1/", "DELETE")[0] == 405


def test_the_configuration_names_every_type_and_no_staff_page():
    text = CONFIGURATION.read_text("utf-8")
    for extension, kind in TYPES.items():
        line = next(
            line for line in text.splitlines() if line.strip().startswith(f"{kind.partition(';')[0]} ")
        )
        assert extension in line.strip(" ;").split()[1:]
    forms = re.search(r"# gongkai-forms begin(.*?)# gongkai-forms end", text, re.DOTALL)
    assert "workbench" not in forms[1].replace("Never /workbench/", "")
