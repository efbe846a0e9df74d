"""Grids of cells as Word tables, with merged cells, repeated headings and rows that no page breaks."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from gongkai.paperwork.report import Cell, Grid
from gongkai.paperwork.word_page import PLAIN_SONG, add_text, element, exact

GROUND_COLOUR = "C6D9F1"  # the blue of the official form
WIDTH = 156.0  # mm


def add_grid(document: Any, grid: Grid, *, size: float, height: float) -> None:
    """Append a table: type size in points, least height of a row in mm."""
    table = document.add_table(rows=grid.rows, cols=len(grid.widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _margins(table)
    whole = sum(grid.widths)
    widths = [Mm(WIDTH * share / whole) for share in grid.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate(table.rows):
        row.height = Mm(height)
        properties = row._tr.get_or_add_trPr()
        properties.append(element("cantSplit"))
        if number < grid.header_rows:
            properties.append(element("tblHeader"))
    for cell in grid.cells:
        _fill(table, cell, size)
    for row in table.rows:
        for place, box in enumerate(row._tr.tc_lst):
            span = box.grid_span
            start = sum(earlier.grid_span for earlier in row._tr.tc_lst[:place])
            box.width = sum(widths[start : start + span])


def _fill(table: Any, cell: Cell, size: float) -> None:
    box = table.cell(cell.row, cell.column)
    if cell.rows > 1 or cell.columns > 1:
        box = box.merge(table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
    properties = box._tc.get_or_add_tcPr()
    if cell.role == "ground":
        properties.append(element("shd", val="clear", color="auto", fill=GROUND_COLOUR))
    properties.append(element("vAlign", val="center"))
    paragraph = box.paragraphs[0]
    left = cell.role in {"label", "ground"}
    paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    exact(paragraph, size * 1.35)
    snap = element("snapToGrid", val=0)
    paragraph._p.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    add_text(paragraph, cell.text, font=PLAIN_SONG, size=size)


def _margins(table: Any) -> None:
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=Pt(2.5).twips, type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
