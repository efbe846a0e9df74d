"""Copied text: passages that two reports have in common, with their places in both.

The form itself makes "内容雷同" a fault (国办公开办函〔2021〕30号（四）). Compared are the texts of parts one, five, six and
the opening, without spaces and punctuation and with every number as one sign, so that a text with new figures is
still the same text. What the form, the law or our own starting texts prescribe is no copying.

Fingerprints by winnowing (Schleimer, Wilkerson, Aiken 2003): of each run of windows the smallest hash is kept, so
any passage of LEAST characters in common has a fingerprint in common. An index over all texts finds the pairs; a
fingerprint that very many texts have (a phrase of the trade) names only the first few of them, so the work grows
with the number of texts and not with its square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gongkai.reporting.inspection.lists import load
from gongkai.reporting.inspection.narrative import Narrative
from gongkai.rulebook.report_form import PARTS

_GRAM = 13
_WINDOW = 12
LEAST = _GRAM + _WINDOW - 1
"""A common passage of so many letters is found for certain; a shorter one is no copy but a turn of phrase."""

_GAP = 8
"""Passages parted by so few letters in both texts are one: a word was changed."""

_SHOWN = 30
"""A passage of at least so many letters is shown."""

_POSTINGS = 12
"""So many texts of one fingerprint are compared with; the others have the same passage anyway."""

_CANDIDATES = 8
"""With so many other texts, those with the most fingerprints in common, one text is compared."""

ALIKE = 0.2
"""From this share of its letters on a text is told as similar to another agency's."""

ALIKE_LAST_YEAR = 0.4
"""The same for the agency's own report of last year, of which more may rightly return."""

LONG_PASSAGE = 120
"""A passage of so many letters is told whatever its share."""

_BOUND = re.compile(r"\{\{[^{}]*\}\}")
_LETTERS = re.compile(r"\d+(?:\.\d+)?%?|[^\W_]")
"""What of a line is compared: letters and characters; a number of whatever size is one sign."""

_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, eq=False)
class Compared:
    """A text ready to be compared: its letters, and for each the number of its line and its place in `text`.

    `prescribed` marks the letters that the form, the law or a starting text prescribes.
    """

    name: str
    letters: str
    lines: np.ndarray[tuple[int], np.dtype[np.int32]] = field(repr=False)
    prescribed: np.ndarray[tuple[int], np.dtype[np.bool_]] = field(repr=False)
    own: int
    """How many letters are not prescribed."""

    text: str = field(repr=False)
    spans: np.ndarray[tuple[int, int], np.dtype[np.int32]] = field(repr=False)

    @cached_property
    def prints(self) -> Mapping[int, int]:
        """Its fingerprints: hash → the place of the first letter. None of what is prescribed."""
        return _fingerprints(self)

    def words(self, start: int, end: int) -> str:
        """What was written there, with its punctuation and figures."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in common: as written in the one text, its letters, its first and last line in both texts."""

    words: str
    length: int
    lines: tuple[int, int]
    other_lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of a text stands in another one: `share` of its own letters, and the passages, longest first."""

    name: str
    other: str
    share: float
    passages: tuple[Passage, ...]

    def told(self, last_year: bool = False) -> bool:
        """Whether it is worth a warning."""
        longest = self.passages[0].length if self.passages else 0
        return self.share >= (ALIKE_LAST_YEAR if last_year else ALIKE) or (
            not last_year and longest >= LONG_PASSAGE
        )


def compared(name: str, lines: Iterable[tuple[int, str]]) -> Compared:
    """A text, by its numbered lines, ready to be compared under a name."""
    letters: list[str] = []
    numbers: list[int] = []
    spans: list[tuple[int, int]] = []
    written: list[str] = []
    length = 0
    for number, line in lines:
        stripped = line.strip()
        for found in _LETTERS.finditer(stripped):
            letters.append("0" if found[0][0].isdigit() else found[0])
            numbers.append(number)
            spans.append((length + found.start(), length + found.end()))
        written.append(stripped)
        length += len(stripped)
    text = "".join(letters)
    prescribed = _prescribed(text)
    own = int(len(text) - prescribed.sum())
    return Compared(
        name,
        text,
        np.array(numbers, np.int32),
        prescribed,
        own,
        "".join(written),
        np.array(spans, np.int32).reshape(-1, 2),
    )


def of_narrative(name: str, narrative: Narrative) -> Compared:
    """The text of a report, ready to be compared."""
    return compared(name, ((line.number, line.text) for line in narrative.lines()))


def likenesses(texts: Sequence[Compared]) -> Mapping[int, tuple[Likeness, ...]]:
    """For each text by its place in `texts` the others that it resembles, most alike first; none are left out."""
    index: dict[int, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for value in text.prints:
            index[value].append(place)
    found = {}
    for place, text in enumerate(texts):
        common: Counter[int] = Counter()
        for value in text.prints:
            holders = index[value]
            if len(holders) > 1:
                common.update(other for other in holders[: _POSTINGS + 1] if other != place)
        rows = (
            likeness(text, texts[other]) for other, shared in common.most_common(_CANDIDATES) if shared > 1
        )
        found[place] = tuple(sorted((row for row in rows if row.passages), key=lambda row: -row.share))
    return found


def resembling(text: Compared, others: Iterable[Compared]) -> tuple[Likeness, ...]:
    """Which of these a text resembles, most alike first, as `likenesses` would say."""
    shared = ((len(text.prints.keys() & other.prints.keys()), other) for other in others)
    candidates = sorted((one for one in shared if one[0] > 1), key=lambda one: -one[0])[:_CANDIDATES]
    rows = (likeness(text, other) for _, other in candidates)
    return tuple(sorted((row for row in rows if row.passages), key=lambda row: -row.share))


# Letters and fingerprints --------------------------------------------------------------------------------


def _letters(text: str) -> str:
    return "".join("0" if found[0].isdigit() else found for found in _LETTERS.findall(text))


def _hashes(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """The hash of each run of _GRAM letters."""
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    length = len(codes) - _GRAM + 1
    if length < 1:
        return np.zeros(0, np.uint64)
    values = np.zeros(length, np.uint64)
    with np.errstate(over="ignore"):
        for step in range(_GRAM):
            values = values * _BASE + codes[step : step + length]
        # The low bits of a polynomial depend on few letters: mix them before the smallest is chosen.
        values ^= values >> np.uint64(29)
        values *= _BASE
        values ^= values >> np.uint64(32)
    return values


def _fingerprints(text: Compared) -> dict[int, int]:
    """Hash → the place of its first letter, of the smallest hash of each window; none of what is prescribed."""
    values = _hashes(text.letters)
    if not len(values):
        return {}
    usable = ~sliding_window_view(text.prescribed, _GRAM).any(axis=1)
    kept = np.where(usable, values, np.iinfo(np.uint64).max)
    if len(kept) >= _WINDOW:
        windows = sliding_window_view(kept, _WINDOW)
        places = np.unique(windows.argmin(axis=1) + np.arange(len(windows)))
    else:
        places = np.array([int(kept.argmin())])
    return {int(values[place]): int(place) for place in places[::-1] if usable[place]}


@cache
def _stock() -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """The hashes of what is prescribed, sorted."""
    texts = Path(__file__).parents[1] / "texts"
    sources = [_BOUND.sub("0", path.read_text("utf-8")) for path in sorted(texts.glob("*.txt"))]
    sources += [part.numbered_heading for part in PARTS]
    sources += load("prescribed")["texts"]
    hashes = [_hashes(_letters(line)) for source in sources for line in source.splitlines()]
    return np.unique(np.concatenate(hashes))


def _prescribed(text: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each letter whether it stands in a run that is prescribed."""
    values = _hashes(text)
    marks = np.zeros(len(text), np.bool_)
    known = _stock()
    places = np.searchsorted(known, values)
    places[places == len(known)] = 0
    for start in np.flatnonzero(known[places] == values):
        marks[start : start + _GRAM] = True
    return marks


