"""C1–C15: what must hold in an annual report, declared as data and evaluated by one engine.

A balance says which cells stand on either side and along which axis it is repeated; it never says how to loop.
Where a cell is blank the balance cannot be drawn up and nothing is claimed about it (`blank_cells` lists them).
C10 and C13 to C15 are about the records behind the figures: `check_records`, `check_roll_up` and
`check_origins` take those.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    CHARGE_DECIMALS,
    DIVIDED_KEYS,
    FORM_2021,
    LEAF_ROWS,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    SUM_ROW,
    TABLE_LABELS,
    UNDIVIDED_ROW,
    Cell,
    Counts,
    ReportTables,
    TableName,
    columns_of,
    row_keys,
    row_of,
)
from gongkai.rulebook.rule_making import may_make_rules

Severity = Literal["error", "warning"]
Figure = int | Decimal


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a finding: table and row by their keys, the column by its printed label; None: the whole."""

    table: str | None = None
    row: str | None = None
    column: str | None = None

    def to_json(self) -> dict[str, str | None]:
        return {"table": self.table, "row": self.row, "column": self.column}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at one place: one sentence with the figures of both sides and how to mend it."""

    rule: str
    severity: Severity
    message: str
    where: Where = field(default_factory=Where)
    left: Figure | None = None
    right: Figure | None = None

    def to_json(self) -> dict[str, Any]:
        """The form of `gongkai report check --json`."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "where": self.where.to_json(),
        }


@dataclass(frozen=True, slots=True)
class ProseFigures:
    """The figures that the narrative parts state; None where they state none.

    `channels` maps the channel as named in the prose (当面, 传真, 网络, 信函, 其他) to its number of applications.
    `mentions_fees` says whether part six speaks of the information processing fee; None without a part six.
    """

    received: int | None = None
    channels: Mapping[str, int] = field(default_factory=dict)
    items: int | None = None
    mailbox: int | None = None
    media_line: int | None = None
    assigned: int | None = None
    mentions_fees: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it demands, on what basis, and how grave a breach is."""

    id: str
    severity: Severity
    statement: str
    basis: str
    mend: str
    own_severity: Severity | None = None
    """The severity in the agency's own report where it differs."""

    def severity_for(self, own: bool) -> Severity:
        return self.own_severity or self.severity if own else self.severity


RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            "C1",
            "error",
            "第一项加第二项之和，等于第三项加第四项之和",
            f"{FORM_2021}表三表头",
            "请按申请登记逐件核对新收、上年结转、办理结果和结转下年度的件数",
        ),
        Rule(
            "C2",
            "error",
            "总计等于自然人与各类法人或其他组织之和",
            f"{FORM_2021}表三",
            "请核对该行各类申请人的件数与总计",
        ),
        Rule(
            "C3",
            "error",
            "（七）总计等于各项办理结果之和",
            f"{FORM_2021}表三",
            "请核对该列各项办理结果与（七）总计",
        ),
        Rule(
            "C4",
            "error",
            "本年上年结转数等于上一年度报告的结转下年度数",
            f"{FORM_2021}表三第二项、第四项",
            "请按上一年度已公布的报告填写，确有调整的在第六部分书面说明",
        ),
        Rule(
            "C5",
            "error",
            "总计等于结果维持、结果纠正、其他结果、尚未审结之和",
            f"{FORM_2021}表四",
            "请核对该组各项结果与总计",
        ),
        Rule(
            "C6",
            "error",
            "件数为非负整数，收费金额不小于0且最多保留4位小数",
            f"{FORM_2021}表二至表四",
            "请改为非负整数，金额以万元为单位并保留4位小数",
        ),
        Rule(
            "C7",
            "warning",
            "现行有效件数等于上一年度现行有效件数加本年制发件数减本年废止件数",
            f"{FORM_2021}表二",
            "请核对文件清理结果，因有效期届满或口径调整造成的差额请在报告中说明",
        ),
        Rule(
            "C8",
            "error",
            "没有规章制定权的机关规章各栏填0",
            "《中华人民共和国立法法》关于规章制定权的规定",
            "请将规章各栏改为0，所制发的文件计入行政规范性文件",
        ),
        Rule(
            "C9",
            "warning",
            "正文所述申请件数与表三一致",
            f"{FORM_2021}第一部分、表三",
            "请统一正文与表格的数字，口径不同的请在正文中写明",
            own_severity="error",
        ),
        Rule(
            "C10",
            "error",
            "计入（二）部分公开的申请不再计入其他办理结果",
            f"{FORM_2021}表三（二）行",
            "请只在（二）部分公开一行计这件申请",
        ),
        Rule(
            "C11",
            "warning",
            "有因逾期未缴费不再处理的申请，应有收费通知并在第六部分报告收费情况",
            "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
            "请在第六部分写明发出收费通知的件数、总金额和实际收取的总金额",
        ),
        Rule(
            "C12",
            "warning",
            "上一年度尚未审结的案件应计入本年总计",
            f"{FORM_2021}表四",
            "请核对上一年度尚未审结的案件是否已按本年结果或尚未审结计入",
        ),
        Rule(
            "C13",
            "error",
            "12月31日24时未办结的申请全部计入第四项，办结的每件恰好计入一项办理结果",
            f"{FORM_2021}表三",
            "请按申请记录重新汇总",
        ),
        Rule(
            "C14",
            "error",
            "本级政府报告的数字等于所汇总各机关报告之和",
            "《中华人民共和国政府信息公开条例》第四十九条、第五十条",
            "请核对漏报、重报的机关并重新汇总",
        ),
        Rule(
            "C15",
            "error",
            "表格数字来自记录，人工填报的须有理由和批准人",
            "《中华人民共和国政府信息公开条例》第五十条",
            "请补充理由并报批准人批准，或者改用记录汇总数",
        ),
    )
}


