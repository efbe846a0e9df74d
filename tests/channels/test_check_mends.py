"""`gongkai check` on what stands beside the pages: places in columns, former addresses, the index, copies elsewhere."""

import shutil

import pytest
from django.conf import settings

from gongkai.channels import exports, moved, redirects, site, tree
from gongkai.channels.models import ColumnEntry
from gongkai.review import releases
from gongkai.search import compared, follow, index
from gongkai.search.query import search
from tests.channels.test_exports import exported, faults
from tests.items import released
from tests.portal import sites


@pytest.fixture
def office(committed):
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    sites.written(committed)
    return committed


def test_a_place_in_a_column_that_was_lost_is_given_anew(office):
    item = released(office)
    page = "columns/21-c5/index.html"
    before = tree.read(page)
    ColumnEntry.objects.all().delete()
    assert site.differences(repair=True) == []
    assert ColumnEntry.objects.get().item_id == item.pk
    assert tree.read(page) == before
    assert site.differences() == []


def test_files_of_former_addresses_are_named_and_written_anew(office):
    row = redirects.add(None, "/art/2019/1.html", released(office))
    path = moved.shard_path(row.shard)
    before = tree.read(path)
    tree.place(path).write_text("/art/2019/1.html\t/elsewhere/\n")
    [sentence] = [said for said in site.differences() if path in said]
    assert "gongkai check --repair" in sentence
    assert site.differences(repair=True) == []
    assert tree.read(path) == before


def test_an_entry_that_is_missing_or_other_than_its_release_is_named_and_mended(office):
    first, second = released(office, title="甲地块公告"), released(office, title="乙地块公告")
    assert compared.differences() == []
    index.put([(follow.key("item", first.pk), 0, None)])
    release = first.live
    entry = follow.entry_of(release)
    index.put([(follow.key("item", second.pk), second.live_id, entry)])
    said = compared.differences()
    assert len(said) == 2 and "甲地块公告" in "".join(said) and "乙地块公告" in "".join(said)
    assert compared.differences(repair=True) == []
    assert compared.differences() == []
    assert [hit.title for hit in search("乙地块").hits] == ["乙地块公告"]


def test_an_entry_of_what_was_withdrawn_is_named_and_gone_after_the_repair(office):
    item = released(office, title="甲地块公告")
    key, release, entry = follow.key("item", item.pk), item.live_id, follow.entry_of(item.live)
    releases.withdraw(office.actor("reviewer"), item.live, reason="error")
    index.put([(key, release, entry)])
    [sentence] = compared.differences()
    assert "多出1条" in sentence
    assert compared.differences(repair=True) == []
    assert not search("甲地块").hits and compared.differences() == []


def test_a_copy_whose_account_was_damaged_is_brought_up_whole(office, tmp_path):
    released(office)
    export = exported(tmp_path / "out")
    (tmp_path / "out" / "index.html").write_text("改了")
    shutil.rmtree(settings.INSTANCE.home / "exports" / str(export.pk))
    assert exports.sweep() == 1
    assert faults(tmp_path / "out") == set()


def test_of_many_files_that_differ_the_first_are_named_and_the_rest_counted(office):
    before = {path: tree.read(path) for path in tree.files()}
    for path in before:
        tree.place(path).write_bytes(b"x")
    said = site.differences()
    assert len(said) == site.TOLD + 1
    assert f"另有{len(before) - site.TOLD}个文件" in said[-1]
    assert site.differences(repair=True) == []
    assert {path: tree.read(path) for path in tree.files()} == before
