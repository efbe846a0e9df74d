"""A frozen report as a document: values for paper, and for the screen the same grids of cells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from gongkai.paperwork import pdf, word
from gongkai.paperwork.document import paragraphs_of
from gongkai.paperwork.report import (
    ApplicationTable,
    GroundBlock,
    RemedyTable,
    ReportDocument,
    Row,
    RowGroup,
    application_grid,
    disclosure_grid,
    remedy_grid,
)
from gongkai.paperwork.text import chinese_date
from gongkai.reporting import followups, narrative
from gongkai.reporting.compiling import Counted
from gongkai.reporting.narrative import Words
from gongkai.rulebook.report_form import (
    APPLICATION_ROWS,
    CHARGE_DECIMALS,
    DISCLOSURE_BLOCKS,
    HEADER_NOTE,
    PARTS,
    RESULTS,
    Cell,
    ReportTables,
    TableName,
    columns_of,
)

Content = Mapping[str, Any]
TEXTS = {1: "overview", 5: "problems", 6: "other"}
CAPTIONS: Mapping[TableName, str] = {part.table: part.heading for part in PARTS if part.table}


def tables_of(content: Content) -> ReportTables:
    """The three tables of a frozen content."""
    return ReportTables.from_json(content["tables"])


def counted_of(content: Content) -> dict[str, Counted]:
    """The figures of a frozen content with their records."""
    groups = content.get("records", ())
    return {key: Counted.from_json(key, said, groups) for key, said in content["figures"].items()}


def values_of(content: Content) -> dict[str, Counted]:
    """The figures of a frozen content without their records: what texts and tables need of them."""
    return {key: Counted.from_json(key, said) for key, said in content["figures"].items()}


def words_of(content: Content) -> Words:
    """Agency, year and last day of a frozen content."""
    return Words(content["agency"], content["year"], date(content["year"], 12, 31))


def whole(said: Mapping[str, Any], part: str) -> str:
    """A narrative part as it is printed, its figures still bound: part five with what became of last year's
    problems, part six with the explanation of C4 and those of large changes, if there are any."""
    behind = {
        "problems": [followups.printed(said)],
        "other": [said["carry_over"].strip(), said.get("jumps_text", "")],
    }.get(part, [])
    return "\n".join([said[part], *filter(None, behind)])


def text_of(content: Content, part: str) -> str:
    """A narrative part as it is printed, with its bound figures filled in from the frozen ones."""
    return narrative.filled(whole(content, part), values_of(content), words_of(content))


def _row_values(tables: ReportTables, table: TableName, row: str) -> tuple[str, ...]:
    cells = (Cell(table, row, column.key) for column in columns_of(table, row))
    return tuple(printed(tables, cell) for cell in cells)


def printed(tables: ReportTables, cell: Cell) -> str:
    """A figure as it is printed: charges with the four decimals that the form asks for; a blank cell as nothing."""
    value = tables.value(cell)
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return format(value, "f" if -value.as_tuple().exponent >= CHARGE_DECIMALS else f".{CHARGE_DECIMALS}f")


def disclosure_blocks(tables: ReportTables) -> tuple[GroundBlock, ...]:
    """Table two for paper."""
    return tuple(
        GroundBlock(
            ground=block.article,
            columns=tuple(column.label for column in block.columns),
            rows=tuple(
                Row(label=row.label, values=_row_values(tables, "disclosure", row.key)) for row in block.rows
            ),
        )
        for block in DISCLOSURE_BLOCKS
    )


def application_table(tables: ReportTables) -> ApplicationTable:
    """Table three for paper: rows of one group stand under its heading."""
    before: list[Row] = []
    after: list[Row] = []
    results: list[Row | RowGroup] = []
    for row in APPLICATION_ROWS:
        line = Row(label=row.label, values=_row_values(tables, "applications", row.key))
        if row.part != RESULTS:
            (after if results else before).append(line)
        elif not row.group:
            results.append(line)
        elif results and isinstance(results[-1], RowGroup) and results[-1].label == row.group:
            results[-1] = RowGroup(label=row.group, rows=(*results[-1].rows, line))
        else:
            results.append(RowGroup(label=row.group, rows=(line,)))
    return ApplicationTable(
        before=tuple(before), results=tuple(results), after=tuple(after), note=HEADER_NOTE
    )


def remedy_table(tables: ReportTables) -> RemedyTable:
    """Table four for paper."""
    return RemedyTable(
        reconsideration=_row_values(tables, "remedies", "reconsideration"),
        direct=_row_values(tables, "remedies", "direct_litigation"),
        after_reconsideration=_row_values(tables, "remedies", "litigation_after_reconsideration"),
    )


def paper(content: Content, day: date) -> ReportDocument:
    """The report for docx and PDF, dated `day`."""
    tables = tables_of(content)
    return ReportDocument(
        # The name of the agency takes the first line, as long titles of the form are set.
        title=content["title"].replace(content["agency"], content["agency"] + "\n", 1),
        opening=paragraphs_of(text_of(content, "opening")),
        overview=paragraphs_of(text_of(content, "overview")),
        disclosure=disclosure_blocks(tables),
        applications=application_table(tables),
        remedies=remedy_table(tables),
        problems=paragraphs_of(text_of(content, "problems")),
        other=paragraphs_of(text_of(content, "other")),
        date=day,
        signatory=content["agency"],
    )


def docx(content: Content, day: date) -> bytes:
    """The report as Word file. Raises PaperworkError."""
    return word.report_docx(paper(content, day))


def pdf_a(content: Content, day: date) -> bytes:
    """The report as PDF/A-2a. Raises PaperworkError."""
    return pdf.report_pdf(paper(content, day))


@dataclass(frozen=True)
class Box:
    """One cell of a table on the screen. scope: of a heading cell; url, changed, manual: of a figure."""

    text: str
    role: str
    rows: int = 1
    columns: int = 1
    scope: str = ""
    url: str = ""
    note: str = ""
    marked: bool = False


@dataclass(frozen=True)
class ScreenTable:
    """A table on the screen: its caption, and its rows of cells; the first `header_rows` are the head."""

    name: str
    caption: str
    head: tuple[tuple[Box, ...], ...]
    body: tuple[tuple[Box, ...], ...]


Dress = Callable[[Cell], Mapping[str, Any]]


def screen_tables(tables: ReportTables, dress: Dress = lambda cell: {}) -> list[ScreenTable]:
    """The three tables cell by cell; `dress(cell)` gives what a figure's box carries beside its text."""
    grids = {
        "disclosure": disclosure_grid(disclosure_blocks(tables)),
        "applications": application_grid(application_table(tables)),
        "remedies": remedy_grid(remedy_table(tables)),
    }
    answer = []
    for name, grid in grids.items():
        # Figures stand in the grid in the order in which the form counts them.
        cells: Iterator[Cell] = (cell for cell in tables.cells() if cell.table == name)
        rows: list[list[Box]] = [[] for _row in range(grid.rows)]
        for box in grid.cells:
            if box.role == "value":
                dressed = dict(dress(next(cells)))
                rows[box.row].append(Box(box.text, "value", box.rows, box.columns, **dressed))
            else:
                rows[box.row].append(
                    Box(box.text, box.role, box.rows, box.columns, _scope(box, grid.header_rows))
                )
        head = grid.header_rows
        answer.append(
            ScreenTable(
                name,
                CAPTIONS[name],
                tuple(tuple(row) for row in rows[:head]),
                tuple(tuple(row) for row in rows[head:]),
            )
        )
    return answer


