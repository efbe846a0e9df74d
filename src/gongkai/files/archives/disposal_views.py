"""Staff pages of appraisal (鉴定) and destruction (销毁清册)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import ADMINISTRATORS, Appointment, Person
from gongkai.agencies.pages import StaffList, actor_of, look, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed, effective, require
from gongkai.files.archives import appraisals, destruction, registers
from gongkai.files.archives.destruction import RIGHTS, Step
from gongkai.files.archives.forms import AppraisalForm, ListForm, ReasonForm, WordForm
from gongkai.files.archives.tables import (
    AppraisalFilters,
    AppraisalTable,
    FilingTable,
    ListFilters,
    ListTable,
    list_words,
)
from gongkai.files.models import Appraisal, DestructionList, Filing, FilingState
from gongkai.journal import clock

State = FilingState.State
OFFERED = 200
TITLES = {
    Step.REVIEW: gettext_lazy("Review the list of destruction"),
    Step.APPROVE: gettext_lazy("Approve the list of destruction"),
    Step.WITNESS: gettext_lazy("Witness the destruction"),
    Step.DROP: gettext_lazy("Give the list up"),
}
CONSEQUENCES = {
    Step.REVIEW: gettext_lazy("With your word the list goes to the leader; it cannot be changed."),
    Step.APPROVE: gettext_lazy(
        "With your word it may be carried out: the cases on it are destroyed for good."
    ),
    Step.WITNESS: gettext_lazy("You confirm that you are present today when it is carried out."),
    Step.DROP: gettext_lazy("Nothing is destroyed; the files can be put on another list."),
}


class AppraisalList(StaffList):
    """Appraisals of the reader's agencies."""

    model = Appraisal
    table_class = AppraisalTable
    filterset_class = AppraisalFilters
    act = "archive.list"
    title = gettext_lazy("Appraisals")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency", "person", "decision")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may = agencies_for(self.actor, "archive.appraise").exists()
        add = {"label": _("Appraise files"), "url": reverse("files:archives:appraise")}
        return context | {"primary": add if may else None}


def _mine(actor: Actor, act: str) -> QuerySet[Filing]:
    agencies = agencies_for(actor, act)
    if not agencies.exists():
        require(actor, act, None)
    return Filing.objects.filter(agency__in=agencies)


