"""Rows of lists, links of columns: what several pages show alike."""

import heapq
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import pgettext

from gongkai.channels import addresses, validity
from gongkai.disclosure import counts
from gongkai.disclosure.models import Column, Item
from gongkai.portal import editions
from gongkai.rulebook import catalogue, page_tags
from gongkai.search.query import Hit

Row = dict[str, Any]
BOARDS = {entry.code: entry.label for entry in catalogue.BOARDS}


def rows(items: Iterable[Item]) -> list[Row]:
    """Items as item_list.html takes them; the agency is named where they come from several."""
    items = list(items)
    several = len({item.agency_id for item in items}) > 1
    return [
        {
            "title": item.title,
            "url": item_url(item),
            "date": item.listed_at,
            "number": item.document_number,
            "agency": item.agency.name if several else "",
            "validity": mark(validity.mark(item)),
        }
        for item in items
    ]


def hit(found: Hit) -> Row:
    """A result of the search, as item_list.html takes it."""
    return {
        "title": found.title,
        "url": found.url,
        "date": date.fromordinal(found.day),
        "agency": found.agency,
        "number": found.number,
        "note": found.column_name,
        "validity": mark(found.mark),
        # The snippet escapes the text itself and adds nothing but <mark>.
        "snippet": mark_safe(found.snippet),  # noqa: S308
    }


def mark(found: tuple[str, str] | None) -> dict[str, str] | None:
    return {"code": found[0], "label": found[1]} if found else None


def item_url(item: Item) -> str:
    return addresses.folder_url(addresses.item_folder(item.index_number))


def newest(limit: int, board: str = "") -> list[Item]:
    """Public items, the newest first, imported ones by the day of before; of one board only where named.

    A board is read column by column, each along its index: a walk through all items until enough of a small board
    were met would grow with the others.
    """
    found = Item.objects.filter(state=Item.State.PUBLIC).select_related("agency", "normative")
    found = found.order_by("-listed_at", "-id")
    if not board:
        return list(found[:limit])
    columns = Column.objects.filter(board=board).values_list("pk", flat=True)
    newest = (item for column in columns for item in found.filter(column=column)[:limit])
    return heapq.nlargest(limit, newest, key=lambda item: (item.listed_at, item.pk))


def columns() -> list[Row]:
    """The columns in use with how many public items each holds, in order."""
    held = counts.by_column()
    return [
        {
            "code": column.code,
            "name": editions.column_name(column.code, column.name),
            "board": column.board,
            "article": column.article,
            "description": column.description,
            "url": addresses.folder_url(addresses.column_folder(column.code)),
            "count": held.get(column.pk, 0),
        }
        for column in Column.objects.filter(active=True)
    ]


def tags_of(column: Column) -> Row:
    """The column tags of rulebook 7.1."""
    return {
        "name": column.name,
        "description": column.description or column.name,
        "keywords": page_tags.joined(column.keywords or column.name),
        "kind": BOARDS.get(column.board, pgettext("portal navigation", "Disclosed by law")),
    }
