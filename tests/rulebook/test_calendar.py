"""The working-day calendar: vectors of rulebook 4.1 and 4.4, its algebra, and an independent data set."""

import json
import pickle
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook.calendar import (
    FIRST_DAY,
    LAST_DAY,
    Calendar,
    CalendarError,
    DayKind,
    HolidayNotice,
    parse_day,
    standard_calendar,
)

SHARED = Path(__file__).parents[3] / "shared" / "domain" / "holidays-2019-2026.json"
CALENDAR = standard_calendar()
days = st.dates(FIRST_DAY, LAST_DAY)
early_days = st.dates(FIRST_DAY, date(2090, 1, 1))
few = st.integers(0, 500)

VECTORS = """
2021-01-29 2021-02-08 2021-02-24 2021-03-03 2021-03-31
2021-04-23 2021-05-06 2021-05-17 2021-05-24 2021-06-22
2021-09-17 2021-09-28 2021-10-14 2021-10-21 2021-11-18
2021-12-31 2022-01-12 2022-01-24 2022-01-29 2022-03-03
2025-01-24 2025-02-10 2025-02-20 2025-02-27 2025-03-27
2025-09-26 2025-10-13 2025-10-23 2025-10-30 2025-11-27
2026-02-10 2026-02-26 2026-03-09 2026-03-16 2026-04-14
2026-04-29 2026-05-12 2026-05-22 2026-05-29 2026-06-29
2026-09-30 2026-10-15 2026-10-27 2026-11-03 2026-12-01
"""


@pytest.mark.parametrize("row", VECTORS.split("\n")[1:-1])
def test_the_vectors_of_rulebook_4_4(row: str) -> None:
    receipt, *due = (date.fromisoformat(cell) for cell in row.split())
    assert [CALENDAR.add_working_days(receipt, n) for n in (7, 15, 20, 40)] == due


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2021-02-07", DayKind.MAKE_UP),
        ("2021-02-11", DayKind.HOLIDAY),
        ("2021-02-13", DayKind.HOLIDAY),
        ("2021-03-06", DayKind.WEEKEND),
        ("2021-03-08", DayKind.WORKING),
        ("2022-01-29", DayKind.MAKE_UP),
        ("2026-05-04", DayKind.HOLIDAY),
    ],
)
def test_kinds_of_days(day: str, kind: DayKind) -> None:
    assert CALENDAR.kind(date.fromisoformat(day)) is kind
    assert CALENDAR.is_working_day(date.fromisoformat(day)) == kind.is_working


def test_every_day_of_the_loaded_years_agrees_with_chinesecalendar() -> None:
    day = date(2019, 1, 1)
    while day <= date(2026, 12, 31):
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared facts are not beside the clone")
def test_the_notices_are_those_of_the_shared_facts() -> None:
    shared = json.loads(SHARED.read_text(encoding="utf-8"))
    years = {int(key) for key in shared if key.isdigit()}
    assert set(CALENDAR.notices) == years
    for year in years:
        assert CALENDAR.notices[year] == HolidayNotice.from_json(
            year, shared[str(year)], CALENDAR.notices[year].source
        )


# The algebra that the module states


@given(days, days, days)
def test_between_is_additive(a: date, b: date, c: date) -> None:
    between = CALENDAR.working_days_between
    assert between(a, c) == between(a, b) + between(b, c)
    assert between(b, a) == -between(a, b)


@given(early_days, few)
def test_add_is_undone_by_between(a: date, n: int) -> None:
    assert CALENDAR.working_days_between(a, CALENDAR.add_working_days(a, n)) == n


@given(early_days, few, few)
def test_add_composes(a: date, m: int, n: int) -> None:
    add = CALENDAR.add_working_days
    assert add(add(a, m), n) == add(a, m + n)


@given(early_days, early_days, st.integers(1, 500))
def test_add_keeps_order_and_ends_on_a_working_day(a: date, b: date, n: int) -> None:
    first, second = CALENDAR.add_working_days(min(a, b), n), CALENDAR.add_working_days(max(a, b), n)
    assert first <= second
    assert first > min(a, b)
    assert CALENDAR.is_working_day(first)


@given(days, days)
def test_add_inverts_between_on_working_days(a: date, b: date) -> None:
    a, b = min(a, b), CALENDAR.on_or_after(min(max(a, b), date(2100, 12, 30)))
    if a < b:
        assert CALENDAR.add_working_days(a, CALENDAR.working_days_between(a, b)) == b


@given(st.dates(FIRST_DAY, date(2100, 12, 1)), st.integers(0, 30))
def test_between_is_what_counting_one_by_one_gives(a: date, span: int) -> None:
    counted = sum(CALENDAR.is_working_day(a + timedelta(days=n)) for n in range(1, span + 1))
    assert CALENDAR.working_days_between(a, a + timedelta(days=span)) == counted


@given(days)
def test_no_day_of_the_calendar_fails(day: date) -> None:
    assert CALENDAR.is_working_day(day) in (True, False)
    assert day <= CALENDAR.on_or_after(min(day, date(2100, 12, 30))) or day == LAST_DAY


# Unannounced years


@pytest.mark.parametrize(
    "day", ["2027-01-01", "2027-05-01", "2030-05-02", "2029-10-01", "2029-10-02", "2029-10-03"]
)
def test_an_unannounced_year_keeps_the_fixed_statutory_days(day: str) -> None:
    assert not CALENDAR.known(int(day[:4]))
    assert CALENDAR.kind(date.fromisoformat(day)) is DayKind.HOLIDAY


