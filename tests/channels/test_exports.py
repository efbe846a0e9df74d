"""The exported site: what it holds, how it follows, how it is proved, and what it never brings back (I9)."""

import json
import os
import re
import shutil
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connections

from gongkai.channels import exports, ledger, manifest, site, tree, watching
from gongkai.channels.export_models import Export
from gongkai.cli import main
from gongkai.cli.site import sentence
from gongkai.disclosure import notice_watch
from gongkai.journal import clock
from gongkai.journal.models import Entry
from gongkai.review import releases
from gongkai.review.models import Release
from tests.disclosure.test_notices import at_moment, notice
from tests.items import released
from tests.portal import sites


@pytest.fixture
def office(committed):
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    sites.written(committed)
    return committed


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "out"


def exported(folder, *, follow=True):
    """The folder with the site in it, following what comes."""
    row = exports.claim(folder)
    exports.set_following(row, follow)
    exports.bring_up(exports.Copy(row), whole=True, heal=site.write_anew)
    return row


def faults(folder):
    found = manifest.verify(folder, ledger.key(), now=clock.now())
    return {(fault.what, fault.path, fault.to) for fault in found}


def files(folder):
    return {path for path, _there in manifest.entries(folder) if not path.endswith("/")}


def withdraw(office, item):
    release = Release.objects.filter(subject_id=item.pk).latest("pk")
    releases.withdraw(office.actor("reviewer"), release, reason="error")


def folder_of(item):
    return f"items/{item.index_number.replace('/', '-')}"


def test_the_whole_site_is_written_and_proved(office, at, folder):
    with at(2021, 3, 2):
        item = released(office)
        exported(folder)
    assert files(folder) == set(tree.files())
    page = folder / folder_of(item) / "index.html"
    assert page.read_bytes() == tree.read(f"{folder_of(item)}/index.html")
    assert faults(folder) == set()


def test_a_release_and_a_withdrawal_are_there_before_the_request_returns(office, at, folder):
    with at(2021, 3, 2):
        kept = released(office, title="留下的信息")
        exported(folder)
        item = released(office, title="金丝雀信息")
    page = folder / folder_of(item) / "index.html"
    assert "金丝雀信息" in page.read_text("utf-8")
    assert "金丝雀信息" in (folder / "index.html").read_text("utf-8")
    assert faults(folder) == set()

    with at(2021, 3, 3):
        withdraw(office, item)

    assert not page.exists()
    assert "该信息已撤下" in (page.parent / "gone.html").read_text("utf-8")
    assert not [path for path in files(folder) if "金丝雀信息".encode() in (folder / path).read_bytes()]
    assert (folder / folder_of(kept) / "index.html").exists()
    assert faults(folder) == set()
    assert ledger.root().number == Export.objects.get().number


def test_a_release_writes_only_what_changed(office, at, folder):
    with at(2021, 3, 2):
        untouched = released(office, title="早先的信息")
        exported(folder)
        place = folder / folder_of(untouched) / "index.html"
        before = place.stat().st_mtime_ns, place.stat().st_ino
        released(office, title="新的信息")
    assert (place.stat().st_mtime_ns, place.stat().st_ino) == before


def test_a_folder_with_something_else_is_left_alone(office, folder):
    folder.mkdir()
    (folder / "照片.jpg").write_bytes(b"x")
    with pytest.raises(exports.CannotExport, match="有别的文件"):
        exports.claim(folder)
    assert [each.name for each in folder.iterdir()] == ["照片.jpg"]
    with pytest.raises(exports.CannotExport, match="相互包含"):
        exports.claim(settings.INSTANCE.home / "site")


def test_a_copy_that_is_out_of_reach_is_said_and_catches_up(office, at, folder):
    with at(2021, 3, 2):
        item = released(office, title="要撤下的信息")
        exported(folder)
        away = folder.with_name("unmounted")
        folder.rename(away)
        folder.mkdir()
        withdraw(office, item)
        assert list(folder.iterdir()) == [], "nothing is written into the empty mount point"
        (problem,) = exports.problems()
        assert str(folder) in problem and "不可用" in problem
        folder.rmdir()
        away.rename(folder)
        assert exports.sweep() == 1
    assert exports.problems() == []
    assert not (folder / folder_of(item) / "index.html").exists()
    assert faults(folder) == set()
    acts = list(Entry.objects.filter(subject_kind="export").order_by("seq").values_list("action", flat=True))
    assert acts == ["export.added", "export.following", "export.failed", "export.recovered"]


