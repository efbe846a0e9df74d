"""The public pages of applications: apply, receipt, follow. No page shows who applied or for what (I7)."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.policy import Refused
from gongkai.applications import explained, intake, receipts, tracking
from gongkai.applications.models import Application
from gongkai.paperwork.errors import PaperworkError
from gongkai.portal import challenge, rendering
from gongkai.portal.apply_forms import ApplyForm, TrackForm

RECEIPT = "gongkai_apply_receipt"
RECEIPT_SECONDS = 15 * 60


def _page(request: HttpRequest, name: str, trail: str = "", **context: Any) -> HttpResponse:
    """A page of the applications; no cache keeps what an applicant sees."""
    first = {"label": _("Apply for information"), "url": reverse("portal:apply")}
    context |= {
        "site": rendering.site(),
        "section": "apply",
        "breadcrumb": [first, {"label": trail}] if trail else [{"label": first["label"]}],
    }
    response = render(request, f"portal/apply/{name}.html", context)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form; what was typed is kept when something is wrong."""
    agencies = intake.open_agencies()
    posted = request.method == "POST"
    form = ApplyForm(request.POST if posted else None, request.FILES if posted else None, agencies=agencies)
    if posted and form.is_valid():
        try:
            proof = challenge.check(request.POST)
            case = intake.submit(
                form.agency_chosen(),
                form.taken(),
                submission=UUID(proof.token),
                address=request.META.get("REMOTE_ADDR", ""),
                worked=proof.worked,
            )
        except intake.Incomplete as refusal:
            form.blame(refusal.problems)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _registered(request, case)
    return _page(request, "apply", form=form, challenge=challenge.issue(), open=bool(agencies))


def _registered(request: HttpRequest, case: Application) -> HttpResponse:
    # The application is committed: only now its number goes out (I8).
    response = redirect("portal:apply_done")
    response.set_cookie(
        RECEIPT,
        signing.dumps(str(case.pk), salt=RECEIPT),
        max_age=RECEIPT_SECONDS,
        path=reverse("portal:apply_done"),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return response


def _case_of(request: HttpRequest) -> Application | None:
    try:
        pk = signing.loads(request.COOKIES.get(RECEIPT, ""), salt=RECEIPT, max_age=RECEIPT_SECONDS)
    except signing.BadSignature:
        return None
    return Application.objects.select_related("agency").filter(pk=pk).first()


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The receipt: number, query code and the last day for the answer, to print or write down."""
    case = _case_of(request)
    if case is None:
        return redirect("portal:track")
    code = intake.query_code(case)
    return _page(
        request,
        "done",
        _("Your application is registered"),
        case=case,
        code=" ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        deadline=explained.deadline_of(case, explained.term_of(case)),
    )


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt as PDF, for the browser that sent the application."""
    case = _case_of(request)
    if case is None:
        return redirect("portal:track")
    address = request.build_absolute_uri(reverse("portal:track"))
    try:
        data = receipts.receipt_pdf(case, query_address=address)
    except PaperworkError:
        # A name outside the fonts of PDF/A: the page itself is the receipt.
        return redirect("portal:apply_done")
    return _download(data, "application/pdf", f"{case.number}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """By number and query code: state, due day, letters, remedies. All by POST, so no address holds the code."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    trail = _("Where is my application?")
    if request.method != "POST" or not form.is_valid():
        return _page(request, "track", trail, form=form)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        case = tracking.find_from(number, code, request.META.get("REMOTE_ADDR", ""))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, "track", trail, form=form)
    if "document" in request.POST:
        return _document(case, request.POST["document"])
    return _page(
        request, "progress", trail, followed=tracking.follow(case), typed={"number": number, "code": code}
    )


def _document(case: Application, chosen: str) -> HttpResponse:
    try:
        found = tracking.file_of(case, UUID(chosen))
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    row, data = found
    return _download(data, row.file.media_type, row.name)


def _download(data: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
