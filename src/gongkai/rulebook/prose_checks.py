"""C9 and SUM: what the sentences of a report state, against its tables and against themselves.

The reader says what a sentence states (`reporting.reading.prose`), this module with which cells it must agree.
A sentence that may count something else (全市, 各部门) never makes an error: it is told, and that scopes may differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from gongkai.rulebook.report_form import (
    APPLICATION_ROWS,
    DIVIDED_KEYS,
    LEAF_ROWS,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    UNDIVIDED_ROW,
    Cell,
    ReportTables,
    TableName,
    row_of,
)
from gongkai.rulebook.report_rules import (
    RULES,
    Figure,
    Finding,
    ProseFigures,
    Severity,
    Side,
    Statement,
    place_of,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a sentence may state: its name, and the cells whose sum it must be.

    `also` are further sums that the same words rightly mean: 答复 may leave out what was not processed further.
    """

    label: str
    cells: tuple[Cell, ...]
    also: tuple[tuple[Cell, ...], ...] = ()


def _cells(table: TableName, *rows: str, column: str = "total") -> tuple[Cell, ...]:
    return tuple(Cell(table, row, column) for row in rows)


def _group(number: int) -> tuple[Cell, ...]:
    return _cells("applications", *(row for row in LEAF_ROWS if row.startswith(f"r3_{number}")))


def _subjects() -> Iterator[tuple[str, Subject]]:
    received, carried = _cells("applications", "r1"), _cells("applications", "r2")
    yield "received", Subject("本年新收", received, also=((*received, *carried),))
    yield "carried_over", Subject("上年结转", carried)
    yield (
        "dealt_with",
        Subject(
            "本年办结",
            _cells("applications", "r3_7"),
            also=(_cells("applications", *(row for row in LEAF_ROWS if row not in DIVIDED_KEYS)),),
        ),
    )
    yield "carried_forward", Subject("结转下年度", _cells("applications", "r4"))
    yield (
        "natural_persons",
        Subject("自然人的申请", _cells("applications", "r1", column="natural_person")),
    )
    organisations = (
        "commercial_enterprise",
        "research_institution",
        "public_benefit_organization",
        "legal_service_institution",
        "other",
    )
    yield (
        "organisations",
        Subject(
            "法人或其他组织的申请", tuple(Cell("applications", "r1", column) for column in organisations)
        ),
    )
    labels = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
    for number, label in enumerate(labels, 1):
        yield f"outcome_{number}", Subject(label, _group(number))
    for row in APPLICATION_ROWS:
        if row.group and row.label != "3.其他":
            yield row.key, Subject(row.full_label, _cells("applications", row.key))
    litigation = tuple(row.key for row in REMEDY_ROWS[1:])
    for key, label, rows in (
        *((row.key, row.label, (row.key,)) for row in REMEDY_ROWS),
        ("litigation", "行政诉讼", litigation),
    ):
        for column in REMEDY_COLUMNS:
            yield (
                f"{key}.{column.key}",
                Subject(
                    f"{label}{'' if column.key == 'total' else column.label}",
                    _cells("remedies", *rows, column=column.key),
                ),
            )
    for row_key, name in (("rules", "规章"), ("normative_documents", "行政规范性文件")):
        for column_key, verb in (("made", "制发"), ("repealed", "废止"), ("in_force", "现行有效")):
            yield (
                f"{row_key}.{column_key}",
                Subject(f"{verb}{name}", (Cell("disclosure", row_key, column_key),)),
            )
    for row_key in ("licences", "penalties", "coercive_measures"):
        yield (
            row_key,
            Subject(row_of("disclosure", row_key).label, (Cell("disclosure", row_key, "decisions"),)),
        )
    yield "charges", Subject("行政事业性收费", (Cell("disclosure", "charges", "amount"),))


SUBJECTS: Mapping[str, Subject] = dict(_subjects())


def check_prose(tables: ReportTables, prose: ProseFigures, own: bool = False) -> tuple[Finding, ...]:
    """C9 (each statement and the sum of the channels against the tables) and SUM (lists that do not add up)."""
    found = list(_channels(tables, prose, own))
    statements = list(prose.statements)
    if prose.received is not None and all(one.subject != "received" for one in statements):
        words = f"所述收到申请{prose.received}件"
        statements.append(Statement("received", prose.received, words, -1))
    statements.sort(key=lambda one: list(SUBJECTS).index(one.subject))
    for key, same in groupby(statements, key=lambda one: one.subject):
        found += _stated(tables, SUBJECTS[key], list(same), own)
    found += _sums(prose)
    return tuple(found)


