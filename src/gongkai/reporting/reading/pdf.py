"""The pages of a PDF → lines of text and rows of drawn tables, from top to bottom."""

import ctypes
import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.reporting.reading.pictures import MAX_PIXELS, SHEET, SHEET_LEVEL, TOO_LARGE, PictureError, Pixels
from gongkai.reporting.reading.ruled import CellText, Glyph, Line, Table, tables_of

# A filled rectangle as thin as this is a line.
THIN = 3.0
# Pages with more points are drawings; a page of A4 that is full of small type has fewer characters.
MAX_POINTS = 20_000
MAX_CHARACTERS = 5_000

# A page of fewer visible characters, most of which is a picture, is a scan; programs that scan sign their pages.
FEW_CHARACTERS = 60
MOST_OF_A_PAGE = 0.5
# Curves with more points, on a page without text, are writing that was turned into shapes.
MANY_POINTS = 400
# A scanned page is drawn so wide, in pixels, and no larger: 200 to the inch on A4.
ACROSS = 1654
MAX_DRAWN = 12_000_000

# A character that is drawn again so near, as a share of its height, is drawn bold.
TWICE = 0.09

Point = tuple[float, float]
Turn = Callable[[float, float], Point]

# A page that is shown turned, back to how it is read.
_TURNS: dict[int, Turn] = {
    0: lambda x, y: (x, y),
    90: lambda x, y: (y, -x),
    180: lambda x, y: (-x, -y),
    270: lambda x, y: (-y, x),
}


def page_rows(page: pypdfium2.PdfPage) -> Iterator[list[CellText]]:
    """What stands on a page: a line of text as one cell, a row of a drawn table as its cells.

    Text outside drawn tables keeps the order of the file. Raises PdfiumError for a page that cannot be read.
    """
    turn = _TURNS[page.get_rotation()]
    text = page.get_textpage()
    tables = tables_of(_lines(page, turn))
    glyphs = _glyphs(text, turn, page.get_rotation()) if tables else None
    if glyphs is None:
        for line in text.get_text_bounded().splitlines():
            yield [CellText(line)]
        return
    yield from _between(tables, glyphs)


def is_scan(page: pypdfium2.PdfPage) -> bool:
    """Whether what a reader sees of a page is a picture: its text, if it has any, is invisible or covered.

    Programs that recognise scans put their text into the page so. Raises PdfiumError.
    """
    text = page.get_textpage()
    characters = sum(
        chr(code).isalnum()
        for code in (
            pdfium.FPDFText_GetUnicode(text, n) for n in range(min(text.count_chars(), MAX_CHARACTERS))
        )
        if code
    )
    width, height = page.get_size()
    area = max(abs(width * height), 1.0)
    pictured, visible, points = 0.0, 0, 0
    for shape in page.get_objects():
        if shape.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            share = min(_area(shape) / area, 1.0)
            pictured += share
            if share >= MOST_OF_A_PAGE:
                # What was drawn before lies behind it.
                visible = 0
        elif shape.type == pdfium.FPDF_PAGEOBJ_TEXT:
            visible += pdfium.FPDFTextObj_GetTextRenderMode(shape) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        elif shape.type == pdfium.FPDF_PAGEOBJ_PATH and not characters:
            points += pdfium.FPDFPath_CountSegments(shape)
            if points > MANY_POINTS:
                return True
    if not characters:
        return pictured > 0.05
    return pictured >= MOST_OF_A_PAGE and (not visible or characters < FEW_CHARACTERS)


def _area(shape: pypdfium2.PdfObject) -> float:
    """The area that a picture takes on the page."""
    matrix = shape.get_matrix()
    holder = shape.container
    while holder is not None:
        matrix = matrix.multiply(holder.get_matrix())
        holder = holder.container
    a, b, c, d, _, _ = matrix.get()
    return abs(a * d - b * c)


def picture_of(page: pypdfium2.PdfPage) -> tuple[Pixels, float]:
    """A page as it looks, in grey, and its width in points if it is a sheet of A4, upright or level.

    Raises PictureError where a picture on it is larger than a scanner makes, PdfiumError where it cannot be drawn.
    """
    across, down = ctypes.c_uint(), ctypes.c_uint()
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        pdfium.FPDFImageObj_GetImagePixelSize(shape, across, down)
        if across.value * down.value > MAX_PIXELS:
            raise PictureError(TOO_LARGE)
    width, height = (max(side, 1.0) for side in page.get_size())
    wide = ACROSS if width <= height else ACROSS * SHEET_LEVEL / SHEET
    wide = min(wide, math.sqrt(MAX_DRAWN * width / height))
    drawn = page.render(scale=wide / width, grayscale=True).to_numpy()
    pixels = drawn[:, :, 0] if drawn.ndim == 3 else drawn
    return pixels.copy(), SHEET if width <= height else SHEET_LEVEL


