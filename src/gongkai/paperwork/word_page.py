"""The page of GB/T 9704 in Word: section, styles, fonts with fall-backs, page numbers, a reproducible file."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any, Literal

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gongkai.paperwork.document import Paragraph

SONG, TITLE, HEI, KAI, PLAIN_SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
RED = "E60012"
ROW = 579  # twips: 225 mm / 22 rows
# 156 mm hold 27.6 characters of 16 pt, so each is set 0.25 pt closer. A character grid would do the same in
# Word, but other programs give every 16 pt character two cells of such a grid.
CLOSER = -5  # twips
CELL = 16 + CLOSER / 20
HEADING_FONTS = {1: HEI, 2: KAI, 3: SONG, 4: SONG}

# Word takes the first name of w:altName that the machine has (ECMA-376 17.8.3.1, a list with commas).
_FALL_BACKS = (
    (SONG, "仿宋,FangSong,Noto Serif CJK SC,Source Han Serif SC"),
    (TITLE, "华文中宋,STZhongsong,Noto Serif CJK SC,Source Han Serif SC"),
    (HEI, "SimHei,Noto Sans CJK SC,Source Han Sans SC"),
    (KAI, "楷体,KaiTi,LXGW WenKai,AR PL UKai CN"),
    (PLAIN_SONG, "SimSun,Noto Serif CJK SC,Source Han Serif SC"),
)
_AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:rPr",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def new_document(title: str, day: datetime.date, *, first_page_number: bool) -> Any:
    """An empty document with the official page; its properties name the title and the day, and no author."""
    document = Document()
    _section(document, first_page_number)
    _styles(document)
    _font_table(document)
    _properties(document, title, day)
    return document


def saved(document: Any) -> bytes:
    """The document as bytes that are the same for the same content: the archive holds no time of writing."""
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            stable = zipfile.ZipInfo(entry.filename, _EPOCH)
            stable.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(stable, source.read(entry.filename))
    return out.getvalue()


def element(name: str, **attributes: str | int) -> Any:
    """An XML element of WordprocessingML: element("ind", left=20) is <w:ind w:left="20"/>."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_font(run_properties: Any, name: str) -> None:
    """Name one font for all scripts of a run or style, over the theme's."""
    fonts = run_properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{key}"), name)


def add_text(
    paragraph: Any, text: str, *, font: str | None = None, size: float | None = None, red: bool = False
) -> Any:
    """Add a run; font and size only where they differ from the paragraph's style."""
    run = paragraph.add_run(text)
    if font:
        set_font(run._r.get_or_add_rPr(), font)
    if size:
        run.font.size = Pt(size)
    if red:
        run.font.color.rgb = RGBColor.from_string(RED)
    return run


def add_line(
    document: Any,
    text: str = "",
    *,
    align: Literal["left", "center", "right"] = "left",
    left: float = 0,
    first: float = 0,
    right: float = 0,
) -> Any:
    """A paragraph of normal text; indents in characters of the grid (`first` may be negative: hanging)."""
    paragraph = document.add_paragraph()
    if text:
        add_text(paragraph, text)
    form = paragraph.paragraph_format
    form.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    form.left_indent, form.first_line_indent, form.right_indent = (
        Pt(left * CELL) if left else None,
        Pt(first * CELL) if first else None,
        Pt(right * CELL) if right else None,
    )
    return paragraph


def add_title(document: Any, lines: list[str]) -> None:
    """The title in 2号小标宋, centred, its lines broken by w:br."""
    paragraph = document.add_paragraph(style="Title")
    for place, line in enumerate(lines):
        run = add_text(paragraph, line)
        if place + 1 < len(lines):
            run.add_break()


def add_paragraphs(document: Any, items: tuple[Paragraph, ...]) -> None:
    """Body paragraphs with two characters of indent, headings in their type."""
    for item in items:
        if item.level:
            document.add_paragraph(item.text, style=f"Heading {item.level}")
            continue
        paragraph = add_line(document, first=2)
        if item.lead:
            add_text(paragraph, item.lead, font=HEADING_FONTS[item.lead_level])
        add_text(paragraph, item.text)


