"""Staff pages of the ledger: list, registration, the page of a case, its files."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed, require
from gongkai.applications import case_page, excess, personal, receipts
from gongkai.applications.models import KIND, Application
from gongkai.applications.moved import MovedFilters, MovedTable
from gongkai.applications.tables import CaseFilters, CaseTable
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain
from gongkai.journal.models import Entry
from gongkai.paperwork.errors import PaperworkError
from gongkai.rulebook.norms import cite


def case_for(request: HttpRequest, pk: UUID) -> Application:
    """The case, where the policy lets the reader see it; else 404."""
    row = get_object_or_404(Application.objects.select_related("agency", "handler", "lead", "origin"), pk=pk)
    if not allowed(actor_of(request), "application.read", row.agency):
        raise Http404
    return row


def with_article(refusal: Refused) -> str:
    """A refusal as one line, with its article."""
    return f"{refusal.message}（{refusal.article}）" if refusal.article else refusal.message


@staff_only
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A case: term with its reasoning, where it stands, the one next act, what is wanted, what has happened."""
    row = case_for(request, pk)
    return render(request, "applications/case.html", case_page.context(actor_of(request), row))


class SameApplicantList(StaffList):
    """The applications of the applicant of one case in its calendar month, as the fee by items counts them."""

    model = Application
    table_class = CaseTable
    filterset_class = CaseFilters
    act = "application.personal"
    title = gettext_lazy("Applications of the same applicant in this month")

    def get_queryset(self) -> Any:
        case = case_for(self.request, self.kwargs["pk"])
        counted = excess.month_of(case).order_by().values("pk")
        return super().get_queryset().filter(pk__in=counted).select_related("agency")


class MovedList(StaffList):
    """The cases whose due day a holiday notice moved, newest first, as the journal keeps it (I3)."""

    model = Entry
    table_class = MovedTable
    filterset_class = MovedFilters
    act = "application.read"
    title = gettext_lazy("Due days moved by holiday notices")
    intro = gettext_lazy(
        "Loading a holiday notice computes every open case anew. Those whose day changed stand here."
    )

    def get_queryset(self) -> Any:
        seats = [str(pk) for pk in self.agencies().values_list("pk", flat=True)]
        return Entry.objects.filter(agency__in=seats, action="application.moved").order_by("-seq")


@staff_only
def file(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """A sealed file of the case, opened with a journal entry."""
    row = case_for(request, pk)
    actor = actor_of(request)
    require(actor, "application.personal", row.agency)
    found = get_object_or_404(Attachment, pk=attachment, owner_kind=KIND, owner_id=row.pk)
    with transaction.atomic():
        chain.record(
            "application.file_opened",
            actor.who,
            agency=row.agency_id,
            subject=(KIND, row.pk),
            file=str(found.pk),
        )
    return download(storage.read(found.file_id, case_key=found.case_key), found.file.media_type, found.name)


def download(data: bytes, media_type: str, name: str) -> HttpResponse:
    """A private file as an answer: never run, never kept."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


@staff_only
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt with the query code, for handing over."""
    row = case_for(request, pk)
    actor: Actor = actor_of(request)
    personal.show(actor, row, "receipt")
    if row.received_on is None:
        raise Refused(
            _("The receipt day is not known yet; confirm the receipt first."), cite("regulation", 31)
        )
    try:
        data = receipts.receipt_pdf(row, query_address=request.build_absolute_uri("/track/"))
    except PaperworkError as error:
        raise Refused(str(error)) from error
    return download(data, "application/pdf", f"{row.number}.pdf")
