"""A case from receipt to an answer anew: terms by the law of the day, results, appeals, entries struck out."""

from datetime import date

import pytest

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.remedies import cases, due, follows, menu, results, standing
from gongkai.remedies.models import Remedy, RemedyEvent
from tests.applications.cases import web
from tests.remedies.lawsuits import registered


@pytest.mark.parametrize(
    ("kind", "procedure", "copy", "last", "law"),
    [
        # 行政复议法 art. 48 and 54: working days; the Spring Festival of 2024 was off from 10 to 17 February.
        ("reconsideration", "ordinary", date(2024, 2, 6), date(2024, 2, 26), "第四十八条"),
        ("reconsideration", "simple", date(2024, 2, 6), date(2024, 2, 19), "第五十四条"),
        ("reconsideration", "ordinary", date(2024, 4, 28), date(2024, 5, 14), "第四十八条"),
        # 行政诉讼法 art. 67: calendar days, whatever the procedure.
        ("direct_litigation", "ordinary", date(2021, 4, 23), date(2021, 5, 8), "第六十七条"),
        ("litigation_after_reconsideration", "simple", date(2024, 2, 6), date(2024, 2, 21), "第六十七条"),
    ],
)
def test_the_term_of_the_answer(office, at, kind, procedure, copy, last, law):
    with at(copy.year, copy.month, copy.day):
        found = due.answer_due(registered(office, kind, procedure=procedure))
    assert (found.on, found.provisional, found.problem) == (last, False, "")
    assert law in found.explanation[-1]["article"]


def test_before_the_law_of_2024_no_term_is_guessed(office, at):
    with at(2021, 4, 23):
        remedy = registered(office)
        found = due.answer_due(remedy)
        assert found.on is None
        assert "2024-01-01" in found.problem
        remedy = cases.change(office.actor("handler"), remedy, term_given=date(2021, 5, 3))
        assert due.answer_due(remedy).on == date(2021, 5, 3)


def test_a_term_across_an_unannounced_year_is_provisional(office, at):
    with at(2026, 12, 25):
        found = due.answer_due(registered(office))
    assert found.provisional


# Rulebook 5.7, by hand.
MAPPING = {
    "reconsideration": {
        "upheld": {"维持", "驳回复议请求"},
        "corrected": {"撤销", "变更", "确认违法", "确认无效", "责令履行"},
        "other_result": {"终止", "驳回复议申请", "撤回申请或者撤诉", "调解"},
    },
    "litigation": {
        "upheld": {"驳回诉讼请求"},
        "corrected": {"撤销", "变更", "确认违法", "确认无效", "责令履行"},
        "other_result": {"终止", "驳回起诉", "撤回申请或者撤诉", "调解"},
    },
}


@pytest.mark.parametrize("proceeding", MAPPING)
def test_finer_results_count_in_their_columns(proceeding):
    found = {}
    for result in results.results(proceeding, date(2021, 6, 1)):
        found.setdefault(result.column, set()).add(result.label)
    assert found == MAPPING[proceeding]


def test_there_is_no_result_before_the_regulation(office):
    assert results.results("litigation", date(2019, 5, 14)) == ()


def test_from_receipt_to_the_answer_anew(office, at):
    clerk = office.actor("handler")
    with at(2024, 3, 1):
        remedy = registered(office, handler=office.people["second_handler"])
        [row] = menu.waiting(office.actor("second_handler"))
        assert (row.number, row.due_on) == ("复议诉讼〔2024〕1号", date(2024, 3, 15))
        assert menu.waiting(clerk) == []
    with at(2024, 3, 12):
        remedy = cases.answer(clerk, remedy, on=date(2024, 3, 12), paper="演示复议答复书")
        assert menu.waiting(office.actor("second_handler")) == []
    with at(2024, 4, 22):
        remedy = cases.decide(
            clerk, remedy, "revoked", on=date(2024, 4, 18), served_on=date(2024, 4, 22), redo=True
        )
        assert (remedy.result, remedy.decided_on) == ("corrected", date(2024, 4, 18))
        # 20 working days from receipt, over the first of May with its make-up days.
        assert remedy.redo_due_on == date(2024, 5, 21)
        [row] = menu.waiting(office.actor("second_handler"))
        assert row.due_on == date(2024, 5, 21)
        remedy = cases.redo_done(clerk, remedy, on=date(2024, 4, 22), paper="演示重新答复")
        assert menu.waiting(office.actor("second_handler")) == []
    assert list(standing.faults()) == []


