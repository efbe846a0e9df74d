"""The working-day calendar of mainland China (rulebook 4.1).

A working day is a Monday to Friday that no notice of the State Council marks off, or a weekend day that a
notice turns into one (调休上班). A year whose notice is not loaded follows the fixed statutory days only, and
every result that needed such a year is provisional (暂定).

The algebra, for days a, b, c and W(d) = the number of working days up to and including d:

* between(a, b) = W(b) - W(a) counts the working days x with a < x ≤ b, so it is additive,
  between(a, c) = between(a, b) + between(b, c), and between(b, a) = -between(a, b);
* add(a, n), n ≥ 1, is the n-th working day after a, so between(a, add(a, n)) = n and
  add(add(a, m), n) = add(a, m + n);
* add(a, between(a, b)) = b for every working day b > a: add is the inverse of between.

W is a table and so is the list of working days; each operation is one or two look-ups, whatever the span.
"""

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.datafiles import load

FIRST_DAY = date(2019, 1, 1)
LAST_DAY = date(2100, 12, 31)

# 全国年节及纪念日放假办法: the days that have a fixed date in the solar calendar.
FIXED_STATUTORY_DAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class CalendarError(ValueError):
    """A day outside the calendar, or a notice that contradicts itself; the text is for users."""


class DayKind(Enum):
    """What a day is, in the words of the explanation of a term."""

    WORKING = "工作日"
    MAKE_UP = "调休上班"
    WEEKEND = "休息日"
    HOLIDAY = "法定节假日及调休放假"

    @property
    def is_working(self) -> bool:
        return self in (DayKind.WORKING, DayKind.MAKE_UP)


def parse_day(text: str) -> date:
    """Return the day written as YYYY-MM-DD; ValueError for every other form, also ISO's shorter ones."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(f"not a day in the form YYYY-MM-DD: {text[:40]!r}")
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A computed last day. `provisional`: it used a year whose holiday notice is not loaded."""

    on: date
    provisional: bool


@dataclass(frozen=True)
class HolidayNotice:
    """One year's notice: the days off (放假、调休) and the weekend days worked (调休上班).

    A notice may reach back into December of the year before, as that of 2023 did with 2022-12-31.
    Raises CalendarError where it contradicts itself.
    """

    year: int
    off: frozenset[date]
    work: frozenset[date]
    source: str = ""

    def __post_init__(self) -> None:
        if not FIRST_DAY.year <= self.year <= LAST_DAY.year:
            raise CalendarError(
                f"放假通知的年份 {self.year} 不在日历范围（{FIRST_DAY.year}—{LAST_DAY.year}年）内。"
            )
        for day in sorted(self.off | self.work):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise CalendarError(f"{self.year}年放假通知含有不属于该年的日期 {day}，请核对。")
        for day in sorted(self.off & self.work):
            raise CalendarError(f"{self.year}年放假通知把 {day} 同时列为放假和上班，请核对。")
        for day in sorted(self.work):
            if day.weekday() < 5:
                raise CalendarError(
                    f"{self.year}年放假通知把 {day} 列为调休上班，但该日是星期一至星期五，请核对。"
                )

    @classmethod
    def from_json(cls, year: int, content: Mapping[str, Any], source: str = "") -> "HolidayNotice":
        """Read {"off": ["YYYY-MM-DD", …], "work": […]}; CalendarError names what cannot be read."""
        lists: dict[str, frozenset[date]] = {}
        for name in ("off", "work"):
            entries = content.get(name)
            if not isinstance(entries, list):
                raise CalendarError(f"{year}年放假通知缺少日期列表 {name}。")
            try:
                lists[name] = frozenset(parse_day(str(entry)) for entry in entries)
            except ValueError:
                raise CalendarError(
                    f"{year}年放假通知的 {name} 中有不是 YYYY-MM-DD 形式的日期，请核对。"
                ) from None
        return cls(year, lists["off"], lists["work"], source)


