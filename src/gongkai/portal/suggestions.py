"""Published items that may be what somebody is about to apply for, or has begun to type."""

from typing import Any
from uuid import UUID

from gongkai.channels import addresses
from gongkai.disclosure.models import Column
from gongkai.portal import lists
from gongkai.review.models import Release
from gongkai.search import index, sounds, words
from gongkai.search.asking import LONGEST_QUERY
from gongkai.search.query import count, likely
from gongkai.search.suggest import suggest

SHOWN = 5
MOST_TYPING = 8
SHORTEST = 2


def for_text(text: str) -> list[dict[str, Any]]:
    """Up to five as {title, url, date, agency, number, validity, item}, the likeliest first; item: the id of an
    item, empty for anything else that is published."""
    if len(text.strip()) < SHORTEST:
        return []
    try:
        found = likely(text, limit=SHOWN)
    except index.IndexMissing:
        return []
    items = _items(hit.release for hit in found)
    return [lists.hit(each) | {"item": items.get(each.release, "")} for each in found]


def _items(releases: Any) -> dict[int, UUID]:
    rows = Release.objects.filter(pk__in=list(releases), subject_kind="item")
    return dict(rows.values_list("pk", "subject_id"))


def while_typing(text: str) -> list[dict[str, str]]:
    """Up to eight {label, url, kind} for what was typed so far: columns first, then released pages; kind: column or
    page. Nothing that is not released."""
    if not text:
        return []
    try:
        pages = suggest(text)
    except index.IndexMissing:
        pages = []
    columns = [{"label": row["label"], "url": row["url"], "kind": "column"} for row in columns_like(text)[:2]]
    rows = [{"label": page.title, "url": page.url, "kind": "page"} for page in pages]
    return (columns + rows)[:MOST_TYPING]


def columns_like(text: str) -> list[dict[str, str]]:
    """Columns in use whose name or description holds a word of the text, or whose name sounds like it."""
    asked = [word for word in words.asked(text[:LONGEST_QUERY]) if len(word) > 1]
    letters = sounds.typed(words.fold(text))
    found = []
    for code, name, about in Column.objects.filter(active=True).values_list("code", "name", "description"):
        folded = words.fold(name)
        score = 2 * sum(word in folded for word in asked) + sum(word in words.fold(about) for word in asked)
        if letters and any("".join(part).startswith(letters) for part in _spoken(folded)):
            score += 2
        if score:
            url = addresses.folder_url(addresses.column_folder(code))
            found.append((score, {"label": name, "url": url}))
    return [row for _score, row in sorted(found, key=lambda pair: -pair[0])][:SHOWN]


def _spoken(name: str) -> tuple[list[str], list[str]]:
    """The syllables of a name, and their initials."""
    said = sounds.spoken(name)
    return said, [syllable[0] for syllable in said]


def single_words(text: str) -> list[tuple[str, int]]:
    """The words of a text by which alone something is found, each with how much."""
    asked = [word for word in words.asked(text[:LONGEST_QUERY]) if len(word) > 1]
    if len(asked) < 2:
        return []
    try:
        counted = [(word, count(word)) for word in asked[:SHOWN]]
    except index.IndexMissing:
        return []
    return [(word, found) for word, found in counted if found]