def test_the_decision_may_set_the_term_of_the_answer_anew(office, at):
    with at(2024, 4, 22):
        remedy = cases.decide(
            office.actor("handler"),
            registered(office),
            "ordered",
            on=date(2024, 4, 22),
            redo=True,
            redo_due_on=date(2024, 5, 7),
        )
    assert remedy.redo_due_on == date(2024, 5, 7)


def test_a_dismissed_appeal_brings_the_first_result_back(office, at):
    clerk = office.actor("handler")
    with at(2022, 3, 1):
        remedy = registered(office, "direct_litigation", received_on=date(2021, 9, 1))
        remedy = cases.decide(clerk, remedy, "illegal", on=date(2021, 11, 20))
        remedy = cases.appeal(clerk, remedy, on=date(2021, 12, 1))
        assert (remedy.result, remedy.decided_on) == ("pending", None)
        with pytest.raises(Refused):
            cases.decide(clerk, remedy, "maintained", on=date(2022, 2, 20))
        remedy = cases.decide(clerk, remedy, "appeal_dismissed", on=date(2022, 2, 20))
        assert (remedy.result, remedy.decided_on) == ("corrected", date(2022, 2, 20))


def test_a_case_sent_back_is_before_the_first_instance_again(office, at):
    clerk = office.actor("handler")
    with at(2022, 3, 1):
        remedy = registered(office, "direct_litigation", received_on=date(2021, 9, 1))
        remedy = cases.decide(clerk, remedy, "claim_rejected", on=date(2021, 11, 20))
        remedy = cases.appeal(clerk, remedy, on=date(2021, 12, 1))
        remedy = cases.decide(clerk, remedy, "remanded", on=date(2022, 1, 20))
        assert (remedy.result, remedy.appealed) == ("pending", False)
        remedy = cases.decide(clerk, remedy, "withdrawn", on=date(2022, 2, 20))
        assert remedy.result == "other_result"


def test_an_entry_struck_out_counts_for_nothing_and_stays(office, at):
    clerk = office.actor("handler")
    with at(2024, 4, 22):
        remedy = cases.decide(clerk, registered(office), "revoked", on=date(2024, 4, 22), redo=True)
        decided = remedy.events.get(kind=RemedyEvent.Kind.DECIDED)
        redo = remedy.events.get(kind=RemedyEvent.Kind.REDO_OPENED)
        with pytest.raises(Refused):
            cases.strike(clerk, decided, "录入错误", version=remedy.version)
        remedy = cases.strike(clerk, redo, "未责令重新答复", version=remedy.version)
        with pytest.raises(Refused):
            cases.strike(clerk, decided, " ", version=remedy.version)
        remedy = cases.strike(clerk, decided, "录入错误", version=remedy.version)
        assert (remedy.result, remedy.redo_due_on) == ("pending", None)
        remedy = cases.decide(clerk, remedy, "maintained", on=date(2024, 4, 22))
        assert remedy.result == "upheld"
        assert remedy.events.filter(kind=RemedyEvent.Kind.DECIDED).count() == 2
        with pytest.raises(Refused):
            cases.strike(
                clerk, remedy.events.get(kind=RemedyEvent.Kind.REGISTERED), "误", version=remedy.version
            )
    assert list(standing.faults()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "complaint"},
        {"subject": " "},
        {"subject": "很" * 301},
        {"received_on": date(2024, 3, 2)},
        {"copy_received_on": date(2024, 2, 1)},
        {"term_given": date(2024, 2, 1)},
        {"body": "很" * 101},
        {"procedure": "fast"},
    ],
)
def test_what_cannot_be_is_not_registered(office, at, wrong):
    with at(2024, 3, 1), pytest.raises(Refused):
        registered(office, **wrong)
    assert not Remedy.objects.exists()


