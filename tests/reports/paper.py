"""A report as a form filled in: paragraphs and tables of merged cells, before a producer makes a file of it."""

from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    APPLICANTS_HEAD,
    DISCLOSURE_BLOCKS,
    HEADER_NOTE,
    LEGAL_PERSON,
    LITIGATION,
    PARTS,
    RECONSIDERATION,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    ROW_HEAD,
    Cell,
    columns_of,
    row_keys,
    row_of,
)
from tests.reporting import report_rendering as rendering


@dataclass
class Box:
    """A cell of a printed table. `cells` are the addresses of the form whose figure it holds: one or none."""

    row: int
    column: int
    text: str
    down: int = 1
    across: int = 1
    cell: Cell | None = None


@dataclass
class Paper:
    """Title, and for each part its paragraphs or its boxes. `truth` is what stands in each cell of the form."""

    title: list[str]
    parts: dict[int, list]
    truth: dict[Cell, Decimal | int | None]
    form: str
    above: dict[int, list[str]] = field(default_factory=dict)
    """Lines that stand within a table above the row of that number of table three: page footers, headers."""

    @property
    def boxes(self):
        return [box for number in (2, 3, 4) for box in self.parts[number]]

    def of_row(self, table, row):
        return [box for box in self.boxes if box.cell and (box.cell.table, box.cell.row) == (table, row)]

    def label_of(self, table, row):
        first = min(self.of_row(table, row), key=lambda box: box.column)
        number = {"disclosure": 2, "applications": 3, "remedies": 4}[table]
        left = [b for b in self.parts[number] if b.row == first.row and b.column < first.column]
        return max(left, key=lambda box: box.column)

    def copy(self):
        return deepcopy(self)


def filled_in(tables, agency=rendering.AGENCY, year=2021):
    """The form with the figures of `tables` in it."""
    truth = {cell: tables.value(cell) for cell in tables.cells()}
    parts = {
        1: [
            f"{year}年共受理政府信息公开申请{tables.applications['r1'][-1]}件。",
            "主动公开政府信息9项。",
        ],
        2: _disclosure(truth),
        3: _applications(truth, tables.form),
        4: _remedies(truth),
        5: ["公开内容的针对性有待提升，下一步将加强培训。"],
        6: ["本年度没有收取信息处理费。"],
    }
    return Paper([f"{agency}{year}年政府信息公开工作年度报告"], parts, truth, tables.form)


def _figure(row, column, cell, truth, across=1):
    return Box(row, column, rendering.write(truth[cell]), across=across, cell=cell)


def _disclosure(truth):
    boxes, row = [], 0
    for block in DISCLOSURE_BLOCKS:
        boxes.append(Box(row, 0, block.article, across=4))
        boxes.append(Box(row + 1, 0, ROW_HEAD))
        across = 3 // len(block.columns)
        boxes += [
            Box(row + 1, 1 + place * across, column.label, across=across)
            for place, column in enumerate(block.columns)
        ]
        row += 2
        for one in block.rows:
            boxes.append(Box(row, 0, one.label))
            boxes += [
                _figure(row, 1 + n * across, Cell("disclosure", one.key, column.key), truth, across)
                for n, column in enumerate(block.columns)
            ]
            row += 1
    return boxes


def _applications(truth, form):
    columns = APPLICANT_COLUMNS
    boxes = [
        Box(0, 0, HEADER_NOTE, down=3, across=3),
        Box(0, 3, APPLICANTS_HEAD, across=7),
        Box(1, 3, columns[0].label, down=2),
        Box(1, 4, LEGAL_PERSON, across=5),
        Box(1, 9, columns[-1].label, down=2),
        *(Box(2, 4 + n, column.label) for n, column in enumerate(columns[1:-1])),
    ]
    keys = row_keys("applications", form)
    rows = [row_of("applications", key) for key in keys]
    parts, groups = set(), set()
    for place, row in enumerate(rows):
        line = 3 + place
        left = 0
        if row.part:
            left = 1
            if row.part not in parts:
                boxes.append(Box(line, 0, row.part, down=sum(r.part == row.part for r in rows)))
                parts.add(row.part)
        if row.group:
            left = 2
            if row.group not in groups:
                boxes.append(Box(line, 1, row.group, down=sum(r.group == row.group for r in rows)))
                groups.add(row.group)
        boxes.append(Box(line, left, row.label, across=3 - left))
        boxes += [
            _figure(line, 3 + n, Cell("applications", row.key, column.key), truth)
            for n, column in enumerate(columns)
        ]
    return boxes


def _remedies(truth):
    boxes = [Box(0, 0, RECONSIDERATION, down=2, across=5), Box(0, 5, LITIGATION, across=10)]
    boxes += [Box(1, 5 * n, row.label, across=5) for n, row in enumerate(REMEDY_ROWS) if n]
    for place, row in enumerate(REMEDY_ROWS):
        for number, column in enumerate(REMEDY_COLUMNS):
            boxes.append(Box(2, 5 * place + number, column.label))
            boxes.append(_figure(3, 5 * place + number, Cell("remedies", row.key, column.key), truth))
    return boxes


def heading(number):
    return PARTS[number - 1].numbered_heading


def width_of(boxes):
    return max(box.column + box.across for box in boxes)


def by_row(boxes):
    """The boxes of each row of a table from left to right; a merged box stands in its first row."""
    rows = {}
    for box in sorted(boxes, key=lambda one: (one.row, one.column)):
        rows.setdefault(box.row, []).append(box)
    return rows


def all_columns(table, row):
    return [Cell(table, row, column.key) for column in columns_of(table, row)]
