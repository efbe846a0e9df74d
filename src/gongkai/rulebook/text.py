"""Chinese text as files hand it over, made searchable and readable.

PDF producers often write a character as the radical that looks like it (⼯ U+2F2F for 工, ⺠ U+2EA0 for 民).
NFKC mends the Kangxi radicals and the compatibility ideographs, but leaves most of the block CJK Radicals
Supplement; for these the Unicode property Equivalent_Unified_Ideograph says what is meant.

Three functions, from the least to the most change. All are pure, total and idempotent, and none touches a
character that already is a unified ideograph (戶 stays 戶).
"""

import json
import re
import unicodedata
from functools import cache
from importlib import resources

# Fonts of the PRC draw the Kangxi radical U+2F3E as 户, and PDF files from them say ⽤⼾ for 用户.
# Unicode's equivalent, 戶, is the form of Taiwan.
_PRC_FORMS = {"⼾": "户"}

# Blocks whose characters in running text can only stand for the ideograph they look like. The block CJK
# Strokes (U+31C0–31EF) is not among them: a stroke in a text is meant as a stroke.
_RADICALS = range(0x2E80, 0x2FE0)
_COMPATIBILITY = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))

_WIDTH = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\ufeff"
)


@cache
def _equivalents() -> dict[str, str]:
    data = resources.files("gongkai.rulebook").joinpath("data/equivalent_ideographs.json")
    table: dict[str, str] = json.loads(data.read_text(encoding="utf-8"))["map"]
    return table


@cache
def _repairs() -> dict[int, str]:
    table = {}
    for block in (_RADICALS, *_COMPATIBILITY):
        for point in block:
            char = chr(point)
            meant = _PRC_FORMS.get(char) or _equivalents().get(char) or unicodedata.normalize("NFKC", char)
            if meant != char and len(meant) == 1:
                table[point] = meant
    return table


@cache
def _widths() -> dict[int, str | None]:
    table: dict[int, str | None] = {point: chr(narrow) for point, narrow in _WIDTH.items()}
    table.update({ord(space): " " for space in _SPACES})
    table.update({ord(char): None for char in _INVISIBLE})
    return table


@cache
def _odd() -> re.Pattern[str]:
    """What `fold_for_search` replaces or leaves out; hardly any text holds one, and a pattern sees that at once."""
    return re.compile("[" + "".join(map(re.escape, (*_equivalents(), *_INVISIBLE))) + "]")


def repair_ideographs(text: str) -> str:
    """Replace radicals and compatibility ideographs by the unified ideographs they stand for.

    For text that people go on reading: punctuation, width, spaces, digits and every other character stay,
    and the length in characters does not change. A radical without an equivalent stays too.
    """
    return text.translate(_repairs())


def fold_width(text: str) -> str:
    """`repair_ideographs`, then full-width ASCII to ASCII, every space to U+0020, invisible characters away.

    For reading figures and labels. Unlike NFKC it leaves superscripts and circled numbers alone, so the
    footnote mark in 12² never turns a 12 into a 122. Line breaks and tabs stay.
    """
    return repair_ideographs(text).translate(_widths())


def fold_for_search(text: str) -> str:
    """The form under which text is indexed and looked up: never shown, never stored as the text itself.

    `repair_ideographs`, strokes to ideographs, NFKC, case folded, invisible characters away. Full-width
    punctuation becomes half-width. Traditional characters are not turned into simplified ones.
    """
    folded = _odd().sub(lambda odd: _equivalents().get(odd[0], ""), repair_ideographs(text))
    # Case folding can undo composition and compatibility folding can bring out capitals, so a fixed point
    # is sought; Unicode needs at most three rounds.
    while (
        again := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
    ) != folded:
        folded = again
    return folded
