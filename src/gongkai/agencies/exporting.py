"""The rows of a list as a file: xlsx and csv, row by row, with no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.encoding import force_str
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRow
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from gongkai.journal import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# A workbook is made in memory and on disk before it is sent; a csv goes out row by row.
MOST = {"xlsx": 50_000, "csv": 1_000_000}
FORMATS = tuple(MOST)
CHUNK = 1000
# What makes a spreadsheet take a text for a formula, in the signs of East Asian keyboards too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

Line = list[Any]


def export(form: str, table: tables.Table, title: str) -> HttpResponseBase:
    """The table as a file to be saved. form: one of FORMATS."""
    return download(form, lines(table, MOST[form]), title)


def download(form: str, rows: Iterable[Line], title: str) -> HttpResponseBase:
    """Lines of texts, numbers and days as a file to be saved; its name is the title and the day."""
    response = _csv(rows) if form == "csv" else _xlsx(rows, title)
    name = f"{title} {clock.today().isoformat()}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def lines(table: tables.Table, most: int) -> Iterator[Line]:
    """The headings, then the rows of a table without its column of acts; a last line says where it was cut."""
    columns = [
        column
        for column in table.columns.iterall()
        if not column.column.exclude_from_export and column.name != "acts"
    ]
    yield [force_str(column.header, strings_only=True) for column in columns]
    for number, record in enumerate(_records(table)):
        if number == most:
            yield [_("Cut after %(n)d rows: narrow the filter and export the rest on its own.") % {"n": most}]
            return
        row = BoundRow(record, table=table)
        yield [_plain(row.get_cell_value(column.name)) for column in columns]


def _records(table: tables.Table) -> Iterable[Any]:
    rows = table.data.data
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows


def _plain(value: Any) -> Any:
    """A value as it stands in a file: numbers stay numbers, days are written as 2021-12-31."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else str(value)
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, int | float) else str(value)


def _csv(rows: Iterable[Line]) -> StreamingHttpResponse:
    """UTF-8 with the mark at its beginning by which spreadsheets know it; a text that looks like a formula is
    preceded by an apostrophe."""
    writer = csv.writer(_Echo())
    language = translation.get_language()

    def body() -> Iterator[str]:
        yield "\ufeff"
        # The rows are made while the answer goes out, when the language of the request may be put away.
        with translation.override(language):
            for row in rows:
                yield writer.writerow([harmless(cell) for cell in row])

    return StreamingHttpResponse(body(), content_type=CSV)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet runs: numbers as they are, a text that would be a formula with an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _xlsx(rows: Iterable[Line], title: str) -> HttpResponse:
    """A workbook. Texts are stored as texts: a cell that begins with “=” is none the spreadsheet computes."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31].translate({ord(sign): "" for sign in "[]:*?/\\'"}) or "Sheet")
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value if isinstance(value, int | float) else _storable(value))
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    response = HttpResponse(content_type=XLSX)
    book.save(response)
    return response


def _storable(text: str) -> str:
    """Without the control characters that XML, and so a workbook, cannot hold; no longer than a cell may be."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")[:32_767]
