"""The pages that always stand: home, the four boards, site map, accessibility, not found."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.agencies.models import Agency
from gongkai.channels import addresses
from gongkai.channels.columns import ColumnPage, page_path
from gongkai.channels.renderers import Page
from gongkai.portal import editions, figures, key_fields, lists, rendering, report_data

NEWEST = 12
ON_BOARD = 20
ROBOTS = "User-agent: *\nDisallow: /workbench/\nDisallow: /track/\nDisallow: /search/\nSitemap: {origin}/sitemap.xml\n"


def _in_edition(make: Any) -> Any:
    """Words that a page's own code puts in are those of the edition too: Chinese unless the English one is written."""

    def made(*args: Any) -> Any:
        with translation.override(editions.language()):
            return make(*args)

    return made


@_in_edition
def home() -> list[Page]:
    """What is new, find, apply, write; then columns, key fields, reports, figures."""
    found = lists.columns()
    filled = [column for column in found if column["count"] and column["board"] == "statutory"]
    return [
        (
            "index.html",
            rendering.page(
                "portal/home.html",
                twin="/",
                items=lists.rows(lists.newest(NEWEST)),
                columns=filled,
                fields=key_fields.groups(),
                reports=report_data.newest(6),
                figures=figures.of_the_year(),
            ),
        )
    ]


@_in_edition
def catalogue() -> list[Page]:
    """The statutory contents by the items of articles 20 and 21, and further columns."""
    found = [column for column in lists.columns() if column["board"] == "statutory"]
    groups = [
        (_("Article 20: what every agency publishes"), "20-"),
        (_("Article 21: what cities, counties and their departments publish besides"), "21-"),
    ]
    shown = [
        {"label": label, "columns": [column for column in found if column["code"].startswith(prefix)]}
        for label, prefix in groups
    ]
    rest = [column for column in found if not column["code"].startswith(("20-", "21-"))]
    shown.append({"label": _("Further columns"), "columns": rest})
    page = rendering.page(
        "portal/catalogue.html",
        twin="/catalogue/",
        groups=[group for group in shown if group["columns"]],
        section="catalogue",
        breadcrumb=[{"label": pgettext("portal navigation", "Disclosed by law")}],
    )
    return [("catalogue/index.html", page)]


@_in_edition
def rules() -> list[Page]:
    """The board of rules (政府信息公开制度): the newest of its column."""
    items = lists.newest(ON_BOARD, board="rules")
    page = rendering.page(
        "portal/rules.html",
        items=lists.rows(items),
        more=addresses.folder_url(addresses.column_folder("rules")),
        section="rules",
        breadcrumb=[{"label": pgettext("portal navigation", "Rules")}],
    )
    return [("rules/index.html", page)]


@_in_edition
def guide() -> list[Page]:
    """The guide (art. 12): one page for the site, one for each agency with the fields the article asks for."""
    agencies = list(Agency.objects.all())
    offered = [column for column in lists.columns() if column["board"] == "statutory"]
    pages = [
        (
            f"guide/{addresses.segment(agency.code)}/index.html",
            rendering.page(
                "portal/guide_agency.html",
                twin=f"/guide/{addresses.segment(agency.code)}/",
                agency=agency,
                facts=contact(agency),
                columns=offered,
                section="guide",
                breadcrumb=[
                    {"label": pgettext("portal navigation", "Guide"), "url": "/guide/"},
                    {"label": agency.name},
                ],
            ),
        )
        for agency in agencies
    ]
    shown = [
        {
            "name": agency.name,
            "url": f"/guide/{addresses.segment(agency.code)}/",
            "office": agency.disclosure_office,
            "phone": agency.phone,
        }
        for agency in agencies
    ]
    front = rendering.page(
        "portal/guide.html",
        twin="/guide/",
        agencies=shown,
        items=lists.rows(lists.newest(ON_BOARD, board="guide")),
        section="guide",
        breadcrumb=[{"label": pgettext("portal navigation", "Guide")}],
    )
    return [("guide/index.html", front), *pages]


def contact(agency: Agency) -> list[dict[str, str]]:
    """The disclosure office as art. 12 wants it named: name, address, hours, telephone, fax, internet."""
    return [
        {"label": _("Agency"), "value": agency.name},
        {"label": _("Office name"), "value": agency.disclosure_office or agency.name},
        {"label": _("Address"), "value": agency.address or _("not stated yet")},
        {"label": _("Postcode"), "value": agency.postcode},
        {"label": _("Office hours"), "value": agency.hours or _("not stated yet")},
        {"label": _("Telephone"), "value": agency.phone or _("not stated yet")},
        {"label": _("Fax"), "value": agency.fax or _("none")},
        {"label": _("E-mail"), "value": agency.email or _("not stated yet")},
    ]


@_in_edition
def site_map() -> list[Page]:
    """The site map for people: boards, services, columns."""
    page = rendering.page(
        "portal/sitemap.html",
        columns=[column for column in lists.columns() if column["count"]],
        breadcrumb=[{"label": _("Site map")}],
    )
    return [("sitemap/index.html", page)]


@_in_edition
def fixed() -> list[Page]:
    """Pages that depend on nothing but the site's identity."""
    return [
        (
            "accessibility/index.html",
            rendering.page(
                "portal/accessibility.html",
                twin="/accessibility/",
                breadcrumb=[{"label": _("Accessibility")}],
            ),
        ),
        ("404.html", rendering.page("portal/not_found.html")),
        ("robots.txt", ROBOTS.format(origin=rendering.site_origin()).encode()),
    ]


@_in_edition
def column(page: ColumnPage) -> bytes:
    """One page of a column."""
    code = page.column.code

    def address(number: int | None) -> str:
        return "" if number is None else addresses.url(page_path(code, number))

    board = page.column.board
    return rendering.page(
        "portal/column.html",
        level="column",
        column=lists.tags_of(page.column),
        code=code,
        article=None,
        law=page.column.article,
        page=page,
        newer=address(page.newer),
        older=address(page.older),
        newest=address(0) if page.number else "",
        feed=addresses.folder_url(addresses.column_folder(code)) + "feed.xml",
        items=lists.rows(page.items),
        empty_text=_("What an agency holds and has not published can be applied for."),
        empty_actions=[
            {"label": _("Apply for information that is not here"), "url": f"/apply/?column={code}"},
            {"label": _("The whole catalogue"), "url": "/catalogue/"},
        ],
        section=board if board in ("guide", "rules") else "catalogue",
        breadcrumb=[
            {"label": pgettext("portal navigation", "Disclosed by law"), "url": "/catalogue/"},
            {"label": page.column.name},
        ],
    )
