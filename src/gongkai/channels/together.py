"""Many items released or withdrawn in one act: their own pages at once, the lists that show them once at the end.

What came by an import manifest was public before, most of it years ago. It enters its columns by that day and not as
the newest: when all of a manifest is out, each of its columns is cut anew, once. From then on a new item again shifts
no old page. Home page and feeds, which show the newest, order by the same day.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import TEXT, Option
from gongkai.agencies.policy import Refused
from gongkai.channels import columns, feeds, ledger, redirects, renderers
from gongkai.channels.identity import asked_once, identity
from gongkai.channels.models import ColumnEntry
from gongkai.channels.parts import column_part, map_part, maps_part, settle, standing_part, subject_part
from gongkai.channels.redirects import Wanted
from gongkai.channels.site import settle_standing
from gongkai.disclosure.models import Column, Item
from gongkai.review import manifests
from gongkai.review.models import Release

FORMER = "former_domains"
options.declare(
    Option(
        FORMER, _("Public site"), _("Domains of the former site"), TEXT, "",
        words=_("Separated by spaces. Original addresses of imported items on these domains, and on that of this site, lead to the item here."),
    )
)  # fmt: skip


def on_together(payload: dict[str, Any]) -> None:
    """Handler of review.together. Bears being called twice and in any order."""
    subjects = [(row["kind"], UUID(row["subject"])) for row in payload["releases"]]
    with ledger.gathering(), asked_once():
        _pages(subjects)
        found = [subject for kind, subject in subjects if kind == "item"]
        items = list(Item.objects.filter(pk__in=found).select_related("column", "agency"))
        lead(items)
        for item in sorted(items, key=lambda row: (row.listed_at is None, row.listed_at, row.index_number)):
            if item.state == Item.State.PUBLIC:
                columns.place(item)
        gone = [item for item in items if item.state != Item.State.PUBLIC]
        if gone:
            _lists(gone)
        manifest = UUID(payload["manifest"])
        if not manifests.listed(manifest).exists():
            recut_for(manifest)
        if gone or not manifests.listed(manifest).exists():
            settle_standing(followers_only=True)
            settle(maps_part())


def follow_item(kind: str, subject: UUID) -> None:
    """What left its manifest and was released by itself: its former address and its place among the old ones."""
    if kind != "item":
        return
    item = Item.objects.filter(pk=subject).select_related("column", "agency").first()
    if item is None or item.column is None or not (item.first_published_on or item.origin_address):
        return
    if item.state == Item.State.PUBLIC:
        lead([item])
        if (first := reorder(item.column)) is not None:
            _write_from(item.column, first)


def _pages(subjects: Iterable[tuple[str, UUID]]) -> None:
    """The folder of each subject, then what shows it beside its own page."""
    others: dict[tuple[str, UUID], None] = {}
    beside: dict[str, renderers.Standing] = {}
    for kind, subject in subjects:
        public = renderers.kind_of(kind)
        if public is None:
            continue
        if part := subject_part(public, subject):
            settle(part)
        others |= dict.fromkeys((kind, other) for other in public.related(subject))
        beside |= {standing.name: standing for standing in public.beside(subject)}
    for kind, other in others:
        public = renderers.kind_of(kind)
        if public is not None and (part := subject_part(public, other)):
            settle(part)
    for standing in beside.values():
        settle(standing_part(standing))


def lead(items: Iterable[Item]) -> None:
    """Let the original addresses of imported items lead to them, where their domain was this office's own."""
    wanted = [Wanted(item.origin_address, item) for item in items if own_address(item)]
    if not wanted:
        return
    try:
        redirects.add_many(None, wanted, str(_("address on the former site")))
    except Refused:
        # One that cannot lead anywhere (a page of this site has it) does not keep the others from it.
        for each in wanted:
            try:
                redirects.add_many(None, [each], str(_("address on the former site")))
            except Refused:
                continue


