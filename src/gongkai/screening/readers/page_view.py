"""A page of a PDF as a reader sees it: what is drawn on it in which order, and how it looks without parts of it.

Whether letters can be seen is not guessed from coordinates: the page is drawn with them and without them, and
where nothing changes they show nothing. Coordinates only tell why.
"""

import ctypes
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from gongkai.screening.finding import Layer
from gongkai.screening.readers.ocr import Pixels

DEPTH = 8
_INVISIBLE = 3
# Pixels of a drawn page at most, and per point of paper; a page of any size is drawn in bounded memory.
_MOST_PIXELS = 6_000_000
_SCALE = 2.0
# A pixel differs if one of its colours does by more; fewer differing pixels of a letter's box are a fringe.
_DIFFERENT = 10
_THIN = 6
_FRINGE = 0.04
# Letters and ground nearer than this in every colour cannot be told apart.
_SAME_COLOUR = 24
_TRANSPARENT = 13
_OPAQUE = 200
_BROAD_STROKE = 4.0
_TINY_POINTS = 1.5
_WHOLE_PAGE = 0.6
# Letters smaller than this square of a point are none.
_SPECK = 0.02
_NOTE = -1
_SILENT_NOTES = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)

_Mask = NDArray[np.bool_]
Box = tuple[float, float, float, float]
_Matrix = tuple[float, float, float, float, float, float]
_PLAIN: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawn(NamedTuple):
    """One object of a page: its kind, its turn in the order of drawing, its box in points of the page."""

    raw: pdfium.FPDF_PAGEOBJECT
    kind: int
    turn: int
    box: Box
    opaque: bool


class _Letter(NamedTuple):
    char: str
    box: Box
    owner: Drawn | None


@dataclass(slots=True)
class View:
    """A page with the objects on it. It must not outlive the page."""

    page: pypdfium2.PdfPage
    drawn: list[Drawn] = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = list(self._walk(self.page.raw, False, _PLAIN, 0))

    def _walk(
        self, parent: pdfium.FPDF_PAGE | pdfium.FPDF_PAGEOBJECT, form: bool, matrix: _Matrix, depth: int
    ) -> Iterator[Drawn]:
        count = pdfium.FPDFFormObj_CountObjects(parent) if form else pdfium.FPDFPage_CountObjects(parent)
        take = pdfium.FPDFFormObj_GetObject if form else pdfium.FPDFPage_GetObject
        for index in range(count):
            raw = take(parent, index)
            if not raw:
                continue
            kind = pdfium.FPDFPageObj_GetType(raw)
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                if depth < DEPTH:
                    yield from self._walk(raw, True, _times(_matrix(raw), matrix), depth + 1)
                continue
            # Turns are told by the place in the list.
            yield Drawn(raw, kind, 0, _bounds(raw, matrix), _opaque(raw, kind))

    @property
    def texts(self) -> list[Drawn]:
        """The text objects."""
        return [item for item in self.drawn if item.kind == pdfium.FPDF_PAGEOBJ_TEXT]

    @property
    def pictures(self) -> list[Drawn]:
        """The image objects."""
        return [item for item in self.drawn if item.kind == pdfium.FPDF_PAGEOBJ_IMAGE]

    def look(self, scale: float, without: Iterable[Drawn] = ()) -> Pixels:
        """The page drawn at `scale` pixels per point, notes included, some objects left out.

        Height × width × 4: blue, green, red and nothing.
        """
        with _absent(without):
            bitmap = self.page.render(scale=scale, maybe_alpha=False, prefer_bgrx=True)
            pixels: Pixels = bitmap.to_numpy().copy()
        return pixels

    def scale(self, wanted: float) -> float:
        """`wanted`, or less where the page is large."""
        width, height = self.page.get_size()
        return min(wanted, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))


def _matrix(raw: pdfium.FPDF_PAGEOBJECT) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, found):
        return _PLAIN
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _bounds(raw: pdfium.FPDF_PAGEOBJECT, matrix: _Matrix) -> Box:
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(raw, *sides):
        return (0.0, 0.0, 0.0, 0.0)
    left, bottom, right, top = (side.value for side in sides)
    if matrix == _PLAIN:
        return (left, bottom, right, top)
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (left, right) for y in (bottom, top)]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return (min(across), min(down), max(across), max(down))


def _colour(raw: pdfium.FPDF_PAGEOBJECT) -> tuple[int, int, int, int] | None:
    """Red, green, blue and opacity of what fills an object; None if it is filled with a pattern."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(raw, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return (red, green, blue, alpha)


def _opaque(raw: pdfium.FPDF_PAGEOBJECT, kind: int) -> bool:
    """Whether an object may hide what was drawn before it."""
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        return False
    if kind != pdfium.FPDF_PAGEOBJ_PATH:
        return True
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(raw, fill, stroke)
    width = ctypes.c_float()
    broad = stroke.value and pdfium.FPDFPageObj_GetStrokeWidth(raw, width) and width.value >= _BROAD_STROKE
    colour = _colour(raw)
    return bool(broad) or (fill.value != 0 and (colour is None or colour[3] >= _OPAQUE))


@contextmanager
def _absent(items: Iterable[Drawn]) -> Iterator[None]:
    kept = list(items)
    for item in kept:
        pdfium.FPDFPageObj_SetIsActive(item.raw, False)
    try:
        yield
    finally:
        for item in kept:
            pdfium.FPDFPageObj_SetIsActive(item.raw, True)


def _overlap(one: Box, other: Box) -> float:
    """The share of the first box that lies in the second."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(across, 0.0) * max(down, 0.0) / area if area > 0 else 0.0


