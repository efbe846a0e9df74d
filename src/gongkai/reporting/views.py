"""Pages of a report: list, begin, the report with its tables, writing, preview, files."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.journal import clock
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.text import chinese_date
from gongkai.reporting import content as contents
from gongkai.reporting import (
    document,
    figures,
    filing_pages,
    jumps,
    narrative,
    publication,
    reports,
    rollup_views,
    workbook,
)
from gongkai.reporting.content import Standing
from gongkai.reporting.figures import cell_key
from gongkai.reporting.forms import BeginForm
from gongkai.reporting.inspection.previous import Difference, differences
from gongkai.reporting.models import AnnualReport, ManualFigure
from gongkai.reporting.tables import ReportFilters, ReportTable
from gongkai.reporting.titles import excerpt, title_of
from gongkai.review import drafts, releases
from gongkai.review.models import Draft, ReviewState, Revision
from gongkai.review.submission import content_of
from gongkai.review.views import steps
from gongkai.rulebook.report_form import Cell
from gongkai.rulebook.report_rules import Finding
from gongkai.rulebook.terms import REPORT_LAW

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "—"
# Figures of the text that say that there was nothing; they stand folded.
NIL = ("0", UNKNOWN)


class ReportList(StaffList):
    """The reports of the reader's agencies."""

    model = AnnualReport
    table_class = ReportTable
    filterset_class = ReportFilters
    act = "report.read"
    title = gettext_lazy("Annual reports")
    primary = {"label": gettext_lazy("Begin a report"), "url": "/workbench/reports/new/"}

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency")


def report_for(request: HttpRequest, code: str, year: int) -> AnnualReport:
    """The report of that agency and year, where the policy lets the reader see it; else 404."""
    row = get_object_or_404(
        AnnualReport.objects.select_related("agency", "live__revision", "created_by"),
        agency__code=code,
        year=year,
    )
    if not allowed(actor_of(request), "report.read", row.agency):
        raise Http404
    return row


def _draft(row: AnnualReport) -> Draft:
    draft = drafts.draft_of(contents.KIND, row.pk)
    if draft is None:
        raise Http404
    return draft


@staff_only
def begin(request: HttpRequest) -> HttpResponse:
    """A new report, with the proposed texts."""
    actor = actor_of(request)
    agencies = agencies_for(actor, "report.draft")
    last_year = clock.today().year - 1
    form = BeginForm(request.POST or None, agencies=agencies, initial={"year": last_year})
    if request.method == "POST" and form.is_valid():
        agency: Agency = form.cleaned_data["agency"]
        try:
            row, _draft_row = reports.begin(actor, agency, form.cleaned_data["year"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("reporting:report", code=agency.code, year=row.year)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Begin a report"),
            "intro": _("The tables are counted from the records; the texts begin with a proposal."),
            "submit_label": _("Begin this report"),
            "cancel_url": reverse("reporting:reports"),
        },
    )


