"""The first layer: one form of each address, headers of each kind of file, nothing outside the site."""

import gzip
import os

import pytest

from gongkai.config.sitefiles import SiteFiles
from tests.portal.sites import get


def rest(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"django:" + environ["PATH_INFO"].encode()]


@pytest.fixture
def served(tmp_path):
    """A small site with a secret beside it."""
    site, static = tmp_path / "site", tmp_path / "static"
    for path, data in {
        "index.html": "<p>首页</p>",
        "404.html": "<h1>没有这个页面</h1>",
        "items/x-1/index.html": "<p>正文</p>" * 200,
        "items/x-1/files/0123456789ab-补偿标准.html": "<script>alert(1)</script>",
        "items/x-1/files/0123456789ab-picture.png": "PNG",
        "items/x-2/gone.html": "<h1>该信息已撤下</h1>",
        "columns/c/feed.xml": "<feed/>",
        "items/x-1/large.html": "大" * 400_000,
    }.items():
        file = site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(data, "utf-8")
    for path in ("portal/tokens.css", "portal/tokens.0123456789ab.css"):
        (static / path).parent.mkdir(parents=True, exist_ok=True)
        (static / path).write_text("a{}", "utf-8")
    (tmp_path / "gongkai.sqlite3").write_text("SECRET", "utf-8")
    (tmp_path / "site-beside").mkdir()
    (tmp_path / "site-beside" / "x.html").write_text("SECRET", "utf-8")
    (site / "link.html").symlink_to(tmp_path / "gongkai.sqlite3")
    (site / "linked").symlink_to(tmp_path / "site-beside")
    (site / ".hidden.html").write_text("SECRET", "utf-8")
    return SiteFiles(site, static, rest, {"workbench", "search"})


def test_pages_are_served_with_their_headers(served):
    status, headers, body = get(served, "/items/x-1/")
    assert status == 200 and body.decode() == "<p>正文</p>" * 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["etag"] and headers["last-modified"]
    assert int(headers["content-length"]) == len(body)


