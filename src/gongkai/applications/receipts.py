"""The receipt of an application (letter 2 of rulebook 5.3)."""

from gongkai.applications import explained, intake, personal
from gongkai.applications.models import Application
from gongkai.paperwork import pdf, sheets
from gongkai.rulebook.receipt import Channel


def receipt_pdf(case: Application, *, query_address: str = "") -> bytes:
    """The receipt as PDF, with the query code. For a case whose receipt day is known. Raises PaperworkError."""
    term = explained.term_of(case)
    if term is None:
        raise ValueError("a receipt tells the due day, and this case has none yet")
    person, request = personal.person(case), personal.request(case)
    agency = case.agency
    contact = [agency.disclosure_office or agency.name, agency.phone, agency.address]
    return pdf.receipt_pdf(
        sheets.Receipt(
            agency=agency.name,
            number=case.number,
            applicant=person.name or "—",
            received_on=term.received,
            channel=Channel(case.channel).label,
            content=request.excerpt or "—",
            due=term.due or term.received,
            query_code=intake.query_code(case),
            date=case.registered_at.date(),
            materials=tuple(request.materials),
            due_note="暂定" if term.provisional else "",
            query_address=query_address,
            contact="，".join(part for part in contact if part),
        )
    )