@staff_only
def report(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Where a report stands: its tables with every cell open to its records, what the checks find, what to do next."""
    row = report_for(request, code, year)
    actor = actor_of(request)
    now = contents.standing(row, _draft(row).content)
    history = releases.history(contents.KIND, row.pk)
    running = next((one for one in history if one.state.state in ReviewState.OPEN), None)
    due = reports.due(row.agency, year)
    narrated = _narrative(row, now)
    context = {
        "title": str(row),
        "report": row,
        "deadline": deadline(due, done=row.published_at is not None, explanation=()) if due else None,
        "facts": [
            {"label": _("state"), "value": row.get_state_display()},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("period"), "value": _period(now)},
            {
                "label": _("published"),
                "value": row.published_at,
                "url": f"/reports/{row.agency.code}/{row.year}/" if row.live_id else "",
            },
            {"label": _("term"), "value": REPORT_LAW if due else ""},
        ],
        "steps": steps(running) if running else None,
        "primary": _primary(actor, row, running),
        "acts": _acts(row),
        "checks": [_finding(one) for one in now.findings],
        "rollup": rollup_views.summary(actor, row, now.whole),
        "tables": document.screen_tables(now.compiled.tables, _dress(row, now)),
        "narrative": [one for one in narrated if one["value"] not in NIL],
        "nil": [one for one in narrated if one["value"] in NIL],
        "by_hand": _by_hand(actor, row),
        "comparison": _comparison(request, row, now),
        "earlier_url": reverse("reporting:earlier") if allowed(actor, "report.draft", row.agency) else "",
        "since": _since(row, now),
        "timeline": [_event(one) for one in history],
        "filed": filing_pages.of_report(actor, row),
        "versions": filing_pages.versions(row),
    }
    return render(request, "reporting/report.html", context)


def _primary(actor: Actor, row: AnnualReport, running: Revision | None) -> dict[str, Any] | None:
    if running:
        return {"label": _("Open the review"), "url": reverse("review:page", args=[running.pk])}
    if not allowed(actor, "report.draft", row.agency):
        return None
    words = _("Amend") if row.live_id else _("Write and submit")
    return {"label": words, "url": reverse("reporting:edit", args=[row.agency.code, row.year])}


def _acts(row: AnnualReport) -> list[dict[str, Any]]:
    where = [row.agency.code, row.year]
    return [
        {"label": _("Preview"), "url": reverse("reporting:preview", args=where)},
        {"label": _("By month"), "url": reverse("reporting:by_parts", args=[*where, "month"])},
        {"label": _("By quarter"), "url": reverse("reporting:by_parts", args=[*where, "quarter"])},
        *(
            {"label": label, "url": reverse("reporting:file", args=[*where, f"report.{kind}"])}
            for kind, label in (
                ("xlsx", _("Export as xlsx")),
                ("docx", "Word"),
                ("pdf", "PDF"),
                ("json", "JSON"),
            )
        ),
    ]


def page_of_figure(row: AnnualReport) -> str:
    """What a figure opens to: its records, and of a government first the members that it is summed from."""
    return "reporting:sum" if row.agency.government else "reporting:figure"


def _dress(row: AnnualReport, now: Standing) -> Any:
    """What a figure's cell carries: its address, whether a finding points to it, how it was set by hand."""
    pointed = {(one.where.table, one.where.row, one.where.column) for one in now.findings}

    def dress(cell: Cell) -> Mapping[str, Any]:
        key = cell_key(cell)
        counted = now.compiled.counted.get(key)
        by_hand = counted.manual if counted else None
        note = _("Set by hand: %(reason)s") % {"reason": by_hand.reason} if by_hand else str(cell)
        return {
            "url": reverse(page_of_figure(row), args=[row.agency.code, row.year, key]),
            "note": note,
            "marked": bool(by_hand) or (cell.table, cell.row, cell.column_label) in pointed,
        }

    return dress


def _finding(finding: Finding) -> dict[str, Any]:
    where = finding.where
    return {
        "severity": "blocking" if finding.severity == "error" else "warning",
        "title": title_of(finding.rule),
        "where": " · ".join(filter(None, (where.table and document.CAPTIONS.get(where.table), where.column))),
        "advice": finding.message,
        "excerpt": _passages(finding) if finding.rule == "COPY" else "",
    }


def _passages(finding: Finding) -> str:
    """The beginnings of the passages that the report has in common with another one."""
    return " ⋯ ".join(f"“{excerpt(side.words.strip('“”'))}”" for side in finding.sides[::2])


def _period(now: Standing) -> str:
    """The days that the figures cover: 2022年1月1日至2022年12月31日."""
    period = now.compiled.period
    return _("%(first)s to %(last)s") % {
        "first": chinese_date(period.first),
        "last": chinese_date(period.last),
    }


def _narrative(row: AnnualReport, now: Standing) -> list[dict[str, Any]]:
    """The figures that texts bind; one of which nothing is known as a dash without its unit."""
    rows = []
    for each in figures.narrative():
        value = narrative.spoken(each.key, now.compiled.counted, now.words)
        rows.append(
            {
                "label": each.label,
                "key": each.key,
                "value": UNKNOWN if value is None else value,
                "unit": "" if value is None else each.unit,
                "source": each.source,
                "url": reverse(page_of_figure(row), args=[row.agency.code, row.year, each.key]),
            }
        )
    return rows


def _by_hand(actor: Actor, row: AnnualReport) -> list[dict[str, Any]]:
    waiting = ManualFigure.objects.filter(report=row, decision__isnull=True).select_related("proposed_by")
    may = allowed(actor, "report.approve_figure", row.agency)
    return [
        {
            "row": one,
            "label": each.label if (each := figures.figure(one.key)) else one.key,
            "may": may and one.proposed_by_id != actor.person.pk,
            "mine": one.proposed_by_id == actor.person.pk,
        }
        for one in waiting
    ]


def _comparison(request: HttpRequest, row: AnnualReport, now: Standing) -> dict[str, Any] | None:
    """The table of differences to last year's report; None without that report."""
    if now.previous is None:
        return None
    return jumps.table(
        now.compiled.tables,
        now.previous,
        now.said["jumps"],
        sort=request.GET.get("sort", ""),
        page=page_of_figure(row),
        where=[row.agency.code, row.year],
    )


def _since(row: AnnualReport, now: Standing) -> list[Difference]:
    """The cells that the records now give otherwise than the published report, which stays as it is (I10)."""
    content = content_of(row.live.digest) if row.live else None
    return differences(now.compiled.tables, document.tables_of(content)) if content else []


def _event(revision: Revision) -> dict[str, Any]:
    return {
        "when": revision.submitted_at,
        "title": _("Revision %(n)d: %(state)s")
        % {"n": revision.number, "state": revision.state.get_state_display()},
        "who": revision.submitted_by.name,
        "detail": "；".join(f"{one.person.name}：{one.opinion}" for one in revision.approvals.all()),
        "url": reverse("review:page", args=[revision.pk]),
        "link": _("Open the review"),
    }


def _shown(row: AnnualReport) -> dict[str, Any]:
    """The content that files and preview show: as published, or as it stands now."""
    content = content_of(row.live.digest) if row.live else None
    return content or reports.content_now(row, row.agency, row.year)


@staff_only
def preview(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The draft as it will appear."""
    row = report_for(request, code, year)
    content = reports.content_now(row, row.agency, year)
    return render(
        request,
        "reporting/preview.html",
        {"title": _("Preview: %(title)s") % {"title": row}, "report": row, "preview": document.html(content)},
    )


@staff_only
def file(request: HttpRequest, code: str, year: int, name: str) -> HttpResponse:
    """The report as docx, pdf, json or xlsx: as published, or from the current records."""
    row = report_for(request, code, year)
    content = _shown(row)
    day = timezone.localdate(row.published_at) if row.published_at else clock.today()
    try:
        match name:
            case "report.docx":
                data, kind = document.docx(content, day), DOCX
            case "report.pdf":
                data, kind = document.pdf_a(content, day), "application/pdf"
            case "report.json":
                data = publication.as_json(content, row.live).encode()
                kind = "application/json; charset=utf-8"
            case "report.xlsx":
                data, kind = workbook.xlsx(content, day), workbook.XLSX
            case _:
                raise Http404
    except PaperworkError as error:
        raise Refused(str(error)) from error
    response = HttpResponse(data, content_type=kind)
    extension = name.rpartition(".")[2]
    response["Content-Disposition"] = content_disposition_header(True, f"{row}.{extension}") or quote(name)
    return response
