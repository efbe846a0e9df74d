"""The form of the annual report on 政府信息公开工作, as data.

条例 art. 50 has the national authority publish one form: 国办公开办函〔2021〕30号, issued 2021-09-26. Its parts,
tables, rows and columns stand here once, with the labels as printed; the checks, the reader, the compiler and
the documents all walk over them. The form before it (2019) differs in table two and has row 三（六）undivided.

A figure is a non-negative whole number; `None` is a blank cell and never means 0.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

FormName = Literal["2021", "2019"]
TableName = Literal["disclosure", "applications", "remedies"]
Count = int | None
Counts = tuple[Count, ...]

FORM_2021 = "国办公开办函〔2021〕30号"
FORM_2021_ISSUED = date(2021, 9, 26)
TITLE = "{agency}{year}年政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the six parts: its number, its heading without the numeral, and the table it holds, if any."""

    number: int
    heading: str
    table: TableName | None = None

    @property
    def numbered_heading(self) -> str:
        """The heading as printed: 一、总体情况."""
        return f"{'一二三四五六'[self.number - 1]}、{self.heading}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` for programs, `label` as printed, `group` the label printed above it, if any."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `key` as in the JSON form, `label` as printed, `group` and `part` the labels to its left."""

    key: str
    label: str
    group: str = ""
    part: str = ""
    article: str = ""
    """The ground in the 条例; empty where the row is a sum or rests on practice."""

    @property
    def full_label(self) -> str:
        """The label with the groups it stands under: 三（六）其他处理·3.其他."""
        number = self.part.split("、")[0]
        return f"{number}{self.group}·{self.label}" if self.group else f"{number}{self.label}"


@dataclass(frozen=True, slots=True)
class DisclosureBlock:
    """A block of table two: the item of art. 20 it reports, its rows and its columns."""

    article: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]


PARTS = (
    Part(1, "总体情况"),
    Part(2, "主动公开政府信息情况", "disclosure"),
    Part(3, "收到和处理政府信息公开申请情况", "applications"),
    Part(4, "政府信息公开行政复议、行政诉讼情况", "remedies"),
    Part(5, "存在的主要问题及改进情况"),
    Part(6, "其他需要报告的事项"),
)

# Table two -----------------------------------------------------------------------------------------------

DOCUMENT_COLUMNS = (
    Column("made", "本年制发件数"),
    Column("repealed", "本年废止件数"),
    Column("in_force", "现行有效件数"),
)
DECISION_COLUMNS = (Column("decisions", "本年处理决定数量"),)
CHARGE_COLUMNS = (Column("amount", "本年收费金额（单位：万元，保留4位小数）"),)
ROW_HEAD = "信息内容"
CHARGE_DECIMALS = 4

DISCLOSURE_BLOCKS = (
    DisclosureBlock(
        "第二十条第（一）项",
        (Row("rules", "规章"), Row("normative_documents", "行政规范性文件")),
        DOCUMENT_COLUMNS,
    ),
    DisclosureBlock("第二十条第（五）项", (Row("licences", "行政许可"),), DECISION_COLUMNS),
    DisclosureBlock(
        "第二十条第（六）项",
        (Row("penalties", "行政处罚"), Row("coercive_measures", "行政强制")),
        DECISION_COLUMNS,
    ),
    DisclosureBlock("第二十条第（八）项", (Row("charges", "行政事业性收费"),), CHARGE_COLUMNS),
)

# Table two of the form of 2019, as far as it answers what the form of 2021 asks: the position in its row of
# each figure that has the same meaning. Everything else of that row is blank in our terms.
DISCLOSURE_HEAD_2019 = "本年新制作数量"
DISCLOSURE_2019: Mapping[str, tuple[int, Mapping[str, int]]] = {
    "rules": (3, {"made": 0}),
    "normative_documents": (3, {"made": 0}),
    "licences": (3, {"decisions": 2}),
    "penalties": (3, {"decisions": 2}),
    "coercive_measures": (3, {"decisions": 2}),
    "charges": (2, {}),
}

# Table three ---------------------------------------------------------------------------------------------

HEADER_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS_HEAD = "申请人情况"
LEGAL_PERSON = "法人或其他组织"
TOTAL_COLUMN = "总计"

APPLICANT_COLUMNS = (
    Column("natural_person", "自然人"),
    Column("commercial_enterprise", "商业企业", LEGAL_PERSON),
    Column("research_institution", "科研机构", LEGAL_PERSON),
    Column("public_benefit_organization", "社会公益组织", LEGAL_PERSON),
    Column("legal_service_institution", "法律服务机构", LEGAL_PERSON),
    Column("other", "其他", LEGAL_PERSON),
    Column("total", TOTAL_COLUMN),
)

RESULTS = "三、本年度办理结果"
WITHHELD = "（三）不予公开"
UNAVAILABLE = "（四）无法提供"
NOT_PROCESSED = "（五）不予处理"
OTHERWISE = "（六）其他处理"


def _result(key: str, label: str, article: str = "", group: str = "") -> Row:
    return Row(key, label, group, RESULTS, article)


APPLICATION_ROWS = (
    Row("r1", "一、本年新收政府信息公开申请数量"),
    Row("r2", "二、上年结转政府信息公开申请数量"),
    _result("r3_1", "（一）予以公开", "第三十六条第（一）、（二）项"),
    _result("r3_2", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "第三十七条"),
    _result("r3_3_1", "1.属于国家秘密", "第十四条", WITHHELD),
    _result("r3_3_2", "2.其他法律行政法规禁止公开", "第十四条", WITHHELD),
    _result("r3_3_3", "3.危及“三安全一稳定”", "第十四条", WITHHELD),
    _result("r3_3_4", "4.保护第三方合法权益", "第十五条、第三十二条", WITHHELD),
    _result("r3_3_5", "5.属于三类内部事务信息", "第十六条第一款", WITHHELD),
    _result("r3_3_6", "6.属于四类过程性信息", "第十六条第二款", WITHHELD),
    _result("r3_3_7", "7.属于行政执法案卷", "第十六条第二款", WITHHELD),
    _result("r3_3_8", "8.属于行政查询事项", "第三十六条第（七）项", WITHHELD),
    _result("r3_4_1", "1.本机关不掌握相关政府信息", "第三十六条第（四）、（五）项", UNAVAILABLE),
    _result("r3_4_2", "2.没有现成信息需要另行制作", "第三十八条", UNAVAILABLE),
    _result("r3_4_3", "3.补正后申请内容仍不明确", "第三十条", UNAVAILABLE),
    _result("r3_5_1", "1.信访举报投诉类申请", "第三十九条第一款", NOT_PROCESSED),
    _result("r3_5_2", "2.重复申请", "第三十六条第（六）项", NOT_PROCESSED),
    _result("r3_5_3", "3.要求提供公开出版物", "第三十九条第二款", NOT_PROCESSED),
    _result("r3_5_4", "4.无正当理由大量反复申请", "第三十五条", NOT_PROCESSED),
    _result("r3_5_5", "5.要求行政机关确认或重新出具已获取信息", "", NOT_PROCESSED),
    _result(
        "r3_6_1",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "第三十条",
        OTHERWISE,
    ),
    _result(
        "r3_6_2",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "第四十二条",
        OTHERWISE,
    ),
    _result("r3_6_3", "3.其他", "", OTHERWISE),
    _result("r3_7", "（七）总计"),
    Row("r4", "四、结转下年度继续办理"),
)

UNDIVIDED_ROW = _result("r3_6", OTHERWISE)
"""Row 三（六）of the form of 2019, in the place of r3_6_1 to r3_6_3."""

DIVIDED_KEYS = ("r3_6_1", "r3_6_2", "r3_6_3")
SUM_ROW = "r3_7"
LEAF_ROWS = tuple(row.key for row in APPLICATION_ROWS if row.part == RESULTS and row.key != SUM_ROW)
"""The 21 rows of which every closed case is counted in exactly one."""

# Table four ----------------------------------------------------------------------------------------------

RECONSIDERATION = "行政复议"
LITIGATION = "行政诉讼"
REMEDY_ROWS = (
    Row("reconsideration", RECONSIDERATION),
    Row("direct_litigation", "未经复议直接起诉", LITIGATION),
    Row("litigation_after_reconsideration", "复议后起诉", LITIGATION),
)
"""Printed side by side as three groups of columns; a group is a row of our table."""

REMEDY_COLUMNS = (
    Column("upheld", "结果维持"),
    Column("corrected", "结果纠正"),
    Column("other_result", "其他结果"),
    Column("pending", "尚未审结"),
    Column("total", TOTAL_COLUMN),
)

# Look-up -------------------------------------------------------------------------------------------------

DISCLOSURE_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    row.key: block.columns for block in DISCLOSURE_BLOCKS for row in block.rows
}
_ROWS: Mapping[TableName, Mapping[str, Row]] = {
    "disclosure": {row.key: row for block in DISCLOSURE_BLOCKS for row in block.rows},
    "applications": {row.key: row for row in (*APPLICATION_ROWS, UNDIVIDED_ROW)},
    "remedies": {row.key: row for row in REMEDY_ROWS},
}
TABLE_LABELS: Mapping[TableName, str] = {"disclosure": "表二", "applications": "表三", "remedies": "表四"}


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The address of one cell: table, row and column by their keys."""

    table: TableName
    row: str
    column: str

    @property
    def row_label(self) -> str:
        return _ROWS[self.table][self.row].full_label

    @property
    def column_label(self) -> str:
        return next(c.label for c in columns_of(self.table, self.row) if c.key == self.column)

    def __str__(self) -> str:
        return f"{TABLE_LABELS[self.table]}“{self.row_label}”“{self.column_label}”"


