"""The report's tables beside the blank form of 国办公开办函〔2021〕30号: the same grid, measures and types."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from docx import Document
from docx.oxml.ns import qn

from gongkai.paperwork.word import report_docx
from tests.paperwork.samples import report

BLANK_FORM = Path("../shared/domain/examples/annual-report-blank-form.docx")
# Where we set a cell otherwise than the form on purpose: (table, row, column).
BETTER = {(0, 13, 0)}  # 行政事业性收费 stands left of its cell in the form, all other names in the middle


class Box(NamedTuple):
    row: int
    column: int
    rows: int
    columns: int
    text: str
    cell: Any


def boxes(table: Any) -> Iterator[Box]:
    """The cells of a Word table with the place and the span that they are seen to have."""
    grid: list[list[Any]] = []
    for line in table._tbl.tr_lst:
        grid.append([cell for cell in line.tc_lst for _place in range(cell.grid_span)])
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if (column and cells[column - 1] is cell) or cell.vMerge == "continue":
                continue
            rows = 1
            while row + rows < len(grid) and grid[row + rows][column].vMerge == "continue":
                rows += 1
            words = "".join(text.text or "" for text in cell.iter(qn("w:t"))).strip("\u3000 ")
            yield Box(row, column, rows, cells.count(cell), words, cell)


def said(cell: Any, *path: str) -> str | None:
    """An attribute deep in a cell, as 'w:tcPr', 'w:shd', 'w:fill'."""
    found = cell
    for name in path[:-1]:
        found = found.find(qn(name))
        if found is None:
            return None
    return found.get(qn(path[-1]))


@pytest.fixture(scope="module")
def both() -> list[tuple[Any, Any]]:
    if not BLANK_FORM.exists():
        pytest.skip("the blank form is not beside this clone")
    ours = Document(io.BytesIO(report_docx(report())))
    return list(zip(Document(str(BLANK_FORM)).tables, ours.tables, strict=True))


def test_rows_columns_merged_cells_and_words_are_those_of_the_form(both):
    for form, ours in both:
        wanted = [box[:4] for box in boxes(form)]
        assert [box[:4] for box in boxes(ours)] == wanted
        words = {box[:2]: box.text for box in boxes(ours)}
        for box in boxes(form):
            if box.text:
                assert words[box[:2]] == box.text


def test_widths_and_heights_are_those_of_the_form(both):
    for form, ours in both:
        widths, wanted = (
            [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
            for table in (ours, form)
        )
        assert widths == pytest.approx(wanted, abs=1)
        assert sum(widths) == pytest.approx(9744, abs=6), "17.2 cm, wider than the text"
        for mine, theirs in zip(ours.rows, form.rows, strict=True):
            if theirs.height is not None:
                assert mine.height == theirs.height
                assert mine.height_rule == theirs.height_rule


def test_type_size_ground_and_place_of_the_words_are_those_of_the_form(both):
    for number, (form, ours) in enumerate(both):
        mine = {box[:2]: box.cell for box in boxes(ours)}
        for box in boxes(form):
            if not box.text:
                continue
            cell = mine[box[:2]]
            run = ("w:p", "w:r", "w:rPr")
            font = {"楷体": "楷体_GB2312"}.get(said(box.cell, *run, "w:rFonts", "w:eastAsia"), "宋体")
            assert said(cell, *run, "w:rFonts", "w:eastAsia") == font
            assert said(cell, *run, "w:sz", "w:val") == said(box.cell, *run, "w:sz", "w:val") == "20"
            ground = said(box.cell, "w:tcPr", "w:shd", "w:fill")
            assert (said(cell, "w:tcPr", "w:shd", "w:fill") or "auto") == ground
            place = said(box.cell, "w:p", "w:pPr", "w:jc", "w:val").replace("both", "left")
            assert said(cell, "w:p", "w:pPr", "w:jc", "w:val") == place or (number, *box[:2]) in BETTER


def test_ruling_and_margins_are_those_of_the_form(both):
    for (_form, ours), (line, margin) in zip(both, ((8, 57), (8, 57), (4, 108)), strict=True):
        borders = ours._tbl.tblPr.find(qn("w:tblBorders"))
        assert {(edge.get(qn("w:val")), edge.get(qn("w:sz"))) for edge in borders} == {("single", str(line))}
        margins = ours._tbl.tblPr.find(qn("w:tblCellMar"))
        assert {edge.get(qn("w:w")) for edge in margins} == {str(margin)}
