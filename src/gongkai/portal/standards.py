"""The standard catalogues on the public site: the fields, the entries of each with what is published, one page an entry.

Texts of a catalogue are those of the imported national or local form; everything else is counted or linked.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery, Sum, UUIDField
from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses, parts
from gongkai.channels.renderers import Page, Standing
from gongkai.disclosure import standards
from gongkai.disclosure.models import Item, StandardAnswer, StandardCount, StandardEntry, StandardField
from gongkai.journal import clock
from gongkai.portal import lists, rendering, said, varieties
from gongkai.portal.varieties import Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.rulebook.standards import ON_APPLICATION

NEWEST = 50


def field_path(code: str) -> str:
    return f"standards/{addresses.segment(code)}/index.html"


def entry_path(entry: StandardEntry) -> str:
    return (
        f"standards/{addresses.segment(entry.edition.field.code)}/{addresses.segment(entry.code)}/index.html"
    )


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """Of any item: the entry that it answers."""
    row = standards.entry(str(content.get("standard", "")), clock.today())
    if row is None:
        return Shown()
    words = f"{row.edition.field.name}·{row}"
    return Shown(
        facts=(
            {"label": _("Standard catalogue entry"), "value": words, "url": addresses.url(entry_path(row))},
        )
    )


def beside(item: UUID | None) -> Iterable[Standing]:
    """The pages of the catalogues that show an item or showed it; all for None."""
    yield Standing("standards", index)
    if item is None:
        yield from _of(standards.entries(clock.today()))
        return
    codes = {str(content.get("standard", "")) for content in said.lately(item)} - {""}
    if codes:
        yield from _of(standards.entries(clock.today()).filter(code__in=codes))


def _of(entries: Iterable[StandardEntry]) -> Iterable[Standing]:
    fields: dict[str, list[StandardEntry]] = {}
    for each in entries:
        fields.setdefault(each.edition.field.code, []).append(each)
    for code, rows in fields.items():
        yield Standing(f"standards:{code}", lambda code=code: field(code), places=(field_path(code),))
        for row in rows:
            place = entry_path(row)
            yield Standing(f"standards:{row.code}", lambda row=row: entry(row), places=(place,))


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Standard catalogues"), "url": "/standards/"}, *more]


@in_chinese
def index() -> list[Page]:
    """The fields with how many entries each has, and for how many of them something is public."""
    today = clock.today()
    rows = standards.entries(today).order_by().values_list("edition__field__code")
    held = dict(rows.annotate(number=Count("pk")))
    public = StandardCount.objects.filter(public__gt=0).values("code")
    answered = dict(rows.filter(code__in=public).annotate(number=Count("pk")))
    shown = [
        {
            "name": row.name,
            "url": addresses.url(field_path(row.code)) if held.get(row.code) else "",
            "entries": held.get(row.code, 0),
            "answered": answered.get(row.code, 0),
        }
        for row in StandardField.objects.all()
    ]
    page = rendering.page(
        "portal/standards.html",
        fields=shown,
        section="catalogue",
        breadcrumb=[{"label": _("Standard catalogues")}],
    )
    return [("standards/index.html", page)]


@in_chinese
def field(code: str) -> list[Page]:
    """The catalogue of a field: each entry with its counts and its newest item; three queries however many items."""
    row = StandardField.objects.filter(code=code).first()
    newest = StandardAnswer.objects.filter(code=OuterRef("code")).order_by("-released_at").values("item")[:1]
    entries = list(
        standards.entries(clock.today(), [code]).annotate(newest=Subquery(newest, output_field=UUIDField()))
    )
    if row is None or not entries:
        return []
    counted = StandardCount.objects.filter(code__in=[entry.code for entry in entries]).values_list("code")
    held = dict(counted.annotate(number=Sum("public")))
    items = Item.objects.filter(state=Item.State.PUBLIC).select_related("agency", "normative")
    found = items.in_bulk([entry.newest for entry in entries if entry.newest])
    topics: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        latest = found.get(entry.newest)
        topics.setdefault(entry.topic, []).append(
            {
                "entry": entry,
                "count": held.get(entry.code, 0) if latest else 0,
                "newest": lists.rows([latest])[0] if latest else None,
                "url": addresses.url(entry_path(entry)),
                "on_application": entry.way == ON_APPLICATION,
                "apply": apply_address(entry),
            }
        )
    edition = entries[0].edition
    page = rendering.page(
        "portal/standard_field.html",
        title=row.name,
        topics=[{"name": name, "entries": rows} for name, rows in topics.items()],
        edition=edition,
        section="catalogue",
        breadcrumb=_crumbs({"label": row.name}),
    )
    return [(field_path(code), page)]


@in_chinese
def entry(row: StandardEntry) -> list[Page]:
    """What is published for one entry, the newest first; no page while there is nothing."""
    answers = StandardAnswer.objects.filter(code=row.code, item__state=Item.State.PUBLIC)
    answers = answers.select_related("item__agency", "item__normative").order_by("-released_at")[:NEWEST]
    items = [answer.item for answer in answers]
    if not items:
        return []
    held = StandardCount.objects.filter(code=row.code).aggregate(number=Sum("public"))["number"] or len(items)
    name = row.edition.field.name
    page = rendering.page(
        "portal/standard_entry.html",
        entry=row,
        items=lists.rows(items),
        more=max(0, held - len(items)),
        section="catalogue",
        breadcrumb=_crumbs(
            {"label": name, "url": addresses.url(field_path(row.edition.field.code))}, {"label": row.matter}
        ),
    )
    return [(entry_path(row), page)]


def apply_address(row: StandardEntry) -> str:
    """The form of an application, filled in with this entry."""
    return f"/apply/?standard={row.code}"


def changed(payload: dict[str, Any]) -> None:
    """Handler of standards.changed: the pages of a field with a new edition."""
    parts.settle(parts.standing_part(Standing("standards", index)))
    for standing in _of(standards.entries(clock.today(), [payload["field"]])):
        parts.settle(parts.standing_part(standing))


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.everywhere(show)
    varieties.beside(beside)
