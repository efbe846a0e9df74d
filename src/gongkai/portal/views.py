"""What the portal computes for each request: search. Everything else of it is files."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.disclosure.models import Column
from gongkai.portal import lists, rendering
from gongkai.search import index
from gongkai.search.query import Results, search

LONGEST_SHOWN = 200


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """GET /search/?q=…&column=…&year=…&page=…: any input is answered; what is not understood is left out."""
    text = _plain(request.GET.get("q", ""))
    names = dict(Column.objects.filter(active=True).values_list("code", "name"))
    column = request.GET.get("column", "")
    column = column if column in names else ""
    year = request.GET.get("year", "")
    year = year if len(year) == 4 and year.isascii() and year.isdecimal() else ""
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
    chosen = {"q": text[:LONGEST_SHOWN], "column": column, "year": year}
    try:
        found, unavailable = search(text, column=column, year=year, page=number), False
    except index.IndexMissing:
        found, unavailable = Results(), True
    context = {
        "site": rendering.site(),
        "query": chosen["q"],
        "items": [lists.hit(hit) for hit in found.hits],
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "address": _address(chosen) + ("&" if any(chosen.values()) else "?") + "page={page}",
        "first": _address(chosen),
        "loose": found.loose,
        "shortened": found.shortened,
        "unavailable": unavailable,
        "facets": _facets(found, chosen, names),
        "chosen": sum(1 for name in ("column", "year") if chosen[name]),
        "clear_url": _address({"q": chosen["q"]}) if column or year else "",
        "breadcrumb": [{"label": _("Search")}],
        "actions": [{"label": _("Open the catalogue"), "url": "/catalogue/"}],
        "empty_title": _("Nothing was found"),
        "empty_text": _(
            "Try fewer or other words, or part of the document number. What is not published can be applied for."
        ),
        "empty_actions": [
            {"label": _("Apply for this information"), "url": "/apply/"},
            {"label": _("Open the catalogue"), "url": "/catalogue/"},
        ],
    }
    response = render(request, "portal/search.html", context, status=503 if unavailable else 200)
    response["Cache-Control"] = "no-cache"
    return response


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _address(chosen: dict[str, str]) -> str:
    said = urlencode({name: value for name, value in chosen.items() if value})
    return f"/search/?{said}" if said else "/search/"


def _facets(found: Results, chosen: dict[str, str], names: dict[str, str]) -> list[dict[str, Any]]:
    """Columns and years with counts; the one chosen leads back to all."""

    def option(field: str, value: str, label: str, count: int) -> dict[str, Any]:
        current = chosen[field] == value
        return {
            "label": label,
            "url": _address(chosen | {field: "" if current else value}),
            "count": count,
            "current": current,
        }

    columns = [option("column", code, names[code], count) for code, count in found.columns if code in names]
    years = [option("year", year, year, count) for year, count in sorted(found.years, reverse=True)]
    shown = [{"label": _("Column"), "options": columns}, {"label": _("Year"), "options": years}]
    return [facet for facet in shown if facet["options"]]
