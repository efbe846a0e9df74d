"""The paper of a letter: what stands on it, and the sealed PDF and Word files made once it is released."""

from typing import Any

from gongkai.applications import letters, personal, wording
from gongkai.applications.models import LETTER, Letter
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import clock
from gongkai.journal.chain import SWEEPER
from gongkai.paperwork import pdf, word
from gongkai.paperwork.document import Contact, paragraphs_of
from gongkai.paperwork.document import Letter as Paper
from gongkai.review.submission import content_of

UNNUMBERED = "（文号在签发时生成）"


def paper(letter: Letter, content: dict[str, Any]) -> Paper:
    """The letter as a value of the paperwork room; number and date are those of the release, if there is one."""
    written = letters.opened(content)
    agency = letter.agency
    person = personal.person(letter.application)
    you = "您" if letter.application.applicant_kind == "natural_person" else "贵单位"
    remedy = {"remedy": content["remedy"]["text"]} if content["remedy"] else {}
    lines = wording.compose(letter.kind, written.elements | remedy, you=you)
    return Paper(
        mark=agency.name,
        number=letter.number or UNNUMBERED,
        title=f"{agency.name}\n{wording.TEMPLATES[letter.kind].title}",
        addressee=written.addressee or person.name,
        body=paragraphs_of("\n".join(lines)),
        attachments=tuple(row["name"] for row in content["attachments"]),
        signatory=agency.name,
        date=letter.dated or clock.today(),
        contact=Contact(person=agency.disclosure_office, phone=agency.phone, address=agency.address),
    )


def proof(letter: Letter, content: dict[str, Any]) -> bytes:
    """The PDF of an unreleased letter. Raises PaperworkError, which names character and field."""
    return pdf.letter_pdf(paper(letter, content))


def make(payload: dict[str, Any]) -> None:
    """Render a released letter; subscriber of `review.released`, which may call it twice."""
    if payload["kind"] != LETTER:
        return
    letter = Letter.objects.select_related("application", "agency", "decision", "release").get(
        pk=payload["subject"]
    )
    content = content_of(letter.release.digest) if letter.release else None
    if content is None:
        return
    done = {row.purpose for row in files(letter)}
    sheet = paper(letter, content)
    for purpose, render in (("pdf", pdf.letter_pdf), ("docx", word.letter_docx)):
        if purpose not in done:
            storage.attach(
                render(sheet),
                f"{wording.TEMPLATES[letter.kind].title} {letter.number}.{purpose}",
                who=SWEEPER,
                agency=letter.agency,
                owner=(LETTER, letter.pk),
                purpose=purpose,
                case_key=letter.application.case_key,
            )


def files(letter: Letter) -> list[Attachment]:
    """The fair copy of a released letter, as PDF and Word; empty before."""
    rows = Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk, purpose__in=("pdf", "docx"))
    return list(rows.select_related("file").order_by("-purpose"))


def enclosures(letter: Letter) -> list[Attachment]:
    """The files that three people released with the letter."""
    content = content_of(letter.release.digest) if letter.release else None
    if content is None:
        return []
    wanted = [row["id"] for row in content["attachments"]]
    found = Attachment.objects.filter(pk__in=wanted, owner_kind=LETTER, owner_id=letter.pk)
    return list(found.select_related("file"))