def test_an_unchanged_page_is_not_sent_again(served):
    _status, headers, _body = get(served, "/items/x-1/")
    for condition in (
        {"if_none_match": headers["etag"]},
        {"if_none_match": f'"other", W/{headers["etag"]}'},
        {"if_modified_since": headers["last-modified"]},
    ):
        status, again, body = get(served, "/items/x-1/", **condition)
        assert (status, body) == (304, b"") and again["etag"] == headers["etag"]
    assert get(served, "/items/x-1/", if_none_match='"other"')[0] == 200
    assert get(served, "/items/x-1/", if_modified_since="yesterday")[0] == 200
    assert get(served, "/items/x-1/", if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT")[0] == 200


def test_a_browser_that_unpacks_gets_less(served):
    _status, plain, _body = get(served, "/items/x-1/")
    status, headers, body = get(served, "/items/x-1/", accept_encoding="gzip, br")
    assert status == 200 and headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(body).decode() == "<p>正文</p>" * 200
    assert headers["etag"] != plain["etag"]


def test_head_says_the_same_without_a_body(served):
    _status, wanted, _body = get(served, "/items/x-1/")
    status, headers, body = get(served, "/items/x-1/", method="HEAD")
    assert (status, headers, body) == (200, wanted, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
def test_other_methods_are_refused(served, method):
    status, headers, body = get(served, "/items/x-1/", method=method)
    assert (status, headers["allow"], body) == (405, "GET, HEAD", b"")


def test_a_changed_or_removed_page_is_seen_at_once(served, tmp_path):
    page = tmp_path / "site/items/x-1/index.html"
    get(served, "/items/x-1/")
    beside = page.with_name("new")
    beside.write_text("<p>更正</p>", "utf-8")
    os.replace(beside, page)
    assert get(served, "/items/x-1/")[2].decode() == "<p>更正</p>"
    page.unlink()
    page.with_name("gone.html").write_text("<h1>该信息已撤下</h1>", "utf-8")
    status, _headers, body = get(served, "/items/x-1/")
    assert (status, body.decode()) == (410, "<h1>该信息已撤下</h1>")


def test_a_withdrawn_item_answers_410_with_its_tombstone(served):
    status, headers, body = get(served, "/items/x-2/")
    assert status == 410 and "该信息已撤下" in body.decode()
    assert get(served, "/items/x-2/", if_none_match=headers["etag"])[0] == 410


def test_uploaded_copies_run_nothing_and_are_offered_for_download(served):
    _status, headers, _body = get(served, "/items/x-1/files/0123456789ab-补偿标准.html")
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E8%A1%A5")
    assert "0123456789ab" not in headers["content-disposition"]
    _status, headers, _body = get(served, "/items/x-1/files/0123456789ab-picture.png")
    assert headers["content-disposition"].startswith("inline")
    assert headers["content-type"] == "image/png"


def test_static_files_may_be_kept(served):
    assert get(served, "/static/portal/tokens.css")[1]["cache-control"] == "public, max-age=600"
    hashed = get(served, "/static/portal/tokens.0123456789ab.css")[1]
    assert hashed["cache-control"] == "public, max-age=31536000, immutable"


def test_a_feed_is_a_feed(served):
    assert get(served, "/columns/c/feed.xml")[1]["content-type"] == "application/atom+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "query", "to"),
    [
        ("/items/x-1", "", "/items/x-1/"),
        ("/items/x-1", "a=1", "/items/x-1/?a=1"),
        ("/items/x-1/index.html", "", "/items/x-1/"),
        ("/index.html", "", "/"),
        ("/items/x-2/gone.html", "", "/items/x-2/"),
    ],
)
def test_other_forms_of_an_address_lead_to_the_one(served, asked, query, to):
    status, headers, _body = get(served, asked, query=query)
    assert (status, headers["location"]) == (301, to)


@pytest.mark.parametrize(
    "path",
    [
        "/../gongkai.sqlite3",
        "/items/../../gongkai.sqlite3",
        "/items/x-1/../x-1/",
        "/./items/x-1/",
        "//items/x-1/",
        "/items//x-1/",
        "//evil.example/",
        "/items\\x-1/",
        "/..\\gongkai.sqlite3",
        "/link.html",
        "/linked/x.html",
        "/linked",
        "/.hidden.html",
        "/items/x-1/index.html/",
        "/items/\x00/",
        "/items/x-1/\n",
        "/static/../gongkai.sqlite3",
        "/static/",
        "/static",
        "/items/",
        "items/x-1/",
        "",
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "/404.html/",
        "/nowhere/",
    ],
)
def test_hostile_paths_find_nothing(served, path):
    status, headers, body = get(served, path)
    assert status == 404 and body.decode() == "<h1>没有这个页面</h1>"
    assert "location" not in headers


def test_an_encoded_slash_is_no_slash(served):
    status, _headers, _body = get(served, "/items/x-1/x")
    assert status == 404
    environ = {"PATH_INFO": "/items/x-1/", "RAW_URI": "/items%2Fx-1/", "REQUEST_METHOD": "GET"}
    said = []
    served(environ, lambda status, headers: said.append(status))
    assert said == ["404 Not Found"]


def test_bytes_that_are_no_text_find_nothing(served):
    said = []
    served({"PATH_INFO": "/\xff\xfe/", "REQUEST_METHOD": "GET"}, lambda status, headers: said.append(status))
    assert said == ["404 Not Found"]


def test_a_large_file_is_read_from_the_disk(served):
    status, headers, body = get(served, "/items/x-1/large.html")
    assert status == 200 and len(body) == int(headers["content-length"]) == 1_200_000


@pytest.mark.parametrize("path", ["/workbench/", "/workbench", "/search/", "/search/x"])
def test_the_rest_goes_to_django(served, path):
    assert get(served, path, method="POST")[2] == b"django:" + path.encode()


def test_django_names_its_own_addresses():
    from django.urls import get_resolver

    from gongkai.channels.moved import first_parts

    parts = first_parts(get_resolver().url_patterns)
    assert {"workbench", "search", "language"} <= parts
    assert not parts & {"", "items", "columns", "static", "guide", "rules", "catalogue", "reports"}
