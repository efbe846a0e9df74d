"""The public form for complaints about disclosure; receipt and progress are those of the mailbox (mailbox_views)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from gongkai.correspondence import complaints
from gongkai.portal import challenge
from gongkai.portal.complaint_forms import ComplaintForm
from gongkai.portal.mailbox_views import COMPLAINTS, page, registered


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; what was typed is kept when something is wrong."""
    superiors = complaints.superiors()
    sent = request.method == "POST"
    form = ComplaintForm(request.POST if sent else None, request.FILES if sent else None, superiors=superiors)
    if sent and form.is_valid():
        said = form.cleaned_data
        receipt = registered(
            request,
            COMPLAINTS,
            form,
            partial(
                complaints.receive, topic=said["topic"], application=said["application"], files=form.uploads()
            ),
        )
        if receipt is not None:
            return receipt
    return page(
        request,
        COMPLAINTS,
        "complain",
        form=form,
        challenge=challenge.issue(),
        open=bool(superiors),
        again=[file.name[:100] for file in request.FILES.getlist("files")] if sent else [],
    )