def own_address(item: Item) -> bool:
    """Whether the original address of an item lies on a domain from which it is led here."""
    if not item.origin_address:
        return False
    host = (urlsplit(item.origin_address).hostname or "").lower()
    return not host or host in own_hosts(item.agency)


def own_hosts(agency: Agency) -> frozenset[str]:
    """The domain of this site, with and without www, and the former ones that the agency names."""
    domain = identity().domain.partition(":")[0].lower()
    bare = domain.removeprefix("www.")
    named = str(options.read(agency, FORMER)).lower().replace("，", " ").replace(",", " ").split()
    return frozenset({domain, bare, f"www.{bare}", *named})


def _lists(items: Iterable[Item]) -> None:
    """The pages of columns and the sitemaps on which these items stand or stood."""
    pages: dict[int, set[int]] = {}
    maps: set[tuple[int, int]] = set()
    found: dict[int, Column] = {}
    entries = ColumnEntry.objects.filter(item__in=[item.pk for item in items]).select_related("column")
    for entry in entries:
        found[entry.column_id] = entry.column
        pages.setdefault(entry.column_id, set()).update(columns.touched(entry.column, entry.position))
        maps.add((entry.column_id, feeds.map_of(entry.position)))
    for key, numbers in pages.items():
        settle(column_part(found[key], sorted(numbers)))
    for key, number in sorted(maps):
        settle(map_part(found[key], number))


def recut_for(manifest: UUID) -> None:
    """Cut the columns anew that got items by a manifest."""
    came = Release.objects.filter(manifest__subject_id=manifest, subject_kind="item").values("subject_id")
    entries = ColumnEntry.objects.filter(item__in=came)
    for column in Column.objects.filter(pk__in=entries.values("column")).order_by("pk"):
        moved = reorder(column)
        # No page of what came was written while it came, whether or not it stood in the order of its days already.
        new = entries.filter(column=column).aggregate(first=Min("position"))["first"]
        _write_from(column, new if moved is None else min(new, moved))


def _write_from(column: Column, first: int) -> None:
    """The pages and sitemaps of a column from a position to its newest."""
    given = columns.positions(column.pk)
    closed = columns.closed_pages(given)
    begin = max(1, first // columns.LENGTH)
    settle(column_part(column, [0, *range(begin, closed + 1)]))
    for number in range(feeds.map_of(first), feeds.map_of(max(given - 1, 0)) + 1):
        settle(map_part(column, number))


# Numbered in the database, so that a column of a million costs no million questions.
_ORDER = """UPDATE channels_columnentry SET position = n.place + %(away)s FROM (
 SELECT e.id AS entry, ROW_NUMBER() OVER (ORDER BY COALESCE(i.listed_at, i.released_at), e.position) - 1 AS place
 FROM channels_columnentry e JOIN disclosure_item i ON i.id = e.item_id WHERE e.column_id = %(column)s
) n WHERE channels_columnentry.id = n.entry"""
_FIRST = """SELECT MIN(n.place) FROM (
 SELECT e.position AS position,
 ROW_NUMBER() OVER (ORDER BY COALESCE(i.listed_at, i.released_at), e.position) - 1 AS place
 FROM channels_columnentry e JOIN disclosure_item i ON i.id = e.item_id WHERE e.column_id = %(column)s
) n WHERE n.place <> n.position"""
_BACK = "UPDATE channels_columnentry SET position = position - %(away)s WHERE column_id = %(column)s"


def reorder(column: Column) -> int | None:
    """Number the entries of a column by the day of their items; the first position that changed, or None."""
    with transaction.atomic(), connection.cursor() as cursor:
        Column.objects.select_for_update().get(pk=column.pk)
        cursor.execute(_FIRST, {"column": column.pk})
        first: int | None = cursor.fetchone()[0]
        if first is None:
            return None
        # Away from all positions that are given, since no two may be the same at any moment.
        said = {"column": column.pk, "away": columns.positions(column.pk) + 1}
        cursor.execute(_ORDER, said)
        cursor.execute(_BACK, said)
    return first