def _common(letter: Box, cover: Box) -> Box:
    """What of a letter lies under a cover; at the very edge of it a hair of the letter may be seen."""
    left, bottom, right, top = cover
    edge = 1.0 if min(right - left, top - bottom) > 4 else 0.0
    return (
        max(letter[0], left + edge),
        max(letter[1], bottom + edge),
        min(letter[2], right - edge),
        min(letter[3], top - edge),
    )


def letters(view: View, text_page: pypdfium2.PdfTextPage) -> list[tuple[str, Layer]]:
    """Every letter of the page in reading order with its layer: text, hidden_text or under_cover.

    Letters behind a picture of the whole page are what somebody recognised in a scan: they are its text.
    """
    found = _letters(view, text_page)
    sight = _Sight(view, found)
    layered: list[tuple[str, Layer]] = []
    layer = Layer.TEXT
    for letter in found:
        # Blanks and line breaks, which often no object drew, belong to what stands before them.
        if letter.owner is not None and not letter.char.isspace() and _area(letter.box) > _SPECK:
            layer = sight.layer(letter, letter.owner)
        layered.append((letter.char, layer))
    return layered


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _letters(view: View, text_page: pypdfium2.PdfTextPage) -> list[_Letter]:
    owners = {
        ctypes.addressof(item.raw.contents): item._replace(turn=turn) for turn, item in enumerate(view.drawn)
    }
    sides = [ctypes.c_double() for _ in range(4)]
    found = []
    for index in range(text_page.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text_page.raw, index))
        pdfium.FPDFText_GetCharBox(text_page.raw, index, *sides)
        left, right, bottom, top = (side.value for side in sides)
        raw = pdfium.FPDFText_GetTextObject(text_page.raw, index)
        owner = owners.get(ctypes.addressof(raw.contents)) if raw else None
        found.append(_Letter(char, (left, bottom, right, top), owner))
    return found


class _Ground:
    """Boxes of a page in pixels of its picture."""

    def __init__(self, page: pypdfium2.PdfPage, pixels: Pixels) -> None:
        self.pixels = pixels
        height, width = pixels.shape[:2]
        corners = [_device(page, x, y) for x, y in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0))]
        (x0, y0), (x1, y1), (x2, y2) = corners
        page_width, page_height = page.get_size()
        across, down = width / page_width, height / page_height
        self._a, self._b = (x1 - x0) / 1000 * across, (x2 - x0) / 1000 * across
        self._c, self._d = (y1 - y0) / 1000 * down, (y2 - y0) / 1000 * down
        self._e, self._f = x0 * across, y0 * down

    def window(self, box: Box) -> tuple[slice, slice] | None:
        """Rows and columns of a box; None if it lies off the page."""
        xs = [self._a * x + self._b * y + self._e for x in (box[0], box[2]) for y in (box[1], box[3])]
        ys = [self._c * x + self._d * y + self._f for x in (box[0], box[2]) for y in (box[1], box[3])]
        height, width = self.pixels.shape[:2]
        # The ink of a dot or a dash may fall on the pixels beside its box.
        wide, high = max(xs) - min(xs) < _THIN, max(ys) - min(ys) < _THIN
        left, right = max(int(min(xs)) - wide, 0), min(int(max(xs)) + 1 + wide, width)
        top, bottom = max(int(min(ys)) - high, 0), min(int(max(ys)) + 1 + high, height)
        return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None


def _device(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """Points of the page, from its top left corner as it is shown, turned and cropped."""
    width, height = page.get_size()
    fine = 1000
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, round(width * fine), round(height * fine), 0, x, y, across, down)
    return across.value / fine, down.value / fine


def _changes(one: Pixels, other: Pixels) -> _Mask:
    """Where two pictures of a page differ so that it is seen."""
    differs: _Mask = one.view(np.uint32)[:, :, 0] != other.view(np.uint32)[:, :, 0]
    # Few pixels of a page do: only for them the difference is measured.
    rows, columns = np.nonzero(differs)
    before, after = one[rows, columns].astype(np.int16), other[rows, columns].astype(np.int16)
    differs[rows, columns] = (np.abs(before - after) > _DIFFERENT).any(axis=1)
    return differs


