"""An answer ordered anew: its case opens with the order, has the day that the order sets, and ends it."""

from datetime import date
from uuid import uuid4

import pytest

from gongkai.agencies import calendars
from gongkai.agencies.policy import Refused
from gongkai.applications import (
    amendments,
    decisions,
    events,
    evidence,
    explained,
    figures,
    letters,
    personal,
    redo,
    relations,
    splitting,
)
from gongkai.applications.models import Application, State
from gongkai.journal import outbox
from gongkai.remedies import anew, beside_cases, cases, follows, menu, standing
from gongkai.remedies.models import RemedyEvent
from tests.applications.cases import FACTS, PERSON, decided, taken, web
from tests.applications.test_amendments import WISH
from tests.remedies.lawsuits import registered


def answered(office, case, on, outcome="not_responsible"):
    """The case, answered on that day."""
    decided(office, case, outcome)
    events.write(events.lock(case.pk), "answered", on, office.actor("handler"))
    case.refresh_from_db()


def ordered(office, at, *, about=None, result="revoked", kind="reconsideration", **more):
    """A case of 2024, its reconsideration, and the decision of 22 April that orders an answer anew."""
    with at(2024, 2, 28):
        case = about or web(office)
        if about is None:
            answered(office, case, date(2024, 2, 28))
    with at(2024, 3, 1):
        remedy = registered(office, kind, application=case)
    with at(2024, 4, 24):
        said = {
            "on": date(2024, 4, 18),
            "served_on": date(2024, 4, 22),
            "paper": "西政复决〔2024〕3号",
        } | more
        remedy = cases.decide(office.actor("handler"), remedy, result, redo=True, **said)
    return case, remedy


def test_the_case_opens_with_the_order_and_its_day(office, at):
    case, remedy = ordered(office, at, redo_due_on=date(2024, 5, 10))
    made = anew.case_of(remedy)
    assert (made.matter, made.origin, made.state) == ("redo", case, State.PROCESSING)
    assert (made.received_on, made.due_on) == (date(2024, 4, 22), date(2024, 5, 10))
    assert made.number == "XG0123-2024-0002" and made.case_key != case.case_key
    assert personal.person(made) == PERSON and personal.request(made) == personal.request(case)
    with at(2024, 4, 24):
        steps = explained.term_of(made).steps
        assert (
            "洛阳市西工区人民政府行政复议决定（西政复决〔2024〕3号）责令于 2024-05-10 前答复"
            in steps[1].effect
        )
        assert redo.caution(events.of(made))[1] == "《中华人民共和国行政复议法》第六十四条第二款"
        table = figures.table(office.agency, 2024)
    assert (table["r1"]["total"], table["r3_7"]["total"], table["r4"]["total"]) == (1, 1, 0)
    assert list(evidence.faults()) == []


def test_where_the_decision_sets_no_day_there_are_twenty_working_days(office, at):
    """Rulebook 4.5: 20 working days from its receipt on 22 April 2024, over 1–5 May."""
    _case, remedy = ordered(office, at)
    made = anew.case_of(remedy)
    assert made.due_on == remedy.redo_due_on == date(2024, 5, 21)
    with at(2024, 4, 24):
        assert "未定期限" in explained.term_of(made).steps[0].effect


def test_nobody_but_the_decision_moves_its_day(office, at):
    _case, remedy = ordered(office, at, redo_due_on=date(2024, 5, 10))
    made = anew.case_of(remedy)
    with at(2024, 4, 25):
        held = events.lock(made.pk)
        events.write(held, "third_party_asked", date(2024, 4, 25), None, ref="a")
        held.refresh_from_db()
        assert held.due_on == date(2024, 5, 10)
        with pytest.raises(Refused) as refusal:
            events.check(held, "extended", date(2024, 4, 25), working_days=5)
    assert refusal.value.article == "洛阳市西工区人民政府行政复议决定（西政复决〔2024〕3号）"


