"""Redaction of text, Markdown, CSV and HTML files."""

import csv
import io
import re
from collections.abc import Callable

import lxml.html
from lxml import etree

from gongkai.screening.finding import Layer
from gongkai.screening.masking import sample
from gongkai.screening.readers import plain as reader
from gongkai.screening.redaction import markup, masks, tabular
from gongkai.screening.redaction.bundle import detach
from gongkai.screening.redaction.cutting import Cutter, Thread
from gongkai.screening.redaction.orders import Concealment, List, Order

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_UNSHOWN = ("script", "style", "template", "noscript")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
)


def redact_text(data: bytes, order: Order, cutter: Cutter, *, markdown: bool = False) -> bytes:
    """A text file without what is ordered to go, in UTF-8. Raises Unreadable."""
    text = reader.text_of(data)
    if markdown and Concealment.COMMENTS in order.drop:
        for comment in _COMMENT.findall(text):
            cutter.note("批注", "正文，注释", sample(comment[4:-3], 20))
        text = _COMMENT.sub("", text)
    return cutter.swept(_cut(text, cutter)).encode()


def survey_text(data: bytes, cutter: Cutter) -> None:
    """Show the cutter the text."""
    _cut(reader.text_of(data), cutter)


def _cut(text: str, cutter: Cutter) -> str:
    lines = text.splitlines(keepends=True)
    thread = Thread()
    for number, line in enumerate(lines):
        thread.add(line, _line(lines, number), Layer.TEXT, f"正文，第 {number + 1} 行")
    cutter.cut(thread)
    return "".join(lines)


def _line(lines: list[str], number: int) -> Callable[[str], None]:
    def put(text: str) -> None:
        lines[number] = text

    return put


def redact_csv(data: bytes, order: Order, cutter: Cutter, *, tabs: bool) -> bytes:
    """A table as text without what is ordered to go, in UTF-8 with the mark that Excel wants. Raises Unreadable."""
    rows, delimiter = _rows(data, tabs)
    heading = tabular.heading_row(rows)
    deleted = set()
    for masking in order.maskings:
        if heading is None or masking.rule == masks.KEEP:
            continue
        at = masking.column - 1
        for row in rows[heading + 1 :]:
            if 0 <= at < len(row):
                cutter.forget(row[at])
                row[at] = masks.mask(masking.rule, row[at])
        if masking.rule == masks.DELETE:
            deleted.add(at)
        cutter.note("名单遮盖", f"第 {masking.column} 列", masks.label(masking.rule))
    rows = [[cell for at, cell in enumerate(row) if at not in deleted] for row in rows]
    _cut_rows(rows, cutter)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(
        [[cutter.swept(cell) for cell in row] for row in rows]
    )
    return out.getvalue().encode("utf-8-sig")


def survey_csv(data: bytes, cutter: Cutter, *, tabs: bool) -> None:
    """Show the cutter the cells."""
    _cut_rows(_rows(data, tabs)[0], cutter)


def csv_lists(data: bytes, *, tabs: bool) -> list[List]:
    """The one list of the file, if it is one."""
    rows, _ = _rows(data, tabs)
    heading = tabular.heading_row(rows)
    if heading is None or len(rows) <= heading + 1:
        return []
    return [tabular.described(0, "名单", rows, heading)]


def _rows(data: bytes, tabs: bool) -> tuple[list[list[str]], str]:
    text = reader.text_of(data)
    head = text[:4096].split("\n", 1)[0]
    delimiter = "\t" if tabs else max(",;\t|", key=head.count)
    return [row for row in reader.table_rows(text, delimiter) if row], delimiter


def _cut_rows(rows: list[list[str]], cutter: Cutter) -> None:
    thread = Thread()
    headings: dict[int, str] = {}
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            where = f"第 {number + 1} 行第 {column + 1} 列"
            heading = headings.get(column, "")
            thread.add(cell, _line(row, column), Layer.TABLE, where, heading)
            thread.gap("\t")
            if number < masks.HEADING_ROWS and len(cell) <= 30 and not any(char.isdigit() for char in cell):
                headings[column] = f"{heading} {cell.strip()}".strip()
        thread.gap("\n")
    cutter.cut(thread)


def redact_html(text: str, order: Order, cutter: Cutter, *, fragment: bool = False) -> str:
    """An html page, or the body of an item, without what is ordered to go."""
    root = (
        lxml.html.fragment_fromstring(text, create_parent="div") if fragment else lxml.html.fromstring(text)
    )
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            if Concealment.COMMENTS in order.drop:
                cutter.note("批注", "注释", sample(str(element.text or ""), 20))
                detach(element)
        elif element.tag in _UNSHOWN and element.tag != "style" and Concealment.LEFTOVERS in order.drop:
            cutter.note("遗留内容", f"<{element.tag}>")
            detach(element)
        elif Concealment.HIDDEN_TEXT in order.drop and (
            "hidden" in element.attrib or _HIDDEN_STYLE.search(element.get("style", ""))
        ):
            markup.drop_element(cutter, element, "隐藏文字", "正文")
    _cut_html(root, cutter)
    if fragment:
        inner = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
        return cutter.swept(inner)
    page = lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return cutter.swept(page)


def survey_html(text: str, cutter: Cutter, *, fragment: bool = False) -> None:
    """Show the cutter the texts."""
    root = (
        lxml.html.fragment_fromstring(text, create_parent="div") if fragment else lxml.html.fromstring(text)
    )
    _cut_html(root, cutter)


_BLOCKS = frozenset(
    {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "tr",
        "br",
        "table",
        "blockquote",
        "figcaption",
        "caption",
    }
)


def _cut_html(root: etree._Element, cutter: Cutter) -> None:
    thread, attributes = Thread(), Thread()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if element.tag in _BLOCKS:
                thread.gap("\n")
            if not isinstance(element.tag, str):
                continue
            if element.text and element.tag not in _UNSHOWN:
                thread.add(element.text, markup.put_text(element), Layer.TEXT, "正文")
            for key, value in element.attrib.items():
                if key in ("alt", "title", "href", "content", "value", "placeholder") and value:
                    attributes.add(
                        str(value), markup.put_attribute(element, str(key)), Layer.ALT_TEXT, "替代文字"
                    )
                    attributes.gap("\t\n")
        else:
            if element.tag in ("td", "th"):
                thread.gap("\t")
            elif element.tag in _BLOCKS:
                thread.gap("\n")
            if element.tail and element is not root:
                thread.add(element.tail, _tail(element), Layer.TEXT, "正文")
    cutter.cut(thread)
    cutter.cut(attributes)


def _tail(element: etree._Element) -> Callable[[str], None]:
    def put(text: str) -> None:
        element.tail = text

    return put
