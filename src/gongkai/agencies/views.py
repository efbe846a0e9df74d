"""Pages of the three administrators: people, appointments, agencies, holiday notices, the journal."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies import appointing, calendars, options, people
from gongkai.agencies.forms import AgencyForm, AppointmentForm, EndForm, NoticeForm, PersonForm
from gongkai.agencies.models import Agency, Appointment, LoadedNotice, Person
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed, require
from gongkai.agencies.tables import (
    AgencyFilters,
    AgencyTable,
    AppointmentFilters,
    AppointmentTable,
    EntryFilters,
    EntryTable,
    NoticeFilters,
    NoticeTable,
    PersonFilters,
    PersonTable,
)
from gongkai.journal import chain, outbox
from gongkai.journal.models import Entry


class PersonList(StaffList):
    """People of the agencies the reader may see."""

    model = Person
    table_class = PersonTable
    filterset_class = PersonFilters
    act = "people.read"
    title = gettext_lazy("People")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("agency")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        primary = None
        if allowed(self.actor, "people.account", None):
            primary = {"label": _("Add a person"), "url": reverse("agencies:add_person")}
        return super().get_context_data(**kwargs) | {"primary": primary}


class AppointmentList(StaffList):
    """Appointments; those that wait for confirmation first."""

    model = Appointment
    table_class = AppointmentTable
    filterset_class = AppointmentFilters
    act = "people.read"
    title = gettext_lazy("Appointments")

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("person", "agency", "confirmation", "end")
        return rows.order_by("-pk")


class AgencyList(StaffList):
    """The agency tree."""

    model = Agency
    table_class = AgencyTable
    filterset_class = AgencyFilters
    act = "people.read"
    agency_field = "pk"
    title = gettext_lazy("Agencies")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("parent").order_by("path")


class NoticeList(StaffList):
    """Holiday notices loaded since this version was made."""

    model = LoadedNotice
    table_class = NoticeTable
    filterset_class = NoticeFilters
    act = "configuration.edit"
    title = gettext_lazy("Holiday notices")
    intro = gettext_lazy(
        "The notices of 2019 to 2026 come with this version. A later year is provisional until loaded."
    )
    primary = {"label": gettext_lazy("Load a notice"), "url": "/workbench/calendar/load/"}

    def get_queryset(self) -> QuerySet[Any]:
        return LoadedNotice.objects.all()


class JournalList(StaffList):
    """The journal, for the audit administrator only."""

    model = Entry
    table_class = EntryTable
    filterset_class = EntryFilters
    act = "journal.read"
    title = gettext_lazy("Journal")

    def get_queryset(self) -> QuerySet[Any]:
        return Entry.objects.all()


@staff_only
def add_person(request: HttpRequest) -> HttpResponse:
    """Make an account; the first password is shown once."""
    actor = actor_of(request)
    require(actor, "people.account", None)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = people.add(actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("%(name)s can log in with the password %(password)s. It is shown only now.")
                % {"name": person.name, "password": password},
            )
            return redirect("agencies:person", pk=person.pk)
    return render(
        request,
        "workbench/form.html",
        {"form": form, "title": _("Add a person"), "submit_label": _("Make the account")},
    )


def _person(request: HttpRequest, pk: UUID) -> Person:
    person = get_object_or_404(Person.objects.select_related("agency"), pk=pk)
    if not allowed(actor_of(request), "people.read", person.agency):
        raise Http404
    return person


@staff_only
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person with their appointments and what may be done."""
    row = _person(request, pk)
    actor = actor_of(request)
    rows = row.appointments.select_related("agency", "confirmation", "end").order_by("-pk")
    may_appoint = allowed(actor, "people.appoint", None)
    may_account = allowed(actor, "people.account", None)
    acts = []
    asked = people.pending_reset(row) if row.is_active else None
    if may_account and row.is_active:
        if asked is None:
            words = _("Ask for a new password")
            acts.append(
                {"label": words, "url": reverse("agencies:ask_password", args=[pk]), "method": "post"}
            )
        acts.append(
            {
                "label": _("Close the account"),
                "url": reverse("agencies:close_person", args=[pk]),
                "method": "post",
                "consequence": _("No log-in and no right any more; what was done stays."),
            }
        )
    if asked is not None and allowed(actor, "people.confirm", None):
        words = _("Issue a new password")
        acts.append({"label": words, "url": reverse("agencies:issue_password", args=[pk]), "method": "post"})
    return render(
        request,
        "agencies/person.html",
        {
            "title": row.name,
            "facts": [
                {"label": _("agency"), "value": row.agency.name},
                {"label": _("position"), "value": row.position},
                {"label": _("log-in name"), "value": row.username},
                {"label": _("state"), "value": _("active") if row.is_active else _("account closed")},
                {"label": _("joined on"), "value": row.joined_on},
            ],
            "primary": {"label": _("Propose an appointment"), "url": reverse("agencies:appoint", args=[pk])}
            if may_appoint and row.is_active
            else None,
            "acts": acts,
            "appointments": rows,
            "may_confirm": allowed(actor, "people.confirm", None),
            "may_end": may_appoint,
        },
    )


