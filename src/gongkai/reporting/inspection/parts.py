"""PART, FORM, TITLE and FEES: whether the six parts are there, filled, in order and of the form in force."""

import re
from collections.abc import Iterator

from gongkai.reporting.inspection.narrative import NAMES, Narrative
from gongkai.rulebook.report_form import FORM_2021, FORM_2021_ISSUED, PARTS, ReportTables
from gongkai.rulebook.report_rules import RULES, Finding, Side, Where

# A part of which only this is left says nothing. "无" is an answer in part six, where there may be nothing.
_NOTHING = re.compile(
    r"[(（]?(?:略|暂?无|没有|文字描述|待补充|待填写?|同上|/|-|—|…|\.|、|,|x|X|×|\*)*[)）]?[。.]?"
)
_NIL = re.compile(r"(?:暂?无|没有)(?:其他)?(?:需要)?(?:报告|说明)?(?:的)?(?:其他)?(?:事项|情况)?[。.]?")
_PLACEHOLDER = re.compile(
    r"[(（]文字描述[^()（）]{0,30}[)）]|【请?[^】]{0,60}】|[xX×]{2,}(?=[^\w]|年|月|局|件|项|条|次|人|区|县|市)"
    r"|[(（](?:此处|在此)[^()（）]{0,30}[)）]|_{3,}|待(?:补充|填写|核实)|\{\{[^{}]{0,40}\}\}"
)
_SHORT = 30
"""Characters: part one has five matters to report, part five problems and measures."""

_FEES = re.compile(r"信息处理费|收费通知|收取.{0,12}费")


def parts(narrative: Narrative, tables: ReportTables) -> Iterator[Finding]:
    """The findings about parts; those that are missing are found in reading."""
    yield from _form(narrative, tables)
    yield from _title(narrative)
    yield from _order(narrative)
    for name in ("overview", "problems", "other"):
        yield from _content(narrative, name)
    yield from placeholders(narrative)
    yield from fees(narrative)


def _form(narrative: Narrative, tables: ReportTables) -> Iterator[Finding]:
    rule = RULES["FORM"]
    if tables.form == "2019" and narrative.year is not None and narrative.year >= FORM_2021_ISSUED.year:
        message = f"{narrative.year}年度的报告用的是2019年的格式，{FORM_2021}自2021年9月26日起改用新格式；{rule.mend}。"
        yield Finding("FORM", rule.severity, message, Where("applications"))


def _title(narrative: Narrative) -> Iterator[Finding]:
    if narrative.title is None or "政府信息公开工作年度报告" in re.sub(r"\s", "", narrative.title.text):
        return
    rule = RULES["TITLE"]
    message = f"标题“{narrative.title.text}”不是规定的写法；{rule.mend}。"
    side = Side(f"“{narrative.title.text}”", lines=(narrative.title.number,))
    yield Finding("TITLE", rule.severity, message, sides=(side,))


def _order(narrative: Narrative) -> Iterator[Finding]:
    """The parts as printed, against the order and the numerals of the form."""
    rule = RULES["PART"]
    before = None
    for heading in narrative.headings or ():
        part = PARTS[heading.part - 1]
        lines = (heading.line,)
        if before is not None and heading.part < before.part:
            earlier = PARTS[before.part - 1].numbered_heading
            message = f"“{part.numbered_heading}”排在“{earlier}”之后；请按规定的顺序排列六个部分。"
            sides = (Side(earlier, lines=(before.line,)), Side(part.numbered_heading, lines=lines))
            yield Finding("PART", rule.severity, message, sides=sides)
        if heading.numeral is not None and heading.numeral != heading.part:
            printed = f"{'一二三四五六'[heading.numeral - 1]}、{part.heading}"
            message = f"标题“{printed}”的序号不对；请改为“{part.numbered_heading}”。"
            yield Finding("PART", rule.severity, message, sides=(Side(printed, lines=lines),))
        before = heading


def _content(narrative: Narrative, name: str) -> Iterator[Finding]:
    flow = narrative.flow.get(name)
    if flow is None:
        return
    rule = RULES["PART"]
    text = flow.text
    nil = _NIL.fullmatch(text) is not None
    if name == "other" and nil:
        return
    if not text:
        problem = "没有内容"
    elif nil or _NOTHING.fullmatch(text):
        problem = f"只写了“{text}”"
    elif len(text) < _SHORT and name != "other":
        problem = f"只有{len(text)}个字，没有写明情况"
    else:
        return
    heading = PARTS[{"overview": 0, "problems": 4, "other": 5}[name]].numbered_heading
    message = f"“{heading}”{problem}；{rule.mend}。"
    sides = (Side(f"“{text}”", lines=(flow.line(0),)),) if text else ()
    yield Finding("PART", rule.severity, message, Where(name), sides=sides)


def placeholders(narrative: Narrative) -> Iterator[Finding]:
    """Places that a form or a proposed text leaves to be filled."""
    rule = RULES["PART"]
    for name, flow in narrative.flow.items():
        if _NOTHING.fullmatch(flow.text):
            continue
        for found in _PLACEHOLDER.finditer(flow.text):
            message = f"{NAMES[name]}里的“{found[0]}”没有改写成正文；请补写。"
            side = Side(f"“{found[0]}”", lines=(flow.line(found.start()),))
            yield Finding("PART", rule.severity, message, Where(name), sides=(side,))


def fees(narrative: Narrative) -> Iterator[Finding]:
    """FEES: part six speaks of the fee, also where none was charged."""
    flow = narrative.flow.get("other")
    # The fee may be charged since 1 January 2021.
    if flow is None or narrative.year is None or narrative.year < 2021 or _FEES.search(flow.text):
        return
    rule = RULES["FEES"]
    side = Side(f"“{flow.text[:40]}”", lines=(flow.line(0),)) if flow.text else Side("第六部分没有内容")
    message = f"第六部分没有报告收取信息处理费的情况；{rule.mend}。"
    yield Finding("FEES", rule.severity, message, Where("other"), sides=(side,))
