"""The search for programs: GET /search/api/ answers what the page of results shows, as JSON."""

from datetime import date

import lxml.html
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.channels.identity import Identity, identity
from gongkai.portal import machine
from gongkai.search import index
from gongkai.search.query import Hit, Results, search

LONGEST = 200
PROBLEM = "application/problem+json"


@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """q, column, year and page as on the page; a value that cannot be one is an error here, not left out."""
    asked = request.GET
    text, year, number = asked.get("q", ""), asked.get("year", ""), asked.get("page", "1")
    if len(text) > LONGEST:
        return _problem(400, _("q: at most %(n)d characters.") % {"n": LONGEST})
    if year and not (len(year) == 4 and year.isascii() and year.isdecimal()):
        return _problem(400, _("year: four digits, as 2021."))
    if not (number.isascii() and number.isdecimal() and int(number[:9]) > 0 and len(number) < 9):
        return _problem(400, _("page: a whole number from 1 on."))
    site = identity()
    try:
        found = search(text, column=asked.get("column", ""), year=year, page=int(number))
    except index.IndexMissing:
        return _problem(503, _("The index is being made anew; try again in a few minutes."))
    response = HttpResponse(machine.dumped(_said(text, found, site)), content_type="application/json")
    response["Cache-Control"] = "no-cache"
    return response


def _said(text: str, found: Results, site: Identity) -> machine.Row:
    return machine.head("search", site) | {
        "query": text,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "loose": found.loose,
        "hits": [_hit(hit, site) for hit in found.hits],
    }


def _hit(hit: Hit, site: Identity) -> machine.Row:
    snippet = str(lxml.html.fromstring(f"<p>{hit.snippet}</p>").text_content()) if hit.snippet else ""
    return {
        "title": hit.title,
        "url": site.origin + hit.url,
        "on": date.fromordinal(hit.day).isoformat(),
        "agency": hit.agency,
        "number": hit.number,
        "column": hit.column,
        "column_name": hit.column_name,
        "validity": hit.mark[1] if hit.mark else "",
        "snippet": snippet,
    }


def _problem(status: int, detail: str) -> HttpResponse:
    said = machine.dumped({"status": status, "detail": str(detail)})
    response = HttpResponse(said, status=status, content_type=PROBLEM)
    if status == 503:
        response["Retry-After"] = "60"
    return response
