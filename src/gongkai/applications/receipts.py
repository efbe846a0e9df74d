"""The receipt of an application (letter 2 of rulebook 5.3)."""

from datetime import date

from django.utils import timezone

from gongkai.applications import explained, intake, personal
from gongkai.applications.models import Application
from gongkai.applications.personal import Person, Request
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import FieldEmpty
from gongkai.paperwork.registers import printable
from gongkai.paperwork.sheets import Receipt
from gongkai.rulebook.letters import missing_elements
from gongkai.rulebook.receipt import Channel

KIND = 2


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
    receipt = filled(
        case,
        personal.person(case),
        personal.request(case),
        received=term.received,
        due=term.due or term.received,
        due_note="暂定" if term.provisional else "",
        query_code=intake.query_code(case),
        query_address=query_address,
    )
    return made(receipt)


def filled(
    case: Application,
    person: Person,
    request: Request,
    *,
    received: date,
    due: date,
    query_code: str,
    **more: str,
) -> Receipt:
    """The receipt as a value. more: due_note and query_address, where there are any."""
    agency = case.agency
    contact = [agency.disclosure_office or agency.name, agency.phone, agency.address]
    return Receipt(
        agency=agency.name,
        number=case.number,
        applicant=printable(named(person))[:1500] or "—",
        received_on=received,
        channel=Channel(case.channel).label,
        content=_within(printable(request.excerpt), 5000) or "—",
        due=due,
        query_code=query_code,
        date=timezone.localdate(case.registered_at),
        materials=tuple(printable(name)[:300] or "—" for name in request.materials),
        contact="，".join(part for part in contact if part),
        **more,
    )


def made(receipt: Receipt) -> bytes:
    """The receipt as PDF. Raises PaperworkError, which names every element that it would not show."""
    there = {
        "title": receipt.agency and receipt.title,
        "registration_number": receipt.number,
        "received_on": receipt.received_on,
        "channel": receipt.channel,
        # Where nothing was handed in, it says so.
        "materials": True,
        "due": receipt.due,
        "contact": receipt.contact,
        "query_code": receipt.query_code,
    }
    if lacking := missing_elements(KIND, {element for element, value in there.items() if value}):
        raise FieldEmpty("、".join(each.label for each in lacking))
    return pdf.receipt_pdf(receipt)
