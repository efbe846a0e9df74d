"""Staff pages of a letter: list, page, editor, enclosures, sending and proof of service."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.applications import (
    acts,
    case_page,
    endorsing,
    explained,
    letter_course,
    letters,
    papers,
    partial,
    personal,
    rendering,
    verdicts,
    wording,
)
from gongkai.applications.forms import LetterForm
from gongkai.applications.letterkind import LetterKind
from gongkai.applications.models import LETTER, Letter
from gongkai.applications.sending_forms import EnclosureForm
from gongkai.applications.tables import LetterFilters, LetterTable
from gongkai.applications.views import download, with_article
from gongkai.files import sealing, storage
from gongkai.files.models import Attachment
from gongkai.review import releases, submission
from gongkai.review.models import ReviewState
from gongkai.review.views import steps


class LetterList(StaffList):
    """The letters of the reader's agencies."""

    model = Letter
    table_class = LetterTable
    filterset_class = LetterFilters
    act = "application.read"
    title = gettext_lazy("Letters")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("application", "dispatch")


def letter_for(request: HttpRequest, pk: UUID) -> Letter:
    """The letter, where the policy lets the reader see personal data of its agency; else 404."""
    row = get_object_or_404(
        Letter.objects.select_related(
            "application__agency", "agency", "decision", "release", "dispatch", "proof"
        ),
        pk=pk,
    )
    if not allowed(actor_of(request), "application.personal", row.agency):
        raise Http404
    return row


@staff_only
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A letter: its text as it goes out, where it stands, the one next act."""
    row = letter_for(request, pk)
    actor = actor_of(request)
    case = row.application
    if sealing.destroyed(case.case_key):
        return render(request, "applications/letter.html", case_page.letter_without_text(row))
    personal.show(actor, case, LETTER)
    history = releases.history(LETTER, row.pk)
    running = next((each for each in history if each.state.state in ReviewState.OPEN), None)
    sent, proof = getattr(row, "dispatch", None), getattr(row, "proof", None)
    term = explained.term_of(case)
    content = submission.content_of(row.release.digest) if row.release else None
    files = [_file(row, each) for each in rendering.files(row)] if row.release else []
    files += letter_course.papers(row) + papers.letter_links(row)
    context = {
        "title": wording.TEMPLATES[row.kind].title,
        "number": row.number,
        "letter": row,
        "preview": LetterKind().preview(content or LetterKind().freeze(letters.draft_of(row)), row.agency),
        "deadline": explained.deadline_of(case, term),
        "steps": steps(running) if running else None,
        "facts": [
            {
                "label": _("application"),
                "value": case.number,
                "url": reverse("applications:case", args=[case.pk]),
            },
            {"label": _("state"), "value": verdicts.standing(row)},
            {"label": _("dated"), "value": row.dated},
            {"label": _("sent"), "value": sent.on if sent else None},
            {"label": _("how"), "value": sent.get_way_display() if sent else ""},
            {"label": _("tracking number"), "value": sent.tracking if sent else ""},
            {"label": _("arrived on"), "value": proof.on if proof else None},
            *letter_course.facts(row),
        ],
        "primary": {"label": _("Open the review"), "url": reverse("review:page", args=[running.pk])}
        if running
        else letter_course.primary(actor, row),
        "acts": letter_course.acts_of(actor, row) + _acts(request, row),
        "returned": letter_course.returned(row),
        "endorsements": letter_course.endorsements(row),
        "files": files,
        "timeline": [
            {
                "when": each.submitted_at,
                "title": _("Revision %(n)d: %(state)s")
                % {"n": each.number, "state": each.state.get_state_display()},
                "who": each.submitted_by.name,
                "url": reverse("review:page", args=[each.pk]),
                "link": _("Open the review"),
            }
            for each in history
        ],
    }
    return render(request, "applications/letter.html", context)


def _file(row: Letter, each: Attachment) -> dict[str, Any]:
    return {
        "name": each.name,
        "url": reverse("applications:letter_paper", args=[row.pk, each.purpose]),
        "kind": each.file.extension,
        "size": each.file.size,
    }


def _acts(request: HttpRequest, row: Letter) -> list[dict[str, Any]]:
    if row.dropped or row.decision_id or hasattr(row, "dispatch"):
        return []
    if not allowed(actor_of(request), acts.ACTS[row.act].right, row.agency):
        return []
    return [
        {
            "label": _("Give this letter up"),
            "url": reverse("applications:letter_give_up", args=[row.pk]),
            "method": "post",
            "consequence": _("It will not be sent; a number already given stays void."),
        }
    ]


@staff_only
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the elements of a letter; save, or submit for the three-step review."""
    row = letter_for(request, pk)
    actor = actor_of(request)
    if not allowed(actor, acts.ACTS[row.act].right, row.agency):
        raise Http404
    # Who was writing while it was released or given up is told, with what they wrote before them.
    if request.method != "POST" and (row.release_id or row.dropped):
        raise Http404
    draft = letters.draft_of(row)
    written = letters.opened(draft.content)
    personal.show(actor, row.application, "letter_edit")
    form = LetterForm(
        request.POST or None, kind=row.kind, initial=written.elements | {"version": draft.version}
    )
    for name in letters.fixed(row):
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        try:
            saved = letters.save(actor, row, form.elements(), version=form.cleaned_data["version"])
            if "submit" in request.POST:
                revision = endorsing.go_on(actor, row, version=saved.version)
                if revision is not None:
                    return redirect("review:page", pk=revision.pk)
                messages.success(request, _("Put before them; your inbox tells you when it comes back."))
                return redirect("applications:letter", pk=row.pk)
            if "take" in request.POST:
                letters.take_wording(actor, row, version=saved.version)
                messages.success(request, _("The draft has the wording in force; read it through again."))
            else:
                messages.success(request, _("Saved."))
            return redirect("applications:letter_edit", pk=row.pk)
        except submission.Incomplete as refusal:
            form = _again(request, row)
            for problem in refusal.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
    chosen = set(draft.content["attachments"])
    partly = row.kind == partial.LETTER_NUMBER
    context = {
        "form": form,
        "letter": row,
        "title": f"{wording.TEMPLATES[row.kind].title} · {row.application.number}",
        "intro": _("To: %(addressee)s. The request, dates, number and remedies are filled in by themselves.")
        % {"addressee": written.addressee},
        "deadline": explained.deadline_of(row.application, explained.term_of(row.application)),
        "enclosures": [each for each in storage.attached(LETTER, row.pk) if str(each.pk) in chosen],
        "enclosure_form": EnclosureForm(partly=partly),
        "fixed": _fixed(row, written),
        "fixed_words": _("These words follow from the list of parts; to change them, decide anew.")
        if row.kind == partial.LETTER_NUMBER
        else _(
            "These words follow from what was entered; to change them, give the letter up and begin it anew."
        ),
        "originals": partial.originals(row),
        "returned": letter_course.returned(row),
        "submit_label": _("Put before %(stage)s") % {"stage": asked[0].label}
        if (asked := endorsing.wanted(row.agency))
        else "",
        "newer_wording": letters.newer_wording(row),
        "papers": papers.letter_links(row),
        "cancel_url": reverse("applications:letter", args=[row.pk]),
    }
    return render(request, "applications/letter_edit.html", context)


