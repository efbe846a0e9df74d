"""Which heading cells speak of which figure, written into the structure of a tagged PDF.

The typesetter marks the repeated head of a table and nothing else. Here the labels beside and over the figures
become header cells too (ISO 32000-1 14.8.5.7: Scope, Headers), so that a screen reader names row and column of
each figure, as on the html page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from gongkai.paperwork.errors import LayoutFailed
from gongkai.paperwork.report import Cell, Grid

OVER = frozenset({"ground", "heading", "note"})


def with_headers(data: bytes, grids: Sequence[Grid]) -> bytes:
    """The PDF with every label of its tables as header cell; `grids` are its tables in reading order.

    The same file gives the same bytes. Raises LayoutFailed where the file holds other tables.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        tables = [node for node in _nodes(root) if node.S == "/Table"]
        if len(tables) != len(grids):
            raise LayoutFailed(f"有{len(tables)}张表格，应有{len(grids)}张")
        for number, (table, grid) in enumerate(zip(tables, grids, strict=True), start=1):
            _dress(table, grid, f"T{number}")
        named = sorted((str(node.ID), node) for node in _nodes(root) if "/ID" in node)
        names = Array([part for name, node in named for part in (String(name), node)])
        root.IDTree = pdf.make_indirect(Dictionary(Names=names)) if named else Dictionary(Names=Array())
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        return out.getvalue()


def _nodes(node: Object) -> Iterator[Object]:
    """Every structure element under a node, in reading order."""
    kids = node.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _nodes(kid)


def _dress(table: Object, grid: Grid, prefix: str) -> None:
    boxes = [node for node in _nodes(table) if node.S in ("/TH", "/TD")]
    if len(boxes) != len(grid.cells):
        raise LayoutFailed(f"“{grid.name}”有{len(boxes)}格，应有{len(grid.cells)}格")
    for box, cell in zip(boxes, grid.cells, strict=True):
        said = next(row for row in box.A if row.O == "/Table")
        if cell.role == "value":
            box.S = Name.TD
            said.Headers = Array([String(_name(prefix, head)) for head in _heads(grid, cell)])
            continue
        box.S = Name.TH
        box.ID = String(_name(prefix, cell))
        said.Scope = Name.Column if cell.role in OVER else Name.Row
        if "/Headers" in said:
            del said["/Headers"]


def _name(prefix: str, cell: Cell) -> str:
    return f"{prefix}r{cell.row}c{cell.column}"


def _heads(grid: Grid, figure: Cell) -> list[Cell]:
    """The labels of a figure: those over its column, back to the nearest head, then those beside its row."""
    over: list[Cell] = []
    for cell in grid.cells:
        if cell.role == "ground" and cell.row < figure.row:
            over = [cell]  # a new block of table two begins
        elif cell.role == "heading" and cell.row < figure.row and _shares_column(cell, figure):
            over.append(cell)
    beside = [
        cell
        for cell in grid.cells
        if cell.role in {"name", "label", "side"} and cell.row <= figure.row < cell.row + cell.rows
    ]
    return over + beside


def _shares_column(head: Cell, figure: Cell) -> bool:
    return head.column < figure.column + figure.columns and figure.column < head.column + head.columns
