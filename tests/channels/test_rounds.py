"""The round that compares the site with the records, a stretch at a time."""

import shutil

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.channels import ledger, renderers, rounds, site, tree
from gongkai.channels.columns import LENGTH
from tests.items import released
from tests.portal import sites


@pytest.fixture
def office(committed, monkeypatch):
    for name in ("ledger", rounds.NAME):
        place = settings.INSTANCE.home / name
        shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)
    monkeypatch.setattr(rounds, "_started", 0.0)
    return sites.written(committed)


def through(most=2000):
    """Step by step to the end of a round: how many steps, how many parts were set right."""
    mended = rounds.go_on(0)
    for steps in range(1, most):
        if not rounds.under_way():
            return steps, mended
        mended += rounds.go_on(0)
    raise AssertionError("the round does not end")


def test_what_differs_is_set_right_wherever_it_stands(office):
    item = released(office)
    folder = renderers.kind_of("item").folder(item.pk)
    wrong = {
        f"{folder}/index.html": b"another",
        "columns/21-c5/index.html": None,
        "index.html": b"another",
        "sitemap.xml": None,
    }
    before = {path: tree.read(path) for path in wrong}
    for path, data in wrong.items():
        tree.remove(path) if data is None else tree.place(path).write_bytes(data)
    tree.write(f"{folder}/planted.html", b"planted")
    steps, mended = through()
    assert {path: tree.read(path) for path in wrong} == before
    assert tree.read(f"{folder}/planted.html") is None
    assert steps > 10 and mended == 4
    assert site.verify() == []


def test_it_goes_on_where_it_stopped_and_rests_until_the_next_day(office, monkeypatch):
    item = released(office)
    looked = []
    for name in ("subject_part", "column_part", "standing_part"):
        made = getattr(rounds, name)
        monkeypatch.setattr(
            rounds, name, lambda *given, made=made: looked.append(made(*given).named) or made(*given)
        )
    for _step in range(5):
        rounds.go_on(0)
    # A restart knows nothing but what was written down.
    monkeypatch.setattr(rounds, "_started", 0.0)
    through()
    assert looked.count(f"item:{item.pk}") == 1
    assert rounds.go_on(0) == 0 and not rounds.under_way()

    tomorrow = rounds.time.time() + rounds.A_DAY + 1
    monkeypatch.setattr(rounds.time, "time", lambda: tomorrow)
    rounds.go_on(0)
    assert rounds.under_way()


def test_each_start_of_the_program_begins_one_when_the_last_is_through(office, monkeypatch):
    through()
    monkeypatch.setattr(rounds, "_started", rounds.time.time() + 1)
    rounds.go_on(0)
    assert rounds.under_way()


def test_a_step_asks_the_same_of_a_large_site_as_of_a_small_one(office):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            rounds.go_on(0)
        return len(queries)

    released(office)
    rounds.go_on(0)
    few = asked()
    through()
    with sites.unwritten():
        for _each in range(LENGTH // 4):
            released(office)
    site.write_all()
    (settings.INSTANCE.home / rounds.NAME).unlink()
    rounds.go_on(0)
    assert asked() <= few


def test_one_page_that_cannot_be_made_does_not_keep_the_round_from_the_others(office, monkeypatch, caplog):
    first, second = released(office, title="坏的一件"), released(office, title="好的一件")
    public = renderers.kind_of("item")
    page = f"{public.folder(second.pk)}/index.html"
    kept = tree.read(page)
    tree.remove(page)
    made = rounds.subject_part

    def failing(public, subject):
        if subject == first.pk:
            part = made(public, subject)
            return type(part)(part.lock, lambda: 1 / 0, part.state, folder=part.folder, owner=part.owner)
        return made(public, subject)

    monkeypatch.setattr(rounds, "subject_part", failing)
    through()
    assert tree.read(page) == kept
    assert "could not be compared" in caplog.text


def test_a_page_that_a_new_version_does_without_goes(office):
    with ledger.gathering():
        tree.write("former/index.html", b"a page of the version before")
        ledger.note("standing:former", [("former/index.html", b"a page of the version before")])
    through()
    assert tree.read("former/index.html") is None
    assert ledger.line_of("former/index.html") is None
    assert site.verify() == []