@dataclass(frozen=True)
class Calendar:
    """An immutable calendar made of the notices by year; a further notice gives a new one (`with_notice`).

    Days before 2019-01-01 or after 2100-12-31 raise CalendarError.
    """

    notices: Mapping[int, HolidayNotice]
    _kinds: Mapping[date, DayKind] = field(init=False, repr=False, compare=False)
    _count: "array[int]" = field(init=False, repr=False, compare=False)
    _working: "array[int]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        marked: dict[date, DayKind] = {}
        for year in sorted(self.notices):
            notice = self.notices[year]
            if notice.year != year:
                raise CalendarError(f"{notice.year}年的放假通知登记在了{year}年下。")
            marked.update(dict.fromkeys(notice.off, DayKind.HOLIDAY))
            marked.update(dict.fromkeys(notice.work, DayKind.MAKE_UP))
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
            if year not in self.notices:
                for month, day in FIXED_STATUTORY_DAYS:
                    marked.setdefault(date(year, month, day), DayKind.HOLIDAY)

        count, working, total = array("l"), array("l"), 0
        first = FIRST_DAY.toordinal()
        ordinals = {day.toordinal(): kind.is_working for day, kind in marked.items()}
        for ordinal in range(first, LAST_DAY.toordinal() + 1):
            # Ordinal 1 (0001-01-01) was a Monday.
            if ordinals.get(ordinal, (ordinal - 1) % 7 < 5):
                working.append(ordinal)
                total += 1
            count.append(total)
        object.__setattr__(self, "notices", MappingProxyType(dict(self.notices)))
        object.__setattr__(self, "_kinds", MappingProxyType(marked))
        object.__setattr__(self, "_count", count)
        object.__setattr__(self, "_working", working)

    def __hash__(self) -> int:
        return hash(frozenset(self.notices.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Calendar, (dict(self.notices),)

    @classmethod
    def of(cls, notices: Iterable[HolidayNotice]) -> "Calendar":
        """A calendar of these notices; of two for one year the later in order counts."""
        return cls({notice.year: notice for notice in notices})

    def with_notice(self, notice: HolidayNotice) -> "Calendar":
        """A new calendar that also knows `notice`, which replaces an earlier one of its year."""
        return Calendar({**self.notices, notice.year: notice})

    def known(self, year: int) -> bool:
        """Whether the notice of `year` is loaded; if not, results in it are provisional."""
        return year in self.notices

    def kind(self, day: date) -> DayKind:
        """What `day` is."""
        self._index(day)
        plain = DayKind.WORKING if day.weekday() < 5 else DayKind.WEEKEND
        return self._kinds.get(day, plain)

    def is_working_day(self, day: date) -> bool:
        return self.kind(day).is_working

    def add_working_days(self, day0: date, n: int) -> date:
        """The n-th working day after `day0`, which itself never counts (rulebook 4.3(1)); n ≥ 0, 0 is `day0`.

        CalendarError where the calendar ends before the n-th day.
        """
        if n < 0:
            raise ValueError("a number of working days is not negative")
        before = self._count[self._index(day0)]
        if n == 0:
            return day0
        if before + n > len(self._working):
            raise CalendarError(f"自 {day0} 起第{n}个工作日超出日历的最后一日 {LAST_DAY}。")
        return date.fromordinal(self._working[before + n - 1])

    def working_days_between(self, a: date, b: date) -> int:
        """The number of working days x with a < x ≤ b; negative where b is before a."""
        return self._count[self._index(b)] - self._count[self._index(a)]

    def working_days_left(self, today: date, due: date) -> int:
        """Working days after `today` up to `due`: 0 on the last day, negative when working days have passed."""
        return self.working_days_between(today, due)

    def on_or_after(self, day: date) -> date:
        """`day` itself where it is a working day, else the next one."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def is_provisional(self, after: date, upto: date) -> bool:
        """Whether some day x with after < x ≤ upto lies in a year whose notice is not loaded."""
        if upto <= after:
            return False
        first = (after + timedelta(days=1)).year
        return any(year not in self.notices for year in range(first, upto.year + 1))

    def deadline(self, day0: date, n: int) -> Deadline:
        """`add_working_days` together with whether it is provisional."""
        on = self.add_working_days(day0, n)
        return Deadline(on, self.is_provisional(day0, on))

    def _index(self, day: date) -> int:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CalendarError(
                f"日期 {day} 不在日历范围内：工作日历自 {FIRST_DAY} 起，至 {LAST_DAY} 止，请核对日期。"
            )
        return day.toordinal() - FIRST_DAY.toordinal()


@lru_cache(maxsize=1)
def standard_calendar() -> Calendar:
    """The calendar of the notices that come with this version (data/holidays.json)."""
    data = load("holidays")
    return Calendar.of(
        HolidayNotice.from_json(int(year), content, data["source"])
        for year, content in data["notices"].items()
    )
