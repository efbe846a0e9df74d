"""An instance of an earlier version: its frozen contents lack later keys, its site lacks later pages; both are served."""

import json
import shutil

import pytest
from django.conf import settings
from django.test import Client

from gongkai.channels import midnight, site, tree
from gongkai.cli import soundness
from gongkai.disclosure import content as contents
from gongkai.review import releases
from gongkai.review.submission import content_of
from gongkai.search import follow
from gongkai.search.query import search
from tests.items import released
from tests.portal import sites

# What frozen contents gained since the first version that released items.
LATER = ("variety", "more", "standard", "project_point", "original")


@pytest.fixture
def office(committed, monkeypatch):
    monkeypatch.setattr(midnight, "_brought", [])
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    sites.written(committed)
    return committed


@pytest.fixture
def earlier(monkeypatch):
    """Items are frozen as the earlier version froze them."""
    freeze = contents.freeze
    monkeypatch.setattr(
        contents,
        "freeze",
        lambda draft: {name: said for name, said in freeze(draft).items() if name not in LATER},
    )


def test_an_item_that_was_frozen_before_is_shown_found_listed_and_withdrawn(office, earlier):
    item = released(office)
    folder = f"items/{item.index_number.replace('/', '-')}"
    assert not set(LATER) & set(content_of(item.live.digest))
    assert item.title in tree.read(f"{folder}/index.html").decode()
    assert json.loads(tree.read(f"{folder}/index.json"))["title"] == item.title
    assert Client().get(f"/documents/{folder.removeprefix('items/')}.docx").status_code == 200
    follow.rebuild()
    assert [hit.title for hit in search(item.title).hits] == [item.title]
    assert site.verify() == []
    assert soundness.problems() == []
    releases.withdraw(office.actor("handler"), item.live, reason="error")
    assert soundness.problems() == []


def test_pages_that_an_earlier_site_lacked_stand_after_the_first_sweep(office):
    released(office)
    later = [
        "participation",
        "standards",
        "projects",
        "services",
        "normative",
        "questions",
        "letters",
    ]
    for name in later:
        shutil.rmtree(tree.root() / name, ignore_errors=True)
    midnight.bring_to_the_day()
    assert [name for name in later if tree.read(f"{name}/index.html") is None] == []
    assert site.verify() == []
