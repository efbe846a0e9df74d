"""A figure opens to its records; the same figures by month and quarter; figures set by hand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.reporting import compiling, figures, manual
from gongkai.reporting import content as contents
from gongkai.reporting.figures import Figure, Period
from gongkai.reporting.forms import ManualForm
from gongkai.reporting.frozen_views import frozen_of, record_columns
from gongkai.reporting.models import AnnualReport, ManualFigure
from gongkai.reporting.views import report_for
from gongkai.review import drafts

LISTED = 50
PARTS = {"month": 1, "quarter": 3}


@staff_only
def figure(request: HttpRequest, code: str, year: int, key: str) -> HttpResponse:
    """What a figure counts, its records with links to their pages, and a form to set it by hand."""
    row = report_for(request, code, year)
    each = figures.figure(key)
    if each is None:
        raise Http404
    actor = actor_of(request)
    may = allowed(actor, "report.draft", row.agency)
    form = ManualForm(request.POST or None) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            manual.propose(actor, row, key, form.cleaned_data["value"], reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed; it counts once the leader has approved it."))
            return redirect("reporting:report", code=code, year=year)
    return render(request, "reporting/figure.html", _context(request, row, each, form))


def _context(
    request: HttpRequest, row: AnnualReport, each: Figure, form: ManualForm | None
) -> dict[str, Any]:
    period = _period(row, each)
    rows = each.records(row.agency, period)
    page = Paginator(rows.order_by("pk"), LISTED).get_page(request.GET.get("page"))
    opened = [each.opened(record) for record in page]
    by_hand = manual.approved(row).get(each.key)
    return {
        "title": str(each.label),
        "report": row,
        "value": each.measure(rows, row.agency, period),
        "unit": each.unit,
        "source": each.source,
        "period": period,
        "by_hand": by_hand,
        "page_obj": page,
        "count": page.paginator.count,
        "table": {
            "caption": str(each.label),
            "columns": record_columns(),
            "rows": [
                {"cells": [{"text": one.text, "url": one.url} if one.url else one.text, one.on, one.note]}
                for one in opened
            ],
        },
        "form": form,
        "back": reverse("reporting:report", args=[row.agency.code, row.year]),
        "frozen": reverse("reporting:frozen_figure", args=[row.agency.code, row.year, each.key])
        if frozen_of(row, each.key)
        else "",
    }


def _period(row: AnnualReport, each: Figure) -> Period:
    """The period of a figure in this report: the year, or from the start that its draft says."""
    draft = drafts.draft_of(contents.KIND, row.pk)
    starts = contents.starts_of(contents.EMPTY | draft.content) if draft else {}
    return Period.of_year(row.year, start=starts.get(each.key) if each.narrative else None)


@staff_only
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader approves or rejects a figure set by hand, or its proposer takes it back."""
    row = get_object_or_404(ManualFigure.objects.select_related("report__agency"), pk=pk)
    report = report_for(request, row.report.agency.code, row.report.year)
    decision = request.POST.get("decision")
    try:
        if decision == "take_back":
            manual.take_back(actor_of(request), row)
        else:
            manual.decide(actor_of(request), row, approved=decision == "approve")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("reporting:report", code=report.agency.code, year=report.year)


@staff_only
def by_parts(request: HttpRequest, code: str, year: int, part: str) -> HttpResponse:
    """The figures of the year by month or quarter; rows that are nothing all year are left out."""
    row = report_for(request, code, year)
    if part not in PARTS:
        raise Http404
    parts = compiling.year_by_parts(row.agency, year, months=PARTS[part])
    names = [f"{one.period.first:%m}" if part == "month" else f"Q{n}" for n, one in enumerate(parts, 1)]
    lines = []
    for each in figures.every():
        values = [one.counted[each.key].value for one in parts]
        if any(values):
            url = reverse("reporting:figure", args=[code, year, each.key])
            lines.append({"cells": [{"text": str(each.label), "url": url}, *values]})
    return render(
        request,
        "workbench/list.html",
        {
            "title": _("%(title)s by month") % {"title": row}
            if part == "month"
            else _("%(title)s by quarter") % {"title": row},
            "intro": _("The same figures as in the report, counted for each part of the year."),
            "table": {
                "caption": str(row),
                "columns": [
                    {"label": _("figure"), "kind": "main"},
                    *({"label": name, "kind": "number"} for name in names),
                ],
                "rows": lines,
            },
            "empty_title": _("No figure of this year is more than nothing."),
        },
    )
