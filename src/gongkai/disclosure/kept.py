"""What is kept of released items beside them, held to the releases and made anew from them.

The entry of a standard catalogue that an item answers, the point of a project for which it stands, the subject of a
question and the document that an interpretation explains are caches: each follows from the frozen content of what is
live. `gongkai check` compares them and mends what differs.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from gongkai.disclosure import interpretations, projects, questions, standards
from gongkai.disclosure.models import Interpretation, Item, ProjectItem, Question, StandardAnswer
from gongkai.review.models import Content
from gongkai.review.submission import content_of

AT_ONCE, TOLD = 500, 20
Said = tuple[Any, ...]


@dataclass(frozen=True)
class Cache:
    """One table with a row for some of the items.

    said: of an item and its content, the columns of its row, or None where it has none. keep: writes the row anew
    from them. gone: whether no row stays when the item is not public.
    """

    label: str
    model: type[Model]
    columns: tuple[str, ...]
    said: Callable[[Item, Mapping[str, Any]], Said | None]
    keep: Callable[[Item, Mapping[str, Any]], None]
    gone: bool


def _question(item: Item, content: Mapping[str, Any]) -> None:
    Question.objects.filter(item=item).delete()
    if content.get("variety") == questions.CODE:
        questions.entered(item, content)


def _interpretation(item: Item, content: Mapping[str, Any]) -> None:
    Interpretation.objects.filter(item=item).delete()
    if content.get("variety") == interpretations.CODE:
        interpretations.entered(item, content)


CACHES = (
    Cache(
        "标准目录事项",
        StandardAnswer,
        ("code", "agency_id", "released_at"),
        standards.answer_of,
        standards.released,
        gone=True,
    ),
    Cache(
        "项目公开环节",
        ProjectItem,
        ("project_id", "point", "on", "until"),
        projects.point_of,
        projects.released,
        gone=True,
    ),
    Cache(
        "咨询答问", Question, ("subject", "policy_id", "released_at"), questions.row_of, _question, gone=False
    ),
    Cache(
        "政策解读", Interpretation, ("policy_id", "form"), interpretations.row_of, _interpretation, gone=False
    ),
)


def differences(*, repair: bool = False) -> list[str]:
    """What `gongkai check` says of them: a sentence for each item, of many the first; none after a repair."""
    wrong: list[tuple[Cache, Item]] = []
    for items in _public():
        contents = _contents(items)
        for cache in CACHES:
            there = _rows(cache, items)
            for item in items:
                content = contents.get(item.pk)
                if content is not None and there.get(item.pk) != cache.said(item, content):
                    wrong.append((cache, item))
    for cache in CACHES:
        if cache.gone:
            left = cache.model._default_manager.filter(item__live=None).select_related("item__agency")
            wrong += [(cache, row.item) for row in left.iterator(chunk_size=AT_ONCE)]
    if repair:
        for cache, item in wrong:
            _mend(cache, item)
        return standards.differences(repair=True)
    said = [
        f"信息“{item.title}”的{cache.label}与发布记录不符；运行 gongkai check --repair。"
        for cache, item in wrong[:TOLD]
    ]
    if len(wrong) > TOLD:
        said.append(f"另有{len(wrong) - TOLD}处同类不符。")
    return said + standards.differences()


def _public() -> Iterator[list[Item]]:
    """The public items, so many at once."""
    rows = Item.objects.filter(live__isnull=False).select_related("agency", "live").order_by("pk")
    found: list[Item] = []
    for item in rows.iterator(chunk_size=AT_ONCE):
        found.append(item)
        if len(found) == AT_ONCE:
            yield found
            found = []
    yield found


def _contents(items: list[Item]) -> dict[Any, Mapping[str, Any]]:
    """The frozen contents of public items, by the item's key."""
    texts = dict(
        Content.objects.filter(pk__in=[item.live.digest for item in items]).values_list("pk", "text")
    )
    return {
        item.pk: json.loads(texts[item.live.digest])["content"] for item in items if item.live.digest in texts
    }


def _rows(cache: Cache, items: list[Item]) -> dict[Any, Said]:
    rows = cache.model._default_manager.filter(item__in=[item.pk for item in items])
    return {row[0]: row[1:] for row in rows.values_list("item_id", *cache.columns)}


def _mend(cache: Cache, item: Item) -> None:
    """Write the row of one item anew, from what is live once nobody else releases it."""
    with transaction.atomic():
        now = Item.objects.select_for_update(of=("self",)).select_related("agency", "live").get(pk=item.pk)
        content = content_of(now.live.digest) if now.live is not None else None
        cache.keep(now, content or {})
