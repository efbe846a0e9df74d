"""Key fields (重点领域) of the home page: groups of links that lead to something; what is empty is left out."""

from typing import Any

from django.db.models import Count

from gongkai.channels import addresses, parts, renderers
from gongkai.disclosure import counts, services
from gongkai.disclosure import standards as catalogues
from gongkai.disclosure.models import Column, Item, KeyField, StandardCount
from gongkai.disclosure.projects import CARD_TYPE
from gongkai.journal import clock
from gongkai.portal import editions, standards


def groups() -> list[dict[str, Any]]:
    """[{label, links: [{name, url, count}]}] in the order that the site's administrator chose."""
    held = counts.by_column()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in KeyField.objects.select_related("column", "field"):
        link = _link(row, held)
        if link["count"]:
            found.setdefault(row.group, []).append(link)
    return [{"label": label, "links": links} for label, links in found.items()]


def _link(row: KeyField, held: dict[int, int]) -> dict[str, Any]:
    if row.column is not None:
        url = addresses.folder_url(addresses.column_folder(row.column.code))
        return {
            "name": editions.column_name(row.column.code, row.column.name),
            "url": url,
            "count": held.get(row.column.pk, 0) if row.column.active else 0,
        }
    if row.field is not None:
        entries = catalogues.entries(clock.today(), [row.field.code]).order_by().values("code")
        answered = StandardCount.objects.filter(code__in=entries, public__gt=0)
        number = answered.aggregate(codes=Count("code", distinct=True))["codes"]
        return {
            "name": row.field.name,
            "url": addresses.url(standards.field_path(row.field.code)),
            "count": number,
        }
    if row.page == KeyField.Page.PROJECTS:
        cards = Item.objects.filter(variety=CARD_TYPE, state=Item.State.PUBLIC)
        return {"name": str(row), "url": "/projects/", "count": cards.count()}
    guides = Item.objects.filter(variety=services.CODE, state=Item.State.PUBLIC)
    return {"name": str(row), "url": "/services/", "count": guides.count()}


def column_changed(payload: dict[str, Any]) -> None:
    """Handler of column.changed: the pages of that column, and every page that names columns."""
    column = Column.objects.filter(code=payload["column"]).first()
    if column is not None:
        parts.settle(parts.column_part(column))
    chosen({})


def chosen(payload: dict[str, Any]) -> None:
    """Handler of key_fields.changed: the standing pages, the home page among them."""
    for standing in renderers.standing():
        parts.settle(parts.standing_part(standing))
