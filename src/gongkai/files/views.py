"""Serving private files: every one asks the policy first."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import allowed
from gongkai.files import cleaning
from gongkai.files.models import Attachment, Derived

# Shown in the browser; everything else is offered for download only.
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"})


@staff_only
def attachment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bytes of an attachment, for staff whom the policy lets read files of its agency.

    A file of another agency answers like one that does not exist, so its existence is not told.
    Sealed files are served by the room that owns the case, with a journal entry.
    """
    row = Attachment.objects.select_related("file", "agency").filter(pk=pk).first()
    if row is None or row.file.sealed or not allowed(actor_of(request), "files.read", row.agency):
        raise Http404
    if cleaning.closed(row) and not allowed(actor_of(request), cleaning.READ, row.agency):
        raise Http404
    data = cleaning.open_attachment(actor_of(request), row)
    response = HttpResponse(data, content_type=row.file.media_type)
    inline = row.file.media_type in INLINE and "download" not in request.GET
    response["Content-Disposition"] = content_disposition_header(not inline, row.name) or "attachment"
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff_only
def original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file from which another was made, as a download, for staff of its agency; the journal says who read it.

    To everybody else it does not exist. Sealed ones are served by the room that owns the case.
    """
    row = Derived.objects.select_related("original", "agency").filter(pk=pk).first()
    if row is None or row.case_key or not allowed(actor_of(request), cleaning.READ, row.agency):
        raise Http404
    response = HttpResponse(
        cleaning.open_original(actor_of(request), row), content_type=row.original.media_type
    )
    response["Content-Disposition"] = content_disposition_header(True, cleaning.name_of(row)) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
