"""A figure of a submitted report opens to the records that were frozen with it (I5), beside what they give now."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import staff_only
from gongkai.reporting import compiling, figures
from gongkai.reporting import content as contents
from gongkai.reporting.figures import Figure
from gongkai.reporting.models import AnnualReport, FrozenFigure
from gongkai.reporting.views import report_for
from gongkai.review.submission import content_of

LISTED = 50
THEN, NOW = "then", "now"


def record_columns() -> list[dict[str, str]]:
    """The columns of the records behind a figure: what each is called, its day, a remark."""
    return [
        {"label": _("record"), "kind": "main"},
        {"label": _("day"), "kind": "date"},
        {"label": _("remark"), "kind": ""},
    ]


def frozen_of(row: AnnualReport, key: str) -> FrozenFigure | None:
    """The figure as it is public, else as it was submitted last; None before the first submission."""
    rows = FrozenFigure.objects.filter(report=row, key=key).select_related("revision")
    if row.live_id and row.live is not None:
        rows = rows.filter(revision=row.live.revision_id)
    return rows.order_by("-pk").first()


@staff_only
def figure(request: HttpRequest, code: str, year: int, key: str) -> HttpResponse:
    """The frozen records of a figure, each with whether it counts now; what counts now and did not then comes first."""
    row = report_for(request, code, year)
    each, kept = figures.figure(key), frozen_of(row, key)
    if each is None or kept is None:
        raise Http404
    content = content_of(kept.revision.digest)
    starts = contents.starts_of(content) if content and each.narrative else {}
    period = figures.Period.of_year(row.year, start=starts.get(key))
    now = compiling.compile_figures(row.agency, period, only=[each]).counted[key]
    then = kept.behind
    since = sorted(set(now.records) - set(then))
    gone = set(then) - set(now.records)
    listed = [(pk, NOW) for pk in since] + [(pk, THEN) for pk in then]
    page = Paginator(listed, LISTED).get_page(request.GET.get("page"))
    return render(
        request,
        "reporting/frozen.html",
        {
            "title": str(each.label),
            "report": row,
            "kept": kept,
            "value": None if kept.value is None else f"{kept.value.normalize():f}",
            "now": now.value,
            "differs": now.value != kept.value and not kept.manual,
            "unit": each.unit,
            "added": len(since),
            "removed": len(gone),
            "page_obj": page,
            "count": page.paginator.count,
            "table": {
                "caption": str(each.label),
                "columns": [*record_columns(), {"label": _("since the submission"), "kind": ""}],
                "rows": _rows(each, row, list(page), gone),
            },
            "back": reverse("reporting:figure", args=[code, year, key]),
        },
    )


def _rows(
    each: Figure, row: AnnualReport, listed: list[tuple[str, str]], gone: set[str]
) -> list[dict[str, Any]]:
    model = each.records(row.agency, figures.Period.of_year(row.year)).model
    known = {str(one.pk): one for one in model.objects.filter(pk__in=[pk for pk, _when in listed])}
    rows = []
    for pk, when in listed:
        said = (
            _("counted only now") if when == NOW else _("no longer counted") if pk in gone else _("unchanged")
        )
        record = known.get(pk)
        if record is None:
            rows.append({"cells": [pk, None, _("This record is no longer there."), said]})
            continue
        opened = each.opened(record)
        name = {"text": opened.text, "url": opened.url} if opened.url else opened.text
        rows.append({"cells": [name, opened.on, opened.note, said]})
    return rows
