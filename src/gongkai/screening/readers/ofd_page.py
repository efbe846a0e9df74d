"""Words on a page of an OFD document, put into lines by where they stand."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from gongkai.screening.finding import Layer
from gongkai.screening.passage import Part, Weaver

_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{0,12})?|[-+]?\.[0-9]{1,12}")
_MAX_NUMBERS = 20_000
# In letters' heights: what lies nearer is one word, what lies farther is another column.
_WORD_GAP, _COLUMN_GAP = 0.25, 1.5
_HALF_LINE = 0.5
_NARROW, _WIDE = 0.5, 1.0
_CELL = 1.1
# How much of a text a covering shape may leave free at each side, in millimetres.
_SLACK = 0.5


def numbers(text: str) -> list[float]:
    """The numbers of an attribute that lists some (8.1)."""
    found = []
    for match in _NUMBER.finditer(text):
        found.append(float(match.group()))
        if len(found) >= _MAX_NUMBERS:
            break
    return found


class Box(NamedTuple):
    """A rectangle in millimetres: from the left and the top of the page."""

    left: float
    top: float
    width: float
    height: float

    def touches(self, other: "Box") -> bool:
        """Whether the two share any area or edge."""
        return (
            self.left <= other.left + other.width
            and other.left <= self.left + self.width
            and self.top <= other.top + other.height
            and other.top <= self.top + self.height
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other lies in this one, but for a hair."""
        return (
            self.left <= other.left + _SLACK
            and self.top <= other.top + _SLACK
            and self.left + self.width >= other.left + other.width - _SLACK
            and self.top + self.height >= other.top + other.height - _SLACK
        )


@dataclass(frozen=True, slots=True)
class Fragment:
    """One TextCode: its text, where its line stands, and whether anybody sees it."""

    text: str
    box: Box
    left: float
    right: float
    base: float
    size: float
    order: int
    unseen: bool
    white: bool

    @classmethod
    def of(
        cls,
        text: str,
        box: Box,
        at: tuple[float, float],
        size: float,
        transform: tuple[float, ...],
        steps: str,
        order: int,
        unseen: bool,
        white: bool,
    ) -> Self:
        """A fragment from what its object says: `at` in the object's space, `steps` its DeltaX."""
        a, b, c, d, e, f = transform
        left = box.left + a * at[0] + c * at[1] + e
        base = box.top + b * at[0] + d * at[1] + f
        scale = math.hypot(a, b) or 1.0
        right = left + scale * _advance(text, size, steps)
        if len(text) == 1 and box.width <= _CELL * size * scale:
            # The box of one letter tells its width better than the rule of thumb.
            right = max(right, box.left + box.width)
        return cls(text, box, left, right, base, size * scale, order, unseen, white)


def _advance(text: str, size: float, steps: str) -> float:
    """How far a text reaches: by the steps between its letters, else by their usual width."""
    given = _steps(steps)
    widths = [size * (_NARROW if char.isascii() else _WIDE) for char in text]
    for index, step in enumerate(given[: max(len(widths) - 1, 0)]):
        widths[index] = step
    return sum(widths)


def _steps(text: str) -> list[float]:
    """A list of steps; `g 3 2.5` stands for three steps of 2.5 (11.3)."""
    found: list[float] = []
    words = text.split()
    at = 0
    while at < len(words) and len(found) < _MAX_NUMBERS:
        if words[at] == "g" and at + 2 < len(words):
            count, step = numbers(words[at + 1]), numbers(words[at + 2])
            if count and step:
                found += [step[0]] * min(int(max(count[0], 0)), _MAX_NUMBERS)
            at += 3
        else:
            found += numbers(words[at])[:1]
            at += 1
    return found


def woven(fragments: list[Fragment], layer: Layer, location: str) -> Iterator[Part]:
    """The fragments as lines of text, from the top down and from the left to the right."""
    weaver = Weaver()
    for line in _lines(fragments):
        end: float | None = None
        for fragment in line:
            if end is not None:
                gap = (fragment.left - end) / max(fragment.size, 0.1)
                if gap > _COLUMN_GAP:
                    weaver.break_with("\t")
                elif gap > _WORD_GAP:
                    weaver.break_with(" ")
            weaver.add(fragment.text, layer, location)
            end = fragment.right
        weaver.break_with("\n")
    yield from weaver.passages()


def _lines(fragments: list[Fragment]) -> Iterator[list[Fragment]]:
    line: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda f: (f.base, f.left)):
        if line and fragment.base - line[0].base > _HALF_LINE * min(fragment.size, line[0].size):
            yield sorted(line, key=lambda f: f.left)
            line = []
        line.append(fragment)
    if line:
        yield sorted(line, key=lambda f: f.left)