def border(paragraph: Any, side: str, *, kind: str, size: int, space: int, colour: str) -> None:
    """A line above or below a paragraph; size in eighths of a point, space in points."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = element("pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    borders.append(element(side, val=kind, sz=size, space=space, color=colour))


def shade(form: Any, colour: str) -> None:
    """Fill the ground of a paragraph, given by its format."""
    properties = form.element.get_or_add_pPr()
    made = element("shd", val="clear", color="auto", fill=colour)
    properties.insert_element_before(made, *_AFTER_BORDERS[1:])


def frame(paragraph: Any, *, x: int, y: int, width: int, below: int = 0) -> None:
    """Put a paragraph at a fixed place of the page, other text starting under it; all in twips."""
    _frame(paragraph, w=width, wrap="notBeside", vAnchor="page", hAnchor="page", x=x, y=y, vSpace=below)


def frame_at_foot(paragraph: Any, width: int) -> None:
    """Put a paragraph at the foot of the 版心 of its page; neighbours with the same frame stand together."""
    _frame(
        paragraph,
        w=width,
        wrap="notBeside",
        vAnchor="margin",
        hAnchor="margin",
        xAlign="left",
        yAlign="bottom",
    )


def _frame(paragraph: Any, **attributes: str | int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        element("framePr", **attributes),
        "w:widowControl",
        "w:numPr",
        "w:suppressLineNumbers",
        "w:pBdr",
        *_AFTER_BORDERS,
    )


def exact(paragraph: Any, points: float) -> None:
    """Give a paragraph an exact line height."""
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)


def _section(document: Any, first_page_number: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The dash stands 7 mm under the 版心, so the lower edge of its 14 pt line is 25.5 mm from the paper's.
    section.header_distance, section.footer_distance = Mm(15), Mm(25.5)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    section._sectPr.append(element("docGrid", type="lines", linePitch=ROW))
    document.settings.odd_and_even_pages_header_footer = True
    section.different_first_page_header_footer = not first_page_number
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer: Any, align: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    form = paragraph.paragraph_format
    form.alignment = align
    form.left_indent = form.right_indent = Pt(14)
    exact(paragraph, 14)
    add_text(paragraph, "— ", font=PLAIN_SONG, size=14)
    for kind in ("begin", "instr", "end"):
        run = add_text(paragraph, "", font=PLAIN_SONG, size=14)
        if kind == "instr":
            instruction = element("instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)
        else:
            run._r.append(element("fldChar", fldCharType=kind))
    add_text(paragraph, " —", font=PLAIN_SONG, size=14)


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _style(normal, SONG, 16)
    normal.element.rPr.insert_element_before(element("spacing", val=CLOSER), "w:sz", "w:szCs", "w:lang")
    for level, font in HEADING_FONTS.items():
        heading = document.styles[f"Heading {level}"]
        _style(heading, font, 16)
        heading.paragraph_format.first_line_indent = Pt(2 * CELL)
        heading.paragraph_format.keep_with_next = True
    title = document.styles["Title"]
    _style(title, TITLE, 22)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.element.pPr.insert_element_before(element("snapToGrid", val=0), "w:spacing", "w:ind", "w:jc")
    line = title.element.pPr.find(qn("w:pBdr"))
    if line is not None:
        title.element.pPr.remove(line)
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")


def _style(style: Any, font: str, size: float) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    set_font(properties, font)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(ROW / 20)
    form.widow_control = False


def _font_table(document: Any) -> None:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in _FALL_BACKS
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{namespace}">{fonts}</w:fonts>'
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = xml.encode()


def _properties(document: Any, title: str, day: datetime.date) -> None:
    properties = document.core_properties
    moment = datetime.datetime(day.year, day.month, day.day)
    properties.title, properties.language = title[:255], "zh-CN"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = moment
    properties.revision = 1
