"""The public pages of applications: apply, receipt, follow. No page shows who applied or for what (I7)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.agencies.policy import Refused
from gongkai.applications import (
    diverting,
    explained,
    intake,
    papers,
    receipts,
    satisfaction,
    suggesting,
    throttle,
    tracking,
)
from gongkai.applications.models import Application
from gongkai.applications.request_forms import with_one_more, without
from gongkai.paperwork.errors import PaperworkError
from gongkai.portal import challenge, lists, prefill, rendering, suggestions
from gongkai.portal.apply_forms import ApplyForm, RateForm, TrackForm
from gongkai.portal.receipts import Receipt, in_groups

RECEIPT = Receipt("gongkai_apply_receipt", "portal:apply_done")
# Looks while typing from one network address in an hour, and how much of the text is read.
LOOKS_AN_HOUR = 400
LONGEST_TEXT = 300


def page(request: HttpRequest, name: str, trail: str = "", **context: Any) -> HttpResponse:
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
    """The form; what was typed is kept when something is wrong, and when one more applicant is added."""
    agencies = intake.open_agencies()
    if request.method != "POST":
        return _form(request, ApplyForm(agencies=agencies, initial=prefill.initial(request.GET)))
    changed = retyped(request.POST)
    if changed is not None:
        return _form(request, ApplyForm(initial=changed, agencies=agencies), kept=True)
    form = ApplyForm(request.POST, request.FILES, agencies=agencies)
    if form.is_valid():
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
        except intake.RegisteredAlready as refusal:
            form.add_error(None, refusal.message)
            return with_receipt(request, _form(request, form, kept=True, already=True), refusal.case)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return registered(request, case)
    return _form(request, form, kept=True)


def retyped(typed: QueryDict) -> dict[str, Any] | None:
    """What was typed, with one applicant more or less, or as it was to look first; None to send it."""
    if "more" in typed:
        return with_one_more(typed)
    if "fewer" in typed:
        return without(typed, typed["fewer"])
    return typed.dict() if "look" in typed else None


def _form(
    request: HttpRequest, form: ApplyForm, *, kept: bool = False, already: bool = False
) -> HttpResponse:
    """The page of the form. kept: it comes back, so no browser's older copy goes over what was typed; the files
    are to be chosen again, because a browser fills in none, and nothing of a person is stored unsent. already:
    an earlier sending of it was registered, and its receipt is a link away."""
    # Asked before the folds are laid out, which open where something is wrong.
    wrong = bool(form.errors)
    return page(
        request,
        "apply",
        form=form,
        sections=form.sections(),
        wrong=wrong,
        kept=kept,
        already=already,
        again=[file.name[:100] for files in request.FILES.lists() for file in files[1]],
        challenge=challenge.issue(),
        open=bool(form.agencies),
        looked="look" in request.POST,
        found=suggestions.for_text(form.about()) if kept else [],
    )


@require_POST
def published(request: HttpRequest) -> HttpResponse:
    """Published items that may be what the text asks for, as a piece of the page of the form."""
    address = request.META.get("REMOTE_ADDR", "")
    if throttle.spent("published", address, LOOKS_AN_HOUR):
        return HttpResponse(status=429)
    throttle.count("published", address)
    found = suggestions.for_text(request.POST.get("text", "")[:LONGEST_TEXT])
    response = render(request, "portal/apply/published.html", {"found": found})
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Somebody found what they wanted: it is counted, the form is forgotten, and the item is a link away."""
    if request.method != "POST":
        return redirect("portal:apply")
    address = request.META.get("REMOTE_ADDR", "")
    try:
        item = diverting.found(request.POST.get("item", ""), request.POST.get("agency", ""), address)
    except Refused as refusal:
        return page(request, "found", _("It is published already"), words=refusal.message)
    return page(request, "found", _("It is published already"), title=item.title, url=lists.item_url(item))


def registered(request: HttpRequest, case: Application) -> HttpResponse:
    """On to the receipt: the application is committed, and only now its number goes out (I8)."""
    return with_receipt(request, redirect(RECEIPT.page), case)


def with_receipt(request: HttpRequest, response: HttpResponse, case: Application) -> HttpResponse:
    """The answer, after which this browser may open the receipt of the case for a while."""
    return RECEIPT.give(request, response, str(case.pk))


def _case_of(request: HttpRequest) -> Application | None:
    pk = RECEIPT.said(request)
    return Application.objects.select_related("agency").filter(pk=pk).first() if pk else None


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The receipt: number, query code and the last day for the answer, to print or write down."""
    case = _case_of(request)
    if case is None:
        return redirect("portal:track")
    code = intake.query_code(case)
    return page(
        request,
        "done",
        _("Your application is registered"),
        case=case,
        code=in_groups(code),
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


@require_safe
def filed_form(request: HttpRequest) -> HttpResponse:
    """The application form as it was filed, for the browser that sent it."""
    case = _case_of(request)
    if case is None:
        return redirect("portal:track")
    return _download(papers.application_form(case), "application/pdf", f"{case.number}-form.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """By number and query code: state, due day, letters, remedies, and what the applicant says in return. All
    by POST, so no address holds the code."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    trail = _("Where is my application?")
    if request.method != "POST" or not form.is_valid():
        return page(request, "track", trail, form=form)
    proof = (form.cleaned_data["number"], form.cleaned_data["code"], request.META.get("REMOTE_ADDR", ""))
    try:
        case = tracking.find_from(*proof)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return page(request, "track", trail, form=form)
    if "document" in request.POST:
        return _document(case, request.POST["document"])
    rating = RateForm(request.POST if "rate" in request.POST else None)
    done, refused = _said(request.POST, proof, rating)
    case.refresh_from_db()
    return page(
        request,
        "progress",
        trail,
        followed=tracking.follow(case),
        typed={"number": proof[0], "code": proof[1]},
        rating=rating if satisfaction.open_for(case) else None,
        suggest=not suggesting.refusal(case),
        done=done,
        refused=refused,
    )


def _said(typed: QueryDict, proof: tuple[str, str, str], rating: RateForm) -> tuple[str, str]:
    """Record a rating or a suggestion: (what was recorded, why not), both empty where neither was sent."""
    try:
        if "suggest" in typed:
            suggesting.suggest(*proof)
            return _("Your suggestion is with the agency."), ""
        if rating.is_bound and rating.is_valid():
            satisfaction.rate(*proof, **rating.cleaned_data)
            return _("Thank you: your answer is recorded."), ""
    except Refused as refusal:
        return "", refusal.message
    return "", ""


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
