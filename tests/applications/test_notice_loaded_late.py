"""I3: a holiday notice that is loaded late moves what is on file, says which, and refuses nothing that happened."""

import json
from datetime import date

import pytest

from gongkai.agencies import calendars
from gongkai.agencies.policy import Refused
from gongkai.applications import events, evidence, incoming, notices, service
from gongkai.applications.models import State
from gongkai.journal.models import Entry
from tests.applications.cases import decided, released, sent
from tests.applications.test_case_events import correction, counter, day

BACKEND = "django.contrib.auth.backends.ModelBackend"


def load(office, **notice):
    """A notice of 2027; loading tells the rooms above after the commit, as in use."""
    said = {"off": ["2027-01-01"], "work": ["2027-01-30"]} | notice
    calendars.load(office.actor("security", "administration"), 2027, source="演示通知", **said)
    return events.refresh_open({"year": 2027})


def page(office, client, case):
    client.force_login(office.people["handler"], backend=BACKEND)
    answer = client.get(f"/workbench/applications/{case.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_saturday_that_turns_out_worked_leaves_a_correction_notice_on_file_and_says_that_it_came_late(
    office, at, client
):
    """Received 2027-01-21: the seventh working day was 02-01, and is 01-30 once that Saturday is worked."""
    case, other = counter(office, at, day("2027-01-21")), counter(office, at, day("2027-01-25"))
    with at(2027, 2, 1):
        sent(office, correction(office, case, day("2027-02-20")), day("2027-02-01"))
    with at(2027, 2, 2):
        before = other.due_on
        load(office)
        case.refresh_from_db()
        other.refresh_from_db()
        assert case.state == State.CORRECTING
        assert other.due_on < before
        shown = page(office, client, case)
        assert "至 2027-01-30），2027-02-01 已逾期" in shown and "第三十条" in shown
        incoming.receive_correction(office.actor("handler"), case, day("2027-02-02"), text="2020年")
        case.refresh_from_db()
        assert (case.state, case.due_on) == (State.PROCESSING, day("2027-03-02"))
        # What is still to be entered is judged as ever.
        with pytest.raises(Refused, match="只能一次性告知"):
            correction(office, case, day("2027-03-01"))
    assert list(evidence.faults()) == []


def test_an_extension_and_a_payment_of_the_last_provisional_day_stay_too(office, at):
    handler, head = office.actor("handler"), office.actor("head")
    extended, paid = counter(office, at, day("2027-01-11")), counter(office, at, day("2027-01-08"))
    with at(2027, 1, 11):
        sent(
            office,
            notices.notify_fee(handler, paid, ladder="by_pages", units=250, payment="财政专户"),
            day("2027-01-11"),
        )
    with at(2027, 2, 8):
        incoming.approve_extension(head, extended, working_days=5, reason="资料较多")
        sent(office, notices.extend(handler, extended), day("2027-02-08"))
        incoming.receive_fee(handler, paid, day("2027-02-08"))
        load(office)
        for case, step in ((extended, "不能再延长"), (paid, "不能再缴费")):
            case.refresh_from_db()
            assert case.state == State.PROCESSING
            term = events.states.clock_of(events.of(case))
            assert any(step in each.effect for each in term.steps)
        assert (extended.due_on, paid.due_on) == (date(2027, 2, 12), date(2027, 3, 8))


def test_the_last_day_to_pay_moves_and_is_said(office, at):
    case = counter(office, at, day("2027-01-08"))
    with at(2027, 1, 11):
        letter = notices.notify_fee(
            office.actor("handler"), case, ladder="by_pages", units=250, payment="财政专户"
        )
        sent(office, letter, day("2027-01-11"))
        assert load(office) == 1
        case.refresh_from_db()
    [entry] = Entry.objects.filter(action="application.moved")
    assert case.waits_until == date(2027, 2, 5)
    assert (
        json.loads(entry.data)["before"] == "2027-02-08" and json.loads(entry.data)["after"] == "2027-02-05"
    )


def test_an_answered_case_is_measured_by_the_notice_too(office, at):
    case = counter(office, at, day("2027-01-11"))
    with at(2027, 2, 8):
        sent(office, decided(office, case), day("2027-02-08"))
        case.refresh_from_db()
        assert (case.due_on, case.provisional) == (day("2027-02-08"), True)
        assert load(office) == 1
        case.refresh_from_db()
        assert (case.due_on, case.provisional, case.answered_on) == (
            day("2027-02-05"),
            False,
            day("2027-02-08"),
        )
        # A correction of the notice reaches what is no longer provisional.
        assert load(office, work=[]) == 1
        case.refresh_from_db()
        assert case.due_on == day("2027-02-08")
    assert list(evidence.faults()) == []


def test_what_was_in_order_is_not_made_unlawful_by_a_day_entered_afterwards(office, at):
    """Without a moved calendar the file as a whole is judged: a fee notice before an extension is none on file."""
    handler, head = office.actor("handler"), office.actor("head")
    case = counter(office, at, day("2026-03-02"))
    with at(2026, 3, 9):
        letter = notices.consult_third_party(handler, case, name="某建筑公司", information="补偿协议")
        sent(office, letter, day("2026-03-09"))
    with at(2026, 4, 10):
        incoming.approve_extension(head, case, working_days=5, reason="资料较多")
        released(office, extension := notices.extend(handler, case))
        service.dispatch(handler, extension, way="direct", on=day("2026-04-10"), words="收件人签收")
        with pytest.raises(Refused, match="不能再延长"):
            incoming.third_party_answered(
                handler, case, day("2026-03-10"), ref=letter.terms["ref"], opinion="agree"
            )
