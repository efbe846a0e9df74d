"""A published annual report from its text: status, form, agency, year, figures, findings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from gongkai.reporting.reading.outline import Outline, is_heading, outline_of
from gongkai.reporting.reading.placing import TableReading
from gongkai.reporting.reading.prose import read_prose
from gongkai.reporting.reading.source import CELL, Source, UnreadableReport, read_source
from gongkai.reporting.reading.tables import read_applications, read_disclosure, read_remedies
from gongkai.rulebook.report_checks import blank_cells
from gongkai.rulebook.report_form import PARTS, Cell, Counts, ReportTables, TableName
from gongkai.rulebook.report_rules import Finding, ProseFigures, Where

Status = Literal["complete", "partial", "unreadable"]


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What was read from one file.

    `findings` are those of reading alone (READ, C6 for figures with decimals, PART, TITLE, BLANK); the checks are
    `rulebook.report_checks.check_report`. An unreadable report has one finding, which says why.

    `lines` has for each cell that was placed the index of its line in `source.lines`, whose place in the file is
    `source.places` at that index. `texts` are the narrative: `opening` (what stands above part one), `overview`
    (part one), `problems` (part five) and `other` (part six) without headings and tables; a part that is missing
    is no key.
    """

    status: Status
    agency: str | None
    year: int | None
    tables: ReportTables
    prose: ProseFigures
    findings: tuple[Finding, ...]
    lines: Mapping[Cell, int] = field(default_factory=dict)
    source: Source | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The fields of `gongkai report check --json` except `file`."""
        return {
            "status": self.status,
            "form": self.tables.form,
            "agency": self.agency,
            "year": self.year,
            **self.tables.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
        }


# By the number of the part that holds the table.
_READERS: dict[int, Callable[[Mapping[int, str]], TableReading]] = {
    2: read_disclosure,
    3: read_applications,
    4: read_remedies,
}


def read_report(path: Path) -> ReadReport:
    """Read the report at `path`; a file that cannot be read gives status unreadable, never an exception."""
    try:
        return report_from_source(read_source(path))
    except UnreadableReport as reason:
        return unreadable(str(reason))


def unreadable(reason: str) -> ReadReport:
    """The result for a file that could not be read, with its one finding."""
    finding = Finding("READ", "error", f"{reason}。")
    return ReadReport("unreadable", None, None, ReportTables(form=None), ProseFigures(), (finding,))


def report_from_source(source: Source) -> ReadReport:
    """Read a report from its lines; UnreadableReport where no row can be placed or the text is damaged."""
    lines = source.lines
    outline = outline_of(lines)
    readings = {
        number: read_table(_part(lines, outline, number))
        for number, read_table in _READERS.items()
        if number in outline.parts
    }
    for number, reading in readings.items():
        if reading.ends_inside and number not in outline.ended:
            part = PARTS[number - 1].numbered_heading
            raise UnreadableReport(f"文件在“{part}”的表格中间中断，请提供完整的文件")
    if not any(reading.rows for reading in readings.values()):
        raise UnreadableReport(_why_nothing(readings.values()))
    tables = _tables({reading.table: reading for reading in readings.values()})
    general = [i for i in outline.parts.get(1, range(0)) if i not in outline.title_lines]
    prose = read_prose(
        [lines[i] for i in general],
        list(_part(lines, outline, 6).values()) if 6 in outline.parts else None,
        year=outline.title.year if outline.title else None,
        numbers=general,
    )
    findings = [finding for reading in readings.values() for finding in reading.findings]
    findings += _missing_parts(outline)
    # A row that was not placed has its own finding; only a printed blank is called blank.
    placed = {(reading.table, row) for reading in readings.values() for row in reading.rows}
    findings += blank_cells(tables, placed)
    # That it is a scan comes last: who shows one finding shows what keeps the report from being whole.
    findings += source.findings
    whole = len(readings) == len(_READERS) and all(reading.complete for reading in readings.values())
    title = outline.title
    return ReadReport(
        "complete" if whole else "partial",
        title.agency if title else None,
        title.year if title else None,
        tables,
        prose,
        tuple(findings),
        {cell: line for reading in readings.values() for cell, line in reading.lines.items()},
        source,
        _texts(lines, outline),
    )


def _part(lines: Sequence[str], outline: Outline, number: int) -> dict[int, str]:
    """The lines of a part by their index, without those that are the report's title; none for a missing part."""
    segment = outline.parts.get(number, range(0))
    return {i: lines[i] for i in segment if i not in outline.title_lines}


# By the names that the drafts of our own reports use.
_NARRATIVE = {1: "overview", 5: "problems", 6: "other"}


def _texts(lines: Sequence[str], outline: Outline) -> dict[str, str]:
    first = min((segment.start for segment in outline.parts.values()), default=len(lines))
    parts = {"opening": range(first)}
    parts |= {name: outline.parts[n] for n, name in _NARRATIVE.items() if n in outline.parts}

    def told(numbers: range) -> str:
        kept = (lines[i] for i in numbers if i not in outline.title_lines and CELL not in lines[i])
        return "\n".join(line for line in kept if not is_heading(line)).strip("\n")

    return {name: told(numbers) for name, numbers in parts.items()}


def _tables(readings: Mapping[TableName, TableReading]) -> ReportTables:
    """What was placed, as tables; a table of which nothing was placed is missing."""

    def rows(name: TableName) -> dict[str, Counts] | None:
        if name not in readings or not readings[name].rows:
            return None
        return {row: counts for row, counts in readings[name].rows.items() if row != "charges"}

    return ReportTables(
        disclosure=rows("disclosure"),
        charges=readings["disclosure"].charges if "disclosure" in readings else None,
        applications=rows("applications"),
        remedies=rows("remedies"),
        form=readings["applications"].form if "applications" in readings else None,
    )


def _why_nothing(found: Iterable[TableReading]) -> str:
    for reading in found:
        for finding in reading.findings:
            if finding.severity == "error":
                return finding.message.rstrip("。")
    return "没有找到政府信息公开工作年度报告的表格，请确认文件是按规定格式编制的年度报告"


def _missing_parts(outline: Outline) -> list[Finding]:
    findings = []
    for part in PARTS:
        if part.number in outline.parts:
            continue
        if part.table is not None:
            message = f"没有找到“{part.numbered_heading}”的表格；请补上该表。"
            findings.append(Finding("READ", "error", message, Where(part.table)))
        else:
            message = f"没有找到“{part.numbered_heading}”；六个部分不能遗漏，请补上。"
            findings.append(Finding("PART", "warning", message))
    if outline.title is None:
        findings.append(
            Finding("TITLE", "warning", "没有找到“××机关××年政府信息公开工作年度报告”的标题；请补上标题。")
        )
    elif outline.title.agency is None:
        findings.append(Finding("TITLE", "warning", "标题中没有机关名称；请在标题中写明机关全称。"))
    return findings
