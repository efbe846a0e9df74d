"""Everything that is said about one report that was read from a file, and about several together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai.reporting.inspection.addressee import addressee
from gongkai.reporting.inspection.copying import Compared, Likeness, likeness, likenesses, of_narrative
from gongkai.reporting.inspection.dates import dates
from gongkai.reporting.inspection.narrative import Narrative
from gongkai.reporting.inspection.parts import parts
from gongkai.reporting.inspection.previous import biggest, comparable
from gongkai.reporting.inspection.printed import Printed
from gongkai.reporting.inspection.wording import slips
from gongkai.reporting.reading.textreport import ReadReport
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_form import Cell, columns_of, row_keys
from gongkai.rulebook.report_rules import RULES, Document, Finding, Side

_LISTED = 5
"""So many passages of two similar texts are shown."""

_QUOTED = 60


@dataclass(frozen=True)
class Inspected:
    """A report with everything that was found in it: errors first, then in the order of the rules."""

    name: str
    report: ReadReport
    findings: tuple[Finding, ...]
    text: Compared | None = field(default=None, repr=False)

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.findings)

    @property
    def label(self) -> str:
        """Agency and year as far as the title tells them: 西工区城市改造办公室 2021年."""
        year = f"{self.report.year}年" if self.report.year else "（年度不明）"
        return f"{self.report.agency or '（机关不明）'} {year}"

    def to_json(self) -> dict[str, Any]:
        """The line of `gongkai report check --json`."""
        return {
            "file": self.name,
            **self.report.to_json(),
            "findings": [one.to_json() for one in self.findings],
        }


def inspect(name: str, report: ReadReport, previous: ReadReport | None = None) -> Inspected:
    """Check a report by itself, and against last year's where that is given; an unreadable one only says why."""
    if report.status == "unreadable" or report.source is None:
        return Inspected(name, report, report.findings)
    narrative = Narrative.of_source(report.source, report.agency, report.year)
    found = list(report.findings)
    before = None
    if previous is not None:
        usable, notes = comparable(report, previous)
        found += notes
        before = previous if usable else None
    tables = before.tables if before else None
    found += check_report(report.tables, agency=report.agency, previous=tables, prose=report.prose)
    # Of fees that part six is silent about C11 says more.
    silent = any(one.rule == "C11" for one in found)
    found += (one for one in parts(narrative, report.tables) if one.rule != "FEES" or not silent)
    found += dates(narrative)
    found += addressee(narrative)
    found += slips(narrative)
    text = of_narrative(name, narrative)
    if before is not None:
        found += biggest(report.tables, before.tables)
        if before.source is not None:
            earlier = Narrative.of_source(before.source, before.agency, before.year)
            same = likeness(text, of_narrative("上一年度报告", earlier))
            if same.told(last_year=True):
                found.append(copied(same, "previous"))
    printed = Printed.of_source(report.source)
    placed = (_placed(printed.finding(one), report, before) for one in dict.fromkeys(found))
    return Inspected(name, report, _ordered(placed), text)


def compare(inspected: Sequence[Inspected]) -> tuple[Inspected, ...]:
    """The same reports, each with what its text has in common with those of the others.

    The same agency's report on the same year is the same report under another name: it is not compared. That on
    an earlier year is last year's text; that on a later year copied from this one, not the other way round.
    """
    texts = [each.text for each in inspected if each.text is not None]
    having = [place for place, each in enumerate(inspected) if each.text is not None]
    found = likenesses(texts) if len(texts) > 1 else {}
    result = list(inspected)
    for number, place in enumerate(having):
        each = inspected[place]
        told = []
        for one in found.get(number, ()):
            other = next(each for each in inspected if each.name == one.other)
            if _counts(each, other, one):
                told.append((one, other))
        if not told:
            continue
        copies = [_of_others(one, each, other) for one, other in told[:3]]
        result[place] = replace(each, findings=_ordered((*each.findings, *copies)))
    return tuple(result)


