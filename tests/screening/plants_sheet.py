"""Excel files with a text planted in one layer."""

import io
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
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


def black_on_black(leak: str) -> bytes:
    book, sheet = fresh()
    sheet["B3"] = leak
    sheet["B3"].font = Font(color="FF1F4E9E")
    sheet["B3"].fill = PatternFill("solid", fgColor="FF1F4E9E")
    return packed(book)


def drawn_over(leak: str, inner: str, anchor: str = "twoCellAnchor") -> bytes:
    """A leak in B3 with a drawing from A2 to D5 over it."""
    book, sheet = fresh()
    sheet["B3"] = leak
    corners = "".join(
        f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{name}>"
        for name, column, row in (("from", 0, 1), ("to", 4, 6))
    )
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f"<xdr:{anchor}>{corners}{inner}<xdr:clientData/></xdr:{anchor}></xdr:wsDr>"
    )
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" '
        'Target="../drawings/drawing9.xml"/></Relationships>'
    )
    parts = {
        "xl/drawings/drawing9.xml": drawing.encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": relation.encode(),
    }
    return with_parts(packed(book), parts)


def shape(fill: str = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>') -> str:
    return f'<xdr:sp><xdr:spPr><a:prstGeom prst="rect"/>{fill}</xdr:spPr></xdr:sp>'


def under_a_shape(leak: str) -> bytes:
    return drawn_over(leak, shape())


def under_a_picture(leak: str) -> bytes:
    from openpyxl.drawing.image import Image as SheetImage
    from PIL import Image

    book, sheet = fresh()
    sheet["B3"] = leak
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, "PNG")
    picture = SheetImage(stream)
    picture.width, picture.height = 400, 120
    sheet.add_image(picture, "A2")
    return packed(book)


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
