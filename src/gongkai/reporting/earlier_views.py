"""Pages on which reports of years before this system are sent in as files, read, looked at and taken over."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from gongkai.agencies.models import Agency
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.reporting import earlier_intake, received
from gongkai.reporting.models import EarlierReport, Upload
from gongkai.reporting.rollup_forms import FilesField, TakeInForm
from gongkai.reporting.upload_models import REPORT

WRITE = "report.draft"
# Years taken over that the page shows; all of them stand on the list.
SHOWN = 20


class EarlierForm(forms.Form):
    """Whose reports, from which files."""

    agency = forms.ModelChoiceField(label=gettext_lazy("Agency"), queryset=Agency.objects.none())
    files = FilesField(
        label=gettext_lazy("Reports as files"),
        allow_empty_file=True,
        max_length=200,
        help_text=gettext_lazy("Word, PDF, Excel, web page, text or scan; several years at once."),
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = agencies.first()


def _waiting(actor: Actor) -> list[Upload]:
    return [row for agency in agencies_for(actor, WRITE) for row in earlier_intake.waiting(agency)]


@staff_only
def earlier(request: HttpRequest) -> HttpResponse:
    """Send files in; below, those that wait, and the years that are taken over."""
    actor = actor_of(request)
    agencies = agencies_for(actor, WRITE)
    form = EarlierForm(request.POST or None, request.FILES or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        files = ((file.name or "", file.read()) for file in form.cleaned_data["files"])
        sent = earlier_intake.receive(actor, form.cleaned_data["agency"], files)
        for sentence in sent.refused:
            messages.error(request, sentence)
        if sent.uploads:
            n = len(sent.uploads)
            messages.success(
                request, ngettext("%(n)d file is stored.", "%(n)d files are stored.", n) % {"n": n}
            )
            earlier_intake.read_next(sent.uploads, scans=False)
        return redirect("reporting:earlier")
    waiting = _waiting(actor)
    unread = sum(not row.said for row in waiting)
    context = {
        "title": _("Reports of earlier years"),
        "intro": _(
            "Reports published before this system: carry-over, comparison and last year's problems are read from them. A file counts once you have looked at what was read and take it over."
        ),
        "form": form,
        "unread": unread,
        "done": len(waiting) - unread,
        "all": len(waiting),
        "read_url": reverse("reporting:earlier_next"),
        "table": {
            "caption": _("Files that wait"),
            "columns": [
                {"label": _("file"), "kind": "main"},
                {"label": _("agency"), "kind": ""},
                {"label": _("year"), "kind": "number"},
                {"label": _("state"), "kind": ""},
                {"label": _("sent in by"), "kind": ""},
                {"label": _("time"), "kind": "date"},
            ],
            "rows": [{"cells": _row(row)} for row in waiting],
        },
        "taken": {
            "caption": _("Years taken over"),
            "columns": [
                {"label": _("agency"), "kind": "main"},
                {"label": _("year"), "kind": "number"},
                {"label": _("file"), "kind": ""},
                {"label": _("scanned"), "kind": ""},
                {"label": _("taken over by"), "kind": ""},
                {"label": _("time"), "kind": "date"},
            ],
            "rows": [
                {"cells": _taken(row)}
                for row in EarlierReport.objects.filter(agency__in=agencies)
                .select_related("agency", "person")
                .order_by("agency__path", "-year", "-pk")[:SHOWN]
            ],
        },
        "back": reverse("reporting:reports"),
        "back_label": _("Annual reports"),
    }
    return render(request, "reporting/earlier.html", context)


def _taken(row: EarlierReport) -> list[Any]:
    name: Any = row.source
    if (original := earlier_intake.original(row)) is not None:
        name = {"text": row.source, "url": reverse("files:attachment", args=[original.pk])}
    scanned = "—" if row.scanned is None else _("yes") if row.scanned else _("no")
    agency = {"text": row.agency.name, "url": reverse("reporting:earlier_taken", args=[row.pk])}
    return [agency, str(row.year), name, scanned, row.person.name, row.at]


def _row(row: Upload) -> list[Any]:
    state: dict[str, Any]
    if not row.said:
        state = {"light": {"state": "none", "words": _("not read yet")}}
    elif said := earlier_intake.hindrance(row):
        state = {"light": {"state": "overdue", "words": _("cannot be taken over")}, "note": said}
    else:
        state = {"light": {"state": "ok", "words": _("can be taken over")}}
    return [
        {"text": row.name, "url": reverse("reporting:earlier_file", args=[row.pk])},
        row.agency.name,
        str((row.said or {}).get("year") or "—"),
        state,
        row.person.name,
        row.at,
    ]


@staff_only
@require_POST
def read_next(request: HttpRequest) -> HttpResponse:
    """Read one file that waits and is no scan, and come back: the page asks again until all are read."""
    waiting = _waiting(actor_of(request))
    read = earlier_intake.read_next(waiting, scans=False)
    if read is None and not all(row.said for row in waiting):
        messages.info(request, received.left_to_sweeper())
    return redirect("reporting:earlier")


@staff_only
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was read of a file, cell by cell with its place; take it over, or set it aside."""
    row = get_object_or_404(Upload.objects.select_related("agency", "person"), pk=pk, purpose=REPORT)
    actor, read = actor_of(request), row.said
    if not allowed(actor, WRITE, row.agency):
        raise Http404
    if request.method == "POST" and "aside" in request.POST:
        earlier_intake.discard(actor, row)
        messages.success(request, _("Set aside; it counts for nobody."))
        return redirect("reporting:earlier")
    # A form without fields posts nothing and is bound all the same.
    posted = request.POST if request.method == "POST" else None
    before = earlier_intake.before(row)
    form = TakeInForm(posted, scanned=bool(read.get("scanned")), replaces=before is not None)
    hindrance = earlier_intake.hindrance(row)
    if request.method == "POST" and not hindrance and form.is_valid():
        try:
            taken = earlier_intake.take_over(actor, row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The report on %(year)d is taken over.") % {"year": taken.year})
            return redirect("reporting:earlier")
    shown = received.page(
        read,
        name=row.name,
        digest=row.digest,
        sender=row.person.name,
        at=row.at,
        before=before.tables if before else None,
    )
    context = shown | {
        "form": form,
        "hindrance": hindrance,
        "back": reverse("reporting:earlier"),
    }
    return render(request, "reporting/earlier_file.html", context)
