"""The statutory clock on cases: rulebook 4.3, 4.4 and every sentence of the command's definition."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gongkai.rulebook.calendar import HolidayNotice, standard_calendar
from gongkai.rulebook.clock import clock
from gongkai.rulebook.clock_result import Clock, ClockState
from gongkai.rulebook.consultation import WaitingFor
from gongkai.rulebook.events import ClockError, Event, EventType, event_from_json, events_from_json
from gongkai.rulebook.term_days import TermDayKind, counted_days_left, term_days

CALENDAR = standard_calendar()


def case(*lines: str) -> list[Event]:
    """Write a case as lines: type day [field=value …]."""
    events = []
    for line in lines:
        kind, on, *more = line.split()
        entry: dict[str, Any] = {"type": kind, "on": on}
        for pair in more:
            name, _, value = pair.partition("=")
            entry[name] = {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value)
        events.append(event_from_json(entry))
    return events


def run(*lines: str, as_of: str | None = None) -> Clock:
    return clock(case(*lines), CALENDAR, date.fromisoformat(as_of) if as_of else None)


def due(*lines: str) -> str | None:
    day = run(*lines).due
    return day and day.isoformat()


RECEIVED = "received 2026-03-02"  # term to 2026-03-30, correction notice to 2026-03-11


# Rulebook 4.4


@pytest.mark.parametrize(
    ("receipt", "plain", "extended"),
    [
        ("2021-01-29", "2021-03-03", "2021-03-31"),
        ("2021-04-23", "2021-05-24", "2021-06-22"),
        ("2021-09-17", "2021-10-21", "2021-11-18"),
        ("2021-12-31", "2022-01-29", "2022-03-03"),
        ("2025-01-24", "2025-02-27", "2025-03-27"),
        ("2025-09-26", "2025-10-30", "2025-11-27"),
        ("2026-02-10", "2026-03-16", "2026-04-14"),
        ("2026-04-29", "2026-05-29", "2026-06-29"),
        ("2026-09-30", "2026-11-03", "2026-12-01"),
    ],
)
def test_term_and_full_extension(receipt: str, plain: str, extended: str) -> None:
    assert due(f"received {receipt}") == plain
    assert due(f"received {receipt}", f"extended {plain} working_days=20") == extended


def test_third_party_vector() -> None:
    assert due(RECEIVED, "third_party_asked 2026-03-09", "third_party_answered 2026-03-26") == "2026-04-17"


def test_correction_vector() -> None:
    result = run(RECEIVED, "correction_requested 2026-03-11", "correction_received 2026-03-20")
    assert result.correction_limit.on == date(2026, 3, 11)
    assert result.due == date(2026, 4, 20)
    assert result.day0 == date(2026, 3, 20)


def test_opinion_and_payment_vectors() -> None:
    (opinion,) = run(RECEIVED, "third_party_asked 2026-03-11").waiting
    assert (opinion.whom, opinion.until) == (WaitingFor.THIRD_PARTY, date(2026, 4, 1))
    (payment,) = run("received 2026-02-25", "fee_notified 2026-03-02").waiting
    assert (payment.whom, payment.until) == (WaitingFor.PAYMENT, date(2026, 3, 30))
    assert not payment.expired(date(2026, 3, 30))
    assert payment.expired(date(2026, 3, 31))


# Correction and fee: the term stops, then begins anew


def test_the_term_stands_still_while_a_correction_is_awaited() -> None:
    result = run(RECEIVED, "correction_requested 2026-03-04 until=2026-03-18", as_of="2027-01-01")
    assert (result.due, result.overdue, result.state) == (None, None, ClockState.AWAITING_CORRECTION)
    assert [(each.whom, each.until) for each in result.waiting] == [
        (WaitingFor.CORRECTION, date(2026, 3, 18))
    ]


def test_a_late_correction_is_left_to_a_person() -> None:
    result = run(
        RECEIVED, "correction_requested 2026-03-04 until=2026-03-18", "correction_received 2026-03-25"
    )
    assert result.due == date(2026, 4, 23)
    assert "由承办人认定" in result.steps[2].effect


def test_payment_on_its_last_day_starts_a_fresh_term() -> None:
    assert due("received 2026-02-25", "fee_notified 2026-03-02", "fee_paid 2026-03-30") == "2026-04-28"


def test_a_restart_forgets_extension_exclusion_and_delay() -> None:
    fresh = due("received 2026-03-20")
    for before in (
        ["extended 2026-03-03 working_days=20"],
        ["third_party_asked 2026-03-03", "third_party_answered 2026-03-10"],
        ["delayed 2026-03-04 until=2026-09-01"],
    ):
        events = [RECEIVED, *before, "fee_notified 2026-03-10", "fee_paid 2026-03-20"]
        assert due(*events) == fresh
        assert run(*events).working_days == 20


def test_the_one_extension_stays_used_after_a_restart() -> None:
    with pytest.raises(ClockError, match="只能延长一次"):
        run(
            RECEIVED,
            "extended 2026-03-03 working_days=5",
            "fee_notified 2026-03-10",
            "fee_paid 2026-03-20",
            "extended 2026-03-23 working_days=5",
        )


def test_a_consultation_begun_before_a_restart_excludes_only_what_lies_after_it() -> None:
    events = [
        RECEIVED,
        "third_party_asked 2026-03-03",
        "correction_requested 2026-03-04",
        "correction_received 2026-03-20",
        "third_party_answered 2026-03-24",
    ]
    # 03-23 and 03-24 are excluded: 2026-04-20 moves by two working days.
    assert due(*events) == "2026-04-22"


def test_a_payment_does_not_start_the_term_while_a_correction_is_awaited() -> None:
    events = [RECEIVED, "correction_requested 2026-03-04", "fee_notified 2026-03-05", "fee_paid 2026-03-06"]
    assert run(*events).state is ClockState.AWAITING_CORRECTION
    assert due(*events) is None
    assert due(*events, "correction_received 2026-03-20") == "2026-04-20"


# Consultation


def test_silence_excludes_the_fifteen_working_days_and_a_later_answer_nothing_more() -> None:
    asked = [RECEIVED, "third_party_asked 2026-03-11"]
    # 15 working days excluded up to 2026-04-01, 7 counted before: 13 more after it.
    assert due(*asked) == "2026-04-21"
    assert due(*asked, "third_party_answered 2026-04-15") == "2026-04-21"
    assert due(*asked, "third_party_answered 2026-04-01") == "2026-04-21"
    assert due(*asked, "third_party_answered 2026-03-31") == "2026-04-20"


def test_silence_is_read_differently_for_third_party_and_co_maker() -> None:
    def effects(asked: str, as_of: str) -> str:
        return "".join(step.effect for step in run(RECEIVED, asked, as_of=as_of).steps)

    assert "由本机关依照条例规定决定" in effects("third_party_asked 2026-03-11", "2026-04-02")
    assert "视为同意公开" in effects("agency_consulted 2026-03-11", "2026-04-02")
    assert "视为同意公开" not in effects("agency_consulted 2026-03-11", "2026-04-01")
    assert "逾期不视为同意" in effects("agency_consulted 2026-03-11 co_maker=false", "2026-12-01")


def test_time_under_way_is_excluded_where_the_sending_day_is_recorded() -> None:
    answered = "third_party_answered 2026-03-26"
    assert due(RECEIVED, "third_party_asked 2026-03-11 sent=2026-03-09", answered) == "2026-04-17"
    assert due(RECEIVED, "third_party_asked 2026-03-11", answered) == "2026-04-15"


def test_sending_day_does_not_lengthen_the_fifteen_days() -> None:
    (wait,) = run(RECEIVED, "third_party_asked 2026-03-11 sent=2026-03-05").waiting
    assert wait.until == date(2026, 4, 1)


def test_another_agency_has_no_cap() -> None:
    asked = [RECEIVED, "agency_consulted 2026-03-09 co_maker=false"]
    result = run(*asked, as_of="2026-12-01")
    assert (result.due, result.overdue, result.state) == (None, None, ClockState.AWAITING_AGENCY)
    assert due(*asked, "agency_answered 2026-06-30") == "2026-07-21"
    assert due(RECEIVED, "agency_consulted 2026-03-09 co_maker=true") == due(
        RECEIVED, "agency_consulted 2026-03-09"
    )


def test_a_consultation_that_begins_when_the_term_has_ended_does_not_hide_its_end() -> None:
    for asked in ("2026-03-30", "2026-03-31"):
        result = run(RECEIVED, f"agency_consulted {asked} co_maker=false", as_of="2026-04-10")
        assert (result.due, result.overdue) == (date(2026, 3, 30), True)


def test_overlapping_consultations_are_merged() -> None:
    one = due(RECEIVED, "third_party_asked 2026-03-09", "third_party_answered 2026-03-26")
    assert (
        due(
            RECEIVED,
            "third_party_asked 2026-03-09 ref=a",
            "agency_consulted 2026-03-11",
            "third_party_asked 2026-03-12 ref=b",
            "third_party_answered 2026-03-16 ref=b",
            "agency_answered 2026-03-20",
            "third_party_answered 2026-03-26 ref=a",
        )
        == one
    )
    assert len(run(RECEIVED, "third_party_asked 2026-03-09", "third_party_asked 2026-03-10").excluded) == 1


def test_consultations_that_meet_become_one() -> None:
    result = run(
        RECEIVED,
        "third_party_asked 2026-03-03",
        "third_party_answered 2026-03-05",
        "agency_consulted 2026-03-05",
        "agency_answered 2026-03-10",
        "agency_consulted 2026-03-12",
        "agency_answered 2026-03-13",
    )
    spans = [(each.after.day, each.upto and each.upto.day) for each in result.excluded]
    assert spans == [(3, 10), (12, 13)]


def test_an_answer_closes_its_reference_or_the_oldest_open_one() -> None:
    two = [RECEIVED, "third_party_asked 2026-03-03 ref=a", "third_party_asked 2026-03-05 ref=b"]
    assert [each.ref for each in run(*two, "third_party_answered 2026-03-06 ref=b").waiting] == ["a"]
    assert [each.ref for each in run(*two, "third_party_answered 2026-03-06").waiting] == ["b"]
    kinds = [RECEIVED, "agency_consulted 2026-03-03", "agency_consulted 2026-03-05 co_maker=false"]
    assert run(*kinds, "agency_answered 2026-03-06").waiting[0].whom is WaitingFor.OTHER_AGENCY
    assert run(*kinds, "agency_answered 2026-03-06 co_maker=false").waiting[0].whom is WaitingFor.CO_MAKER


def test_consultation_and_extension_do_not_lengthen_the_time_for_a_correction_request() -> None:
    with pytest.raises(ClockError, match="2026-03-11"):
        run(RECEIVED, "third_party_asked 2026-03-03", "correction_requested 2026-03-12")
    with pytest.raises(ClockError, match="第三十条"):
        run(RECEIVED, "extended 2026-03-03 working_days=20", "correction_requested 2026-03-12")


# Extension and delay


def test_an_extension_is_lawful_on_the_due_day_and_during_a_consultation() -> None:
    assert due(RECEIVED, "extended 2026-03-30 working_days=1") == "2026-03-31"
    open_case = [RECEIVED, "agency_consulted 2026-03-09 co_maker=false", "extended 2026-04-20 working_days=3"]
    assert due(*open_case, "agency_answered 2026-04-21") == due(
        RECEIVED,
        "agency_consulted 2026-03-09 co_maker=false",
        "agency_answered 2026-04-21",
        "extended 2026-04-22 working_days=3",
    )


def test_on_a_saturday_after_a_due_friday_it_is_late() -> None:
    assert due("received 2021-08-06") == "2021-09-03"  # a Friday
    with pytest.raises(ClockError, match="已于 2021-09-03 届满"):
        run("received 2021-08-06", "extended 2021-09-04 working_days=5")


def test_a_delay_sets_the_day_itself() -> None:
    result = run(RECEIVED, "delayed 2026-03-20 until=2026-08-29", as_of="2026-08-29")
    assert (result.due, result.overdue, result.state) == (date(2026, 8, 29), False, ClockState.DELAYED)
    assert (
        due(RECEIVED, "delayed 2026-03-20 until=2026-08-29", "third_party_asked 2026-03-23") == "2026-08-29"
    )


# Overdue and provisional


@pytest.mark.parametrize(("as_of", "overdue"), [(None, None), ("2026-03-30", False), ("2026-03-31", True)])
def test_overdue_by_the_day_of_looking(as_of: str | None, overdue: bool | None) -> None:
    assert run(RECEIVED, as_of=as_of).overdue is overdue


@pytest.mark.parametrize(("answered", "overdue"), [("2026-03-30", False), ("2026-03-31", True)])
def test_overdue_by_the_answer(answered: str, overdue: bool) -> None:
    result = run(RECEIVED, f"answered {answered}", as_of="2026-12-31")
    assert (result.overdue, result.state, result.waiting) == (overdue, ClockState.ANSWERED, ())


def test_a_term_into_an_unannounced_year_is_provisional_until_its_notice_is_loaded() -> None:
    events = case("received 2026-12-10")
    assert (clock(events, CALENDAR).due, clock(events, CALENDAR).provisional) == (date(2027, 1, 8), True)
    assert "暂定" in clock(events, CALENDAR).steps[0].effect
    loaded = CALENDAR.with_notice(
        HolidayNotice(2027, frozenset({date(2027, 1, 1), date(2027, 1, 4)}), frozenset())
    )
    assert (clock(events, loaded).due, clock(events, loaded).provisional) == (date(2027, 1, 11), False)
    assert not run("received 2026-11-20").provisional


def test_a_payment_limit_in_an_unannounced_year_is_provisional() -> None:
    result = run("received 2026-12-10", "fee_notified 2026-12-15")
    assert (result.due, result.provisional) == (None, True)


def test_a_request_judged_by_counting_days_of_an_unannounced_year_is_provisional() -> None:
    requested = run("received 2026-12-30", "correction_requested 2027-01-05")
    assert (requested.due, requested.provisional) == (None, True)
    assert not run("received 2026-12-10", "correction_requested 2026-12-15").provisional


def test_an_opinion_that_cannot_move_the_due_day_does_not_make_it_provisional() -> None:
    result = run("received 2026-11-20", "third_party_asked 2026-12-18")
    assert (result.due, result.provisional) == (date(2026, 12, 18), False)
    assert result.waiting[0].provisional


def test_a_delay_into_an_unannounced_year_is_a_set_day() -> None:
    assert not run(RECEIVED, "delayed 2026-03-20 until=2027-03-01").provisional


def test_what_was_in_time_when_it_was_entered_stays_and_its_step_says_what_the_notice_makes_of_it() -> None:
    worked = CALENDAR.with_notice(
        HolidayNotice(2027, frozenset({date(2027, 1, 1)}), frozenset({date(2027, 1, 30)}))
    )
    for lines, words, article in (
        (["received 2027-01-21", "correction_requested 2027-02-01"], "至 2027-01-30", "第三十条"),
        (["received 2027-01-11", "extended 2027-02-08 working_days=5"], "2027-02-05 届满", "第三十三条"),
        (["received 2027-01-11", "fee_notified 2027-02-08"], "2027-02-05 届满", "第四十二条"),
        (
            ["received 2027-01-08", "fee_notified 2027-01-11", "fee_paid 2027-02-08"],
            "至 2027-02-05",
            "第四十二条",
        ),
    ):
        events = case(*lines)
        assert clock(events, CALENDAR).provisional
        with pytest.raises(ClockError, match=words):
            clock(events, worked)
        result = clock([replace(each, settled=True) for each in events], worked)
        (said,) = [step for step in result.steps if "重新计算：" in step.effect]
        assert words in said.effect
        assert article in said.law
        assert said.on == events[-1].on


# Explanation


def test_every_step_says_what_happened_and_by_which_article() -> None:
    result = run(
        RECEIVED,
        "correction_requested 2026-03-11",
        "correction_received 2026-03-20",
        "agency_consulted 2026-03-23 co_maker=false",
        "agency_answered 2026-03-25",
        "fee_notified 2026-03-26",
        "fee_paid 2026-03-27",
        "extended 2026-03-30 working_days=5",
        "delayed 2026-03-31 until=2026-06-01",
    )
    articles = [
        "三十一",
        "三十",
        "三十",
        "三十三",
        "三十三",
        "四十二",
        "四十二",
        "三十三",
        "三十五",
        "三十五",
    ]
    assert len(result.steps) == len(articles)
    for step, article in zip(result.steps, articles, strict=True):
        assert f"第{article}条" in step.law
        assert step.effect.endswith("。")
    assert [step.on for step in result.steps] == sorted(step.on for step in result.steps)


def test_the_days_of_a_term_say_why_each_counts_or_not() -> None:
    result = run("received 2026-02-10", "third_party_asked 2026-02-11", "third_party_answered 2026-02-13")
    days = {day.on.isoformat()[5:]: day for day in term_days(result, CALENDAR)}
    assert days["02-10"].kind is TermDayKind.DAY0
    assert (days["02-11"].kind, days["02-11"].number) == (TermDayKind.COUNTED, 1)
    assert (days["02-12"].kind, days["02-12"].number) == (TermDayKind.CONSULTATION, None)
    assert (days["02-14"].kind, days["02-14"].number) == (TermDayKind.MAKE_UP, 2)
    assert days["02-17"].kind is TermDayKind.HOLIDAY
    assert days["03-01"].kind is TermDayKind.WEEKEND
    last = list(days.values())[-1]
    assert (last.on, last.number) == (result.due, 20)


def test_the_days_of_a_stopped_term() -> None:
    result = run(RECEIVED, "correction_requested 2026-03-04")
    kinds = [day.kind for day in term_days(result, CALENDAR, date(2026, 3, 6))]
    assert kinds == [TermDayKind.DAY0, *[TermDayKind.COUNTED] * 2, *[TermDayKind.STOPPED] * 2]


def test_a_second_fee_notice_leaves_the_term_standing_since_the_first() -> None:
    result = run(RECEIVED, "fee_notified 2026-03-04", "fee_notified 2026-03-06")
    assert result.stopped == date(2026, 3, 4)
    assert result.waiting[0].until == date(2026, 4, 3)


def test_days_left_leave_consultation_out() -> None:
    result = run(RECEIVED, "third_party_asked 2026-03-09", "third_party_answered 2026-03-26")
    left = [counted_days_left(result, CALENDAR, date.fromisoformat(day)) for day in
            ("2026-03-02", "2026-03-09", "2026-03-20", "2026-03-26", "2026-04-17", "2026-04-20")]  # fmt: skip
    assert left == [20, 15, 15, 15, 0, -1]
    assert (
        counted_days_left(run(RECEIVED, "correction_requested 2026-03-04"), CALENDAR, date(2026, 3, 5))
        is None
    )


# Refusals: each names its article or its form

REFUSALS = [
    ([RECEIVED, "correction_requested 2026-03-03", "correction_received 2026-03-04", "correction_requested 2026-03-05"], "第三十条"),
    ([RECEIVED, "correction_requested 2026-03-12"], "第三十条"),
    ([RECEIVED, "extended 2026-03-05 working_days=21"], "第三十三条第二款"),
    ([RECEIVED, "extended 2026-03-05 working_days=5", "extended 2026-03-06 working_days=5"], "第三十三条第二款"),
    ([RECEIVED, "extended 2026-03-31 working_days=5"], "第三十三条第二款"),
    ([RECEIVED, "correction_requested 2026-03-05", "extended 2026-03-06 working_days=5"], "第三十三条第二款"),
    ([RECEIVED, "fee_notified 2026-03-05", "extended 2026-03-06 working_days=5"], "第三十三条第二款"),
    ([RECEIVED, "fee_notified 2026-03-31"], "第四十二条"),
    (["received 2026-02-25", "fee_notified 2026-03-02", "fee_paid 2026-03-31"], "第四十二条"),
    (["received 2026-02-25", "fee_notified 2026-03-02", "fee_notified 2026-03-31"], "第四十二条"),
    ([RECEIVED, "fee_paid 2026-03-05"], "第四十二条"),
    ([RECEIVED, "correction_received 2026-03-05"], "第三十条"),
    ([RECEIVED, "third_party_answered 2026-03-05"], "第三十二条"),
    ([RECEIVED, "agency_answered 2026-03-05"], "第三十三条第三款"),
    ([RECEIVED, "agency_consulted 2026-03-04", "third_party_answered 2026-03-05"], "第三十二条"),
    ([RECEIVED, "agency_consulted 2026-03-04", "agency_answered 2026-03-05", "agency_answered 2026-03-06"], "第三十三条"),
    ([RECEIVED, "third_party_asked 2026-03-04 ref=a", "third_party_answered 2026-03-05 ref=b"], "“b”"),
    ([RECEIVED, "third_party_asked 2026-03-04 sent=2026-03-05"], "晚于"),
    ([RECEIVED, "third_party_asked 2026-03-04 sent=2026-02-27"], "早于收到申请之日"),
    ([RECEIVED, "answered 2026-03-05", "extended 2026-03-06 working_days=5"], "已于 2026-03-05 答复"),
    ([RECEIVED, "answered 2026-03-05", "answered 2026-03-06"], "已于 2026-03-05 答复"),
    (["correction_requested 2026-03-05"], "第三十一条"),
    (["answered 2026-03-01", RECEIVED], "第三十一条"),
    ([RECEIVED, RECEIVED], "第三十一条"),
    (["received 2019-05-14"], "2019-05-15 起施行"),
    (["received 1900-01-01"], "2019-05-15 起施行"),
    ([RECEIVED, "fee_notified 2026-03-01"], "先后颠倒"),
    ([RECEIVED, "correction_requested 2026-03-05 until=2026-03-04"], "第三十条"),
    ([RECEIVED, "delayed 2026-03-05 until=2026-03-04"], "第三十五条"),
    ([RECEIVED, "delayed 2026-03-05"], "until"),
    ([RECEIVED, "extended 2026-03-05 working_days=0"], "working_days"),
    (["received 2101-01-01"], "2100-12-31"),
    (["received 2100-12-20"], "超出日历"),
    ([], "received"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "words"), REFUSALS)
def test_an_unlawful_case_is_refused_with_its_reason(lines: list[str], words: str) -> None:
    with pytest.raises(ClockError) as caught:
        run(*lines)
    assert words in str(caught.value)
    if lines:
        assert caught.value.position == len(lines) or lines[0].startswith(("answered", "correction"))


def test_the_first_day_of_the_regulation_is_accepted() -> None:
    assert due("received 2019-05-15") == "2019-06-13"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"type": "telephoned", "on": "2026-03-02"}, "“telephoned”"),
        ({"type": ["received"], "on": "2026-03-02"}, "列表"),
        ({"on": "2026-03-02"}, "type"),
        ({"type": "received"}, "缺少日期 on"),
        ({"type": "received", "on": "2026-02-30"}, "“2026-02-30”"),
        ({"type": "received", "on": "20260302"}, "YYYY-MM-DD"),
        ({"type": "received", "on": 20260302}, "YYYY-MM-DD"),
        ({"type": "delayed", "on": "2026-03-02", "until": "soon"}, "until"),
        ({"type": "third_party_asked", "on": "2026-03-02", "sent": "x\x1b" * 50}, "sent"),
        ({"type": "third_party_asked", "on": "2026-03-02", "ref": {}}, "ref"),
        ({"type": "agency_consulted", "on": "2026-03-02", "co_maker": "no"}, "co_maker"),
        ({"type": "extended", "on": "2026-03-02"}, "working_days"),
        ({"type": "extended", "on": "2026-03-02", "working_days": True}, "working_days"),
        ({"type": "extended", "on": "2026-03-02", "working_days": 5.0}, "working_days"),
        ("received", "对象"),
    ],
)
def test_a_broken_form_is_named(entry: Any, words: str) -> None:
    with pytest.raises(ClockError) as caught:
        events_from_json([entry])
    assert words in str(caught.value)
    assert str(caught.value).startswith("第1个事件：")
    assert caught.value.article is None
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("content", [None, {}, "received", 7])
def test_events_must_be_a_list(content: Any) -> None:
    with pytest.raises(ClockError, match="列表"):
        events_from_json(content)


def test_every_event_type_has_a_label_for_messages() -> None:
    assert len({kind.label for kind in EventType}) == len(EventType)
