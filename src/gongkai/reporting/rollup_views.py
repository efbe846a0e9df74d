"""Pages of the roll-up: members and what each gives, the list, a figure opened to its members."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from gongkai.agencies import exporting
from gongkai.agencies.deadlines import deadline
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import EXPORTS, actor_of, look, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed, require
from gongkai.journal import chain, clock
from gongkai.reporting import (
    compiling,
    figures,
    manual,
    reports,
    rollup,
    rollup_checks,
    rollup_frozen,
    rollup_members,
    rollup_text,
)
from gongkai.reporting.figures import Period
from gongkai.reporting.models import AnnualReport, MemberUpload, RollupRule
from gongkai.reporting.rollup import Given, Whole
from gongkai.reporting.rollup_forms import MemberForm, OutsideForm, TownsForm
from gongkai.reporting.rollup_members import KEEP, READ, TAKE_IN
from gongkai.reporting.rollup_outside import Terms
from gongkai.reporting.rollup_tables import (
    SOURCES,
    MemberFilters,
    MemberTable,
    counts,
    rows_of,
    side_by_side,
)
from gongkai.reporting.titles import title_of
from gongkai.review import drafts
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import ReportTables
from gongkai.rulebook.report_rules import Finding


def government_for(request: HttpRequest, code: str, year: int, act: str = READ) -> Agency:
    """The government of that code, where the policy lets the reader do `act` there; else 404."""
    row = get_object_or_404(Agency, code=code, government=True)
    if not allowed(actor_of(request), act, row):
        raise Http404
    try:
        reports.require_year(row, year)
    except Refused as refusal:
        raise Http404 from refusal
    return row


def whole_of(government: Agency, year: int) -> tuple[Whole, AnnualReport | None]:
    """The sums as they stand now, with the government's report where it is begun."""
    report = (
        AnnualReport.objects.filter(agency=government, year=year).select_related("agency", "live").first()
    )
    own = compiling.compile_figures(government, Period.of_year(year))
    return rollup.add_up(government, year, own, manual.approved(report) if report else {}), report


def _readable(actor: Actor, whole: Whole) -> set[Any]:
    """The keys of the members whose own reports the reader may open."""
    wanted = [each.member.agency.pk for each in whole.given if each.member.agency]
    return set(agencies_for(actor, "report.read").filter(pk__in=wanted).values_list("pk", flat=True))


@staff_only
def first(request: HttpRequest) -> HttpResponse:
    """The members of last year's report of the reader's government; of several governments, a choice."""
    actor, year = actor_of(request), clock.today().year - 1
    found = list(agencies_for(actor, READ).filter(government=True).order_by("path"))
    if not found:
        require(actor, READ, None)
    if len(found) == 1:
        return redirect("reporting:members", code=found[0].code, year=year)
    lines = [
        {"cells": [{"text": each.name, "url": reverse("reporting:members", args=[each.code, year])}]}
        for each in found
    ]
    title = _("Roll-up of governments' reports")
    table = {
        "caption": title,
        "columns": [{"label": _("government"), "kind": "main"}],
        "rows": lines,
    }
    return render(request, "workbench/list.html", {"title": title, "table": table, "count": len(lines)})


