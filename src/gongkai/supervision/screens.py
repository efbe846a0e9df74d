"""Own screens: the task board, the plan of the year, training with attendance, accountability, figures."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline, light, remaining
from gongkai.agencies.models import Agency, Person
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed
from gongkai.journal import clock
from gongkai.supervision import attendance, figures
from gongkai.supervision.forms import AttendanceForm
from gongkai.supervision.models import Attendance, Entry, Kind
from gongkai.supervision.views import entry_for

BOARD_SHOWN, TREE_SHOWN, AGENCIES_SHOWN, ROWS_SHOWN = 500, 2_000, 100, 500
LANES = (
    ("overdue", gettext_lazy("Overdue")),
    ("soon", gettext_lazy("Due soon")),
    ("ok", gettext_lazy("In time")),
    ("none", gettext_lazy("No time limit")),
)


def _mine(request: HttpRequest) -> QuerySet[Agency]:
    agencies = agencies_for(actor_of(request), "ledger.read")
    if not agencies.exists():
        raise Refused(_("You may not see the ledger of any agency."))
    return agencies


def _year(request: HttpRequest) -> int:
    """The year asked for; this year where the address says nothing that is one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 2000 <= int(text[:5]) <= 2099 else clock.today().year


def _years(year: int) -> dict[str, int]:
    return {"year": year, "earlier": year - 1, "later": year + 1}


@staff_only
def tasks(request: HttpRequest) -> HttpResponse:
    """The board: open tasks by their light, soonest due first; a task reported as done is marked."""
    agencies = _mine(request)
    rows = (
        Entry.objects.filter(agency__in=agencies, kind__figure="tasks", closed_as="")
        .select_related("kind", "agency", "responsible", "parent")
        .order_by("due_on", "number")[:BOARD_SHOWN]
    )
    lanes: dict[str, list[dict[str, Any]]] = {code: [] for code, _label in LANES}
    for entry in rows:
        lanes[light(remaining(entry.due_on))].append({"entry": entry, "deadline": deadline(entry.due_on)})
    kinds = Kind.objects.filter(figure="tasks", active=True)
    return render(
        request,
        "supervision/tasks.html",
        {
            "title": _("Tasks"),
            "lanes": [
                {"code": code, "label": label, "tasks": lanes[code]} for code, label in LANES if lanes[code]
            ],
            "several": agencies[:2].count() > 1,
            "kinds": kinds,
            "primary": {"label": _("Open a task"), "url": reverse("supervision:open", args=[kinds[0].pk])}
            if kinds and allowed_somewhere(request)
            else None,
        },
    )


def allowed_somewhere(request: HttpRequest) -> bool:
    """Whether the reader may open entries in any agency."""
    return agencies_for(actor_of(request), "ledger.open").exists()