def _fixed(row: Letter, written: letters.Written) -> list[dict[str, str]]:
    """The words that nobody writes by hand, as they will be printed."""
    labels = {each.key: each.label for each in wording.TEMPLATES[row.kind].written}
    return [{"label": labels[name], "value": written.elements.get(name, "")} for name in letters.fixed(row)]


def _again(request: HttpRequest, row: Letter) -> LetterForm:
    """The form as typed, over the version that was just saved."""
    data = request.POST.copy()
    data["version"] = str(letters.draft_of(row).version)
    form = LetterForm(data, kind=row.kind)
    for name in letters.fixed(row):
        del form.fields[name]
    form.is_valid()
    return form


@staff_only
@require_POST
def attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add an enclosure; a refused file is told with its reason."""
    row = letter_for(request, pk)
    form = EnclosureForm(request.POST, request.FILES, partly=row.kind == partial.LETTER_NUMBER)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect("applications:letter_edit", pk=row.pk)
    upload = form.cleaned_data["enclosure"]
    try:
        purpose = form.cleaned_data.get("purpose") or partial.ENCLOSURE
        data = upload.read(storage.LARGEST + 1)
        letters.attach(actor_of(request), row, data, upload.name, purpose=purpose)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("applications:letter_edit", pk=row.pk)


@staff_only
@require_POST
def detach(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """Take an enclosure off the draft."""
    letters.detach(actor_of(request), letter_for(request, pk), attachment)
    return redirect("applications:letter_edit", pk=pk)


@staff_only
@require_POST
def give_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give up a notice that is not to be sent."""
    row = letter_for(request, pk)
    letters.give_up(actor_of(request), row)
    return redirect("applications:case", pk=row.application_id)


@staff_only
def paper(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The fair copy of a released letter: pdf or docx."""
    row = letter_for(request, pk)
    found = next((each for each in rendering.files(row) if each.purpose == form), None)
    if found is None:
        raise Http404
    personal.show(actor_of(request), row.application, f"letter.{form}")
    return download(storage.read(found.file_id, case_key=found.case_key), found.file.media_type, found.name)