@staff_only
def members(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    """Who counts in, what each gives, who is late; what the checks say of the sums."""
    government = government_for(request, code, year)
    actor = actor_of(request)
    whole, report = whole_of(government, year)
    rows = rows_of(whole, _readable(actor, whole), Terms(government, year))
    filters = MemberFilters(request.GET or None)
    table = MemberTable(filters.keep(rows), government=government, year=year)
    RequestConfig(request, paginate=False).configure(table)
    title = _("%(agency)s %(year)d: members of the report") % {"agency": government.name, "year": year}
    if (form := request.GET.get("export", "")) in exporting.FORMATS:
        _exported(actor, government, request.path, form)
        return exporting.export(form, table, title)
    where = [government.code, year]
    query = request.GET.copy()
    due = reports.due(government, year)
    context = {
        "title": title,
        "intro": _(
            "The report of a government is the sum of these reports. A member's published report counts; of an office "
            "that does not use this system, the report taken in from its file."
        ),
        "deadline": deadline(due, done=bool(report and report.published_at), explanation=()) if due else None,
        "report": report,
        "primary": _primary(actor, government, year),
        "acts": _acts(actor, government, where),
        "counts": counts(rows),
        "filters": filters,
        "table": look(table, title, skip=("digest",)),
        "count": len(table.rows),
        "exports": [
            *({"label": label, "url": f"?{_with(query, form)}"} for form, label in EXPORTS.items()),
            *(
                {"label": label, "url": reverse("reporting:side_by_side", args=[*where, f"members.{form}"])}
                for form, label in (
                    ("xlsx", _("All figures side by side (xlsx)")),
                    ("csv", _("All figures side by side (csv)")),
                )
            ),
        ],
        "findings": [_finding(one) for one in rollup_checks.findings(whole)],
        "silences": rollup_text.silences(whole),
        "timeline": [_said(row, government, year) for row in rollup_members.history(government, year)],
        "keep": [
            {"name": each.name, "url": _say_url(where, each)}
            for each in whole.given
            if not each.member.own and allowed(actor, KEEP, government)
        ],
    }
    return render(request, "reporting/rollup.html", context)


def _with(query: Any, form: str) -> str:
    said = query.copy()
    said["export"] = form
    return str(said.urlencode())


def _primary(actor: Actor, government: Agency, year: int) -> dict[str, Any] | None:
    if not allowed(actor, TAKE_IN, government):
        return None
    waiting = MemberUpload.objects.filter(government=government, year=year).count()
    words = _("Reports that wait (%(n)d)") % {"n": waiting} if waiting else _("Take in reports")
    return {"label": words, "url": reverse("reporting:intake", args=[government.code, year])}


def _acts(actor: Actor, government: Agency, where: list[Any]) -> list[dict[str, Any]]:
    if not allowed(actor, KEEP, government):
        return []
    return [
        {
            "label": _("Collection of the agencies' reports"),
            "url": reverse("reporting:collection", args=[where[1]]),
        },
        {
            "label": _("Add an office that does not use this system"),
            "url": reverse("reporting:outside", args=where),
        },
        {"label": _("Towns and subdistricts"), "url": reverse("reporting:towns", args=where)},
    ]


def _say_url(where: list[Any], each: Given) -> str:
    return f"{reverse('reporting:member', args=where)}?{urlencode({'name': each.name})}"


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "severity": "blocking" if one.severity == "error" else "warning",
        "title": title_of(one.rule),
        "where": one.where.column or "",
        "advice": one.message,
    }


def _said(row: Any, government: Agency, year: int) -> dict[str, Any]:
    if isinstance(row, RollupRule):
        words = (
            _("towns and subdistricts count in") if row.towns else _("towns and subdistricts do not count in")
        )
        detail = row.reason
    else:
        words = _("“%(name)s” counts in") if row.counted else _("“%(name)s” is left out")
        words %= {"name": row.name}
        detail = "：".join(filter(None, (row.get_ground_display(), row.reason)))
    return {
        "when": row.at,
        "title": _("%(words)s, from the report on %(year)d") % {"words": words, "year": row.year},
        "who": row.person.name,
        "detail": detail,
    }


def _exported(actor: Actor, government: Agency, path: str, form: str) -> None:
    with transaction.atomic():
        chain.record(
            "list.exported", actor.who, agency=government.pk, subject=("list", path[:64]), form=form, by=[]
        )


@staff_only
def tables(request: HttpRequest, code: str, year: int, name: str) -> HttpResponseBase:
    """All figures of all members side by side, as a file."""
    government = government_for(request, code, year)
    form = name.removeprefix("members.")
    if form not in exporting.FORMATS or name == form:
        raise Http404
    whole, _report = whole_of(government, year)
    _exported(actor_of(request), government, request.path, form)
    title = _("%(agency)s %(year)d: members of the report") % {"agency": government.name, "year": year}
    return exporting.download(form, side_by_side(whole), title)


@staff_only
def member(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Say that a member counts in, or is left out."""
    government = government_for(request, code, year, KEEP)
    name = request.GET.get("name", "")
    listed = {each.name: each for each in rollup_members.members(government, year)}
    known = listed.get(name)
    if known is None or known.own:
        raise Http404
    initial = {"counted": "no" if known.counted else "yes", "ground": known.ground or None}
    form = MemberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rollup_members.set_member(actor_of(request), government, year, name, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Noted; the sums follow at once."))
            return redirect("reporting:members", code=code, year=year)
    return _form(request, form, name, _("Put this on the list"), government, year)


@staff_only
def outside(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Put an office that does not use this system on the list."""
    government = government_for(request, code, year, KEEP)
    form = OutsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rollup_members.add_outside(
                actor_of(request), government, year, said["name"], group=said["group"], reason=said["reason"]
            )
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("On the list; its report can be taken in now."))
            return redirect("reporting:members", code=code, year=year)
    title = _("Add an office that does not use this system")
    return _form(request, form, title, _("Add this office"), government, year)


