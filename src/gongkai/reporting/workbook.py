"""The three tables of a report as a workbook: laid out like the form, one sheet a table, ready to be printed."""

import datetime
import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.reporting.document import Box, Content, ScreenTable, screen_tables, tables_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {
    "disclosure": (24, 24, 24, 24),
    "applications": (9, 11, 42, 9, 9, 9, 9, 9, 9, 9),
    "remedies": (8,) * 15,
}
GROUND = PatternFill("solid", fgColor="C6D9F1")
EDGE = Border(*(Side("thin"),) * 4)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def xlsx(content: Content, day: datetime.date) -> bytes:
    """One sheet a table with its merged cells; figures are numbers. The same report and day give the same bytes."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = content["title"]
    book.properties.creator = content["agency"]
    book.properties.language = "zh-CN"
    for table in screen_tables(tables_of(content)):
        _fill(book.create_sheet(table.caption[:31]), table, content["title"])
    stream = io.BytesIO()
    book.save(stream)
    return _stable(stream.getvalue(), day)


def _fill(sheet: Worksheet, table: ScreenTable, title: str) -> None:
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate((*table.head, *table.body), start=1):
        column = 1
        for box in row:
            while (number, column) in taken:
                column += 1
            covered = {
                (number + down, column + right) for down in range(box.rows) for right in range(box.columns)
            }
            taken |= covered
            _set(sheet, number, column, box)
            for place in covered:
                sheet.cell(*place).border = EDGE
            if len(covered) > 1:
                last = max(covered)
                sheet.merge_cells(start_row=number, start_column=column, end_row=last[0], end_column=last[1])
    for number, width in enumerate(WIDTHS[table.name], start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if table.head:
        sheet.freeze_panes = sheet.cell(len(table.head) + 1, 4 if table.name == "applications" else 1)
        sheet.print_title_rows = f"1:{len(table.head)}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.center.text = title.replace("&", "&&")[:200]


def _set(sheet: Worksheet, row: int, column: int, box: Box) -> None:
    cell = sheet.cell(row, column)
    left = box.role in {"label", "ground", "side", "note"}
    cell.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)
    if box.role == "value":
        plain = box.text.isdigit()
        cell.value = int(box.text) if plain else float(box.text) if box.text else None
        cell.number_format = "0" if plain else "0.0000"
        return
    cell.value = box.text
    cell.data_type = "s"
    cell.font = Font(bold=True)
    if box.role == "ground":
        cell.fill = GROUND


def _stable(data: bytes, day: datetime.date) -> bytes:
    """The workbook without the time of writing: the site compares its files with what they should be."""
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            part = source.read(entry.filename)
            if entry.filename == "docProps/core.xml":
                part = _WRITTEN.sub(rb"\g<1>" + moment, part)
            stable = zipfile.ZipInfo(entry.filename, _EPOCH)
            stable.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(stable, part)
    return out.getvalue()