def _counts(each: Inspected, other: Inspected, one: Likeness) -> bool:
    own, its = each.report, other.report
    if own.agency is None or own.agency != its.agency:
        return one.told()
    if own.year is None or its.year is None or its.year >= own.year:
        return False
    return one.told(last_year=True)


def copied(one: Likeness, document: Document, label: str = "上一年度报告") -> Finding:
    """The finding about a text that has much of another one's, with the passages as its sides: own, other, own …

    `label` names the other report for people.
    """
    rule = RULES["COPY"]
    longest = one.passages[0]
    words = longest.words if len(longest.words) <= _QUOTED else longest.words[:_QUOTED] + "……"
    named = label if document == "previous" else f"“{label}”"
    if one.other != label and document == "other":
        named += f"（{one.other}）"
    message = (
        f"正文有{one.share:.0%}的文字与{named}相同，最长的一段{longest.length}字：“{words}”；{rule.mend}。"
    )
    sides = []
    for passage in one.passages[:_LISTED]:
        quoted = passage.words if len(passage.words) <= 400 else passage.words[:400] + "……"
        sides.append(Side(f"“{quoted}”", lines=passage.lines))
        sides.append(Side(f"{named}：{passage.length}字相同", lines=passage.other_lines, document=document))
    return Finding("COPY", rule.severity, message, sides=tuple(sides))


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    order = {rule: place for place, rule in enumerate(RULES)}
    return tuple(sorted(findings, key=lambda one: (one.severity != "error", order.get(one.rule, len(order)))))


# Places --------------------------------------------------------------------------------------------------


def _placed(finding: Finding, report: ReadReport, before: ReadReport | None) -> Finding:
    """The finding with the places of its sides in the files, and those of this file in its sentence too."""
    sides = finding.sides or _of_row(finding, report)
    told = []
    for side in sides:
        source = before if side.document == "previous" else report
        place = "" if source is None or side.document == "other" else _place(side, source)
        told.append(replace(side, place=place))
    words = "；".join(
        dict.fromkeys(
            ("上一年度报告" if side.document == "previous" else "") + side.place
            for side in told
            if side.place
        )
    )
    return replace(finding, sides=tuple(told), message=_with_place(finding.message, words))


def _of_others(one: Likeness, each: Inspected, other: Inspected) -> Finding:
    """The same for what two reports have in common."""
    finding = copied(one, "other", other.label)
    if each.report.source is not None:
        finding = Printed.of_source(each.report.source).finding(finding)
    told = tuple(
        replace(side, place=_place(side, other.report if side.document == "other" else each.report))
        for side in finding.sides
    )
    words = "；".join(
        (f"对方{side.place}" if side.document == "other" else side.place) for side in told[:2] if side.place
    )
    return replace(finding, sides=told, message=_with_place(finding.message, words))


def _with_place(message: str, words: str) -> str:
    if not words:
        return message
    return f"{message.removesuffix('。')}（{words}）。"


def _of_row(finding: Finding, report: ReadReport) -> tuple[Side, ...]:
    """The row or the cell that a finding without sides points to."""
    where = finding.where
    if where.table not in ("disclosure", "applications", "remedies") or where.row is None:
        return ()
    table: Any = where.table
    if where.row not in row_keys(table, report.tables.form):
        return ()
    cells = tuple(
        Cell(table, where.row, column.key)
        for column in columns_of(table, where.row)
        if where.column in (None, column.label)
    )
    return (Side("", cells),) if cells else ()


def _place(side: Side, report: ReadReport) -> str:
    """The lines of a side in words: one place, two, or from the first to the last."""
    if report.source is None:
        return ""
    places = report.source.places
    lines = sorted({*side.lines, *(report.lines[cell] for cell in side.cells if cell in report.lines)})
    words = list(dict.fromkeys(places[line] for line in lines if 0 <= line < len(places)))
    if len(words) < 3:
        return "、".join(words)
    return f"{words[0]}至{words[-1]}"
