"""Word documents up to 2003 (.doc) and WPS documents (.wps): [MS-DOC], read from their own tables."""

import re
import struct
import sys
from bisect import bisect_right
from collections.abc import Iterator

from gongkai.screening.finding import Layer
from gongkai.screening.masking import sample
from gongkai.screening.passage import Concealed, Part, Unreadable, Weaver
from gongkai.screening.readers import compound as ole
from gongkai.screening.readers import drawings, word_binary
from gongkai.screening.readers.compound import Compound
from gongkai.screening.readers.nest import Nest
from gongkai.screening.readers.package import BROKEN
from gongkai.screening.readers.word_binary import Binary, Look, Stretch

_MAGIC = 0xA5EC
_OLDEST = 0x00C1
_ENCRYPTED, _SECOND_TABLE, _OBFUSCATED = 0x0100, 0x0200, 0x8000

_WHY_ENCRYPTED = "文件已加密，请去除密码后再试"
_WHY_OLD = "Word 6.0/95 或更早的文档不能读取，请另存为 docx 后再试"

# The parts of the text in their order (2.4.1), with the list of where each of their items begins.
_STORIES: tuple[tuple[Layer, str, int | None], ...] = (
    (Layer.TEXT, "正文", None),
    (Layer.FOOTNOTE, "脚注", word_binary.FOOTNOTES),
    (Layer.HEADER_FOOTER, "页眉页脚", None),
    (Layer.HIDDEN_TEXT, "保留部分", None),
    (Layer.COMMENT, "批注", word_binary.COMMENTS),
    (Layer.FOOTNOTE, "尾注", word_binary.ENDNOTES),
    (Layer.TEXT, "文本框", None),
    (Layer.HEADER_FOOTER, "页眉页脚文本框", None),
)
_PARAGRAPH, _CELL, _BREAK, _PAGE_BREAK, _COLUMN_BREAK = "\r", "\x07", "\x0b", "\x0c", "\x0e"
_MARKS = re.compile("([\r\x07\x13\x14\x15])")
_FIELD, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
# Marks of notes, pictures, drawn objects, and hyphens that only show at the end of a line.
_SILENT = {ord(char): None for char in "\x00\x01\x02\x03\x04\x05\x06\x08\x1f\xad"}
_PRINTED = {**_SILENT, 0x1E: "-", ord(_BREAK): "\n", ord(_PAGE_BREAK): "\n", ord(_COLUMN_BREAK): "\n"}
_STREAMS = frozenset({"WordDocument", "0Table", "1Table", "Data"})
# Texts that the document keeps of itself (2.9.253), by their place in the list.
_ASSOCIATED = {2: "标题", 3: "主题", 4: "关键词", 5: "备注", 6: "作者", 7: "上次修改者"}


def read(data: bytes, nest: Nest) -> Iterator[Part]:
    """All parts of a binary Word document. Raises Unreadable if it is damaged, encrypted or too old."""
    yield from parts(Compound(data, nest.allowance), nest)


def parts(compound: Compound, nest: Nest) -> Iterator[Part]:
    """The same of a document that lies in a storage."""
    main = compound.read("WordDocument")
    binary = _binary(compound, main)
    yield from _stories(binary)
    yield from _kept(binary)
    pictures: set[bytes] = set()
    for stream in (binary.part(word_binary.DRAWINGS), main, compound.read("Data")):
        yield from drawings.read(stream, "图形", pictures)
    yield from ole.properties(compound)
    yield from ole.objects(compound, set(_STREAMS), nest)


def _binary(compound: Compound, main: bytes) -> Binary:
    try:
        magic, version = struct.unpack_from("<HH", main, 0)
        (flags,) = struct.unpack_from("<H", main, 0x0A)
    except struct.error as error:
        raise Unreadable(BROKEN) from error
    if version < _OLDEST:
        raise Unreadable(_WHY_OLD)
    if magic != _MAGIC:
        raise Unreadable(BROKEN)
    if flags & (_ENCRYPTED | _OBFUSCATED):
        raise Unreadable(_WHY_ENCRYPTED)
    table = compound.read("1Table" if flags & _SECOND_TABLE else "0Table")
    if not table:
        raise Unreadable(BROKEN)
    return Binary(main, table)


