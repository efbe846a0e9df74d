"""Terms that mean the same for a search: data that the system administrator edits, asked anew on each question.

A group is loaded from data/synonyms.json once; afterwards the table counts. Words are widened when they are asked
for, not when they are indexed, so an edit acts at once.
"""

import threading

from gongkai.search import words
from gongkai.search.models import SynonymGroup, SynonymState

_lock = threading.Lock()
_kept: tuple[int, dict[str, list[str]], dict[str, tuple[str, ...]]] | None = None


def _tables() -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]]]:
    """By first character the terms, the longest first; by term the others of its groups."""
    global _kept
    version = SynonymState.objects.values_list("version", flat=True).first() or 0
    with _lock:
        if _kept is None or _kept[0] != version:
            first: dict[str, list[str]] = {}
            others: dict[str, list[str]] = {}
            for terms in SynonymGroup.objects.filter(active=True).values_list("terms", flat=True):
                folded = [words.fold(term) for term in terms]
                for term in folded:
                    others.setdefault(term, []).extend(one for one in folded if one != term)
            for term in sorted(others, key=lambda term: (-len(term), term)):
                first.setdefault(term[0], []).append(term)
            _kept = version, first, {term: tuple(dict.fromkeys(rest)) for term, rest in others.items()}
        return _kept[1], _kept[2]


def known() -> dict[str, list[str]]:
    """The terms of all groups in use, folded, by their first character, the longest first."""
    return _tables()[0]


def others(term: str) -> tuple[str, ...]:
    """What means the same as a folded term."""
    return _tables()[1].get(term, ())
