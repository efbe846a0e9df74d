"""Text that people wrote, made safe for a document: cleaned, measured, checked against the fonts.

The rule for characters: tabs and line ends become one space; control and format characters (categories Cc and
Cf: zero width, direction marks, soft hyphens), lone surrogates and variation selectors are removed; the rest is
kept, composed (NFC). Spaces at both ends go, the ideographic one too, because the layout indents by itself.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
import unicodedata
from bisect import bisect_right
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from gongkai.paperwork.errors import FieldEmpty, GlyphMissing, TooLong

DOCUMENT_LIMIT = 200_000
LIST_LIMIT = 2_000
BREAK_MARK = "\u200b"
FONTS = Path(__file__).parent / "fonts"

_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_JOINT = re.compile(r"(?<=[0-9A-Za-z])[-_/.·](?=[0-9A-Za-z])")
_LONG_RUN = re.compile(r"[!-~]{24,}")
_NEVER_FIRST = "，。、；：？！）〕》】”’的年号"
_NEVER_LAST = "（〔《【“‘第"
_VARIATION_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))

Document = TypeVar("Document")


def labelled(
    label: str,
    *,
    required: bool = True,
    limit: int = DOCUMENT_LIMIT,
    lines: bool = False,
    unit: str = "项",
) -> dict[str, Any]:
    """Metadata of a document's field: its Chinese name, whether it may be empty, how long it may be.

    `lines` keeps line ends: the writer of a title decides where it breaks. `unit` is the measure word of the
    parts of a list: 正文第3段.
    """
    return {"label": label, "required": required, "limit": limit, "lines": lines, "unit": unit}


def clean(text: str, *, lines: bool = False) -> str:
    """The text by the rule of this module; with `lines`, line ends stay as "\\n"."""
    if lines:
        return "\n".join(filter(None, (clean(line) for line in _BREAKS.split(text))))
    composed = unicodedata.normalize("NFC", _BREAKS.sub(" ", text))
    kept = (
        character
        for character in composed
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs"} and not _selects_variation(character)
    )
    return "".join(kept).strip()


def _selects_variation(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _VARIATION_SELECTORS)


def prepared(document: Document, *, check_glyphs: bool) -> Document:
    """A copy of a document (any dataclass of this room) with every text cleaned and every limit checked.

    With `check_glyphs` each character must be in the bundled fonts. Raises FieldEmpty, TooLong, GlyphMissing.
    """
    visit = _Visit(check_glyphs)
    result = visit.value(document, "文书", {})
    if visit.total > DOCUMENT_LIMIT:
        raise TooLong("文书全文", visit.total, DOCUMENT_LIMIT)
    return cast(Document, result)


class _Visit:
    def __init__(self, check_glyphs: bool) -> None:
        self.check_glyphs = check_glyphs
        self.total = 0

    def value(self, value: Any, label: str, rules: Any) -> Any:
        if isinstance(value, str):
            return self.text(value, label, rules)
        if isinstance(value, tuple):
            if len(value) > LIST_LIMIT:
                raise TooLong(label, len(value), LIST_LIMIT, "项")
            if not value and rules.get("required", False):
                raise FieldEmpty(label)
            each = {**rules, "required": True}
            return tuple(
                self.value(item, f"{label}第{number}{rules.get('unit', '项')}", each)
                for number, item in enumerate(value, start=1)
            )
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self.record(value, label)
        return value

    def record(self, record: Any, label: str) -> Any:
        changes = {}
        for field in dataclasses.fields(record):
            own = field.metadata.get("label", "")
            full = own if label == "文书" else f"{label}{own}"
            changes[field.name] = self.value(getattr(record, field.name), full, field.metadata)
        return dataclasses.replace(record, **changes)

    def text(self, text: str, label: str, rules: Any) -> str:
        limit = rules.get("limit", DOCUMENT_LIMIT)
        if len(text) > limit:
            raise TooLong(label, len(text), limit)
        result = clean(text, lines=rules.get("lines", False))
        if not result and rules.get("required", False):
            raise FieldEmpty(label)
        self.total += len(result)
        if self.check_glyphs:
            for character in result:
                if character != "\n" and not has_glyph(character):
                    raise GlyphMissing(character, label)
        return result


@lru_cache(maxsize=1)
def _coverage() -> tuple[list[int], list[int]]:
    firsts, lasts = [], []
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        firsts.append(int(first, 16))
        lasts.append(int(last or first, 16))
    return firsts, lasts


def has_glyph(character: str) -> bool:
    """Whether the bundled fonts can show this one character."""
    firsts, lasts = _coverage()
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


def breakable(text: str) -> str:
    """The text with a mark (U+200B, which `clean` removes) where a long Latin run, such as an address, may wrap.

    Templates turn the mark into a place to break, so that copied text does not hold it.
    """
    return _LONG_RUN.sub(_with_marks, text)


def narrow(text: str) -> str:
    """As `breakable`, for a narrow cell: a number such as XG0123-2026-0001 may wrap behind each mark in it; a
    day, or what is as short, stays whole."""
    return breakable(_JOINT.sub(lambda joint: joint[0] + BREAK_MARK, text)) if len(text) > 10 else text


def _with_marks(run: re.Match[str]) -> str:
    return BREAK_MARK.join(run[0][start : start + 8] for start in range(0, len(run[0]), 8))


def chinese_date(day: datetime.date) -> str:
    """成文日期 by GB/T 9704 7.3.5.4: Arabic numerals, full year, month and day not padded: 2021年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(moment: datetime.datetime) -> str:
    """A date with its time of day as the given clock shows it: 2021年1月5日 9:05."""
    return f"{chinese_date(moment)} {moment.hour}:{moment.minute:02d}"


def figure(value: int | Decimal | str) -> str:
    """A table value as it is printed: digits without grouping or exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def text_width(text: str) -> float:
    """About how many full-width characters wide a text is; Latin letters and digits count 0.55."""
    return sum(0.55 if ord(character) < 0x2000 else 1.0 for character in text)


def title_lines(title: str, per_line: int) -> list[str]:
    """A title as lines of at most `per_line` full-width characters, nearly equal in length.

    Line ends written by the author are kept; words are not cut (GB/T 9704 7.3.1: 回行时，要做到词意完整).
    """
    lines: list[str] = []
    for part in title.split("\n"):
        lines += _balanced(part, per_line)
    return lines


def _balanced(text: str, per_line: int) -> list[str]:
    needed = math.ceil(text_width(text) / per_line)
    if needed <= 1:
        return [text]
    target = text_width(text) / needed
    lines = [""]
    for word in _words(text):
        over = text_width(lines[-1] + word)
        wants_more = len(lines) < needed and over - target > target - text_width(lines[-1])
        if lines[-1] and (over > per_line or (wants_more and word not in _NEVER_FIRST)):
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def _words(text: str) -> list[str]:
    """Words that a line break may stand between; brackets stay with what they hold at both ends."""
    # It reads its dictionary while it is imported.
    import rjieba

    words: list[str] = []
    for word in rjieba.cut(text):
        if words and (word[0] in _NEVER_FIRST or words[-1][-1] in _NEVER_LAST):
            words[-1] += word
        else:
            words.append(word)
    return words
