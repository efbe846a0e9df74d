"""Atom feeds (RFC 4287): one of each column that can be walked to its beginning (RFC 5005), and one of the whole site.

The feed of a column is its newest page; each closed page has a feed of its own beside it, an archive, so a reader can
fetch everything without one large file, and a release writes one feed however many there are. What was withdrawn
stands as a tombstone (RFC 6721) with nothing but its identifier and the time, so that readers drop what they kept.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import lxml.etree as etree
from django.db.models import prefetch_related_objects
from django.utils import timezone

from gongkai.channels import addresses, columns
from gongkai.channels.columns import ColumnPage
from gongkai.channels.identity import Identity
from gongkai.channels.models import ColumnEntry
from gongkai.disclosure import varieties
from gongkai.disclosure.models import Item
from gongkai.review.models import Content

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
NAMES = {None: ATOM, "fh": HISTORY, "at": TOMBSTONES}
NAME = "feed.xml"
TYPE = "application/atom+xml; charset=utf-8"
SITE = NAME
NEWEST = 40
# So many of the last withdrawals are told in the feed that people subscribe to, wherever their place was.
WITHDRAWALS = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def feed_path(code: str, number: int = 0) -> str:
    """The feed of a column, or of one of its closed pages."""
    folder = addresses.column_folder(code)
    return f"{folder}/p/{number}/{NAME}" if number else f"{folder}/{NAME}"


def column_feed(page: ColumnPage, site: Identity) -> bytes:
    """The feed of one page of a column; of the newest page it is the one to subscribe to."""
    code = page.column.code

    def url(number: int) -> str:
        return site.origin + addresses.url(feed_path(code, number))

    home = site.origin + addresses.url(columns.page_path(code, page.number))
    gone = _withdrawn(page)
    root = root_of(url(page.number), f"{page.column.name} - {site.name}", home, url(page.number), site)
    if page.number:
        etree.SubElement(root, f"{{{HISTORY}}}archive")
        _add(root, "link", rel="current", href=url(0))
        if page.newer:
            _add(root, "link", rel="next-archive", href=url(page.newer))
    if page.older:
        _add(root, "link", rel="prev-archive", href=url(page.older))
        _add(root, "link", rel="next", href=url(page.older))
    fill(root, page.items, gone, site)
    return _bytes(root)


def site_feed(site: Identity) -> bytes:
    """The feed of everything: the newest items of all columns."""
    items = Item.objects.filter(state=Item.State.PUBLIC).order_by("-listed_at", "-id")[:NEWEST]
    here = site.origin + addresses.url(SITE)
    root = root_of(here, site.name, f"{site.origin}/", here, site)
    gone = Item.objects.filter(state=Item.State.WITHDRAWN).order_by("-changed_at")[:WITHDRAWALS]
    fill(root, items, gone, site)
    return _bytes(root)


def _withdrawn(page: ColumnPage) -> list[Item]:
    """Withdrawn items that have their place on this page; on the newest also those withdrawn last in the column."""
    given = columns.positions(page.column.pk)
    first = (page.number - 1) * columns.LENGTH if page.number else page.closed * columns.LENGTH
    last = page.number * columns.LENGTH if page.number else given
    entries = ColumnEntry.objects.filter(
        column=page.column, position__gte=first, position__lt=last, item__state=Item.State.WITHDRAWN
    )
    here = [entry.item for entry in entries.select_related("item").order_by("-position")]
    gone = Item.objects.filter(state=Item.State.WITHDRAWN, column=page.column)
    late = [] if page.number else gone.order_by("-changed_at")[:WITHDRAWALS]
    return list({item.pk: item for item in (*here, *late)}.values())


def root_of(key: str, title: str, home: str, here: str, site: Identity) -> etree._Element:
    """The head of a feed: its identifier, title, the page it tells of, its own address."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=NAMES)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-Hans")
    _add(root, "id", key)
    _add(root, "title", title)
    _add(root, "link", rel="self", href=here)
    _add(root, "link", rel="alternate", href=home, type="text/html")
    _add(root, "rights", site.data_licence)
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", site.sponsor or site.name)
    return root


def fill(root: etree._Element, items: Iterable[Item], gone: Iterable[Item], site: Identity) -> None:
    """Add public items as entries and withdrawn ones as tombstones."""
    items, gone = list(items), list(gone)
    prefetch_related_objects(items, "agency", "column", "live")
    texts = Content.objects.in_bulk([item.live.digest for item in items if item.live])
    _add(root, "updated", _moment(max((item.changed_at or EPOCH for item in (*items, *gone)), default=EPOCH)))
    for item in items:
        text = texts.get(item.live.digest) if item.live else None
        _entry(root, item, json.loads(text.text)["content"] if text else None, site)
    for item in gone:
        tombstone = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry")
        tombstone.set("ref", f"urn:uuid:{item.pk}")
        tombstone.set("when", _moment(item.changed_at or EPOCH))


def _entry(root: etree._Element, item: Item, frozen: dict[str, Any] | None, site: Identity) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    folder = addresses.item_folder(item.index_number)
    _add(entry, "id", f"urn:uuid:{item.pk}")
    _add(entry, "title", item.title)
    _add(entry, "published", _moment(item.released_at or EPOCH))
    _add(entry, "updated", _moment(item.changed_at or EPOCH))
    _add(entry, "link", rel="alternate", type="text/html", href=site.origin + addresses.folder_url(folder))
    data = site.origin + addresses.url(f"{folder}/index.json")
    _add(entry, "link", rel="alternate", type="application/json", href=data)
    _add(etree.SubElement(entry, f"{{{ATOM}}}author"), "name", item.agency.name)
    if item.column:
        home = site.origin + addresses.folder_url(addresses.column_folder(item.column.code))
        _add(entry, "category", scheme=home, term=item.column.code, label=item.column.name)
    if frozen is None:
        return
    content = varieties.present(frozen)
    if content["genre"]:
        _add(entry, "category", term=content["genre"], label=content["genre"])
    for file in content["attachments"]:
        path = f"{folder}/files/{addresses.file_name(file['digest'], file['name'])}"
        _add(
            entry,
            "link",
            rel="enclosure",
            href=site.origin + addresses.url(path),
            length=str(file["size"]),
            type=file["media_type"] or "application/octet-stream",
            title=_plain(file["name"]),
        )
    _add(entry, "summary", str(content["summary"]))


def _plain(text: str) -> str:
    """What XML can carry; nobody who wanted to be read typed the rest."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> None:
    child = etree.SubElement(
        parent, f"{{{ATOM}}}{name}", {key: _plain(value) for key, value in attributes.items()}
    )
    if text is not None:
        child.text = _plain(text)


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _bytes(root: etree._Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data
