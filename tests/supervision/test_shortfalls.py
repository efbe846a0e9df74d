"""What is owed to the public and is not there opens a finding by itself, once, and closes it when mended (S41, S112)."""

from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import joint_releases, notice_watch, opinions, results, standards
from gongkai.disclosure.models import Column, Opinion, StandardField
from gongkai.supervision import menu, moves, shortfalls
from gongkai.supervision.models import Entry
from tests.disclosure.opinions import at_moment, out, sent, solicitation
from tests.items import released
from tests.policies import PLANNED, TITLE, explained, passed, policy
from tests.portal.test_catalogues import GUIDE


def findings(sort):
    return Entry.objects.filter(kind="shortfall", fields__sort=sort)


def test_an_overdue_result_is_one_finding_until_the_result_is_public(ledger):
    item = solicitation(ledger)
    sent(item)
    with at_moment(2021, 5, 1, 9):
        notice_watch.bring_to_the_day()
        shortfalls.follow()
        assert not findings("result")
    with at_moment(2021, 5, 2, 9):
        assert shortfalls.follow() == 1
        assert shortfalls.follow() == 0
        found = findings("result").get()
        assert item.title in found.subject and "2021-05-01" in found.fields["problem"]
        (waits,) = [row for row in menu.waiting(ledger.actor("head")) if row.number == found.number]
        assert waits.url == f"/workbench/participation/{item.pk}/"
        opinions.answer(ledger.actor("handler"), Opinion.objects.get(), outcome="declined", reason="按评估。")
        out(ledger, results.draft(ledger.actor("handler"), item))
        assert shortfalls.follow() == 1
    found.refresh_from_db()
    assert (found.state, found.closed_as, found.closed_on) == ("mended", "done", date(2021, 5, 2))


def test_an_interpretation_that_did_not_follow_in_time(ledger, at):
    with at(2021, 3, 2):
        item = policy(ledger, PLANNED)
        told = explained(ledger, item)
        joint_releases.release_alone(ledger.actor("approver"), passed(ledger, item), "防汛紧急，先行发布。")
    with at(2021, 3, 5):
        assert shortfalls.follow() == 0
    with at(2021, 3, 6):
        assert shortfalls.follow() == 1
        assert TITLE in findings("interpretation").get().subject
        passed(ledger, told)
        assert shortfalls.follow() == 1
    assert findings("interpretation").get().state == "mended"


@pytest.fixture
def columns(ledger):
    """Six columns that are in use, one of which holds an item since 10 March 2021."""
    keep = list(Column.objects.exclude(code="20-05").values_list("pk", flat=True)[:5])
    Column.objects.exclude(pk__in=keep).exclude(code="20-05").update(active=False)
    Column.objects.update(cycle="none")
    return Column.objects.filter(active=True)


def test_five_empty_columns_fail_the_check_but_not_in_the_first_month_of_a_site(ledger, at, columns):
    with at(2021, 3, 10):
        released(ledger, column="20-05")
        empty = columns.exclude(code="20-05")
        assert shortfalls.follow() == 0
    with at(2021, 4, 20):
        assert shortfalls.follow() == 1
        found = findings("columns_empty").get()
        assert found.agency == ledger.district
        assert "5个" in found.subject and all(row.name in found.fields["problem"] for row in empty)
        empty.filter(pk=empty.first().pk).update(active=False)
        assert shortfalls.follow() == 1
    assert findings("columns_empty").get().state == "mended"


def test_columns_that_were_not_updated_in_their_cycle(ledger, at, columns):
    with at(2021, 3, 10):
        for row in columns:
            released(ledger, column=row.code)
    columns.update(cycle="news")
    with at(2021, 3, 24):
        assert shortfalls.follow() == 0
    with at(2021, 4, 20):
        assert shortfalls.follow() == 1
    assert "6个" in findings("columns_stale").get().subject


