"""Feeds: each column's can be walked to its first item, says what was withdrawn, and is written a page at a time."""

from urllib.parse import unquote

import lxml.etree as etree
import pytest

from gongkai.channels import atom, tree
from gongkai.channels.columns import LENGTH
from gongkai.review import releases
from gongkai.review.models import Release
from tests.channels.test_site_follows import with_files
from tests.items import released
from tests.portal import sites

NAMES = {"a": atom.ATOM, "fh": atom.HISTORY, "at": atom.TOMBSTONES}
# The elements of RFC 4287 that a feed and an entry must have exactly once.
ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated")}


@pytest.fixture
def office(committed):
    return sites.written(committed)


def read(path):
    return etree.fromstring(tree.read(path))


def links(node, rel):
    return [link.get("href") for link in node.findall(f"a:link[@rel='{rel}']", NAMES)]


def well_formed(feed):
    """What RFC 4287 asks of every feed (there is no schema of it but a RELAX NG one in its appendix)."""
    assert feed.tag == f"{{{atom.ATOM}}}feed"
    for name in ONCE["feed"]:
        assert len(feed.findall(f"a:{name}", NAMES)) == 1, name
    assert len(links(feed, "self")) == 1 and len(links(feed, "alternate")) == 1
    for entry in feed.findall("a:entry", NAMES):
        for name in ONCE["entry"]:
            assert len(entry.findall(f"a:{name}", NAMES)) == 1, name
        assert entry.find("a:author/a:name", NAMES).text and links(entry, "alternate")
        assert len(entry.findall("a:summary", NAMES)) == 1
    return feed


def withdraw(office, item):
    release = Release.objects.filter(subject_id=item.pk).latest("pk")
    releases.withdraw(office.actor("handler"), release, reason="error", note="数字有误")


def test_the_feed_of_a_column_has_what_a_reader_wants(office):
    item = with_files(office)
    feed = well_formed(read("columns/21-c5/feed.xml"))
    entry = feed.find("a:entry", NAMES)
    assert entry.find("a:id", NAMES).text == f"urn:uuid:{item.pk}"
    assert entry.find("a:summary", NAMES).text == "公布征收补偿方案，征求公众意见。"
    assert entry.find("a:category", NAMES).get("label") == item.column.name
    (file,) = entry.findall("a:link[@rel='enclosure']", NAMES)
    address = file.get("href").removeprefix("https://www.example.gov.cn/")
    assert len(tree.read(unquote(address))) == int(file.get("length"))
    assert file.get("type").startswith("text/plain") and file.get("title") == "补偿 标准（2021）.txt"


def test_what_was_withdrawn_stands_as_a_tombstone_without_its_title(office):
    kept, gone = released(office, title="留下的公告"), released(office, title="撤下的公告")
    withdraw(office, gone)
    for path in ("columns/21-c5/feed.xml", "feed.xml"):
        feed = well_formed(read(path))
        (tombstone,) = feed.findall("at:deleted-entry", NAMES)
        assert tombstone.get("ref") == f"urn:uuid:{gone.pk}"
        assert tombstone.get("when") == feed.find("a:updated", NAMES).text
        assert [entry.text for entry in feed.findall("a:entry/a:id", NAMES)] == [f"urn:uuid:{kept.pk}"]
        assert "撤下的公告" not in tree.read(path).decode()


@pytest.mark.soak
def test_a_column_is_walked_to_its_first_item(office):
    items = [released(office, title=f"第{number}号公告") for number in range(2 * LENGTH + 3)]
    withdraw(office, items[0])
    seen, tombstones, at = [], set(), "columns/21-c5/feed.xml"
    while at:
        feed = well_formed(read(at))
        seen += [entry.text for entry in feed.findall("a:entry/a:id", NAMES)]
        tombstones |= {one.get("ref") for one in feed.findall("at:deleted-entry", NAMES)}
        archive = feed.find("fh:archive", NAMES) is not None
        assert archive == ("/p/" in at)
        older = links(feed, "prev-archive")
        at = older[0].removeprefix("https://www.example.gov.cn/") if older else ""
    assert seen == [f"urn:uuid:{item.pk}" for item in reversed(items[1:])]
    assert tombstones == {f"urn:uuid:{items[0].pk}"}
