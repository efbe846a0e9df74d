"""Excel files with a text planted in one layer."""

import io
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tests.screening.plants_word import with_parts


def packed(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fresh() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    book.properties.creator = None
    sheet = book.worksheets[0]
    sheet.append(["序号", "内容", "备注"])
    sheet.append([1, "棚户区改造", "完成"])
    return book, sheet


def cell(leak: str) -> bytes:
    book, sheet = fresh()
    sheet.append([2, leak])
    return packed(book)


def rich_cell(leak: str) -> bytes:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    book, sheet = fresh()
    sheet["B3"] = CellRichText(leak[:5], TextBlock(InlineFont(b=True), leak[5:]))
    return packed(book)


def hidden_sheet(leak: str, state: str = "hidden") -> bytes:
    book, _ = fresh()
    sheet = book.create_sheet("附表")
    sheet.sheet_state = state
    sheet.append(["甲", leak])
    return packed(book)


def very_hidden_sheet(leak: str) -> bytes:
    return hidden_sheet(leak, "veryHidden")


def hidden_row(leak: str) -> bytes:
    book, sheet = fresh()
    sheet.append([2, leak])
    sheet.row_dimensions[3].hidden = True
    return packed(book)


def hidden_column(leak: str) -> bytes:
    book, sheet = fresh()
    sheet["F2"] = leak
    sheet.column_dimensions["F"].hidden = True
    return packed(book)


def comment(leak: str) -> bytes:
    book, sheet = fresh()
    sheet["A1"].comment = Comment(leak, "")
    return packed(book)


def header(leak: str) -> bytes:
    book, sheet = fresh()
    sheet.oddHeader.center.text = leak
    return packed(book)


def title_property(leak: str) -> bytes:
    book, _ = fresh()
    book.properties.title = leak
    return packed(book)


def white(leak: str) -> bytes:
    book, sheet = fresh()
    sheet["B3"] = leak
    sheet["B3"].font = Font(color="FFFFFFFF")
    return packed(book)


def invisible_format(leak: str) -> bytes:
    book, sheet = fresh()
    sheet["B3"] = leak
    sheet["B3"].number_format = ";;;"
    return packed(book)


def defined_name(leak: str) -> bytes:
    book, _ = fresh()
    book.defined_names["名单"] = DefinedName("名单", attr_text=f'"{leak}"')
    return packed(book)


def text_box(leak: str) -> bytes:
    book, _ = fresh()
    xml = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody><a:p><a:r>'
        f"<a:t>{escape(leak)}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
    )
    return with_parts(packed(book), {"xl/drawings/drawing9.xml": xml.encode()})


def pivot_cache(leak: str) -> bytes:
    book, _ = fresh()
    xml = (
        '<pivotCacheRecords xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<r><s v="{escape(leak)}"/></r></pivotCacheRecords>'
    )
    return with_parts(packed(book), {"xl/pivotCache/pivotCacheRecords1.xml": xml.encode()})


def embedded_text(leak: str) -> bytes:
    book, _ = fresh()
    return with_parts(packed(book), {"xl/embeddings/note.txt": leak.encode()})
