"""Table three of any year as the records stand now: each figure with its cases, its checks, and the year before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.applications import figures
from gongkai.applications.figures import Scope
from gongkai.applications.models import Application, Matter
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, APPLICATION_ROWS, ReportTables
from gongkai.rulebook.report_rules import RULES, Finding

# The rules that one table three satisfies by itself.
OWN_RULES = ("C1", "C2", "C3")
Counts = dict[str, dict[str, int]]
# What a comparison names, in the order shown.
RECEIVED, ANSWERED, OPEN = "received", "answered", "open"


@dataclass(frozen=True)
class Check:
    """One rule of the table: what it says, and the findings where it is not satisfied."""

    rule: str
    statement: str
    findings: tuple[Finding, ...]

    @property
    def satisfied(self) -> bool:
        return not self.findings


@dataclass(frozen=True)
class Span:
    """A span of days with what was received and answered in it, and what was unanswered at its end."""

    label: str
    first: date
    last: date
    counts: dict[str, int]


def checks(counts: Counts) -> list[Check]:
    """C1 to C3 over the table, as the annual report is checked."""
    tables = ReportTables(
        applications={
            row.key: tuple(counts[row.key][column.key] for column in APPLICANT_COLUMNS)
            for row in APPLICATION_ROWS
        }
    )
    found = check_report(tables)
    return [
        Check(rule, RULES[rule].statement, tuple(each for each in found if each.rule == rule))
        for rule in OWN_RULES
    ]


def spans(scope: Scope, year: int, today: date) -> list[Span]:
    """The year so far, the year before up to the same day, and all of the year before; of a year that is over, both
    years whole. Three queries for each."""
    end = date(year, 12, 31)
    before = date(year - 1, 1, 1), date(year - 1, 12, 31)
    if today >= end:
        return [
            _span(scope, str(year), date(year, 1, 1), end),
            _span(scope, str(year - 1), *before),
        ]
    day = max(today, date(year, 1, 1))
    same = date(year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    return [
        _span(scope, _("%(year)d so far") % {"year": year}, date(year, 1, 1), day),
        _span(scope, _("%(year)d to the same day") % {"year": year - 1}, before[0], same),
        _span(scope, _("all of %(year)d") % {"year": year - 1}, *before),
    ]


def _span(scope: Scope, label: str, first: date, last: date) -> Span:
    mine = Application.objects.filter(figures.within(scope), matter=Matter.INFORMATION)
    days = (first, last)
    # Each is counted along an index of its own.
    counts = {
        RECEIVED: mine.filter(received_on__range=days).count(),
        ANSWERED: mine.filter(answered_on__range=days).count(),
        OPEN: mine.filter(figures.open_on(last)).count(),
    }
    return Span(label, first, last, counts)


def sheet(title: str, counts: Counts, compared: list[Span]) -> Iterator[list[Any]]:
    """The page as lines of a file: the title, the table, the checks, the comparison."""
    yield [title]
    yield [_("line of the form"), *(column.label for column in APPLICANT_COLUMNS)]
    for row in APPLICATION_ROWS:
        yield [row.full_label, *(counts[row.key][column.key] for column in APPLICANT_COLUMNS)]
    yield []
    for check in checks(counts):
        yield [check.rule, check.statement, _("holds") if check.satisfied else _("does not hold")]
    yield []
    yield ["", *(span.label for span in compared)]
    for name, words in measures().items():
        yield [words, *(span.counts[name] for span in compared)]


def measures() -> dict[str, str]:
    """What a span is counted by → its words."""
    return {
        RECEIVED: _("received"),
        ANSWERED: _("answered"),
        OPEN: _("unanswered at the end"),
    }
