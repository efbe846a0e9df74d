"""The public pages of the mailbox: write, receipt, track, rate. Published letters are files of the site.

Complaints about disclosure have a form of their own (complaint_views), and receipt and progress as letters have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.policy import Refused
from gongkai.correspondence import documents, intake, tracking
from gongkai.portal import challenge, letters_public, rendering
from gongkai.portal.mailbox_forms import GradeForm, LetterForm
from gongkai.portal.receipts import Receipt, TrackForm, in_groups


@dataclass(frozen=True)
class Door:
    """A form by which a matter comes in. name: of its address, which with _done and _track names receipt and progress;
    title, registered, where: its words."""

    name: str
    title: Any
    registered: Any
    where: Any

    @property
    def receipt(self) -> Receipt:
        return Receipt(f"gongkai_{self.name}_receipt", f"portal:{self.name}_done")

    @property
    def track(self) -> str:
        """The address that shows the progress."""
        return reverse(f"portal:{self.name}_track")


MAILBOX = Door(
    "mailbox",
    gettext_lazy("Mayor's mailbox"),
    gettext_lazy("Your letter is registered"),
    gettext_lazy("Where is my letter?"),
)
COMPLAINTS = Door(
    "complaint",
    gettext_lazy("Complaints about disclosure"),
    gettext_lazy("Your complaint is registered"),
    gettext_lazy("Where is my complaint?"),
)


def page(request: HttpRequest, door: Door, name: str, trail: object = "", **context: Any) -> HttpResponse:
    """A page of the mailbox or of complaints; no cache keeps what a writer sees."""
    here = {"label": door.title, "url": reverse(f"portal:{door.name}")}
    context |= {
        "site": rendering.site(),
        "section": door.name,
        "door": door,
        "breadcrumb": [here, {"label": trail}] if trail else [{"label": door.title}],
    }
    response = render(request, f"portal/mailbox/{name}.html", context)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def registered(
    request: HttpRequest, door: Door, form: Any, receive: Callable[..., intake.Registered]
) -> HttpResponse | None:
    """The way to the receipt of what a valid form holds; None where it is refused, which the form then says.

    receive: takes agency and letter, and the origin as intake.receive has it.
    """
    try:
        proof = challenge.check(request.POST)
        taken = receive(
            form.agency_chosen(),
            form.letter(),
            address=request.META.get("REMOTE_ADDR", ""),
            form=proof.token,
            proved=proof.worked,
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    # It is committed: only now its number goes out (I8).
    return door.receipt.give(request, redirect(door.receipt.page), [taken.number, taken.code])


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; what was typed is kept when something is wrong."""
    agencies = intake.open_agencies()
    form = LetterForm(request.POST if request.method == "POST" else None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        receipt = registered(
            request,
            MAILBOX,
            form,
            partial(intake.receive, topic=said["topic"], may_publish=said["may_publish"]),
        )
        if receipt is not None:
            return receipt
    return page(request, MAILBOX, "write", form=form, challenge=challenge.issue(), open=bool(agencies))


@require_safe
def done(request: HttpRequest, door: Door) -> HttpResponse:
    """The receipt: number and query code, to print or write down."""
    said = door.receipt.said(request)
    if said is None:
        return redirect(door.track)
    number, code = said
    matter = tracking.find(number, code)
    progress = tracking.progress(number, code)
    return page(
        request,
        door,
        "done",
        door.registered,
        matter=matter,
        code=in_groups(code),
        due=progress.deadline["due"],
        provisional=progress.deadline["provisional"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, door: Door) -> HttpResponse:
    """By number and query code: progress, the reply, satisfaction. All by POST, so no address holds the code."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return page(request, door, "track", door.where, form=form)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    grade_form = GradeForm(request.POST if "rate" in request.POST else None)
    try:
        if "document" in request.POST:
            return _document(number, code, request.POST["document"])
        if grade_form.is_bound and grade_form.is_valid():
            tracking.rate(number, code, grade_form.cleaned_data["grade"])
        progress = tracking.progress(number, code)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return page(request, door, "track", door.where, form=form)
    return page(
        request,
        door,
        "progress",
        door.where,
        progress=progress,
        documents=[
            {"reply": reply, "files": [{"row": row, "label": documents.label(row)} for row in files]}
            for reply, files in progress.replies
        ],
        typed={"number": number, "code": code},
        grade_form=grade_form,
    )


def _document(number: str, code: str, chosen: str) -> HttpResponse:
    try:
        attachment = UUID(chosen)
    except ValueError:
        raise Http404 from None
    row, data = tracking.document(number, code, attachment)
    response = HttpResponse(data, content_type=row.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def letters(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Where published letters stood before they were files of the site: leads to where they stand."""
    return redirect(f"/{letters_public.SHELF}/{pk}/" if pk else f"/{letters_public.SHELF}/", permanent=True)