class _Sight:
    """What can be seen of the letters of one page, and why the rest cannot."""

    def __init__(self, view: View, found: list[_Letter]) -> None:
        self._page = view.page
        opaque = [item._replace(turn=turn) for turn, item in enumerate(view.drawn) if item.opaque]
        # Notes are drawn after everything on the page.
        self._opaque = [*opaque, *_notes(view.page, len(view.drawn))]
        self._turns = np.array([item.turn for item in self._opaque], dtype=np.int64)
        self._boxes = np.array([item.box for item in self._opaque], dtype=np.float64).reshape(-1, 4)
        self._near: dict[int, list[Drawn]] = {}
        self._drawable: dict[int, bool] = {}
        scale = view.scale(_SCALE)
        whole = view.look(scale)
        self._ground = _Ground(view.page, whole)
        self._bare = _changes(whole, view.look(scale, view.texts))
        # Words may stand on a cover: when all words go, those below it would seem to be seen too.
        self._below = {
            letter.owner.turn: letter.owner
            for letter in found
            if letter.owner and self._over(letter.box, letter.owner, drawn_after=True)
        }
        self._lifted = _changes(whole, view.look(scale, self._below.values())) if self._below else self._bare

    def layer(self, letter: _Letter, owner: Drawn) -> Layer:
        """The layer of a letter: why nothing is seen of it, or text."""
        if pdfium.FPDFTextObj_GetTextRenderMode(owner.raw) == _INVISIBLE:
            behind = self._over(letter.box, owner, drawn_after=False)
            scanned = any(item.kind == pdfium.FPDF_PAGEOBJ_IMAGE for item in behind)
            return Layer.TEXT if scanned else Layer.HIDDEN_TEXT
        window = self._ground.window(letter.box)
        if window is None:
            return Layer.HIDDEN_TEXT
        covers = [
            item
            for item in self._over(letter.box, owner, drawn_after=True)
            if not self._changed(self._ground.window(_common(letter.box, item.box)), owner)
        ]
        if not covers and self._changed(window, owner):
            return Layer.HIDDEN_TEXT if _type_size(owner) < _TINY_POINTS else Layer.TEXT
        if any(self._is_scan(item) for item in covers):
            return Layer.TEXT
        colour = _colour(owner.raw)
        if not covers and colour is not None:
            ground = np.median(self._ground.pixels[window].reshape(-1, 4)[:, 2::-1], axis=0)
            near = max(abs(float(a) - b) for a, b in zip(ground, colour[:3], strict=True)) < _SAME_COLOUR
            if near or colour[3] < _TRANSPARENT:
                return Layer.HIDDEN_TEXT
        # A letter whose font this machine lacks changes nothing either; elsewhere it may be seen.
        if not self._can_be_drawn(owner):
            solid = any(item.kind == pdfium.FPDF_PAGEOBJ_PATH for item in covers)
            return Layer.UNDER_COVER if solid else Layer.TEXT
        return Layer.UNDER_COVER if covers else Layer.HIDDEN_TEXT

    def _changed(self, window: tuple[slice, slice] | None, owner: Drawn) -> bool:
        """Whether the page looks different in a window without the letters of this object."""
        if window is None:
            return False
        changes = (self._lifted if owner.turn in self._below else self._bare)[window]
        return bool(np.count_nonzero(changes) > _FRINGE * changes.size)

    def _over(self, box: Box, owner: Drawn, *, drawn_after: bool) -> list[Drawn]:
        """Opaque things over half of a box or more, all or only those drawn after its owner."""
        if owner.turn not in self._near:
            left, bottom, right, top = owner.box
            boxes = self._boxes
            touching = (
                (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < top) & (boxes[:, 3] > bottom)
            )
            self._near[owner.turn] = [self._opaque[index] for index in np.flatnonzero(touching)]
        return [
            item
            for item in self._near[owner.turn]
            if (item.turn > owner.turn or not drawn_after) and _overlap(box, item.box) >= 0.5
        ]

    def _is_scan(self, item: Drawn) -> bool:
        width, height = self._page.get_size()
        return bool(
            item.kind == pdfium.FPDF_PAGEOBJ_IMAGE and _area(item.box) >= _WHOLE_PAGE * width * height
        )

    def _can_be_drawn(self, owner: Drawn) -> bool:
        """Whether a text object leaves any ink when it is drawn alone."""
        if owner.turn not in self._drawable:
            raw = pdfium.FPDFTextObj_GetRenderedBitmap(self._page.pdf.raw, self._page.raw, owner.raw, 2.0)
            inked = False
            if raw:
                bitmap = pypdfium2.PdfBitmap.from_raw(raw)
                inked = bool(bitmap.to_numpy()[..., -1].any())
            self._drawable[owner.turn] = inked
        return self._drawable[owner.turn]


def _type_size(owner: Drawn) -> float:
    """The size of the letters of a text object in points."""
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(owner.raw, size)
    a, b, c, d, _, _ = _matrix(owner.raw)
    return size.value * math.sqrt(abs(a * d - b * c))


def _notes(page: pypdfium2.PdfPage, turn: int) -> Iterator[Drawn]:
    """The places of notes that are drawn on the page."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not note:
            continue
        rectangle = pdfium.FS_RECTF()
        if pdfium.FPDFAnnot_GetSubtype(note) not in _SILENT_NOTES and pdfium.FPDFAnnot_GetRect(
            note, rectangle
        ):
            box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            yield Drawn(None, _NOTE, turn + index, box, opaque=True)
        pdfium.FPDFPage_CloseAnnot(note)
