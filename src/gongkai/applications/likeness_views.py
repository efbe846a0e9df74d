"""Pages of likeness and art. 44: what is alike to a case, wishes of several, the draft of an item."""

from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import Filters, StaffList, actor_of, staff_only
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.applications import acts, conversion, likeness, personal
from gongkai.applications.models import Application, Likeness
from gongkai.applications.views import case_for, with_article
from gongkai.files.sealing import Sealed
from gongkai.rulebook.norms import cite

# Of so many alike cases the request is opened, to show what agrees; each opening is in the journal.
OPENED = 5
PHRASE = 4
DRAFTED = gettext_lazy(
    "What was given becomes an item draft, without anything that tells of the applicant; nothing is public before three people have released it."
)


def phrases(one: str, other: str) -> list[str]:
    """The passages that two texts share, longest first; none shorter than PHRASE characters."""
    found = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    shared = [one[match.a : match.a + match.size].strip(" ，。、；：《》“”") for match in found]
    return sorted({text for text in shared if len(text) >= PHRASE}, key=lambda text: (-len(text), text))[:3]


@staff_only
def alike(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cases that want the same as this one, and public items that may hold it, each with the reason."""
    case = case_for(request, pk)
    actor = actor_of(request)
    if not allowed(actor, "application.personal", case.agency):
        raise Http404
    _person, wanted = personal.show(actor, case, "alike")
    found = likeness.of(actor, case)
    context = {
        "title": _("The same or alike"),
        "number": case.number,
        "case": case,
        "wanted": wanted.excerpt,
        "cases": [_row(actor, case, each, wanted.excerpt, n < OPENED) for n, each in enumerate(found)],
        "items": likeness.published(case),
        "propose": _wish(actor, case),
        "back": reverse("applications:case", args=[case.pk]),
    }
    return render(request, "applications/alike.html", context)


def _wish(actor: Actor, case: Application) -> dict[str, str] | None:
    """Where the case may be proposed for proactive disclosure, or that declined; None where it may not."""
    if not acts.verdict(actor, case, acts.ACTS["convert"]).allowed:
        return None
    try:
        conversion.refuse_unless_given(case)
    except Refused:
        return None
    return {
        "convert": reverse("applications:convert", args=[case.pk]),
        "decline": reverse("applications:wish_decline", args=[case.pk]),
    }


def _row(actor: Actor, case: Application, each: likeness.Alike, wanted: str, opened: bool) -> dict[str, Any]:
    reasons = []
    if each.same_applicant:
        reasons.append(_("the same applicant"))
    if each.same_text:
        reasons.append(_("the same wording"))
    if opened and not each.same_text and allowed(actor, "application.personal", each.case.agency):
        try:
            _theirs, request = personal.show(actor, each.case, "alike")
            reasons += [f"“{text}”" for text in phrases(wanted, request.excerpt)]
        except Sealed:
            reasons.append(_("its text was destroyed"))
    repeated = each.same_applicant and each.score >= 0.8 and each.case.answered_on is not None
    return {
        "case": each.case,
        "url": reverse("applications:case", args=[each.case.pk]),
        "percent": round(each.score * 100),
        "reasons": reasons,
        # Only an answer that was given makes a further request a repeated one.
        "repeated": reverse("applications:decide", args=[case.pk]) + "?outcome=repeated" if repeated else "",
        "law": cite("regulation", 36, None, 6),
    }


class WishTable(tables.Table):
    """Wishes of several applicants; one line for each wording."""

    latest = tables.Column(verbose_name=gettext_lazy("latest case"), orderable=False, attrs=looks("main"))
    applicants = tables.Column(verbose_name=gettext_lazy("applicants"), attrs=looks("number"))
    cases = tables.Column(verbose_name=gettext_lazy("number of cases"), attrs=looks("number"))
    state = tables.Column(
        verbose_name=gettext_lazy("state"), orderable=False, empty_values=(), accessor="converted"
    )

    def render_latest(self, record: dict[str, Any]) -> dict[str, Any]:
        row = Application.objects.get(pk=record["latest"])
        return {"text": row.number, "url": reverse("applications:alike", args=[row.pk])}

    def value_latest(self, record: dict[str, Any]) -> str:
        return Application.objects.get(pk=record["latest"]).number

    def render_state(self, record: dict[str, Any]) -> str:
        if record["converted"]:
            return _("proposed as an item")
        return _("declined") if record["declined"] else _("to be considered")


class WishFilters(Filters):
    """By state."""

    considered = django_filters.BooleanFilter(method="only_open", label=gettext_lazy("To be considered"))

    class Meta:
        model = Likeness
        fields = ("considered",)

    def only_open(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(converted=not value, declined=not value) if value else rows


class WishList(StaffList):
    """What several applicants were given: proposed for proactive disclosure (art. 44)."""

    model = Likeness
    table_class = WishTable
    filterset_class = WishFilters
    act = acts.ACTS["convert"].right
    title = gettext_lazy("Wishes of several")
    intro = gettext_lazy(
        "Several applicants were given the same information: it may go among what is disclosed proactively (art. 44)."
    )

    def get_queryset(self) -> Any:
        return conversion.several(list(self.agencies().values_list("pk", flat=True)))


class ConvertForm(forms.Form):
    """Nothing is typed: the draft is made from the answer."""


class DeclineForm(forms.Form):
    """Why a wish of several is not to be disclosed proactively."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def run(actor: Actor, case: Application, _said: dict[str, Any]) -> None:
    """The act `convert`, for the pages of acts."""
    conversion.convert(actor, case)


@staff_only
def convert(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One click from an answered case into an item draft."""
    case = case_for(request, pk)
    actor = actor_of(request)
    act = acts.ACTS["convert"]
    if not allowed(actor, act.right, case.agency):
        raise Http404
    refused = acts.verdict(actor, case, act)
    try:
        if refused.allowed:
            conversion.refuse_unless_given(case)
    except Refused as refusal:
        refused = acts.Verdict(act, refusal.message, refusal.article)
    form = ConvertForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = conversion.convert(actor, case)
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            words = _("An item was drafted from the answer. Complete it and put it before the three people.")
            if made.left_out:
                words += " " + _("%(n)d passages or file names told of a person and were left out.") % {
                    "n": made.left_out
                }
            messages.success(request, words)
            return redirect("disclosure:edit", pk=made.item.pk)
    context = {
        "form": form,
        "title": f"{act.label} · {case.number}",
        "intro": act.law,
        "refused": None if refused.allowed else refused,
        "submit_label": _("Make an item of it"),
        "consequence": DRAFTED,
        "cancel_url": reverse("applications:case", args=[case.pk]),
    }
    return render(request, "applications/act.html", context)


@staff_only
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a wish of several stays an answer on application."""
    case = case_for(request, pk)
    actor = actor_of(request)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            conversion.decline(actor, case, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            messages.success(request, _("Entered: it is not proposed again."))
            return redirect("applications:wishes")
    context = {
        "form": form,
        "title": _("Not for proactive disclosure: %(number)s") % {"number": case.number},
        "intro": cite("regulation", 44),
        "submit_label": _("Decline"),
        "cancel_url": reverse("applications:alike", args=[case.pk]),
    }
    return render(request, "workbench/form.html", context)