def test_each_way_of_tampering_is_named(office, at, folder):
    with at(2021, 3, 2):
        first, second, third = (released(office, title=f"第{number}件") for number in (1, 2, 3))
        exported(folder)
    (folder / folder_of(first) / "index.html").write_text("改过", "utf-8")
    os.unlink(folder / folder_of(second) / "index.html")
    (folder / folder_of(third) / "index.html").rename(folder / "别处.html")
    (folder / "items" / "planted\n.html").write_text("多出", "utf-8")
    (folder / ".htaccess").write_text("Options +Indexes")
    (folder / "robots.txt").chmod(0o666)
    shutil.move(folder / "guide", folder.with_name("guide-elsewhere"))
    (folder / "guide").symlink_to(folder.with_name("guide-elsewhere"))

    found = faults(folder)

    assert {("changed", f"{folder_of(first)}/index.html", ""), ("mode", "robots.txt", "")} < found
    assert ("missing", f"{folder_of(second)}/index.html", "") in found
    assert ("renamed", f"{folder_of(third)}/index.html", "别处.html") in found
    assert {("added", "items/planted\n.html", ""), ("added", ".htaccess", ""), ("link", "guide", "")} < found
    assert ("missing", "guide/index.html", "") in found
    spoken = [sentence(fault) for fault in manifest.verify(folder, ledger.key())]
    assert "多出的文件 items/planted\\u000a.html。" in spoken


def test_a_whole_export_sets_right_what_was_tampered_with(office, at, folder):
    with at(2021, 3, 2):
        item = released(office)
        row = exported(folder)
        (folder / "planted.html").write_text("多出", "utf-8")
        outside = folder.with_name("outside")
        shutil.move(folder / folder_of(item), outside)
        (folder / folder_of(item)).symlink_to(outside)
        exports.bring_up(exports.Copy(row), whole=True)
    assert faults(folder) == set()
    assert not (folder / "planted.html").exists()


def test_the_list_itself_is_proved(office, at, folder):
    with at(2021, 3, 2):
        released(office)
        exported(folder)
    shelf = manifest.Shelf(folder / manifest.FOLDER)
    (name,) = shelf.names()
    text = shelf.shard_text(name)
    shelf.put_shard(name, text + text.splitlines(keepends=True)[0].replace(b"index", b"other"))
    assert ("shard", f".gongkai/shards/{name}.txt", "") in faults(folder)
    said = json.loads(shelf.root_text())
    shelf.put_root(json.dumps(said | {"statement": said["statement"].replace("2021", "2022")}).encode())
    with pytest.raises(manifest.NoList, match="签名"):
        faults(folder)


def test_verify_needs_no_instance_and_speaks_in_codes(office, at, folder, tmp_path):
    with at(2021, 3, 2):
        item = released(office)
        exported(folder)
    key = tmp_path / "key.pem"
    key.write_bytes(ledger.key_text())
    run = CliRunner().invoke
    held = run(main, ["site", "verify", str(folder), "--key", str(key)])
    assert held.exit_code == 0 and "网站完整" in held.output
    assert re.search(r"签名清单（\d{4}年\d{1,2}月\d{1,2}日 \d{2}:\d{2}，", held.output)
    (folder / folder_of(item) / "index.html").write_text("改过", "utf-8")
    found = run(main, ["site", "verify", str(folder), "--key", str(key), "--json"])
    lines = [json.loads(line) for line in found.output.splitlines()]
    assert found.exit_code == 1
    assert [(line["what"], line["path"]) for line in lines[:-1]] == [
        ("changed", f"{folder_of(item)}/index.html")
    ]
    assert lines[-1]["faults"] == 1 and lines[-1]["holds"] is False
    (folder / ".gongkai" / "manifest.json").unlink()
    none = run(main, ["site", "verify", str(folder), "--key", str(key)])
    assert none.exit_code == 2 and "没有签名清单" in none.output


def test_an_older_list_put_back_is_told_by_the_instance(office, at, folder, tmp_path):
    with at(2021, 3, 2):
        released(office)
        exported(folder)
        shutil.copytree(folder, tmp_path / "old")
        released(office, title="后来的信息")
    shutil.rmtree(folder)
    shutil.move(tmp_path / "old", folder)
    assert faults(folder) == set(), "the old list is whole in itself"
    root = manifest.Shelf(folder / manifest.FOLDER).root(ledger.key())
    assert root.number < ledger.root().number


def test_an_interrupted_export_goes_on_where_it_was(office, at, folder, monkeypatch):
    with at(2021, 3, 2):
        released(office)
        put, left = manifest.put, [20]

        def breaking(place, data, writing, *, lasting=True):
            if folder in writing.parents:
                left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            put(place, data, writing, lasting=lasting)

        monkeypatch.setattr(exports, "put", breaking)
        with pytest.raises(KeyboardInterrupt):
            exported(folder)
        monkeypatch.setattr(exports, "put", put)
        assert files(folder) < set(tree.files())
        there = {path: (folder / path).stat().st_ino for path in files(folder)}
        exported(folder)
    assert faults(folder) == set()
    kept = {path for path, inode in there.items() if (folder / path).stat().st_ino == inode}
    assert kept == set(there) or len(kept) > 15


def test_a_page_without_a_required_tag_stops_the_export(office, at, folder, monkeypatch):
    from gongkai.channels import renderers

    check = lambda path, page: ["PubDate"] if path.startswith("items/") else []  # noqa: E731
    monkeypatch.setattr(renderers, "_checks", [check])
    with at(2021, 3, 2):
        item = released(office)
        with pytest.raises(exports.PageIncomplete, match=f"{folder_of(item)}/index.html.*PubDate"):
            exported(folder)
    assert not (folder / folder_of(item) / "index.html").exists()


