"""Tables that are drawn with lines: characters and lines of a page → rows of cells.

A drawn table needs no reading order: the lines say what a cell is, whatever cells are merged, however its text is
broken, and wherever in the file it stands. What is no complete grid of rectangles is no table here. All lengths
are points, x to the right and y upwards.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, groupby

# Lines that miss each other by less meet; no row or column is as narrow.
TOUCH = 3.0
# The form has 15 columns and some 30 rows; pages with more lines are drawings.
MAX_LINES = 400
MAX_COLUMNS = 40
MAX_ROWS = 120
# Shares of a character's height: a wider gap is a space; the digits of one number stand this close, and overlap no
# more than rounding makes them; a digit that is raised or smaller is a note's mark.
_SPACE = 0.3
_CLOSE = 0.08
_OVERLAP = 0.04
_RAISED = 0.12
_SMALLER = 0.85


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line: `at` is its y if level, else its x; `start` and `stop` its ends on the other axis."""

    level: bool
    at: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its advance box: ends on the baseline, the baseline's y, the height of its font."""

    char: str
    left: float
    right: float
    baseline: float
    size: float

    @property
    def centre(self) -> tuple[float, float]:
        """A point in the middle of a digit or a Chinese character."""
        return (self.left + self.right) / 2, self.baseline + self.size * 0.3

    @property
    def figure(self) -> bool:
        """Whether it can be part of a number."""
        return self.char.isdigit() or self.char in ",.，．"


@dataclass(frozen=True, slots=True)
class CellText:
    """What stands in a cell. `sure` is False for digits that may be more than one number, or less than one."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A drawn table: its borders from left to right and from top to bottom, and a number for each cell.

    `cells[row][column]` is the number of the cell that covers that square; merged squares have the same.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def bottom(self) -> float:
        """The y of its lowest border."""
        return self.ys[-1]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell there; None outside the table."""
        column = bisect(self.xs, x) - 1
        row = bisect(self.ys, -y, key=lambda border: -border) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.cells[row][column] if inside else None

    def rows(self, glyphs: Iterable[Glyph]) -> Iterator[list[CellText]]:
        """The rows from top to bottom; a merged cell stands once, in the first row that it covers."""
        here = [glyph for glyph in glyphs if self.cell_at(*glyph.centre) is not None]
        across = self._across(here)
        unsure = {cell for cell, _ in across}
        strays = {id(glyph) for _, glyph in across}
        content: dict[int | None, list[Glyph]] = {}
        for glyph in here:
            if id(glyph) not in strays:
                content.setdefault(self.cell_at(*glyph.centre), []).append(glyph)
        shown: set[int] = set()
        for squares in self.cells:
            row = [cell for cell, _ in groupby(squares) if cell not in shown]
            shown.update(row)
            if row:
                yield [_cell_text(content.get(cell, ()), cell in unsure) for cell in row]

    def _across(self, glyphs: Iterable[Glyph]) -> list[tuple[int | None, Glyph]]:
        """The digits of numbers that run over a line into another cell, each with the cell where it came to stand."""
        found: list[tuple[int | None, Glyph]] = []
        for line in text_lines(glyph for glyph in glyphs if glyph.figure):
            # Two numbers that overlap stand mixed in a line, so each digit looks for the next of its own.
            rest = [(self.cell_at(*glyph.centre), glyph) for glyph in line]
            while rest:
                number = [rest.pop(0)]
                for _, one in number:
                    near = [_close(one, other) or _close(other, one) for _, other in rest]
                    number += compress(rest, near)
                    rest = [other for other, taken in zip(rest, near, strict=True) if not taken]
                if len({cell for cell, _ in number}) > 1:
                    found += number
        return found


def text_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by lines of text, from top to bottom and left to right."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: -one.baseline):
        if lines and lines[-1][0].baseline - glyph.baseline <= glyph.size / 2:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [sorted(line, key=lambda one: one.left) for line in lines]


def _cell_text(glyphs: Sequence[Glyph], run_together: bool) -> CellText:
    lines = text_lines(glyphs)
    numeric = all(glyph.figure or not glyph.char.isalnum() for glyph in glyphs)
    # A number has one line: of two, a line between two rows may be lacking.
    sure = not run_together and sum(any(glyph.char.isdigit() for glyph in line) for line in lines) <= 1
    text = []
    for line in lines:
        for place, glyph in enumerate(line):
            before = line[place - 1] if place else None
            if before is not None and glyph.left - before.right > _SPACE * glyph.size:
                text.append(" ")
            if before is not None and before.figure and glyph.figure:
                sure = sure and _one_number(before, glyph)
            text.append(glyph.char)
    return CellText("".join(text), sure or not numeric)


