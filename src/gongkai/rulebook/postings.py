"""Notices with an end date (公示), solicitations of opinions (征求意见) and hearings (听证): their kinds and terms.

The least term of a kind is data (data/postings.json) and is counted from the day after the first day (民法典第二百零一条);
what was not read in its text is advice and bars nothing. Pure: the days and the calendar are handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from gongkai.rulebook.calendar import Calendar
from gongkai.rulebook.datafiles import load
from gongkai.rulebook.remedies import add_months

WORKING, CALENDAR = "working_days", "days"
_UNITS = {WORKING: "个工作日", CALENDAR: "日"}


@dataclass(frozen=True, slots=True)
class PostingKind:
    """of: notice, solicitation or hearing. amount: the least term, 0 where the office sets it. explained: a shorter
    term is allowed with its reason. binding: whether the rule was read in its text."""

    key: str
    of: str
    label: str
    amount: int
    unit: str
    law: str
    explained: bool
    binding: bool

    @property
    def term(self) -> str:
        """The least term in words; empty where the office sets it."""
        return f"不少于{self.amount}{_UNITS[self.unit]}" if self.amount else ""

    def earliest_end(self, begins: date, calendar: Calendar) -> date:
        """The first day that may be the last one. CalendarError outside the calendar."""
        if self.unit == WORKING:
            return calendar.add_working_days(begins, self.amount)
        return begins + timedelta(days=self.amount)


_DATA = load("postings")
KINDS: Mapping[str, PostingKind] = MappingProxyType(
    {
        row["key"]: PostingKind(
            key=row["key"],
            of=row["of"],
            label=row["label"],
            amount=row["amount"],
            unit=row["unit"],
            law=row["law"],
            explained=row.get("explained", False),
            binding=row["verified"],
        )
        for row in _DATA["kinds"]
    }
)
RESULT_MONTHS: int = _DATA["result"]["amount"]
RESULT_LAW: str = _DATA["result"]["law"]


def result_due(ends: date, months: int = RESULT_MONTHS) -> date:
    """The last day for publishing what came of it: so many months after the last day (检查指标，互动交流)."""
    return add_months(ends, months)