def _channels(tables: ReportTables, prose: ProseFigures, own: bool) -> Iterator[Finding]:
    rule = RULES["C9"]
    cell = Cell("applications", "r1", "total")
    printed = tables.value(cell)
    # One channel alone is a remark ("其中网络申请3件"), not a division of the whole.
    if len(prose.channels) < 2 or printed is None:
        return
    total = sum(prose.channels.values())
    if total == printed:
        return
    parts = "＋".join(f"{name}{number}" for name, number in prose.channels.items())
    words = f"正文各渠道申请{parts}＝{total}"
    yield Finding(
        "C9",
        rule.severity_for(own),
        f"{words}，不等于{cell}{printed}；{rule.mend}。",
        place_of(cell),
        total,
        printed,
        (Side(words, lines=prose.channel_lines), Side(f"{cell}{printed}", (cell,))),
    )


def _stated(
    tables: ReportTables, subject: Subject, said: Sequence[Statement], own: bool
) -> Iterator[Finding]:
    """The findings about one subject: what it should be and, of several figures, each that is not so."""
    printed = _sum(tables, subject.cells)
    if printed is None:
        return
    right = {printed, *(_sum(tables, cells) for cells in subject.also)}
    agreeing = {one.scope for one in said if one.number in right}
    numbers = {one.number for one in said}
    rule = RULES["C9"]
    told: set[Figure] = set()
    for one in said:
        if one.number in right or one.number in told or (agreeing and one.scope not in agreeing):
            continue
        told.add(one.number)
        doubtful = bool(one.scope) or len(numbers) > 1
        severity: Severity = "warning" if doubtful else rule.severity_for(own)
        remark = ""
        if agreeing:
            remark = "，而正文另一处与表格相同"
        elif one.scope:
            remark = f"，正文所述的范围是“{one.scope}”，统计口径可能不同"
        where = _named(tables, subject)
        unit = "万元" if one.subject == "charges" else "件"
        message = (
            f"正文“{one.words}”，即{subject.label}{_short(one.number)}{unit}，"
            f"不等于{where}{_short(printed)}{remark}；{rule.mend}。"
        )
        lines = (one.line,) if one.line >= 0 else ()
        sides = (Side(f"“{one.words}”", lines=lines), Side(f"{where}{printed}", subject.cells))
        yield Finding("C9", severity, message, place_of(subject.cells[0]), one.number, printed, sides)


def _sum(tables: ReportTables, cells: Sequence[Cell]) -> Figure | None:
    """The sum of the cells in the layout of the report; None where one is blank."""
    keys = [(cell.row, cell.column) for cell in cells]
    if tables.form == "2019" and DIVIDED_KEYS[0] in {row for row, _ in keys}:
        undivided = Cell("applications", UNDIVIDED_ROW.key, cells[0].column)
        cells = [*(cell for cell in cells if cell.row not in DIVIDED_KEYS), undivided]
    total: Figure = 0
    for cell in cells:
        value = tables.value(cell)
        if value is None:
            return None
        total += value
    return total


def _named(tables: ReportTables, subject: Subject) -> str:
    cells = subject.cells
    if len(cells) == 1:
        return str(cells[0])
    parts = "＋".join(f"{_short(tables.value(cell))}" for cell in cells)
    table = "表四" if cells[0].table == "remedies" else "表三"
    return f"{table}“{subject.label}”{parts}＝" if len(cells) < 4 else f"{table}“{subject.label}”各项之和"


def _short(value: Figure | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _sums(prose: ProseFigures) -> Iterator[Finding]:
    rule = RULES["SUM"]
    for one in prose.enumerations:
        added = sum(number for _, number in one.parts)
        if added == one.total:
            continue
        parts = "＋".join(f"{name}{number}" for name, number in one.parts)
        message = f"正文“{one.words}”：{parts}＝{added}，不等于总数{one.total}；{rule.mend}。"
        sides = (Side(f"总数{one.total}", lines=(one.line,)), Side(f"{parts}＝{added}", lines=(one.line,)))
        yield Finding("SUM", rule.severity, message, left=one.total, right=added, sides=sides)
