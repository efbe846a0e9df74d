"""Published items that may be what somebody is about to apply for."""

from typing import Any
from uuid import UUID

from gongkai.portal import lists
from gongkai.review.models import Release
from gongkai.search import index
from gongkai.search.query import likely

SHOWN = 5
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
