"""Redaction of PDF: a page that holds something becomes a picture with black boxes, in a new document.

What is flattened has no text layer, no objects under a cover, no notes. The other pages are carried over
without notes, attachments, scripts, bookmarks or properties.
"""

import ctypes
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageDraw

from gongkai.screening.finding import Layer
from gongkai.screening.passage import Passage, Place, Unreadable
from gongkai.screening.redaction.cutting import Cutter
from gongkai.screening.redaction.orders import Box, Order

# Left, top, right, bottom.
Rectangle = tuple[float, float, float, float]
# What finds the words of a picture: (picture) → [(text, left, top, right, bottom in pixels)].
Recognise = Callable[[Image.Image], list[tuple[str, float, float, float, float]]]

_DPI = 200
_MOST_PIXELS = 40_000_000
_MOST_PAGES = 500
_LEGIBLE = 12
# Notes that say something and draw nothing but a mark in the margin.
_SPEAKING = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_LINK,
        pdfium.FPDF_ANNOT_POPUP,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
    }
    | {pdfium.FPDF_ANNOT_SOUND, pdfium.FPDF_ANNOT_MOVIE, pdfium.FPDF_ANNOT_SCREEN}
)
_DEPTH = 8
_PAD = 1.5
_BROKEN = "PDF 已损坏或有口令，未能涂去；请重新另存后再试"
# Keys of a page that say more than what it shows.
_PAGE_EXTRAS = ("/AA", "/PieceInfo", "/Metadata", "/Thumb", "/B", "/StructParents", "/Tabs", "/LastModified")


@dataclass(slots=True)
class _Marked:
    """A page with the rectangles, in points from its lower left corner, that are painted over."""

    number: int
    boxes: list[Rectangle]
    shares: list[Box]
    flat: bool
    # Whether it shows pictures, in which words may stand that no text layer holds.
    pictured: bool


def redact(data: bytes, order: Order, cutter: Cutter, recognise: Recognise | None = None) -> bytes:
    """A new PDF without what is ordered to go. Raises Unreadable where it is damaged or has a password."""
    try:
        with _opened(data) as document, pikepdf.open(io.BytesIO(data)) as source:
            if len(document) > _MOST_PAGES:
                raise Unreadable(f"超过 {_MOST_PAGES} 页，未能涂去，请拆分后再试")
            with pikepdf.new() as made:
                for number in range(len(document)):
                    covered = _flatten_notes(document, number)
                    marked = _marks(document, number, order, cutter, covered=covered)
                    picture = (
                        _picture(document, marked, cutter, recognise) if _turned(marked, recognise) else None
                    )
                    if picture is not None:
                        _add_picture(made, source.pages[number], picture)
                    else:
                        made.pages.append(source.pages[number])
                        _plain(made.pages[-1], cutter, number)
                out = io.BytesIO()
                made.save(out, deterministic_id=True)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, RuntimeError, ValueError) as error:
        raise Unreadable(_BROKEN) from error
    return out.getvalue()


def survey(data: bytes, cutter: Cutter, recognise: Recognise | None = None) -> None:
    """Show the cutter the text of every page, and what is recognised in its pictures."""
    try:
        with _opened(data) as document:
            for number in range(min(len(document), _MOST_PAGES)):
                _flatten_notes(document, number)
                marked = _marks(document, number, Order(), cutter)
                if _turned(marked, recognise):
                    _picture(document, marked, cutter, recognise)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(_BROKEN) from error


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    return document


def _flatten_notes(document: pypdfium2.PdfDocument, number: int) -> bool:
    """Make what forms show part of the page, so that their values are found and drawn; likewise what notes draw.

    Whether notes draw on the page: taken off, they would bare what they cover, so such a page becomes a picture.
    """
    page, drawn = document[number], False
    try:
        for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
            note = pdfium.FPDFPage_GetAnnot(page.raw, index)
            kind = pdfium.FPDFAnnot_GetSubtype(note) if note else pdfium.FPDF_ANNOT_UNKNOWN
            pdfium.FPDFPage_CloseAnnot(note)
            if kind in _SPEAKING:
                pdfium.FPDFPage_RemoveAnnot(page.raw, index)
            else:
                drawn = drawn or kind != pdfium.FPDF_ANNOT_WIDGET
        if pdfium.FPDFPage_GetAnnotCount(page.raw):
            pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    finally:
        page.close()
    return drawn


def _marks(
    document: pypdfium2.PdfDocument, number: int, order: Order, cutter: Cutter, *, covered: bool = False
) -> _Marked:
    location = f"第 {number + 1} 页"
    page = document[number]
    boxes = []
    try:
        pictured = any(
            min(each.get_px_size()) >= _LEGIBLE
            for each in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEPTH)
        )
        text_page = page.get_textpage()
        count = text_page.count_chars()
        text = "".join(_char(text_page, index) for index in range(count))
        if text:
            for start, end in cutter.stretches(text, Place(0, Layer.TEXT, location)):
                boxes += list(_lines(text_page, start, end))
    finally:
        page.close()
    shares = [box for box in order.boxes if box.page == number + 1]
    if shares:
        cutter.note("框选的范围", location, "", len(shares))
    flat = covered or number + 1 in order.pages
    if flat:
        cutter.note("整页转为图片", location, "页面上有图形注释" if covered else "")
    return _Marked(number, boxes, shares, flat, pictured)


