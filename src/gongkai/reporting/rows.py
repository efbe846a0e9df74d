"""The figures of reports as rows for programs: long form (one figure a line) and wide form (one report a line)."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from gongkai.agencies.exporting import harmless
from gongkai.reporting.document import printed
from gongkai.reporting.open_data import Published
from gongkai.rulebook.report_form import Cell, TableName, columns_of, row_keys, row_of

LONG = (
    "agency_code",
    "agency",
    "year",
    "table",
    "row",
    "row_label",
    "column",
    "column_label",
    "value",
    "source",
)
# What stands before the figures in the wide form.
FACTS = ("agency_code", "agency", "year", "source", "released", "digest")
RECORDS, TAKEN_OVER = "records", "taken_over"
BOM = "\ufeff"  # without it office programs take the file for one in their own character set


def cells() -> tuple[Cell, ...]:
    """Every cell of the form of 2021, in printed order."""
    tables: tuple[TableName, ...] = ("disclosure", "applications", "remedies")
    return tuple(
        Cell(table, row, column.key)
        for table in tables
        for row in row_keys(table)
        for column in columns_of(table, row)
    )


def address(cell: Cell) -> str:
    """The name of a cell in programs: applications.r3_1.total."""
    return f"{cell.table}.{cell.row}.{cell.column}"


def long_form(reports: Iterable[Published]) -> bytes:
    """CSV (RFC 4180, UTF-8), a line for each figure of each report; the tables in the form each report has."""

    def lines() -> Iterator[tuple[Any, ...]]:
        for one in reports:
            for cell in one.tables.cells():
                row = row_of(cell.table, cell.row)
                yield (
                    *(
                        harmless(one.code),
                        harmless(one.agency),
                        one.year,
                        cell.table,
                        cell.row,
                        row.full_label,
                    ),
                    *(cell.column, cell.column_label, printed(one.tables, cell), source(one)),
                )

    return _csv(LONG, lines())


def wide_form(reports: Iterable[Published]) -> bytes:
    """CSV (RFC 4180, UTF-8), a line for each report and a column for each cell of the form of 2021."""
    every = cells()

    def lines() -> Iterator[list[Any]]:
        for one in reports:
            # People read this in a spreadsheet; the JSON gives the moment with its zone.
            released = f"{timezone.localtime(one.released):%Y-%m-%d %H:%M}" if one.released else ""
            facts = [harmless(one.code), harmless(one.agency), one.year, source(one), released, one.digest]
            yield [*facts, *(printed(one.tables, cell) for cell in every)]

    return _csv((*FACTS, *(address(cell) for cell in every)), lines())


def source(one: Published) -> str:
    """Whether the figures come from the records of this system or from the file of an earlier report."""
    return TAKEN_OVER if one.taken_over else RECORDS


def _csv(head: Iterable[str], lines: Iterable[Iterable[Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    writer.writerows(lines)
    return (BOM + stream.getvalue()).encode()
