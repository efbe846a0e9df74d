"""One application, several things asked for: parts with their own number and key, and the same receipt day."""

from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.applications import (
    events,
    evidence,
    figures,
    incoming,
    intake,
    notices,
    personal,
    relations,
    splitting,
    tracking,
)
from gongkai.applications.models import Application, CaseEvent, State
from gongkai.files import sealing
from gongkai.journal import chain
from gongkai.journal.models import Entry
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import PERSON, REQUEST, came, decided, web
from tests.invariants.attacks import unguarded

PARTS = ["2020年健康路棚户区改造补偿标准", "健康路棚户区改造评估报告", "健康路棚户区改造资金到位证明"]


def refused(office, case, parts=PARTS):
    with pytest.raises(Refused) as refusal:
        splitting.split(office.actor("handler"), case, parts)
    return refusal.value


def told(case, type, on, **data):
    """An event that a sent letter would bring about."""
    return events.write(events.lock(case.pk), type, on, None, **data)


def test_each_part_is_an_application_with_the_same_receipt_day(
    office, at, django_capture_on_commit_callbacks
):
    with at(2021, 4, 23):
        arrival = Arrival(date(2021, 4, 21), signed=date(2021, 4, 23))
        case = came(office, Channel.REGISTERED_MAIL, arrival)
    with at(2021, 4, 26):
        made = splitting.split(office.actor("handler"), case, PARTS)
        case.refresh_from_db()
        assert [each.number for each in made] == ["XG0123-2021-0002", "XG0123-2021-0003"]
        assert len({case.case_key, *(each.case_key for each in made)}) == 3
        for each, part in zip(made, PARTS[1:], strict=True):
            each.refresh_from_db()
            assert (each.origin, each.matter, each.channel) == (case, "information", "registered_mail")
            assert (each.state, each.received_on, each.due_on) == (
                State.PROCESSING,
                date(2021, 4, 23),
                date(2021, 5, 24),
            )
            assert intake.arrival_of(each) == intake.arrival_of(case)
            assert personal.person(each) == PERSON
            assert (each.identity_print, each.phone_print) == (case.identity_print, case.phone_print)
            assert relations.excerpt(each) == part
            # The whole request stays readable on the part by its own key.
            assert relations.original_words(events.of(each)) == REQUEST.excerpt
        assert relations.excerpt(case) == PARTS[0]
        assert personal.request(case) == REQUEST
        assert figures.table(office.agency, 2021)["r1"]["natural_person"] == 3
        assert figures.channels(office.agency, 2021)[Channel.REGISTERED_MAIL.report_channel] == 3
        assert [row.data for row in events.of(case) if row.type == "split"] == [
            {"into": [str(each.pk) for each in made]}
        ]
        trail = Entry.objects.filter(subject_id__in=[str(case.pk), *(str(each.pk) for each in made)])
        assert trail.filter(action="application.registered").count() == 3
        assert trail.filter(action="application.split").count() == 1
        assert [fault.message for fault in chain.verify() if "链头" not in fault.message] == []
        assert list(evidence.faults()) == []


def test_the_part_and_the_case_are_erased_each_by_itself(office, at):
    with at(2021, 4, 23):
        case = web(office)
        [part] = splitting.split(office.actor("handler"), case, PARTS[:2])
        with unguarded():
            sealing.destroy(case.case_key)
        assert personal.person(part) == PERSON
        assert relations.original_words(events.of(part)) == REQUEST.excerpt
        with pytest.raises(sealing.Sealed):
            personal.person(case)


def test_the_applicant_finds_the_parts_under_the_old_code(office, at):
    with at(2021, 4, 23):
        case = web(office)
        made = splitting.split(office.actor("handler"), case, PARTS)
        found = tracking.follow(tracking.find(case.number, intake.query_code(case))).parts
        assert [(each.number, each.code) for each in found] == [
            (each.number, intake.query_code(each)) for each in made
        ]
        own = tracking.follow(tracking.find(made[0].number, found[0].code))
        assert (own.number, own.answered_on) == (made[0].number, None)
        assert [each.number for each in own.parts] == [case.number]


def test_a_received_correction_is_inherited_with_its_days(office, at):
    """Rulebook 4.4: received 2026-03-02, corrected 03-20, due 04-20; so for each part."""
    with at(2026, 3, 2):
        case = web(office)
    with at(2026, 3, 11):
        told(case, "correction_requested", date(2026, 3, 11), until="2026-03-25")
        refusal = refused(office, case)
        assert "《政府信息公开信息处理费管理办法》第四条" in refusal.article
    with at(2026, 3, 20):
        case.refresh_from_db()
        incoming.receive_correction(office.actor("handler"), case, date(2026, 3, 20), text="2020年")
        made = splitting.split(office.actor("handler"), case, PARTS)
        for each in made:
            each.refresh_from_db()
            assert each.due_on == date(2026, 4, 20)
            rows = {row.type: row for row in events.of(each)}
            assert events.words(rows["correction_received"]) == "2020年"
            assert rows["correction_received"].sealed != case.events.get(type="correction_received").sealed
        with pytest.raises(Refused, match="一次性"):
            events.check(made[0], "correction_requested", date(2026, 3, 20))


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("third_party_asked", {"ref": "a"}),
        ("agency_consulted", {"ref": "a", "co_maker": False}),
        ("extended", {"working_days": 5}),
        ("extension_approved", {"working_days": 5}),
        ("delayed", {"until": "2021-06-01"}),
    ],
)
def test_a_case_whose_term_was_moved_is_not_split(office, at, type, data):
    with at(2021, 4, 23):
        case = web(office)
        told(case, type, date(2021, 4, 23), **data)
        refusal = refused(office, case)
    assert "第四条" in refusal.article


def test_nothing_is_split_while_a_letter_is_under_way_or_after_the_decision(office, at):
    with at(2021, 4, 23):
        case = web(office)
        decided(office, case)
        refusal = refused(office, case)
        assert "第四条" in refusal.article
        other = web(office)
        notices.request_correction(
            office.actor("handler"), other, unclear="年份", items="年份", until=date(2021, 5, 10)
        )
        refusal = refused(office, other)
        assert "第四条" in refusal.article
    assert Application.objects.count() == 2


@pytest.mark.parametrize(
    "parts", [[], ["一件"], ["一件", "  "], ["同样", "同样 "], ["项"] * 30, ["项" * 2001, "二"]]
)
def test_parts_are_several_and_different(office, at, parts):
    with at(2021, 4, 23):
        case = web(office)
        refusal = refused(office, case, parts)
    assert "第四条" in refusal.article
    assert not CaseEvent.objects.filter(type="split").exists()


def test_the_second_of_two_clerks_is_told(office, at):
    with at(2021, 4, 23):
        case = web(office)
        seen = events.of(case)[-1].seq
        splitting.split(office.actor("handler"), case, PARTS, seen=seen)
        with pytest.raises(Refused):
            splitting.split(office.actor("second_handler"), case, PARTS, seen=seen)
    assert Application.objects.count() == 3


def test_a_split_of_last_year_counts_in_the_year_of_receipt(office, at):
    with at(2021, 12, 30):
        case = web(office)
    with at(2022, 1, 5):
        [part] = splitting.split(office.actor("handler"), case, PARTS[:2])
    assert part.number == "XG0123-2022-0001"
    before, after = figures.table(office.agency, 2021), figures.table(office.agency, 2022)
    assert [before[row]["total"] for row in ("r1", "r4")] == [2, 2]
    assert [after[row]["total"] for row in ("r1", "r2")] == [0, 2]
