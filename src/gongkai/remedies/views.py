"""Pages of reconsideration and litigation: list, case, its forms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed, require
from gongkai.applications.models import Application
from gongkai.files import storage
from gongkai.journal import clock
from gongkai.remedies import anew, cases, follows, forms, results
from gongkai.remedies.due import answer_due
from gongkai.remedies.models import Remedy, RemedyEvent
from gongkai.remedies.tables import RemedyFilters, RemedyTable


class RemedyList(StaffList):
    """The cases of the reader's agencies."""

    model = Remedy
    table_class = RemedyTable
    filterset_class = RemedyFilters
    act = "remedy.read"
    title = gettext_lazy("Reconsideration and litigation")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if agencies_for(self.actor, "remedy.handle").exists():
            self.primary = {"label": _("Register a case"), "url": reverse("remedies:register")}
        return super().get_context_data(**kwargs)


def remedy_for(request: HttpRequest, pk: UUID) -> Remedy:
    """The case, where the policy lets the reader see it; else 404."""
    rows = Remedy.objects.select_related("agency", "application", "earlier", "handler")
    row = get_object_or_404(rows, pk=pk)
    if not allowed(actor_of(request), "remedy.read", row.agency):
        raise Http404
    return row


@staff_only
def register(request: HttpRequest) -> HttpResponse:
    """A new case of the reader's agency."""
    actor = actor_of(request)
    agency = agencies_for(actor, "remedy.handle").first()
    if agency is None:
        require(actor, "remedy.handle", None)
        raise Http404
    form = forms.RegisterForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            row = cases.register(actor, agency, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": row.number})
            return redirect("remedies:remedy", pk=row.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Register a case"),
            "intro": agency.name,
            "submit_label": _("Register it"),
            "cancel_url": reverse("remedies:cases"),
        },
    )


@staff_only
def remedy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a case stands, the answer's due day with its reasoning, the next step, its history and papers."""
    row = remedy_for(request, pk)
    may_handle = allowed(actor_of(request), "remedy.handle", row.agency)
    due = answer_due(row)
    steps = _steps(row) if may_handle else []
    application = row.application
    linked = anew.case_of(row)
    return render(
        request,
        "remedies/case.html",
        {
            "title": row.subject,
            "number": row.number,
            "remedy": row,
            "deadline": deadline(
                due.on,
                done=row.answered_on is not None or row.result != Remedy.Column.PENDING,
                provisional=due.provisional,
                explanation=due.explanation,
            ),
            "due_problem": "" if row.answered_on or row.term_given else due.problem,
            "redo": _redo(row, linked),
            "follows": _follows(row),
            "primary": steps[0] if steps else None,
            "acts": steps[1:],
            "facts": [
                {"label": _("kind"), "value": row.get_kind_display()},
                {"label": _("agency"), "value": row.agency.name},
                {"label": _("reconsideration body or court"), "value": row.body},
                {"label": _("case number"), "value": row.case_number},
                {"label": _("procedure"), "value": row.get_procedure_display()},
                {
                    "label": _("application"),
                    "value": application.number if application else "",
                    "url": reverse("applications:case", args=[application.pk]) if application else "",
                },
                {
                    "label": _("reconsideration before it"),
                    "value": str(row.earlier) if row.earlier else "",
                    "url": reverse("remedies:remedy", args=[row.earlier_id]) if row.earlier_id else "",
                },
                {"label": _("case received on"), "value": row.received_on},
                {"label": _("copy received on"), "value": row.copy_received_on},
                {"label": _("handler"), "value": row.handler.name if row.handler else ""},
                {"label": _("answered on"), "value": row.answered_on},
                {"label": _("result"), "value": row.get_result_display()},
                {"label": _("finer result"), "value": row.detail_label},
                {"label": _("decided on"), "value": row.decided_on},
                {
                    "label": _("to be answered anew in"),
                    "value": linked.number if linked else "",
                    "url": reverse("applications:case", args=[linked.pk]) if linked else "",
                },
                {"label": _("answered anew on"), "value": row.redo_done_on},
            ],
            "timeline": _timeline(row, may_handle),
            "files": [
                {
                    "name": file.name,
                    "url": reverse("files:attachment", args=[file.pk]),
                    "kind": file.file.extension,
                    "size": file.file.size,
                }
                for file in cases.files(row)
            ],
            "file_form": forms.FileForm() if may_handle else None,
        },
    )


