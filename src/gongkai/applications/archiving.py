"""What the archive knows of a case: one case, one file (一案一卷; rulebook 12.5)."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.applications import (
    events,
    evidence,
    happened,
    intake,
    likeness,
    papers,
    personal,
    receipts,
    records,
    relations,
    rendering,
    sealing_register,
    states,
    wording,
)
from gongkai.applications.models import (
    KIND,
    LETTER,
    Application,
    Letter,
    PartyPrint,
    State,
)
from gongkai.files import sealing, storage
from gongkai.files.archives.kinds import ArchiveKind, Happening, Paper, Subject
from gongkai.files.models import Attachment
from gongkai.journal import chain
from gongkai.paperwork import pdf
from gongkai.paperwork.registers import printable
from gongkai.review import sheet
from gongkai.review.models import Release
from gongkai.review.submission import content_of
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.receipt import Channel

TITLE = "政府信息公开申请（{number}）"
_BEFORE, _AFTER = TITLE.split("{number}")


class CaseArchive(ArchiveKind):
    kind = KIND
    label = gettext_lazy("application")
    years = 10

    def finished(self) -> QuerySet[Any]:
        return Application.objects.filter(state=State.CLOSED).annotate(
            archive_reference=F("number"),
            archive_title=Concat(Value(_BEFORE), F("number"), Value(_AFTER)),
            archive_ended=F("closed_on"),
        )

    def subject(self, pk: UUID) -> Subject | None:
        case = Application.objects.select_related("agency").filter(pk=pk).first()
        if case is None:
            return None
        outcome = case.get_outcome_display() if case.outcome else ""
        return Subject(
            id=case.pk,
            agency=case.agency,
            reference=case.number,
            title=TITLE.format(number=case.number),
            ended_on=case.closed_on if case.state == State.CLOSED else None,
            key=case.case_key,
            url=reverse("applications:case", args=[case.pk]),
            disclosure=f"依申请公开：{outcome}" if outcome else "依申请公开",
        )

    def papers(self, subject: Subject) -> list[Paper]:
        case = Application.objects.select_related("agency").get(pk=subject.id)
        return list(_papers(case))

    def happenings(self, subject: Subject) -> list[Happening]:
        return happened.happenings(Application.objects.select_related("agency").get(pk=subject.id))

    def owners(self, pk: UUID) -> list[tuple[str, UUID]]:
        letters = Letter.objects.filter(application_id=pk).order_by("pk").values_list("pk", flat=True)
        return [(KIND, pk), *((LETTER, letter) for letter in letters)]

    def hold_reason(self, pk: UUID) -> str:
        case = Application.objects.get(pk=pk)
        if case.state != State.CLOSED:
            return _("The case is not closed.")
        if case.offspring.exclude(state=State.CLOSED).exists():
            return _("A case that was opened from it is not closed.")
        if case.followers.exclude(state=State.CLOSED).exists():
            return _("A case that was answered together with it is not closed.")
        return ""

    def destroyed(self, pk: UUID) -> None:
        """The look-up digests go too, so that nobody can ask whether a known person applied; the journal says
        what the registration comes to without them."""
        PartyPrint.objects.filter(application_id=pk).delete()
        likeness.forget(pk)
        case = Application.objects.select_for_update().get(pk=pk)
        for name in intake.PRINTS:
            setattr(case, name, "")
        case.save(update_fields=intake.PRINTS)
        chain.record(
            evidence.EMPTIED,
            chain.SWEEPER,
            agency=case.agency_id,
            subject=(KIND, pk),
            digest=intake.fixed_digest(case),
        )


def _papers(case: Application) -> Iterator[Paper]:
    applicant, wanted = personal.person(case), personal.request(case)
    yield Paper(
        "政府信息公开申请表",
        papers.application_form(case),
        "pdf",
        case.number,
        case.arrived_on,
        "申请人",
        form="登记数据打印件",
    )
    said = {"person": asdict(applicant), "request": asdict(wanted)}
    data = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()
    yield Paper("申请登记数据", data, "json", case.number, case.arrived_on, "申请人", form="数据")
    if Channel(case.channel) is Channel.ORAL and case.origin_id is None:
        yield _printed(case, LETTER_KINDS[papers.ORAL].title, papers.oral_record(case), case.arrived_on)
    yield from _attached(case, wanted)
    if case.received_on is not None:
        yield _receipt(case, case.received_on, applicant, wanted)
    rows = events.of(case)
    for title, data in (
        (records.SEARCHES, records.searches(case, rows)),
        (records.CALLS, records.talks(case, rows)),
    ):
        if data is not None:
            yield _printed(case, title, data)
    letters = relations.letters_of(case).select_related("agency", "release__revision", "application")
    for letter in letters.select_related("dispatch__person", "proof"):
        # A letter that answered several cases together belongs into the file of each, while it can be opened.
        if letter.application_id == case.pk or not sealing.destroyed(letter.application.case_key):
            yield from _letter(letter, case)


def _printed(case: Application, title: str, data: bytes, on: date | None = None) -> Paper:
    """A sheet that the program prints from what was entered."""
    return Paper(title, data, "pdf", case.number, on, case.agency.name, form="登记数据打印件")


def _attached(case: Application, wanted: personal.Request) -> Iterator[Paper]:
    names = dict(enumerate(wanted.materials, start=1))
    for row in storage.attached(KIND, case.pk):
        title = row.name
        if row.purpose.startswith("material-"):
            title = names.get(int(row.purpose.removeprefix("material-")), row.name)
        yield _stored(row, title, "申请人" if row.uploaded_by_id is None else case.agency.name)


def _stored(row: Attachment, title: str, responsible: str) -> Paper:
    return Paper(
        printable(title),
        storage.read(row.file_id, case_key=row.case_key),
        row.file.extension,
        on=timezone.localtime(row.uploaded_at).date(),
        responsible=responsible,
        form="原件",
    )


def _letter(letter: Letter, case: Application) -> Iterator[Paper]:
    """The fair copy, the signed draft, what came with it, and once it was sent its proof of service; nothing of a
    letter that never got a number. case: in whose file it stands."""
    if letter.release is None or letter.dated is None:
        return
    title, agency = wording.TEMPLATES[letter.kind].title, letter.agency.name
    content = content_of(letter.release.digest)
    note = "作废" if letter.dropped else ""
    if letter.application_id != case.pk:
        note = f"与{letter.application.number}共用"
    made = sealing_register.outgoing(letter)
    if made is not None:
        fair = storage.read(made.file_id, case_key=made.case_key)
    elif content is not None:
        fair = pdf.letter_pdf(rendering.paper(letter, content))
    else:
        return
    yield Paper(title, fair, "pdf", letter.number, letter.dated, agency, form="正本", note=note)
    yield Paper(
        f"{title}审查表",
        _signed_draft(letter, letter.release),
        "pdf",
        letter.number,
        letter.dated,
        agency,
        form="定稿",
        note=note,
    )
    rest = Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk).exclude(
        purpose__in=("pdf", "docx", rendering.SHEET, sealing_register.SEALED)
    )
    for row in rest.select_related("file").order_by("uploaded_at", "pk"):
        yield _stored(row, row.name, agency)
    if hasattr(letter, "dispatch"):
        served = letter.proof.on if hasattr(letter, "proof") else letter.dispatch.on
        yield Paper(
            LETTER_KINDS[papers.SERVICE].title,
            papers.proof_of_service(letter),
            "pdf",
            letter.number,
            served,
            agency,
            form="登记数据打印件",
            note=note,
        )


def _signed_draft(letter: Letter, release: Release) -> bytes:
    """The review sheet as it was filed at the release; letters of before that have it printed anew."""
    kept = rendering.signed_draft(letter)
    if kept is not None:
        return storage.read(kept.file_id, case_key=kept.case_key)
    return sheet.pdf(release.revision, made_on=release.released_at)


def _receipt(
    case: Application, received: date, applicant: personal.Person, wanted: personal.Request
) -> Paper:
    """The receipt with the first term, whatever happened later; the query code stays the applicant's alone."""
    first = [row for row in events.of(case) if row.type in ("registered", "received")]
    term = states.clock_of(first, received)
    data = receipts.made(
        receipts.filled(
            case,
            applicant,
            wanted,
            received=received,
            due=term.due if term and term.due else received,
            query_code="略",
        )
    )
    return Paper("政府信息公开申请登记回执", data, "pdf", case.number, received, case.agency.name)
