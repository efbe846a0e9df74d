"""A site that tests share is the one that would be written anew."""

from gongkai.channels import ledger, site, tree, turns
from gongkai.journal import clock
from tests.items import released
from tests.portal import sites


def test_a_site_that_is_copied_is_the_one_that_is_written(committed):
    sites.written(committed)
    first = {path: tree.read(path) for path in tree.files()}
    item = released(committed)
    assert {path: tree.read(path) for path in tree.files()} != first
    sites.written(committed)
    assert f"items/{item.index_number.replace('/', '-')}/index.html" in {*tree.files()}
    assert site.verify() == [] and ledger.root().complete


def test_of_the_same_records_the_same_site_is_there_without_a_page_made(committed, monkeypatch):
    # What another test left of a notice is none of this site's.
    turns.put("items/x", clock.now())
    sites.written(committed)
    first = {path: tree.read(path) for path in tree.files()}
    assert "index.html" in first and not turns.every()
    monkeypatch.setattr(site, "write_all", lambda: None)
    sites.written(committed)
    assert first == {path: tree.read(path) for path in tree.files()}
    assert site.verify() == [] and ledger.root().complete
