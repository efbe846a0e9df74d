"""The forms and records of a case to print: sealed data, so each print is in the journal (I7)."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.applications import papers, personal
from gongkai.applications.letter_views import letter_for
from gongkai.applications.models import Application, Letter
from gongkai.applications.views import case_for, download
from gongkai.rulebook.letters import LETTER_KINDS


@staff_only
def application_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The application form as it was filed."""
    return _of_case(request, pk, papers.APPLICATION, papers.application_form)


@staff_only
def oral_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The record of an oral application, to be signed."""
    return _of_case(request, pk, papers.ORAL, papers.oral_record)


@staff_only
def reply_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form that an asked party fills in."""
    return _of_letter(request, pk, papers.REPLY, papers.reply_form)


@staff_only
def proof_of_service(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The proof of service of a letter, to be signed on handing it over."""
    return _of_letter(request, pk, papers.SERVICE, papers.proof_of_service)


def _of_case(request: HttpRequest, pk: UUID, kind: int, make: Callable[[Application], bytes]) -> HttpResponse:
    case = case_for(request, pk)
    personal.show(actor_of(request), case, f"paper.{kind}")
    return download(make(case), "application/pdf", f"{LETTER_KINDS[kind].title} {case.number}.pdf")


def _of_letter(request: HttpRequest, pk: UUID, kind: int, make: Callable[[Letter], bytes]) -> HttpResponse:
    row = letter_for(request, pk)
    personal.show(actor_of(request), row.application, f"paper.{kind}")
    name = f"{LETTER_KINDS[kind].title} {row.number or row.application.number}.pdf"
    return download(make(row), "application/pdf", name)
