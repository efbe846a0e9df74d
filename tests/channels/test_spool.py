"""The comparison of the whole site needs no memory for all its lines, and finds the same."""

import shutil

import pytest
from django.conf import settings

from gongkai.channels import ledger, manifest, site, spool, tree
from gongkai.channels.manifest import Line
from gongkai.channels.spool import Spool
from tests.channels.test_exports import exported, faults
from tests.items import released
from tests.portal import sites


def test_what_does_not_fit_into_memory_is_read_back_and_a_later_line_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "IN_MEMORY", 7)
    wanted = {f"items/x-{n % 40}/第 {n} 件.html": Line("ab", n, "item:1") for n in range(100)}
    with Spool(2, tmp_path) as lines:
        for path, line in wanted.items():
            lines.add(path, Line("cd", 0, "-"))
            lines.add(path, line)
        assert {path: line for name in lines.names() for path, line in lines.lines(name).items()} == wanted
        with lines.recut(0) as whole:
            assert whole.lines("all") == wanted
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


@pytest.fixture
def office(committed, monkeypatch):
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    monkeypatch.setattr(manifest, "FULL", 8)
    sites.fresh()
    sites.name_site(committed)
    # Not `sites.written`: a list that another test left is cut into other shards.
    site.write_all()
    return committed


def test_a_site_of_many_shards_is_compared_and_mended_shard_by_shard(office, at):
    with at(2021, 3, 2):
        released(office)
        assert site.verify() == []
        assert ledger.root().depth and dict(ledger.shelf().lines()).keys() >= set(tree.files())
        (tree.root() / "index.html").write_text("别人写的")
        (tree.root() / "robots.txt").unlink()
        for name in ("多出的.html", "换行\n的.html"):
            (tree.root() / name).write_text("别人放的")
        found = {(each.path, each.what) for each in site.verify(mend=True)}
        assert found == {
            ("index.html", "changed"), ("robots.txt", "missing"),
            ("多出的.html", "added"), ("换行\n的.html", "added"),
        }  # fmt: skip
        number = ledger.root().number
        assert site.verify(mend=True) == []
        assert ledger.root().number == number, "what is right is not signed anew"
    names = [name for name in ledger.shelf().names() if name not in ledger.root().shards]
    assert names == [] and not list(ledger.folder().glob("spool-*"))


def test_a_shard_that_was_damaged_is_made_anew(office):
    [name, *_others] = ledger.root().shards
    place = ledger.folder() / manifest.SHARDS / f"{name}.txt"
    wanted = place.read_bytes()
    place.write_bytes(b"0 0 - x\n")
    site.verify(mend=True)
    assert place.read_bytes() == wanted


def test_a_copy_of_many_shards_is_proved_shard_by_shard(office, at, tmp_path):
    with at(2021, 3, 2):
        released(office)
        exported(tmp_path / "out")
    assert faults(tmp_path / "out") == set()
    (tmp_path / "out" / "index.html").rename(tmp_path / "out" / "归档首页.html")
    (tmp_path / "out" / "robots.txt").unlink()
    (tmp_path / "out" / "换行\n的.html").write_text("别人放的")
    assert faults(tmp_path / "out") == {
        ("renamed", "index.html", "归档首页.html"), ("missing", "robots.txt", ""), ("added", "换行\n的.html", ""),
    }  # fmt: skip
