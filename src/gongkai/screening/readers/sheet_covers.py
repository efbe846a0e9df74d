"""Cells of a workbook that lie under a shape, a chart or a picture, told by what its drawing is anchored to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from lxml import etree

from gongkai.screening.readers.package import Package, attribute, local
from gongkai.screening.readers.word_covers import filled

# A column and a row of the usual size, in EMU; a character of a column's width.
_COLUMN, _CHARACTER, _POINT = 609_600, 66_675, 12_700
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576


class _Span(NamedTuple):
    """Columns and rows under a cover, from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(slots=True)
class Covers:
    """The covers of one sheet. Widths of columns are told as the sheet is read, before its first row."""

    anchors: list[etree._Element]
    # Of the rows of this sheet, in points.
    row_points: float = 15.0
    _widths: dict[int, float] = field(default_factory=dict)
    _spans: list[_Span] | None = None

    def column(self, first: int, last: int, characters: float) -> None:
        """Columns from first to last are so many characters wide."""
        if self.anchors and last - first < 1024:
            self._widths.update(dict.fromkeys(range(first, last + 1), characters * _CHARACTER))

    def hide(self, column: int, row: int) -> bool:
        """Whether most of a cell lies under a cover."""
        if not self.anchors:
            return False
        if self._spans is None:
            self._spans = [span for anchor in self.anchors if (span := self._span(anchor))]
        return any(
            span.left <= column <= span.right and span.top <= row <= span.bottom for span in self._spans
        )

    def _span(self, anchor: etree._Element) -> _Span | None:
        corners = {local(child): child for child in anchor if local(child) in ("from", "to", "ext", "pos")}
        start, stop, size = corners.get("from"), corners.get("to"), corners.get("ext")
        column, across, row, down = _corner(start) if start is not None else self._walked(corners.get("pos"))
        if stop is not None:
            last_column, last_across, last_row, last_down = _corner(stop)
        elif size is not None:
            last_column, last_across = self._right(column, across + _figure(size.get("cx")))
            rows, last_down = divmod(down + _figure(size.get("cy")), self._height)
            last_row = row + int(rows)
        else:
            return None
        left, right = self._inner(column, across, last_column, last_across)
        top, bottom = _edges(row, down, last_row, last_down, self._height, self._height)
        return _Span(left + 1, top + 1, right + 1, bottom + 1) if left <= right and top <= bottom else None

    def _inner(self, first: int, across: float, last: int, last_across: float) -> tuple[int, int]:
        return _edges(first, across, last, last_across, self._width(first), self._width(last))

    @property
    def _height(self) -> float:
        return max(self.row_points, 1.0) * _POINT

    def _width(self, column: int) -> float:
        return self._widths.get(column + 1, _COLUMN)

    def _right(self, column: int, distance: float) -> tuple[int, float]:
        while column < _LAST_COLUMN and distance > self._width(column):
            distance -= self._width(column)
            column += 1
        return column, distance

    def _walked(self, position: etree._Element | None) -> tuple[int, float, int, float]:
        if position is None:
            return (0, 0.0, 0, 0.0)
        column, across = self._right(0, _figure(position.get("x")))
        row, down = divmod(_figure(position.get("y")), self._height)
        return column, across, int(row), down


def _edges(
    first: int, start: float, last: int, stop: float, first_size: float, last_size: float
) -> tuple[int, int]:
    """The columns or rows that are covered by half or more, of those a cover begins and ends in."""
    if first == last:
        return (first, last) if stop - start >= first_size / 2 else (first, first - 1)
    return (first if start <= first_size / 2 else first + 1, last if stop >= last_size / 2 else last - 1)


def _corner(corner: etree._Element) -> tuple[int, float, int, float]:
    given = {local(child): _figure(child.text) for child in corner}
    column = min(int(given.get("col", 0)), _LAST_COLUMN)
    row = min(int(given.get("row", 0)), _LAST_ROW)
    return column, given.get("colOff", 0.0), row, given.get("rowOff", 0.0)


def _figure(text: str | None) -> float:
    try:
        return max(float(text or 0), 0.0)
    except ValueError:
        return 0.0


def of_sheet(package: Package, part: str) -> Covers:
    """What covers cells of a sheet: filled shapes, charts, and pictures without holes."""
    anchors = []
    for kind, target, external in package.relations(part).values():
        if kind == "drawing" and not external and target in package.sizes:
            anchors += list(_hiding(package, target))
    return Covers(anchors)


def _hiding(package: Package, drawing: str) -> Iterator[etree._Element]:
    relations = package.relations(drawing)

    @cache
    def opaque(relation: str) -> bool:
        from gongkai.screening.readers import picture

        _, target, external = relations.get(relation, ("", "", True))
        return not external and target in package.sizes and picture.opaque(package.read(target))

    for anchor in package.tree(drawing):
        if local(anchor) not in ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
            continue
        for element in anchor.iter("{*}spPr", "{*}blip", "{*}chart"):
            if local(element) == "chart":
                hides = True
            elif local(element) == "blip":
                hides = opaque(attribute(element, "embed") or "")
            else:
                hides = filled(element)
            if hides:
                yield anchor
                break