def test_guides_that_lack_what_the_check_looks_for(ledger, at):
    Column.objects.exclude(code="20-05").update(active=False)
    with at(2021, 3, 10):
        for n in range(5):
            released(ledger, title=f"指南{n}", variety="service", more=GUIDE, column="20-05")
        assert shortfalls.follow() == 1
        assert "5件" in findings("guides").get().subject
        released(ledger, title="完整指南", variety="service", column="20-05", more=GUIDE | {"term": "当日"})
    assert "指南4" in findings("guides").get().fields["problem"]
    with at(2021, 3, 11):
        assert shortfalls.follow() == 0


def test_entries_of_a_standard_catalogue_that_nobody_published(ledger, at, client):
    standards.load()
    field = StandardField.objects.get(code="expropriation")
    standards.set_duties(ledger.actor("head"), ledger.agency, [field])
    with at(2021, 3, 10):
        assert shortfalls.follow() == 1
        found = findings("standard").get()
        assert "10条" in found.subject and found.agency == ledger.agency
        released(ledger, standard="expropriation-07")
        assert shortfalls.follow() == 1
        found.refresh_from_db()
        assert "9条" in found.subject and found.state == "open"
        assert shortfalls.follow() == 0
    client.force_login(ledger.people["head"])
    with at(2021, 3, 10):
        page = client.get(f"/workbench/entries/{found.pk}/")
        waits = [row.url for row in menu.waiting(ledger.actor("head")) if row.number == found.number]
    assert waits == [f"/workbench/coverage/{ledger.agency.pk}/?field=expropriation&state=missing"]
    assert "expropriation&amp;state=missing" in page.content.decode()


def test_the_supervisor_s_inbox_says_which_agency_owes_what_and_leads_there(ledger, at, client, monkeypatch):
    def owed(sort, matter):
        return shortfalls.Shortfall(sort, ledger.agency, matter, f"缺项{matter}", "情况", "依据")

    client.force_login(ledger.people["supervisor"])
    lacks = [owed("standard", "expropriation")]
    monkeypatch.setattr(shortfalls, "lacking", lambda day: lacks)
    with at(2021, 3, 10):
        shortfalls.follow()
        (one,) = menu.shortfalls_below(ledger.actor("supervisor"))
        assert one.url == f"/workbench/entries/{findings('standard').get().pk}/" and one.due_on
        lacks.append(owed("standard", "employment"))
        shortfalls.follow()
        (both,) = menu.shortfalls_below(ledger.actor("supervisor"))
        assert both.agency == ledger.agency and "2个领域" in both.title
        assert both.url == f"/workbench/coverage/{ledger.agency.pk}/?state=missing"
        assert both.title in client.get("/workbench/").content.decode()
        assert client.get(both.url).status_code == 200
        lacks.append(owed("guides", "guides"))
        shortfalls.follow()
        (mixed,) = menu.shortfalls_below(ledger.actor("supervisor"))
        page = client.get(mixed.url).content.decode()
    assert "3项" in mixed.title and all(f"缺项{row.matter}" in page for row in lacks)
    assert menu.shortfalls_below(ledger.actor("handler")) == []
    assert menu.shortfalls_below(ledger.actor("audit")) == []


def test_what_a_supervisor_waived_is_not_found_again_for_a_quarter(ledger, at):
    standards.load()
    field = StandardField.objects.get(code="expropriation")
    standards.set_duties(ledger.actor("head"), ledger.agency, [field])
    with at(2021, 3, 10):
        shortfalls.follow()
        found = findings("standard").get()
        with pytest.raises(Refused):
            moves.take(ledger.actor("head"), found, "waive", note="无此类事项")
        moves.take(ledger.actor("supervisor"), found, "waive", note="本区没有此类事项。")
        assert shortfalls.follow() == 0
    with at(2021, 7, 1):
        assert shortfalls.follow() == 1
    assert findings("standard").count() == 2


def test_looking_costs_the_same_however_much_is_owed(ledger, django_assert_max_num_queries):
    for n in range(4):
        solicitation(ledger, title=f"征求意见{n}")
    with at_moment(2021, 5, 10, 9):
        shortfalls.follow()
        with django_assert_max_num_queries(20):
            assert shortfalls.follow() == 0
    assert findings("result").count() == 4
