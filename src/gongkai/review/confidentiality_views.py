"""Pages of the confidentiality review beside the review page: referrals, consultations, the leading group."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import Filters, StaffList, YearFilter, actor_of, kind, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed
from gongkai.files import storage
from gongkai.journal import clock
from gongkai.review import consultations, referrals, roster, subjects
from gongkai.review.forms import (
    ConsultationAnswerForm,
    ConsultationForm,
    ReferralAnswerForm,
    ReferralForm,
)
from gongkai.review.models import Consultation, Referral, ReviewState, Revision
from gongkai.review.views import revision_for

OPEN, ANSWERED, ENDED = "open", "answered", "ended"
STATES = {
    OPEN: gettext_lazy("waits for the answer"),
    ANSWERED: gettext_lazy("answered"),
    ENDED: gettext_lazy("review ended without an answer"),
}


def state_of(row: Referral) -> str:
    """Where a referral stands."""
    if hasattr(row, "answer"):
        return ANSWERED
    return OPEN if row.revision.state.state in ReviewState.OPEN else ENDED


class ReferralTable(tables.Table):
    """Referrals with their addressee, answer and the term that runs on."""

    subject = tables.Column(
        verbose_name=gettext_lazy("Text referred"), accessor="revision__title", attrs=kind("main")
    )
    agency = tables.Column(verbose_name=gettext_lazy("agency"), accessor="revision__agency__name")
    sent_on = tables.DateColumn(verbose_name=gettext_lazy("Referred on"), attrs=kind("date"))
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)
    outcome = tables.Column(
        verbose_name=gettext_lazy("Outcome of the referral"), accessor="answer__outcome", default=""
    )
    answered_on = tables.DateColumn(
        verbose_name=gettext_lazy("answered on"),
        accessor="answer__answered_on",
        default="",
        attrs=kind("date"),
    )
    due = tables.Column(
        verbose_name=gettext_lazy("publish by"),
        accessor="revision__state__due_on",
        default="",
        attrs=kind("date"),
    )

    class Meta:
        model = Referral
        fields = (
            "subject",
            "agency",
            "question",
            "addressee",
            "document_number",
            "sent_on",
            "state",
            "outcome",
            "answered_on",
            "due",
        )
        order_by = ("-sent_on",)

    def render_subject(self, value: str, record: Referral) -> dict[str, Any]:
        return {"text": value, "url": reverse("review:page", args=[record.revision_id])}

    def value_subject(self, value: str) -> str:
        return value

    def render_state(self, record: Referral) -> Any:
        words = str(STATES[state_of(record)])
        if state_of(record) != ANSWERED:
            return words
        answer = record.answer
        return {"text": words, "note": f"{answer.get_outcome_display()} {answer.answered_on.isoformat()}"}

    def value_state(self, record: Referral) -> str:
        return str(STATES[state_of(record)])

    def render_addressee(self, value: str, record: Referral) -> dict[str, Any]:
        return {"text": value, "note": record.document_number}

    def value_addressee(self, value: str) -> str:
        return value

    def render_outcome(self, record: Referral) -> str:
        return record.answer.get_outcome_display()

    def render_due(self, value: Any, record: Referral) -> Any:
        if state_of(record) != OPEN:
            return ""
        return {"deadline": deadline(value), "note": referrals.term(value)}

    def value_due(self, value: Any) -> Any:
        return value


class ReferralFilters(Filters):
    """By words of the text or of the addressee, state, question and year."""

    q = django_filters.CharFilter(
        field_name="revision__title", lookup_expr="icontains", label=gettext_lazy("Title contains")
    )
    to = django_filters.CharFilter(
        field_name="addressee", lookup_expr="icontains", label=gettext_lazy("Addressee contains")
    )
    state = django_filters.ChoiceFilter(
        method="by_state", choices=list(STATES.items()), label=gettext_lazy("State")
    )
    year = YearFilter(field_name="sent_on", label=gettext_lazy("Sent in year"))

    class Meta:
        model = Referral
        fields = ("q", "to", "state", "question", "year")

    def by_state(self, rows: QuerySet[Referral], name: str, value: str) -> QuerySet[Referral]:
        """The rows in one of STATES."""
        if value == ANSWERED:
            return rows.filter(answer__isnull=False)
        running = rows.filter(answer__isnull=True, revision__state__state__in=ReviewState.OPEN)
        if value == OPEN:
            return running
        return rows.filter(answer__isnull=True).exclude(revision__state__state__in=ReviewState.OPEN)


class ReferralList(StaffList):
    """The referrals of the reader's agencies."""

    model = Referral
    table_class = ReferralTable
    filterset_class = ReferralFilters
    act = "review.read"
    export_only = ("document_number", "outcome", "answered_on")
    agency_field = "revision__agency"
    title = gettext_lazy("Referrals upward")
    intro = gettext_lazy(
        "What this agency cannot determine (art. 17). The term for disclosure runs on meanwhile (art. 26)."
    )

    def get_queryset(self) -> Any:
        # A kind with personal data is read by a narrower act, and its titles stand on its own pages.
        open_kinds = [each.kind for each in subjects.kinds() if each.read_act == self.act]
        rows = super().get_queryset().filter(revision__subject_kind__in=open_kinds)
        return rows.select_related("revision__agency", "revision__state", "answer")


