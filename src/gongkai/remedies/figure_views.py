"""Table four of a year, and the cases behind each of its figures (I5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for
from gongkai.journal import clock
from gongkai.remedies import figures
from gongkai.rulebook.report_form import REMEDY_COLUMNS, REMEDY_ROWS

AGENCIES_SHOWN, ROWS_SHOWN = 100, 500


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 2008 <= int(text[:5]) <= 2099 else clock.today().year


@staff_only
def table_four(request: HttpRequest) -> HttpResponse:
    """Table four of a year, each agency's figures open to their cases."""
    agencies = agencies_for(actor_of(request), "remedy.read")
    if not agencies.exists():
        raise Refused(_("You may not see the cases of any agency."))
    year = _year(request)
    tables = []
    for agency in agencies[:AGENCIES_SHOWN]:
        found = figures.year_table(agency, year)
        tables.append(
            {
                "agency": agency,
                "table": {
                    "caption": f"{agency.name} {year}",
                    "columns": [{"label": "", "sort": "", "kind": "main"}]
                    + [{"label": column.label, "sort": "", "kind": "number"} for column in REMEDY_COLUMNS],
                    "rows": [
                        {"cells": [row.full_label, *_figures(found[row.key], agency, year, row.key)]}
                        for row in REMEDY_ROWS
                    ],
                },
            }
        )
    return render(
        request,
        "remedies/table_four.html",
        {
            "title": _("Table four of %(year)d") % {"year": year},
            "tables": tables,
            "year": year,
            "earlier": year - 1,
            "later": year + 1,
        },
    )


def _figures(cells: Any, agency: Any, year: int, row: str) -> list[Any]:
    base = reverse("remedies:counted")
    return [
        {
            "text": str(cells[column].value),
            "url": f"{base}?agency={agency.pk}&year={year}&row={row}&column={column}",
        }
        for column in figures.COLUMNS
    ]


@staff_only
def counted(request: HttpRequest) -> HttpResponse:
    """The cases behind one figure of table four (I5)."""
    try:
        agency = get_object_or_404(
            agencies_for(actor_of(request), "remedy.read"), pk=request.GET.get("agency")
        )
    except ValidationError:
        raise Http404 from None
    year = _year(request)
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    cell = figures.year_table(agency, year).get(row, {}).get(column)
    if cell is None:
        raise Http404
    labels = {each.key: each.label for each in REMEDY_COLUMNS}
    heading = next(each.full_label for each in REMEDY_ROWS if each.key == row)
    return render(
        request,
        "workbench/list.html",
        {
            "title": f"{heading}：{labels[column]}",
            "intro": f"{agency.name}，{year}",
            "count": cell.value,
            "table": {
                "caption": labels[column],
                "columns": [
                    {"label": _("case"), "sort": "", "kind": "main"},
                    {"label": _("case received on"), "sort": "", "kind": "date"},
                    {"label": _("decided on"), "sort": "", "kind": "date"},
                    {"label": _("finer result"), "sort": "", "kind": ""},
                ],
                "rows": [
                    {
                        "cells": [
                            {"text": str(each), "url": reverse("remedies:remedy", args=[each.pk])},
                            each.received_on,
                            each.decided_on or "",
                            each.detail_label,
                        ]
                    }
                    for each in cell.rows[:ROWS_SHOWN]
                ],
            },
        },
    )
