"""The sitemap for search engines (sitemaps.org), as bytes; the Atom feeds stand in `atom`."""

from collections.abc import Iterable
from datetime import datetime

import lxml.etree as etree
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from gongkai.channels import addresses
from gongkai.channels.identity import Identity
from gongkai.channels.models import ColumnEntry
from gongkai.disclosure.models import Column, Item

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAPS = "sitemaps"
PAGES = f"{MAPS}/pages.xml"
IN_MAP = 1000
SERVICES = (
    "/",
    "/guide/",
    "/rules/",
    "/catalogue/",
    "/standards/",
    "/projects/",
    "/services/",
    "/reports/",
    "/normative/",
    "/participation/",
    "/questions/",
    "/letters/",
    "/statistics/",
    "/data/",
    "/sitemap/",
    "/apply/",
    "/mailbox/",
    "/complaints/",
)


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
