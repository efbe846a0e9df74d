"""Pictures on the pages of a PDF: scans, photographs, text that was turned into curves."""

import ctypes
from collections.abc import Iterable, Iterator

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.screening.passage import Part
from gongkai.screening.readers import ocr, picture
from gongkai.screening.readers.page_view import Drawn, View

# Pixels per point for a page that is recognised as a whole: 150 to the inch.
_SCALE = 150 / 72
# So many pictures on one page are a mosaic.
_MOST_PICTURES = 12
_MOST_PIXELS = 40_000_000
_MOSAIC = 0.5
# Curves of the height of letters, filled, so many on one page: words may be drawn with them.
_CURVES = 10
_CURVE_HEIGHTS = (4.0, 60.0)


def read(view: View, location: str, *, whole: bool) -> Iterator[Part]:
    """The words of all pictures on a page.

    Each picture is read as it lies in the file, so that what a bar drawn over it hides is read too. Where pictures
    make a mosaic, letters are curves, or `whole` asks for it, the page is read as it looks; its text is left out
    then unless `whole`.
    """
    where = f"{location}图片"
    pictures = [item for item in view.pictures if min(_size(item)) >= ocr.LEGIBLE]
    if not (pictures or whole or _curves(view)):
        return
    if not ocr.time_left():
        ocr.left(where)
        return
    one_by_one = not _mosaic(view, pictures)
    if whole or _curves(view) or not one_by_one:
        yield from ocr.read(_page(view, () if whole else view.texts), where)
    if one_by_one:
        for number, item in enumerate(pictures, 1):
            place = where if len(pictures) == 1 else f"{where} {number}"
            if data := _jpeg(item):
                yield from picture.properties(data, place)
            pixels = _pixels(view, item)
            if pixels is None:
                yield from ocr.read(_page(view, view.texts), where)
            else:
                yield from ocr.read(pixels, place)


def _page(view: View, without: Iterable[Drawn]) -> ocr.Pixels:
    return np.ascontiguousarray(view.look(view.scale(_SCALE), without)[:, :, :3])


def _size(item: Drawn) -> tuple[int, int]:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(item.raw, width, height)
    return (width.value, height.value)


def _jpeg(item: Drawn) -> bytes:
    """The file of a photograph as a camera wrote it, if that is what lies in the page; else nothing."""
    size = pdfium.FPDFImageObj_GetImageDataRaw(item.raw, None, 0)
    if size < 4:
        return b""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFImageObj_GetImageDataRaw(item.raw, buffer, size)
    return buffer.raw if buffer.raw.startswith(b"\xff\xd8\xff") else b""


def _mosaic(view: View, pictures: list[Drawn]) -> bool:
    """Whether several pictures make up one, as the strips of some scanners do."""
    if len(pictures) > _MOST_PICTURES:
        return True
    width, height = view.page.get_size()
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (item.box for item in pictures))
    return len(pictures) > 1 and area >= _MOSAIC * width * height


def _curves(view: View) -> bool:
    low, high = _CURVE_HEIGHTS
    count = 0
    for item in view.drawn:
        if item.kind == pdfium.FPDF_PAGEOBJ_PATH and item.opaque and low <= item.box[3] - item.box[1] <= high:
            count += pdfium.FPDFPath_CountSegments(item.raw) > 8
    return count >= _CURVES


def _pixels(view: View, item: Drawn) -> ocr.Pixels | None:
    """The pixels of a picture, upright as on the page, laid on white; None if it cannot be taken out."""
    width, height = _size(item)
    if width * height > _MOST_PIXELS:
        return None
    try:
        bitmap = pypdfium2.PdfImage(item.raw, view.page, view.page.pdf).get_bitmap(render=True)
    except pypdfium2.PdfiumError:
        return None
    drawn = bitmap.to_numpy()
    if drawn.ndim == 3 and drawn.shape[2] == 4:
        opacity = drawn[:, :, 3:].astype(np.float32) / 255
        flat = (drawn[:, :, :3] * opacity + 255 * (1 - opacity)).astype(np.uint8)
    else:
        flat = drawn[:, :, :3].copy() if drawn.ndim == 3 else drawn.copy()
    turned: ocr.Pixels = np.ascontiguousarray(np.rot90(flat, -view.page.get_rotation() // 90))
    return turned
