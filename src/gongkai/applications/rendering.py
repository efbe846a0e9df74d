"""The paper of a letter: what stands on it, and the sealed PDF and Word files made once it is released."""

from typing import Any

from gongkai.applications import enclosed, letters, papers, personal, relations, wording
from gongkai.applications.models import LETTER, Letter, Matter
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import clock
from gongkai.journal.chain import SWEEPER
from gongkai.paperwork import pdf, word
from gongkai.paperwork.document import Contact, paragraphs_of
from gongkai.paperwork.document import Letter as Paper
from gongkai.review import sheet as review_sheet
from gongkai.review.submission import content_of
from gongkai.rulebook.letters import LETTER_KINDS

SHEET = "sheet"
UNNUMBERED = "（文号在签发时生成）"


def paper(letter: Letter, content: dict[str, Any]) -> Paper:
    """The letter as a value of the paperwork room; number and date are those of the release, if there is one."""
    written = letters.opened(content)
    agency = letter.agency
    person = personal.person(letter.application)
    remedy = {"remedy": content["remedy"]["text"]} if content["remedy"] else {}
    own = letters.paragraphs(letter.kind, content)
    if letter.application.matter == Matter.AMENDMENT:
        own = wording.amendment_paragraphs(own)
    lines = wording.compose(own, written.elements | remedy, you=relations.spoken_to(letter.application))
    return Paper(
        mark=agency.name,
        number=letter.number or UNNUMBERED,
        title=f"{agency.name}\n{wording.TEMPLATES[letter.kind].title}",
        addressee=written.addressee or person.name,
        body=paragraphs_of("\n".join(lines)),
        attachments=enclosed.printed(letter.kind, content["attachments"]),
        signatory=agency.name,
        date=letter.dated or clock.today(),
        contact=Contact(
            person=agency.disclosure_office or agency.name, phone=agency.phone, address=agency.address
        ),
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
    done = set(
        Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk).values_list("purpose", flat=True)
    )
    sheet = paper(letter, content)
    title = wording.TEMPLATES[letter.kind].title
    wanted = {
        "pdf": (lambda: pdf.letter_pdf(sheet), f"{title} {letter.number}.pdf"),
        "docx": (lambda: word.letter_docx(sheet), f"{title} {letter.number}.docx"),
    }
    # The signed draft (定稿): who approved and endorsed which content, beside the fair copy (正本).
    revision, released = letter.release.revision, letter.release.released_at
    wanted[SHEET] = (
        lambda: review_sheet.pdf(revision, made_on=released),
        f"{title}审查表 {letter.number}.pdf",
    )
    if letter.kind in enclosed.WITH_FORM:
        name = f"{LETTER_KINDS[enclosed.FORM].title} {letter.number}.pdf"
        wanted[enclosed.FORM_PURPOSE] = (lambda: papers.reply_form(letter), name)
    for purpose, (render, name) in wanted.items():
        if purpose not in done:
            storage.attach(
                render(),
                name,
                who=SWEEPER,
                agency=letter.agency,
                owner=(LETTER, letter.pk),
                purpose=purpose,
                case_key=letter.application.case_key,
            )


def files(letter: Letter) -> list[Attachment]:
    """The fair copy of a released letter, as PDF and Word, and the form to fill in; empty before."""
    made = ("pdf", "docx", enclosed.FORM_PURPOSE)
    rows = Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk, purpose__in=made)
    return list(rows.select_related("file").order_by("-purpose"))


def enclosures(letter: Letter) -> list[Attachment]:
    """The files that three people released with the letter."""
    content = content_of(letter.release.digest) if letter.release else None
    if content is None:
        return []
    wanted = [row["id"] for row in content["attachments"]]
    found = Attachment.objects.filter(pk__in=wanted, owner_kind=LETTER, owner_id=letter.pk)
    return list(found.select_related("file"))


def signed_draft(letter: Letter) -> Attachment | None:
    """The review sheet of a released letter, as it was filed at its release; None before it is made."""
    rows = Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk, purpose=SHEET)
    return rows.select_related("file").first()
