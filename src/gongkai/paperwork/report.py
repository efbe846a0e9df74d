"""The annual report of 国办公开办函〔2021〕30号 as values, and its three tables as grids of cells.

The room knows the shape of the form (which headings stand over which columns); labels of rows and all figures
come from the caller, who computed and checked them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from gongkai.paperwork.document import Paragraph
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.text import figure, labelled

Value = int | Decimal | str
# ground: the article over a block of table two; name: a label in the middle of its cell, as in table two; side:
# a label beside several rows; note: how table three adds up, in 楷体.
Role = Literal["ground", "heading", "name", "label", "side", "note", "value"]
LEFT: Final = frozenset({"ground", "label", "side", "note"})

# Measures of the blank form, in twips (1/20 pt) as its file has them.
SIZE: Final = 10.0  # points: 宋体 10 磅 in every cell
LEAST_SIZE: Final = 6.0
DIGIT: Final = 0.56  # of the size: the widest digit of the types in use

PARTS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
CROSS_FOOTING_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
TALL_ROW = "5.要求行政机关确认或重新出具已获取信息"  # the one row of table three whose height the form sets
CASE_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table: its label and its figures from left to right."""

    label: str = field(metadata=labelled("行名", limit=200))
    values: tuple[Value, ...] = field(metadata=labelled("数字", limit=40, unit="列"))


@dataclass(frozen=True, kw_only=True)
class RowGroup:
    """Lines under one side heading, such as （三）不予公开."""

    label: str = field(metadata=labelled("行名", limit=200))
    rows: tuple[Row, ...] = field(metadata=labelled("", unit="行"))


@dataclass(frozen=True, kw_only=True)
class GroundBlock:
    """One block of table two: ground (第二十条第（一）项), one or three column headings, its lines."""

    ground: str = field(metadata=labelled("条款", limit=60))
    columns: tuple[str, ...] = field(metadata=labelled("栏名", limit=60))
    rows: tuple[Row, ...] = field(metadata=labelled("", unit="行"))


@dataclass(frozen=True, kw_only=True)
class ApplicationTable:
    """Table three. Every row has seven figures: 自然人, the five kinds of organisation, 总计.

    before: rows r1 and r2. results: the rows and groups of part three. after: row r4.
    """

    before: tuple[Row, ...] = field(metadata=labelled("", unit="行"))
    results: tuple[Row | RowGroup, ...] = field(metadata=labelled("办理结果", unit="行"))
    after: tuple[Row, ...] = field(metadata=labelled("", unit="行"))
    results_label: str = field(default="三、本年度办理结果", metadata=labelled("行名", limit=60))
    note: str = field(default=CROSS_FOOTING_NOTE, metadata=labelled("勾稽说明", limit=200))


@dataclass(frozen=True, kw_only=True)
class RemedyTable:
    """Table four: five figures each (维持, 纠正, 其他, 尚未审结, 总计)."""

    reconsideration: tuple[Value, ...] = field(metadata=labelled("行政复议", limit=40))
    direct: tuple[Value, ...] = field(metadata=labelled("未经复议直接起诉", limit=40))
    after_reconsideration: tuple[Value, ...] = field(metadata=labelled("复议后起诉", limit=40))


@dataclass(frozen=True, kw_only=True)
class ReportDocument:
    """An annual report ready to print: title, opening paragraphs, six parts (three of them tables).

    signatory is printed with the date under part six when given; date is the date of the document.
    """

    title: str = field(metadata=labelled("标题", limit=200, lines=True))
    overview: tuple[Paragraph, ...] = field(metadata=labelled(PARTS[0], unit="段"))
    disclosure: tuple[GroundBlock, ...] = field(metadata=labelled(PARTS[1]))
    applications: ApplicationTable = field(metadata=labelled(PARTS[2]))
    remedies: RemedyTable = field(metadata=labelled(PARTS[3]))
    problems: tuple[Paragraph, ...] = field(metadata=labelled(PARTS[4], unit="段"))
    other: tuple[Paragraph, ...] = field(metadata=labelled(PARTS[5], unit="段"))
    date: datetime.date
    opening: tuple[Paragraph, ...] = field(default=(), metadata=labelled("开头", unit="段", required=False))
    signatory: str = field(default="", metadata=labelled("署名", required=False, limit=60))