@staff_only
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of a year as a tree: deployment → plan → key point → task, with what is done of each."""
    year = _year(request)
    rows = list(
        Entry.objects.filter(agency__in=_mine(request), kind__group="work", year=year)
        .exclude(closed_as=Entry.End.DROPPED)
        .select_related("kind", "agency", "responsible")
        .order_by("kind__order", "due_on", "number")[:TREE_SHOWN]
    )
    nodes = {entry.pk: {"entry": entry, "children": []} for entry in rows}
    roots: list[dict[str, Any]] = []
    for entry in rows:
        above = nodes.get(entry.parent_id) if entry.parent_id else None
        (above["children"] if above else roots).append(nodes[entry.pk])  # type: ignore[attr-defined]
    for root in roots:
        _count(root)
    return render(
        request,
        "supervision/plan.html",
        {"title": _("Plan of %(year)d") % {"year": year}, "roots": roots} | _years(year),
    )


def _count(node: dict[str, Any]) -> tuple[int, int]:
    """Write into the node how many tasks stand under it and how many are done; the light of an open one."""
    entry: Entry = node["entry"]
    done = whole = 0
    if entry.kind.figure == "tasks":
        whole, done = 1, int(entry.closed_as == Entry.End.DONE)
    for child in node["children"]:
        below_done, below = _count(child)
        done, whole = done + below_done, whole + below
    node |= {"done": done, "whole": whole if node["children"] else 0}
    node["deadline"] = deadline(entry.due_on) if entry.open and entry.due_on else None
    return done, whole


@staff_only
def training(request: HttpRequest) -> HttpResponse:
    """Coverage of the year by agency, and the sessions with how many attended."""
    year = _year(request)
    first, last = date(year, 1, 1), date(year, 12, 31)
    agencies = _mine(request)
    sessions = list(
        Entry.objects.filter(agency__in=agencies, kind__figure="training", occurred_on__range=(first, last))
        .select_related("kind", "agency")
        .order_by("-occurred_on", "-number")[:ROWS_SHOWN]
    )
    counts: dict[Any, dict[str, int]] = {}
    for session, presence in attendance.latest(sessions).values_list("session", "presence"):
        row = counts.setdefault(session, {})
        row[presence] = row.get(presence, 0) + 1
    kind = Kind.objects.filter(figure="training", active=True).first()
    return render(
        request,
        "supervision/training.html",
        {
            "title": _("Training in %(year)d") % {"year": year},
            "coverage": [
                {"agency": agency, "figures": _training_figures(agency, first, last)}
                for agency in agencies[:AGENCIES_SHOWN]
            ],
            "sessions": [{"entry": entry, "counts": counts.get(entry.pk, {})} for entry in sessions],
            "primary": {"label": _("Open a session"), "url": reverse("supervision:open", args=[kind.pk])}
            if kind and allowed_somewhere(request)
            else None,
        }
        | _years(year),
    )


def _training_figures(agency: Agency, first: date, last: date) -> list[figures.Figure]:
    return [
        figures.training_coverage(agency, first, last),
        figures.training_sessions(agency, first, last),
        figures.training_hours(agency, first, last),
    ]


@staff_only
def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The register of one session: everyone on the staff that day, attended, absent or excused."""
    row = entry_for(request, pk)
    if row.kind.figure != attendance.FIGURE:
        raise Http404
    actor = actor_of(request)
    standing = {mark.person_id: mark for mark in attendance.latest([row]).select_related("person")}
    staff = attendance.staff_on(row.agency, row.occurred_on)
    people = Person.objects.filter(pk__in=[*staff.values_list("pk", flat=True), *standing])
    form = AttendanceForm(
        request.POST or None,
        people=people,
        standing=standing,
        hours=row.fields.get("hours") or 0,
        initial={"version": row.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = attendance.record(actor, row, _marks(form), version=form.cleaned_data["version"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Attendance entered for %(count)d people.") % {"count": len(made)})
            return redirect("supervision:entry", pk=row.pk)
    return render(
        request,
        "supervision/session.html",
        {
            "form": form,
            "title": _("Attendance: %(subject)s") % {"subject": row.subject},
            "entry": row,
            "may_record": allowed(actor, "ledger.write", row.agency),
            "present": sum(mark.presence == Attendance.Presence.ATTENDED for mark in standing.values()),
            "whole": len(people),
        },
    )


def _marks(form: AttendanceForm) -> dict[Person, attendance.Mark]:
    """What was entered, for the people for whom something was."""
    said = form.cleaned_data
    marks = {}
    for person in form.people:
        key = person.pk.hex
        if presence := said.get(f"p_{key}"):
            marks[person] = attendance.Mark(presence, said.get(f"h_{key}") or 0, said.get(f"s_{key}"))
    return marks


@staff_only
def accountability(request: HttpRequest) -> HttpResponse:
    """The register of the year: cases by agency, 零问责 where there is none."""
    year = _year(request)
    first, last = date(year, 1, 1), date(year, 12, 31)
    agencies = _mine(request)
    found = [figures.accountability_cases(agency, first, last) for agency in agencies[:AGENCIES_SHOWN]]
    lines = [
        {"agency": agency, "figure": figure, "zero": figures.zero_accountability(figure)}
        for agency, figure in zip(agencies[:AGENCIES_SHOWN], found, strict=True)
    ]
    cases = (
        Entry.objects.filter(agency__in=agencies, kind__figure="accountability")
        .select_related("kind", "agency")
        .order_by("-occurred_on")
    )
    kind = Kind.objects.filter(figure="accountability", active=True).first()
    return render(
        request,
        "supervision/accountability.html",
        {
            "title": _("Accountability in %(year)d") % {"year": year},
            "lines": lines,
            "cases": [case for case in cases[:ROWS_SHOWN] if _in_year(case, year)],
            "kind": kind,
        }
        | _years(year),
    )


def _in_year(case: Entry, year: int) -> bool:
    """Begun by the end of the year, and not closed before it."""
    return case.occurred_on.year <= year and (case.closed_on is None or case.closed_on.year >= year)


@staff_only
def records(request: HttpRequest) -> HttpResponse:
    """The records behind one figure (I5): ?figure=…&agency=…&first=…&last=…"""
    try:
        agency = get_object_or_404(_mine(request), pk=request.GET.get("agency"))
        first, last = (date.fromisoformat(request.GET.get(name, "")) for name in ("first", "last"))
    except (ValueError, ValidationError):
        raise Refused(_("The address names no agency and span of days.")) from None
    found = figures.span(agency, first, last).get(request.GET.get("figure", ""))
    if found is None:
        raise Http404
    return render(
        request,
        "workbench/list.html",
        {
            "title": found.label,
            "intro": _("%(agency)s, %(first)s to %(last)s: %(value)s %(unit)s. %(how)s")
            % {
                "agency": agency.name,
                "first": first,
                "last": last,
                "value": "—" if found.value is None else found.value,
                "unit": found.unit,
                "how": found.explanation,
            },
            "count": found.rows.count(),
            "table": {
                "caption": found.label,
                "columns": [
                    {"label": _("record"), "sort": "", "kind": "main"},
                    {"label": _("state"), "sort": "", "kind": ""},
                    {"label": _("day"), "sort": "", "kind": "date"},
                ],
                "rows": [{"cells": _cells(row)} for row in found.rows[:ROWS_SHOWN]],
            },
        },
    )


def _cells(row: Any) -> list[Any]:
    if isinstance(row, Entry):
        url = reverse("supervision:entry", args=[row.pk])
        return [{"text": str(row), "url": url}, row.state_name, row.closed_on or row.occurred_on]
    if isinstance(row, Attendance):
        url = reverse("supervision:session", args=[row.session_id])
        return [{"text": row.person.name, "url": url}, f"{row.hours}", row.session.occurred_on]
    return [row.name, row.position, ""]
