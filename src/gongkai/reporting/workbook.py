"""The three tables of a report as a workbook."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from gongkai.reporting.document import Content, screen_tables, tables_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(content: Content) -> bytes:
    """One sheet a table, laid out like the form with its merged cells; figures are numbers."""
    book = Workbook()
    book.remove(book.active)
    for table in screen_tables(tables_of(content)):
        sheet = book.create_sheet(table.caption[:31])
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate((*table.head, *table.body), start=1):
            column = 1
            for box in row:
                while (number, column) in taken:
                    column += 1
                covered = {
                    (number + down, column + right)
                    for down in range(box.rows)
                    for right in range(box.columns)
                }
                taken |= covered
                cell = sheet.cell(number, column)
                if box.role == "value":
                    plain = box.text.isdigit()
                    cell.value = int(box.text) if plain else float(box.text) if box.text else None
                    cell.number_format = "0" if plain else "0.0000"
                else:
                    cell.value = box.text
                    cell.data_type = "s"
                    cell.font = Font(bold=True)
                cell.alignment = Alignment(wrap_text=True, vertical="center")
                if len(covered) > 1:
                    last = max(covered)
                    sheet.merge_cells(
                        start_row=number, start_column=column, end_row=last[0], end_column=last[1]
                    )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
