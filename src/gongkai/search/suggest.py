"""Suggestions while typing: titles and numbers that begin with what was typed, contain it, or sound like it."""

import json
from dataclasses import dataclass

from gongkai.review.models import Release
from gongkai.search import index, sounds, words
from gongkai.search.matching import Query, all_of, term

MOST = 8
LONGEST = 60


@dataclass(frozen=True)
class Suggestion:
    """A released page whose title or number was begun."""

    title: str
    url: str
    number: str


def suggest(text: str, *, most: int = MOST) -> list[Suggestion]:
    """Up to `most` released pages: those that begin so first, then those that contain it or sound so. Raises
    index.IndexMissing."""
    folded = words.fold(text[:LONGEST])
    typed = "".join(words.characters(folded))
    if not typed:
        return []
    searcher, schema = index.searcher(), index.schema()
    ways: list[Query] = [term(schema, "head", typed[: index.LONGEST_HEAD + 8])]
    if len(typed) > 1:
        ways.append(all_of(*(term(schema, "gram", pair) for pair in words.grams(typed))))
    letters = sounds.typed(folded)
    if letters:
        pairs = sounds.pairs_of([sounds.fuzzy(one) for one in sounds.split(letters) or []])
        if pairs:
            ways.append(all_of(*(term(schema, "sound", pair) for pair in pairs)))
        if len(letters) <= 16:
            ways.append(all_of(*(term(schema, "sound", each) for each in sounds.initials(letters))))
    found: dict[int, Suggestion] = {}
    for way in ways:
        if len(found) >= most:
            break
        hits = searcher.search(way, limit=most, count=False).hits
        docs = [searcher.doc(address) for _score, address in hits]
        live = set(
            Release.objects.filter(
                pk__in=[doc["release"][0] for doc in docs], withdrawal__isnull=True
            ).values_list("pk", flat=True)
        )
        for doc in docs:
            release = doc["release"][0]
            if release in live and release not in found:
                said = json.loads(doc["shown"][0])
                found[release] = Suggestion(said["title"], said["url"], said["number"])
    return list(found.values())[:most]
