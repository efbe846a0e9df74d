"""Documents as Word files, laid out like their PDF and free to be edited.

Fonts are named, not embedded: 仿宋_GB2312, 方正小标宋简体, 黑体, 楷体_GB2312, 宋体, each with fall-backs in the
file's font table. The same document gives the same bytes.
"""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from gongkai.paperwork.document import FormalReply, Letter, OfficialDocument
from gongkai.paperwork.report import PARTS, ReportDocument, application_grid, disclosure_grid, remedy_grid
from gongkai.paperwork.setting import (
    MARK_LIMITS,
    SIGNATORY_CHARACTERS,
    TITLE_CHARACTERS,
    mark_lines,
    mark_size,
)
from gongkai.paperwork.text import chinese_date, prepared, text_width, title_lines
from gongkai.paperwork.word_page import (
    RED,
    ROW,
    TITLE,
    add_line,
    add_paragraphs,
    add_text,
    add_title,
    border,
    exact,
    frame,
    frame_at_foot,
    new_document,
    saved,
    shade,
)
from gongkai.paperwork.word_tables import add_grid


def letter_docx(letter: Letter) -> bytes:
    """A letter in 信函格式. Raises PaperworkError (FieldEmpty, TooLong)."""
    ready = prepared(letter, check_glyphs=False)
    document = new_document(ready.title.replace("\n", ""), ready.date, first_page_number=False)
    _letter_head(document, ready)
    _text(document, ready)
    if ready.copies:
        add_line(document, "抄送：" + "，".join(ready.copies) + "。", left=4, first=-3)
    return saved(document)


def reply_docx(reply: FormalReply) -> bytes:
    """A formal reply in 文件格式 with red head and 版记. Raises PaperworkError."""
    ready = prepared(reply, check_glyphs=False)
    document = new_document(ready.title.replace("\n", ""), ready.date, first_page_number=True)
    size = mark_size(ready.mark, *MARK_LIMITS["reply"])
    mark = add_line(document, align="center")
    mark.paragraph_format.space_before = Mm(35)
    exact(mark, size)
    _mark(mark, mark_lines(ready.mark, *MARK_LIMITS["reply"]), size)
    for _ in range(2):
        add_line(document)
    number = add_line(document, ready.number, align="center")
    border(number, "bottom", kind="single", size=12, space=5, colour=RED)
    for _ in range(2):
        add_line(document)
    _text(document, ready)
    _imprint(document, ready)
    return saved(document)


def report_docx(report: ReportDocument) -> bytes:
    """An annual report with its three tables. Raises PaperworkError."""
    ready = prepared(report, check_glyphs=False)
    document = new_document(ready.title.replace("\n", ""), ready.date, first_page_number=True)
    add_title(document, title_lines(ready.title, TITLE_CHARACTERS))
    add_line(document)
    add_paragraphs(document, ready.opening)
    document.add_paragraph(PARTS[0], style="Heading 1")
    add_paragraphs(document, ready.overview)
    for part, grid in (
        (PARTS[1], disclosure_grid(ready.disclosure)),
        (PARTS[2], application_grid(ready.applications)),
        (PARTS[3], remedy_grid(ready.remedies)),
    ):
        heading = document.add_paragraph(part, style="Heading 1")
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
        add_grid(document, grid)
    heading = document.add_paragraph(PARTS[4], style="Heading 1")
    heading.paragraph_format.space_before = Pt(6)
    add_paragraphs(document, ready.problems)
    document.add_paragraph(PARTS[5], style="Heading 1")
    add_paragraphs(document, ready.other)
    if ready.signatory:
        # So that no page holds only the signature.
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        _signature(document, ready.signatory, chinese_date(ready.date), sealed=True)
    return saved(document)