def test_an_unannounced_year_otherwise_follows_the_week() -> None:
    assert CALENDAR.is_working_day(date(2028, 5, 3))
    assert CALENDAR.is_working_day(date(2028, 10, 4))
    assert not CALENDAR.is_working_day(date(2028, 10, 7))


def test_a_result_that_used_an_unannounced_year_is_provisional() -> None:
    assert CALENDAR.deadline(date(2026, 12, 1), 20).provisional is False
    crossing = CALENDAR.deadline(date(2026, 12, 10), 20)
    assert (crossing.on, crossing.provisional) == (date(2027, 1, 8), True)
    assert not CALENDAR.is_provisional(date(2026, 12, 1), date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert not CALENDAR.is_provisional(date(2027, 1, 2), date(2027, 1, 2))


def test_a_further_notice_gives_a_new_calendar_and_leaves_the_old_one() -> None:
    notice = HolidayNotice(
        2027,
        frozenset({date(2027, 1, 1), date(2027, 1, 4), date(2026, 12, 31)}),
        frozenset({date(2027, 1, 9)}),
    )
    extended = CALENDAR.with_notice(notice)
    assert extended.deadline(date(2026, 12, 10), 20).on == date(2027, 1, 11)
    assert not extended.deadline(date(2026, 12, 10), 20).provisional
    assert extended.kind(date(2026, 12, 31)) is DayKind.HOLIDAY
    assert CALENDAR.deadline(date(2026, 12, 10), 20).provisional
    assert CALENDAR.is_working_day(date(2026, 12, 31))


def test_where_a_notice_is_loaded_it_alone_counts() -> None:
    loaded = CALENDAR.with_notice(HolidayNotice(2027, frozenset(), frozenset()))
    assert loaded.is_working_day(date(2027, 10, 1))


def test_only_the_years_of_the_counted_days_make_a_result_provisional() -> None:
    gap = Calendar({year: notice for year, notice in CALENDAR.notices.items() if year != 2025})
    assert gap.is_provisional(date(2025, 12, 30), date(2026, 1, 9))
    assert not gap.is_provisional(date(2025, 12, 31), date(2026, 1, 9))


def test_a_calendar_is_a_value() -> None:
    again = Calendar(dict(CALENDAR.notices))
    assert again == CALENDAR
    assert hash(again) == hash(CALENDAR)
    assert pickle.loads(pickle.dumps(CALENDAR)) == CALENDAR
    with pytest.raises(TypeError):
        CALENDAR.notices[2027] = CALENDAR.notices[2026]  # type: ignore[index]


def test_left_is_zero_on_the_last_day_and_negative_after_it() -> None:
    due = date(2026, 3, 30)
    assert CALENDAR.working_days_left(date(2026, 3, 27), due) == 1
    assert CALENDAR.working_days_left(date(2026, 3, 28), due) == 1
    assert CALENDAR.working_days_left(due, due) == 0
    assert CALENDAR.working_days_left(date(2026, 4, 1), due) == -2


# Refusals


@pytest.mark.parametrize("day", [date(2018, 12, 31), date(2101, 1, 1), date.min, date.max])
def test_a_day_outside_the_calendar_is_refused_in_plain_words(day: date) -> None:
    for act in (
        CALENDAR.is_working_day,
        CALENDAR.kind,
        lambda d: CALENDAR.add_working_days(d, 1),
        lambda d: CALENDAR.working_days_between(d, d),
    ):
        with pytest.raises(CalendarError, match=r"不在日历范围内.*2019-01-01"):
            act(day)


def test_a_result_beyond_the_end_is_refused() -> None:
    with pytest.raises(CalendarError, match="超出日历的最后一日"):
        CALENDAR.add_working_days(LAST_DAY, 1)
    with pytest.raises(CalendarError):
        CALENDAR.add_working_days(FIRST_DAY, 10**9)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(FIRST_DAY, -1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"off": ["2027-01-01"]}, "缺少日期列表 work"),
        ({"off": "2027-01-01", "work": []}, "缺少日期列表 off"),
        ({"off": ["2027-1-1"], "work": []}, "不是 YYYY-MM-DD 形式"),
        ({"off": ["2027-02-30"], "work": []}, "不是 YYYY-MM-DD 形式"),
        ({"off": ["2025-12-31"], "work": []}, "不属于该年"),
        ({"off": ["2027-01-02"], "work": ["2027-01-02"]}, "同时列为放假和上班"),
        ({"off": [], "work": ["2027-01-04"]}, "星期一至星期五"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(content: dict[str, object], message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        HolidayNotice.from_json(2027, content)


def test_a_notice_outside_the_calendar_or_under_a_wrong_year_is_refused() -> None:
    with pytest.raises(CalendarError, match="2018"):
        HolidayNotice(2018, frozenset(), frozenset())
    with pytest.raises(CalendarError, match="2027年"):
        Calendar({2027: HolidayNotice(2028, frozenset(), frozenset())})


@pytest.mark.parametrize(
    "text", ["20210101", "2021-W01-1", "2021-1-1", "２０２１-01-01", "2021-01-01T00:00", ""]
)
def test_only_one_way_to_write_a_day(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)