def test_answering_it_ends_the_order_in_the_register(office, at):
    case, remedy = ordered(office, at)
    made = anew.case_of(remedy)
    clerk = office.actor("handler")
    with at(2024, 4, 26):
        with pytest.raises(Refused, match=made.number):
            cases.redo_done(clerk, remedy, on=date(2024, 4, 26), paper="手工登记")
        letter = decided(office, made, "provided")
        said = letters.opened(letters.draft_of(letter).content).elements
        assert said["facts_and_reasons"] == (
            f"根据洛阳市西工区人民政府行政复议决定（西政复决〔2024〕3号），本机关重新办理。{FACTS}"
        )
        assert said["registration_number"] == f"{case.number}；重新答复登记编号：{made.number}"
        assert said["received_on"] == "2024年2月28日"
        events.write(events.lock(made.pk), "answered", date(2024, 4, 26), clerk, letter=letter)
        outbox.sweep()
        outbox.sweep()
    remedy.refresh_from_db()
    assert remedy.redo_done_on == date(2024, 4, 26)
    assert remedy.events.filter(kind=RemedyEvent.Kind.REDO_DONE).count() == 1
    assert list(standing.faults()) == [] and list(evidence.faults()) == []
    made.refresh_from_db()
    assert (made.outcome, made.row) == ("provided", "r3_1")
    assert figures.table(office.agency, 2024)["r3_7"]["total"] == 1


def test_both_pages_know_each_other_and_the_work_waits_in_one_place(office, at):
    case, remedy = ordered(office, at)
    made = anew.case_of(remedy)
    clerk = office.actor("handler")
    for each in (case, made):
        assert [link.label for link in beside_cases.linked(clerk, each)] == [remedy.number]
    with at(2024, 4, 25):
        assert [row.number for row in menu.waiting(clerk)] == []
        # And against the new answer a further remedy may come.
        answered(office, made, date(2024, 4, 25))
        again = registered(office, application=made)
        assert again.application == made
        assert [link.label for link in beside_cases.linked(clerk, made)] == [remedy.number, again.number]


def test_a_second_order_is_carried_out_in_a_further_case(office, at):
    _case, remedy = ordered(office, at)
    first = anew.case_of(remedy)
    with at(2024, 4, 25):
        answered(office, first, date(2024, 4, 25))
        lawsuit = registered(office, "litigation_after_reconsideration", application=first)
    with at(2024, 8, 1):
        lawsuit = cases.decide(office.actor("handler"), lawsuit, "revoked", on=date(2024, 8, 1), redo=True)
        second = anew.case_of(lawsuit)
        assert second.origin == first
        assert redo.caution(events.of(second))[1] == "《中华人民共和国行政诉讼法》第七十一条"
        letter = decided(office, second)
        said = letters.opened(letters.draft_of(letter).content).elements
        assert said["registration_number"].startswith(first.origin.number)


def test_what_was_never_answered_is_answered_in_its_own_case(office, at):
    with at(2024, 1, 25):
        case = web(office)
        due = case.due_on
    _case, remedy = ordered(office, at, about=case, result="ordered", redo_due_on=date(2024, 5, 6))
    assert anew.case_of(remedy) == case and Application.objects.count() == 1
    case.refresh_from_db()
    assert (case.received_on, case.due_on) == (date(2024, 1, 25), date(2024, 5, 6))
    with at(2024, 4, 30):
        steps = explained.term_of(case).steps
        assert f"期限至 {due}" in steps[0].effect
        answered(office, case, date(2024, 4, 30))
        outbox.sweep()
    remedy.refresh_from_db()
    assert remedy.redo_done_on == date(2024, 4, 30)
    assert figures.table(office.agency, 2024)["r3_7"]["total"] == 1


