"""Pages of the reports of earlier years that are taken over: the list, and one of them with its file."""

from typing import Any

import django_tables2 as tables
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import allowed
from gongkai.reporting import earlier_intake, previous, received
from gongkai.reporting.models import AnnualReport, EarlierReport
from gongkai.rulebook.report_form import TITLE


def title_of(row: EarlierReport) -> str:
    return TITLE.format(agency=row.agency.name, year=row.year)


def _compared(row: EarlierReport) -> str:
    """Whether it was a scan; nothing is known of a row from before that was kept."""
    return "—" if row.scanned is None else _("yes, compared") if row.scanned else _("no")


class EarlierTable(tables.Table):
    """What was taken over, by whom, when, from which file; of one year the latest counts."""

    title = tables.Column(
        verbose_name=gettext_lazy("report"), accessor="pk", order_by=("year", "pk"), attrs=kind("main")
    )
    year = tables.Column(attrs=kind("number"))
    at = tables.Column(attrs=kind("date"))
    scanned = tables.Column(empty_values=())

    class Meta:
        model = EarlierReport
        fields = ("title", "agency", "year", "source", "digest", "scanned", "reason", "person", "at")
        order_by = ("-year",)

    def render_title(self, record: EarlierReport) -> dict[str, Any]:
        return {"text": title_of(record), "url": reverse("reporting:earlier_taken", args=[record.pk])}

    def value_title(self, record: EarlierReport) -> str:
        return title_of(record)

    def render_digest(self, value: str) -> str:
        return f"{value[:12]}…"

    def value_digest(self, value: str) -> str:
        return value

    def render_scanned(self, record: EarlierReport) -> str:
        return _compared(record)


class EarlierFilters(Filters):
    """By year, and whether it was a scan."""

    class Meta:
        model = EarlierReport
        fields = ("year", "scanned")


class EarlierList(StaffList):
    """The reports of earlier years of the reader's agencies."""

    model = EarlierReport
    table_class = EarlierTable
    filterset_class = EarlierFilters
    act = "report.read"
    title = gettext_lazy("Reports of earlier years that are taken over")
    intro = gettext_lazy("Of one year the report taken over last counts, unless one is published here.")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency", "person")


@staff_only
def taken(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it was taken over, with its file, and the others of the same year."""
    row = get_object_or_404(EarlierReport.objects.select_related("agency", "person"), pk=pk)
    actor = actor_of(request)
    if not allowed(actor, "report.read", row.agency):
        raise Http404
    of_year = EarlierReport.objects.filter(agency=row.agency, year=row.year).select_related("person")
    last = previous.taken_over(row.agency, row.year)
    published = AnnualReport.objects.filter(agency=row.agency, year=row.year, live__isnull=False).exists()
    counts = row == last and not published
    original = earlier_intake.original(row)
    context = {
        "title": title_of(row),
        "facts": [
            {
                "label": _("state"),
                "value": _("counts as the report on this year") if counts else _("counts no more"),
            },
            {"label": _("file"), "value": row.source},
            {"label": _("taken over by"), "value": row.person.name},
            {"label": _("time"), "value": row.at},
            {"label": _("scanned"), "value": _compared(row)},
            {"label": _("digest"), "value": f"SM3 {row.digest}", "wide": True},
        ],
        "file_url": reverse("files:attachment", args=[original.pk])
        if original is not None and allowed(actor, "files.read", row.agency)
        else "",
        "tables": received.shown({"tables": row.tables}),
        "timeline": [
            {
                "when": one.at,
                "title": one.source,
                "who": one.person.name,
                "detail": one.reason or "",
                "url": reverse("reporting:earlier_taken", args=[one.pk]),
                "link": _("Open"),
            }
            for one in of_year.order_by("-pk")
        ],
        "back": reverse("reporting:earlier_list"),
    }
    return render(request, "reporting/earlier_taken.html", context)
