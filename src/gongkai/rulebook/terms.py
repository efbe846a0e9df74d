"""Terms outside the clock of an application (rulebook 4.5): publishing, reports, remedies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.calendar import Calendar, Deadline
from gongkai.rulebook.datafiles import load
from gongkai.rulebook.norms import Validity, citation, cite, norm
from gongkai.rulebook.remedies import add_months


class TermError(ValueError):
    """A term that did not exist on that day, or a year without a report; the text is for users."""


class TermUnit(Enum):
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"

    @property
    def label(self) -> str:
        return {"working_days": "个工作日", "days": "日", "months": "个月"}[self.value]


@dataclass(frozen=True, slots=True)
class Term:
    """A term: `amount` units after the day named by `starts` (day 0). `law` is empty for a rule of our own."""

    key: str
    label: str
    amount: int
    unit: TermUnit
    starts: str
    law: str
    validity: Validity


class ReportLevel(Enum):
    """Whose annual report: that of a department (or an organ at its level), or that of a government."""

    DEPARTMENT = "department"
    GOVERNMENT = "government"


def term_due(key: str, day0: date, calendar: Calendar) -> Deadline:
    """The last day of the term `key` that began on `day0`; calendar days and months are taken as they are.

    KeyError for an unknown term; TermError where its law was not in force on `day0`; CalendarError outside the
    calendar.
    """
    term = TERMS[key]
    if not term.validity.holds(day0):
        raise TermError(f"“{term.label}”的期限规则自 {term.validity.since} 起施行，不适用于 {day0}。")
    if term.unit is TermUnit.WORKING_DAYS:
        return calendar.deadline(day0, term.amount)
    if term.unit is TermUnit.DAYS:
        return Deadline(day0 + timedelta(days=term.amount), False)
    return Deadline(add_months(day0, term.amount), False)


def publishing_due(formed: date, calendar: Calendar) -> Deadline:
    """The last day to publish information formed or changed on `formed`: 20 working days (art. 26).

    The term runs on while a doubtful item is referred to the secrecy administration (rulebook 1.3).
    """
    return term_due("publishing", formed, calendar)


def report_due(year: int, level: ReportLevel) -> date:
    """The last day to publish the report on `year`: 31 January or 31 March of the next year (art. 49).

    TermError for a year before the regulation.
    """
    first = norm("regulation").validity.since.year
    if not first <= year < date.max.year:
        raise TermError(f"年度报告的年份应在{first}年以后，不能是{year}年。")
    row = _DATA["annual_report"][level.value]
    return date(year + 1, row["month"], row["day"])


def _term(row: Mapping[str, Any]) -> Term:
    keys = [entry[0] for entry in row["law"]] or ["regulation"]
    since = max(norm(key).validity.since for key in keys)
    return Term(
        row["key"],
        row["label"],
        row["amount"],
        TermUnit(row["unit"]),
        row["from"],
        "、".join(citation(entry) for entry in row["law"]),
        Validity(since),
    )


_DATA = load("terms")
TERMS: Mapping[str, Term] = MappingProxyType({row["key"]: _term(row) for row in _DATA["terms"]})
REPORT_LAW = cite(*_DATA["annual_report"]["law"])
