"""The running term day by day: which days counted, and why the others did not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from gongkai.rulebook.calendar import Calendar, DayKind
from gongkai.rulebook.clock_result import Clock
from gongkai.rulebook.consultation import Excluded


class TermDayKind(Enum):
    """Why a day counts or does not, in the words shown beside it."""

    DAY0 = "起算日（不计入）"
    COUNTED = "计入"
    MAKE_UP = "调休上班，计入"
    WEEKEND = "休息日"
    HOLIDAY = "法定节假日及调休放假"
    CONSULTATION = "征求意见期间"
    STOPPED = "期限停止计算（等待补正或者缴费）"

    @property
    def counts(self) -> bool:
        return self in (TermDayKind.COUNTED, TermDayKind.MAKE_UP)


_OF_CALENDAR = {
    DayKind.WORKING: TermDayKind.COUNTED,
    DayKind.MAKE_UP: TermDayKind.MAKE_UP,
    DayKind.WEEKEND: TermDayKind.WEEKEND,
    DayKind.HOLIDAY: TermDayKind.HOLIDAY,
}


@dataclass(frozen=True, slots=True)
class TermDay:
    """One day of a term. `number` is the count of term days up to it where it counts, else None.

    `provisional`: the holiday notice of its year is not loaded.
    """

    on: date
    kind: TermDayKind
    number: int | None
    provisional: bool


def term_days(clock: Clock, calendar: Calendar, through: date | None = None) -> Iterator[TermDay]:
    """Yield the days of the running term from its day 0 through `through` (default: the due day, else day 0).

    Where the term runs and is neither delayed nor ordered, the due day carries the number `clock.working_days`.
    CalendarError for a day after the calendar's end.
    """
    last = through or clock.due or clock.day0
    number = 0
    for ordinal in range(clock.day0.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        kind = _kind(day, clock, calendar)
        number += kind.counts
        yield TermDay(day, kind, number if kind.counts else None, not calendar.known(day.year))


def counted_days_left(clock: Clock, calendar: Calendar, as_of: date) -> int | None:
    """Term days still to come after `as_of`: 0 on the due day, negative working days when it has passed.

    Consultation days are not term days. None while the due day is unknown.
    """
    if clock.due is None:
        return None
    if as_of >= clock.due:
        return calendar.working_days_between(as_of, clock.due)
    start = max(as_of, clock.day0)
    fixed = clock.delayed_until is not None or clock.ordered_until is not None
    excluded = () if fixed else clock.excluded
    return calendar.working_days_between(start, clock.due) - sum(
        _overlap(calendar, each, start, clock.due) for each in excluded
    )


def _overlap(calendar: Calendar, excluded: Excluded, after: date, upto: date) -> int:
    first, last = max(excluded.after, after), min(excluded.upto or upto, upto)
    return calendar.working_days_between(first, last) if first < last else 0


def _kind(day: date, clock: Clock, calendar: Calendar) -> TermDayKind:
    kind = _OF_CALENDAR[calendar.kind(day)]
    if day == clock.day0:
        return TermDayKind.DAY0
    if not kind.counts or clock.ordered_until is not None:
        return kind
    if clock.stopped is not None and day > clock.stopped:
        return TermDayKind.STOPPED
    if any(each.after < day and (each.upto is None or day <= each.upto) for each in clock.excluded):
        return TermDayKind.CONSULTATION
    return kind
