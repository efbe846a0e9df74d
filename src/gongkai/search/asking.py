"""What a visitor typed, understood: the things that a result must hold, each in the ways it may be written."""

import re
from dataclasses import dataclass, replace

from gongkai.search import sounds, synonyms, variants, words

LONGEST_QUERY = 200
MOST_WORDS = 24
# Ways to write one thing that are searched along with the typed one.
MOST_WAYS = 6
_LETTERS = re.compile(r"[a-z'’]+(?: [a-z'’]+)*")


@dataclass(frozen=True)
class Slot:
    """One thing that a result must hold, in any of its ways, the typed one first; letters: it may be pinyin."""

    ways: tuple[str, ...]
    letters: bool = False


@dataclass(frozen=True)
class Asked:
    """text: folded, one line; also: what is searched along with the typed words; shortened: it was longer."""

    text: str
    slots: tuple[Slot, ...] = ()
    numbers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    shortened: bool = False

    @property
    def marked(self) -> list[str]:
        """The words to mark where they stand in a result."""
        found = [word for slot in self.slots for way in slot.ways for word in (way, *words.asked(way))]
        return list(dict.fromkeys(found))

    @property
    def typed(self) -> tuple[str, ...]:
        """The things as they were typed."""
        return tuple(slot.ways[0] for slot in self.slots)


def understand(text: str, *, exact: bool = False) -> Asked:
    """What is asked for. exact: the typed words alone, without synonyms, spellings and pinyin."""
    folded = " ".join(words.fold(text[:LONGEST_QUERY]).split())
    asked = Asked(folded, numbers=tuple(words.numbers(folded)), shortened=len(text) > LONGEST_QUERY)
    if exact:
        return replace(asked, slots=tuple(Slot((word,)) for word in words.asked(folded)[:MOST_WORDS]))
    slots: list[Slot] = []
    at = 0
    for run in _LETTERS.finditer(folded):
        if sounds.typed(run[0]) is None:
            continue
        slots += _chinese(folded[at : run.start()])
        slots.append(Slot((run[0],), letters=True))
        at = run.end()
    slots += _chinese(folded[at:])
    telling = [slot for slot in slots if slot.ways[0] not in words.EMPTY]
    unique = tuple({slot.ways[0]: slot for slot in telling or slots}.values())[:MOST_WORDS]
    also = tuple(dict.fromkeys(way for slot in unique for way in slot.ways[1:]))
    return replace(asked, slots=unique, also=also)


def _chinese(text: str) -> list[Slot]:
    """Known terms with their synonyms and right spellings, the rest word by word."""
    if not text.strip():
        return []
    cut = words.cutter().cut(text)
    borders = {0}
    for word in cut:
        borders.add(max(borders) + len(word))
    known = synonyms.known()
    slots: list[Slot] = []
    at = start = 0
    while at < len(text):
        term = next(
            (
                term
                for term in known.get(text[at], ())
                if text.startswith(term, at) and at in borders and at + len(term) in borders
            ),
            "",
        ) or next((row.wrong for row in variants.misspellings() if text.startswith(row.wrong, at)), "")
        if term:
            slots += [Slot((word,)) for word in _plain(text[start:at])]
            slots.append(Slot((term, *_others(term))))
            at = start = at + len(term)
        else:
            at += 1
    return slots + [Slot((word,)) for word in _plain(text[start:])]


def _plain(text: str) -> list[str]:
    return [word for word in words.cutter().cut(text) if words.is_word(word)]


def _others(term: str) -> list[str]:
    right = [row.right for row in variants.misspellings() if row.wrong == term]
    found = right + [other for one in (term, *right) for other in synonyms.others(one)]
    return [each for each in dict.fromkeys(found) if each != term][:MOST_WAYS]
