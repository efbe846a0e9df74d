"""A released text as PDF/A and as a Word file, to be kept, read off line and printed."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from PIL import Image, UnidentifiedImageError

from gongkai.paperwork.errors import LayoutFailed
from gongkai.paperwork.pdf import STANDARDS, TEMPLATES, fonts
from gongkai.paperwork.released import Block, Line, Picture, ReleasedText, Rule, Run, Table
from gongkai.paperwork.setting import TITLE_CHARACTERS
from gongkai.paperwork.text import breakable, clean, has_glyph, title_lines
from gongkai.paperwork.word_page import (
    CELL,
    HEI,
    KAI,
    add_line,
    add_text,
    add_title,
    border,
    element,
    new_document,
    saved,
)

# 〓 stands for a character that a press does not have.
GETA = "〓"
MISSING = "〓处的字符在本文件所嵌字体中没有，以网页为准。"
# Enough for print at 156 mm; a larger picture is scaled down.
MOST_PIXELS = 1800
DOTS_PER_INCH = 150
WIDEST = 156.0
# A file is made while somebody waits: some seconds at most.
MOST_CHARACTERS = 120_000
MOST_BLOCKS = 6_000
TOO_LONG = "全文过长，未全部载入，以网页为准。"


def released_pdf(text: ReleasedText) -> bytes:
    """The text as tagged PDF/A. A character that the bundled fonts lack is shown as 〓, and a note says so.

    Raises LayoutFailed.
    """
    ready = _bounded(text)
    setter = _Setter(ready)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("layout.typ", "released.typ"):
            shutil.copy(TEMPLATES / name, place / name)
        data: dict[str, Any] = {
            "title": [setter.words(line) for line in title_lines(ready.title, TITLE_CHARACTERS)],
            "plain_title": setter.words(ready.title),
            "facts": [[setter.words(fact.name), setter.words(fact.value)] for fact in ready.facts],
            "blocks": setter.blocks(place),
            "files": [setter.words(name) for name in ready.files],
        }
        lines = [setter.words(line) for line in ready.note.split("\n")]
        data["note"] = "\n".join([*lines, MISSING] if setter.missing else lines)
        moment = datetime.datetime(ready.day.year, ready.day.month, ready.day.day, tzinfo=datetime.UTC)
        try:
            made = typst.compile(
                str(place / "released.typ"),
                root=folder,
                font_paths=fonts(),
                format="pdf",
                sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
                pdf_standards=STANDARDS,
                timestamp=moment,
            )
        except typst.TypstError as error:
            raise LayoutFailed(error.message) from error
    return bytes(made)


def released_docx(text: ReleasedText) -> bytes:
    """The text as a Word file, laid out like the PDF and free to be used on."""
    ready = _bounded(text)
    document = new_document(clean(ready.title), ready.day, first_page_number=True)
    add_title(document, title_lines(clean(ready.title), TITLE_CHARACTERS))
    add_line(document)
    if ready.facts:
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        table.autofit = False
        widths = (Mm(30), Mm(126))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for fact in ready.facts:
            cells = table.add_row().cells
            for cell, width, words in zip(cells, widths, (fact.name, fact.value), strict=True):
                cell.width = width
                _fill(cell, ((Run(words, bold=words is fact.name),),), 10.5)
        add_line(document)
    for block in ready.blocks:
        _add(document, block, ready)
    if ready.files:
        add_line(document)
        for place, name in enumerate(ready.files, start=1):
            add_line(document, f"{'附件：' if place == 1 else '　　　'}{place}. {clean(name)}", first=2)
    if ready.note:
        for place, line in enumerate(ready.note.split("\n")):
            paragraph = add_line(document)
            add_text(paragraph, clean(line), size=10.5)
            if place == 0:
                paragraph.paragraph_format.space_before = Pt(24)
                border(paragraph, "top", kind="single", size=4, space=4, colour="000000")
    return saved(document)


def _bounded(text: ReleasedText) -> ReleasedText:
    """No more than is set while somebody waits: a longer text ends early and says so."""
    characters = blocks = 0
    kept: list[Block] = []
    for block in text.blocks:
        blocks += 1
        if isinstance(block, Line):
            characters += len(block.text)
        elif isinstance(block, Table):
            blocks += len(block.cells)
            characters += sum(len(run.text) for cell in block.cells for line in cell.lines for run in line)
        if characters > MOST_CHARACTERS or blocks > MOST_BLOCKS:
            return replace(text, blocks=tuple(kept), note=f"{text.note}\n{TOO_LONG}".strip())
        kept.append(block)
    return text


class _Setter:
    """Turns blocks into what the template takes, and remembers whether a character was missing."""

    def __init__(self, text: ReleasedText) -> None:
        self.text = text
        self.missing = False
        self._level = 1

    def words(self, text: str) -> str:
        shown = "".join(char if char == "\n" or has_glyph(char) else GETA for char in clean(text, lines=True))
        self.missing = self.missing or (GETA in shown and GETA not in text)
        return breakable(shown)

    def runs(self, runs: tuple[Run, ...]) -> list[dict[str, Any]]:
        said = []
        for run in runs:
            # `clean` drops blanks at the ends, which stand between runs here.
            inner = run.text.strip()
            before, _inner, after = run.text.partition(inner) if inner else ("", "", run.text)
            text = f"{before}{self.words(inner)}{after}"
            said.append(
                {
                    "text": text,
                    "bold": run.bold,
                    "italic": run.italic,
                    "underlined": run.underlined,
                    "raised": run.raised,
                }
            )
        return said

    def blocks(self, place: Path) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        for block in self.text.blocks:
            if isinstance(block, Line):
                said.append(self._line(block))
            elif isinstance(block, Table):
                said.append(self._table(block))
            elif isinstance(block, Rule):
                said.append({"kind": "rule"})
            else:
                said.append(self._picture(block, place, len(said)))
        return said

    def _line(self, line: Line) -> dict[str, Any]:
        if line.level:
            # No level of the outline is skipped (PDF/UA-1 7.4.2), whatever the writer chose.
            self._level = min(line.level, self._level + 1)
        return {
            "kind": "line",
            "level": line.level,
            "outline": self._level,
            "depth": line.depth - bool(line.marker),
            "marker": line.marker,
            "align": line.align,
            "runs": self.runs(line.runs),
        }

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "kind": "table",
            "columns": table.columns,
            "head_rows": table.head_rows,
            "caption": self.words(table.caption),
            "cells": [
                {
                    "row": cell.row,
                    "column": cell.column,
                    "rows": cell.rows,
                    "columns": cell.columns,
                    "head": cell.head,
                    "lines": [self.runs(line) for line in cell.lines],
                }
                for cell in table.cells
            ],
        }

    def _picture(self, picture: Picture, place: Path, number: int) -> dict[str, Any]:
        made = _png(self.text.pictures(picture.source))
        if made is None:
            return self._line(Line((Run(f"［图：{picture.words}］"),), align="center"))
        data, width = made
        name = f"picture-{number}.png"
        (place / name).write_bytes(data)
        return {
            "kind": "picture",
            "file": name,
            "width": width,
            "words": self.words(picture.words) or "图",
            "caption": self.words(picture.caption),
        }


def _png(data: bytes) -> tuple[bytes, float] | None:
    """A picture as PNG with its width in millimetres; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue(), min(WIDEST, picture.width / DOTS_PER_INCH * 25.4)


