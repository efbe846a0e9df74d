"""C10, C11 and C13 to C15: a report's figures against the records, the members and the approvals behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.rulebook.report_form import APPLICANT_COLUMNS, LEAF_ROWS, Cell, Counts, ReportTables, row_of
from gongkai.rulebook.report_rules import RULES, Figure, Finding, Where, place_of


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """What the records say at 12-31 24:00 of the year.

    `open_cases`    seven counts of open applications, in column order.
    `closed_cases`  registration number → the keys of the leaf rows under which the closed case was counted.
    `fee_notices`   how many fee notices were sent in the year.
    """

    open_cases: Counts
    closed_cases: Mapping[str, Sequence[str]]
    fee_notices: int = 0


@dataclass(frozen=True, slots=True)
class ManualFigure:
    """A figure that no record explains: its cell, the reason and who approved it ('' where missing)."""

    cell: Cell
    value: int | Decimal
    reason: str
    approver: str


def check_records(tables: ReportTables, records: RecordFigures) -> tuple[Finding, ...]:
    """C10, C11 and C13: the figures of table three against the cases behind them."""
    found: list[Finding] = []
    for column, count in zip(APPLICANT_COLUMNS, records.open_cases, strict=True):
        cell = Cell("applications", "r4", column.key)
        printed = tables.value(cell)
        if printed is not None and count is not None and printed != count:
            rule = RULES["C13"]
            message = f"{cell}为{printed}，记录中年末未办结的申请为{count}件；{rule.mend}。"
            found.append(Finding("C13", rule.severity, message, place_of(cell), printed, count))
    counted = dict.fromkeys(LEAF_ROWS, 0)
    for number, rows in records.closed_cases.items():
        for row in rows:
            counted[row] = counted.get(row, 0) + 1
        if len(rows) == 1 and rows[0] in LEAF_ROWS:
            continue
        rule = RULES["C10" if "r3_2" in rows and len(rows) > 1 else "C13"]
        labels = "、".join(f"“{row_of('applications', row).full_label}”" for row in rows)
        counted_as = f"同时计入{labels}" if len(rows) > 1 else "没有计入任何一项办理结果"
        if len(rows) == 1:
            counted_as = f"计入了不是办理结果的{labels}"
        message = f"申请“{number}”{counted_as}，应当恰好计入一项；{rule.mend}。"
        where = Where("applications", rows[0] if rows else None)
        found.append(Finding(rule.id, rule.severity, message, where, len(rows), 1))
    for row in LEAF_ROWS:
        cell = Cell("applications", row, "total")
        printed = tables.value(cell)
        if printed is not None and printed != counted[row]:
            rule = RULES["C13"]
            message = f"{cell}为{printed}，记录中计入该项的申请为{counted[row]}件；{rule.mend}。"
            found.append(Finding("C13", rule.severity, message, place_of(cell), printed, counted[row]))
    lapsed = tables.value(cell := Cell("applications", "r3_6_2", "total"))
    if lapsed and not records.fee_notices:
        rule = RULES["C11"]
        message = f"{cell}为{lapsed}，本年记录中却没有收费通知；请核对收费通知记录。"
        found.append(Finding("C11", rule.severity, message, place_of(cell), lapsed, 0))
    return tuple(found)


def check_rollup(total: ReportTables, members: Mapping[str, ReportTables]) -> tuple[Finding, ...]:
    """C14: every cell of the government's report (`total`) is the sum over `members` (agency name → its report).

    The members are the departments, the government's own office and, where the district counts them in, the
    towns and subdistricts. A member's blank cell leaves the sum open and is named.
    """
    rule = RULES["C14"]
    found: list[Finding] = []
    for cell in total.cells():
        printed = total.value(cell)
        if printed is None:
            continue
        parts = {name: report.value(cell) for name, report in members.items()}
        silent = [name for name, value in parts.items() if value is None]
        added: Figure = sum((value for value in parts.values() if value is not None), start=0)
        if silent:
            message = f"{cell}无法核对汇总：{'、'.join(silent)}的报告中该格空白；{rule.mend}。"
        elif added != printed:
            message = f"{cell}为{printed}，不等于{len(parts)}个机关之和{added}；{rule.mend}。"
        else:
            continue
        found.append(Finding("C14", rule.severity, message, place_of(cell), printed, added))
    return tuple(found)


def check_origins(manual: Iterable[ManualFigure]) -> tuple[Finding, ...]:
    """C15: a manual figure has a reason and an approver."""
    rule = RULES["C15"]
    found = []
    for figure in manual:
        missing = [
            word
            for word, given in (("理由", figure.reason), ("批准人", figure.approver))
            if not given.strip()
        ]
        if missing:
            message = f"{figure.cell}人工填报为{figure.value}，缺少{'和'.join(missing)}；{rule.mend}。"
            found.append(Finding("C15", rule.severity, message, place_of(figure.cell), None, None))
    return tuple(found)