def test_an_amendment_is_decided_anew_as_an_amendment(office, at):
    clerk = office.actor("handler")
    with at(2024, 2, 28):
        case = amendments.submit(office.agency, taken(request=WISH), submission=uuid4())
        amendments.decide(clerk, case, result="record_kept", facts="经核对无误。")
        events.write(events.lock(case.pk), "answered", date(2024, 2, 28), clerk)
        case.refresh_from_db()
    _case, remedy = ordered(office, at, about=case)
    made = anew.case_of(remedy)
    assert (made.matter, amendments.wish(made)) == ("amendment", WISH)
    with at(2024, 4, 26):
        letter = amendments.decide(clerk, made, result="record_amended", facts="更正。", amended="84平方米")
        said = letters.opened(letters.draft_of(letter).content).elements
    assert said["facts_and_reasons"].startswith("根据洛阳市西工区人民政府行政复议决定")


def test_of_a_split_case_the_part_that_stayed_is_answered_anew(office, at):
    with at(2024, 2, 28):
        case = web(office)
        splitting.split(office.actor("handler"), case, ["补偿标准", "评估报告"])
        answered(office, case, date(2024, 2, 28))
    _case, remedy = ordered(office, at, about=case)
    assert relations.excerpt(anew.case_of(remedy)) == "补偿标准"


def test_an_order_entered_by_mistake_is_struck_out_with_its_case(office, at):
    _case, remedy = ordered(office, at)
    made = anew.case_of(remedy)
    clerk = office.actor("handler")
    event = remedy.events.get(kind=RemedyEvent.Kind.REDO_OPENED)
    with at(2024, 4, 25):
        decided(office, made)
        with pytest.raises(Refused, match=made.number):
            cases.strike(clerk, event, "未责令重新答复")
        decisions.drop(clerk, made, "登记有误")
        remedy = cases.strike(clerk, event, "未责令重新答复")
    made.refresh_from_db()
    assert (made.state, remedy.redo_due_on) == (State.CLOSED, None)
    assert list(standing.faults()) == [] and list(evidence.faults()) == []


def test_a_struck_order_on_an_unanswered_case_gives_its_term_back(office, at):
    with at(2024, 1, 25):
        case = web(office)
        due = case.due_on
    _case, remedy = ordered(office, at, about=case, result="ordered")
    with at(2024, 4, 25):
        cases.strike(office.actor("handler"), remedy.events.get(kind=RemedyEvent.Kind.REDO_OPENED), "误登")
    case.refresh_from_db()
    assert (case.state, case.due_on) == (State.PROCESSING, due)


def test_a_remedy_without_an_application_is_kept_on_paper(office, at):
    clerk = office.actor("handler")
    with at(2024, 4, 22):
        remedy = cases.decide(clerk, registered(office), "revoked", on=date(2024, 4, 22), redo=True)
        assert anew.case_of(remedy) is None
        assert [row.number for row in menu.waiting(clerk)] == [remedy.number]
        remedy = cases.redo_done(clerk, remedy, on=date(2024, 4, 22), paper="西城改公复〔2024〕9号")
    assert remedy.redo_done_on == date(2024, 4, 22)


def test_a_day_that_the_decision_did_not_set_moves_with_the_holiday_notice(office, at):
    """I3 in the register too: across a year without a notice the day is provisional, and counted anew."""
    clerk = office.actor("handler")
    with at(2026, 12, 21):
        counted = cases.decide(clerk, registered(office), "revoked", on=date(2026, 12, 21), redo=True)
        said = {"redo": True, "redo_due_on": date(2027, 1, 25)}
        fixed = cases.decide(clerk, registered(office), "revoked", on=date(2026, 12, 21), **said)
        found = follows.redo(counted)
        assert (found.on, found.provisional) == (date(2027, 1, 19), True)
        assert {row.number: row.provisional for row in menu.waiting(clerk)} == {
            counted.number: True,
            fixed.number: False,
        }
        off = ["2027-01-01", "2027-01-04"]
        calendars.load(office.actor("system", "administration"), 2027, off=off, work=[], source="演示通知")
        found = follows.redo(counted)
        assert (found.on, found.provisional) == (date(2027, 1, 20), False)
        assert follows.redo(fixed).on == date(2027, 1, 25)
    assert list(standing.faults()) == []
