"""The veto numbers on columns of the check of government sites (国办秘函〔2019〕19号, rulebook 7.2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.rulebook.datafiles import load


@dataclass(frozen=True, slots=True)
class Cycle:
    """How often a class of columns is updated: within days or months, or as needed."""

    code: str
    label: str
    days: int = 0
    months: int = 0

    def due(self, last: date) -> date | None:
        """The last day for an update after one on `last`; None where it is updated as needed."""
        if self.days:
            return last + timedelta(days=self.days)
        if not self.months:
            return None
        year, month = divmod(last.month - 1 + self.months, 12)
        return date(last.year + year, month + 1, min(last.day, 28))


_DATA = load("site_checks")
LAW = "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）"
CYCLES = {row["code"]: Cycle(**row) for row in _DATA["cycles"]}
NOT_UPDATED, LONG_NOT_UPDATED, EMPTY = (
    int(_DATA["not_updated"]),
    int(_DATA["long_not_updated"]),
    int(_DATA["empty"]),
)
"""From so many columns on the site fails: not updated within their cycle; long not updated; empty."""
