"""Writing a report: the page of the editor, its autosave, and what stands beside the parts while one types."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.reporting import content as contents
from gongkai.reporting import followups, reports, writing
from gongkai.reporting.content import Standing
from gongkai.reporting.forms import JUMP, ReportForm
from gongkai.reporting.inspection import previous
from gongkai.reporting.models import AnnualReport
from gongkai.reporting.views import report_for
from gongkai.review import drafts, submission
from gongkai.review.models import Draft


def _report_and_draft(request: HttpRequest, code: str, year: int) -> tuple[AnnualReport, Draft]:
    row = report_for(request, code, year)
    draft = drafts.draft_of(contents.KIND, row.pk)
    if draft is None or not allowed(actor_of(request), "report.draft", row.agency):
        raise Http404
    return row, draft


def _form(data: Any, row: AnnualReport, draft: Draft, problems: tuple[str, ...]) -> ReportForm:
    said = contents.EMPTY | draft.content
    return ReportForm(
        data,
        initial=said | {"version": draft.version},
        starts=said["starts"],
        year=row.year,
        corrects=row.published_at is not None,
        problems=followups.rows_of(problems, said),
        entries=followups.entries(row.agency, row.year) if problems else (),
        sentences=said["jumps"],
    )


@staff_only
def edit(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Write the parts. POST with X-Autosave answers JSON; otherwise saves, inserts a proposal, or submits."""
    row, draft = _report_and_draft(request, code, year)
    actor = actor_of(request)
    problems = contents.last_problems(row)
    form = _form(request.POST or None, row, draft, problems)
    quiet = request.headers.get("X-Autosave") == "1"
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            saved = reports.save(actor, row, form.content(), version=version)
            if quiet:
                return JsonResponse({"version": saved.version})
            if writing.INSERT in request.POST:
                said, place = writing.with_proposal(
                    contents.standing(row, saved.content), request.POST[writing.INSERT]
                )
                reports.save(actor, row, said, version=saved.version)
                return redirect(f"{request.path}#{place}")
            if "submit" in request.POST:
                revision = reports.submit(actor, row, version=saved.version)
                return redirect("review:page", pk=revision.pk)
            messages.success(request, _("Saved. Nothing that is public has changed."))
            return redirect("reporting:edit", code=code, year=year)
        except submission.Incomplete as refusal:
            # What was typed is saved; the form shows it again with what is missing beside each field.
            form = _again(request, row, saved, problems)
            for problem in refusal.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        except Refused as refusal:
            if quiet:
                return JsonResponse({"error": refusal.message}, status=409)
            form.add_error(None, refusal.message)
    elif quiet:
        return JsonResponse({"error": _("One of the fields is not well formed.")}, status=400)
    return _editor(request, row, form)


def _again(request: HttpRequest, row: AnnualReport, saved: Draft, problems: tuple[str, ...]) -> ReportForm:
    data = request.POST.copy()
    data["version"] = str(saved.version)
    form = _form(data, row, saved, problems)
    form.is_valid()
    return form


def _standing(row: AnnualReport) -> Standing:
    draft = drafts.draft_of(contents.KIND, row.pk)
    if draft is None:
        raise Http404
    return contents.standing(row, draft.content)


def _editor(request: HttpRequest, row: AnnualReport, form: ReportForm) -> HttpResponse:
    desk = writing.Desk(_standing(row))
    now = desk.now
    form.ask_for(previous.jumps(now.compiled.tables, now.previous) if now.previous else [])
    proposed = desk.proposed()
    parts = desk.parts()
    for part in parts:
        if not part["table"]:
            name = part["name"]
            part |= {"field": form[name], "proposed": proposed[name], "more": _more(form, name)}
    where = [row.agency.code, row.year]
    due = reports.due(row.agency, row.year)
    return render(
        request,
        "reporting/edit.html",
        {
            "title": _("Write: %(title)s") % {"title": row},
            "report": row,
            "form": form,
            "deadline": deadline(due, done=row.published_at is not None, explanation=()) if due else None,
            "parts": parts,
            "next": next((part for part in parts if part["left"]), None),
            "elsewhere": desk.elsewhere(),
            "bindable": desk.bindable(),
            "followups": [
                {
                    "problem": one.problem,
                    "likely": one.likely,
                    "fields": [form[f"entry_{one.name}"], form[f"answer_{one.name}"]],
                }
                for one in form.followups
            ],
            "jumps": [form[JUMP + key] for key in form.jumps],
            "jumps_in_text": form["jumps_in_text"],
            "beside_url": reverse("reporting:beside", args=where),
            "cancel_url": reverse("reporting:report", args=where),
        },
    )


def _more(form: ReportForm, name: str) -> list[Any]:
    """The further fields that belong to a part."""
    names = {
        "overview": [field for field in form.fields if field.startswith("start_")],
        "other": [field for field in ("carry_over", "correction") if field in form.fields],
    }
    return [form[field] for field in names.get(name, ())]


@staff_only
def beside(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """What stands beside the parts of the draft as it is saved: for the editor, which asks after each autosave."""
    row, _draft = _report_and_draft(request, code, year)
    desk = writing.Desk(_standing(row))
    parts = desk.parts()
    return render(
        request,
        "reporting/partials/beside.html",
        {
            "parts": parts,
            "next": next((part for part in parts if part["left"]), None),
            "elsewhere": desk.elsewhere(),
        },
    )