def _letter_head(document: Any, letter: Letter) -> None:
    """标志 30 mm from the upper edge, red double lines of 170 mm under it and 20 mm from the lower edge."""
    size = mark_size(letter.mark, *MARK_LIMITS["letter"])
    left, width = Mm(20).twips, Mm(170).twips
    mark = add_line(document, align="center")
    exact(mark, size)
    frame(mark, x=left, y=Mm(30).twips, width=width, below=round((14 - (ROW / 20 - 16) / 2) * 20))
    border(mark, "bottom", kind="thickThinSmallGap", size=24, space=11, colour=RED)
    _mark(mark, mark_lines(letter.mark, *MARK_LIMITS["letter"]), size)
    footer = document.sections[0].first_page_footer
    footer.is_linked_to_previous = False
    rule = footer.paragraphs[0]
    exact(rule, 1)
    add_text(rule, " ", size=1)  # some programs drop the frame of an empty paragraph
    frame(rule, x=left, y=Mm(277).twips, width=width)
    exact(footer.add_paragraph(), 1)  # a frame needs a paragraph after it
    border(rule, "top", kind="thinThickSmallGap", size=24, space=0, colour=RED)
    add_line(document, letter.number, align="right")
    for _ in range(2):
        add_line(document)


def _mark(paragraph: Any, lines: list[str], size: float) -> None:
    for place, line in enumerate(lines):
        run = add_text(paragraph, line, font=TITLE, size=size, red=True)
        if place + 1 < len(lines):
            run.add_break()


def _text(document: Any, ready: OfficialDocument) -> None:
    add_title(document, title_lines(ready.title, TITLE_CHARACTERS))
    add_line(document)
    add_line(document, ready.addressee + "：")
    add_paragraphs(document, ready.body)
    _attachments(document, ready.attachments)
    _signature(document, ready.signatory, chinese_date(ready.date), sealed=ready.sealed)
    contact = ready.contact.line()
    for note in (*ready.notes, *([contact] if contact else [])):
        add_line(document, f"（{note}）", first=2)


def _attachments(document: Any, names: tuple[str, ...]) -> None:
    if not names:
        return
    add_line(document)
    if len(names) == 1:
        add_line(document, f"附件：{names[0]}", left=5, first=-3)
        return
    place = 5 + 0.5 * len(f"{len(names)}. ")  # a tab leads to the hanging indent, whatever the digits' width
    for number, name in enumerate(names, start=1):
        label, start = (f"附件：{number}.", 2) if number == 1 else (f"{number}.", 5)
        add_line(document, f"{label}\t{name}", left=place, first=start - place)


def _signature(document: Any, signatory: str, date: str, *, sealed: bool) -> None:
    lines = title_lines(signatory, SIGNATORY_CHARACTERS)
    widths = [text_width(line) for line in lines]
    name_width, date_width = max(widths), text_width(date)
    if sealed:
        date_right = max(4.0, name_width / 2 - date_width / 2)
        rights = [max(0.0, date_right + date_width / 2 - width / 2) for width in widths]
        blank = 2
    else:
        name_right = max(2.0, date_width + 4 - name_width)
        date_right = max(0.0, name_right + name_width - 2 - date_width)
        rights = [name_right] * len(lines)
        blank = 1
    for _ in range(blank):
        add_line(document).paragraph_format.keep_with_next = True
    for line, right in zip(lines, rights, strict=True):
        add_line(document, line, align="right", right=right).paragraph_format.keep_with_next = True
    add_line(document, date, align="right", right=date_right)


def _imprint(document: Any, reply: FormalReply) -> None:
    """版记 at the foot of the last page: lines of 0.35 mm (1 pt) outside and 0.25 mm (0.7 pt) between."""
    if reply.copies:
        copies = _imprint_line(document, "抄送：" + "，".join(reply.copies) + "。", 24)
        copies.left_indent, copies.first_line_indent = Pt(4 * 14), Pt(-3 * 14)
        # A black row of 0.7 pt: programs differ in what they make of a border between framed paragraphs.
        shade(_imprint_line(document, "", 0.7), "000000")
    agency = f"{reply.printed_by}\t{chinese_date(reply.printed_on)}印发"
    issuer = _imprint_line(document, agency, 24)
    issuer.left_indent = issuer.right_indent = Pt(14)
    issuer.tab_stops.add_tab_stop(Mm(156) - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
    exact(add_line(document), 1)  # a frame needs a paragraph after it


def _imprint_line(document: Any, words: str, height: float) -> Any:
    """One row of the 版记; neighbours with the same frame and borders form one box."""
    paragraph = add_line(document)
    exact(paragraph, height)
    frame_at_foot(paragraph, Mm(156).twips)
    for side in ("top", "bottom"):
        border(paragraph, side, kind="single", size=8, space=0, colour="000000")
    if words:
        add_text(paragraph, words, size=14)
    return paragraph.paragraph_format