def _one_number(one: Glyph, other: Glyph) -> bool:
    larger, smaller = max(one.size, other.size), min(one.size, other.size)
    raised = abs(one.baseline - other.baseline)
    return _close(one, other) and raised <= _RAISED * larger and smaller >= _SMALLER * larger


def _close(one: Glyph, other: Glyph) -> bool:
    gap = (other.left - one.right) / max(one.size, other.size)
    return -_OVERLAP <= gap <= _CLOSE


# Lines → tables ------------------------------------------------------------------------------------------


def tables_of(lines: Sequence[Line]) -> list[Table]:
    """The tables of a page from top to bottom; none where the lines are too many or no complete grid."""
    whole = [joined for level in (True, False) for joined in _joined(x for x in lines if x.level == level)]
    if len(whole) > MAX_LINES:
        return []
    tables = [table for group in _connected(whole) if (table := _table(group)) is not None]
    return sorted(tables, key=lambda table: -table.bottom)


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines of one direction; pieces that continue or repeat each other are one line."""
    near: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.at):
        if near and line.at - near[-1][-1].at <= TOUCH:
            near[-1].append(line)
        else:
            near.append([line])
    for group in near:
        at = sum(line.at for line in group) / len(group)
        pieces = sorted(group, key=lambda line: line.start)
        start, stop = pieces[0].start, pieces[0].stop
        for piece in pieces[1:]:
            if piece.start > stop + TOUCH:
                yield Line(piece.level, at, start, stop)
                start = piece.start
            stop = max(stop, piece.stop)
        yield Line(pieces[0].level, at, start, stop)


def _connected(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Groups of lines that cross or meet."""
    rest = list(lines)
    while rest:
        group, queue = [], [rest.pop()]
        while queue:
            line = queue.pop()
            group.append(line)
            queue += [other for other in rest if _meet(line, other)]
            rest = [other for other in rest if not _meet(line, other)]
        yield group


def _meet(one: Line, other: Line) -> bool:
    return one.level != other.level and _reaches(one, other.at, other.at) and _reaches(other, one.at, one.at)


def _reaches(line: Line, start: float, stop: float) -> bool:
    return line.start - TOUCH <= start and stop <= line.stop + TOUCH


def _table(lines: Sequence[Line]) -> Table | None:
    """The table of a connected group; None where it is no grid of rectangles.

    The outer border need not be drawn: the other lines' ends show where it is.
    """
    level = [line for line in lines if line.level]
    upright = [line for line in lines if not line.level]
    if not level or not upright:
        return None
    xs = _borders(upright, level)
    ys = _borders(level, upright)[::-1]
    columns, rows = len(xs) - 1, len(ys) - 1
    if not (2 <= columns <= MAX_COLUMNS and 1 <= rows <= MAX_ROWS):
        return None
    cells = [[row * columns + column for column in range(columns)] for row in range(rows)]
    squares = [(row, column) for row in range(rows) for column in range(columns)]

    def merge(one: int, other: int) -> None:
        for row, column in squares:
            if cells[row][column] == other:
                cells[row][column] = one

    for row, column in squares:
        own = cells[row][column]
        if column and not _drawn(upright, xs[column], ys[row + 1], ys[row]):
            merge(cells[row][column - 1], own)
        own = cells[row][column]
        if row and not _drawn(level, ys[row], xs[column], xs[column + 1]):
            merge(cells[row - 1][column], own)
    if not _rectangular(cells):
        return None
    return Table(tuple(xs), tuple(ys), tuple(map(tuple, cells)))


def _borders(lines: Sequence[Line], across: Sequence[Line]) -> list[float]:
    """Where the lines stand, and where those across end beyond them."""
    places = sorted({line.at for line in lines})
    start, stop = min(line.start for line in across), max(line.stop for line in across)
    before = [start] if start < places[0] - TOUCH else []
    behind = [stop] if stop > places[-1] + TOUCH else []
    return [*before, *places, *behind]


def _drawn(lines: Sequence[Line], at: float, start: float, stop: float) -> bool:
    return any(line.at == at and _reaches(line, start, stop) for line in lines)


def _rectangular(cells: Sequence[Sequence[int]]) -> bool:
    """Whether the squares of every cell form one rectangle."""
    places: dict[int, list[tuple[int, int]]] = {}
    for row, squares in enumerate(cells):
        for column, cell in enumerate(squares):
            places.setdefault(cell, []).append((row, column))
    for own in places.values():
        rows = [row for row, _ in own]
        columns = [column for _, column in own]
        if len(own) != (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1):
            return False
    return True
