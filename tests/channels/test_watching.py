"""The watch over written pages: what somebody changes is written anew from the records, told once, and waits for
somebody to look into it."""

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client

from gongkai.channels import exports, ledger, manifest, site_views, tree, watching
from gongkai.channels.export_models import Tampering
from gongkai.journal.models import Entry
from tests.channels.test_exports import exported, folder_of
from tests.items import released
from tests.portal import sites


@pytest.fixture
def office(committed):
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    sites.written(committed)
    return committed


def test_what_was_tampered_with_is_written_anew_and_told(office, at):
    with at(2021, 3, 2):
        item = released(office)
        page = f"{folder_of(item)}/index.html"
        kept = {path: tree.read(path) for path in tree.files()}
        watch = watching.Watch(tree.root())
        assert watch.look() == []

        before = os.stat(tree.place(page))
        tree.place(page).write_bytes(b"x" * len(kept[page]))
        os.utime(tree.place(page), ns=(before.st_atime_ns, before.st_mtime_ns))
        tree.place("robots.txt").unlink()
        tree.place("sitemap.xml").chmod(0o777)
        (tree.root() / "planted\n.php").write_text("<?php")
        (tree.root() / ".hidden").write_text("x")
        shutil.move(tree.root() / "guide", settings.INSTANCE.home / "guide-elsewhere")
        (tree.root() / "guide").symlink_to(settings.INSTANCE.home / "guide-elsewhere")

        found = {(what, path) for what, path, _done in watch.look()}

        assert {("changed", page), ("missing", "robots.txt"), ("mode", "sitemap.xml")} < found
        assert {("added", "planted\n.php"), ("added", ".hidden"), ("link", "guide")} < found
        assert ("missing", "guide/index.html") in found
        assert {path: tree.read(path) for path in tree.files()} == kept
        assert watch.look() == []
        shutil.rmtree(settings.INSTANCE.home / "guide-elsewhere")

        row = Tampering.objects.get()
        assert row.count == row.restored == len(found)
        assert ["added", "planted\\u000a.php"] in row.found
        assert Entry.objects.filter(action="site.tampered").count() == 1
        (problem,) = watching.problems()
        assert "篡改" in problem

        waiting = site_views.waiting(office.actor("security", "administration"))
        assert [each.url for each in waiting] == [f"/workbench/site/tampering/{row.pk}/"]
        client = Client()
        client.force_login(office.people["security"])
        assert "planted" in client.get(waiting[0].url).content.decode()
        client.post(waiting[0].url, {"note": "运维误操作，已收回账号。"})
        assert watching.problems() == []
        assert "运维误操作" in client.get("/workbench/site/").content.decode()


def test_a_release_is_no_tampering(office, at):
    with at(2021, 3, 2):
        watch = watching.Watch(tree.root())
        watch.look()
        released(office)
        assert watch.look() == []
    assert not Tampering.objects.exists()


def test_a_flood_is_restored_and_told_in_few_entries(office, at):
    with at(2021, 3, 2):
        watch = watching.Watch(tree.root())
        watch.look()
        before = set(tree.files())
        for number in range(5):
            for name in range(30):
                (tree.root() / f"{number}-{name}.html").write_text("x")
            assert len(watch.look()) == 30
        assert set(tree.files()) == before
        row = Tampering.objects.get()
    assert row.count == 30, "the rest is told with the next entry, a minute later"


def test_a_copy_is_watched_too(office, at, tmp_path):
    with at(2021, 3, 2):
        item = released(office)
        row = exported(tmp_path / "out")
        watch = watching.watch_of(tmp_path / "out")
        assert watch.look() == []
        page = tmp_path / "out" / folder_of(item) / "index.html"
        page.write_text("改过", "utf-8")
        shutil.rmtree(tmp_path / "out" / "columns")
        (tmp_path / "out" / "planted.html").write_text("x")
        found = watch.look()
        assert all(done for _what, _path, done in found)
        assert ("changed", f"{folder_of(item)}/index.html", True) in found
        assert set(manifest.verify(tmp_path / "out", ledger.key())) == set()
        exports.set_following(row, False)


def test_without_a_list_nothing_is_touched(office):
    shutil.rmtree(ledger.folder())
    before = set(tree.files())
    assert watching.Watch(tree.root()).look() == []
    assert set(tree.files()) == before
