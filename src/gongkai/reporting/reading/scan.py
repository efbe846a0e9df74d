"""Pictures of pages → rows of cells and lines of text, as pdf.py gives them for pages that hold text.

The lines of a table are looked for in the picture, so that a figure is read in the cell in which it stands. Each
figure is read twice, on the page and by itself; what is not read the same both times, or with doubt, is not sure.
"""

import math
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from gongkai.reporting.reading import ruled
from gongkai.reporting.reading.pictures import SHEET, Pixels
from gongkai.reporting.reading.ruled import CellText, Table, tables_of
from gongkai.rulebook.text import fold_width
from gongkai.screening.readers import ocr
from gongkai.screening.readers.ocr import Line

Mask = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

# In points: shorter strokes are letters; thicker bars are no lines; narrower tables are drawings.
_STROKE, _BAR, _NARROW = 14.4, 4.0, 120.0
# In points: a border and what blurs it; what is nearer to it may run over it; what is smaller is dust.
_BORDER, _NEAR, _DUST = 1.2, 0.5, 1.5
# In points: smaller than any digit or dash.
_SPECK = 2.6
# Beside a line, so far from it in points, no more than this share of its length is ink.
_BESIDE, _HANGING = 1.5, 0.2
# In points: rows and columns that are lower or narrower are none; their table is not read.
_LEAST_ROW, _LEAST_COLUMN = 7.0, 7.0
# In points: what is higher has more than one line.
_LINE = 16.0
# By how much darker than its surroundings ink is, of 255.
_CONTRAST = 16
# Tilted by more, in degrees, a page is no scan; by less, it need not be levelled.
_MOST_TILT, _LEAST_TILT = 8.0, 0.04
# A figure of which a reading is less sure is not read.
_SURE = 0.8
# Below this a page is read badly, and looked at turned.
_UPSIDE_DOWN = 0.75
# Of a page's height, where page numbers stand.
_EDGES = 0.12
_PAGE_MARK = re.compile(r"[-—–―]\s*\d{1,4}\s*[-—–―]")
_FIGURE = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_FIGURES = re.compile(r"[-+\d,./—–―\s]+")
# In points: the height of a dash, the length of a short one; how far a slash leans, of its height.
_THIN, _SHORT, _LEANING = 2.6, 6.0, 0.12
_HYPHEN, _DASH, _SLASH = "-", "—", "/"
_NIL = frozenset({"-", "—", "–", "―", "——", "--", "/"})


class NoEngine(Exception):
    """The engine that recognises writing is not there."""


class NoTime(Exception):
    """The time for this file is used up."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A page: its rows from top to bottom, how sure its least sure words are (0–1), how sure all are on average."""

    rows: list[list[CellText]]
    least: float
    quality: float


def begin(seconds: float) -> None:
    """A new file, for the pages of which there is so much time. Raises NoEngine."""
    ocr.begin(seconds)
    if not ocr.warm():
        raise NoEngine


