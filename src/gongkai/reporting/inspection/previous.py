"""PREVIOUS: whether last year's report can be compared with this one, and what grew or shrank much."""

from collections.abc import Iterator
from decimal import Decimal

from gongkai.reporting.reading.textreport import ReadReport
from gongkai.rulebook.report_form import Cell, ReportTables
from gongkai.rulebook.report_rules import RULES, Figure, Finding, Side, place_of

FACTOR = 3
"""A figure is a jump where it grew to so many times, or shrank to that part, of last year's …"""

AT_LEAST = 20
"""… and by so many."""

MOST = 3
"""Only so many jumps are told, the biggest."""


def comparable(report: ReadReport, before: ReadReport) -> tuple[bool, tuple[Finding, ...]]:
    """Whether `before` is the report of the year before, and what is to be said of it."""
    severity = RULES["PREVIOUS"].severity
    if report.year is not None and before.year is not None and before.year != report.year - 1:
        message = (
            f"--previous是{before.year}年的报告，不是{report.year - 1}年的，未作比较；请指定上一年度的报告。"
        )
        return False, (Finding("PREVIOUS", severity, message),)
    if report.agency and before.agency and report.agency != before.agency:
        message = f"上一年度报告的机关是“{before.agency}”，与本报告“{report.agency}”不同；请确认是同一机关。"
        return True, (Finding("PREVIOUS", severity, message),)
    return True, ()


def jumps(tables: ReportTables, before: ReportTables) -> Iterator[Finding]:
    """The biggest jumps, one finding each with both figures. Of table three only rows and their totals."""
    rule = RULES["PREVIOUS"]
    found: list[tuple[Figure, Cell, Figure, Figure]] = []
    for cell in tables.cells():
        if cell.table == "applications" and cell.column != "total":
            continue
        now, then = tables.value(cell), before.value(cell)
        if now is None or then is None or abs(now - then) < AT_LEAST:
            continue
        if now < then * FACTOR and then < now * FACTOR:
            continue
        larger, smaller = max(now, then), min(now, then)
        found.append((Decimal(larger) / Decimal(max(smaller, 1)), cell, now, then))
    # By how many times, and among those from nothing the larger figure first.
    found.sort(key=lambda one: (-one[0], str(one[1])))
    for _, cell, now, then in found[:MOST]:
        word = "增加" if now > then else "减少"
        message = f"{cell}由上一年度的{then}{word}到{now}；{rule.mend}。"
        sides = (
            Side(f"本年{now}", (cell,)),
            Side(f"上一年度{then}", (cell,), document="previous"),
        )
        yield Finding("PREVIOUS", rule.severity, message, place_of(cell), now, then, sides)
