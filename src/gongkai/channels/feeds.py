"""Atom feed of a column (RFC 4287) and the sitemap for search engines (sitemaps.org), as bytes."""

import calendar
from collections.abc import Iterable
from datetime import UTC, datetime

import lxml.etree as etree
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.channels import addresses
from gongkai.channels.columns import ColumnPage
from gongkai.channels.identity import Identity
from gongkai.disclosure.models import Column, Item
from gongkai.review.submission import content_of

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST = 20
PAGES = "sitemaps/pages.xml"
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


def month_path(month: str) -> str:
    """The sitemap of the items first released in a month, as 2021-03."""
    return f"sitemaps/{month}.xml"


def months() -> list[str]:
    """Months in which something was first released that is public now, oldest first."""
    days = public().datetimes("released_at", "month")
    return [f"{day:%Y-%m}" for day in days]


def public() -> QuerySet[Item]:
    return Item.objects.filter(state=Item.State.PUBLIC)


def month_map(month: str, site: Identity) -> bytes:
    """The sitemap of one month; a month of one site stays below the 50,000 that a map may hold."""
    year, number = (int(part) for part in month.split("-"))
    first = timezone.make_aware(datetime(year, number, 1))
    last_day = calendar.monthrange(year, number)[1]
    last = timezone.make_aware(datetime(year, number, last_day, 23, 59, 59, 999999))
    rows = public().filter(released_at__range=(first, last)).order_by("index_number")
    pages = [
        (addresses.folder_url(addresses.item_folder(item.index_number)), item.changed_at) for item in rows
    ]
    return _map("urlset", "url", pages, site)


def sitemap(site: Identity) -> bytes:
    """sitemap.xml: the months, and one map of the lists and standing pages."""
    paths = [PAGES, *(month_path(month) for month in months())]
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