def _scope(box: Any, header_rows: int) -> str:
    if box.role == "ground":
        return "colgroup"
    if box.row < header_rows or box.role == "heading":
        return "colgroup" if box.columns > 1 and box.role != "note" else "col"
    return "rowgroup" if box.rows > 1 else "row"


def html(content: Content, day: date | None = None) -> str:
    """The report as HTML of a document, safe, as reviewers and the public see it; dated once it is released."""
    return render_to_string(
        "reporting/document.html",
        {
            "title": content["title"],
            "opening": narrative.paragraphs(text_of(content, "opening")),
            "parts": list(_parts(content)),
            "agency": content["agency"],
            "day": chinese_date(day) if day else "",
        },
    )


def _parts(content: Content) -> Iterator[dict[str, Any]]:
    """The six parts, in order: heading and text or table."""
    tables = {table.name: table for table in screen_tables(tables_of(content))}
    for part in PARTS:
        if part.table:
            yield {"heading": part.numbered_heading, "table": tables[part.table]}
        else:
            text = narrative.paragraphs(text_of(content, TEXTS[part.number]))
            yield {"heading": part.numbered_heading, "text": text}


def lines(content: Content) -> list[str]:
    """The report as lines of text, for showing what changed."""
    said = [content["title"], *text_of(content, "opening").splitlines()]
    tables = tables_of(content)
    for part in PARTS:
        said.append(part.numbered_heading)
        if part.table:
            said += [f"{cell}：{tables.value(cell)}" for cell in tables.cells() if cell.table == part.table]
        else:
            said += text_of(content, TEXTS[part.number]).splitlines()
    return [line for line in said if line.strip()]
