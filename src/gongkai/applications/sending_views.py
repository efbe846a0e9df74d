"""Staff pages of a letter on its way: countersigning and legal review, the seal, sending, proof of service."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed, require
from gongkai.applications import (
    acts,
    endorsing,
    explained,
    intake,
    letter_course,
    letters,
    partial,
    personal,
    rendering,
    renewing,
    sealing_register,
    service,
    wording,
)
from gongkai.applications.intake import Upload
from gongkai.applications.letter_views import letter_for
from gongkai.applications.letterkind import LetterKind
from gongkai.applications.models import Letter
from gongkai.applications.sending_forms import DispatchForm, EndorseForm, ProofForm, ReceiptForm, StampForm
from gongkai.applications.views import download, with_article
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import clock
from gongkai.review.subjects import Content


@staff_only
def endorse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter that lies before a countersigner or legal reviewer, and their word on it."""
    actor = actor_of(request)
    row = get_object_or_404(Letter.objects.select_related("application__agency", "agency", "decision"), pk=pk)
    if not endorsing.readable(actor, row):
        raise Http404
    endorsing.show(actor, row)
    content = LetterKind().freeze(letters.draft_of(row))
    stage = endorsing.waiting_for(row)
    may = stage is not None and allowed(actor, endorsing.RIGHTS[stage], row.agency)
    form = EndorseForm(request.POST or None, initial={"seen": row.offered}) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        agreed = request.POST.get("decision") == "approve"
        said = form.cleaned_data
        try:
            endorsing.endorse(actor, row, agreed=agreed, opinion=said["opinion"], seen=said["seen"])
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            messages.success(request, _("Agreed.") if agreed else _("Returned with your reason."))
            return redirect("workbench:inbox")
    context = {
        "title": f"{wording.TEMPLATES[row.kind].title} · {row.application.number}",
        "stage": stage.label if stage else "",
        "preview": _preview(row, content),
        "enclosures": [
            {
                "name": each["name"],
                "url": reverse("applications:letter_endorse_file", args=[row.pk, each["id"]]),
            }
            for each in content["attachments"]
        ],
        "deadline": explained.deadline_of(row.application, explained.term_of(row.application)),
        "form": form,
        "action": reverse("applications:letter_endorse", args=[row.pk]) if form is not None else "",
        "given": letter_course.endorsements(row),
        "approve_label": _("Agree"),
        "consequence": _("Your word is bound to exactly this text; once it changes you are asked anew."),
    }
    return render(request, "applications/letter_endorse.html", context)


def _preview(row: Letter, content: Content) -> str:
    """The text without the links of the agency's own staff; its files are read through this page."""
    context = {"paper": rendering.paper(row, content), "attachments": []}
    return render_to_string("applications/letter_preview.html", context)


