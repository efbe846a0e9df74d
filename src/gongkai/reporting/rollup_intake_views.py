"""Pages on which reports of members are sent in, read, looked at and taken in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.reporting import received, rollup_intake, rollup_members
from gongkai.reporting.models import MemberFile, MemberUpload
from gongkai.reporting.rollup_forms import SendForm, TakeInForm
from gongkai.reporting.rollup_members import TAKE_IN
from gongkai.reporting.rollup_views import government_for

# Refusals that are shown at once; the rest is a number.
SHOWN = 20


@staff_only
def intake(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Send files in; below, those that wait to be read or taken in."""
    government = government_for(request, code, year, TAKE_IN)
    form = SendForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = ((file.name or "", file.read()) for file in form.cleaned_data["files"])
        sent = rollup_intake.receive(actor_of(request), government, year, files)
        for sentence in sent.refused[:SHOWN]:
            messages.error(request, sentence)
        if len(sent.refused) > SHOWN:
            messages.error(request, _("%(n)d further files were refused.") % {"n": len(sent.refused) - SHOWN})
        if sent.uploads:
            n = len(sent.uploads)
            messages.success(
                request, ngettext("%(n)d file is stored.", "%(n)d files are stored.", n) % {"n": n}
            )
        return redirect("reporting:intake", code=code, year=year)
    waiting = rollup_intake.waiting(government, year)
    listed = rollup_members.members(government, year)
    unread = sum(row.read is None for row in waiting)
    context = {
        "title": _("Take in reports of members of %(agency)s, %(year)d")
        % {"agency": government.name, "year": year},
        "intro": _(
            "A file is stored closed and read; it counts once you have looked at what was read and take it in."
        ),
        "form": form,
        "unread": unread,
        "done": len(waiting) - unread,
        "all": len(waiting),
        "read_url": reverse("reporting:read_next", args=[code, year]),
        "table": {
            "caption": _("Files that wait"),
            "columns": [
                {"label": _("file"), "kind": "main"},
                {"label": _("agency"), "kind": ""},
                {"label": _("state"), "kind": ""},
                {"label": _("sent in by"), "kind": ""},
                {"label": _("time"), "kind": "date"},
            ],
            "rows": [{"cells": _row(code, year, row, listed)} for row in waiting],
        },
        "back": reverse("reporting:members", args=[code, year]),
    }
    return render(request, "reporting/intake.html", context)


def _row(code: str, year: int, row: MemberUpload, listed: Any) -> list[Any]:
    state: dict[str, Any]
    if row.read is None:
        state = {"light": {"state": "none", "words": _("not read yet")}}
    elif said := rollup_intake.hindrance(row, listed):
        state = {"light": {"state": "overdue", "words": _("cannot be taken in")}, "note": said}
    else:
        state = {"light": {"state": "ok", "words": _("can be taken in")}}
    return [
        {"text": row.filename, "url": reverse("reporting:upload", args=[code, year, row.pk])},
        (row.read or {}).get("agency") or "—",
        state,
        row.person.name,
        row.at,
    ]


@staff_only
@require_POST
def read_next(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Read one file that waits, and come back: the page asks again until all are read."""
    government = government_for(request, code, year, TAKE_IN)
    read = rollup_intake.read_next(government, year, scans=False)
    if read is None and any(row.read is None for row in rollup_intake.waiting(government, year)):
        messages.info(request, received.left_to_sweeper())
    return redirect("reporting:intake", code=code, year=year)


@staff_only
def upload(request: HttpRequest, code: str, year: int, pk: UUID) -> HttpResponse:
    """What was read of a file, cell by cell with its place; take it in, or set it aside."""
    government = government_for(request, code, year, TAKE_IN)
    row = get_object_or_404(
        MemberUpload.objects.select_related("government", "person"), pk=pk, government=government, year=year
    )
    actor, read = actor_of(request), row.read or {}
    if request.method == "POST" and "aside" in request.POST:
        rollup_intake.discard(actor, row)
        messages.success(request, _("Set aside; it counts for nobody."))
        return redirect("reporting:intake", code=code, year=year)
    listed = rollup_members.members(government, year)
    member = rollup_intake.member_of(row, listed)
    before = (
        MemberFile.objects.filter(government=government, year=year, name=member.name)
        .order_by("-number")
        .first()
        if member
        else None
    )
    # A form without fields posts nothing and is bound all the same.
    posted = request.POST if request.method == "POST" else None
    form = TakeInForm(posted, scanned=bool(read.get("scanned")), replaces=before is not None)
    hindrance = rollup_intake.hindrance(row, listed)
    if request.method == "POST" and not hindrance and form.is_valid():
        try:
            taken = rollup_intake.take_in(actor, row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The report of “%(agency)s” is taken in.") % {"agency": taken.name})
            return redirect("reporting:intake", code=code, year=year)
    shown = received.page(
        read,
        name=row.filename,
        digest=row.file_id,
        sender=row.person.name,
        at=row.at,
        before=before.tables if before else None,
    )
    context = shown | {
        "form": form,
        "hindrance": hindrance,
        "back": reverse("reporting:intake", args=[code, year]),
    }
    return render(request, "reporting/upload.html", context)


@staff_only
def taken_in(request: HttpRequest, code: str, year: int, pk: UUID) -> HttpResponse:
    """A report as it was taken in from its file, with those before it."""
    government = government_for(request, code, year)
    row = get_object_or_404(
        MemberFile.objects.select_related("government", "person"), pk=pk, government=government, year=year
    )
    original = rollup_intake.original(row)
    actor = actor_of(request)
    may_read = original is not None and allowed(actor, "files.read", row.government)
    others = (
        MemberFile.objects.filter(government=row.government, year=row.year, name=row.name)
        .select_related("person")
        .order_by("-number")
    )
    context = {
        "title": _("Report of %(agency)s on %(year)d, as taken in") % {"agency": row.name, "year": row.year},
        "facts": [
            {"label": _("file"), "value": row.filename},
            {"label": _("taken in by"), "value": row.person.name},
            {"label": _("time"), "value": row.at},
            {"label": _("digest"), "value": row.file_id},
            {"label": _("scanned"), "value": _("yes") if row.scanned else _("no")},
        ],
        "file_url": reverse("files:attachment", args=[original.pk]) if may_read and original else "",
        "tables": received.shown({"tables": row.tables}),
        "timeline": [
            {
                "when": one.at,
                "title": _("Version %(n)d: %(file)s") % {"n": one.number, "file": one.filename},
                "who": one.person.name,
                "detail": one.reason,
                "url": reverse("reporting:taken_in", args=[row.government.code, row.year, one.pk]),
                "link": _("Open"),
            }
            for one in others
        ],
        "back": reverse("reporting:members", args=[row.government.code, row.year]),
    }
    return render(request, "reporting/taken_in.html", context)
