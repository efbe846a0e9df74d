"""What comes by an import manifest enters the site as the old archive that it is, not as the news of the day."""

from unittest import mock

import pytest

from gongkai.channels import columns, redirects, site, tree
from gongkai.disclosure.models import Column, Item
from gongkai.review import manifests
from gongkai.search import follow, index
from gongkai.search.query import search
from tests.items import released
from tests.portal import sites
from tests.review.manifests import approved, enlisted

OLD_HOST = "www.old.gov.cn"


@pytest.fixture
def office(committed):
    committed.agency.options = committed.agency.options | {"former_domains": OLD_HOST}
    committed.agency.save()
    return sites.written(committed)


def titles(path):
    """The titles of a list page, in order."""
    html = tree.read(path).decode()
    found = sorted((html.find(title), title) for title in Item.objects.values_list("title", flat=True))
    return [title for place, title in found if place >= 0]


def test_an_archive_stands_below_what_is_new_on_home_and_in_its_column(office):
    new = released(office, title="今年的新公告")
    manifest, _rows = enlisted(office, 3)
    approved(office, manifest)
    manifests.release_waiting()
    for path in ("index.html", "columns/21-c5/index.html"):
        assert titles(path)[0] == new.title
        assert len(titles(path)) == 4
    assert "2019-05-06" in tree.read("columns/21-c5/index.html").decode()
    assert site.verify() == []


def test_the_page_says_where_and_when_it_was_public_before(office):
    manifest, [row] = enlisted(office, 1)
    approved(office, manifest)
    manifests.release_waiting()
    item = Item.objects.get(pk=row.subject_id)
    page = tree.read(f"items/{item.index_number.replace('/', '-')}/index.html").decode()
    assert "http://www.old.gov.cn/art/2019/5/6/art_1.html，2019-05-06" in page


def test_old_addresses_of_ones_own_former_domain_lead_to_the_items(office):
    manifest, [row] = enlisted(office, 1)
    approved(office, manifest)
    manifests.release_waiting()
    item = Item.objects.get(pk=row.subject_id)
    [moved] = redirects.newest(["/art/2019/5/6/art_1.html"]).values()
    assert redirects.target_of(moved) == f"/items/{item.index_number.replace('/', '-')}/"


def test_addresses_of_other_hosts_lead_nowhere(office):
    office.agency.options = {}
    office.agency.save()
    manifest, _rows = enlisted(office, 1)
    approved(office, manifest)
    manifests.release_waiting()
    assert not redirects.newest(["/art/2019/5/6/art_1.html"])


def test_home_is_written_once_for_a_whole_list(office):
    manifest, _rows = enlisted(office, 7)
    approved(office, manifest)
    with (
        mock.patch.object(manifests, "PORTION", 3),
        mock.patch.object(tree, "write", side_effect=tree.write) as write,
    ):
        manifests.release_waiting()
        written = [call.args[0] for call in write.call_args_list]
    assert written.count("index.html") == 1
    assert written.count("columns/21-c5/index.html") == 1
    pages = [path for path in written if path.startswith("items/") and path.endswith("/index.html")]
    assert len(pages) == len(set(pages)) == 7


def test_every_page_is_written_of_what_came_in_portions_in_the_order_of_its_days(office):
    manifest, _rows = enlisted(office, 12)
    approved(office, manifest)
    with mock.patch.object(manifests, "PORTION", 3), mock.patch.object(columns, "LENGTH", 2):
        manifests.release_waiting()
        assert tree.read("columns/21-c5/p/1/index.html")
        assert site.verify() == []


def test_a_column_is_cut_anew_once_and_a_new_item_then_shifts_nothing(office):
    manifest, _rows = enlisted(office, 3)
    new = released(office, title="今年的新公告")
    column = Column.objects.get(code="21-c5")
    assert columns.positions(column.pk) == 1
    approved(office, manifest)
    manifests.release_waiting()
    order = list(column.entries.order_by("position").values_list("item__title", flat=True))
    assert order[-1] == new.title and len(order) == 4
    assert sorted(column.entries.values_list("position", flat=True)) == [0, 1, 2, 3]
    released(office, title="再一件新公告")
    assert list(column.entries.order_by("position").values_list("item__title", flat=True))[:4] == order


def test_withdrawn_in_one_act_they_are_gone_from_pages_and_lists(office):
    manifest, rows = enlisted(office, 3)
    approved(office, manifest)
    manifests.release_waiting()
    manifests.withdraw_all(office.actor("approver"), manifest, reason="error")
    everything = b"".join(tree.read(path) or b"" for path in tree.files())
    for row in rows:
        assert row.title.encode() not in everything
    assert site.verify() == []


def test_told_twice_and_late_the_site_stays_the_same(office):
    from gongkai.channels import together
    from gongkai.journal.models import Outbox

    manifest, _rows = enlisted(office, 2)
    approved(office, manifest)
    manifests.release_waiting()
    before = {path: tree.read(path) for path in tree.files()}
    for row in Outbox.objects.filter(topic=manifests.TOLD, subscriber="channels.site"):
        together.on_together(row.payload)
    assert {path: tree.read(path) for path in tree.files()} == before


def test_an_old_item_that_was_released_by_itself_stands_among_the_old_ones_too(office):
    from tests.items import approve, submitted
    from tests.review.manifests import imported

    new = released(office, title="今年的新公告")
    old = imported(office, 4)
    revision = submitted(office, old)
    for step in (1, 2, 3):
        approve(office, revision, step)
    for path in ("index.html", "columns/21-c5/index.html"):
        assert titles(path) == [new.title, old.title]
    assert redirects.newest(["/art/2019/5/6/art_4.html"])
    assert site.verify() == []


def test_a_whole_portion_is_found_after_one_commit_of_the_index(office):
    manifest, _rows = enlisted(office, 4)
    approved(office, manifest)
    follow.rebuild()
    with mock.patch.object(index, "put", side_effect=index.put) as put:
        manifests.release_waiting()
    assert 4 in [len(call.args[0]) for call in put.call_args_list]
    assert search("旧站信息").total == 4
    manifests.withdraw_all(office.actor("reviewer"), manifest, reason="error")
    assert search("旧站信息").total == 0
