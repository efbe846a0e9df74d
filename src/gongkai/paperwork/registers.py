"""Registers and record sheets of the archive as values: 卷内目录, 销毁清册, 办理过程, 备考表, 申请表."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from gongkai.paperwork.sheets import Fact, ReviewStep
from gongkai.paperwork.text import clean, has_glyph, labelled


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a register: its heading and its share of the width; what is centred is short."""

    name: str = field(metadata=labelled("栏目", limit=20))
    share: int
    centred: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell; it may be empty."""

    text: str = field(default="", metadata=labelled("内容", required=False, limit=5000))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a register, a cell for each column."""

    cells: tuple[Cell, ...] = field(metadata=labelled("栏", required=False))


@dataclass(frozen=True, kw_only=True)
class Register:
    """A form of the archive: facts at its head, a table, text, signatures, remarks; every part may be missing.

    text: paragraphs under the table, for what is too long for a cell. steps: who signed, with opinion and time;
    an open one is left for ink. date: the day the form was made up. landscape: for many columns.
    """

    title: str = field(metadata=labelled("标题", limit=60))
    agency: str = field(metadata=labelled("机关", limit=60))
    date: datetime.date
    number: str = field(default="", metadata=labelled("编号", required=False, limit=100))
    facts: tuple[Fact, ...] = field(default=(), metadata=labelled("基本情况", required=False))
    columns: tuple[Column, ...] = field(default=(), metadata=labelled("栏目", required=False))
    lines: tuple[Line, ...] = field(default=(), metadata=labelled("表", required=False, unit="行"))
    text: tuple[str, ...] = field(default=(), metadata=labelled("正文", required=False, unit="段"))
    steps: tuple[ReviewStep, ...] = field(default=(), metadata=labelled("签署", required=False))
    remarks: tuple[str, ...] = field(default=(), metadata=labelled("说明", required=False, limit=1000))
    landscape: bool = False

    def __post_init__(self) -> None:
        if any(len(line.cells) != len(self.columns) for line in self.lines):
            raise ValueError("every line of a register has one cell for each column")


def line(*texts: str) -> Line:
    """A line of plain texts."""
    return Line(cells=tuple(Cell(text=text) for text in texts))


def printable(text: str) -> str:
    """The text with a note in the place of each character that no bundled font has, as 〔U+1F600〕.

    For what is filed as it came in: a form is not refused because of one picture character; the record in
    data form beside it keeps the text itself.
    """
    return "".join(
        character if character == "\n" or has_glyph(character) else f"〔U+{ord(character):04X}〕"
        for character in clean(text, lines=True)
    )
