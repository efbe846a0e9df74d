"""Staff pages of a formal reply and of its publication: write, send, take back, publish, withdraw."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed
from gongkai.correspondence import publication, replies, terms
from gongkai.correspondence.documents import PURPOSE
from gongkai.correspondence.forms import PublicationForm, ReplyForm, SendForm, WithdrawForm
from gongkai.correspondence.models import Reply
from gongkai.correspondence.views import matter_for
from gongkai.files.models import Attachment
from gongkai.review import drafts, releases, submission
from gongkai.review.models import Withdrawal


def reply_for(request: HttpRequest, pk: UUID) -> Reply:
    """The reply, where the policy lets the reader see its matter; else 404."""
    row = get_object_or_404(Reply.objects.select_related("matter__agency", "agency", "release"), pk=pk)
    if not allowed(actor_of(request), "correspondence.read", row.agency):
        raise Http404
    return row


@staff_only
@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the formal reply to a matter."""
    reply, _draft = replies.begin(actor_of(request), matter_for(request, pk))
    return redirect("correspondence:reply", pk=reply.pk)


@staff_only
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the reply; save it or submit it for review."""
    reply = reply_for(request, pk)
    actor = actor_of(request)
    draft = drafts.draft_of(replies.KIND, reply.pk)
    if draft is None or reply.number or not allowed(actor, "correspondence.handle", reply.agency):
        raise Http404
    initial = replies.EMPTY | draft.content | {"version": draft.version}
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = replies.save(actor, reply, form.content(), version=form.cleaned_data["version"])
            if answer := _after_saving(request, saved):
                return answer
            return redirect("correspondence:reply", pk=reply.pk)
        except submission.Incomplete as refusal:
            form = _again(ReplyForm, request, refusal)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "title": _("Formal reply: %(title)s") % {"title": reply.matter.shown_title},
        "deadline": terms.deadline(reply.matter),
        "cancel_url": reverse("correspondence:matter", args=[reply.matter_id]),
        "consequence": _("Number and date are given when the third person approves."),
    }
    return render(request, "correspondence/write.html", context)


def _after_saving(request: HttpRequest, saved: Any) -> HttpResponse | None:
    if "submit" in request.POST:
        revision = submission.submit(actor_of(request), saved, version=saved.version)
        return redirect("review:page", pk=revision.pk)
    messages.success(request, _("Saved."))
    return None


def _again(form_class: Any, request: HttpRequest, refusal: submission.Incomplete) -> Any:
    """What was typed, saved already, with what is missing beside each field."""
    data = request.POST.copy()
    data["version"] = str(int(data["version"]) + 1)
    form = form_class(data)
    form.is_valid()
    for problem in refusal.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    return form


@staff_only
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an approved reply."""
    reply = reply_for(request, pk)
    form = SendForm(request.POST or None, matter=reply.matter)
    if request.method == "POST" and form.is_valid():
        try:
            replies.dispatch(actor_of(request), reply, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Sent: the matter is answered."))
            return redirect("correspondence:matter", pk=reply.matter_id)
    context = {
        "form": form,
        "title": _("Send %(number)s") % {"number": reply.number},
        "submit_label": _("Send"),
        "consequence": _("The matter is then answered; with number and code the writer reads the reply."),
        "cancel_url": reverse("correspondence:matter", args=[reply.matter_id]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an approved reply back before it is sent; its number is void."""
    reply = reply_for(request, pk)
    if request.method == "POST":
        if reply.release is None:
            raise Refused(_("This reply is not approved."))
        releases.withdraw(actor_of(request), reply.release, reason=Withdrawal.Reason.ERROR)
        messages.success(request, _("Taken back; write a new reply."))
        return redirect("correspondence:matter", pk=reply.matter_id)
    context = {
        "title": _("Take %(number)s back") % {"number": reply.number},
        "question": _("Take this approved reply back?"),
        "consequence": _("Its number stays in the series as void; a new reply is written and reviewed."),
        "act_label": _("Take back"),
        "cancel_url": reverse("correspondence:matter", args=[reply.matter_id]),
    }
    return render(request, "correspondence/confirm.html", context)


@staff_only
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document of a reply, opened with a journal entry."""
    actor = actor_of(request)
    row = get_object_or_404(
        Attachment.objects.select_related("file", "agency"),
        pk=pk,
        owner_kind=PURPOSE,
        agency__in=agencies_for(actor, "correspondence.read"),
    )
    reply = get_object_or_404(Reply.objects.select_related("matter__agency"), pk=row.owner_id)
    return served(row, replies.document(actor, row, reply.matter))


def served(row: Attachment, data: bytes) -> HttpResponse:
    """A document as a download that no cache keeps."""
    response = HttpResponse(data, content_type=row.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@staff_only
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write question and answer for the public; save or submit for the three-step review."""
    matter = matter_for(request, pk)
    actor = actor_of(request)
    if reason := publication.hindrance(matter):
        raise Refused(reason)
    draft = drafts.draft_of(publication.KIND, matter.pk)
    content = draft.content if draft else {"title": matter.title}
    initial = publication.EMPTY | content | {"version": draft.version if draft else 0}
    form = PublicationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = publication.save(actor, matter, form.content(), version=form.cleaned_data["version"])
            return _after_saving(request, saved) or redirect("correspondence:publish", pk=matter.pk)
        except submission.Incomplete as refusal:
            form = _again(PublicationForm, request, refusal)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        "form": form,
        "title": _("Publish question and answer: %(title)s") % {"title": matter.shown_title},
        "cancel_url": reverse("correspondence:matter", args=[matter.pk]),
        "consequence": _("It is public after three people approved it; the letter itself stays sealed."),
    }
    return render(request, "correspondence/write.html", context)


@staff_only
def unpublish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a published question and answer off the public at once."""
    matter = matter_for(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publication.withdraw(actor_of(request), matter, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Withdrawn: the public page no longer shows it."))
            return redirect("correspondence:matter", pk=matter.pk)
    context = {
        "form": form,
        "title": _("Withdraw: %(title)s") % {"title": matter.shown_title},
        "submit_label": _("Withdraw now"),
        "consequence": _("It disappears at once. A page stays that says the day and this reason."),
        "cancel_url": reverse("correspondence:matter", args=[matter.pk]),
    }
    return render(request, "workbench/form.html", context)