# The engine ----------------------------------------------------------------------------------------------


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
        yield Finding(rule.id, rule.severity_for(own), message, place_of(cell), a, b)


def place_of(cell: Cell) -> Where:
    """A cell as the place of a finding."""
    return Where(cell.table, cell.row, cell.column_label)


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
        yield Finding("C6", rule.severity, f"{cell}{problem}；{rule.mend}。", place_of(cell), value, 0)


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
        yield Finding("C8", severity, f"{cell}填报为{value}，{reason}。", place_of(cell), value, 0)


def _prose(tables: ReportTables, prose: ProseFigures, own: bool) -> Iterator[Finding]:
    """C9: the applications received, as a sum of channels and as a figure of its own."""
    rule = RULES["C9"]
    cell = Cell("applications", "r1", "total")
    printed = tables.value(cell)
    stated: list[tuple[str, int]] = []
    # One channel alone is a remark ("其中网络申请3件"), not a division of the whole.
    if len(prose.channels) > 1:
        parts = "＋".join(f"{name}{number}" for name, number in prose.channels.items())
        total = sum(prose.channels.values())
        stated.append((f"正文各渠道申请{parts}＝{total}", total))
    if prose.received is not None:
        stated.append((f"正文所述收到申请{prose.received}件", prose.received))
    for words, number in stated:
        if printed is not None and number != printed:
            message = f"{words}，不等于{cell}{printed}；{rule.mend}。"
            yield Finding("C9", rule.severity_for(own), message, place_of(cell), number, printed)


def _fees(tables: ReportTables, prose: ProseFigures) -> Iterator[Finding]:
    """C11, from the side of the printed report: part six is silent about fees."""
    rule = RULES["C11"]
    cell = Cell("applications", "r3_6_2", "total")
    lapsed = tables.value(cell)
    if lapsed and not prose.mentions_fees:
        message = f"{cell}为{lapsed}，第六部分却未报告收费情况；{rule.mend}。"
        yield Finding("C11", rule.severity, message, place_of(cell), lapsed, 0)


def blank_cells(tables: ReportTables) -> Iterator[Finding]:
    """One warning for each row with blank cells: what is blank was not checked.

    The row 三（六） of the other form is not blank, it is not there.
    """
    for table in TABLE_LABELS:
        if tables.table(table) is None:
            continue
        for row in row_keys(table, tables.form):
            columns = columns_of(table, row)
            blank = [c.label for c in columns if tables.value(Cell(table, row, c.key)) is None]
            if not blank:
                continue
            which = "全部单元格" if len(blank) == len(columns) else "、".join(f"“{label}”" for label in blank)
            message = f"{TABLE_LABELS[table]}“{row_of(table, row).full_label}”{which}为空白，无法核对；没有的请填0。"
            column = blank[0] if len(blank) == 1 else None
            yield Finding("BLANK", "warning", message, Where(table, row, column))


def check_report(
    tables: ReportTables,
    *,
    agency: str | None = None,
    previous: ReportTables | None = None,
    prose: ProseFigures | None = None,
    own: bool = False,
) -> tuple[Finding, ...]:
    """C1–C9, C11 and C12 over one report, in the order of the rules.

    `agency` is its full name (C8), `previous` the report of the year before (C4, C7, C12), `prose` what the
    narrative says (C9, C11); a rule whose input is missing is not applied. `own` is the agency's report before
    submission: C9 is then an error.
    """
    found: list[Finding] = []
    for balance in BALANCES:
        found += _evaluate(balance, tables, previous, own)
    found += _amounts(tables)
    found += _rule_making(tables, agency)
    if prose is not None:
        found += _prose(tables, prose, own)
        found += _fees(tables, prose)
    order = list(RULES)
    return tuple(sorted(found, key=lambda finding: order.index(finding.rule)))


# Records -------------------------------------------------------------------------------------------------


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


def check_roll_up(government: ReportTables, members: Mapping[str, ReportTables]) -> tuple[Finding, ...]:
    """C14: every cell of the government's report is the sum over `members` (agency name → its report).

    The members are the departments, the government's own office and, where the district counts them in, the
    towns and subdistricts. A member's blank cell leaves the sum open and is named.
    """
    rule = RULES["C14"]
    found: list[Finding] = []
    for cell in government.cells():
        printed = government.value(cell)
        if printed is None:
            continue
        parts = {name: report.value(cell) for name, report in members.items()}
        silent = [name for name, value in parts.items() if value is None]
        total: Figure = sum((value for value in parts.values() if value is not None), start=0)
        if silent:
            message = f"{cell}无法核对汇总：{'、'.join(silent)}的报告中该格空白；{rule.mend}。"
        elif total != printed:
            message = f"{cell}为{printed}，不等于{len(parts)}个机关之和{total}；{rule.mend}。"
        else:
            continue
        found.append(Finding("C14", rule.severity, message, place_of(cell), printed, total))
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
