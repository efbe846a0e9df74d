"""C1–C9, C11, C12 and SUM over one annual report: balances declared as data and evaluated by one engine.

A balance says which cells stand on either side and along which axis it is repeated; it never says how to loop.
Where a cell is blank the balance cannot be drawn up and nothing is claimed about it (`blank_cells` lists them).
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gongkai.rulebook.prose_checks import check_prose
from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    CHARGE_DECIMALS,
    DIVIDED_KEYS,
    LEAF_ROWS,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    SUM_ROW,
    TABLE_LABELS,
    UNDIVIDED_ROW,
    Cell,
    ReportTables,
    TableName,
    columns_of,
    row_keys,
    row_of,
)
from gongkai.rulebook.report_rules import RULES, Figure, Finding, ProseFigures, Side, Where, place_of
from gongkai.rulebook.rule_making import may_make_rules


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: row or column by key. `*` is the row or column along which the balance is repeated.

    `sign` is +1 or −1; `last_year` takes the cell from the previous year's report.
    """

    row: str = "*"
    column: str = "*"
    sign: int = 1
    last_year: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """`left` stands in `relation` to `right`, once for each key of `along` put in the place of `*`.

    `at` is the row or column that a finding points to beside the key of the axis.
    """

    rule: str
    table: TableName
    axis: Literal["row", "column"]
    along: tuple[str, ...]
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    at: str
    relation: Literal["=", ">="] = "="


_APPLICANTS = tuple(column.key for column in APPLICANT_COLUMNS)
_TOTAL = (Term(column="total"),)


def _rows(*keys: str) -> tuple[Term, ...]:
    return tuple(Term(row=key) for key in keys)


def _columns(*keys: str) -> tuple[Term, ...]:
    return tuple(Term(column=key) for key in keys)


BALANCES = (
    Balance("C1", "applications", "column", _APPLICANTS, _rows("r1", "r2"), _rows(SUM_ROW, "r4"), at="r1"),
    Balance(
        "C2",
        "applications",
        "row",
        (*row_keys("applications"), UNDIVIDED_ROW.key),
        _TOTAL,
        _columns(*_APPLICANTS[:-1]),
        at="total",
    ),
    Balance("C3", "applications", "column", _APPLICANTS, _rows(SUM_ROW), _rows(*LEAF_ROWS), at=SUM_ROW),
    Balance(
        "C4",
        "applications",
        "column",
        _APPLICANTS,
        _rows("r2"),
        (Term(row="r4", last_year=True),),
        at="r2",
    ),
    Balance(
        "C5",
        "remedies",
        "row",
        tuple(row.key for row in REMEDY_ROWS),
        _TOTAL,
        _columns(*(column.key for column in REMEDY_COLUMNS[:-1])),
        at="total",
    ),
    Balance(
        "C7",
        "disclosure",
        "row",
        ("rules", "normative_documents"),
        _columns("in_force"),
        (
            Term(column="in_force", last_year=True),
            Term(column="made"),
            Term(column="repealed", sign=-1),
        ),
        at="in_force",
    ),
    Balance(
        "C12",
        "remedies",
        "row",
        tuple(row.key for row in REMEDY_ROWS),
        _TOTAL,
        (Term(column="pending", last_year=True),),
        at="total",
        relation=">=",
    ),
)


def _resolve(balance: Balance, term: Term, key: str) -> Cell:
    row = key if term.row == "*" else term.row
    column = key if term.column == "*" else term.column
    return Cell(balance.table, row, column)


def _divided(terms: tuple[Term, ...], form: str | None) -> tuple[Term, ...]:
    """The terms in the layout of the report: the form of 2019 has one row in the place of three."""
    keys = [term.row for term in terms]
    if form != "2019" or DIVIDED_KEYS[0] not in keys:
        return terms
    kept = tuple(term for term in terms if term.row not in DIVIDED_KEYS)
    return (*kept, Term(row=UNDIVIDED_ROW.key))


def _total(terms: Iterable[tuple[Term, Figure | None]]) -> Figure | None:
    total: Figure = 0
    for term, value in terms:
        if value is None:
            return None
        total += term.sign * value
    return total


