"""Import manifests as the tests make them."""

from datetime import date
from typing import Any

from gongkai.disclosure.models import Item
from gongkai.review import drafts, manifests
from tests.items import approve, drafted

OLD = "http://www.old.gov.cn/art/2019/5/6/art_{n}.html"


def imported(office: Any, n: int = 1, *, day: date | None = date(2019, 5, 6), **content: Any) -> Any:
    """An item as an import begins it: its original address and day are facts of the item."""
    item = drafted(office, **({"title": f"旧站信息第{n}号", "formed_on": "2019-05-06"} | content))
    Item.objects.filter(pk=item.pk).update(origin_address=OLD.format(n=n), first_published_on=day)
    item.refresh_from_db()
    return item


def enlisted(office: Any, number: int = 3, **content: Any) -> tuple[Any, list[Any]]:
    """A manifest with so many items frozen for it: the manifest and their revisions."""
    manifest = manifests.begin(office.actor("handler"), office.agency, "旧网站迁移清单")
    rows = []
    for n in range(1, number + 1):
        item = imported(office, n, **content)
        draft = drafts.draft_of("item", item.pk)
        rows.append(manifests.enlist(office.actor("handler"), manifest, draft))
    return manifest, rows


def approved(office: Any, manifest: Any) -> Any:
    """The manifest submitted and passed by three people: its revision."""
    frozen = manifests.submit(office.actor("handler"), manifest)
    for step in (1, 2, 3):
        approve(office, frozen, step)
    return frozen
