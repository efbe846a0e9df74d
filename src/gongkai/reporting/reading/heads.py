"""The heads of a table's columns: whether they are those of the form, in its order.

Producers write the heads of narrow columns in two ways: cell after cell (商业企业 科研机构 …), or line after line
across all cells (商业 科研 社会公益 / 企业 机构 组织). The first is read as one run of letters, in which a slip of one
letter in a name is borne and said; the second as columns that the words of each line fill from left to right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.reporting.reading.stream import letters_of

# A name that stands in many reports in place of the form's.
_ALSO: dict[str, tuple[str, ...]] = {"法律服务机构": ("法律服务组织",)}
# Slips in all names of a table together; more are another table.
_MOST_SLIPS = 3
# A head has some 20 words that rarely have a choice.
_MOST_STEPS = 20_000
_MOST_WORDS = 120


@dataclass(frozen=True, slots=True)
class Head:
    """Where the heads of neighbouring columns stand in the letters, and the names that differ: printed, meant."""

    start: int
    stop: int
    slips: tuple[tuple[str, str], ...] = ()


def heads_in(letters: str, names: Sequence[str]) -> Iterator[Head]:
    """The places where the names stand one behind the other, each as in the form or with one slip."""
    names = [letters_of(name) for name in names]
    length = sum(map(len, names))
    place = 0
    while place + length <= len(letters):
        slips = _slips(letters, place, names)
        if slips is None:
            place += 1
            continue
        yield Head(place, place + length, slips)
        place += length


def _slips(letters: str, place: int, names: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
    slips = []
    wrong = 0
    for name in names:
        printed = letters[place : place + len(name)]
        place += len(name)
        if printed == name:
            continue
        differing = sum(one != other for one, other in zip(printed, name, strict=True))
        # Of a name of two letters one slip is half of it.
        if printed not in _ALSO.get(name, ()) and (differing > 1 or len(name) < 4):
            return None
        wrong += 1
        slips.append((printed, name))
    return tuple(slips) if wrong <= _MOST_SLIPS else None


def fill_columns(
    lines: Sequence[Sequence[str]],
    ordered: Sequence[Sequence[str]],
    free: Sequence[str],
    alone: Sequence[str] = (),
) -> bool:
    """Whether the words of the lines are exactly the names, each broken over lines within its own column.

    ordered: groups of names that stand side by side from left to right; two neighbours of a group must share a
    line, for nothing else shows their order, except names in `alone`, which are too short to be broken.
    free: names that may stand anywhere.
    """
    names = [letters_of(name) for group in ordered for name in group] + [letters_of(name) for name in free]
    neighbours = []
    fixed = 0
    for group in ordered:
        for place in range(len(group) - 1):
            if group[place] not in alone and group[place + 1] not in alone:
                neighbours.append((fixed + place, fixed + place + 1))
        fixed += len(group)
    words = [(number, word) for number, line in enumerate(lines) for word in map(letters_of, line) if word]
    if len(words) > _MOST_WORDS or sum(len(word) for _, word in words) != sum(map(len, names)):
        return False
    return _Filling(words, names, neighbours, fixed).possible()


class _Filling:
    """The search for a column for each word."""

    def __init__(
        self,
        words: Sequence[tuple[int, str]],
        names: Sequence[str],
        neighbours: Sequence[tuple[int, int]],
        fixed: int,
    ) -> None:
        self.words, self.names, self.neighbours, self.fixed = words, names, neighbours, fixed
        self.steps = 0
        self.done = [0] * len(names)
        self.on_line: list[set[int]] = [set() for _ in names]

    def possible(self, place: int = 0, last: int = 0) -> bool:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return False
        if place == len(self.words):
            return all(self.on_line[a] & self.on_line[b] for a, b in self.neighbours)
        line, word = self.words[place]
        if place and self.words[place - 1][0] != line:
            last = 0
        for column in (*range(last, self.fixed), *range(self.fixed, len(self.names))):
            if not self.names[column].startswith(word, self.done[column]):
                continue
            new = line not in self.on_line[column]
            self.done[column] += len(word)
            self.on_line[column].add(line)
            if self.possible(place + 1, column if column < self.fixed else last):
                return True
            self.done[column] -= len(word)
            if new:
                self.on_line[column].discard(line)
        return False