def _stories(binary: Binary) -> Iterator[Part]:
    """Body, notes, headers, comments and boxes, each letter in its layer."""
    stretches = list(binary.stretches())
    start = 0
    for (layer, label, items), count in zip(_STORIES, binary.counts, strict=True):
        end = start + count
        # The first of an item's positions counts from the start of its part.
        starts = [start + mark for mark in binary.marks(items)] if items is not None else []
        story = _Story(layer, label, starts)
        yield from story.read(_cut(stretches, start, end))
        start = end
    yield from _Story(Layer.HIDDEN_TEXT, "各部分之外的文字", []).read(_cut(stretches, start, sys.maxsize))


def _cut(stretches: list[Stretch], start: int, end: int) -> Iterator[Stretch]:
    """The letters from one position to another."""
    for stretch in stretches:
        first, last = max(stretch.start, start), min(stretch.start + len(stretch.text), end)
        if first < last:
            text = stretch.text[first - stretch.start : last - stretch.start]
            yield stretch._replace(start=first, text=text)


class _Story:
    """One part of the text: paragraphs and cells as people see them, and their other versions."""

    def __init__(self, layer: Layer, label: str, items: list[int]) -> None:
        self._layer = layer
        self._label = label
        self._items = items
        self._paragraphs = 0
        self._cells = 0
        self._rows = 0
        self._weaver = Weaver()
        self._runs: list[tuple[str, Look]] = []
        self._codes: list[str] = []
        # Fields that are open, and whether each is past its instruction.
        self._fields: list[bool] = []
        self._said: dict[int, list[str]] = {}

    def read(self, stretches: Iterator[Stretch]) -> Iterator[Part]:
        """All of the part."""
        item = 0
        in_table = False
        for stretch in stretches:
            in_table = stretch.in_table
            place = stretch.start
            for piece in _MARKS.split(stretch.text):
                if piece in (_PARAGRAPH, _CELL):
                    yield from self._end(item, in_table or piece == _CELL, "\t" if piece == _CELL else "\n")
                elif piece:
                    # A note begins where a paragraph does, so that one piece lies in one note.
                    item = self._item(place)
                    self._piece(piece, stretch.look)
                place += len(piece)
        if self._runs:
            yield from self._end(item, in_table, "\n")
        yield from self._weaver.passages()
        if self._layer is Layer.COMMENT:
            for number, said in self._said.items():
                where = f"{self._label}，第 {number} 条" if number else self._label
                yield Concealed(Layer.COMMENT, where, sample("".join(said)) or "空批注")

    def _item(self, place: int) -> int:
        """The number of the note that a position lies in; zero where notes are not told apart."""
        return bisect_right(self._items, place, 0, max(len(self._items) - 1, 0))

    def _piece(self, piece: str, look: Look) -> None:
        if piece == _FIELD:
            self._fields.append(False)
        elif piece == _FIELD_RESULT and self._fields:
            self._fields[-1] = True
        elif piece == _FIELD_END and self._fields:
            self._fields.pop()
            self._codes.append("\t")
        elif self._fields and not all(self._fields):
            self._codes.append(piece)
        else:
            self._runs.append((piece, look))

    def _end(self, item: int, in_table: bool, separator: str) -> Iterator[Part]:
        """A paragraph or a cell is complete."""
        self._paragraphs += 1
        layer = Layer.TABLE if in_table and self._layer is Layer.TEXT else self._layer
        if item:
            location = f"{self._label}，第 {item} 条"
        else:
            location = f"{self._label}，第 {self._paragraphs} 段"
        runs = [(text.translate(_PRINTED), look) for text, look in self._runs]
        for text, look in runs:
            if not look.deleted and not look.hidden:
                self._weaver.add(text, Layer.TRACKED_CHANGE if look.inserted else layer, location)
        self._weaver.break_with(separator)
        if self._layer is Layer.COMMENT:
            self._said.setdefault(item, []).extend(text for text, _ in runs)
        if any(look.hidden and not look.deleted and text.strip() for text, look in runs):
            kept = [(text, look) for text, look in runs if not look.deleted]
            yield from _version(kept, layer, location, Layer.HIDDEN_TEXT)
        if any(look.deleted and text.strip() for text, look in runs):
            kept = [(text, look) for text, look in runs if not look.inserted]
            yield from _version(kept, layer, location, Layer.TRACKED_CHANGE)
        elif any(look.inserted and text.strip() for text, look in runs):
            text = "".join(text for text, look in runs if look.inserted)
            yield Concealed(Layer.TRACKED_CHANGE, location, sample(text))
        codes = "".join(self._codes).translate(_PRINTED)
        if codes.strip():
            weaver = Weaver()
            weaver.add(codes, Layer.HIDDEN_TEXT, f"{location}，域代码")
            yield from weaver.passages()
        self._runs, self._codes = [], []


