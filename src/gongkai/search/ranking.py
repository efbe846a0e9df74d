"""The order among the best results: how much of what was asked stands in the title, in which order, and how little else.

The index weighs words by how rare they are; here the title is read as a whole, character by character, so that
words left out, turned around, shortened or misspelt cost no more than what they change.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Weights: characters in common, neighbours in common, in the same order, the share of the title they are,
# and the score of the index relative to the best. Set on drawn queries of benchmarks/search_quality.py with
# seeds other than that of the figures told.
SHARED, NEIGHBOURS, ORDERED, WHOLE, INDEX = 1.0, 1.2, 0.8, 0.5, 0.6
# A document number that was asked for comes before all that, and each further form of it, as that with the issuer's
# mark, before the bare one.
NUMBER = 10.0


@dataclass(frozen=True)
class Found:
    """One result: its score of the index, its title as characters, its numbers in the form of the index."""

    score: float
    title: Sequence[str]
    numbers: Sequence[str] = ()


@dataclass(frozen=True)
class Wanted:
    """What was asked for, as characters, and the numbers in it."""

    chars: tuple[str, ...]
    numbers: frozenset[str] = frozenset()

    def likeness(self, title: Sequence[str]) -> float:
        """How well a title, as characters, answers: 0 for nothing in common."""
        if not self.chars or not title:
            return 0.0
        size = len(self.chars)
        shared = sum((Counter(self.chars) & Counter(title)).values())
        pairs = Counter(pairwise(self.chars))
        theirs = Counter(pairwise(title))
        near = sum((pairs & theirs).values()) / (size - 1) if size > 1 else shared / size
        ordered = _common(self.chars, title)
        return (
            SHARED * shared / size
            + NEIGHBOURS * near
            + ORDERED * ordered / size
            + WHOLE * shared / max(size, len(title))
        )


def order(wanted: Wanted, found: Sequence[Found]) -> list[int]:
    """The places of the results, the best first."""
    best = max((each.score for each in found), default=0.0) or 1.0
    weighed = [
        wanted.likeness(each.title)
        + INDEX * each.score / best
        + NUMBER * len(wanted.numbers.intersection(each.numbers))
        for each in found
    ]
    return sorted(range(len(found)), key=lambda at: -weighed[at])


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """Length of the longest common subsequence, in whole numbers as rows of bits (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << at
    full = (1 << len(one)) - 1
    row = full
    for char in two:
        match = row & places.get(char, 0)
        row = ((row + match) | (row - match)) & full
    return len(one) - row.bit_count()
