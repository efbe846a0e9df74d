"""Grids of cells as Word tables, with merged cells, repeated headings and rows that no page breaks."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Twips

from gongkai.paperwork.report import LEFT, SIZE, Cell, Grid
from gongkai.paperwork.word_page import KAI, PLAIN_SONG, add_text, element, exact

GROUND_COLOUR = "C6D9F1"  # the blue of the official form
LINE = 1.3  # of the type size: lines of a cell stand a little closer than those of a text


def add_grid(document: Any, grid: Grid) -> None:
    """Append a table in the measures of the blank form, in the middle of the page's text."""
    table = document.add_table(rows=grid.rows, cols=len(grid.widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _frame(table, grid)
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Twips(width)
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("cantSplit"))
        properties.append(element("trHeight", val=grid.tall.get(number, grid.height), hRule="atLeast"))
        if number < grid.header_rows:
            properties.append(element("tblHeader"))
    followed = {row for first, count in grid.blocks for row in range(first, first + count - 1)}
    # Asked for once: the library looks through the whole table for each cell that it is asked for.
    boxes = [row.cells for row in table.rows]
    for cell in grid.cells:
        _fill(boxes, grid, cell, followed=cell.row in followed)
    for row in table.rows:
        start = 0
        for box in row._tr.tc_lst:
            box.width = Twips(sum(grid.widths[start : start + box.grid_span]))
            start += box.grid_span


def _fill(boxes: list[Any], grid: Grid, cell: Cell, *, followed: bool) -> None:
    box = boxes[cell.row][cell.column]
    if cell.rows > 1 or cell.columns > 1:
        box = box.merge(boxes[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
    properties = box._tc.get_or_add_tcPr()
    if cell.role == "ground":
        properties.append(element("shd", val="clear", color="auto", fill=GROUND_COLOUR))
    if grid.margin_of(cell) != grid.margin:
        properties.append(_margins("tcMar", grid.margin_of(cell)))
    properties.append(element("vAlign", val="center"))
    paragraph = box.paragraphs[0]
    form = paragraph.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.LEFT if cell.role in LEFT else WD_ALIGN_PARAGRAPH.CENTER
    exact(paragraph, SIZE * LINE)
    # Rows that belong together stay on one page: each keeps with the next.
    form.keep_with_next = True if followed else None
    snap = element("snapToGrid", val=0)
    paragraph._p.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    font = KAI if cell.role == "note" else PLAIN_SONG
    run = add_text(paragraph, cell.text, font=font, size=grid.size(cell))
    # The text around is set closer than its type; a cell is not.
    run._r.get_or_add_rPr().insert_element_before(element("spacing", val=0), "w:sz", "w:szCs", "w:lang")


def _frame(table: Any, grid: Grid) -> None:
    """Width, ruling and margins of the whole table."""
    properties = table._tbl.tblPr
    width = properties.find(f"{{{properties.nsmap['w']}}}tblW")
    if width is not None:
        properties.remove(width)
    behind = ("w:jc", "w:tblCellSpacing", "w:tblInd", "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar")
    properties.insert_element_before(element("tblW", w=sum(grid.widths), type="dxa"), *behind, "w:tblLook")
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz=grid.line, space=0, color="auto"))
    properties.insert_element_before(borders, *behind[4:], "w:tblLook")
    properties.insert_element_before(_margins("tblCellMar", grid.margin), "w:tblLook")


def _margins(name: str, width: int) -> Any:
    margins = element(name)
    for side in ("left", "right"):
        margins.append(element(side, w=width, type="dxa"))
    return margins