def _between(tables: Sequence[Table], glyphs: Sequence[Glyph | str]) -> Iterator[list[CellText]]:
    """The tables with the text above, between and below them. A str is a space or line end and has no place."""
    own: list[list[Glyph]] = [[] for _ in tables]
    outside: list[list[str]] = [[] for _ in range(len(tables) + 1)]
    band = 0
    in_table = False
    for glyph in glyphs:
        if isinstance(glyph, str):
            outside[band].append("" if in_table else glyph)
            continue
        holder = next((n for n, table in enumerate(tables) if table.cell_at(*glyph.centre) is not None), None)
        if holder is not None:
            own[holder].append(glyph)
        else:
            band = sum(table.bottom > glyph.baseline for table in tables)
            outside[band].append("\n" + glyph.char if in_table else glyph.char)
        in_table = holder is not None
    for number, characters in enumerate(outside):
        for line in "".join(characters).splitlines():
            yield [CellText(line)]
        if number < len(tables):
            yield from tables[number].rows(own[number])


def _glyphs(text: pypdfium2.PdfTextPage, turn: Turn, rotation: int) -> list[Glyph | str] | None:
    """The characters of a page in the order of the file; None where they are too many or some not upright."""
    if text.count_chars() > MAX_CHARACTERS:
        return None
    found: list[Glyph | str] = []
    drawn: dict[tuple[str, int, int], list[Glyph]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        char = chr(code) if code not in (0, 2, 0xFFFE) else ""
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or not char or char.isspace():
            found.append(char)
            continue
        angle = pdfium.FPDFText_GetCharAngle(text, index) + math.radians(rotation)
        if math.cos(angle) < 0.99 or not pdfium.FPDFText_GetCharOrigin(text, index, x, y):
            return None
        left, bottom, right, top = text.get_charbox(index, loose=True)
        (x1, y1), (x2, y2) = turn(left, bottom), turn(right, top)
        baseline = turn(x.value, y.value)[1]
        glyph = Glyph(char, min(x1, x2), max(x1, x2), baseline, abs(y2 - y1))
        if not _drawn_before(glyph, drawn):
            found.append(glyph)
    return found


def _drawn_before(glyph: Glyph, drawn: dict[tuple[str, int, int], list[Glyph]]) -> bool:
    """Whether a character only makes one before it bolder: the same, in its place but for a hair. Keeps it if not."""
    reach = TWICE * glyph.size
    column, row = math.floor(glyph.left), math.floor(glyph.baseline)
    for place in itertools.product((glyph.char,), (column - 1, column, column + 1), (row - 1, row, row + 1)):
        for other in drawn.get(place, ()):
            if abs(other.left - glyph.left) < reach and abs(other.baseline - glyph.baseline) < reach:
                return True
    drawn.setdefault((glyph.char, column, row), []).append(glyph)
    return False


def _lines(page: pypdfium2.PdfPage, turn: Turn) -> list[Line]:
    """The level and upright lines that are drawn on a page; none where it is crowded with drawings."""
    found: list[Line] = []
    points = 0
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        points += pdfium.FPDFPath_CountSegments(shape)
        if points > MAX_POINTS:
            return []
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(shape, fill, stroke)
        for outline in _outlines(shape, turn):
            if stroke.value:
                found += _sides(outline)
            elif fill.value:
                found += _bar(outline)
    return found


def _outlines(shape: pypdfium2.PdfObject, turn: Turn) -> Iterator[list[Point]]:
    """The corners of each piece of a path, on the page."""
    matrices = [shape.get_matrix()]
    holder = shape.container
    while holder is not None:
        matrices.append(holder.get_matrix())
        holder = holder.container
    outline: list[Point] = []
    px, py = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(shape)):
        segment = pdfium.FPDFPath_GetPathSegment(shape, index)
        pdfium.FPDFPathSegment_GetPoint(segment, px, py)
        point = (px.value, py.value)
        for matrix in matrices:
            point = matrix.on_point(*point)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if outline:
                yield outline
            outline = []
        outline.append(turn(*point))
        if pdfium.FPDFPathSegment_GetClose(segment):
            outline.append(outline[0])
    if outline:
        yield outline


def _sides(outline: Sequence[Point]) -> Iterator[Line]:
    for one, other in itertools.pairwise(outline):
        yield from _bar((one, other))


def _bar(outline: Sequence[Point]) -> Iterator[Line]:
    """The line that a thin shape is; nothing for other shapes."""
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    bottom, top = min(y for _, y in outline), max(y for _, y in outline)
    if top - bottom <= THIN < right - left:
        yield Line(True, (bottom + top) / 2, left, right)
    elif right - left <= THIN < top - bottom:
        yield Line(False, (left + right) / 2, bottom, top)