def row_of(table: TableName, key: str) -> Row:
    """The row of that key; KeyError for a key that the form does not have."""
    return _ROWS[table][key]


def columns_of(table: TableName, row: str) -> tuple[Column, ...]:
    """The columns of that row, in printed order."""
    if table == "disclosure":
        return DISCLOSURE_COLUMNS[row]
    return APPLICANT_COLUMNS if table == "applications" else REMEDY_COLUMNS


def row_keys(table: TableName, form: FormName | None = "2021") -> tuple[str, ...]:
    """The row keys of a table in printed order, in the layout of `form` (None counts as 2021)."""
    if table != "applications" or form != "2019":
        return tuple(key for key in _ROWS[table] if key != UNDIVIDED_ROW.key)
    keys = [row.key for row in APPLICATION_ROWS if row.key not in DIVIDED_KEYS]
    keys.insert(keys.index(SUM_ROW), UNDIVIDED_ROW.key)
    return tuple(keys)


# Values --------------------------------------------------------------------------------------------------


class ReportFormError(ValueError):
    """A JSON report that is not of the form; the message says where and what is expected."""


@dataclass(frozen=True, slots=True)
class ReportTables:
    """The figures of tables two, three and four of one report; a table that is missing is None.

    `disclosure`    row key → counts in column order (three for documents, one for decisions). The charges of
                    table two are `charges`, in 万元, with the decimals as printed.
    `applications`  row key → seven counts in column order. A report in the form of 2019 has `r3_6` and blanks
                    in r3_6_1 to r3_6_3.
    `remedies`      row key → five counts in column order.
    """

    disclosure: Mapping[str, Counts] | None = None
    charges: Decimal | None = None
    applications: Mapping[str, Counts] | None = None
    remedies: Mapping[str, Counts] | None = None
    form: FormName | None = field(default="2021")

    def table(self, name: TableName) -> Mapping[str, Counts] | None:
        """The counts of one table by row key (without the charges), or None where it is missing."""
        if name == "disclosure":
            return self.disclosure
        return self.applications if name == "applications" else self.remedies

    def value(self, cell: Cell) -> int | Decimal | None:
        """What stands in a cell; None where the cell is blank or its table or row is missing."""
        if cell.row == "charges":
            return self.charges
        counts = (self.table(cell.table) or {}).get(cell.row)
        if counts is None:
            return None
        position = [column.key for column in columns_of(cell.table, cell.row)].index(cell.column)
        return counts[position]

    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the tables that are there, in printed order."""
        return tuple(
            Cell(table, row, column.key)
            for table in TABLE_LABELS
            if self.table(table) is not None
            for row in row_keys(table, self.form)
            for column in columns_of(table, row)
        )

    def to_json(self) -> dict[str, Any]:
        """`disclosure`, `applications` and `remedies` as `gongkai report check --json` prints them."""
        disclosure: dict[str, Any] | None = None
        if self.disclosure is not None:
            disclosure = {}
            for row in row_keys("disclosure"):
                counts = self.disclosure.get(row, (None,) * len(columns_of("disclosure", row)))
                disclosure[row] = list(counts) if len(counts) > 1 else counts[0]
            disclosure["charges"] = None if self.charges is None else format(self.charges, "f")
        applications = _table_to_json(self.applications, tuple(r.key for r in APPLICATION_ROWS), 7)
        if applications is not None and self.applications and UNDIVIDED_ROW.key in self.applications:
            applications[UNDIVIDED_ROW.key] = list(self.applications[UNDIVIDED_ROW.key])
        return {
            "disclosure": disclosure,
            "applications": applications,
            "remedies": _table_to_json(self.remedies, row_keys("remedies"), 5),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReportTables":
        """The inverse of `to_json`; a missing row is blank, further keys are ignored. ReportFormError for a wrong shape or type."""
        disclosure = charges = None
        if (found := data.get("disclosure")) is not None:
            block = _mapping(found, "disclosure")
            disclosure = {}
            for row in row_keys("disclosure"):
                width = len(columns_of("disclosure", row))
                if row != "charges":
                    value = block.get(row, [None] * width) if width > 1 else [block.get(row)]
                    disclosure[row] = _counts(value, width, f"disclosure.{row}")
            charges = _charges(block.get("charges"))
        applications = _table_from_json(data, "applications", tuple(r.key for r in APPLICATION_ROWS), 7)
        form: FormName | None = None if applications is None else "2021"
        if applications is not None and UNDIVIDED_ROW.key in data["applications"]:
            undivided = data["applications"][UNDIVIDED_ROW.key]
            applications[UNDIVIDED_ROW.key] = _counts(undivided, 7, f"applications.{UNDIVIDED_ROW.key}")
            form = "2019"
        remedies = _table_from_json(data, "remedies", row_keys("remedies"), 5)
        return cls(disclosure, charges, applications, remedies, form)


def _table_to_json(
    table: Mapping[str, Counts] | None, keys: tuple[str, ...], width: int
) -> dict[str, list[Count]] | None:
    if table is None:
        return None
    return {key: list(table.get(key, (None,) * width)) for key in keys}


def _table_from_json(
    data: Mapping[str, Any], name: str, keys: tuple[str, ...], width: int
) -> dict[str, Counts] | None:
    if data.get(name) is None:
        return None
    table = _mapping(data[name], name)
    return {key: _counts(table.get(key, [None] * width), width, f"{name}.{key}") for key in keys}


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ReportFormError(f"“{where}”应为按行列出数字的对象")
    return value


def _counts(value: Any, width: int, where: str) -> Counts:
    def right(cell: Any) -> bool:
        return cell is None or (isinstance(cell, int) and not isinstance(cell, bool))

    if not isinstance(value, list) or len(value) != width or not all(map(right, value)):
        raise ReportFormError(f"“{where}”应有{width}个整数或空值")
    return tuple(value)


def _charges(value: Any) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", value):
        raise ReportFormError('“disclosure.charges”应为写作字符串的十进制数，如 "0.0000"')
    return Decimal(value)
