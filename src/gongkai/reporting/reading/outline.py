"""Where in a report things stand: its title, its parts, and whether it is one report and whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.reporting.reading.source import CELL, UnreadableReport
from gongkai.reporting.reading.stream import letters_of
from gongkai.rulebook.report_form import PARTS

_NUMERALS = "〇○零一二三四五六七八九"
_TITLE = re.compile(
    r"(?:(?P<before>[^\d年]{2,60}?))?(?P<year>(?:19|20)\d\d|二[〇○零0Oo][一二三四五六七八九〇○零]{2})年度?"
    r"(?P<after>[^\d年]{2,60}?)?(?:的)?(?:政府信息公开|政务公开)(?:工作)?年?度?(?:工作)?报告",
    re.ASCII,
)
_ORDINAL = r"(?:第[一二三四五六]部分[、:：]?|[一二三四五六][、.．,，]|[1-6][、.．])"
_NOT_A_NAME = re.compile(r"[，。；：,;:？！?!“”《》]|关于|^(?:附件|上一篇|下一篇|首页|当前位置)")
# Anchors for a part whose heading is missing or damaged: the first words of its table.
_ANCHORS = {2: ("本年制发件数", "本年新制作数量"), 3: ("申请人情况", "勾稽关系"), 4: ("未经复议直接起诉",)}
# What a segment must hold to be the table and not an entry in a table of contents.
_EVIDENCE = {
    2: ("规范性文件", "行政许可", "行政处罚"),
    3: ("本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量", "予以公开", "属于国家秘密"),
    4: ("未经复议直接起诉", "尚未审结"),
}


@dataclass(frozen=True, slots=True)
class Title:
    agency: str | None
    year: int
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """`parts`: part number → its lines (index range). A part that was not found is missing.

    `ended` holds the numbers of the parts after which another part's heading follows.
    """

    title: Title | None
    parts: dict[int, range]
    ended: frozenset[int]
    title_lines: frozenset[int]


def outline_of(lines: Sequence[str]) -> Outline:
    """The outline of a report; UnreadableReport where the text holds two reports."""
    titles, title_lines = _titles(lines)
    headings = _headings(lines)
    parts: dict[int, range] = {}
    ended = set()
    segments = _segments(headings, len(lines))
    for number in range(1, 7):
        own = [segment for part, segment in segments if part == number and _proves(number, lines, segment)]
        if number in _EVIDENCE and len(own) > 1:
            raise UnreadableReport("文件里有不止一份报告（同一表格出现多次），请把每份报告存为单独的文件")
        if not own and number in _EVIDENCE:
            own = _by_anchor(number, lines, segments)
        if own:
            # The narrative parts may be printed twice (table of contents); the longest is the text.
            parts[number] = max(own, key=len)
            if parts[number].stop < len(lines):
                ended.add(number)
    _refuse_second_title(titles, headings)
    return Outline(titles[0] if titles else None, parts, frozenset(ended), title_lines)


def is_heading(line: str) -> bool:
    """Whether a line is the heading of one of the six parts."""
    return _heading_of(line) is not None


def _heading_of(line: str) -> int | None:
    compact = re.sub(r"\s", "", line)
    # Every heading ends so; most lines are told by this alone.
    if "情况" not in compact and "事项" not in compact:
        return None
    for part in PARTS:
        heading = re.escape(part.heading).replace("、", "[、和]?")
        if re.match(rf"{_ORDINAL}{heading}", compact) or re.fullmatch(heading, compact):
            return part.number
    return None


def _headings(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of line and part number. A heading may be broken over two lines."""
    found = []
    filled = [number for number, line in enumerate(lines) if line.strip() and CELL not in line]
    skip = -1
    for place, number in enumerate(filled):
        if number == skip:
            continue
        part = _heading_of(lines[number])
        if part is None and place + 1 < len(filled) and len(lines[number].strip()) < 30:
            following = filled[place + 1]
            joined = lines[number].strip() + lines[following].strip()
            if _heading_of(lines[following]) is None and len(joined) < 40:
                part = _heading_of(joined)
                skip = following if part else -1
        if part is not None:
            found.append((number, part))
    return found


