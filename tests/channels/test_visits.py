"""Counts of readers: of pages, never of people; each file of counts once, programs and reloading not at all."""

import gzip
import json

import pytest

from gongkai.channels import visiting, visits
from gongkai.channels.visit_models import PageVisits
from gongkai.config.sitefiles import SiteFiles
from tests.items import released
from tests.portal import sites

READER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0"
ITEM = "/items/XG0123-2021-00001/"


@pytest.fixture
def counted(tmp_path):
    return visiting.Visits(tmp_path)


def told(counted, tmp_path):
    counted.flush()
    files = list((tmp_path / "visits").glob("*.json"))
    found = [json.loads(place.read_text("utf-8")) for place in files]
    return files, [row["counts"] for row in found]


def test_a_file_of_counts_holds_pages_and_a_day_and_nothing_else(counted, tmp_path):
    for _time in range(3):
        counted.count("/a/", READER)
    counted.count("/b/", READER)
    (place,), counts = told(counted, tmp_path)
    assert counts == [{"/a/": 3, "/b/": 1}]
    assert set(json.loads(place.read_text("utf-8"))) == {"day", "counts"}
    assert "Mozilla" not in place.read_text("utf-8")


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "python-requests/2.32",
        "Sogou web spider/4.0",
    ],
)
def test_programs_are_not_counted(counted, tmp_path, agent):
    counted.count("/a/", agent)
    assert told(counted, tmp_path) == ([], [])


def test_a_storm_on_one_page_counts_as_much_as_readers_can_read(counted, tmp_path):
    for _time in range(10 * visiting.STORM):
        counted.count("/a/", READER)
    assert told(counted, tmp_path)[1] == [{"/a/": visiting.STORM}]


@pytest.fixture
def site(tmp_path):
    for path in ("index.html", "items/x/index.html", "items/y/gone.html", "404.html", "feed.xml"):
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_text(f"<p>{path}</p>", "utf-8")
    counted = visiting.Visits(tmp_path)
    layer = SiteFiles(
        tmp_path / "site", tmp_path / "static", lambda environ, start: [], {"search"}, visits=counted
    )
    return layer, counted


def test_the_first_layer_counts_pages_that_went_out_whole(site, tmp_path):
    layer, counted = site
    agent = {"user_agent": READER}
    etag = sites.get(layer, "/items/x/", **agent)[1]["etag"]
    for path in ("/", "/items/y/", "/nothing/", "/feed.xml", "/items/x"):
        sites.get(layer, path, **agent)
    # A browser that reloads has the page already.
    assert sites.get(layer, "/items/x/", if_none_match=etag, **agent)[0] == 304
    sites.get(layer, "/items/x/", method="HEAD", **agent)
    sites.get(layer, "/items/x/", user_agent="curl/8")
    assert told(counted, tmp_path)[1] == [{"/items/x/": 1, "/": 1}]


@pytest.fixture
def office(committed, at):
    with at(2021, 3, 2, 10):
        office = sites.written(committed)
        released(office)
    for place in visits.folder().glob("*"):
        place.unlink()
    return office


def test_files_are_summed_by_month_and_each_once(office):
    visiting.write(visits.folder(), {ITEM: 3, "/": 2}, "2021-03-05")
    (place,) = visits.folder().glob("*.json")
    kept = place.read_text("utf-8")
    visiting.write(visits.folder(), {ITEM: 4, "/columns/21-c5/": 1}, "2021-03-31")
    visiting.write(visits.folder(), {ITEM: 1}, "2021-04-01")
    assert visits.sweep() == 3
    # A crash after the sum and before the file went: it is not added again.
    place.write_text(kept, "utf-8")
    assert visits.sweep() == 1 and not list(visits.folder().glob("*"))
    row = PageVisits.objects.get(path=ITEM, month="2021-03-01")
    assert (row.count, row.agency, row.column.code) == (7, office.agency, "21-c5")
    assert row.item.title.startswith("西工区2021年")
    assert PageVisits.objects.get(path="/columns/21-c5/").column.code == "21-c5"
    assert [total for _month, total in visits.months()] == [1, 10]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"day": "x", "counts": {}}', '{"day": "2021-03-01", "counts": 5}']
)
def test_a_broken_file_stops_nothing(office, text):
    visits.folder().mkdir(exist_ok=True)
    (visits.folder() / "2021-03-01-1-x.json").write_text(text, "utf-8")
    visiting.write(visits.folder(), {"/": 1}, "2021-03-05")
    visits.sweep()
    assert visits.months()[0][1] == 1 and not list(visits.folder().glob("*.json"))


LOG = f"""\
192.0.2.7 - - [05/Mar/2021:10:00:01 +0800] "GET {ITEM} HTTP/1.1" 200 5120 "-" "{READER}"
192.0.2.7 - - [05/Mar/2021:10:00:02 +0800] "GET {ITEM}?from=chat HTTP/2.0" 200 5120 "https://x.example/" "{READER}"
192.0.2.8 - - [05/Mar/2021:10:00:02 +0800] "GET {ITEM} HTTP/1.1" 200 5120 "-" "Baiduspider"
192.0.2.9 - - [05/Mar/2021:10:00:02 +0800] "GET {ITEM} HTTP/1.1" 304 0 "-" "{READER}"
192.0.2.9 - - [05/Mar/2021:10:00:02 +0800] "GET /wp-admin/ HTTP/1.1" 200 1 "-" "{READER}"
192.0.2.9 - - [05/Mar/2021:10:00:02 +0800] "GET /../../etc/ HTTP/1.1" 200 1 "-" "{READER}"
broken
"""


@pytest.mark.parametrize("packed", [False, True])
def test_an_access_log_is_summed_once_and_nothing_of_persons_is_kept(office, tmp_path, packed):
    place = tmp_path / ("access.log.gz" if packed else "access.log")
    place.write_bytes(gzip.compress(LOG.encode()) if packed else LOG.encode())
    assert visits.take_log(place) == 2
    with pytest.raises(visits.TakenAlready):
        visits.take_log(place)
    (row,) = PageVisits.objects.all()
    assert (row.path, row.count) == (ITEM, 2)
    assert "192.0.2" not in str(list(PageVisits.objects.values()))


def test_the_public_page_tells_the_months_that_are_over(office, at):
    from gongkai.channels import site, tree

    visiting.write(visits.folder(), {ITEM: 7, "/": 5}, "2021-03-05")
    visiting.write(visits.folder(), {"/": 1}, "2021-04-01")
    visits.sweep()
    with at(2021, 4, 2):
        site.verify(mend=True)
        page = tree.read("statistics/readers/index.html").decode()
        assert "2021年3月" in page and "阅读12次" in page and "2021年4月" not in page
        assert not site.verify()
