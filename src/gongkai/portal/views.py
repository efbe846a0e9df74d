"""What the portal computes for each request: search. Everything else of it is files."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.portal import lists, rendering, search_filters, suggestions
from gongkai.search import index
from gongkai.search.query import DATE, RELEVANCE, Results, search

LONGEST_SHOWN = 200


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """GET /search/?q=…&agency=…&column=…&year=…&type=…&validity=…&from=…&to=…&sort=date&exact=1&page=…: any input is
    answered; what is not understood is left out, and the page says what was searched."""
    chosen = chosen_of(request)
    text = chosen["q"]
    try:
        found, unavailable = searched(request.GET.get("q", ""), chosen, _page(request)), False
    except index.IndexMissing:
        found, unavailable = Results(), True
    filtered = [name for name in search_filters.NAMES if chosen[name]]
    context = {
        "site": rendering.site(),
        "query": text,
        "items": [lists.hit(hit) for hit in found.hits],
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "address": address(chosen) + ("&" if any(chosen.values()) else "?") + "page={page}",
        "first": address(chosen),
        "loose": found.loose,
        "shortened": found.shortened,
        "corrected": found.corrected,
        "also": found.asked.also,
        "exact_url": address(chosen | {"exact": "1"}) if found.asked.also or found.corrected else "",
        "wide_url": address(chosen | {"exact": ""}) if chosen["exact"] else "",
        "unavailable": unavailable,
        "facets": search_filters.facets(found, chosen, address),
        "removable": search_filters.removable(chosen, address),
        "dates": {"from": chosen["from"], "to": chosen["to"]},
        "kept": [(name, value) for name, value in chosen.items() if value and name not in ("from", "to")],
        "sorts": _sorts(chosen) if text else [],
        "chosen": len(filtered),
        "clear_url": address({"q": text}) if filtered else "",
        "subscribe": said if (said := address(chosen | {"sort": ""})).partition("?")[2] else "",
        "breadcrumb": [{"label": _("Search")}],
        "actions": [{"label": _("Open the catalogue"), "url": "/catalogue/"}],
        "apply_url": _application(text) if text and found.hits else "",
        **(_nothing(text, chosen) if not found.hits and not unavailable else {}),
    }
    response = render(request, "portal/search.html", context, status=503 if unavailable else 200)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """GET /search/suggest/?q=…: {"suggestions": [{label, url, kind}]} of released titles, numbers and columns."""
    rows = suggestions.while_typing(plain(request.GET.get("q", ""))[:LONGEST_SHOWN])
    response = JsonResponse({"suggestions": rows}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=10"
    return response


def searched(typed: str, chosen: dict[str, str], page: int) -> Results:
    """The results of what the address asks for. Raises index.IndexMissing."""
    return search(
        plain(typed[: 2 * LONGEST_SHOWN]),
        page=page,
        sort=chosen["sort"] or RELEVANCE,
        exact=bool(chosen["exact"]),
        since=_day(chosen["from"]),
        until=_day(chosen["to"]),
        **{name: chosen[name] for name in index.FACETS},
    )


def chosen_of(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, as far as it can be understood; of a repeated name the last counts."""
    said = {name: plain(request.GET.get(name, ""))[:60] for name in index.FACETS}
    if not (len(said["year"]) == 4 and said["year"].isascii() and said["year"].isdecimal()):
        said["year"] = ""
    days = {name: request.GET.get(name, "") for name in ("from", "to")}
    return {
        "q": plain(request.GET.get("q", ""))[:LONGEST_SHOWN],
        **said,
        **{name: value if _day(value) else "" for name, value in days.items()},
        "sort": DATE if request.GET.get("sort") == DATE else "",
        "exact": "1" if request.GET.get("exact") == "1" else "",
    }


def _page(request: HttpRequest) -> int:
    page = request.GET.get("page", "1")
    return int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def address(chosen: dict[str, str]) -> str:
    """The address of a search; what is empty is left out."""
    said = urlencode({name: value for name, value in chosen.items() if value})
    return f"/search/?{said}" if said else "/search/"


def _sorts(chosen: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": address(chosen | {"sort": value}), "current": chosen["sort"] == value}
        for value, label in (("", _("Most relevant first")), (DATE, _("Newest first")))
    ]


def _application(text: str) -> str:
    """The form of an application that takes over what was searched."""
    form = reverse("portal:apply")
    return f"{form}?{urlencode({'about': text})}" if text else form


def _nothing(text: str, chosen: dict[str, str]) -> dict[str, Any]:
    """The way on where nothing was found: without the filters, with single words, a column, an application."""
    narrower = [
        {"label": word, "count": count, "url": address({"q": word})}
        for word, count in suggestions.single_words(text)
    ]
    return {
        "narrower": narrower,
        "columns": suggestions.columns_like(text),
        "empty_title": _("Nothing was found"),
        "empty_text": _(
            "Try fewer or other words, or part of the document number. What is not published can be applied for."
        ),
        "empty_actions": [
            {"label": _("Apply for this information"), "url": _application(text)},
            {"label": _("Open the catalogue"), "url": "/catalogue/"},
        ],
    }
