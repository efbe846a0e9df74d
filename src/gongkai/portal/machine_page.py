"""The page /data/ for people: what data there is, in which files, how often it changes, on which terms."""

from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.channels.identity import identity
from gongkai.channels.renderers import Page, Standing, list_columns_with, stand
from gongkai.portal import (
    lists,
    machine,
    machine_dcat,
    machine_items,
    machine_lists,
    machine_openapi,
    rendering,
    varieties,
)
from gongkai.portal.machine import SHELF


@in_chinese
def front() -> list[Page]:
    """The page, the catalogue of data sets, the OpenAPI document and the schemas."""
    site = identity()
    found = lists.columns()
    title = _("Open data")
    page = rendering.page(
        "portal/data.html",
        level="column",
        title=title,
        column={
            "name": title,
            "description": _("What programs may read here"),
            "keywords": title,
            "kind": title,
        },
        datasets=machine_dcat.datasets(found),
        fields=list(machine_items.FIELDS),
        openapi=machine_openapi.ADDRESS,
        dcat=machine_dcat.ADDRESS,
        search=machine_openapi.SEARCH,
        example=next((column for column in found if column["count"]), None),
        breadcrumb=[{"label": title}],
    )
    return [
        (f"{SHELF}/index.html", page),
        (machine_dcat.ADDRESS.removeprefix("/"), machine.dumped(machine_dcat.catalogue(site, found))),
        *machine_openapi.pages(site),
    ]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    list_columns_with(machine_items.column_lists)
    varieties.beside(machine_lists.normative_beside)
    for name, pages, follows in (
        ("data-catalogue", machine_lists.catalogue, True),
        ("data-statistics", machine_lists.statistics, True),
        ("data-agencies", machine_lists.agencies, False),
        ("data", front, True),
    ):
        stand(Standing(name, pages, follows))
