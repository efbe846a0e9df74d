"""The passage of a text in which the words asked for stand, with the words marked."""

from functools import lru_cache
from html import escape

from gongkai.search import variants
from gongkai.search.words import fold

LENGTH = 110
LEAD = 24
SCANNED = 20_000
PIECE = 4_000


def snippet(text: str, asked: list[str]) -> str:
    """About 110 characters of `text` around the best place, as safe HTML; words in <mark>.

    Without a word in it, the beginning. Looks at the first 20,000 characters, and in
    them at the first piece that holds the most words.
    """
    whole = len(text)
    offset = _piece(text[:SCANNED], asked)
    before, text = offset > 0, text[offset : offset + PIECE + LENGTH]
    more = offset + len(text) < whole
    folded, origin = _folded(text)
    spots = sorted((at, at + len(word)) for word in asked if word for at in _places(folded, word))
    start, end = _window(spots, len(folded))
    # Back from places in the folded text to places in the text as written.
    first, last = origin[start], origin[end]
    pieces: list[str] = ["…"] if before or first > 0 else []
    at = first
    for left, right in _merged(spots):
        left, right = origin[left], origin[right]
        if left < at or right > last:
            continue
        pieces += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
        at = right
    pieces.append(escape(text[at:last]))
    if more or last < len(text):
        pieces.append("…")
    return " ".join("".join(pieces).split())


def _piece(text: str, asked: list[str]) -> int:
    """Where the piece begins in which the passage is sought: the first one that holds most of the words."""
    best, held = 0, 0
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE + LENGTH].translate(variants.simplified()).lower()
        count = sum(word in piece for word in asked if word)
        if count > held:
            best, held = start, count
        if asked and held == len(asked):
            break
    return best


@lru_cache(maxsize=16_384)
def _folded_character(char: str) -> str:
    """Punctuation, digits and blanks come again and again in a text."""
    return fold(char)


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters and its end, the place in the text as written."""
    pieces: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        piece = _folded_character(char)
        pieces.append(piece)
        origin += [place] * len(piece)
    origin.append(len(text))
    return "".join(pieces), origin


def _places(text: str, word: str, most: int = 40) -> list[int]:
    found: list[int] = []
    at = text.find(word)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(word, at + len(word))
    return found


def _window(spots: list[tuple[int, int]], length: int) -> tuple[int, int]:
    """The stretch that holds the most of the spots, beginning a little before the first of them."""
    best, held = 0, -1
    for left, _right in spots:
        count = sum(left <= other and end <= left + LENGTH - LEAD for other, end in spots)
        if count > held:
            best, held = left, count
    start = max(0, best - LEAD) if held > 0 else 0
    return start, min(length, start + LENGTH)


def _merged(spots: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for left, right in spots:
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged
