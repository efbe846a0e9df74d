"""Pinyin: of titles for the index, and of what was typed, in a form that forgives the usual slips.

Tones are left out; sounds that many speakers do not tell apart (z/zh, c/ch, s/sh, n/ng at the end) have one form on
both sides.
"""

import re
from functools import cache, lru_cache
from itertools import pairwise

_WORD = re.compile(r"[a-z']+")
_SLIPS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
# Shorter strings of initials would match everything.
SHORTEST_INITIALS = 3
LONGEST_TYPED = 120


@lru_cache(maxsize=4096)
def fuzzy(syllable: str) -> str:
    """A syllable in the one form of all that sounds alike: zheng → zen."""
    for long, short in _SLIPS:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    for long, short in _FINALS:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable.replace("ü", "v").replace("lve", "lue").replace("nve", "nue")


@cache
def _syllables() -> frozenset[str]:
    """Every syllable of the standard language as typed, without tones."""
    from pypinyin import Style, pinyin_dict
    from pypinyin.style import convert

    found = set()
    for code, said in pinyin_dict.pinyin_dict.items():
        if 0x4E00 <= code <= 0x9FFF:
            for one in said.split(","):
                plain = convert(one, Style.NORMAL, strict=False).replace("ü", "v")
                if plain.isascii() and plain.isalpha() and len(plain) <= 6:
                    found.add(plain)
    # Sounds without a vowel (嗯, 呣, 哼) would swallow initials.
    return frozenset(one for one in found if re.search("[aeiouv]", one))


def spoken(text: str) -> list[str]:
    """The syllables of the Chinese characters of a folded text, in order, polyphones by their word."""
    from pypinyin import lazy_pinyin

    found: list[str] = []
    for one in lazy_pinyin(text, errors="ignore", v_to_u=False):
        if one.isascii() and one.isalpha():
            found.append(one)
    return found


def terms(text: str) -> list[str]:
    """What the index holds of a title: pairs of neighbouring syllables, and runs of three initials after a “=”."""
    said = spoken(text)
    alike = [fuzzy(one) for one in said]
    pairs = pairs_of(alike)
    first = "".join(one[0] for one in said)
    return pairs + ["=" + first[at : at + 3] for at in range(len(first) - 2)]


def pairs_of(alike: list[str]) -> list[str]:
    """The terms of syllables in their one form; a single one has none."""
    return [f"{one}_{two}" for one, two in pairwise(alike)]


def initials(letters: str) -> list[str]:
    """The terms of typed initials; none where they are too few."""
    if len(letters) < SHORTEST_INITIALS:
        return []
    return ["=" + letters[at : at + 3] for at in range(len(letters) - 2)]


def typed(text: str) -> str | None:
    """The letters of a folded text that may be typed pinyin (penghuqu gaizao, phqgz), else None."""
    letters = text.replace(" ", "").replace("'", "").replace("’", "")
    if len(letters) < SHORTEST_INITIALS or len(letters) > LONGEST_TYPED:
        return None
    return letters if letters.isascii() and letters.isalpha() else None


def split(letters: str) -> list[str] | None:
    """Typed letters as syllables, the fewest and longest; a letter that fits none is passed over, at most one in six.

    None where they are no pinyin.
    """
    known, size = _syllables(), len(letters)
    # best[i]: (passed over, syllables, the last piece) of the first i letters.
    best: list[tuple[int, int, str]] = [(0, 0, "")]
    for end in range(1, size + 1):
        before = best[end - 1]
        choice = (before[0] + 1, before[1], "")
        for start in range(max(0, end - 6), end):
            piece = letters[start:end]
            if piece in known:
                way = (best[start][0], best[start][1] + 1, piece)
                if way[:2] < choice[:2]:
                    choice = way
        best.append(choice)
    if best[size][0] > size // 6 or best[size][1] < 1:
        return None
    found: list[str] = []
    at = size
    while at > 0:
        piece = best[at][2]
        if piece:
            found.append(piece)
        at -= len(piece) or 1
    return found[::-1]


@cache
def _by_sound() -> dict[str, str]:
    from pypinyin import lazy_pinyin

    found: dict[str, list[str]] = {}
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found.setdefault(fuzzy(lazy_pinyin(char, v_to_u=False)[0]), []).append(char)
    return {sound: "".join(chars) for sound, chars in found.items()}


def homophones(char: str) -> str:
    """Common characters (GB 2312) that sound like this one; in the order of the standard, the frequent first."""
    from pypinyin import lazy_pinyin

    said = lazy_pinyin(char, errors="ignore", v_to_u=False)
    return _by_sound().get(fuzzy(said[0]), "").replace(char, "") if said else ""
