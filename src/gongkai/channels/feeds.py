"""Atom feed of a column (RFC 4287) and the sitemap for search engines (sitemaps.org), as bytes."""

from collections.abc import Iterable
from datetime import UTC, datetime

import lxml.etree as etree
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from gongkai.channels import addresses
from gongkai.channels.columns import ColumnPage
from gongkai.channels.identity import Identity
from gongkai.channels.models import ColumnEntry
from gongkai.disclosure.models import Column, Item
from gongkai.review.submission import content_of

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST = 20
MAPS = "sitemaps"
PAGES = f"{MAPS}/pages.xml"
IN_MAP = 1000
SERVICES = ("/", "/guide/", "/rules/", "/catalogue/", "/reports/", "/sitemap/", "/apply/", "/mailbox/")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def feed_path(code: str) -> str:
    return f"{addresses.column_folder(code)}/feed.xml"


def feed(page: ColumnPage, site: Identity) -> bytes:
    """The feed of a column from its newest page: the 20 newest entries with their summaries."""
    items = page.items[:NEWEST]
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-Hans")
    home = site.origin + addresses.folder_url(addresses.column_folder(page.column.code))
    _add(root, "id", home)
    _add(root, "title", f"{page.column.name} - {site.name}")
    _add(root, "updated", _moment(max((item.changed_at for item in items), default=EPOCH)))
    _add(root, "link", rel="self", href=site.origin + addresses.url(feed_path(page.column.code)))
    _add(root, "link", rel="alternate", href=home)
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", site.sponsor or site.name)
    for item in items:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, "id", f"urn:uuid:{item.pk}")
        _add(entry, "title", item.title)
        _add(entry, "published", _moment(item.released_at))
        _add(entry, "updated", _moment(item.changed_at))
        href = site.origin + addresses.folder_url(addresses.item_folder(item.index_number))
        _add(entry, "link", rel="alternate", href=href)
        _add(etree.SubElement(entry, f"{{{ATOM}}}author"), "name", item.agency.name)
        content = content_of(item.live.digest) if item.live else None
        if content:
            _add(entry, "summary", str(content["summary"]))
    return _bytes(root)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> None:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text is not None:
        # What XML cannot carry was typed by nobody who wanted it read.
        child.text = "".join(char for char in text if char.isprintable() or char in "\n\t")


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _bytes(root: etree._Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def map_path(code: str, number: int) -> str:
    """One sitemap of a column, which lists the items at `IN_MAP` of its positions."""
    return f"{MAPS}/{addresses.segment(code)}-{number}.xml"


def map_of(position: int) -> int:
    """The number of the map that lists a position of a column, from 1."""
    return position // IN_MAP + 1


def maps() -> list[tuple[Column, int]]:
    """Every map that there is to be: of each column with its positions so many."""
    last = ColumnEntry.objects.filter(column=OuterRef("pk")).order_by("-position").values("position")[:1]
    columns = Column.objects.annotate(last=Subquery(last)).filter(last__isnull=False)
    return [(column, number) for column in columns for number in range(1, map_of(column.last) + 1)]


def column_map(column: Column, number: int, site: Identity) -> bytes:
    """One map of a column. Like its pages it is cut by positions, so a new item changes no old map."""
    first = (number - 1) * IN_MAP
    entries = ColumnEntry.objects.filter(
        column=column, position__gte=first, position__lt=first + IN_MAP, item__column=column
    ).filter(item__state=Item.State.PUBLIC)
    rows = entries.order_by("position").values_list("item__index_number", "item__changed_at")
    pages: list[tuple[str, datetime | None]] = [
        (addresses.folder_url(addresses.item_folder(index_number)), changed) for index_number, changed in rows
    ]
    # A map may not be empty (sitemaps.org): where all was withdrawn it names the catalogue.
    return _map("urlset", "url", pages or [("/catalogue/", None)], site)


def sitemap(site: Identity) -> bytes:
    """sitemap.xml: the maps of the columns, and one of the lists and standing pages."""
    paths = [PAGES, *(map_path(column.code, number) for column, number in maps())]
    return _map("sitemapindex", "sitemap", [(addresses.url(path), None) for path in paths], site)


def pages_map(site: Identity) -> bytes:
    """The map of boards, services and columns, which change without a date of their own."""
    codes = Column.objects.filter(active=True).values_list("code", flat=True)
    folders = [addresses.folder_url(addresses.column_folder(code)) for code in codes]
    return _map("urlset", "url", [(url, None) for url in (*SERVICES, *folders)], site)


def _map(outer: str, inner: str, rows: Iterable[tuple[str, datetime | None]], site: Identity) -> bytes:
    root = etree.Element(f"{{{SITEMAP}}}{outer}", nsmap={None: SITEMAP})
    for url, changed in rows:
        node = etree.SubElement(root, f"{{{SITEMAP}}}{inner}")
        etree.SubElement(node, f"{{{SITEMAP}}}loc").text = site.origin + url
        if changed:
            etree.SubElement(node, f"{{{SITEMAP}}}lastmod").text = _moment(changed)
    return _bytes(root)
