"""Staff pages of taking part: the running and past periods, their opinions, the answer to each, the result."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.disclosure import notices, opinions, results, varieties
from gongkai.disclosure.models import Item, Opinion, Period
from gongkai.disclosure.notice_models import Outcome, Stance
from gongkai.disclosure.participation_tables import (
    PHASES,
    OpinionFilters,
    OpinionTable,
    PeriodFilters,
    PeriodTable,
    periods,
    phase_of,
)
from gongkai.journal import clock
from gongkai.rulebook import postings


class ParticipationList(StaffList):
    """The notices, solicitations and hearings of the reader's agencies."""

    model = Period
    table_class = PeriodTable
    filterset_class = PeriodFilters
    act = "opinion.read"
    title = gettext_lazy("Notices and solicitations")
    intro = gettext_lazy(
        "What is or was public for a set period. It changes by itself when the last day is over."
    )
    primary = {"label": gettext_lazy("Draft an item"), "url": "/workbench/items/new/", "act": "item.draft"}
    queryset = periods()

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("item", "agency")


class OpinionList(StaffList):
    """The opinions on texts of the reader's agencies."""

    model = Opinion
    table_class = OpinionTable
    filterset_class = OpinionFilters
    act = "opinion.read"
    title = gettext_lazy("Opinions of the public")
    intro = gettext_lazy("Text and writer are sealed; who opens one is noted in the journal.")

    def get_queryset(self) -> Any:
        return opinions.with_outcome(super().get_queryset()).select_related("item", "agency")


class AnswerForm(forms.Form):
    """What becomes of an opinion."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=opinions.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Told in the result and to the writer; without names. Opinions with the same words are counted together."
        ),
    )


class RegisterForm(forms.Form):
    """An opinion that came by another way than the site."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[each for each in Opinion.Channel.choices if each[0] != Opinion.Channel.WEB],
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    stance = forms.ChoiceField(label=gettext_lazy("Stance"), choices=Stance.choices, initial=Stance.OTHER)
    text = forms.CharField(
        label=gettext_lazy("The opinion"),
        max_length=opinions.LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the writer"), max_length=opinions.LONGEST["name"], required=False
    )
    contact = forms.CharField(
        label=gettext_lazy("Telephone or address"), max_length=opinions.LONGEST["contact"], required=False
    )


def period_for(request: HttpRequest, pk: UUID) -> tuple[Item, Any]:
    """The item and the period of its public text, where the policy lets the reader see it; else 404."""
    row = periods().select_related("item__agency", "item__live").filter(item=pk).first()
    if row is None or not allowed(actor_of(request), "opinion.read", row.item.agency):
        raise Http404
    return row.item, row


@staff_only
def participation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a notice, solicitation or hearing stands: its days, what came in, what became of it, its result."""
    item, row = period_for(request, pk)
    actor = actor_of(request)
    counts = opinions.counts_of(item)
    published = results.of(item.pk)
    found = postings.KINDS.get(row.posting)
    over = phase_of(row) == notices.ENDED
    may = allowed(actor, "opinion.handle", item.agency)
    acts = [{"label": _("The item"), "url": reverse("disclosure:item", args=[item.pk])}]
    if may and not published:
        # What arrived within the period may be entered after it, until the result is out.
        acts.append(
            {"label": _("Register an opinion"), "url": reverse("disclosure:register_opinion", args=[item.pk])}
        )
    primary = None
    if over and not published and allowed(actor, "item.draft", item.agency):
        primary = {
            "label": _("Draft the result"),
            "url": reverse("disclosure:draft_result", args=[item.pk]),
            "method": "post",
        }
    due = row.result_due if over and not published else (None if over else row.ends)
    return render(
        request,
        "disclosure/participation.html",
        {
            "title": item.title,
            "number": item.index_number,
            "item": item,
            "facts": [
                {"label": _("information type"), "value": str(varieties.of({"variety": row.variety}).label)},
                {"label": _("kind of notice"), "value": found.label if found else row.posting},
                {"label": _("state"), "value": str(PHASES[phase_of(row)])},
                {"label": _("opinions"), "value": str(counts.total)},
                {"label": _("unanswered"), "value": str(counts.waiting)},
                *(
                    {"label": Outcome(name).label, "value": str(getattr(counts, name))}
                    for name in Outcome.values
                ),
                {
                    "label": _("result due"),
                    "value": notices.day_words(row.result_due) if row.result_due else "",
                },
                {"label": _("period"), "value": notices.period_words(row.begins, row.ends), "wide": True},
            ],
            "deadline": deadline(due) if due else None,
            "primary": primary,
            "acts": acts,
            "results": published,
            "reasons": [
                (Outcome(outcome).label, reason, n) for outcome, reason, n in opinions.reasons(item)[:50]
            ],
            "list_url": f"{reverse('disclosure:opinions')}?q={item.title}",
        },
    )


@staff_only
@require_POST
def draft_result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the item that tells what came of it; goes on in the editor."""
    item, _row = period_for(request, pk)
    try:
        begun = results.draft(actor_of(request), item)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("disclosure:participation", pk=item.pk)
    messages.success(request, _("Drafted from the counts and reasons. Check it, then submit it for review."))
    return redirect("disclosure:edit", pk=begun.pk)