def _side(terms: Sequence[tuple[Term, Cell, Figure | None]], axis: str) -> str:
    """A side in words. Zeros are left out of a long sum: what was added is what a reader looks for."""

    def name(term: Term, cell: Cell) -> str:
        label = cell.row_label if axis == "column" else cell.column_label
        return f"上一年度{label}" if term.last_year else label

    shown = [item for item in terms if item[2]] if len(terms) > 4 else list(terms)
    words = ""
    for term, cell, value in shown:
        words += ("－" if term.sign < 0 else "＋" if words else "") + f"{name(term, cell)}{value}"
    if not shown:
        return "各项均为0"
    total = _total((term, value) for term, _, value in terms)
    return words if len(terms) == 1 else f"{words}＝{total}"


def _standing(terms: Sequence[tuple[Term, Cell, Figure | None]], balance: Balance) -> Side:
    """The side with the cells that make it: of a long sum those that are not 0, and where all are, the first."""
    cells = [cell for _, cell, value in terms if value] if len(terms) > 4 else [cell for _, cell, _ in terms]
    last_year = all(term.last_year for term, _, _ in terms)
    this_year = [cell for (term, cell, _) in terms if not term.last_year and cell in cells]
    return Side(
        _side(terms, balance.axis),
        tuple(cells if last_year else this_year) or (terms[0][1],),
        document="previous" if last_year else "report",
    )


def _evaluate(
    balance: Balance, tables: ReportTables, previous: ReportTables | None, own: bool
) -> Iterator[Finding]:
    rule = RULES[balance.rule]

    def values(terms: tuple[Term, ...], key: str) -> list[tuple[Term, Cell, Figure | None]]:
        found = []
        for term in terms:
            cell = _resolve(balance, term, key)
            source = previous if term.last_year else tables
            found.append((term, cell, source.value(cell) if source else None))
        return found

    for key in balance.along:
        left = values(_divided(balance.left, tables.form), key)
        right = values(_divided(balance.right, tables.form), key)
        a = _total((term, value) for term, _, value in left)
        b = _total((term, value) for term, _, value in right)
        if a is None or b is None or (a == b if balance.relation == "=" else a >= b):
            continue
        row, column = (balance.at, key) if balance.axis == "column" else (key, balance.at)
        cell = Cell(balance.table, row, column)
        place = f"“{cell.column_label}”列" if balance.axis == "column" else f"“{cell.row_label}”"
        verb = "不等于" if balance.relation == "=" else "小于"
        message = (
            f"{TABLE_LABELS[balance.table]}{place}：{_side(left, balance.axis)}，"
            f"{verb}{_side(right, balance.axis)}；{rule.mend}。"
        )
        yield Finding(
            rule.id,
            rule.severity_for(own),
            message,
            place_of(cell),
            a,
            b,
            (_standing(left, balance), _standing(right, balance)),
        )


# Single figures and prose --------------------------------------------------------------------------------


def _amounts(tables: ReportTables) -> Iterator[Finding]:
    """C6 over every cell."""
    rule = RULES["C6"]
    for cell in tables.cells():
        value = tables.value(cell)
        if value is None:
            continue
        if value < 0:
            problem = f"填报为{value:f}，小于0" if isinstance(value, Decimal) else f"填报为{value}，小于0"
        elif isinstance(value, Decimal) and -int(value.as_tuple().exponent) > CHARGE_DECIMALS:
            problem = f"填报为{value:f}，超过{CHARGE_DECIMALS}位小数"
        else:
            continue
        side = Side(f"{cell}{value:f}" if isinstance(value, Decimal) else f"{cell}{value}", (cell,))
        message = f"{cell}{problem}；{rule.mend}。"
        yield Finding("C6", rule.severity, message, place_of(cell), value, 0, (side,))


def _rule_making(tables: ReportTables, agency: str | None) -> Iterator[Finding]:
    """C8: level by name; where the name does not tell it, a warning."""
    rule = RULES["C8"]
    filled = [
        (cell, value)
        for column in columns_of("disclosure", "rules")
        if (value := tables.value(cell := Cell("disclosure", "rules", column.key)))
    ]
    power = may_make_rules(agency)
    if not filled or power:
        return
    for cell, value in filled:
        if power is False:
            severity, reason = rule.severity, f"“{agency}”没有规章制定权，应为0；{rule.mend}"
        else:
            severity = "warning"
            named = f"从名称“{agency}”" if agency else "报告未写明机关名称，"
            reason = f"{named}看不出是否有规章制定权；没有的，{rule.mend.removeprefix('请')}"
        sides = (Side(f"{cell}{value}", (cell,)),)
        yield Finding("C8", severity, f"{cell}填报为{value}，{reason}。", place_of(cell), value, 0, sides)