@dataclass(frozen=True)
class Cell:
    """One cell of a grid: its place (from 0), what it covers, its text, what it is for."""

    row: int
    column: int
    text: str
    role: Role
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """A table with merged cells, in the measures of the blank form (twips).

    widths: of its columns. header_rows: repeated on each page. height: least height of a row; tall: of rows
    that the form makes higher. margin: free at both sides of a cell. line: thickness of the ruling, in eighths
    of a point. blocks: first row and number of rows that no page break parts.
    """

    name: str
    widths: tuple[int, ...]
    cells: tuple[Cell, ...]
    header_rows: int
    height: int
    margin: int
    line: int
    blocks: tuple[tuple[int, int], ...]
    tall: Mapping[int, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the grid has."""
        return max(cell.row + cell.rows for cell in self.cells)

    def size(self, cell: Cell) -> float:
        """Type size of a cell in points: that of the form, smaller where a long figure needs it."""
        if cell.role != "value":
            return SIZE
        width = sum(self.widths[cell.column : cell.column + cell.columns])
        fitting = (width - 2 * self.margin_of(cell)) / 20 / (DIGIT * max(len(cell.text), 1))
        return max(LEAST_SIZE, min(SIZE, int(fitting * 2) / 2))

    def margin_of(self, cell: Cell) -> int:
        """What is free at both sides of a cell; half as much beside a figure."""
        return self.margin // 2 if cell.role == "value" else self.margin


def _values(row: int, column: int, values: tuple[Value, ...], expected: int, name: str) -> list[Cell]:
    if len(values) != expected:
        raise PaperworkError(f"“{name}”有{len(values)}个数字，表格这一行需要{expected}个，请核对报表数据。")
    return [Cell(row, column + place, figure(value), "value") for place, value in enumerate(values)]


def disclosure_grid(blocks: tuple[GroundBlock, ...]) -> Grid:
    """Table two: four columns; a block with one heading lets it and its figures run over the last three."""
    cells: list[Cell] = []
    whole: list[tuple[int, int]] = []
    row = 0
    for block in blocks:
        whole.append((row, len(block.rows) + 2))
        if len(block.columns) not in (1, 3):
            raise PaperworkError(
                f"“{block.ground}”应当有一栏或者三栏，现在有{len(block.columns)}栏，请核对报表数据。"
            )
        span = 3 // len(block.columns)
        cells.append(Cell(row, 0, block.ground, "ground", columns=4))
        cells.append(Cell(row + 1, 0, "信息内容", "heading"))
        cells += [
            Cell(row + 1, 1 + place * span, name, "heading", columns=span)
            for place, name in enumerate(block.columns)
        ]
        row += 2
        for line in block.rows:
            cells.append(Cell(row, 0, line.label, "name"))
            for cell in _values(row, 1, line.values, len(block.columns), line.label):
                cells.append(Cell(row, cell.column, cell.text, "value", columns=span))
            row += 1
    return Grid(
        PARTS[1], (2435,) * 4, tuple(cells), header_rows=0, height=340, margin=57, line=8, blocks=tuple(whole)
    )


def application_grid(table: ApplicationTable) -> Grid:
    """Table three: three columns of labels and seven of figures under a heading of three rows."""
    cells = [
        Cell(0, 0, table.note, "note", rows=3, columns=3),
        Cell(0, 3, "申请人情况", "heading", columns=7),
        Cell(1, 3, "自然人", "heading", rows=2),
        Cell(1, 4, "法人或其他组织", "heading", columns=5),
        Cell(1, 9, "总计", "heading", rows=2),
    ]
    organisations = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    cells += [Cell(2, 4 + place, name, "heading") for place, name in enumerate(organisations)]
    # The head stays with the two rows under it, the last sum with the row after it.
    whole = [(0, 3 + len(table.before))]
    tall: dict[int, int] = {}
    row = 3
    for line in table.before:
        cells += [Cell(row, 0, line.label, "label", columns=3), *_values(row, 3, line.values, 7, line.label)]
        row += 1
    first = row
    for entry in table.results:
        if isinstance(entry, Row):
            cells += [
                Cell(row, 1, entry.label, "label", columns=2),
                *_values(row, 3, entry.values, 7, entry.label),
            ]
            row += 1
            continue
        cells.append(Cell(row, 1, entry.label, "side", rows=len(entry.rows)))
        whole.append((row, len(entry.rows)))
        for line in entry.rows:
            if line.label == TALL_ROW:
                tall[row] = 779
            cells += [Cell(row, 2, line.label, "label"), *_values(row, 3, line.values, 7, line.label)]
            row += 1
    cells.append(Cell(first, 0, table.results_label, "side", rows=row - first))
    for line in table.after:
        cells += [Cell(row, 0, line.label, "label", columns=3), *_values(row, 3, line.values, 7, line.label)]
        row += 1
    whole.append((row - len(table.after) - 1, len(table.after) + 1))
    return Grid(
        PARTS[2],
        (754, 921, 3271, 685, 685, 685, 685, 685, 685, 685),
        _in_reading_order(cells),
        header_rows=3,
        height=300,
        margin=57,
        line=8,
        blocks=tuple(whole),
        tall=tall,
    )


def remedy_grid(table: RemedyTable) -> Grid:
    """Table four: fifteen columns under a heading of three rows."""
    cells = [
        Cell(0, 0, "行政复议", "heading", columns=5),
        Cell(0, 5, "行政诉讼", "heading", columns=10),
        Cell(1, 5, "未经复议直接起诉", "heading", columns=5),
        Cell(1, 10, "复议后起诉", "heading", columns=5),
    ]
    cells += [Cell(1, place, name, "heading", rows=2) for place, name in enumerate(CASE_RESULTS)]
    for start in (5, 10):
        cells += [Cell(2, start + place, name, "heading") for place, name in enumerate(CASE_RESULTS)]
    cells += _values(3, 0, table.reconsideration, 5, "行政复议")
    cells += _values(3, 5, table.direct, 5, "未经复议直接起诉")
    cells += _values(3, 10, table.after_reconsideration, 5, "复议后起诉")
    return Grid(
        PARTS[3],
        (649,) * 7 + (650,) * 8,
        _in_reading_order(cells),
        header_rows=3,
        height=300,
        margin=108,
        line=4,
        blocks=((0, 4),),
        tall={3: 672},
    )


def _in_reading_order(cells: list[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