def _char(text_page: pypdfium2.PdfTextPage, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text_page.raw, index)
    # One character for one index: offsets in the text are indices of boxes.
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _lines(text_page: pypdfium2.PdfTextPage, start: int, end: int) -> Iterator[Rectangle]:
    """The rectangles of a stretch of characters, those of one line joined."""
    current: list[float] = []
    numbers = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = numbers
    for index in range(start, end):
        found = pdfium.FPDFText_GetCharBox(
            text_page.raw, index, *(ctypes.byref(each) for each in (left, right, bottom, top))
        )
        if not found or (right.value <= left.value and top.value <= bottom.value):
            continue
        box = [left.value, bottom.value, right.value, top.value]
        same_line = current and min(current[3], box[3]) - max(current[1], box[1]) > 0
        if same_line:
            current = [
                min(current[0], box[0]),
                min(current[1], box[1]),
                max(current[2], box[2]),
                max(current[3], box[3]),
            ]
        else:
            if current:
                yield current[0], current[1], current[2], current[3]
            current = box
    if current:
        yield current[0], current[1], current[2], current[3]


def _turned(marked: _Marked, recognise: Recognise | None) -> bool:
    """Whether a page has to be looked at as a picture."""
    return bool(marked.boxes or marked.shares or marked.flat or (recognise and marked.pictured))


def _picture(
    document: pypdfium2.PdfDocument, marked: _Marked, cutter: Cutter, recognise: Recognise | None
) -> Image.Image | None:
    """The page as a picture without what goes; None where the picture shows nothing that would go."""
    page = document[marked.number]
    try:
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        image: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        found = [_painted(page, box, image.size) for box in marked.boxes]
    finally:
        page.close()
    found += [
        (box.left * image.width, box.top * image.height, box.right * image.width, box.bottom * image.height)
        for box in marked.shares
    ]
    if recognise is not None and marked.pictured:
        words = read_words(image, cutter, recognise, f"第 {marked.number + 1} 页")
        if not (found or words or marked.flat):
            return None
        found += words
    paint(image, found)
    return image


def _painted(page: pypdfium2.PdfPage, box: Rectangle, size: tuple[int, int]) -> Rectangle:
    """A rectangle of the page in pixels of its picture, whatever its rotation and crop."""
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for across, up in ((box[0] - _PAD, box[1] - _PAD), (box[2] + _PAD, box[3] + _PAD)):
        pdfium.FPDF_PageToDevice(
            page.raw, 0, 0, size[0], size[1], 0, across, up, ctypes.byref(x), ctypes.byref(y)
        )
        corners.append((x.value, y.value))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def paint(image: Image.Image, boxes: list[Rectangle]) -> None:
    """Paint rectangles of a picture black."""
    draw = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        draw.rectangle((int(left), int(top), int(right) + 1, int(bottom) + 1), fill=0)


def read_words(image: Image.Image, cutter: Cutter, recognise: Recognise, location: str) -> list[Rectangle]:
    """The rectangles of the lines of a picture in which something that goes was recognised."""
    lines = recognise(image)
    places, pieces, starts, length = [], [], [], 0
    for text, *_box in lines:
        places.append(Place(length, Layer.IMAGE, location))
        starts.append(length)
        pieces.append(text + "\n")
        length += len(text) + 1
    if not lines:
        return []
    boxes = []
    for start, end in cutter.spans(Passage("".join(pieces), places)):
        for begin, (text, left, top, right, bottom) in zip(starts, lines, strict=True):
            if begin < end and start < begin + len(text) and text:
                # Recognised characters have no boxes of their own: the share of the line, and a little more.
                first = max((start - begin) / len(text) - 0.04, 0)
                last = min((end - begin) / len(text) + 0.04, 1)
                width = right - left
                boxes.append((left + first * width, top, left + last * width, bottom))
    return boxes


def _add_picture(made: pikepdf.Pdf, old: pikepdf.Page, image: Image.Image) -> None:
    grey = image.convert("L")
    plain = Image.merge("RGB", (grey, grey, grey))
    coloured = any(high > 24 for _, high in _difference(image, plain))
    kept = image if coloured else grey
    stream = io.BytesIO()
    kept.save(stream, "JPEG", quality=88)
    box = [float(value) for value in old.mediabox]
    width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
    if (image.width > image.height and width < height) or (image.width < image.height and width > height):
        width, height = height, width
    made.add_blank_page(page_size=(width, height))
    page = made.pages[-1]
    shown = pikepdf.Stream(made, stream.getvalue())
    shown.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=kept.width,
        Height=kept.height,
        ColorSpace=pikepdf.Name.DeviceRGB if coloured else pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=shown))
    page.obj.Contents = pikepdf.Stream(made, f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode())


def _difference(image: Image.Image, plain: Image.Image) -> list[tuple[int, int]]:
    from PIL import ImageChops

    extrema = ImageChops.difference(image, plain).getextrema()
    return [(int(low), int(high)) for low, high in extrema]  # type: ignore[misc]


def _plain(page: pikepdf.Page, cutter: Cutter, number: int) -> None:
    """Take notes, attachments, previews and scripts off a page that is carried over as it is."""
    for key in _PAGE_EXTRAS:
        if key in page.obj:
            del page.obj[key]
    if "/Annots" not in page.obj:
        return
    kept = []
    for note in page.obj.Annots:
        action = note.get("/A")
        plain_link = (
            note.get("/Subtype") == "/Link"
            and isinstance(action, pikepdf.Dictionary)
            and action.get("/S") == "/URI"
        )
        if plain_link or note.get("/Subtype") == "/Widget":
            for key in ("/Parent", "/AA", "/TU", "/Contents", *(("/A",) if not plain_link else ())):
                if key in note:
                    del note[key]
            kept.append(note)
        elif note.get("/Subtype") not in ("/Link", "/Popup"):
            cutter.note("批注", f"第 {number + 1} 页", "注释")
    page.obj.Annots = pikepdf.Array(kept)