def _acting(request: HttpRequest, pk: UUID) -> Revision:
    """The revision, where the reader may refer and consult for its agency; else 404."""
    revision = revision_for(request, pk)
    if not allowed(actor_of(request), "review.refer", revision.agency):
        raise Http404
    return revision


def _entered(
    request: HttpRequest,
    revision: Revision,
    form: Any,
    act: Callable[[dict[str, Any]], object],
    done: str,
    **words: Any,
) -> HttpResponse:
    """Do `act` with what the form says and go back to the review, or show the form with what stands against it."""
    if request.method == "POST" and form.is_valid():
        try:
            act(dict(form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, _told(refusal))
        else:
            messages.success(request, done)
            return redirect("review:page", pk=revision.pk)
    return render(
        request,
        "workbench/form.html",
        {"form": form, "cancel_url": reverse("review:page", args=[revision.pk]), "intro": revision.title}
        | words,
    )


@staff_only
def refer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter a referral upward."""
    revision = _acting(request, pk)
    return _entered(
        request,
        revision,
        ReferralForm(request.POST or None, initial={"sent_on": clock.today()}),
        lambda said: referrals.refer(actor_of(request), revision, **said),
        _("Referred: steps two and three wait for the answer."),
        title=_("Refer upward"),
        submit_label=_("Enter the referral"),
        consequence=referrals.term(revision.state.due_on),
    )


@staff_only
def referral_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what a referral came to."""
    row = get_object_or_404(Referral, pk=pk)
    revision = _acting(request, row.revision_id)

    def act(said: dict[str, Any]) -> object:
        paper = said.pop("paper")
        file = (paper.read(storage.LARGEST + 1), paper.name) if paper else None
        return referrals.answer(actor_of(request), row, paper=file, **said)

    return _entered(
        request,
        revision,
        ReferralAnswerForm(
            request.POST or None, request.FILES or None, initial={"answered_on": clock.today()}
        ),
        act,
        _("The answer is on record."),
        title=_("Answer to the referral to %(whom)s") % {"whom": row.addressee},
        submit_label=_("Enter the answer"),
        consequence=_("It is never changed afterwards; enter what the paper says."),
    )


@staff_only
def consult(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that another agency was asked."""
    revision = _acting(request, pk)
    return _entered(
        request,
        revision,
        ConsultationForm(request.POST or None, initial={"asked_on": clock.today()}),
        lambda said: consultations.ask(actor_of(request), revision, **said),
        _("On record: steps two and three wait for its consent."),
        title=_("Consult another agency"),
        submit_label=_("Enter the consultation"),
    )


@staff_only
def consultation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what the other agency said."""
    row = get_object_or_404(Consultation, pk=pk)
    revision = _acting(request, row.revision_id)
    return _entered(
        request,
        revision,
        ConsultationAnswerForm(request.POST or None, initial={"answered_on": clock.today()}),
        lambda said: consultations.answer(actor_of(request), row, **said),
        _("The answer is on record."),
        title=_("Answer of %(who)s") % {"who": row.consulted},
        submit_label=_("Enter the answer"),
        consequence=_("It is never changed afterwards; enter what the paper says."),
    )


def _told(refusal: Refused) -> str:
    return f"{refusal.message}（{refusal.article}）" if refusal.article else refusal.message


@staff_only
def rosters(request: HttpRequest) -> HttpResponse:
    """The leading groups of the agencies the reader may see; of one agency at once its own."""
    agencies = list(agencies_for(actor_of(request), "review.read").order_by("code")[:200])
    if not agencies:
        raise Http404
    if len(agencies) == 1:
        return _roster(request, agencies[0])
    return render(
        request,
        "review/rosters.html",
        {"title": _("Leading groups for confidentiality review"), "agencies": agencies},
    )


def _agency(request: HttpRequest, pk: UUID) -> Agency:
    agency = get_object_or_404(Agency, pk=pk)
    if not allowed(actor_of(request), "review.read", agency):
        raise Http404
    return agency


@staff_only
def roster_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who examines for an agency today: leader, deputy leader, members, with paper and dates."""
    return _roster(request, _agency(request, pk))


def _roster(request: HttpRequest, agency: Agency) -> HttpResponse:
    return render(
        request,
        "review/roster.html",
        {
            "title": roster.title(agency),
            "agency": agency,
            "members": roster.members(agency),
            "lacking": roster.lacking(agency),
        },
    )


@staff_only
def roster_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same as a paper."""
    agency = _agency(request, pk)
    response = HttpResponse(roster.pdf(agency), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="roster-{agency.code}.pdf"'
    return response