def _add(document: Any, block: Block, text: ReleasedText) -> None:
    if isinstance(block, Line):
        _add_text_line(document, block)
    elif isinstance(block, Table):
        _add_table(document, block)
    elif isinstance(block, Rule):
        border(add_line(document), "bottom", kind="single", size=4, space=1, colour="000000")
    else:
        _add_picture(document, block, text)


def _add_text_line(document: Any, line: Line) -> None:
    if line.level:
        paragraph = document.add_paragraph(style=f"Heading {line.level - 1}")
    elif line.align in ("center", "right"):
        paragraph = add_line(document, align="center" if line.align == "center" else "right")
    elif line.marker:
        paragraph = add_line(document, left=2 * line.depth + 2, first=-2)
        add_text(paragraph, f"{line.marker}\t")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt((2 * line.depth + 2) * CELL))
    elif line.align == "flush":
        paragraph = add_line(document)
    else:
        paragraph = add_line(document, left=2 * line.depth, first=0 if line.depth else 2)
    _add_runs(paragraph, line.runs, None)


def _add_runs(paragraph: Any, runs: tuple[Run, ...], size: float | None) -> None:
    for run in runs:
        if run.text == "\n":
            paragraph.add_run().add_break()
            continue
        text = "".join(char for char in run.text if not unicodedata.category(char).startswith("C"))
        made = add_text(paragraph, text, font=HEI if run.bold else KAI if run.italic else None, size=size)
        made.font.underline = run.underlined or None
        if run.raised:
            setattr(made.font, f"{run.raised}script", True)


def _add_table(document: Any, table: Table) -> None:
    if table.caption:
        _add_runs(add_line(document, align="center"), (Run(table.caption, bold=True),), 10.5)
    made = document.add_table(rows=table.rows, cols=table.columns, style="Table Grid")
    for place, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("cantSplit"))
        if place < table.head_rows:
            properties.append(element("tblHeader"))
    # Asked for once: the library looks through the whole table for each cell that it is asked for.
    boxes = [row.cells for row in made.rows]
    for cell in table.cells:
        place = boxes[cell.row][cell.column]
        last = boxes[min(cell.row + cell.rows, table.rows) - 1][
            min(cell.column + cell.columns, table.columns) - 1
        ]
        if place is not last:
            place = place.merge(last)
        _fill(place, cell.lines, 10.5, head=cell.head)
    add_line(document)


def _fill(cell: Any, lines: tuple[tuple[Run, ...], ...], size: float, *, head: bool = False) -> None:
    for place, runs in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        if head:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_runs(paragraph, tuple(replace(run, bold=run.bold or head) for run in runs), size)


def _add_picture(document: Any, picture: Picture, text: ReleasedText) -> None:
    made = _png(text.pictures(picture.source))
    if made is None:
        add_line(document, f"［图：{clean(picture.words)}］", align="center")
        return
    data, width = made
    paragraph = add_line(document, align="center")
    shape = paragraph.add_run().add_picture(io.BytesIO(data), width=Mm(width))
    shape._inline.docPr.set("descr", clean(picture.words) or "图")
    # The line of a picture is as high as the picture.
    paragraph.paragraph_format.line_spacing_rule = None
    paragraph.paragraph_format.line_spacing = 1.0
    if picture.caption:
        _add_runs(add_line(document, align="center"), (Run(clean(picture.caption)),), 10.5)
