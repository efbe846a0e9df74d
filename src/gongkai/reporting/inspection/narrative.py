"""The text of a report as the inspections take it: its parts as lines, each with its number in the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gongkai.reporting.reading.outline import outline_of
from gongkai.reporting.reading.source import CELL, Source, UnreadableReport
from gongkai.rulebook.report_form import PARTS
from gongkai.rulebook.text import fold_width

NAMES = {"opening": "标题与开头", "overview": "第一部分", "problems": "第五部分", "other": "第六部分"}
"""The narrative parts by the names that drafts use, with the words for people."""

OF_PART = {1: "overview", 5: "problems", 6: "other"}
_ORDINAL = re.compile(r"(?:第([一二三四五六])部分[、:：]?|([一二三四五六1-6])[、.．,，])")
_PAGE = re.compile(r"[-—–·]?\s*\d{1,4}\s*[-—–·]?|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and its number in the file (or in the text that was given)."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A part's heading as printed: the number of its line, the part it names, the numeral before it, if any."""

    line: int
    part: int
    numeral: int | None


@dataclass(frozen=True)
class Narrative:
    """`parts`: opening, overview, problems, other → lines without headings, page numbers and table rows.

    A part that is missing is not a key. `headings` are those of all six parts, None where only texts were given;
    `last` are the lines at the end of the file, where a date or a signature may stand.
    """

    agency: str | None
    year: int | None
    parts: Mapping[str, tuple[Line, ...]]
    headings: tuple[Heading, ...] | None = None
    title: Line | None = None

    @classmethod
    def of_texts(cls, agency: str, year: int, texts: Mapping[str, str]) -> "Narrative":
        """A report as it is being written: the parts as texts. Lines are numbered through all of them."""
        parts: dict[str, tuple[Line, ...]] = {}
        number = 0
        for name in NAMES:
            lines = texts.get(name, "").splitlines()
            parts[name] = tuple(Line(number + place, fold_width(line)) for place, line in enumerate(lines))
            number += len(lines)
        return cls(agency, year, parts)

    @classmethod
    def of_source(cls, source: Source, agency: str | None, year: int | None) -> "Narrative":
        """A report as it was read from a file; nothing of it where its outline cannot be told."""
        try:
            outline = outline_of(source.lines)
        except UnreadableReport:
            return cls(agency, year, {})
        lines = source.lines
        first = min((segment.start for segment in outline.parts.values()), default=len(lines))

        def told(numbers: range) -> tuple[Line, ...]:
            kept = (i for i in numbers if i not in outline.title_lines and CELL not in lines[i])
            found = (Line(i, lines[i]) for i in kept if not _PAGE.fullmatch(lines[i].strip()))
            return tuple(line for line in found if _heading(line.text) is None)

        parts = {"opening": told(range(first))}
        parts |= {name: told(outline.parts[n]) for n, name in OF_PART.items() if n in outline.parts}
        headings = []
        for number, segment in sorted(outline.parts.items(), key=lambda item: item[1].start):
            heading = _heading(lines[segment.start])
            headings.append(Heading(segment.start, number, heading[1] if heading else None))
        title = None
        if outline.title is not None:
            own = sorted(i for i in outline.title_lines if i >= outline.title.line)[:3]
            run = [i for place, i in enumerate(own) if i == own[0] + place]
            title = Line(outline.title.line, "".join(lines[i].strip() for i in run))
        return cls(agency, year, parts, tuple(headings), title)

    def lines(self, *names: str) -> Iterator[Line]:
        """The lines of these parts, or of all, in their order."""
        for name in names or NAMES:
            yield from self.parts.get(name, ())

    @cached_property
    def flow(self) -> Mapping[str, "Flow"]:
        """The parts as running text without spaces, in which a sentence is not broken by the lines of a page."""
        return {name: Flow.of(self.parts[name]) for name in NAMES if name in self.parts}


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines as one text without spaces; `numbers` has for each character the number of its line."""

    text: str
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, lines: tuple[Line, ...]) -> "Flow":
        texts, numbers = [], []
        for line in lines:
            compact = re.sub(r"\s", "", line.text)
            texts.append(compact)
            numbers += [line.number] * len(compact)
        return cls("".join(texts), tuple(numbers))

    def line(self, offset: int) -> int:
        """The number of the line in which the character at an offset stands."""
        return self.numbers[min(offset, len(self.numbers) - 1)]


def _heading(line: str) -> tuple[int, int | None] | None:
    """The part that a line is the heading of, and the numeral printed before it."""
    compact = re.sub(r"\s", "", line)
    found = _ORDINAL.match(compact)
    rest = compact[found.end() :] if found else compact
    for part in PARTS:
        if rest.rstrip(":：。") == part.heading:
            numeral = found[1] or found[2] if found else None
            places = "一二三四五六" if numeral and numeral in "一二三四五六" else "123456"
            return part.number, places.index(numeral) + 1 if numeral else None
    return None
