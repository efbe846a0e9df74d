"""Terms beside that of art. 33: amendments by analogy, answers ordered anew; and what amendments come to."""

from datetime import date

import pytest

from gongkai.rulebook import amendments
from gongkai.rulebook.answer_terms import STATUTORY, AnswerTerm, Order, amendment, anew, not_the_same_again
from gongkai.rulebook.calendar import standard_calendar
from gongkai.rulebook.clock import clock
from gongkai.rulebook.clock_result import ClockState
from gongkai.rulebook.events import ClockError, events_from_json
from gongkai.rulebook.outcomes import OUTCOMES, OutcomeError
from gongkai.rulebook.term_days import counted_days_left, term_days

CALENDAR = standard_calendar()
DECISION = "《行政复议决定书》（西政复决〔2021〕3号）"


def case(*events, **more):
    rows = [{"type": type, "on": on} | data for type, on, data in events]
    return clock(events_from_json(rows), CALENDAR, **more)


def test_without_more_the_term_is_that_of_article_33():
    assert case(("received", "2021-04-23", {})) == case(("received", "2021-04-23", {}), term=STATUTORY)


@pytest.mark.parametrize(
    ("days", "due"), [(20, "2021-05-24"), (15, "2021-05-17"), (7, "2021-05-06")], ids=["20", "15", "7"]
)
def test_an_amendment_runs_by_analogy_and_says_so(days, due):
    """条例 art. 41 names no term; the days are those of rulebook 4.4."""
    found = case(("received", "2021-04-23", {}), term=amendment(days))
    assert (str(found.due), found.working_days) == (due, days)
    assert "条例第四十一条未规定期限，本机关参照第三十三条办理" in found.steps[0].effect
    assert found.steps[0].law == (
        "《中华人民共和国政府信息公开条例》第四十一条、《中华人民共和国政府信息公开条例》第三十三条第二款"
    )


def test_a_corrected_amendment_has_its_own_days_again():
    found = case(
        ("received", "2021-04-23", {}),
        ("correction_requested", "2021-04-25", {}),
        ("correction_received", "2021-04-29", {}),
        term=amendment(7),
    )
    assert (found.day0, found.working_days) == (date(2021, 4, 29), 7)
    assert "重新计算7个工作日" in found.steps[2].effect


@pytest.mark.parametrize("days", [0, 21])
def test_no_agency_gives_itself_more_than_the_law_does(days):
    with pytest.raises(ValueError, match="1 to 20"):
        amendment(days)
    with pytest.raises(ValueError, match="1 to 20"):
        AnswerTerm("", (), days)


def test_an_answer_anew_without_a_term_has_twenty_working_days():
    found = case(("received", "2021-04-23", {}), term=anew(ordered=False))
    assert str(found.due) == "2021-05-24"
    assert "未定期限" in found.steps[0].effect


def test_nothing_moves_the_day_that_an_order_sets():
    order = Order(date(2021, 4, 23), date(2021, 5, 10), DECISION)
    events = [
        ("received", "2021-04-23", {}),
        ("third_party_asked", "2021-04-26", {"ref": "a"}),
        ("third_party_answered", "2021-05-06", {"ref": "a"}),
        ("correction_requested", "2021-05-06", {"until": "2021-05-08"}),
    ]
    for n in range(1, 5):
        found = case(*events[:n], term=anew(ordered=True), order=order)
        assert (found.due, found.ordered_until, found.provisional) == (order.until, order.until, False)
    assert found.state is ClockState.AWAITING_CORRECTION
    assert [step.law for step in found.steps if "责令于 2021-05-10 前答复" in step.effect] == [DECISION]
    assert found.steps[-1].law == DECISION
    # 26, 27, 28, 29, 30 April (Sunday the 25th was a make-up day), 6 and 7 May, 8 May made up, 10 May.
    assert [day.number for day in term_days(found, CALENDAR)][-1] == 10
    assert counted_days_left(found, CALENDAR, date(2021, 5, 6)) == 3


def test_an_order_on_an_unanswered_case_counts_from_its_day_on():
    order = Order(date(2021, 6, 1), date(2021, 6, 11), DECISION)
    found = case(("received", "2021-04-23", {}), ("answered", "2021-06-10", {}), order=order)
    assert "期限至 2021-05-24" in found.steps[0].effect
    assert "在期限（2021-06-11）内" in found.steps[-1].effect
    assert [step.on for step in found.steps] == [date(2021, 4, 23), date(2021, 6, 1), date(2021, 6, 10)]
    early = case(("received", "2021-04-23", {}), ("answered", "2021-05-20", {}))
    assert "在期限（2021-05-24）内" in early.steps[-1].effect


@pytest.mark.parametrize(
    ("type", "data"), [("extended", {"working_days": 5}), ("delayed", {"until": "2021-06-01"})]
)
def test_the_agency_does_not_extend_what_was_ordered(type, data):
    order = Order(date(2021, 4, 23), date(2021, 5, 10), DECISION)
    with pytest.raises(ClockError) as error:
        case(("received", "2021-04-23", {}), (type, "2021-04-26", data), order=order)
    assert error.value.article == DECISION


@pytest.mark.parametrize(
    ("on", "court", "article"),
    [
        ("2021-06-01", True, "《中华人民共和国行政诉讼法》第七十一条"),
        ("2024-06-01", False, "《中华人民共和国行政复议法》第六十四条第二款"),
        ("2021-06-01", False, ""),
    ],
)
def test_what_an_answer_anew_may_not_be(on, court, article):
    words, law = not_the_same_again(date.fromisoformat(on), court=court)
    assert law == article and "同一事实和理由" in words
    assert ("违反法定程序" in words) == (not court)


def test_the_results_of_an_amendment_stand_beside_the_outcomes():
    """Art. 41: amended and told; passed on or told; and the refusal, each by letter 28 with remedies."""
    assert list(amendments.AMENDMENTS) == ["record_amended", "record_forwarded", "record_kept"]
    for each in amendments.AMENDMENTS.values():
        assert each.law == ("《中华人民共和国政府信息公开条例》第四十一条",)
        assert each.letter_kind.title == "更正（转送）告知书"
        assert each.key not in OUTCOMES
    with pytest.raises(OutcomeError, match="没有“provided”"):
        amendments.amendment("provided")


def test_an_unsound_table_of_amendments_does_not_load():
    table = dict(amendments.AMENDMENTS)
    with pytest.raises(ValueError, match="passed on"):
        amendments.validate({key: row for key, row in table.items() if key != "record_forwarded"})
    kept = table["record_kept"]
    for broken in (
        amendments.Amendment("provided", kept.label, kept.law, 28, False),
        amendments.Amendment("x", kept.label, (), 28, False),
        amendments.Amendment("x", kept.label, kept.law, 4, False),
    ):
        with pytest.raises(ValueError):
            amendments.validate(table | {broken.key: broken})