def read_page(pixels: Pixels, width: float = SHEET) -> Scanned:
    """What stands on a page, grey or in colour (blue, green, red), that is `width` points wide. Raises NoTime."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    point = grey.shape[1] / width
    found = _read(grey, point)
    if found.quality >= _UPSIDE_DOWN or not found.rows:
        return found
    turned = (_read(np.ascontiguousarray(np.rot90(grey, turn)), point) for turn in (1, 3, 2))
    return max((found, *turned), key=lambda page: page.quality)


def _read(grey: Pixels, point: float) -> Scanned:
    grey = _levelled(grey)
    level, upright = _strokes(grey, point)
    tables = [
        table
        for table in tables_of([*_lines(level, True, point), *_lines(upright, False, point)])
        if table.xs[-1] - table.xs[0] >= _NARROW
    ]
    clean = _without_borders(grey, level | upright, tables, point)
    lines = _seen(clean)
    page = _Page(clean, _ink(clean, point), point, tables)
    rows = list(page.rows(lines))
    weights = [(line.sure, len(line.text)) for line in lines]
    length = sum(count for _, count in weights)
    quality = sum(sure * count for sure, count in weights) / length if length else 0.0
    return Scanned(rows, page.least, quality)


def _seen(pixels: Pixels) -> list[Line]:
    lines = ocr.lines(pixels)
    if not lines and not ocr.time_left():
        raise NoTime
    return [line._replace(text=fold_width(line.text)) for line in lines]


# Lines of tables ---------------------------------------------------------------------------------------------


def _dark(grey: Pixels, point: float) -> Mask:
    """Ink: what is darker than its surroundings."""
    size = max(int(24 * point) | 1, 15)
    return cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, _CONTRAST
    ).astype(np.uint8)


def _levelled(grey: Pixels) -> Pixels:
    """The page turned so that its long lines are level; as it is where it has none."""
    factor = min(1200 / max(grey.shape), 1.0)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
    wide = small.shape[1]
    ink = _dark(small, wide / SHEET)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    # Letters are small; the lines of a table hang together.
    ink[(boxes[:, cv2.CC_STAT_WIDTH] < wide // 8)[labels]] = 0
    found = cv2.HoughLinesP(ink, 1, math.pi / 1440, wide // 5, None, wide // 4, max(wide // 150, 2))
    if found is None:
        return grey
    tilts = [
        (math.degrees(math.atan2(y2 - y1, x2 - x1)), abs(x2 - x1)) for x1, y1, x2, y2 in found.reshape(-1, 4)
    ]
    tilts = [(tilt, length) for tilt, length in tilts if abs(tilt) <= _MOST_TILT]
    if not tilts:
        return grey
    # The longest lines say it best.
    longest = sorted(tilts, key=lambda one: -one[1])[: max(len(tilts) // 4, 5)]
    tilt = statistics.median(one for one, _ in longest)
    if abs(tilt) < _LEAST_TILT:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    paper = float(np.median(grey))
    return cv2.warpAffine(
        grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    ).astype(np.uint8)


def _strokes(grey: Pixels, point: float) -> tuple[Mask, Mask]:
    """Where long level and long upright strokes are."""
    ink = _dark(grey, point)
    # A line that a scanner broke, or that climbs by a pixel, is one line all the same.
    length, gap = max(int(_STROKE * point), 12), max(int(0.7 * point), 3) | 1
    level, upright = (
        cv2.morphologyEx(
            cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(close, np.uint8)),
            cv2.MORPH_OPEN,
            np.ones(longest, np.uint8),
        ).astype(np.uint8)
        for close, longest in (((1, gap), (1, length)), ((gap, 1), (length, 1)))
    )
    return _ruled(level, cv2.subtract(ink, upright), point), _ruled(
        upright.T, cv2.subtract(ink, level).T, point
    ).T


def _ruled(strokes: Mask, ink: Mask, point: float) -> Mask:
    """The level strokes that are lines: thin, and with nothing hanging from them, as digits hang from their tops."""
    strokes = np.ascontiguousarray(strokes)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    away = max(round(_BESIDE * point), 2)
    kept = np.zeros(count, np.uint8)
    height = ink.shape[0]
    for number, (left, top, width, thick, _) in enumerate(boxes.tolist()):
        if number == 0 or thick > max(_BAR * point, 3):
            continue
        beside = [
            ink[row : row + 1, left : left + width]
            for row in (top - away, top + thick - 1 + away)
            if 0 <= row < height
        ]
        hanging = float(np.mean(np.any(np.concatenate(beside) > 0, axis=0))) if beside else 0.0
        kept[number] = 255 if hanging < _HANGING else 0
    return kept[labels]


def _lines(strokes: Mask, level: bool, point: float) -> Iterator[ruled.Line]:
    """The strokes as lines in points, upwards from the upper left corner."""
    count, _, boxes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(strokes), connectivity=8)
    for left, top, width, height, _ in boxes[1:count].tolist():
        if level:
            yield ruled.Line(True, -(top + height / 2) / point, left / point, (left + width) / point)
        else:
            yield ruled.Line(False, (left + width / 2) / point, -(top + height) / point, -top / point)


def _without_borders(grey: Pixels, strokes: Mask, tables: Sequence[Table], point: float) -> Pixels:
    """The page without the borders of its tables. Strokes elsewhere are letters."""
    borders = np.zeros_like(strokes)
    reach = max(round(ruled.TOUCH * point), 3)
    for table in tables:
        xs = [round(x * point) for x in table.xs]
        ys = [round(-y * point) for y in table.ys]
        for y in ys:
            cv2.line(borders, (xs[0], y), (xs[-1], y), 255, reach)
        for x in xs:
            cv2.line(borders, (x, ys[0]), (x, ys[-1]), 255, reach)
    # What lies beside a line is blurred by it.
    erased = cv2.dilate(cv2.bitwise_and(strokes, borders), np.ones((3, 3), np.uint8))
    return np.where(erased > 0, np.uint8(255), grey)


def _ink(clean: Pixels, point: float) -> Mask:
    """Ink without dust."""
    ink = _dark(clean, point)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = max(_DUST * point, 3)
    kept = np.zeros(count, np.uint8)
    kept[1:] = (np.maximum(boxes[1:, cv2.CC_STAT_WIDTH], boxes[1:, cv2.CC_STAT_HEIGHT]) >= least) * 255
    return kept[labels]


# Cells -------------------------------------------------------------------------------------------------------


class _Page:
    """A levelled page whose tables are found: which words stand in which cell, and what else is written."""

    def __init__(self, clean: Pixels, ink: Mask, point: float, tables: Sequence[Table]) -> None:
        self._clean = clean
        self._ink = ink
        self._point = point
        self._tables = tables
        self.least = 1.0

    def rows(self, lines: Sequence[Line]) -> Iterator[list[CellText]]:
        """The tables with the text above, between and below them."""
        own: list[list[Line]] = [[] for _ in self._tables]
        outside: list[list[Line]] = [[] for _ in range(len(self._tables) + 1)]
        for line in lines:
            x, y = (line.left + line.right) / 2 / self._point, -(line.top + line.bottom) / 2 / self._point
            holder = next(
                (n for n, table in enumerate(self._tables) if table.cell_at(x, y) is not None), None
            )
            if holder is None:
                outside[sum(table.bottom > y for table in self._tables)].append(line)
            else:
                own[holder].append(line)
        for number, band in enumerate(outside):
            yield from self._text(band)
            if number < len(self._tables):
                yield from self._table(self._tables[number], own[number])

    def _text(self, lines: Sequence[Line]) -> Iterator[list[CellText]]:
        """Lines outside of tables. Figures without a cell are not sure, save for the number of the page."""
        for row in _by_rows(lines):
            figures = [bool(_FIGURES.fullmatch(line.text)) for line in row]
            height = self._clean.shape[0]
            edge = row[0].bottom < _EDGES * height or row[0].top > (1 - _EDGES) * height
            footer = len(row) == 1 and (edge or _PAGE_MARK.fullmatch(row[0].text))
            if any(figures) and not footer:
                yield [CellText(line.text, not figure) for line, figure in zip(row, figures, strict=True)]
            else:
                yield [CellText(" ".join(line.text for line in row))]

    def _table(self, table: Table, lines: Sequence[Line]) -> Iterator[list[CellText]]:
        boxes = self._boxes(table)
        seen: dict[int, list[Line]] = {cell: [] for cell in boxes}
        across: set[int] = set()
        for line in lines:
            cells = self._covered(table, line)
            if len(cells) == 1:
                seen[cells[0]].append(line)
            else:
                across.update(cells)
        rows = min(above - below for above, below in pairwise(table.ys))
        columns = min(right - left for left, right in pairwise(table.xs))
        whole = rows >= _LEAST_ROW and columns >= _LEAST_COLUMN
        texts = self._texts(boxes, seen, across, whole)
        shown: set[int] = set()
        for squares in table.cells:
            row = [cell for cell in dict.fromkeys(squares) if cell not in shown]
            shown.update(row)
            if row:
                yield [texts[cell] for cell in row]

    def _boxes(self, table: Table) -> dict[int, Box]:
        """What is inside the borders of each cell."""
        boxes: dict[int, Box] = {}
        inset = max(round(_BORDER * self._point), 2)
        for row, squares in enumerate(table.cells):
            for column, cell in enumerate(squares):
                left, right = (round(table.xs[at] * self._point) for at in (column, column + 1))
                top, bottom = (round(-table.ys[at] * self._point) for at in (row, row + 1))
                box = (left + inset, top + inset, right - inset, bottom - inset)
                old = boxes.get(cell, box)
                boxes[cell] = (
                    min(old[0], box[0]),
                    min(old[1], box[1]),
                    max(old[2], box[2]),
                    max(old[3], box[3]),
                )
        return boxes

    def _covered(self, table: Table, line: Line) -> list[int]:
        """The cells over which the middle of a line of words runs, by more than its box is wider than its words."""
        spare = min(line.height / 2, (line.right - line.left) / 2 - 1)
        y = -(line.top + line.bottom) / 2 / self._point
        places = np.linspace(line.left + spare, line.right - spare, 24) / self._point
        found = (table.cell_at(float(x), y) for x in places)
        return [cell for cell in dict.fromkeys(found) if cell is not None]

    def _texts(
        self, boxes: dict[int, Box], seen: dict[int, list[Line]], across: set[int], whole: bool
    ) -> dict[int, CellText]:
        """What stands in each cell. A figure is read a second time by itself, and in doubt a third time.

        No figure is sure, and no cell blank, where the table is not `whole`.
        """
        texts: dict[int, CellText] = {}
        read: dict[int, list[tuple[str, float]]] = {}
        inked: dict[int, Box] = {}
        for cell, box in boxes.items():
            ink = self._inked(box)
            words = [] if cell in across else seen[cell]
            if ink is not None and not words and ink[3] - ink[1] > _LINE * self._point:
                words = _seen(self._piece(box))
            text = "".join(line.text for row in _by_rows(words) for line in row)
            if ink is None:
                # Words where there is no ink are imagined.
                texts[cell] = CellText("", whole)
            elif _is_label(text):
                texts[cell] = CellText(text)
                self.least = min(self.least, *(line.sure for line in words))
            else:
                inked[cell] = ink
                read[cell] = [(line.text, line.sure) for line in words] if len(words) == 1 else []
        for cell, again in self._again(list(read), inked, 0.35):
            read[cell].append(again)
            if _is_label(again[0]):
                texts[cell] = CellText(again[0])
                self.least = min(self.least, again[1])
        cells = [cell for cell in read if cell not in texts]
        doubtful = [cell for cell in cells if _agreed(read[cell]) is None]
        for cell, again in self._again(doubtful, inked, 0.8):
            read[cell].append(again)
        for cell in cells:
            agreed = _agreed(read[cell])
            sign = self._sign(boxes[cell], inked[cell])
            if sign == _SLASH and agreed is not None and len(agreed[0]) > 1:
                sign = ""
            if whole and sign == _HYPHEN:
                texts[cell] = CellText(sign)
            elif sign:
                texts[cell] = CellText(sign, False)
            elif whole and agreed is not None and not self._over_a_border(boxes[cell], inked[cell]):
                texts[cell] = CellText(agreed[0])
                self.least = min(self.least, agreed[1])
            else:
                best = max(read[cell], key=lambda one: one[1])[0]
                texts[cell] = CellText(best if _FIGURES.fullmatch(best) else "", False)
        return texts

    def _piece(self, box: Box) -> Pixels:
        left, top, right, bottom = box
        return np.ascontiguousarray(self._clean[top:bottom, left:right])

    def _inked(self, box: Box) -> Box | None:
        """The box of what is written in a cell, without specks if there is more; None where nothing is."""
        left, top, right, bottom = box
        ink = np.ascontiguousarray(self._ink[top:bottom, left:right])
        count, _, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        if count == 1:
            return None
        sides = found[1:]
        large = sides[:, 2:4].max(axis=1) >= _SPECK * self._point
        kept = sides[large] if large.any() else sides
        return (
            left + int(kept[:, 0].min()),
            top + int(kept[:, 1].min()),
            left + int((kept[:, 0] + kept[:, 2]).max()),
            top + int((kept[:, 1] + kept[:, 3]).max()),
        )

    def _sign(self, cell: Box, ink: Box) -> str:
        """The dash or slash that the only stroke in a cell is by its shape; empty for anything else.

        The recogniser takes a slash for a 1, and a dash for nothing. A long dash may be the numeral 一.
        """
        left, top, right, bottom = ink
        stroke = self._ink[top:bottom, left:right] > 0
        height, width = stroke.shape
        _, labels, sizes, _ = cv2.connectedComponentsWithStats(stroke.astype(np.uint8), connectivity=8)
        main = 1 + int(sizes[1:, cv2.CC_STAT_AREA].argmax())
        if sizes[1:, cv2.CC_STAT_AREA].sum() > 1.1 * sizes[main, cv2.CC_STAT_AREA]:
            return ""
        stroke = labels == main
        middle = abs((top + bottom) / 2 - (cell[1] + cell[3]) / 2) < (cell[3] - cell[1]) / 4
        if width >= 2 * height and height <= _THIN * self._point:
            return _HYPHEN if middle and width <= _SHORT * self._point else _DASH
        # A stroke that leans to the right from its foot to its head, and is nowhere wide: no 7, no 4.
        third = max(height // 3, 1)
        head, foot = (float(np.nonzero(part)[1].mean()) for part in (stroke[:third], stroke[-third:]))
        widest = int(stroke.sum(axis=1).max())
        leaning = head - foot > _LEANING * height
        return _SLASH if leaning and widest < max(0.55 * width, _THIN * self._point) else ""

    def _over_a_border(self, cell: Box, ink: Box) -> bool:
        """Whether what is written in a cell comes so near to its side that it may go on behind it."""
        near = max(round(_NEAR * self._point), 1)
        return ink[0] - cell[0] < near or cell[2] - ink[2] < near

    def _again(
        self, cells: Sequence[int], inked: dict[int, Box], margin: float
    ) -> Iterator[tuple[int, tuple[str, float]]]:
        return zip(cells, self._strips([inked[cell] for cell in cells], margin), strict=True)

    def _strips(self, boxes: Sequence[Box], margin: float) -> list[tuple[str, float]]:
        """What stands in each box, read by itself, with a margin around it (a share of its height)."""
        pieces = []
        for left, top, right, bottom in boxes:
            piece = self._piece((left, top, right, bottom))
            around = max(round(margin * max(bottom - top, 4 * self._point)), 4)
            # A single thin digit is read better on a square.
            aside = max(around, (bottom - top - (right - left)) // 2 + around)
            paper = int(np.percentile(piece, 95))
            pieces.append(
                cv2.copyMakeBorder(
                    piece, around, around, aside, aside, cv2.BORDER_CONSTANT, value=paper
                ).astype(np.uint8)
            )
        found = ocr.strips(pieces)
        if len(found) != len(pieces):
            raise NoTime
        return [(fold_width(text).replace(" ", ""), sure) for text, sure in found]


def _is_label(text: str) -> bool:
    """Whether there are words, not only a figure and what may be taken for one, or for a dash."""
    return any("\u3400" <= char <= "\u9fff" for char in text if char not in "一丨")


def _agreed(readings: Sequence[tuple[str, float]]) -> tuple[str, float] | None:
    """The figure that two readings give and none contradicts, and how sure that is."""
    figures = [(text, sure) for text, sure in readings if _FIGURE.fullmatch(text) or text in _NIL]
    certain = [sure for _, sure in figures if sure >= _SURE]
    if len({text for text, _ in figures}) != 1 or len(certain) < 2:
        return None
    return figures[0][0], min(certain)


def _by_rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines of words that stand side by side, from top to bottom and from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom) / 2):
        last = rows[-1][-1] if rows else None
        middle = (line.top + line.bottom) / 2
        if last and last.top + 0.25 * last.height < middle < last.bottom - 0.25 * last.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]
