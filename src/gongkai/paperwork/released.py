"""A released text as a document to keep: its facts, its text in blocks, where and when it was published.

The text comes as the closed set of HTML that a release holds (headings, paragraphs, lists, tables, figures); it is read
into blocks here, which the PDF and the Word file set alike.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import lxml.html

from gongkai.paperwork.sheets import Fact
from gongkai.paperwork.text import labelled

# Deeper than this nobody writes: the text of what lies deeper is kept, its structure is not.
DEEPEST = 24
# Indents that a page of 28 characters bears.
MOST_INDENTS = 5
# What a table of a text may span; a wider one is cut by nobody, so its cells are set as paragraphs.
WIDEST = 40
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "img", "figure", "figcaption"}
    | {"table", "caption", "thead", "tbody", "tr"}
)


@dataclass(frozen=True)
class Run:
    """A stretch of text of one look. raised: "sub", "super" or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    raised: str = ""


@dataclass(frozen=True)
class Line:
    """One paragraph. level: 0, or of a heading 2 to 4. depth: indents of a list or quotation; marker: of a list.

    align: as the text says (center, right, flush), or empty.
    """

    runs: tuple[Run, ...]
    level: int = 0
    depth: int = 0
    marker: str = ""
    align: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class TableCell:
    row: int
    column: int
    rows: int
    columns: int
    head: bool
    lines: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table whose cells know their places. head_rows: how many rows at the top are repeated on each page."""

    cells: tuple[TableCell, ...]
    rows: int
    columns: int
    head_rows: int
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """source: as the text names it; the maker of the document gives its bytes."""

    source: str
    words: str
    caption: str = ""


@dataclass(frozen=True)
class Rule:
    pass


Block = Line | Table | Picture | Rule


@dataclass(frozen=True)
class ReleasedText:
    """A released text to keep.

    facts: of the catalogue, in order. blocks: the text. files: names of attachments, which stay on the site. note: where
    it was published, when, and by which digest it is known. pictures: source → bytes (PNG, JPEG, GIF or WebP).
    """

    title: str = field(metadata=labelled("标题", limit=400))
    day: datetime.date
    facts: tuple[Fact, ...] = field(default=(), metadata=labelled("目录信息", required=False))
    blocks: tuple[Block, ...] = ()
    files: tuple[str, ...] = ()
    note: str = ""
    pictures: Callable[[str], bytes] = lambda source: b""


def blocks_of(html: str) -> tuple[Block, ...]:
    """The blocks of a released text, in order."""
    if not html.strip():
        return ()
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    return tuple(_blocks(root, depth=0, level=0))


def _blocks(parent: Any, *, depth: int, level: int) -> Iterable[Block]:
    """The blocks inside an element; loose text between them is a paragraph of its own."""
    loose: list[Run] = list(_plain(parent.text))
    for child in parent:
        if not isinstance(child.tag, str):
            loose += _plain(child.tail)
            continue
        if child.tag not in _BLOCKS:
            loose += _runs(child)
            loose += _plain(child.tail)
            continue
        if _said(loose):
            yield Line(tuple(loose), depth=min(depth, MOST_INDENTS))
        loose = list(_plain(child.tail))
        yield from _block(child, depth=depth, level=level + 1)
    if _said(loose):
        yield Line(tuple(loose), depth=min(depth, MOST_INDENTS))


def _block(node: Any, *, depth: int, level: int) -> Iterable[Block]:
    tag = node.tag
    if level > DEEPEST:
        text = " ".join(node.text_content().split())
        if text:
            yield Line((Run(text),), depth=min(depth, MOST_INDENTS))
    elif tag in ("h2", "h3", "h4"):
        runs = tuple(_inside(node))
        if _said(runs):
            yield Line(runs, level=int(tag[1]))
    elif tag in ("ul", "ol"):
        yield from _list(node, depth=depth, level=level)
    elif tag == "table":
        yield from _table(node, depth=depth)
    elif tag == "img":
        yield Picture(node.get("src", ""), node.get("alt", ""))
    elif tag == "figure":
        yield from _figure(node, depth=depth, level=level)
    elif tag == "hr":
        yield Rule()
    elif tag == "p" and not any(isinstance(each.tag, str) and each.tag in _BLOCKS for each in node):
        runs = tuple(_inside(node))
        if _said(runs):
            yield Line(runs, depth=min(depth, MOST_INDENTS), align=node.get("class", "").split(" ")[0])
    else:
        yield from _blocks(node, depth=depth + (tag == "blockquote"), level=level)


def _list(node: Any, *, depth: int, level: int) -> Iterable[Block]:
    try:
        number = int(node.get("start", "1"))
    except ValueError:
        number = 1
    for item in node.iterchildren("li"):
        marker = f"{number}." if node.tag == "ol" else "•"
        number += 1
        for block in _blocks(item, depth=depth + 1, level=level):
            if marker and isinstance(block, Line) and not block.level:
                block = Line(block.runs, depth=block.depth, marker=marker)
                marker = ""
            yield block


def _figure(node: Any, *, depth: int, level: int) -> Iterable[Block]:
    caption = " ".join(" ".join(each.text_content() for each in node.iter("figcaption")).split())
    pictures = list(node.iter("img"))
    for picture in pictures:
        yield Picture(picture.get("src", ""), picture.get("alt", "") or caption, caption)
    if not pictures:
        yield from _blocks(node, depth=depth, level=level)


def _table(node: Any, *, depth: int) -> Iterable[Block]:
    caption = " ".join(" ".join(each.text_content() for each in node.iterchildren("caption")).split())
    cells: list[TableCell] = []
    taken: set[tuple[int, int]] = set()
    head_rows, still_head, width = 0, True, 0
    rows = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
    for place, row in enumerate(rows):
        own = [each for each in row if each.tag in ("td", "th")]
        still_head = still_head and bool(own) and all(each.tag == "th" for each in own)
        head_rows += still_head
        column = 0
        for each in own:
            while (place, column) in taken:
                column += 1
            # Where a span of a row above stands in the way, a cell ends before it.
            across = 1
            while across < _span(each.get("colspan"), WIDEST) and (place, column + across) not in taken:
                across += 1
            down = min(_span(each.get("rowspan"), len(rows)), len(rows) - place)
            taken |= {(place + y, column + x) for y in range(down) for x in range(across)}
            cells.append(TableCell(place, column, down, across, each.tag == "th", tuple(_cell_lines(each))))
            column += across
            width = max(width, column)
    if not cells:
        return
    if width > WIDEST:
        for cell in cells:
            for runs in cell.lines:
                yield Line(runs, depth=depth)
        return
    reach = max((cell.row + cell.rows for cell in cells if cell.row < head_rows), default=0)
    # A head whose cell reaches below it, or a table that is head alone, repeats nothing.
    repeated = head_rows if reach == head_rows < len(rows) else 0
    yield Table(tuple(cells), len(rows), width, repeated, caption)


def _span(text: str | None, most: int) -> int:
    return max(1, min(int(text), most)) if text and text.isascii() and text.isdecimal() else 1


def _cell_lines(cell: Any) -> Iterable[tuple[Run, ...]]:
    for block in _blocks(cell, depth=0, level=DEEPEST - 4):
        if isinstance(block, Line):
            yield (Run(f"{block.marker} "), *block.runs) if block.marker else block.runs
        elif isinstance(block, Table):
            for inner in block.cells:
                yield from inner.lines
        elif isinstance(block, Picture) and (block.caption or block.words):
            yield (Run(f"［图：{block.caption or block.words}］"),)


def _inside(node: Any) -> Iterable[Run]:
    yield from _plain(node.text)
    for child in node:
        if isinstance(child.tag, str):
            yield from _runs(child)
        yield from _plain(child.tail)


_LOOKS: dict[str, dict[str, Any]] = {
    "strong": {"bold": True},
    "em": {"italic": True},
    "u": {"underlined": True},
    "sub": {"raised": "sub"},
    "sup": {"raised": "super"},
}


def _runs(node: Any, **look: Any) -> Iterable[Run]:
    """The runs of an inline element, with the look that it and those around it give."""
    if node.tag == "br":
        yield Run("\n")
        return
    if node.tag == "img":
        yield Run(f"［图：{node.get('alt', '')}］")
        return
    look |= _LOOKS.get(node.tag, {})
    yield from _plain(node.text, **look)
    for child in node:
        if isinstance(child.tag, str):
            yield from _runs(child, **look)
        yield from _plain(child.tail, **look)


def _plain(text: str | None, **look: Any) -> Iterable[Run]:
    """A stretch of text with its blanks folded as a browser folds them."""
    if not text:
        return
    # A browser folds these blanks and no others: the wide one between 第一条 and its text stays.
    folded = _BLANKS.sub(" ", text)
    if folded != " " or look:
        yield Run(folded, **look)


def _said(runs: Iterable[Run]) -> bool:
    return any(run.text.strip() for run in runs)
