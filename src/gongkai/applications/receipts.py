"""The receipt of an application (letter 2 of rulebook 5.3)."""

from gongkai.applications import explained, intake, personal
from gongkai.applications.models import Application
from gongkai.applications.personal import Person
from gongkai.paperwork import pdf, sheets
from gongkai.paperwork.registers import printable
from gongkai.rulebook.receipt import Channel


def named(person: Person) -> str:
    """All applicants, the 代表人 marked, and the agent."""
    speaker = person.speaker
    shown = [
        f"{party.name}（代表人）" if person.co_applicants and party == speaker else party.name
        for party in (person.first, *person.co_applicants)
        if party.name
    ]
    said = "、".join(shown) or "—"
    if person.delegate is not None:
        said += f"；代表人：{person.delegate.name}"
    return f"{said}；代理人：{person.agent}" if person.agent else said


def _within(text: str, most: int) -> str:
    """The text, with a sign that more of it stands in the application where it is longer than a receipt holds."""
    return text if len(text) <= most else f"{text[: most - 2]}……"


def receipt_pdf(case: Application, *, query_address: str = "") -> bytes:
    """The receipt as PDF, with the query code. For a case whose receipt day is known. Raises PaperworkError.

    A sign that no font has is told by its code: what was handed in came with it, and a receipt is due.
    """
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
            applicant=printable(named(person))[:1500] or "—",
            received_on=term.received,
            channel=Channel(case.channel).label,
            content=_within(printable(request.excerpt), 5000) or "—",
            due=term.due or term.received,
            query_code=intake.query_code(case),
            date=case.registered_at.date(),
            materials=tuple(printable(name)[:300] or "—" for name in request.materials),
            due_note="暂定" if term.provisional else "",
            query_address=query_address,
            contact="，".join(part for part in contact if part),
        )
    )