def test_a_handler_and_an_earlier_case_belong_to_the_agency(office, at):
    with at(2024, 3, 1):
        with pytest.raises(Refused):
            registered(office, handler=office.people["supervisor"])
        first = registered(office)
        with pytest.raises(Refused):
            registered(office, "direct_litigation", earlier=first)
        assert registered(office, "litigation_after_reconsideration", earlier=first).earlier == first


def test_days_follow_one_another(office, at):
    clerk = office.actor("handler")
    with at(2024, 3, 20):
        remedy = registered(office, received_on=date(2024, 3, 5))
        for act in (
            lambda: cases.answer(clerk, remedy, on=date(2024, 3, 4)),
            lambda: cases.answer(clerk, remedy, on=date(2024, 3, 21)),
            lambda: cases.decide(clerk, remedy, "maintained", on=date(2024, 3, 4)),
            lambda: cases.decide(clerk, remedy, "maintained", on=date(2024, 3, 21)),
            lambda: cases.decide(clerk, remedy, "claim_rejected", on=date(2024, 3, 20)),
            lambda: cases.decide(clerk, remedy, "maintained", on=date(2024, 3, 20), redo=True),
            lambda: cases.appeal(clerk, remedy, on=date(2024, 3, 20)),
            lambda: cases.redo_done(clerk, remedy, on=date(2024, 3, 20), paper="x"),
        ):
            with pytest.raises(Refused):
                act()
    assert remedy.events.count() == 1


def test_of_two_decisions_at_once_one_is_told(office, at):
    with at(2024, 3, 1):
        remedy = registered(office)
        seen = Remedy.objects.get(pk=remedy.pk)
        cases.decide(office.actor("handler"), remedy, "maintained", on=date(2024, 3, 1))
        with pytest.raises(cases.Overtaken):
            cases.decide(office.actor("second_handler"), seen, "revoked", on=date(2024, 3, 1))
        remedy.refresh_from_db()
        assert remedy.detail == "maintained"


@pytest.mark.parametrize("name", ["supervisor", "audit", "system"])
def test_only_the_agencys_staff_keep_the_register(office, at, name):
    with at(2024, 3, 1):
        remedy = registered(office)
        with pytest.raises(Refused):
            registered(office, by=name)
        with pytest.raises(Refused):
            cases.decide(office.actor(name), remedy, "maintained", on=date(2024, 3, 1))
        with pytest.raises(Refused):
            cases.add_file(office.actor(name), remedy, b"x", "x.txt")


def test_a_row_changed_behind_the_registers_back_is_found(office, at):
    with at(2024, 3, 1):
        remedy = registered(office)
        Remedy.objects.filter(pk=remedy.pk).update(result="upheld")
        assert [fault.row for fault in standing.faults()] == [f"remedies_remedy:{remedy.pk}"]


def test_a_case_stands_beside_its_application(office, at):

    with at(2024, 3, 1):
        application = web(office)
        assert registered(office, application=application) in application.remedies.all()
        elsewhere = Agency.objects.create(name="西工区演示局", code="XG8888", parent=office.district)
        type(application).objects.filter(pk=application.pk).update(agency=elsewhere)
        application.refresh_from_db()
        with pytest.raises(Refused):
            registered(office, application=application)