def _fees(tables: ReportTables, prose: ProseFigures) -> Iterator[Finding]:
    """C11, from the side of the printed report: part six is silent about fees."""
    rule = RULES["C11"]
    cell = Cell("applications", "r3_6_2", "total")
    lapsed = tables.value(cell)
    if lapsed and not prose.mentions_fees:
        message = f"{cell}为{lapsed}，第六部分却未报告收费情况；{rule.mend}。"
        sides = (Side(f"{cell}{lapsed}", (cell,)), Side("第六部分没有收费情况"))
        yield Finding("C11", rule.severity, message, place_of(cell), lapsed, 0, sides)


_MANY_ROWS = 5
"""So many wholly blank rows of one table are said in one finding."""


def blank_cells(
    tables: ReportTables, among: Container[tuple[TableName, str]] | None = None
) -> Iterator[Finding]:
    """Warnings for the blank cells: what is blank was not checked.

    One for each row that has some, one for a table that is blank throughout, and one for many rows of a table that
    are. `among`: the rows (table, row) that are looked at where that is not all; of the others nothing is said. The
    row 三（六） of the other form is not blank, it is not there.
    """
    for table, label in TABLE_LABELS.items():
        if tables.table(table) is None:
            continue
        keys = [key for key in row_keys(table, tables.form) if among is None or (table, key) in among]
        blank = {key: cells for key in keys if (cells := _blank(tables, table, key))}
        whole = [key for key, cells in blank.items() if len(cells) == len(columns_of(table, key))]
        if whole == list(row_keys(table, tables.form)):
            yield _all_blank(f"{label}全部单元格", blank, whole, Where(table))
            continue
        if len(whole) >= _MANY_ROWS:
            first = row_of(table, whole[0]).full_label
            words = f"{label}有{len(whole)}行全部单元格（第一行是“{first}”）"
            yield _all_blank(words, blank, whole, Where(table, whole[0]))
        for key, cells in blank.items():
            if len(whole) >= _MANY_ROWS and key in whole:
                continue
            columns = "、".join(f"“{cell.column_label}”" for cell in cells)
            words = f"{label}“{row_of(table, key).full_label}”{'全部单元格' if key in whole else columns}"
            column = cells[0].column_label if len(cells) == 1 else None
            yield _all_blank(words, blank, [key], Where(table, key, column))


def _blank(tables: ReportTables, table: TableName, row: str) -> tuple[Cell, ...]:
    cells = (Cell(table, row, column.key) for column in columns_of(table, row))
    return tuple(cell for cell in cells if tables.value(cell) is None)


def _all_blank(
    words: str, blank: Mapping[str, tuple[Cell, ...]], rows: Sequence[str], where: Where
) -> Finding:
    message = f"{words}为空白，无法核对；没有的请填0。"
    cells = tuple(cell for row in rows for cell in blank[row])
    return Finding("BLANK", "warning", message, where, sides=(Side("", cells),))


def check_report(
    tables: ReportTables,
    *,
    agency: str | None = None,
    previous: ReportTables | None = None,
    prose: ProseFigures | None = None,
    own: bool = False,
) -> tuple[Finding, ...]:
    """C1–C9, C11, C12 and SUM over one report, in the order of the rules.

    `agency` is its full name (C8), `previous` the report of the year before (C4, C7, C12), `prose` what the
    narrative says (C9, C11, SUM); a rule whose input is missing is not applied. `own` is the agency's report before
    submission: C9 is then an error.
    """
    found: list[Finding] = []
    for balance in BALANCES:
        found += _evaluate(balance, tables, previous, own)
    found += _amounts(tables)
    found += _rule_making(tables, agency)
    if prose is not None:
        found += check_prose(tables, prose, own)
        found += _fees(tables, prose)
    order = list(RULES)
    return tuple(sorted(found, key=lambda finding: order.index(finding.rule)))
