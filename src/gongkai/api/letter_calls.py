"""Letters of a case: where each stands, its fair copy, and that it went out and arrived."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused, allowed
from gongkai.api import shapes
from gongkai.api.act_calls import WRITE, way_out
from gongkai.api.callers import Caller
from gongkai.api.case_calls import PERSONAL, READ, case_of, letter_shape
from gongkai.api.door import caller_of, offer
from gongkai.api.form_bodies import body_of, filled
from gongkai.api.problems import Problem, refused
from gongkai.applications import intake, personal, rendering, sending_forms, service
from gongkai.applications.acts import ACTS
from gongkai.applications.intake import Upload
from gongkai.applications.models import Letter
from gongkai.applications.views import download
from gongkai.files import storage

LETTERS = "Letters"


def letter_of(caller: Caller, pk: UUID) -> Letter:
    """The letter, where the token reaches its case; else 404."""
    rows = Letter.objects.select_related(
        "application__agency", "agency", "dispatch", "proof", "release", "decision"
    )
    row = rows.filter(pk=pk).first()
    if row is None or not allowed(caller, "application.read", row.agency):
        raise Http404
    return row


@offer(
    "GET",
    "applications/{uuid:case}/letters",
    shapes.Letters,
    scopes=READ,
    tag=LETTERS,
    also=(404,),
    name="list_letters",
)
def letters(request: HttpRequest, case: UUID) -> shapes.Letters:
    """The letters of a case, oldest first."""
    caller = caller_of(request)
    found = (
        case_of(caller, case)
        .letters.select_related("dispatch", "proof", "release", "agency")
        .order_by("created_at")
    )
    return shapes.Letters(items=[letter_shape(caller, each) for each in found])


@offer(
    "GET",
    "letters/{uuid:letter}",
    shapes.LetterShape,
    scopes=READ,
    tag=LETTERS,
    also=(404,),
    name="read_letter",
)
def letter(request: HttpRequest, letter: UUID) -> shapes.LetterShape:
    """Where a letter stands. Its text is its files."""
    caller = caller_of(request)
    return letter_shape(caller, letter_of(caller, letter))


def _paper(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    caller = caller_of(request)
    row = letter_of(caller, pk)
    if not allowed(caller, "application.personal", row.agency):
        raise Problem(403, _("The person for whom this token acts may not read personal data here."))
    found = next((each for each in rendering.files(row) if each.purpose == form), None)
    if found is None:
        raise Http404
    personal.show(caller, row.application, f"api letter.{form}")
    return download(storage.read(found.file_id, case_key=found.case_key), found.file.media_type, found.name)


def _binary(media_type: str) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The file.", "content": content}}}


@offer(
    "GET",
    "letters/{uuid:letter}/pdf",
    None,
    scopes=PERSONAL,
    tag=LETTERS,
    also=(404, 409),
    name="download_letter_pdf",
    extra=_binary("application/pdf"),
)
def letter_pdf(request: HttpRequest, letter: UUID) -> HttpResponse:
    """The fair copy of a released letter as PDF/A; 404 before the release."""
    return _paper(request, letter, "pdf")


@offer(
    "GET",
    "letters/{uuid:letter}/docx",
    None,
    scopes=PERSONAL,
    tag=LETTERS,
    also=(404, 409),
    name="download_letter_docx",
    extra=_binary("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)
def letter_docx(request: HttpRequest, letter: UUID) -> HttpResponse:
    """The fair copy of a released letter as a Word file; 404 before the release."""
    return _paper(request, letter, "docx")


DispatchBody = body_of("Dispatch", sending_forms.DispatchForm.base_fields)
ArrivalBody = body_of("Arrival", sending_forms.ProofForm.base_fields)


def _sendable(request: HttpRequest, pk: UUID) -> tuple[Caller, Letter]:
    """The letter, for the role that does its act. Raises Problem 403, Http404."""
    caller = caller_of(request)
    row = letter_of(caller, pk)
    if not allowed(caller, ACTS[row.act].right, row.agency):
        raise Problem(403, _("This act is for another role of the agency than the token's person holds."))
    return caller, row


def _kept(caller: Caller, row: Letter, upload: Any) -> Any:
    """The receipt that came with a call, sealed in the case; None where there was none."""
    if not upload:
        return None
    file = Upload(upload.name, upload.read(storage.LARGEST + 1))
    return intake.keep(row.application, file, service.PROOF, caller, caller.who)


@offer(
    "POST",
    "letters/{uuid:letter}/dispatch",
    shapes.LetterShape,
    scopes=WRITE,
    tag=LETTERS,
    also=(404,),
    name="dispatch_letter",
)
def dispatch(request: HttpRequest, letter: UUID, said: DispatchBody) -> shapes.LetterShape:  # type: ignore[valid-type]
    """Enter that a released letter went out. Of an answer this ends the term; a notice moves the clock."""
    caller, row = _sendable(request, letter)
    given = dict(filled(sending_forms.DispatchForm, said.model_dump(exclude_none=True)).cleaned_data)
    try:
        with transaction.atomic():
            paper = _kept(caller, row, given.pop("paper"))
            service.dispatch(caller, row, **given, paper=paper)
    except Refused as refusal:
        raise refused(refusal, way_out(caller, row.application)) from refusal
    return letter_shape(caller, letter_of(caller, letter))


@offer(
    "POST",
    "letters/{uuid:letter}/arrival",
    shapes.LetterShape,
    scopes=WRITE,
    tag=LETTERS,
    also=(404,),
    name="enter_arrival",
)
def arrival(request: HttpRequest, letter: UUID, said: ArrivalBody) -> shapes.LetterShape:  # type: ignore[valid-type]
    """Enter that a posted letter arrived, and how that is known."""
    caller, row = _sendable(request, letter)
    given = filled(sending_forms.ProofForm, said.model_dump(exclude_none=True)).cleaned_data
    try:
        with transaction.atomic():
            paper = _kept(caller, row, given["paper"])
            service.prove(caller, row, given["on"], words=given["words"], paper=paper)
    except Refused as refusal:
        raise refused(refusal, way_out(caller, row.application)) from refusal
    return letter_shape(caller, letter_of(caller, letter))
