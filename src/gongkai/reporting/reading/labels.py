"""Row labels that are shortened, misspelt or mixed with the side headings of the form.

A label is sought between its neighbours in the form, as the stretch of text that costs least to turn into it. It is
taken only where no other label of the table fits as well, where nothing unexplained stands beside it, and where
all labels stand in the order of the form; the reader says every label that was taken so.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

# A letter that is left out costs 1, one that is another or too many 2.
_OUT, _WRONG = 1, 2
# A label of the same text must cost so much more than the one that is taken.
_MARGIN = 2
ONE_LETTER = _WRONG
"""What one wrong letter costs."""
_ORDINALS = frozenset("一二三四五六七八九十1234567890")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The stretch of a text that is most like a label, and how unlike it is."""

    start: int
    stop: int
    cost: int


def likeness(
    text: str,
    label: str,
    aside: Sequence[bool],
    before: Sequence[int] | None = None,
    behind: Sequence[int] | None = None,
) -> Likeness:
    """The stretch of `text` nearest to `label`. Letters that are `aside` may be skipped at no cost.

    `before` and `behind`: for each place between two letters, how many letters touch it on that side; a stretch
    that begins or ends there leaves them over, as letters too many.
    """
    costs = [_WRONG * count for count in before] if before else [0] * (len(text) + 1)
    starts = list(range(len(text) + 1))
    for letter in label:
        above, above_starts = costs, starts
        costs, starts = [above[0] + _OUT], [above_starts[0]]
        for place, found in enumerate(text, 1):
            best, start = above[place] + _OUT, above_starts[place]
            same = above[place - 1] + (0 if found == letter else _WRONG)
            if same <= best:
                best, start = same, above_starts[place - 1]
            more = costs[-1] + (0 if aside[place - 1] else _WRONG)
            if more < best:
                best, start = more, starts[-1]
            costs.append(best)
            starts.append(start)
    ends = [cost + _WRONG * count for cost, count in zip(costs, behind, strict=True)] if behind else costs
    stop = min(range(len(text) + 1), key=lambda place: (ends[place], place - starts[place]))
    return Likeness(starts[stop], stop, ends[stop])


def _bearable(label: str, found: Likeness) -> bool:
    """A quarter of the letters wrong or half of them left out; of four letters one."""
    if len(label) < 4:
        return found.cost == 0
    return found.cost <= min(len(label) // 2, 8) and found.stop - found.start >= max(3, len(label) // 2)


def place_labels(
    letters: str,
    aside: Sequence[bool],
    labels: Mapping[str, Sequence[str]],
    known: Mapping[str, tuple[int, int]],
    cuts: Set[int],
    begin: int = 0,
) -> dict[str, Likeness]:
    """For rows of `labels` (in the form's order) that are not in `known`, where each stands.

    letters: the text. aside: which letters are side headings or repeated heads. known: the rows whose labels stand
    there as in the form. cuts: the places at which figures stand. begin: where the heads of the columns end.
    """
    order = [row for row in labels if row in known]
    if any(known[one] > known[other] for one, other in pairwise(order)):
        return {}
    found: dict[str, Likeness] = {}
    for row in labels:
        if (
            row not in known
            and (place := _place(row, letters, aside, labels, known, cuts, begin)) is not None
        ):
            found[row] = place
    places = {row: (one.start, one.stop) for row, one in found.items()} | dict(known)
    wrong = _out_of_order(labels, places)
    return {row: one for row, one in found.items() if row not in wrong}


def _place(
    row: str,
    letters: str,
    aside: Sequence[bool],
    labels: Mapping[str, Sequence[str]],
    known: Mapping[str, tuple[int, int]],
    cuts: Set[int],
    begin: int,
) -> Likeness | None:
    rows = list(labels)
    before = [known[one][1] for one in rows[: rows.index(row)] if one in known]
    after = [known[one][0] for one in rows[rows.index(row) :] if one in known]
    start, stop = max(before, default=begin), min(after, default=len(letters))
    window, free = letters[start:stop], aside[start:stop]
    touching = _touching(window, free, {cut - start for cut in cuts})
    best: tuple[float, Likeness] | None = None
    for label in labels[row]:
        found = likeness(window, label, free, *touching)
        if _bearable(label, found) and (best is None or found.cost / len(label) < best[0]):
            best = (found.cost / len(label), found)
    if best is None:
        return None
    place = best[1]
    # The same label twice is not placed: nobody knows which of the two is meant.
    without = window[: place.start] + " " * (place.stop - place.start) + window[place.stop :]
    again = ((label, likeness(without, label, free, *touching)) for label in labels[row])
    if any(_bearable(label, second) and second.cost < place.cost + _MARGIN for label, second in again):
        return None
    stretch, own = window[place.start : place.stop], free[place.start : place.stop]
    others = (label for other, wordings in labels.items() if other != row for label in wordings)
    if any(unlikeness(stretch, label, own) < place.cost + _MARGIN for label in others):
        return None
    return Likeness(start + place.start, start + place.stop, place.cost)


def unlikeness(stretch: str, label: str, aside: Sequence[bool] | None = None) -> int:
    """What it costs to turn all of a stretch into a label."""
    free = aside or [False] * len(stretch)
    found = likeness(stretch, label, free)
    rest = [*range(found.start), *range(found.stop, len(stretch))]
    return found.cost + _WRONG * sum(not free[place] for place in rest)


def _touching(window: str, aside: Sequence[bool], cuts: Set[int]) -> tuple[list[int], list[int]]:
    """For each place how many letters touch it before and behind, up to figures, known words and numbers."""
    counted = [not free and letter not in _ORDINALS for letter, free in zip(window, aside, strict=True)]
    before, behind = [0] * (len(window) + 1), [0] * (len(window) + 1)
    for place in range(1, len(window) + 1):
        before[place] = 0 if place in cuts or not counted[place - 1] else before[place - 1] + 1
    for place in range(len(window) - 1, -1, -1):
        behind[place] = 0 if place in cuts or not counted[place] else behind[place + 1] + 1
    return before, behind


def _out_of_order(labels: Mapping[str, Sequence[str]], every: Mapping[str, tuple[int, int]]) -> set[str]:
    """The rows that overlap or stand before a row that precedes them in the form."""
    rows = [row for row in labels if row in every]
    return {row for pair in pairwise(rows) if every[pair[0]][1] > every[pair[1]][0] for row in pair}