def _version(runs: list[tuple[str, Look]], layer: Layer, location: str, version: Layer) -> Iterator[Part]:
    """The paragraph with what is deleted or hidden put back."""
    view = Weaver()
    concealed = []
    for text, look in runs:
        mine = look.deleted if version is Layer.TRACKED_CHANGE else look.hidden
        view.add(text, version if mine else layer, location)
        if mine:
            concealed.append(text)
    yield from view.passages(only=frozenset({version}))
    yield Concealed(version, location, sample("".join(concealed)))


def _kept(binary: Binary) -> Iterator[Part]:
    """What stands beside the text: authors of comments, variables, bookmarks, titles, what quick saving left."""
    weaver = Weaver()
    for index, layer, label in (
        (word_binary.VARIABLES, Layer.METADATA, "文档变量"),
        (word_binary.BOOKMARKS, Layer.METADATA, "书签"),
    ):
        for text in _strings(binary.part(index)):
            weaver.add(text, layer, label)
            weaver.break_with("\t\n")
    for number, text in enumerate(_strings(binary.part(word_binary.SUMMARY))):
        if number in _ASSOCIATED:
            weaver.add(text, Layer.METADATA, f"文档属性，{_ASSOCIATED[number]}")
            weaver.break_with("\t\n")
    for author in _authors(binary.part(word_binary.AUTHORS_OF_COMMENTS)):
        weaver.add(author, Layer.COMMENT, "批注者")
        weaver.break_with("\t\n")
    for text in binary.unreferenced():
        weaver.add(text.replace("\x00", ""), Layer.HIDDEN_TEXT, "快速保存留下的文字")
        weaver.break_with("\t\n")
    yield from weaver.passages()


def _strings(data: bytes) -> list[str]:
    """The strings of a list ([MS-DOC] 2.2.4); those of a damaged one up to the damage."""
    found: list[str] = []
    wide = data[:2] == b"\xff\xff"
    at = 2 if wide else 0
    try:
        count, extra = struct.unpack_from("<HH", data, at)
        at += 4
        for _ in range(count):
            size = struct.unpack_from("<H", data, at)[0] if wide else data[at]
            at += 2 if wide else 1
            raw = data[at : at + size * (2 if wide else 1)]
            found.append(raw.decode("utf-16-le" if wide else "gb18030", "replace"))
            at += len(raw) + extra
    except (struct.error, IndexError):
        pass
    return found


def _authors(data: bytes) -> Iterator[str]:
    at = 0
    while at + 2 <= len(data):
        size = 2 * int.from_bytes(data[at : at + 2], "little")
        yield data[at + 2 : at + 2 + size].decode("utf-16-le", "replace")
        at += 2 + size