@staff_only
@require_POST
def close_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an account."""
    people.close(actor_of(request), _person(request, pk))
    messages.success(request, _("The account is closed."))
    return redirect("agencies:person", pk=pk)


@staff_only
@require_POST
def ask_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for a new password; the security administrator issues it."""
    people.ask_password(actor_of(request), _person(request, pk))
    messages.success(request, _("Asked for. The security administrator issues the new password."))
    return redirect("agencies:person", pk=pk)


@staff_only
@require_POST
def issue_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue the new password that was asked for, shown once."""
    row = _person(request, pk)
    password = people.issue_password(actor_of(request), row)
    messages.success(
        request,
        _("%(name)s can log in with the password %(password)s. It is shown only now.")
        % {"name": row.name, "password": password},
    )
    return redirect("agencies:person", pk=pk)


@staff_only
def appoint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose an appointment."""
    row = _person(request, pk)
    actor = actor_of(request)
    require(actor, "people.appoint", row.agency)
    form = AppointmentForm(request.POST or None, initial={"agency": row.agency_id})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            appointing.propose(actor, row, said.pop("agency"), said.pop("role"), **said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed. It counts once the security administrator confirms it."))
            return redirect("agencies:person", pk=pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Propose an appointment: %(name)s") % {"name": row.name},
            "submit_label": _("Propose"),
            "cancel_url": reverse("agencies:person", args=[pk]),
        },
    )


def _appointment(request: HttpRequest, pk: int) -> Appointment:
    row = get_object_or_404(Appointment.objects.select_related("agency", "person"), pk=pk)
    if not allowed(actor_of(request), "people.read", row.agency):
        raise Http404
    return row


@staff_only
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an appointment."""
    row = _appointment(request, pk)
    appointing.confirm(actor_of(request), row)
    messages.success(request, _("Confirmed."))
    return redirect("agencies:person", pk=row.person_id)


@staff_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment early."""
    row = _appointment(request, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appointing.end(actor_of(request), row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Ended."))
            return redirect("agencies:person", pk=row.person_id)
    return render(
        request,
        "workbench/form.html",
        {"form": form, "title": _("End: %(what)s") % {"what": row}, "submit_label": _("End the appointment")},
    )


@staff_only
def agency(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The profile of an agency: what the guide and the letters say of it."""
    row = get_object_or_404(Agency, pk=pk)
    actor = actor_of(request)
    if not allowed(actor, "people.read", row):
        raise Http404
    form = AgencyForm(request.POST or None, instance=row)
    if request.method == "POST":
        require(actor, "configuration.edit", row)
        if form.is_valid():
            with transaction.atomic():
                form.save()
                chain.record(
                    "agency.changed",
                    actor.who,
                    agency=row.pk,
                    subject=("agency", row.pk),
                    fields=form.changed_data,
                )
                outbox.emit("agency.changed", agency=str(row.pk))
            messages.success(request, _("Saved; the public guide shows it."))
            return redirect("agencies:agency", pk=row.pk)
    return render(
        request,
        "agencies/agency.html",
        {
            "form": form,
            "title": row.name,
            "submit_label": _("Save the profile"),
            "settings_url": reverse("agencies:settings_of", args=[row.pk])
            if allowed(actor, options.CHANGE, row)
            else "",
        },
    )


@staff_only
def load_notice(request: HttpRequest) -> HttpResponse:
    """Load the holiday notice of a year; due dates move by it at once."""
    actor = actor_of(request)
    require(actor, "configuration.edit", None)
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calendars.load(
                actor, form.cleaned_data["year"], source=form.cleaned_data["source"], **form.lists()
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Loaded: due dates in that year follow it now."))
            return redirect("agencies:calendar")
    return render(
        request,
        "workbench/form.html",
        {"form": form, "title": _("Load a holiday notice"), "submit_label": _("Load the notice")},
    )