def _steps(row: Remedy) -> list[dict[str, Any]]:
    """The acts on a case in its standing, the next one first."""
    pending = row.result == Remedy.Column.PENDING
    found = []
    if row.redo_due_on and row.redo_done_on is None and anew.case_of(row) is None:
        found.append((_("Enter the answer anew"), "redo"))
    if row.answered_on is None and pending:
        found.append((_("Enter the answer"), "answer"))
    if pending:
        found += [(_("Enter the decision"), "decide"), (_("Change what the register says"), "change")]
    elif row.kind != Remedy.Kind.RECONSIDERATION and not row.appealed:
        found.append((_("Enter an appeal"), "appeal"))
    if row.kind == Remedy.Kind.RECONSIDERATION:
        if follows.opinion(follows.standing_events(row)) is None:
            found.append((_("Enter an opinion of the reconsideration body"), "opinion"))
        else:
            found.append((_("Enter the report on the opinion"), "rectified"))
    return [{"label": label, "url": reverse(f"remedies:{name}", args=[row.pk])} for label, name in found]


def _redo(row: Remedy, linked: Application | None) -> dict[str, Any] | None:
    """The last day of the answer anew: of the case in which it is written, or as the register counts it."""
    ordered = follows.redo(row)
    if ordered is None:
        return None
    if linked is not None:
        return deadline(linked.due_on, provisional=linked.provisional)
    return deadline(ordered.on, provisional=ordered.provisional, explanation=ordered.explanation)


def _follows(row: Remedy) -> list[dict[str, Any]]:
    """The terms that run after a decision or an opinion, each with its reasoning; past ones without a light."""
    today = clock.today()
    return [
        {
            "label": each.label,
            "deadline": deadline(
                each.due.on,
                done=each.due.on is None or each.due.on < today,
                provisional=each.due.provisional,
                explanation=each.due.explanation,
            ),
        }
        for each in follows.running(row)
    ]


def _timeline(row: Remedy, may_handle: bool) -> list[dict[str, Any]]:
    lines = []
    for event in row.events.select_related("person", "struck").order_by("-on", "-pk"):
        gone = hasattr(event, "struck_by")
        parts = [
            results.label(event.detail) if event.detail else "",
            event.paper,
            event.note,
            event.content.get("file", "") if event.kind == RemedyEvent.Kind.FILED else "",
            _("received on %(day)s") % {"day": event.content["served_on"]}
            if event.content.get("served_on", event.on.isoformat()) != event.on.isoformat()
            else "",
            _("to be done by %(day)s") % {"day": event.due_on} if event.due_on else "",
            _("struck out: counts for nothing") if gone else "",
        ]
        may_strike = may_handle and not gone and event.kind in cases.STRIKEABLE
        lines.append(
            {
                "when": event.on,
                "title": f"{event.get_kind_display()}（{event.struck.get_kind_display()}）"
                if event.struck
                else event.get_kind_display(),
                "who": event.person.name,
                "detail": "；".join(part for part in parts if part),
                "state": "returned" if gone else "done",
                "url": reverse("remedies:strike", args=[row.pk, event.pk]) if may_strike else "",
                "link": _("Strike out"),
            }
        )
    return lines


def _act(
    request: HttpRequest,
    row: Remedy,
    form: django_forms.Form,
    do: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    label: str,
    consequence: str = "",
) -> HttpResponse:
    """One act on a case by a form: shown, refused with what was typed, or done."""
    require(actor_of(request), "remedy.handle", row.agency)
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered."))
            return redirect("remedies:remedy", pk=row.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": f"{title}：{row.subject}",
            "submit_label": label,
            "consequence": consequence,
            "cancel_url": reverse("remedies:remedy", args=[row.pk]),
        },
    )


