"""Service guides on the public site: the page laid out for who needs something done, and the list of all guides."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.channels.renderers import Page, Standing
from gongkai.disclosure import services
from gongkai.disclosure.models import Item
from gongkai.portal import lists, rendering, said, varieties
from gongkai.portal.varieties import Block, Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.rulebook.service_guides import ELEMENTS

SHELF, SHOWN = "services/index.html", 500
# What is asked first, as tiles; then the long parts in the order in which somebody goes through them.
AT_A_GLANCE = ("where", "hours", "phone", "term", "fee", "result")
IN_ORDER = ("who", "bring", "steps", "basis", "complaints")


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """Of a service guide: its elements in the order of who needs them; a missing one is not hidden."""
    more = content.get("more") or {}
    labels = {element.code: element.label for element in ELEMENTS}
    block = {
        "facts": [
            {"label": labels[code], "value": str(more.get(code, "")) or _("not stated; ask by telephone")}
            for code in AT_A_GLANCE
        ],
        "parts": [
            {
                "label": labels[code],
                "lines": [line for line in str(more.get(code, "")).splitlines() if line.strip()],
            }
            for code in IN_ORDER
            if more.get(code)
        ],
        "online": str(more.get(services.ONLINE, "")),
        "forms": bool(content["attachments"]),
    }
    return Shown(before=(Block("portal/partials/service.html", block),))


def beside(item: UUID | None) -> Iterable[Standing]:
    """The list of guides, where the item is one or was one."""
    if item is None or any(content.get("variety") == services.CODE for content in said.lately(item)):
        yield Standing("services", index)


@in_chinese
def index() -> list[Page]:
    """Every guide that is public, by agency."""
    items = Item.objects.filter(variety=services.CODE, state=Item.State.PUBLIC)
    groups: dict[str, list[Item]] = {}
    for item in items.select_related("agency", "normative").order_by("-released_at", "-id")[:SHOWN]:
        groups.setdefault(item.agency.name, []).append(item)
    shown: list[dict[str, Any]] = [
        {"label": name, "items": lists.rows(sorted(rows, key=lambda item: item.title))}
        for name, rows in groups.items()
    ]
    page = rendering.page(
        "portal/services.html", groups=shown, section="catalogue", breadcrumb=[{"label": _("Service guides")}]
    )
    return [(SHELF, page)]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.register(services.CODE, show)
    varieties.beside(beside)
