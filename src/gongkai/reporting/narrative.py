"""The narrative parts: text with bound figures that cannot drift from what was counted.

A bound figure stands in the text as {{key}} and is filled in from the same figures as the tables whenever the
text is shown. {{agency}}, {{year}} and {{cutoff}} are bound too. Braces may be of full width, as they are typed
with a Chinese keyboard.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.paperwork.document import paragraphs_of
from gongkai.paperwork.text import figure as printed
from gongkai.reporting import figures
from gongkai.reporting.compiling import CHARGES, Compiled, Counted, charges
from gongkai.reporting.figures import cell_key

TEXTS = Path(__file__).parent / "texts"
PARTS = ("opening", "overview", "problems", "other")
"""What people write: the paragraphs before part one, and parts one, five and six."""

LONGEST = 30_000
BOUND = re.compile(r"(?:\{\{|｛｛)\s*([^{}｛｝]*?)\s*(?:\}\}|｝｝)")
BRACE = re.compile(r"[{}｛｝]+")
UNWRITTEN = re.compile(r"【请[^】]*】")
"""A place of the proposed text that the office has still to fill; it is never published."""


@dataclass(frozen=True)
class Words:
    """What stands beside the figures in a text: the agency's name, the year, the last day that is counted."""

    agency: str
    year: int
    cutoff: date

    @classmethod
    def of(cls, agency: Agency, year: int) -> "Words":
        return cls(agency.name, year, date(year, 12, 31))

    def value(self, key: str) -> str | None:
        """agency, year or cutoff (2021年12月31日); None for another key."""
        day = self.cutoff
        return {
            "agency": self.agency,
            "year": str(self.year),
            "cutoff": f"{day.year}年{day.month}月{day.day}日",
        }.get(key)


@cache
def proposed(part: str) -> str:
    """The starting text of a part, with its figures bound."""
    return (TEXTS / f"{part}.txt").read_text("utf-8").strip()


def bound(text: str) -> list[str]:
    """The keys that a text binds, in their order."""
    return BOUND.findall(text)


def spoken(key: str, counted: Mapping[str, Counted], words: Words) -> str | None:
    """What stands in the place of a key; None where nothing is known under it."""
    if (word := words.value(key)) is not None:
        return word
    found = counted.get(key)
    if found is None:
        return None
    value = charges(found.value) if key == cell_key(CHARGES) else found.value
    return printed(value) if value is not None else None


def filled(text: str, counted: Mapping[str, Counted], words: Words) -> str:
    """The text with every bound figure filled in; one that is not known stays as it was typed."""

    def fill(match: re.Match[str]) -> str:
        said = spoken(match[1], counted, words)
        return match[0] if said is None else said

    return BOUND.sub(fill, text)


def unknown(text: str, compiled: Compiled, words: Words) -> list[str]:
    """One sentence for each bound figure that cannot be filled in, and one for braces that bind nothing."""
    found = []
    for key in dict.fromkeys(bound(text)):
        if spoken(key, compiled.counted, words) is not None:
            continue
        if key in compiled.counted:
            words_for_it = _(
                "“{{%(key)s}}” cannot be said from this year's records; take it out of the text."
            )
        else:
            words_for_it = _(
                "“{{%(key)s}}” is not a figure of this report; choose one from the list beside the text."
            )
        found.append(words_for_it % {"key": key})
    if stray := BRACE.search(BOUND.sub("", text)):
        found.append(
            _("“%(brace)s” binds no figure; a bound figure has two braces before and two behind its key.")
            % {"brace": stray[0][:10]}
        )
    return found


@dataclass(frozen=True)
class Filled:
    """A filled text that knows where each of its characters was typed.

    pieces: for each stretch, in order, its first place in the filled and in the typed text, how long it was
    typed, and whether it is a bound figure.
    """

    text: str
    pieces: tuple[tuple[int, int, int, bool], ...]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the typed text behind a stretch of the filled one; a figure counts as a whole."""
        return self._place(start, last=False), self._place(max(end - 1, start), last=True)

    def _place(self, offset: int, *, last: bool) -> int:
        number = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        if number < 0:
            return 0
        begin, typed, length, figure = self.pieces[number]
        if figure:
            return typed + (length if last else 0)
        return min(typed + offset - begin + last, typed + length)

    def bound_at(self, start: int, end: int) -> bool:
        """Whether a stretch of the filled text holds a bound figure."""
        return any(
            figure and begin < end and after > start
            for (begin, _typed, _length, figure), after in zip(
                self.pieces, (*(piece[0] for piece in self.pieces[1:]), len(self.text)), strict=True
            )
        )


def traced(text: str, counted: Mapping[str, Counted], words: Words) -> Filled:
    """`filled`, with the way back to what was typed."""
    said: list[str] = []
    pieces: list[tuple[int, int, int, bool]] = []
    place = length = 0

    def put(words_put: str, typed: int, typed_length: int, figure: bool) -> None:
        nonlocal length
        if words_put:
            pieces.append((length, typed, typed_length, figure))
            said.append(words_put)
            length += len(words_put)

    for match in BOUND.finditer(text):
        put(text[place : match.start()], place, match.start() - place, False)
        value = spoken(match[1], counted, words)
        put(match[0] if value is None else value, match.start(), len(match[0]), True)
        place = match.end()
    put(text[place:], place, len(text) - place, False)
    return Filled("".join(said), tuple(pieces))


def paragraphs(text: str) -> SafeString:
    """A filled text as HTML paragraphs and headings, as it will appear."""
    tags = {1: "h3", 2: "h3", 3: "h4", 4: "h4"}
    return format_html_join(
        "\n",
        "<{tag}>{text}</{tag}>",
        ({"tag": tags.get(line.level, "p"), "text": line.text} for line in paragraphs_of(text)),
    )


def chips(text: str, counted: Mapping[str, Counted], words: Words, url: str) -> SafeString:
    """A text as paragraphs in which each bound figure is a link to its records; `url` holds “{key}”."""

    def pieces(line: str) -> Iterator[tuple[SafeString | str]]:
        place = 0
        for match in BOUND.finditer(line):
            yield (line[place : match.start()],)
            yield (_chip(match, counted, words, url),)
            place = match.end()
        yield (line[place:],)

    return format_html_join(
        "\n",
        "<p>{}</p>",
        ((format_html_join("", "{}", pieces(line)),) for line in text.splitlines() if line.strip()),
    )


def _chip(match: re.Match[str], counted: Mapping[str, Counted], words: Words, url: str) -> SafeString | str:
    key = match[1]
    said = spoken(key, counted, words)
    if said is None:
        return format_html('<mark class="figure-chip figure-chip--unknown">{}</mark>', match[0])
    each = figures.figure(key)
    if each is None:
        return said
    title = str(each.label)
    return format_html(
        '<a class="figure-chip" href="{}" title="{}">{}</a>', url.replace("{key}", key), title, said
    )
