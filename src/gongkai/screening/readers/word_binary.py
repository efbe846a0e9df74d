"""The tables of a binary Word document ([MS-DOC]): pieces of text, and what is said of each letter and paragraph.

Numbers of sections are those of [MS-DOC].
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.screening.passage import Unreadable
from gongkai.screening.readers.package import BROKEN

_PAGE = 512
_MAX_PIECES = 1_000_000
_MAX_STYLES = 4_096
_COMPRESSED = 0x40000000

# Pairs of offset and length in the FIB (2.5.5), by their place in the list.
STYLES, FOOTNOTES, COMMENTS, LETTERS, PARAGRAPHS = 1, 3, 5, 12, 13
BOOKMARKS, CLX, AUTHORS_OF_COMMENTS, ENDNOTES, SUMMARY = 21, 33, 36, 47, 32
TEXT_BOXES, VARIABLES, DRAWINGS = 56, 60, 50

# Single property modifiers (2.6.1, 2.6.2) that decide what is seen.
_DELETED, _INSERTED, _HIDDEN, _SPECIAL_HIDDEN = 0x0800, 0x0801, 0x083C, 0x0818
_CHARACTER_STYLE, _COLOUR_INDEX, _COLOUR, _HALF_POINTS = 0x4A30, 0x2A42, 0x6870, 0x4A43
_SHADING, _SHADING_80, _HIGHLIGHT, _IN_TABLE = 0xCA71, 0x4866, 0x2A0C, 0x2416
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
# Of a modifier that a piece carries in one byte (2.9.209), those that decide what is seen.
_PIECE_MODIFIERS = {0x41: _DELETED, 0x42: _INSERTED, 0x5C: _HIDDEN}
_WHITE_INDEX, _WHITE, _TINY = 8, 0x00FFFFFF, 4


class Look(NamedTuple):
    """What a stretch of letters looks like to a reader of the printed page."""

    deleted: bool = False
    inserted: bool = False
    hidden: bool = False


class Stretch(NamedTuple):
    """Letters of one look: where they begin in the document, and their text."""

    start: int
    text: str
    look: Look
    in_table: bool


@dataclass(slots=True)
class _Style:
    base: int
    hidden: bool | None


@dataclass(slots=True)
class Binary:
    """A Word document's two streams and what the FIB says of them. Raises Unreadable for a damaged one."""

    main: bytes
    table: bytes
    counts: tuple[int, ...] = ()
    _modifiers: list[bytes] = field(default_factory=list)
    _pieces: list[tuple[int, int, int, bool, int]] = field(default_factory=list)
    _styles: dict[int, _Style] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            self.counts = struct.unpack_from("<8i", self.main, 0x4C)
            self._read_pieces()
        except (struct.error, IndexError, ValueError) as error:
            raise Unreadable(BROKEN) from error
        if any(count < 0 for count in self.counts):
            raise Unreadable(BROKEN)
        self._read_styles()

    def part(self, index: int) -> bytes:
        """A structure of the table stream by its place in the FIB; nothing if it has none."""
        try:
            offset, length = struct.unpack_from("<II", self.main, 0x9A + 8 * index)
        except struct.error:
            return b""
        return self.table[offset : offset + length] if length else b""

    def marks(self, index: int) -> list[int]:
        """The positions of a plain list of them (2.8.1), such as where each note begins."""
        data = self.part(index)
        return list(struct.unpack(f"<{len(data) // 4}i", data[: len(data) // 4 * 4]))

    def _read_pieces(self) -> None:
        """The piece table (2.9.38): which bytes hold which letters, in the order of the document."""
        clx = self.part(CLX)
        at = 0
        while at < len(clx) and clx[at] == 1:
            (size,) = struct.unpack_from("<h", clx, at + 1)
            if size < 0:
                raise ValueError("negative size")
            self._modifiers.append(clx[at + 3 : at + 3 + size])
            at += 3 + size
        if at >= len(clx) or clx[at] != 2:
            raise ValueError("no piece table")
        (size,) = struct.unpack_from("<I", clx, at + 1)
        table = clx[at + 5 : at + 5 + size]
        count = (len(table) - 4) // 12
        if count <= 0 or count > _MAX_PIECES or len(table) < size:
            raise ValueError("bad piece table")
        ends = struct.unpack_from(f"<{count + 1}i", table, 0)
        total = 0
        for index in range(count):
            start, end = ends[index], ends[index + 1]
            _, place, modifier = struct.unpack_from("<HIH", table, 4 * (count + 1) + 8 * index)
            narrow = bool(place & _COMPRESSED)
            offset = (place & 0x3FFFFFFF) // 2 if narrow else place & 0x3FFFFFFF
            size = (end - start) * (1 if narrow else 2)
            total += size
            # Pieces that overlap could claim the same bytes over and over.
            if end <= start or offset + size > len(self.main) or total > 2 * len(self.main):
                raise ValueError("bad piece")
            self._pieces.append((start, end, offset, narrow, modifier))

    def _read_styles(self) -> None:
        """Which styles hide their text, by themselves or by the style they are based on (2.9.271)."""
        data = self.part(STYLES)
        try:
            (size,) = struct.unpack_from("<H", data, 0)
            count, base_size = struct.unpack_from("<HH", data, 2)
            at = 2 + size
            for number in range(min(count, _MAX_STYLES)):
                (length,) = struct.unpack_from("<H", data, at)
                if length:
                    self._styles[number] = _style(data[at + 2 : at + 2 + length], base_size)
                at += 2 + length + (length & 1)
        except (struct.error, IndexError):
            # Without its styles a document can still be read; they are only one way to hide.
            return

    def _style_hides(self, number: int) -> bool:
        for _ in range(32):
            style = self._styles.get(number)
            if style is None:
                return False
            if style.hidden is not None:
                return style.hidden
            number = style.base
        return False

    def stretches(self) -> Iterator[Stretch]:
        """All letters of the document, parted where their look changes."""
        letters = _Runs(self.main, self.part(LETTERS), paragraphs=False)
        paragraphs = _Runs(self.main, self.part(PARAGRAPHS), paragraphs=True)
        for start, end, offset, narrow, modifier in self._pieces:
            width = 1 if narrow else 2
            last = offset + (end - start) * width
            own = self._piece_modifier(modifier)
            at = offset
            while at < last:
                run, run_end = letters.at(at)
                paragraph, paragraph_end = paragraphs.at(at)
                stop = min(run_end, paragraph_end, last)
                stop = max(at + (stop - at) // width * width, at + width)
                raw = self.main[at:stop]
                # Where no byte of a letter is left out, Word packs it into the western page.
                text = raw.decode("cp1252", "replace") if narrow else raw.decode("utf-16-le", "replace")
                look, in_table = self._look(run + own, paragraph)
                yield Stretch(start + (at - offset) // width, text, look, in_table)
                at = stop

    def unreferenced(self) -> Iterator[str]:
        """Text between the first and the last letter that no piece holds: what quick saving left there."""
        first, last = struct.unpack_from("<II", self.main, 0x18)
        at = max(first, 0)
        spans = sorted((o, o + (e - s) * (1 if n else 2)) for s, e, o, n, _ in self._pieces)
        for start, end in [*spans, (min(last, len(self.main)), 0)]:
            if start - at > 8:
                yield self.main[at:start].decode("utf-16-le", "replace")
            at = max(at, end)

    def _piece_modifier(self, modifier: int) -> bytes:
        if modifier & 1:
            index = modifier >> 1
            return self._modifiers[index] if index < len(self._modifiers) else b""
        code = _PIECE_MODIFIERS.get((modifier >> 1) & 0x7F)
        return struct.pack("<HB", code, modifier >> 8) if code else b""

    def _look(self, run: bytes, paragraph: bytes) -> tuple[Look, bool]:
        in_table = False
        hidden = False
        if len(paragraph) >= 2:
            hidden = self._style_hides(int.from_bytes(paragraph[:2], "little"))
            in_table = any(code == _IN_TABLE and value[:1] == b"\x01" for code, value in _each(paragraph[2:]))
        deleted = inserted = white = shaded = tiny = False
        for code, value in _each(run):
            number = int.from_bytes(value[:4], "little")
            if code == _DELETED:
                deleted = bool(number & 1)
            elif code == _INSERTED:
                inserted = bool(number & 1)
            elif code == _CHARACTER_STYLE:
                hidden = hidden or self._style_hides(number)
            elif code == _HIDDEN:
                # 0x80: as the style says; 0x81: the opposite.
                hidden = hidden if number == 0x80 else (not hidden if number == 0x81 else bool(number & 1))
            elif code == _COLOUR_INDEX:
                white = number == _WHITE_INDEX
            elif code == _COLOUR:
                white = number == _WHITE
            elif code == _HALF_POINTS:
                tiny = number <= _TINY
            elif code in (_SHADING, _SHADING_80, _HIGHLIGHT):
                shaded = shaded or any(value)
        return Look(deleted, inserted, hidden or tiny or (white and not shaded)), in_table


def _style(data: bytes, base_size: int) -> _Style:
    """What a style says of hiding (2.9.260): its based-on style and its own modifiers."""
    kind_and_base, counts = struct.unpack_from("<HH", data, 2)
    kind, base, pieces = kind_and_base & 0xF, kind_and_base >> 4, counts & 0xF
    at = max(base_size, 10)
    (letters,) = struct.unpack_from("<H", data, at)
    at += 2 + 2 * letters + 2
    hidden: bool | None = None
    for index in range(pieces):
        at += at & 1
        if at + 2 > len(data):
            break
        (size,) = struct.unpack_from("<H", data, at)
        # A style of paragraphs first says what it does to paragraphs, then to letters.
        if (kind == 1 and index == 1) or (kind == 2 and index == 0):
            for code, value in _each(data[at + 2 : at + 2 + size]):
                if code == _HIDDEN:
                    hidden = bool(value[:1] and value[0] & 1)
        at += 2 + size
    return _Style(base, hidden)


def _each(modifiers: bytes) -> Iterator[tuple[int, bytes]]:
    """Each modifier of a list and its operand (2.2.5); the rest of a damaged list is left out."""
    at = 0
    while at + 2 <= len(modifiers):
        code = int.from_bytes(modifiers[at : at + 2], "little")
        at += 2
        size = _SIZES[code >> 13]
        if not size:
            if at >= len(modifiers):
                return
            # Of two modifiers the operand may be longer than a byte counts; none of the others matters here.
            if code == 0xD608:
                size = int.from_bytes(modifiers[at : at + 2], "little") + 1
            elif code == 0xC615 and modifiers[at] == 255:
                return
            else:
                size = modifiers[at] + 1
        yield code, modifiers[at : at + size] if code >> 13 != 6 else modifiers[at + 1 : at + size]
        at += size


class _Runs:
    """Which modifiers hold at which byte: the pages of formatted letters or paragraphs (2.9.33, 2.9.174)."""

    def __init__(self, main: bytes, table: bytes, *, paragraphs: bool) -> None:
        self._main = main
        self._paragraphs = paragraphs
        count = max((len(table) - 4) // 8, 0)
        self._starts = list(struct.unpack_from(f"<{count + 1}I", table, 0)) if count else []
        self._pages = [
            number & 0x3FFFFF
            for number in (struct.unpack_from(f"<{count}I", table, 4 * (count + 1)) if count else ())
        ]
        self._known: tuple[int, list[int], list[bytes]] = (-1, [], [])

    def at(self, place: int) -> tuple[bytes, int]:
        """The modifiers at a byte, and where they end."""
        index = bisect_right(self._starts, place) - 1
        if index < 0:
            return b"", self._starts[0] if self._starts else len(self._main) + 1
        if index >= len(self._pages):
            return b"", len(self._main) + 1
        end = self._starts[index + 1]
        starts, runs = self._page(self._pages[index])
        run = bisect_right(starts, place) - 1
        if run < 0 or run >= len(runs):
            after = starts[0] if starts and place < starts[0] else end
            return b"", min(max(after, place + 1), max(end, place + 1))
        return runs[run], max(starts[run + 1], place + 1)

    def _page(self, number: int) -> tuple[list[int], list[bytes]]:
        if self._known[0] == number:
            return self._known[1], self._known[2]
        page = self._main[number * _PAGE : (number + 1) * _PAGE]
        starts: list[int] = []
        runs: list[bytes] = []
        if len(page) == _PAGE:
            count = page[-1]
            entry = 13 if self._paragraphs else 1
            if count and 4 * (count + 1) + count * entry < _PAGE:
                starts = list(struct.unpack_from(f"<{count + 1}I", page, 0))
                for index in range(count):
                    place = page[4 * (count + 1) + index * entry] * 2
                    runs.append(self._modifiers(page, place) if place else b"")
        self._known = (number, starts, runs)
        return starts, runs

    def _modifiers(self, page: bytes, place: int) -> bytes:
        size = page[place]
        if not self._paragraphs:
            return page[place + 1 : place + 1 + size]
        if size:
            return page[place + 1 : place + 2 * size]
        double = page[place + 1] if place + 1 < len(page) else 0
        return page[place + 2 : place + 2 + 2 * double]