def test_a_changed_file_of_the_site_is_never_exported(office, at, folder):
    with at(2021, 3, 2):
        item = released(office)
        page = f"{folder_of(item)}/index.html"
        kept = tree.read(page)
        tree.place(page).write_bytes(kept + b"<script>planted</script>")
        exported(folder)
    assert (folder / page).read_bytes() == kept
    assert tree.read(page) == kept, "and it was written anew from the records"


@pytest.mark.commits
def test_a_release_and_a_withdrawal_while_an_export_runs(office, at, folder, monkeypatch):
    with at(2021, 3, 2):
        gone = released(office, title="金丝雀信息")
        source, acted = exports.source, []

        def slow(path):
            data = source(path)
            if not acted and path.startswith("items/"):
                acted.append(True)
                thread = threading.Thread(target=meanwhile)
                thread.start()
                thread.join(30)
            return data

        def meanwhile():
            with at(2021, 3, 3):
                withdraw(office, gone)
                made.append(released(office, title="其间发布的信息"))
            connections["default"].close()

        made = []
        row = exports.claim(folder)
        monkeypatch.setattr(exports, "source", slow)
        exports.bring_up(exports.Copy(row), whole=True, heal=site.write_anew)
    assert not (folder / folder_of(gone) / "index.html").exists()
    assert (folder / folder_of(made[0]) / "index.html").exists()
    assert faults(folder) == set()


def test_two_exporters_into_one_folder(office, folder):
    row = exports.claim(folder)
    with exports.alone(row), pytest.raises(exports.CannotExport, match="另一个导出"), exports.alone(row):
        pass


def test_the_list_is_cut_finer_as_it_grows_and_a_copy_follows(office, at, folder, monkeypatch):
    with at(2021, 3, 2):
        exported(folder)
        assert manifest.Shelf(folder / manifest.FOLDER).names() == ["all"]
        monkeypatch.setattr(manifest, "FULL", 10)
        item = released(office)
    shelf = manifest.Shelf(Path(folder / manifest.FOLDER))
    assert ledger.root().depth == 1 and 1 < len(shelf.names()) <= 16
    assert (folder / folder_of(item) / "index.html").exists()
    assert faults(folder) == set()


def test_after_a_restore_a_copy_loses_what_the_restored_instance_does_not_know(office, at, folder):
    """A backup holds the database and the stored files: the list of the site and what is known of copies are lost."""
    with at(2021, 3, 2):
        kept = released(office)
        exported(folder)
        (folder / "items" / "later").mkdir()
        (folder / "items" / "later" / "index.html").write_text("备份之后公开的一件")
        for name in ("ledger", "exports"):
            shutil.rmtree(settings.INSTANCE.home / name)
        site.verify(mend=True)
        exports.sweep()
    assert files(folder) == set(tree.files())
    assert (folder / folder_of(kept) / "index.html").exists()
    assert faults(folder) == set()


def test_the_form_of_a_notice_leads_to_how_else_opinions_are_given_until_its_last_day(office, folder):
    exported(folder)
    item = notice(office)
    with at_moment(2021, 3, 5, 9):
        page = folder / "opinions" / str(item.pk) / "index.html"
        text = page.read_text("utf-8")
        assert "城改办征收科，0379-00000001，凯旋路1号" in text and item.title in text
        notice_watch.bring_to_the_day()
        assert site.verify() == []
    with at_moment(2021, 4, 1, 0, 0, 1):
        notice_watch.bring_to_the_day()
        assert not page.exists()


def test_a_copy_on_which_a_notice_outlived_its_last_day_is_told_and_one_that_follows_is_of_the_day(
    office, folder, tmp_path
):
    """I9: a host of files knows no hour of its own; the list that it carries does."""
    item = notice(office)
    page = f"{folder_of(item)}/"
    left = tmp_path / "left"
    with at_moment(2021, 3, 31, 23, 59, 59):
        notice_watch.bring_to_the_day()
        exported(left, follow=False)
        exported(folder)
        assert faults(left) == set() and watching.watch_of(left).over() == []
    with at_moment(2021, 4, 1, 0, 0, 20):
        notice_watch.bring_to_the_day()
        assert faults(left) == {("over", page, "")}
        assert [fault.path for fault in watching.watch_of(left).over()] == [page]
        text = (folder / page / "index.html").read_text("utf-8")
        assert "期满金丝雀" in text and "首文金丝雀" not in text
        assert faults(folder) == set() and watching.watch_of(folder).over() == []
    said = CliRunner().invoke(main, ["site", "verify", str(left)])
    assert said.exit_code == 1
    assert f"期限已满而未更换的网页 {page}（应于2021-04-01 00:00更换）" in said.output
    with at_moment(2021, 4, 1, 0, 1):
        exported(left, follow=False)
        assert faults(left) == set()
