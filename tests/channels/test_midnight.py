"""Midnight: pages that show the day are written for the new one, and the watch takes none of them for tampering."""

import shutil
from datetime import datetime

import pytest
from django.conf import settings

from gongkai.channels import midnight, site, tree, watching
from gongkai.channels.export_models import Tampering
from gongkai.journal import clock
from gongkai.search import query
from tests.conftest import SHANGHAI
from tests.items import released
from tests.policies import TITLE, passed, policy
from tests.portal import sites


@pytest.fixture
def office(committed, monkeypatch):
    monkeypatch.setattr(midnight, "_brought", [])
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    sites.written(committed)
    return committed


def at_moment(*moment):
    return clock.at(datetime(*moment, tzinfo=SHANGHAI))


def page_of(item):
    item.refresh_from_db()
    return f"items/{item.index_number.replace('/', '-')}/index.html"


def shown(path):
    return tree.read(path).decode()


def mark():
    return query.search(TITLE).hits[0].mark[1]


def test_a_document_comes_into_force_at_midnight_on_its_page_in_the_lists_and_in_the_search(office):
    with at_moment(2021, 3, 31, 22):
        item = policy(office, {"level": "normative"}, effective_on="2021-04-01")
        passed(office, item)
        midnight.bring_to_the_day()
        watch = watching.Watch(tree.root())
        assert watch.look() == []
        assert "尚未施行" in shown(page_of(item)) and mark() == "尚未施行"
    with at_moment(2021, 4, 1, 0, 1):
        assert watch.look() == [], "a page of yesterday is no tampering"
        assert midnight.bring_to_the_day()
        assert "尚未施行" not in shown(page_of(item)) and mark() == "有效"
        assert "尚未施行" not in shown("normative/index.html")
        assert watch.look() == []
        assert site.verify() == []
        assert not midnight.bring_to_the_day(), "once a day"
    assert not Tampering.objects.exists()


def test_what_is_tampered_with_after_midnight_is_restored_as_the_page_of_the_new_day(office):
    with at_moment(2021, 3, 31, 22):
        item = policy(office, {"level": "normative"}, effective_on="2021-04-01")
        passed(office, item)
        watch = watching.Watch(tree.root())
        watch.look()
    with at_moment(2021, 4, 1, 0, 1):
        tree.place(page_of(item)).write_text("改了")
        assert watch.look() == [("changed", page_of(item), True)]
        assert "尚未施行" not in shown(page_of(item))
        assert watch.look() == []


def test_after_a_month_of_standing_still_the_site_is_of_the_day_with_the_first_sweep(office):
    with at_moment(2021, 3, 5, 9):
        released(office)
        item = policy(office, {"level": "normative", "expires_on": "2021-03-20"}, effective_on="2021-03-10")
        passed(office, item)
        midnight._brought[:] = []
    with at_moment(2021, 4, 1, 9):
        midnight.bring_to_the_day()
        assert mark() == "失效"
        assert site.verify() == []