def test_a_lost_judgment_waits_until_the_last_day_to_appeal(office, at):
    clerk = office.actor("handler")
    with at(2026, 3, 2):
        remedy = registered(office, "direct_litigation", received_on=date(2026, 1, 5))
        cases.answer(clerk, remedy, on=date(2026, 1, 16))
    with at(2026, 3, 4):
        remedy = cases.decide(
            clerk, Remedy.objects.get(), "revoked", on=date(2026, 3, 2), served_on=date(2026, 3, 4)
        )
        [term] = follows.running(remedy)
        # Fifteen days from the day it was served, not from its own.
        assert (term.label, term.due.on) == ("上诉的最后一日", date(2026, 3, 19))
        assert term.due.explanation[-1]["article"] == "《中华人民共和国行政诉讼法》第八十五条"
        [row] = menu.waiting(clerk)
        assert (row.step, row.due_on) == ("决定是否上诉", date(2026, 3, 19))
    with at(2026, 3, 20):
        assert menu.waiting(clerk) == []
    with at(2026, 3, 18):
        cases.appeal(clerk, remedy, on=date(2026, 3, 18))
        assert menu.waiting(clerk) == []
        assert follows.running(Remedy.objects.get()) == []
    assert list(standing.faults()) == []


@pytest.mark.parametrize(
    ("kind", "detail", "label", "last"),
    [
        ("direct_litigation", "suit_rejected", "上诉的最后一日", date(2026, 3, 12)),
        ("direct_litigation", "withdrawn", "", None),
        (
            "reconsideration",
            "maintained",
            "申请人提起行政诉讼的最后一日（按与本机关同日收到计算）",
            date(2026, 3, 17),
        ),
        ("reconsideration", "mediated", "", None),
    ],
)
def test_what_runs_after_a_decision(office, at, kind, detail, label, last):
    with at(2026, 3, 2):
        remedy = registered(office, kind)
        remedy = cases.decide(office.actor("handler"), remedy, detail, on=date(2026, 3, 2))
        assert [(each.label, each.due.on) for each in follows.running(remedy)] == (
            [(label, last)] if last else []
        )


def test_an_opinion_of_the_reconsideration_body_is_reported_on_within_sixty_days(office, at):
    clerk = office.actor("handler")
    with at(2026, 3, 2):
        remedy = registered(office)
        cases.answer(clerk, remedy, on=date(2026, 3, 2))
        remedy = cases.opinion(clerk, Remedy.objects.get(), on=date(2026, 3, 2), paper="演示复意〔2026〕1号")
        [row] = menu.waiting(clerk)
        assert (row.step, row.due_on) == ("报送整改情况", date(2026, 5, 1))
        with pytest.raises(Refused) as refusal:
            cases.opinion(clerk, remedy, on=date(2026, 3, 2))
        assert "第七十六条" in refusal.value.article
        # The decision comes meanwhile; neither hinders the other.
        remedy = cases.decide(clerk, remedy, "maintained", on=date(2026, 3, 2))
        with pytest.raises(Refused):
            cases.rectified(clerk, remedy, on=date(2026, 3, 2), paper="")
        remedy = cases.rectified(clerk, remedy, on=date(2026, 3, 2), paper="演示整改报告")
        assert menu.waiting(clerk) == []
        first, last = remedy.events.filter(kind__in=("opinion", "rectified")).order_by("pk")
        with pytest.raises(Refused):
            cases.strike(clerk, first, "误登")
        remedy = cases.strike(clerk, last, "误登")
        assert [row.step for row in menu.waiting(clerk)] == ["报送整改情况"]
    with at(2026, 3, 2), pytest.raises(Refused):
        cases.opinion(clerk, registered(office, "direct_litigation"), on=date(2026, 3, 2))
    assert list(standing.faults()) == []


def test_before_the_law_of_2024_there_is_no_such_opinion(office, at):
    with at(2022, 3, 1):
        remedy = registered(office)
        with pytest.raises(Refused, match="2024-01-01"):
            cases.opinion(office.actor("handler"), remedy, on=date(2022, 3, 1))
