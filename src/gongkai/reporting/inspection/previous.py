"""PREVIOUS: whether last year's report can be compared with this one, and what grew or shrank much.

What a jump is stands here once: for `report check --previous`, for the writer of a report, and for who decides on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gongkai.reporting.reading.textreport import ReadReport
from gongkai.rulebook.report_form import LEAF_ROWS, SUM_ROW, Cell, ReportTables, columns_of
from gongkai.rulebook.report_rules import RULES, Figure, Finding, Side, place_of

SHARE = Decimal("0.5")
"""A figure is a jump where it moved by this share of last year's: the form sets none, and from a half on readers ask …"""

AT_LEAST = 10
"""… and by so many: below ten a few cases make any share. From or to nothing this alone decides. Charges: 万元."""

MOST = 3
"""Report check tells only so many jumps, the biggest."""

_TOTAL = "total"
_CARRIED_IN = "r2"
"""What was carried over is last year's own figure (C4), and no movement of this year."""


@dataclass(frozen=True)
class Difference:
    """A figure that is not last year's."""

    cell: Cell
    now: Figure
    then: Figure

    @property
    def change(self) -> Figure:
        return self.now - self.then

    @property
    def share(self) -> Decimal | None:
        """The change as a share of last year's figure; None where that was 0."""
        return Decimal(self.change) / Decimal(self.then) if self.then else None

    @property
    def large(self) -> bool:
        """Whether it moved as much as a jump does."""
        return abs(self.change) >= AT_LEAST and (self.share is None or abs(self.share) >= SHARE)

    @property
    def said(self) -> str:
        """表二“行政许可”“本年处理决定数量”由上一年度的5增加到60."""
        word = "增加" if self.change > 0 else "减少"
        return f"{self.cell}由上一年度的{self.then}{word}到{self.now}"

    def finding(self, mend: str) -> Finding:
        """The warning about it, with both figures and how to mend it."""
        sides = (
            Side(f"本年{self.now}", (self.cell,)),
            Side(f"上一年度{self.then}", (self.cell,), document="previous"),
        )
        rule = RULES["PREVIOUS"]
        return Finding(
            "PREVIOUS",
            rule.severity,
            f"{self.said}；{mend}。",
            place_of(self.cell),
            self.now,
            self.then,
            sides,
        )


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


def differences(tables: ReportTables, before: ReportTables) -> list[Difference]:
    """The figures that differ from last year's, in printed order; none for a cell that is blank in one of the two."""
    rows = []
    for cell in tables.cells():
        now, then = tables.value(cell), before.value(cell)
        if now is not None and then is not None and now != then:
            rows.append(Difference(cell, now, then))
    return rows


def jumps(tables: ReportTables, before: ReportTables) -> list[Difference]:
    """The figures that moved much, in printed order.

    Of table three only rows and not their columns; a total is left out where one of its parts is a jump, so that
    one movement is asked for once.
    """
    large = [
        each
        for each in differences(tables, before)
        if each.large
        and (each.cell.table != "applications" or each.cell.column == _TOTAL)
        and (each.cell.table, each.cell.row) != ("applications", _CARRIED_IN)
    ]
    moved = {each.cell for each in large}
    return [each for each in large if moved.isdisjoint(_parts(each.cell))]


def _parts(cell: Cell) -> Iterator[Cell]:
    """The cells that a total adds up; none for another cell."""
    if cell.table == "applications" and cell.row == SUM_ROW:
        for row in ("r1", *LEAF_ROWS):
            yield Cell("applications", row, _TOTAL)
    if cell.table == "remedies" and cell.column == _TOTAL:
        for column in columns_of("remedies", cell.row):
            if column.key != _TOTAL:
                yield Cell("remedies", cell.row, column.key)


def biggest(tables: ReportTables, before: ReportTables) -> Iterator[Finding]:
    """The biggest jumps, one finding each with both figures."""
    found = jumps(tables, before)
    # By how many times, and among those from nothing the larger figure first.
    found.sort(key=lambda one: (-_times(one), str(one.cell)))
    for one in found[:MOST]:
        yield one.finding(RULES["PREVIOUS"].mend)


def _times(one: Difference) -> Decimal:
    return Decimal(max(one.now, one.then)) / Decimal(max(min(one.now, one.then), 1))
