"""What a reader hands to the detectors: text with, for every stretch, its layer and its place."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gongkai.screening.finding import Kind, Layer

_SPACES = "\u00a0\u1680\u180e\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad\r\v\f" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00b7\u2043\u2500\u2501\ufffe\x02"


# PDF files write characters as the radicals that look like them (截⽌ for 截止). NFKC mends most; of the
# radicals it leaves, these pairs (Unicode EquivalentUnifiedIdeograph) are whole characters of their own.
_MENDED = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0xFE10, 0xFE70), range(0x2F800, 0x2FA20))
_RADICAL_PAIRS = "⺜日⺝月⺟母⺠民⺩王⺫目⺬示⻁虎⻄西⻅见⻆角⻉贝⻋车⻒镸⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⼾户"
# Traditional characters of marks, and of the words that name a number.
_TRADITIONAL = (
    "絕绝機机祕秘內内資资級级長长別别請请傳传閱阅參参僅仅嚴严後后會会討讨論论審审議议徵征見见號号證证護护電电話话銀银賬账帳帐戶户"
    "開开聯联繫系單单讀读發发對对"
)


def _mended() -> dict[int, str]:
    forms = ((code, unicodedata.normalize("NFKC", chr(code))) for block in _MENDED for code in block)
    table = {code: form for code, form in forms if len(form) == 1}
    table.update({ord(_RADICAL_PAIRS[at]): _RADICAL_PAIRS[at + 1] for at in range(0, len(_RADICAL_PAIRS), 2)})
    return table


def _digits() -> dict[int, str]:
    values = ((code, unicodedata.decimal(chr(code), None)) for code in range(0x80, 0x20000))
    return {code: str(value) for code, value in values if value is not None}


# Decimal digits of every script and width to 0–9.
DIGITS = _digits()


# Characters as fixed-width codes, so that one look-up in a table folds a whole text.
_CODE, _CODES = "<u4", "utf-32-le"


def _fold_table() -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    table = _mended()
    table.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
    table.update(DIGITS)
    table.update({ord(char): " " for char in _SPACES})
    table.update({ord(char): "-" for char in _HYPHENS})
    table.update({0x2028: "\n", 0x2029: "\n", 0x85: "\n"})
    table.update({ord(_TRADITIONAL[at]): _TRADITIONAL[at + 1] for at in range(0, len(_TRADITIONAL), 2)})
    table.update({ord("×"): "X", ord("Х"): "X", ord("х"): "x"})
    codes = np.arange(0x110000, dtype=_CODE)
    for code, form in table.items():
        codes[code] = ord(form)
    return codes


_FOLD = _fold_table()


def fold(text: str) -> str:
    """The text with one plain form for digits, letters, ideographs, spaces, hyphens; every offset stays.

    Full-width and other decimal digits become 0–9, every kind of space (also of no width) a blank,
    every dash a hyphen, traditional characters of the marks the simplified ones.
    """
    codes = np.frombuffer(text.encode(_CODES, "surrogatepass"), _CODE)
    folded: bytes = _FOLD[codes].tobytes()
    return folded.decode(_CODES, "surrogatepass")


class Place(NamedTuple):
    """From `start` on, the text lies in this layer at this location, under this column heading."""

    start: int
    layer: Layer
    location: str
    heading: str = ""


@dataclass(slots=True)
class Passage:
    """Connected text and its places, ascending by start.

    `only` set: this is a second view of text already handed over (with what is deleted or hidden
    put back), and only what touches one of those layers counts.
    """

    text: str
    places: list[Place]
    only: frozenset[Layer] = frozenset()
    _starts: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._starts = [place.start for place in self.places]

    def places_over(self, start: int, end: int) -> list[Place]:
        """All places that the stretch from start to end touches."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = max(bisect_right(self._starts, end - 1), first + 1)
        return self.places[first:last]


@dataclass(frozen=True, slots=True)
class Concealed:
    """Something a reader of the printed page does not see.

    It becomes a `hidden_content` finding unless its layer has another finding at the location
    `scope` or below it.
    """

    layer: Layer
    scope: str
    sample: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that the reader itself makes: a macro, a part nobody can read, a person's name."""

    kind: Kind
    layer: Layer
    location: str
    sample: str
    why: str


Part = Passage | Concealed | Remark


class Unreadable(Exception):
    """The file cannot be read; the message, one sentence in Chinese, says why and what to do."""


@dataclass(slots=True)
class Weaver:
    """Joins pieces of text into one passage and remembers where each came from."""

    _pieces: list[str] = field(default_factory=list)
    _places: list[Place] = field(default_factory=list)
    _length: int = 0

    def add(self, text: str, layer: Layer, location: str, heading: str = "") -> None:
        """Append a piece."""
        if not text:
            return
        place = Place(self._length, layer, location, heading)
        last = self._places[-1] if self._places else None
        if last is None or (last.layer, last.location, last.heading) != (layer, location, heading):
            self._places.append(place)
        self._pieces.append(text)
        self._length += len(text)

    def break_with(self, separator: str) -> None:
        """Append a separator, which belongs to the piece before it."""
        self._pieces.append(separator)
        self._length += len(separator)

    def __len__(self) -> int:
        return self._length

    def passages(self, only: frozenset[Layer] = frozenset()) -> Iterator[Passage]:
        """The passage woven so far, if any; the weaver is empty afterwards."""
        if self._places:
            yield Passage("".join(self._pieces), self._places, only)
        self._pieces, self._places, self._length = [], [], 0


# Text, layer and location of a piece of a cell.
Piece = tuple[str, Layer, str]

_HEADING_ROWS = 8
_FLUSH_AT = 1 << 18


class Grid:
    """Rows of cells as passages: cells parted by tabs, rows by tab and line break.

    A tab never joins two numbers, so figures of neighbouring cells are not read as one. The text
    cells at the top of a column are its heading, which tells what a bare number means.
    """

    def __init__(self) -> None:
        self._headings: dict[int, str] = {}
        self._rows = 0
        self._weaver = Weaver()

    def row(self, cells: list[tuple[int, list[Piece]]]) -> Iterator[Passage]:
        """One row of (column number, pieces of the cell)."""
        for column, pieces in cells:
            heading = self._headings.get(column, "")
            for text, layer, location in pieces:
                self._weaver.add(text, layer, location, heading)
            self._weaver.break_with("\t")
            if self._rows < _HEADING_ROWS:
                text = "".join(piece[0] for piece in pieces).strip()
                if len(text) <= 30 and not any(char.isdigit() for char in text):
                    self._headings[column] = f"{heading} {text}".strip()
        self._weaver.break_with("\n")
        self._rows += 1
        if len(self._weaver) >= _FLUSH_AT:
            yield from self._weaver.passages()

    def end(self) -> Iterator[Passage]:
        """What is left after the last row."""
        yield from self._weaver.passages()