# Passages ------------------------------------------------------------------------------------------------


def likeness(text: Compared, other: Compared) -> Likeness:
    """How much of one text stands in another."""
    runs = _runs(text, other)
    covered = np.zeros(len(text.letters), np.bool_)
    for start, end, _, _ in runs:
        covered[start:end] = True
    covered &= ~text.prescribed
    passages = [
        Passage(
            text.words(start, end),
            end - start,
            (int(text.lines[start]), int(text.lines[end - 1])),
            (int(other.lines[first]), int(other.lines[last - 1])),
        )
        for start, end, first, last in runs
        if end - start >= _SHOWN
    ]
    passages.sort(key=lambda one: -one.length)
    share = float(covered.sum()) / text.own if text.own else 0.0
    return Likeness(text.name, other.name, share, tuple(passages))


def _runs(text: Compared, other: Compared) -> list[tuple[int, int, int, int]]:
    """Stretches in common, (start, end) in both texts: from each common fingerprint as far as the letters agree."""
    a, b = text.letters, other.letters
    own, others = text.prints, other.prints
    found: list[tuple[int, int, int, int]] = []
    reached: dict[int, int] = {}
    for place, there in sorted((own[value], others[value]) for value in own.keys() & others.keys()):
        # On one diagonal a stretch that was followed is not followed again.
        if reached.get(place - there, -1) >= place:
            continue
        if a[place : place + _GRAM] != b[there : there + _GRAM]:
            continue
        start, first = _back(a, b, place, there)
        end, last = _on(a, b, place + _GRAM, there + _GRAM)
        reached[place - there] = end
        if end - start >= LEAST // 2:
            found.append((start, end, first, last))
    return [run for run in _joined(found) if run[1] - run[0] >= LEAST]


def _back(a: str, b: str, place: int, there: int) -> tuple[int, int]:
    while place and there and a[place - 1] == b[there - 1]:
        place, there = place - 1, there - 1
    return place, there


def _on(a: str, b: str, place: int, there: int) -> tuple[int, int]:
    while place < len(a) and there < len(b) and a[place] == b[there]:
        place, there = place + 1, there + 1
    return place, there


def _joined(runs: Sequence[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Runs that follow one another in both texts with a small gap, as one."""
    current: tuple[int, int, int, int] | None = None
    for run in sorted(runs):
        if current is not None and 0 <= run[0] - current[1] <= _GAP and 0 <= run[2] - current[3] <= _GAP:
            current = (current[0], run[1], current[2], run[3])
            continue
        if current is not None:
            if run[1] <= current[1]:
                continue
            yield current
        current = run
    if current is not None:
        yield current