def _segments(headings: list[tuple[int, int]], end: int) -> list[tuple[int, range]]:
    """From each heading to the next one of another part; the same heading again continues its part."""
    starts = [
        (line, part)
        for place, (line, part) in enumerate(headings)
        if place == 0 or headings[place - 1][1] != part
    ]
    closed = [*starts, (end, 0)]
    return [(part, range(line, stop)) for (line, part), (stop, _) in pairwise(closed)]


def _proves(number: int, lines: Sequence[str], segment: range) -> bool:
    if number not in _EVIDENCE:
        return True
    letters = letters_of("".join(lines[segment.start : segment.stop]))
    return any(words in letters for words in _EVIDENCE[number])


def _by_anchor(number: int, lines: Sequence[str], segments: list[tuple[int, range]]) -> list[range]:
    for line, text in enumerate(lines):
        letters = letters_of(text)
        if any(anchor in letters for anchor in _ANCHORS[number]):
            # The lines above an anchor may hold the first row of column heads.
            start = max(0, line - 12) if number == 4 else line
            stop = min((s.start for _, s in segments if s.start > line), default=len(lines))
            return [range(start, stop)]
    return []


def _year(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    digits = [
        max(_NUMERALS.find(char) - 2, 0)
        for char in text.replace("O", "〇").replace("o", "〇").replace("0", "〇")
    ]
    return int("".join(map(str, digits)))


def _titles(lines: Sequence[str]) -> tuple[list[Title], frozenset[int]]:
    """The lines that are nothing but a title (one to three lines), and all lines they take."""
    found: list[Title] = []
    taken: set[int] = set()
    filled = [number for number, line in enumerate(lines) if line.strip() and _heading_of(line) is None]
    for place, number in enumerate(filled):
        for count in (1, 2, 3):
            own = filled[place : place + count]
            title = _title_of([lines[line] for line in own])
            if number in taken or own[-1] in taken or title is None:
                continue
            found.append(Title(title[0] or None, title[1], number))
            taken.update(own)
            break
    # A running title without the name may stand above the title itself.
    found.sort(key=lambda title: title.agency is None)
    return found, frozenset(taken)


def _title_of(own: Sequence[str]) -> tuple[str, int] | None:
    """Agency and year of a title made of exactly these lines, none of which is a title without the others."""
    if not own[-1].rstrip().endswith("告"):
        return None
    compact = [re.sub(rf"[\s{CELL}]|^[#*]+", "", line) for line in own]
    if sum(map(len, compact)) > 90 or (len(own) > 1 and _names(compact[-1:])):
        return None
    bare = _TITLE.fullmatch(compact[-1])
    if len(own) > 1 and bare and not _looks_like_agency("".join(compact[:-1])):
        return None
    if len(own) == 1 and bare and not _names(compact):
        return "", _year(bare["year"])
    return _names(compact)


def _names(compact: Sequence[str]) -> tuple[str, int] | None:
    match = _TITLE.fullmatch("".join(compact))
    if match is None:
        return None
    agency = match["before"] or match["after"] or ""
    return (agency, _year(match["year"])) if agency and not _NOT_A_NAME.search(agency) else None


def _looks_like_agency(text: str) -> bool:
    return bool(
        re.fullmatch(
            r"[\u4e00-\u9fff（）()]{3,40}(?:政府|局|办公室|委员会|委|厅|办|中心|处|部|署|院|会|社|站|所|队)",
            text,
        )
    )


def _refuse_second_title(titles: list[Title], headings: list[tuple[int, int]]) -> None:
    named = [title for title in titles if title.agency]
    ordered = sorted(named or titles, key=lambda title: title.line)
    for first, second in pairwise(ordered):
        if (first.agency, first.year) == (second.agency, second.year):
            continue
        # A link to another report stands alone; a second report has its own parts.
        if any(first.line < line < second.line for line, _ in headings) and any(
            line > second.line and part <= 2 for line, part in headings
        ):
            raise UnreadableReport(
                f"文件里有不止一份报告（{first.agency or ''}{first.year}年和{second.agency or ''}{second.year}年），"
                "请把每份报告存为单独的文件"
            )