@staff_only
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what the register says of a pending case."""
    row = remedy_for(request, pk)
    initial = {name: getattr(row, name) for name in cases.CHANGEABLE} | {"version": row.version}
    form = forms.ChangeForm(request.POST or None, agency=row.agency, initial=initial)

    def do(said: dict[str, Any]) -> None:
        if said["copy_received_on"] is None:
            said["copy_received_on"] = row.received_on
        cases.change(actor_of(request), row, **said)

    return _act(request, row, form, do, title=_("Change"), label=_("Save the change"))


def _entry(
    request: HttpRequest, pk: UUID, kind: type[django_forms.Form], use: Callable[..., Any], **words: str
) -> HttpResponse:
    """An act that enters what happened on a day: its form begins with today. words: as of `_act`."""
    row = remedy_for(request, pk)
    form = kind(request.POST or None, initial={"version": row.version, "on": clock.today()})
    return _act(request, row, form, lambda said: use(actor_of(request), row, **said), **words)


@staff_only
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that the reply or the defence was handed in."""
    label = _("Enter the answer")
    return _entry(request, pk, forms.AnswerForm, cases.answer, title=label, label=label)


@staff_only
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the decision or judgment."""
    row = remedy_for(request, pk)
    form = forms.DecisionForm(
        request.POST or None,
        proceeding=row.proceeding,
        today=clock.today(),
        initial={"version": row.version, "on": clock.today()},
    )

    def do(said: dict[str, Any]) -> None:
        decided = cases.decide(actor_of(request), row, said.pop("detail"), **said)
        linked = anew.case_of(decided)
        if linked is not None:
            words = _("To be answered anew in %(number)s, by %(day)s.")
            messages.info(request, words % {"number": linked.number, "day": linked.due_on})

    return _act(
        request,
        row,
        form,
        do,
        title=_("Enter the decision"),
        label=_("Enter the decision"),
        consequence=_(
            "The case counts in table four of the year of the decision, in the column of its result."
        ),
    )


@staff_only
def appeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter an appeal against a judgment."""
    return _entry(
        request,
        pk,
        forms.AppealForm,
        cases.appeal,
        title=_("Enter an appeal"),
        label=_("Enter the appeal"),
        consequence=_("The case is pending again until the judgment on appeal."),
    )


@staff_only
def redo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that the agency answered anew."""
    label = _("Enter the answer anew")
    return _entry(request, pk, forms.RedoForm, cases.redo_done, title=label, label=label)


@staff_only
def opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that an opinion of the reconsideration body came."""
    return _entry(
        request,
        pk,
        forms.OpinionForm,
        cases.opinion,
        title=_("Enter an opinion of the reconsideration body"),
        label=_("Enter it"),
        consequence=_("Within 60 days the agency reports how it put right what the opinion names."),
    )


@staff_only
def rectified(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that the agency reported on the opinion."""
    title = _("Enter the report on the opinion")
    return _entry(request, pk, forms.OpinionForm, cases.rectified, title=title, label=_("Enter it"))


@staff_only
def strike(request: HttpRequest, pk: UUID, event: int) -> HttpResponse:
    """Strike out an event entered by mistake."""
    row = remedy_for(request, pk)
    found = get_object_or_404(RemedyEvent.objects.select_related("remedy"), pk=event, remedy=row)
    form = forms.StrikeForm(request.POST or None, initial={"version": row.version})
    return _act(
        request,
        row,
        form,
        lambda said: cases.strike(actor_of(request), found, **said),
        title=_("Strike out “%(event)s” of %(day)s") % {"event": found.get_kind_display(), "day": found.on},
        label=_("Strike it out"),
        consequence=_("It stays readable and counts for nothing."),
    )


@staff_only
@require_POST
def add_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """File a paper of the case; a refused one is told with its reason."""
    row = remedy_for(request, pk)
    upload = request.FILES.get("paper")
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect("remedies:remedy", pk=row.pk)
    try:
        cases.add_file(actor_of(request), row, upload.read(storage.LARGEST + 1), upload.name or "")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("remedies:remedy", pk=row.pk)