@staff_only
def towns(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Say whether towns and subdistricts count in."""
    government = government_for(request, code, year, KEEP)
    counted = rollup_members.towns_count(government, year)
    form = TownsForm(request.POST or None, initial={"towns": "no" if counted else "yes"})
    if request.method == "POST" and form.is_valid():
        try:
            rollup_members.set_towns(actor_of(request), government, year, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Noted; the sums follow at once."))
            return redirect("reporting:members", code=code, year=year)
    return _form(request, form, _("Towns and subdistricts"), _("Put this on the list"), government, year)


def _form(
    request: HttpRequest, form: Any, title: str, submit: str, government: Agency, year: int
) -> HttpResponse:
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": title,
            "intro": _(
                "It holds for the report on %(year)d and the following years, until it is said otherwise."
            )
            % {"year": year},
            "submit_label": submit,
            "consequence": _("What is said stays in the history of the list."),
            "cancel_url": reverse("reporting:members", args=[government.code, year]),
        },
    )


@staff_only
def opened(request: HttpRequest, code: str, year: int, key: str) -> HttpResponse:
    """A figure of the government's report opened to its members; each opens further, as far as the reader may see."""
    government = government_for(request, code, year)
    each = figures.figure(key)
    if each is None:
        raise Http404
    whole, report = whole_of(government, year)
    frozen = _frozen(report)
    readable = _readable(actor_of(request), whole)
    own_page = reverse("reporting:figure", args=[code, year, key]) if report else ""
    lines = []
    for one in whole.counted:
        then = frozen.get(one.name, {}).get(key)
        lines.append(
            {
                "cells": [
                    {"text": one.name, "url": _page(one, year, key, readable, own_page), "note": one.missing},
                    one.value(key),
                    *([then] if frozen else []),
                    str(SOURCES[one.source]) if one.source else "—",
                    one.at,
                    f"{one.digest[:12]}…" if one.digest else "",
                ]
            }
        )
    counted = whole.compiled.counted[key]
    context = {
        "title": str(each.label),
        "government": government,
        "value": counted.value,
        "unit": each.unit,
        "source": each.source,
        "by_hand": counted.manual,
        "incomplete": whole.incomplete.get(key),
        "table": {
            "caption": str(each.label),
            "columns": [
                {"label": _("agency"), "kind": "main"},
                {"label": _("value"), "kind": "number"},
                *([{"label": _("published figure"), "kind": "number"}] if frozen else []),
                {"label": _("figures from"), "kind": ""},
                {"label": _("of"), "kind": "date"},
                {"label": _("digest"), "kind": ""},
            ],
            "rows": lines,
        },
        "own_page": own_page,
        "back": reverse("reporting:report", args=[code, year])
        if report
        else reverse("reporting:members", args=[code, year]),
        "members_url": reverse("reporting:members", args=[code, year]),
    }
    return render(request, "reporting/sum.html", context)


def _page(one: Given, year: int, key: str, readable: set[Any], own_page: str) -> str:
    if one.member.own:
        return own_page
    if one.file is not None:
        return reverse("reporting:taken_in", args=[one.file.government.code, year, one.file.pk])
    if one.report is not None and one.member.agency and one.member.agency.pk in readable:
        return reverse("reporting:figure", args=[one.member.agency.code, year, key])
    return ""


def _frozen(report: AnnualReport | None) -> dict[str, dict[str, Any]]:
    """Member → figure → value as the published report was summed from; nothing where none is public."""
    content = content_of(report.live.digest) if report and report.live else None
    found: dict[str, dict[str, Any]] = {}
    for one in (content or {}).get("rollup", {}).get("members", []):
        tables = ReportTables.from_json(one["tables"])
        found[one["name"]] = {figures.cell_key(cell): tables.value(cell) for cell in tables.cells()} | one[
            "figures"
        ]
    return found


@staff_only
@require_POST
def reword(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Word the clauses of the proposed text otherwise that state what not every member states."""
    report = get_object_or_404(AnnualReport.objects.select_related("agency"), agency__code=code, year=year)
    actor = actor_of(request)
    if not report.agency.government or not allowed(actor, "report.draft", report.agency):
        raise Http404
    draft = drafts.draft_of("report", report.pk)
    if draft is None:
        raise Http404
    whole, _report = whole_of(report.agency, year)
    if changed := rollup_text.reworded(draft.content, whole):
        reports.save(actor, report, draft.content | changed, version=draft.version)
    messages.success(request, _("The text states only what every member states."))
    return redirect(f"{reverse('reporting:report', args=[code, year])}#members")


def summary(actor: Actor, row: AnnualReport, whole: Whole | None) -> dict[str, Any] | None:
    """What the page of a government's report says of its members; None for another report."""
    if whole is None:
        return None
    draft = drafts.draft_of("report", row.pk)
    may_reword = draft is not None and allowed(actor, "report.draft", row.agency)
    content = content_of(row.live.digest) if row.live else None
    return {
        "url": reverse("reporting:members", args=[row.agency.code, row.year]),
        "counted": len(whole.counted),
        "missing": [each.name for each in whole.missing],
        "left_out": [each.name for each in whole.given if not each.member.counted],
        "changes": rollup_frozen.changes(content, whole) if content else [],
        "silences": rollup_text.silences(whole),
        "reword_url": reverse("reporting:reword", args=[row.agency.code, row.year])
        if may_reword and draft and rollup_text.reworded(draft.content, whole)
        else "",
        "today": clock.today(),
    }
