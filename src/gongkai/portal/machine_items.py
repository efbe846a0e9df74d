"""Items for programs: each by itself (items/…/index.json), and the lists of each column as JSON and CSV."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import lxml.html
from django.utils import translation

from gongkai.channels import addresses, feeds
from gongkai.channels.identity import Identity, identity
from gongkai.channels.models import ColumnEntry
from gongkai.channels.renderers import Page
from gongkai.channels.validity import MARKS
from gongkai.disclosure import body, normative, varieties
from gongkai.disclosure import content as contents
from gongkai.disclosure.models import Column, Item
from gongkai.journal import clock
from gongkai.portal import machine, rendering
from gongkai.portal.machine import Row, day, moment
from gongkai.review.models import Release
from gongkai.review.subjects import Content

NAME = "index.json"
# The columns of the CSV: its heading, as the catalogue's metadata are named (rulebook 8.2), and the field of the JSON.
FIELDS = {
    "索引号": "index_number",
    "标题": "title",
    "发文字号": "document_number",
    "发布机构": "agency",
    "机关代码": "agency_code",
    "栏目": "column_name",
    "栏目代码": "column",
    "信息类型": "variety",
    "生成日期": "formed_on",
    "发布时间": "published",
    "更正时间": "changed",
    "原发布日期": "first_published_on",
    "公开方式": "attribute",
    "五公开": "five_open",
    "有效性": "validity",
    "网址": "url",
    "数据": "data",
}


# One item


def item_file(
    item: Item,
    release: Release,
    content: Content,
    *,
    text: str,
    files: Sequence[Mapping[str, Any]],
    context: Mapping[str, Any],
    page: bytes,
) -> Page:
    """index.json of an item: what its page says, for programs.

    content: as the public may read it today; text: the HTML of its page; files: the attachments, with name, url, size,
    media_type and digest; context: of its page; page: the page itself, whose links to other items are its relations.
    """
    site = identity()
    folder = addresses.item_folder(item.index_number)
    standing = context["standing"]
    address, before = contents.original(content)
    with translation.override(rendering.LANGUAGE):
        said = machine.head("item", site) | {
            **base(item, site),
            "summary": content["summary"],
            "theme": content["theme"],
            "genre": content["genre"],
            "keywords": [word for word in context["article"]["keywords"].split(";") if word],
            "source": context["article"]["source"],
            "effective_on": content["effective_on"] or None,
            "validity": None
            if standing is None
            else {
                "code": standing.code,
                "label": standing.label,
                "since": day(standing.on),
                "by": standing.paper,
                "by_url": _absolute(standing.url, site) if standing.url else None,
            },
            "original": {"address": address, "published_on": before or None} if address or before else None,
            "facts": [_fact(fact, site) for fact in context["facts"]],
            "body_html": text,
            "body_text": "\n".join(body.text_lines(text)),
            "attachments": [
                {
                    "name": file["name"],
                    "url": _absolute(file["url"], site),
                    "media_type": file["media_type"],
                    "size": file["size"],
                    "digest": file["digest"],
                    "algorithm": "SM3",
                }
                for file in files
            ],
            "relations": list(_relations(page, f"/{folder}/", site)),
            "review": [
                {"step": str(step["label"]), "at": moment(step["when"])} for step in context["review"]
            ],
            "release": {
                "digest": release.digest,
                "algorithm": "SM3",
                "released": moment(release.released_at),
            },
        }
    return f"{folder}/{NAME}", machine.dumped(said)


def _fact(fact: Mapping[str, Any], site: Identity) -> Row:
    value = fact["mark"]["label"] if fact.get("mark") else fact["value"]
    url = str(fact.get("url") or "")
    return {
        "label": str(fact["label"]),
        "value": str(value),
        "url": _absolute(url, site) if url.startswith("/") else url or None,
    }


def _absolute(url: str, site: Identity) -> str:
    return site.origin + url if url.startswith("/") else url


def _relations(page: bytes, own: str, site: Identity) -> Iterable[Row]:
    """Other items to which the page leads beside its text: interpretations, projects, what it ended."""
    seen = set()
    for link in lxml.html.document_fromstring(page.decode()).iterfind(".//main//a[@href]"):
        url = link.get("href", "")
        inside = any(
            "document" in (above.get("class") or "").split() for above in link.iterancestors("div", "section")
        )
        title = " ".join(str(link.text_content()).split())
        if url.startswith("/items/") and url.endswith("/") and url != own and not inside and url not in seen:
            seen.add(url)
            yield {"title": title, "url": _absolute(url, site)}


def base(item: Item, site: Identity) -> Row:
    """What every list says of an item."""
    page = addresses.folder_url(addresses.item_folder(item.index_number))
    return {
        "id": f"urn:uuid:{item.pk}",
        "index_number": item.index_number,
        "title": item.title,
        "document_number": item.document_number,
        "agency": item.agency.name,
        "agency_code": item.agency.code,
        "column": item.column.code if item.column else "",
        "column_name": item.column.name if item.column else "",
        "variety": str(varieties.of({"variety": item.variety}).label),
        "formed_on": day(item.formed_on),
        "published": moment(item.released_at),
        "changed": moment(item.changed_at) if item.changed_at != item.released_at else None,
        "first_published_on": day(item.first_published_on),
        "attribute": contents.ATTRIBUTES.get(item.attribute, ""),
        "five_open": contents.FIVE_OPEN.get(item.five_open, ""),
        "url": site.origin + page,
        "data": f"{site.origin}{page}{NAME}",
    }


# Lists


def column_lists(column: Column, number: int) -> list[Page]:
    """One cut of a column: <n>.json and <n>.csv with the items at its positions, oldest first."""
    site = identity()
    first = (number - 1) * feeds.IN_MAP
    entries = ColumnEntry.objects.filter(
        column=column,
        position__gte=first,
        position__lt=first + feeds.IN_MAP,
        item__column=column,
        item__state=Item.State.PUBLIC,
    )
    found = entries.select_related("item__agency", "item__column", "item__normative").order_by("position")
    with translation.override(rendering.LANGUAGE):
        rows = [
            base(entry.item, site) | {"validity": _validity(entry.item)}
            for entry in found.prefetch_related("item__normative__events")
        ]
    folder = machine.column_folder(column.code)
    said = machine.head("items", site, column=column.code, column_name=column.name, part=number)
    return [
        (f"{folder}/{number}.json", machine.listed(said, "items", rows)),
        (
            f"{folder}/{number}.csv",
            machine.table(FIELDS, ([row[field] for field in FIELDS.values()] for row in rows)),
        ),
    ]


def _validity(item: Item) -> str:
    document = getattr(item, "normative", None)
    return MARKS[normative.validity(document, clock.today())][1] if document is not None else ""
