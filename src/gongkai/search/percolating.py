"""Searches that wait for what is released: which of very many may have a new entry, and whether one has it.

A kept search has a few terms of which each entry that it finds holds at least one, chosen as rare as may be. An
entry's own terms then name the few searches that are worth asking, however many are kept. Found is what the search
page finds with all of the words; what it offers besides, with some of them, is told to nobody.
"""

import math
from collections.abc import Mapping
from datetime import date

import tantivy

from gongkai.search import index, sounds, words
from gongkai.search.asking import Slot, understand
from gongkai.search.entries import LONGEST_BODY, Entry, type_of
from gongkai.search.index import FACETS
from gongkai.search.matching import LEAST_PAIRS, NEARLY, Matching, all_of, term

LONGEST_TERM = 40
# A search without words waits by its narrowest filter.
BY = ("column", "agency", "type", "validity", "year")


def anchors(text: str, chosen: Mapping[str, str], *, exact: bool = False) -> tuple[str, ...]:
    """The terms of which every entry that the search finds has one; none for a search that asks for nothing."""
    asked = understand(text, exact=exact)
    if not asked.slots:
        return next(((f"{name}={chosen[name]}",) for name in BY if chosen.get(name)), ())
    rarity = _rarity()
    by_slot = [
        found
        for slot in asked.slots
        if (found := [_of_way(slot, way, rarity) for way in slot.ways]) and all(found)
    ]
    if not by_slot:
        return ()
    # The slot whose commonest way is the rarest.
    best = min(by_slot, key=lambda ways: max(rarity(each[0]) for each in ways))
    found = [each for way in best for each in way]
    pairs = sorted(dict.fromkeys(words.grams(asked.text)), key=rarity)
    if len(pairs) >= 2:
        # Nearly the whole title is found too: of so many pairs at least one stands in such a title.
        least = len(pairs) if len(pairs) < LEAST_PAIRS else math.ceil(NEARLY * len(pairs))
        found += pairs[: len(pairs) - least + 1]
    found += [f"#{number}" for number in asked.numbers]
    return tuple(dict.fromkeys(each[:LONGEST_TERM] for each in found))


def _rarity() -> "_Rarity":
    try:
        return _Rarity(index.searcher())
    except index.IndexMissing:
        return _Rarity(None)


class _Rarity:
    """In how many titles a pair stands; without an index all are alike."""

    def __init__(self, searcher: tantivy.Searcher | None) -> None:
        self._searcher = searcher

    def __call__(self, pair: str) -> int:
        if len(pair) == 1:
            return 1 << 30
        return self._searcher.doc_freq("gram", pair) if self._searcher else 0


def _of_way(slot: Slot, way: str, rarity: _Rarity) -> list[str]:
    """Terms of which an entry with this way of the slot has one: a pair of its characters, or its sounds."""
    told = words.asked(way)
    if not told:
        return []
    pairs = [pair for word in told for pair in words.grams(word)]
    found = [min(pairs, key=rarity)]
    if slot.letters and (letters := sounds.typed(way)):
        heard = sounds.pairs_of([sounds.fuzzy(one) for one in sounds.split(letters) or []])
        found += [f"~{each}" for each in (*heard[:1], *sounds.initials(letters)[:1])]
    return found


def terms(kind: str, entry: Entry) -> set[str]:
    """All by which kept searches may wait for an entry."""
    body = "\n".join(part for part in (entry.body, entry.files_text) if part)[:LONGEST_BODY]
    everything = " ".join((entry.title, entry.summary, *entry.names, *entry.numbers, body))
    numbers = words.numbers(" ".join((*entry.numbers, entry.title)))
    found = {*words.grams(everything), *words.characters(everything)}
    found |= {f"#{number}" for number in numbers}
    found |= {f"~{sound}" for sound in sounds.terms(words.fold(entry.title))}
    found |= {f"{name}={value}" for name, value in facets(kind, entry).items() if value}
    return {each[:LONGEST_TERM] for each in found}


def facets(kind: str, entry: Entry) -> dict[str, str]:
    """What an entry has of each filter."""
    values = (
        entry.agency_code or entry.agency,
        entry.column,
        str(entry.on.year),
        type_of(kind, entry),
        entry.mark[0] if entry.mark else "",
    )
    return dict(zip(FACETS, values, strict=True))


def fits(
    kind: str, entry: Entry, chosen: Mapping[str, str], since: date | None = None, until: date | None = None
) -> bool:
    """Whether an entry has the values that a search is narrowed to."""
    has = facets(kind, entry)
    within = (since is None or since <= entry.on) and (until is None or entry.on <= until)
    return within and all(has.get(name) == value for name, value in chosen.items() if value)


class Asking:
    """One indexed entry, of which kept searches are asked. Raises index.IndexMissing."""

    def __init__(self, key: str) -> None:
        self._searcher, self._schema = index.searcher(), index.schema()
        self._matching = Matching(self._searcher, self._schema)
        self._only = term(self._schema, "key", key, 0.0)

    def indexed(self) -> bool:
        """Whether the index holds the entry at all."""
        return bool(self._searcher.search(self._only, limit=1, count=False).hits)

    def has(self, text: str, *, exact: bool = False) -> bool:
        """Whether the search page finds the entry with all words of the text."""
        wanted = self._matching.strict(understand(text, exact=exact))
        if wanted is None:
            return False
        return bool(self._searcher.search(all_of(self._only, wanted), limit=1, count=False).hits)
