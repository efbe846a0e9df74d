"""One page per act of a case: its form, what it brings about, and the refusal with its article."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.applications import (
    acts,
    closing,
    course_forms,
    course_pages,
    decisions,
    events,
    forms,
    incoming,
    intake,
    joint_forms,
    likeness_views,
    notices,
    sending_forms,
    verdicts,
)
from gongkai.applications.models import Application, Letter
from gongkai.applications.views import case_for, with_article

Run = Callable[[Actor, Application, dict[str, Any]], Any]
Prepare = Callable[[Actor, Application], dict[str, Any]]


def _nothing(actor: Actor, case: Application) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Page:
    """The form of an act, the use case it calls, and what it says will follow. prepare: what the form begins with,
    as further arguments of it."""

    form: type[Any]
    run: Run
    consequence: Any = ""
    prepare: Prepare = _nothing


def _received(use: Any) -> Run:
    return lambda actor, case, said: use(
        actor, case, said["on"], text=said["text"], files=forms.uploads(said["files"])
    )


def _opinion(use: Any) -> Run:
    return lambda actor, case, said: use(
        actor,
        case,
        said["on"],
        ref=said["ref"],
        opinion=said["opinion"],
        text=said["text"],
        files=forms.uploads(said["files"]),
    )


def _plain(use: Any) -> Run:
    return lambda actor, case, said: use(actor, case, **said)


_DRAFTED = gettext_lazy("A letter is drafted; the term changes only when it is sent.")

PAGES: dict[str, Page] = {
    "confirm": Page(
        forms.ConfirmForm,
        lambda actor, case, said: intake.confirm(actor, case, said["on"]),
        gettext_lazy("The 20 working days for the answer run from the next day."),
    ),
    "request_correction": Page(forms.CorrectionForm, _plain(notices.request_correction), _DRAFTED),
    "receive_correction": Page(
        forms.ReceivedForm,
        _received(incoming.receive_correction),
        gettext_lazy("A fresh 20 working days run from the next day (art. 30)."),
    ),
    "assign": Page(
        course_forms.AssignForm,
        course_pages.assign,
        gettext_lazy("Everything in the case stays; from now on it stands in that person's inbox."),
        course_pages.assign_form,
    ),
    "ask_reasons": Page(
        course_forms.AskReasonsForm, _plain(notices.ask_reasons), _DRAFTED, course_pages.reasons_form
    ),
    "receive_reasons": Page(
        course_forms.ReceivedReasonsForm,
        course_pages.received_reasons,
        gettext_lazy(
            "The term runs on. Where the reasons do not hold, decide; where they do, a later day may be set."
        ),
    ),
    "delay": Page(
        course_forms.DelayForm,
        _plain(incoming.delay),
        gettext_lazy("The answer is then due on the later day."),
        course_pages.delay_form,
    ),
    "record_search": Page(
        course_forms.SearchForm,
        course_pages.search,
        gettext_lazy("Kept sealed in the file; letter 18 is drafted from it."),
        course_pages.search_form,
    ),
    "log_call": Page(
        course_forms.CallForm,
        course_pages.call,
        gettext_lazy(
            "Kept sealed in the file. A call in vain starts no term: the receipt waits for the confirmation."
        ),
        course_pages.call_form,
    ),
    "consult_third_party": Page(forms.ConsultForm, _plain(notices.consult_third_party), _DRAFTED),
    "consult_co_maker": Page(forms.ConsultForm, _plain(notices.consult_co_maker), _DRAFTED),
    "consult_agency": Page(forms.AssistForm, _plain(notices.consult_agency), _DRAFTED),
    "tell_consultation": Page(forms.EmptyForm, _plain(notices.tell_consultation), _DRAFTED),
    "tell_third_party": Page(
        course_forms.TellThirdPartyForm,
        _plain(notices.tell_third_party),
        gettext_lazy(
            "A letter is drafted; once it has arrived, the answer waits for the interval of this agency."
        ),
        course_pages.objectors,
    ),
    "third_party_answered": Page(
        forms.OpinionForm, _opinion(incoming.third_party_answered), prepare=course_pages.third_parties
    ),
    "agency_answered": Page(
        forms.OpinionForm, _opinion(incoming.agency_answered), prepare=course_pages.agencies
    ),
    "approve_extension": Page(
        forms.ApproveExtensionForm,
        _plain(incoming.approve_extension),
        gettext_lazy("The handler then writes the notice, which must go out before the term ends."),
    ),
    "extend": Page(forms.EmptyForm, _plain(notices.extend), _DRAFTED),
    "notify_fee": Page(course_forms.FeeForm, _plain(notices.notify_fee), _DRAFTED, course_pages.fee_form),
    "receive_fee": Page(
        forms.PaidForm,
        lambda actor, case, said: incoming.receive_fee(actor, case, said["on"], receipt=said["receipt"]),
        gettext_lazy("A fresh 20 working days run from the next day."),
    ),
    "withdraw": Page(
        forms.WithdrawForm,
        lambda actor, case, said: decisions.withdraw(actor, case, said["on"], words=said["words"]),
        gettext_lazy("The outcome becomes 其他处理·申请人撤回申请, and the confirmation is drafted."),
    ),
    "drop_decision": Page(
        forms.ReasonForm,
        lambda actor, case, said: decisions.drop(actor, case, said["reason"]),
        gettext_lazy("Its letter is given up; a number already given stays void."),
    ),
    "note": Page(
        forms.NoteForm,
        lambda actor, case, said: incoming.note(actor, case, said["text"], forms.uploads(said["files"])),
    ),
    "split": Page(
        joint_forms.SplitForm,
        joint_forms.split,
        gettext_lazy(
            "Each further part is registered with its own number, by the receipt day of this application; the applicant sees them under the query code. This cannot be undone."
        ),
        joint_forms.split_form,
    ),
    "merge": Page(
        joint_forms.MergeForm,
        joint_forms.merge,
        gettext_lazy(
            "One letter answers both; each keeps its number, its term and its place in the report. Until the decision they can be separated again."
        ),
        joint_forms.merge_form,
    ),
    "separate": Page(
        joint_forms.SeparateForm,
        joint_forms.separate,
        gettext_lazy("What has happened so far stays in both; from now on each is handled by itself."),
    ),
    "decide_amendment": Page(
        joint_forms.AmendmentDecisionForm,
        joint_forms.decide_amendment,
        _DRAFTED,
        joint_forms.amendment_form,
    ),
    "close": Page(
        sending_forms.CloseForm,
        lambda actor, case, said: closing.close(actor, case, reason=said["reason"]),
        gettext_lazy("The report counts the case by the day of the answer."),
    ),
    "convert": Page(likeness_views.ConvertForm, likeness_views.run, likeness_views.DRAFTED),
}


@staff_only
def act(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """The form of one act; where it is refused now, the reason and the article instead."""
    case = case_for(request, pk)
    actor = actor_of(request)
    page = PAGES.get(key)
    if page is None or not allowed(actor, acts.ACTS[key].right, case.agency):
        raise Http404
    extra = page.prepare(actor, case)
    posted = request.method == "POST"
    # A form without fields is sent empty, so the method and not the data says that it was sent.
    form = page.form(request.POST if posted else None, request.FILES if posted else None, **extra)
    if posted and form.is_valid():
        try:
            made = page.run(actor, case, dict(form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            messages.success(request, _("Done: %(act)s") % {"act": acts.ACTS[key].label})
            if isinstance(made, Letter):
                return redirect("applications:letter_edit", pk=made.pk)
            return redirect("applications:case", pk=case.pk)
    found = {each.act.key: each for each in verdicts.of(actor, case, events.of(case))}
    # An act for another matter is in no list of this case, but its page can be asked for.
    verdict = found.get(key) or acts.verdict(actor, case, acts.ACTS[key])
    context = {
        "form": form,
        "title": f"{acts.ACTS[key].label} · {case.number}",
        "intro": acts.ACTS[key].law,
        "refused": None if verdict.allowed else verdict,
        "submit_label": acts.ACTS[key].label,
        "consequence": page.consequence,
        "cancel_url": reverse("applications:case", args=[case.pk]),
    }
    return render(request, "applications/act.html", context)
