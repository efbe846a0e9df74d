"""Plain text, Markdown and CSV."""

import csv
import io
import re
from collections.abc import Iterator

from gongkai.screening.decoding import decode
from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Concealed, Grid, Part, Passage, Place, Remark, Unreadable, Weaver

# Content in a transfer or escape encoding: nobody reads it as it stands, and neither do the detectors.
_ENCODED = re.compile(
    r"[A-Za-z0-9+/]{256}|(?:\\u[0-9A-Fa-f]{4}){2}|(?:&#[xX]?[0-9A-Fa-f]{1,6};){2}|(?:=[0-9A-F]{2}){6}"
)
_WHY_ENCODED = "文本中有编码过的内容，未能还原识别，须由人查看"
_NOT_TEXT = "不是可识别的文本文件，未读取；请另存为 UTF-8 编码后再试"


def text_of(data: bytes) -> str:
    """The decoded text. Raises Unreadable if it is none."""
    try:
        return decode(data)
    except UnicodeError as error:
        raise Unreadable(_NOT_TEXT) from error


def lines(text: str, layer: Layer, location: str) -> Passage:
    """A text as one passage whose places are its lines; a text of one line lies at `location` itself."""
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    places: list[Place] = []
    start = 0
    several = "\n" in text.strip("\n")
    for number, line in enumerate(text.split("\n"), 1):
        places.append(Place(start, layer, f"{location}，第 {number} 行" if several else location))
        start += len(line) + 1
    return Passage(text, places)


def encoded(text: str, location: str = "正文") -> Iterator[Part]:
    """The finding that a text holds encoded content, if it does."""
    match = _ENCODED.search(text)
    if match:
        yield Remark(Kind.UNREADABLE_PART, Layer.TEXT, location, match.group()[:16], _WHY_ENCODED)


def read_text(data: bytes) -> Iterator[Part]:
    """A plain text file."""
    text = text_of(data)
    if text:
        yield lines(text, Layer.TEXT, "正文")
    yield from encoded(text)


def read_markdown(data: bytes) -> Iterator[Part]:
    """A Markdown file: its text, and its html comments, which no rendered page shows."""
    text = text_of(data)
    shown = Weaver()
    at, number = 0, 1
    while at < len(text):
        start = text.find("<!--", at)
        stop = text.find("-->", start + 4) if start >= 0 else -1
        visible = text[at : start if stop >= 0 else len(text)]
        for line in visible.splitlines(keepends=True):
            shown.add(line, Layer.TEXT, f"正文，第 {number} 行")
            number += line.endswith(("\n", "\r"))
        if stop < 0:
            break
        comment = text[start + 4 : stop]
        location = f"第 {number} 行，注释"
        hidden = Weaver()
        hidden.add(comment, Layer.COMMENT, location)
        yield from hidden.passages()
        yield Concealed(Layer.COMMENT, location, comment)
        number += comment.count("\n")
        at = stop + 3
    yield from shown.passages()
    yield from encoded(text)


def read_csv(data: bytes, *, tabs: bool) -> Iterator[Part]:
    """A table as text; what cannot be parsed as a table is read as lines."""
    text = text_of(data)
    head = text[:4096].split("\n", 1)[0]
    delimiter = "\t" if tabs else max(",;\t|", key=head.count)
    yield from encoded(text)
    grid = Grid()
    parts: list[Part] = []
    try:
        for number, row in enumerate(table_rows(text, delimiter), 1):
            parts.extend(
                grid.row(
                    [
                        (column, [(cell, Layer.TABLE, f"第 {number} 行第 {column} 列")])
                        for column, cell in enumerate(row, 1)
                    ]
                )
            )
    except csv.Error:
        yield lines(text, Layer.TABLE, "正文")
        return
    yield from parts
    yield from grid.end()


def table_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a text as csv, of cells of any length. Raises csv.Error."""
    # The limit is one for the whole process: it is only ever raised, for other threads may be reading.
    csv.field_size_limit(max(len(text) + 1, csv.field_size_limit()))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