@staff_only
def register_opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter an opinion that came by post, by telephone or at the counter."""
    item, _row = period_for(request, pk)
    actor = actor_of(request)
    if not allowed(actor, "opinion.handle", item.agency):
        raise Http404
    form = RegisterForm(request.POST or None, initial={"received_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = opinions.Said(**{name: form.cleaned_data[name] for name in opinions.LONGEST})
        chosen = {name: form.cleaned_data[name] for name in ("stance", "channel", "received_on")}
        try:
            taken = opinions.register(actor, item, said, **chosen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": taken.number})
            return redirect("disclosure:opinion", pk=taken.opinion.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Register an opinion: %(title)s") % {"title": item.title},
            "submit_label": _("Register"),
            "consequence": _("It is sealed; only the counts and the reasons of the answers are published."),
            "cancel_url": reverse("disclosure:participation", args=[item.pk]),
        },
    )


def opinion_for(request: HttpRequest, pk: UUID) -> Opinion:
    """The opinion, where the policy lets the reader know of it; else 404."""
    row = get_object_or_404(Opinion.objects.select_related("item", "agency", "period"), pk=pk)
    if not allowed(actor_of(request), "opinion.read", row.agency):
        raise Http404
    return row


@staff_only
def opinion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An opinion: sealed until it is opened (POST `open`), then with the form of the answer (POST `answer`)."""
    row = opinion_for(request, pk)
    actor = actor_of(request)
    may = allowed(actor, "opinion.handle", row.agency)
    form, said = AnswerForm(request.POST if "answer" in request.POST else None), None
    if request.method == "POST" and not may:
        raise Http404
    if form.is_bound and form.is_valid():
        try:
            opinions.answer(actor, row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Answered; the counts of the result follow."))
            return redirect("disclosure:participation", pk=row.item_id)
    if request.method == "POST":
        said = opinions.opened(actor, row)
    return render(request, "disclosure/opinion.html", _opinion_page(row, form, said, may))


def _opinion_page(row: Opinion, form: AnswerForm, said: opinions.Said | None, may: bool) -> dict[str, Any]:
    answers = list(row.answers.select_related("person").order_by("-pk"))
    return {
        "title": _("Opinion on: %(title)s") % {"title": row.item.title},
        "number": row.number,
        "opinion": row,
        "said": said,
        "may": may,
        "form": form,
        "file": opinions.enclosed(row),
        "facts": [
            {"label": _("received on"), "value": row.received_on},
            {"label": _("channel"), "value": row.get_channel_display()},
            {"label": _("stance"), "value": row.get_stance_display()},
            {"label": _("with a name"), "value": _("yes") if row.named else _("no")},
            {
                "label": _("outcome"),
                "value": answers[0].get_outcome_display() if answers else _("unanswered"),
            },
        ],
        "deadline": deadline(row.period.result_due) if row.period.result_due and not answers else None,
        "timeline": [
            {
                "when": each.at,
                "title": each.get_outcome_display(),
                "who": each.person.name,
                "detail": each.reason,
            }
            for each in answers
        ],
    }


@staff_only
@require_POST
def opinion_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file that came with an opinion, as a download; the journal says who opened it."""
    row = opinion_for(request, pk)
    if not allowed(actor_of(request), "opinion.handle", row.agency):
        raise Http404
    file, data = opinions.open_file(actor_of(request), row)
    response = HttpResponse(data, content_type=file.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
