"""The rules of an annual report: what each demands, on what basis, and how to mend a breach.

C1–C15 are about figures; the others, with a word for their id, about reading a report, its parts, dates and words.
Here are the rules and the shape of a finding. `report_checks` applies to one report what its figures show,
`prose_checks` what its text says beside them; `record_checks` applies what only the records behind the figures
show (C10, C13, C15) or the reports of the members (C14).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from gongkai.rulebook.report_form import FORM_2021, Cell

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


Document = Literal["report", "previous", "other"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides that do not agree: what is said there, and where it stands.

    `words` are the words or the sum of that side. It stands in the cells of `cells` or in the lines of `lines`
    (indexes into the lines that were read), of the report itself, of last year's or of another one. `place` is
    that in words (第3页第12行), as far as the file tells it; who reads the file fills it in.
    """

    words: str
    cells: tuple[Cell, ...] = ()
    lines: tuple[int, ...] = ()
    document: Document = "report"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at one place: one sentence with the figures of both sides and how to mend it.

    `sides`: the two sides with their places, or the one place where something is wrong by itself.
    """

    rule: str
    severity: Severity
    message: str
    where: Where = field(default_factory=Where)
    left: Figure | None = None
    right: Figure | None = None
    sides: tuple[Side, ...] = ()

    @property
    def basis(self) -> str:
        """On what the rule rests: article, form or standard; '' for a rule that is not listed."""
        return RULES[self.rule].basis if self.rule in RULES else ""

    def to_json(self) -> dict[str, Any]:
        """The form of `gongkai report check --json`."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "where": self.where.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure that a sentence states: `subject` is a key of `prose_checks.SUBJECTS`.

    `words` is the clause as printed, `line` the index of its line among those that were read, `scope` the words
    that widen or narrow it (全市, 各部门, 本机关); '' without such words.
    """

    subject: str
    number: Figure
    words: str
    line: int
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A figure that a sentence divides into parts: 共14件，其中当面11件、网络2件、信函1件."""

    total: int
    parts: tuple[tuple[str, int], ...]
    words: str
    line: int


@dataclass(frozen=True, slots=True)
class ProseFigures:
    """The figures that the narrative parts state; None where they state none.

    `channels` maps the channel as named in the prose (当面, 传真, 网络, 信函, 其他) to its number of applications.
    `mentions_fees` says whether part six speaks of the information processing fee; None without a part six.
    `statements` and `enumerations` are the sentences that can be held against the tables, or against themselves;
    `channel_lines` the lines (as in `Statement.line`) of the channels.
    """

    received: int | None = None
    channels: Mapping[str, int] = field(default_factory=dict)
    items: int | None = None
    mailbox: int | None = None
    media_line: int | None = None
    assigned: int | None = None
    mentions_fees: bool | None = None
    statements: tuple[Statement, ...] = ()
    enumerations: tuple[Enumeration, ...] = ()
    channel_lines: tuple[int, ...] = ()


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


_REGULATION = "《中华人民共和国政府信息公开条例》"

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
            "正文所述数字与表格一致",
            f"{FORM_2021}第一部分、表二至表四",
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
        Rule(
            "READ",
            "error",
            "报告的文字和表格可以完整读取",
            FORM_2021,
            "请按规定格式编制，并提供完整、带文字的文件",
        ),
        Rule(
            "SCAN",
            "warning",
            "扫描件的文字由识别得出，须由人核对",
            FORM_2021,
            "请对照原件核对，或者提供带文字的文件",
        ),
        Rule("BLANK", "warning", "表格不留空白", f"{FORM_2021}表二至表四", "请补填，没有的填0"),
        Rule(
            "TITLE",
            "warning",
            "标题写明机关全称和年度",
            FORM_2021,
            "请写作“××机关××年政府信息公开工作年度报告”",
        ),
        Rule(
            "PART",
            "warning",
            "六个部分齐全、有内容，按规定的标题和顺序排列",
            f"{_REGULATION}第五十条；{FORM_2021}",
            "请补写，没有的写明没有",
        ),
        Rule(
            "FORM",
            "warning",
            "2021年度起的报告用现行格式",
            FORM_2021,
            "请改用现行格式重新填报",
        ),
        Rule(
            "DATES",
            "warning",
            "统计期限为报告年度1月1日至12月31日，正文所述年度与标题一致，按期公布",
            f"{_REGULATION}第四十九条；{FORM_2021}",
            "请核对日期",
        ),
        Rule(
            "AGENCY",
            "warning",
            "正文以本机关为主体，所述层级与职责与本机关相符",
            f"{_REGULATION}第四条；{FORM_2021}",
            "请按本机关的实际情况改写",
        ),
        Rule(
            "FEES",
            "warning",
            "第六部分报告本年度发出收费通知的件数、总金额和实际收取的总金额",
            "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
            "请补写收费情况，没有收取的写明没有收取",
        ),
        Rule(
            "SUM",
            "warning",
            "正文列举的各项之和等于所述总数",
            f"{FORM_2021}第一部分",
            "请核对总数与各项",
        ),
        Rule(
            "PREVIOUS",
            "warning",
            "与上一年度报告可比，较大的增减有说明",
            f"{_REGULATION}第四十九条、第五十条",
            "请核对，属实的在正文中说明原因",
        ),
        Rule(
            "COPY",
            "warning",
            "内容不与上一年度报告、其他机关报告雷同",
            f"{FORM_2021}（四）；{_REGULATION}第四十七条",
            "请按本年度、本机关的实际工作改写",
        ),
        Rule(
            "SLIP",
            "warning",
            "用语、数字、文号、法规名称和条文号正确",
            "GB/T 9704—2012；GB/T 15835—2011",
            "请改正",
        ),
    )
}


def place_of(cell: Cell) -> Where:
    """A cell as the place of a finding."""
    return Where(cell.table, cell.row, cell.column_label)