@staff_only
def appraise(request: HttpRequest) -> HttpResponse:
    """Propose the result of an examination, for the files that are due and any that was named."""
    actor = actor_of(request)
    mine = _mine(actor, "archive.appraise")
    due = Q(state__state=State.FILED, state__appraise_on__lte=clock.today())
    named = [pk for pk in map(_uuid, request.GET.getlist("filing")) if pk]
    wanted = mine.filter(due).order_by("state__appraise_on", "number").values_list("pk", flat=True)
    offered = mine.filter(pk__in=[*wanted[:OFFERED], *named]).order_by("number")
    form = AppraisalForm(request.POST or None, filings=offered, initial={"filings": named})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        chosen = [row.pk for row in said.pop("filings")]
        try:
            row = appraisals.propose(actor, chosen, said.pop("result"), said.pop("opinion"), **said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed; a leader decides on it."))
            return redirect("files:archives:appraisal", pk=row.pk)
    context = {
        "form": form,
        "title": _("Appraise files"),
        "intro": _("Files whose retention period is over, the longest first. Examine them one by one."),
        "submit_label": _("Propose the result"),
        "consequence": _("A second person of the panel, a leader, decides; until then nothing changes."),
        "cancel_url": reverse("files:archives:appraisals"),
    }
    if not offered:
        context |= {
            "intro": _("No file is due for appraisal. One that is not due is appraised from its page.")
        }
    return render(request, "workbench/form.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@staff_only
def appraisal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An appraisal with its files; a leader decides here."""
    actor = actor_of(request)
    row = get_object_or_404(Appraisal.objects.select_related("agency", "person", "decision__person"), pk=pk)
    if not allowed(actor, "archive.list", row.agency):
        raise Http404
    decision = getattr(row, "decision", None)
    may = (
        decision is None and allowed(actor, "archive.decide", row.agency) and actor.person.pk != row.person_id
    )
    form = WordForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            try:
                appraisals.decide(actor, row, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("Decided."))
                return redirect("files:archives:appraisal", pk=row.pk)
        if not may and not form.non_field_errors():
            require(actor, "archive.decide", row.agency)
    rows = (
        Filing.objects.filter(appraised__appraisal=row).select_related("agency", "state").order_by("number")
    )
    facts = [
        {"label": _("result"), "value": row.get_result_display()},
        {"label": _("agency"), "value": row.agency.name},
        {"label": _("proposed by"), "value": row.person.name},
        {"label": _("proposed on"), "value": row.on_day},
        {"label": _("keep until"), "value": row.until},
        {"label": _("archives that take over"), "value": row.receiver},
        {"label": _("number of the receipt"), "value": row.receipt},
        {"label": _("opinion"), "value": row.opinion, "wide": True},
    ]
    if decision is not None:
        words = _("the leader agreed") if decision.agreed else _("the leader did not agree")
        facts += [
            {"label": _("decision"), "value": f"{words}（{decision.person.name}，{decision.on_day}）"},
            {"label": _("opinion of the leader"), "value": decision.opinion, "wide": True},
        ]
    context = {
        "title": _("Appraisal: %(result)s") % {"result": row.get_result_display()},
        "facts": facts,
        "table": look(FilingTable(rows, exclude=("agency",), orderable=False), _("Files examined")),
        "form": form if may else None,
        "submit_label": _("Decide"),
        "consequence": _("With your word the result counts."),
    }
    return render(request, "archives/appraisal.html", context)


class DestructionLists(StaffList):
    """Lists of destruction of the reader's agencies."""

    model = DestructionList
    table_class = ListTable
    filterset_class = ListFilters
    act = "archive.list"
    title = gettext_lazy("Lists of destruction")

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("agency", "made_by", "witness", "destruction")
        return rows.prefetch_related("steps")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may = agencies_for(self.actor, "archive.destroy").exists()
        add = {"label": _("Make a list"), "url": reverse("files:archives:make_list")}
        return context | {"primary": add if may else None}


@staff_only
def make_list(request: HttpRequest) -> HttpResponse:
    """Put files whose destruction was agreed on a numbered list."""
    actor = actor_of(request)
    mine = _mine(actor, "archive.destroy").filter(state__state=State.DOOMED)
    offered = mine.select_related("agency").order_by("agency", "number")
    # A list names at most so many; the rest goes on the next one.
    offered = Filing.objects.filter(pk__in=list(offered.values_list("pk", flat=True)[: destruction.MOST]))
    form = ListForm(request.POST or None, filings=offered.order_by("number"), people=_witnesses(actor))
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["filings"].select_related("agency"))
        try:
            made = destruction.make(
                actor, chosen[0].agency, [row.pk for row in chosen], form.cleaned_data["witness"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Made: %(number)s.") % {"number": made.number})
            return redirect("files:archives:list", pk=made.pk)
    context = {
        "form": form,
        "title": _("Make a list of destruction"),
        "intro": _("Files whose destruction a panel proposed and a leader agreed to."),
        "submit_label": _("Make the list"),
        "consequence": _("It gets its number and cannot be changed; two leaders approve it."),
        "cancel_url": reverse("files:archives:lists"),
    }
    if not offered:
        context |= {"intro": _("No file is to be destroyed: an appraisal must have said so first.")}
    return render(request, "workbench/form.html", context)


def _witnesses(actor: Actor) -> QuerySet[Person]:
    seats = Appointment.objects.filter(
        effective(clock.today()), agency__in=agencies_for(actor, "archive.destroy")
    ).exclude(role__in=ADMINISTRATORS)
    return Person.objects.filter(pk__in=seats.values("person")).exclude(pk=actor.person.pk).order_by("name")


def _list_for(request: HttpRequest, pk: UUID) -> DestructionList:
    found = DestructionList.objects.select_related("agency", "made_by", "witness", "destruction__person")
    row = get_object_or_404(found, pk=pk)
    if not allowed(actor_of(request), "archive.list", row.agency):
        raise Http404
    return row


@staff_only
def destruction_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A list of destruction: what it names, who has said what, the one next act."""
    row = _list_for(request, pk)
    primary, refused, acts = _next(actor_of(request), row)
    lines = registers.table(row)
    context = {
        "title": _("List of destruction"),
        "number": row.number,
        "primary": primary,
        "primary_refused": refused,
        "acts": [
            *acts,
            {"label": _("Print the list"), "url": reverse("files:archives:list_pdf", args=[row.pk])},
        ],
        "steps": _steps(row),
        "facts": [
            {"label": _("state"), "value": list_words(row)},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("files"), "value": row.count},
            {"label": _("made by"), "value": row.made_by.name},
            {"label": _("made on"), "value": row.on_day},
            {"label": _("witness"), "value": row.witness.name},
            {"label": _("digest (SM3)"), "value": row.digest, "wide": True},
        ],
        "table": {
            "caption": _("Files on the list"),
            "columns": [{"label": name} for name in registers.COLUMNS],
            "rows": [{"cells": cells} for cells in lines],
        },
    }
    return render(request, "archives/list.html", context)


def _next(
    actor: Actor, row: DestructionList
) -> tuple[dict[str, Any] | None, dict[str, Any] | None, list[dict[str, Any]]]:
    """The next act for this person, or why it cannot be done now, and what else can."""
    taken = {step.step: step for step in row.steps.all()}
    if hasattr(row, "destruction") or any(not step.agreed for step in taken.values()):
        return None, None, []
    acts = []
    if allowed(actor, RIGHTS[Step.DROP], row.agency):
        url = reverse("files:archives:step", args=[row.pk, Step.DROP])
        acts.append({"label": TITLES[Step.DROP], "url": url})
    waiting = next((step for step in (Step.REVIEW, Step.APPROVE, Step.WITNESS) if step not in taken), None)
    if waiting is None:
        if not allowed(actor, "archive.destroy", row.agency):
            return None, None, acts
        label = _("Carry out the destruction")
        if reason := destruction.hindrance(row):
            return None, {"label": label, "reason": reason}, acts
        return {"label": label, "url": reverse("files:archives:carry_out", args=[row.pk])}, None, acts
    mine = row.witness_id == actor.person.pk if waiting == Step.WITNESS else row.made_by_id != actor.person.pk
    if not (mine and allowed(actor, RIGHTS[waiting], row.agency)):
        return None, None, acts
    return (
        {"label": TITLES[waiting], "url": reverse("files:archives:step", args=[row.pk, waiting])},
        None,
        acts,
    )


def _steps(row: DestructionList) -> list[dict[str, Any]]:
    taken = {step.step: step for step in row.steps.select_related("person")}
    ended = any(not step.agreed for step in taken.values())
    shown, current = [], False
    for step in (Step.REVIEW, Step.APPROVE, Step.WITNESS):
        done = taken.get(step)
        state = ("done" if done.agreed else "returned") if done else "todo"
        if done is None and not ended and not current:
            state, current = "current", True
        shown.append(
            {
                "label": Step(step).label,
                "state": state,
                "who": done.person.name if done else "",
                "when": done.at if done else None,
                "words": done.opinion if done else "",
            }
        )
    out = getattr(row, "destruction", None)
    shown.append(
        {
            "label": _("destruction"),
            "state": "done" if out else "todo" if ended or current else "current",
            "who": out.person.name if out else "",
            "when": out.at if out else None,
        }
    )
    return shown


@staff_only
def step(request: HttpRequest, pk: UUID, step: str) -> HttpResponse:
    """One person's word on a list."""
    if step not in TITLES:
        raise Http404
    row, actor = _list_for(request, pk), actor_of(request)
    require(actor, RIGHTS[Step(step)], row.agency)
    form = (ReasonForm if step == Step.DROP else WordForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {"agreed": False} | form.cleaned_data
        try:
            destruction.take(actor, row, step, **said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered."))
            return redirect("files:archives:list", pk=row.pk)
    context = {
        "form": form,
        "title": f"{TITLES[Step(step)]} {row.number}",
        "intro": _("%(count)d files; digest of the list (SM3): %(digest)s")
        % {"count": row.count, "digest": row.digest},
        "submit_label": TITLES[Step(step)],
        "consequence": CONSEQUENCES[Step(step)],
        "cancel_url": reverse("files:archives:list", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def carry_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once more, then destroy."""
    row, actor = _list_for(request, pk), actor_of(request)
    require(actor, "archive.destroy", row.agency)
    reason = destruction.hindrance(row)
    if request.method == "POST":
        destruction.carry_out(actor, row)
        messages.success(
            request, _("Destroyed: %(number)s. The list and the trail stay.") % {"number": row.number}
        )
        return redirect("files:archives:list", pk=row.pk)
    if reason:
        raise Refused(reason)
    context = {
        "title": _("Carry out the destruction"),
        "question": _("Destroy the %(count)d files on %(number)s?")
        % {"count": row.count, "number": row.number},
        "consequence": _(
            "The keys of these cases are destroyed: applicants, requests, letters and files cannot be read again "
            "by anybody. What the statistics count stays. This cannot be undone, not by restoring a backup either."
        ),
        "act_label": _("Destroy"),
        "danger": True,
        "cancel_url": reverse("files:archives:list", args=[row.pk]),
    }
    return render(request, "archives/confirm.html", context)


@staff_only
def list_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list as an official form, with room for ink."""
    row = _list_for(request, pk)
    response = HttpResponse(registers.destruction_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{row.number}.pdf") or "inline"
    return response