@staff_only
def endorse_file(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """A file that goes out with the letter, for whoever is to endorse it."""
    row = get_object_or_404(Letter.objects.select_related("application__agency", "agency", "decision"), pk=pk)
    if not endorsing.readable(actor_of(request), row):
        raise Http404
    chosen = LetterKind().freeze(letters.draft_of(row))["attachments"]
    if str(attachment) not in {each["id"] for each in chosen}:
        raise Http404
    endorsing.show(actor_of(request), row)
    found = Attachment.objects.select_related("file").get(pk=attachment)
    return download(storage.read(found.file_id, case_key=found.case_key), found.file.media_type, found.name)


@staff_only
def stamp(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Use the seal on a released letter and enter it in the register."""
    row = letter_for(request, pk)
    actor = actor_of(request)
    if not allowed(actor, "application.seal", row.agency):
        raise Http404
    form = StampForm(request.POST or None, letter=row)
    if request.method == "POST" and form.is_valid():
        try:
            line = sealing_register.stamp(actor, row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            messages.success(request, _("Entered in the register: %(number)s") % {"number": line.number})
            return redirect("applications:letter", pk=row.pk)
    name = row.number or wording.TEMPLATES[row.kind].title
    context = {
        "form": form,
        "title": _("Stamp %(number)s") % {"number": name},
        "intro": _("Compare number, date and copies with the released text, then stamp over the date."),
        "submit_label": _("Enter the use of the seal"),
        "consequence": _("The line gets the next number of the register; it is never changed."),
        "cancel_url": reverse("applications:letter", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


def _kept(request: HttpRequest, row: Letter, upload: Any) -> Attachment | None:
    """The receipt that came with a form, sealed in the case; None where there was none."""
    if not upload:
        return None
    actor = actor_of(request)
    file = Upload(upload.name, upload.read(storage.LARGEST + 1))
    return intake.keep(row.application, file, service.PROOF, actor, actor.who)


@staff_only
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that the letter went out."""
    row = letter_for(request, pk)
    actor = actor_of(request)
    form = DispatchForm(request.POST or None, request.FILES or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            require(actor, acts.ACTS[row.act].right, row.agency)
            with transaction.atomic():
                paper = _kept(request, row, said["paper"])
                service.dispatch(
                    actor,
                    row,
                    way=said["way"],
                    on=said["on"],
                    tracking=said["tracking"],
                    words=said["words"],
                    paper=paper,
                )
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            messages.success(request, _("Entered: the letter went out."))
            return redirect("applications:case", pk=row.application_id)
    context = {
        "form": form,
        "title": _("Send %(number)s") % {"number": row.number or wording.TEMPLATES[row.kind].title},
        "submit_label": _("Enter the sending"),
        "consequence": _(
            "The day of signing, posting or sending counts; afterwards the letter never changes."
        ),
        "cancel_url": reverse("applications:letter", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def served(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter that a posted letter arrived; where that is entered, file the receipt that came back."""
    row = letter_for(request, pk)
    actor = actor_of(request)
    late = hasattr(row, "proof")
    kind: Any = ReceiptForm if late else ProofForm
    form = kind(request.POST or None, request.FILES or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        entered = None
        try:
            require(actor, acts.ACTS[row.act].right, row.agency)
            if late:
                service.file_proof(actor, row, said["paper"].read(storage.LARGEST + 1), said["paper"].name)
            else:
                with transaction.atomic():
                    paper = _kept(request, row, said["paper"])
                    entered = service.prove(actor, row, said["on"], words=said["words"], paper=paper)
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            if entered is not None and service.under_other_law(row, entered.on):
                messages.warning(
                    request,
                    _(
                        "Entered: the letter arrived. Its notice of remedies is that of an earlier law: serve the "
                        "right one besides; a note says so."
                    ),
                )
            elif entered is not None and service.without_effect(entered):
                messages.warning(
                    request,
                    _("Entered: the letter arrived. Nothing runs from it any more; a note says why."),
                )
            else:
                messages.success(
                    request, _("The receipt is filed.") if late else _("Entered: the letter arrived.")
                )
            return redirect("applications:case", pk=row.application_id)
    context = {
        "form": form,
        "title": (_("Receipt of %(number)s") if late else _("Arrival of %(number)s"))
        % {"number": row.number},
        "submit_label": _("File the receipt") if late else _("Enter the arrival"),
        "cancel_url": reverse("applications:letter", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def kept(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """A sealed paper of a letter: what the e-seal made, the signed draft, a receipt, or a closed original."""
    row = letter_for(request, pk)
    found = next((each for each in papers_of(row) if each.pk == attachment), None)
    if found is None:
        raise Http404
    personal.show(actor_of(request), row.application, f"letter.{found.purpose}")
    return download(storage.read(found.file_id, case_key=found.case_key), found.file.media_type, found.name)


def papers_of(row: Letter) -> list[Attachment]:
    """The papers of a letter that this module shows, in the order in which they come to be."""
    signed = rendering.signed_draft(row)
    sealed = [
        use.file for use in row.seal_uses.select_related("file__file").order_by("pk") if use.file is not None
    ]
    return [*partial.originals(row), *([signed] if signed else []), *sealed, *service.proofs(row)]


@staff_only
@require_POST
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a letter before countersigner or legal reviewer; where all agreed, submit it for review."""
    row = letter_for(request, pk)
    try:
        revision = endorsing.go_on(actor_of(request), row, version=letters.draft_of(row).version)
    except Refused as refusal:
        messages.error(request, with_article(refusal))
        return redirect("applications:letter_edit", pk=row.pk)
    if revision is None:
        messages.success(request, _("Put before them; your inbox tells you when it comes back."))
        return redirect("applications:letter", pk=row.pk)
    return redirect("review:page", pk=revision.pk)


@staff_only
@require_POST
def renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return to review a letter that another law of remedies overtook before it was sent."""
    row = letter_for(request, pk)
    try:
        fresh = renewing.return_to_review(actor_of(request), row)
    except Refused as refusal:
        messages.error(request, with_article(refusal))
        return redirect("applications:letter", pk=row.pk)
    messages.success(request, _("It is a draft again; read it through, and submit it."))
    return redirect("applications:letter_edit", pk=fresh.pk)
