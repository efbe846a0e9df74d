"""The public form for complaints about disclosure; receipt and progress are those of the mailbox (mailbox_views)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from gongkai.agencies.policy import Refused
from gongkai.correspondence import complaints
from gongkai.portal import challenge
from gongkai.portal.complaint_forms import ComplaintForm
from gongkai.portal.mailbox_views import COMPLAINTS, page


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; what was typed is kept when something is wrong."""
    superiors = complaints.superiors()
    sent = request.method == "POST"
    form = ComplaintForm(request.POST if sent else None, request.FILES if sent else None, superiors=superiors)
    if sent and form.is_valid():
        try:
            proof = challenge.check(request.POST)
            taken = complaints.receive(
                form.agency_chosen(),
                form.letter(),
                topic=form.cleaned_data["topic"],
                application=form.cleaned_data["application"],
                files=form.uploads(),
                address=request.META.get("REMOTE_ADDR", ""),
                form=proof.token,
                proved=proof.worked,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            # The complaint is committed: only now its number goes out (I8).
            receipt = COMPLAINTS.receipt
            return receipt.give(request, redirect(receipt.page), [taken.number, taken.code])
    return page(
        request,
        COMPLAINTS,
        "complain",
        form=form,
        challenge=challenge.issue(),
        open=bool(superiors),
        again=[file.name[:100] for file in request.FILES.getlist("files")] if sent else [],
    )
