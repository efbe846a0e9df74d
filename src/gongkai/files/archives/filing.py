"""Filing a finished subject (归档): its archive number, its package, opening the package."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies import numbering
from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files import storage
from gongkai.files.archives import kinds, packages, retention, standing
from gongkai.files.archives.kinds import ArchiveKind, Subject
from gongkai.files.archives.packages import Difference, Entry, Made
from gongkai.files.models import Filing, Package
from gongkai.journal import chain, clock
from gongkai.rulebook.norms import cite

SUBJECT = "archive"
LAW = cite("regulation", 45)


def subject_of(kind: ArchiveKind, pk: UUID) -> Subject:
    """The finished subject. Raises Refused where it is not finished, or not there."""
    subject = in_chinese(kind.subject)(pk)
    if subject is None:
        raise Refused(_("There is no such record."))
    if subject.ended_on is None:
        raise Refused(_("It is not finished yet; what is finished is filed."), LAW)
    return subject


def filing_of(kind: str, pk: UUID) -> Filing | None:
    """The filing of a subject; None where it is not filed."""
    return Filing.objects.select_related("agency", "person", "state").filter(kind=kind, subject_id=pk).first()


def file(actor: Actor, kind: ArchiveKind, pk: UUID, years: int) -> Filing:
    """File a finished subject: it gets its archive number, and its package is built.

    years: how long it is kept, 0 permanently. The documents are made first, so that one that cannot be made
    costs no number. Raises Refused.
    """
    subject = subject_of(kind, pk)
    require(actor, "archive.build", subject.agency)
    if not 0 <= years <= 100:
        raise Refused(_("A retention period is 0 (permanent) or 1 to 100 years."))
    entries = _gathered(kind, subject)
    try:
        filing = _numbered(actor, kind, subject, years)
    except IntegrityError as error:
        raise Refused(_("This was filed already.")) from error
    _store(actor, filing, _built(kind, filing, subject, entries))
    return filing


def supplement(actor: Actor, filing: Filing) -> Package:
    """Build the package anew with what came to the file since; the archive number stays. Raises Refused."""
    require(actor, "archive.build", filing.agency)
    if standing.refresh(filing).state == standing.State.DESTROYED:
        raise Refused(_("This file was destroyed."))
    kind = kinds.kind_of(filing.kind)
    subject = subject_of(kind, filing.subject_id)
    made = _built(kind, filing, subject, _gathered(kind, subject))
    return _store(actor, filing, made)


# What is filed is the same whoever files it.
@in_chinese
def _gathered(kind: ArchiveKind, subject: Subject) -> list[Entry]:
    return packages.entries_of(kinds.papers(kind, subject))


def _numbered(actor: Actor, kind: ArchiveKind, subject: Subject, years: int) -> Filing:
    ended = subject.ended_on
    if ended is None:
        raise Refused(_("It is not finished yet; what is finished is filed."), LAW)
    form = retention.number_form(subject.agency, years)
    with transaction.atomic():
        chain.hold()
        if Filing.objects.filter(kind=kind.kind, subject_id=subject.id).exists():
            raise Refused(_("This was filed already."))
        filing = Filing(
            kind=kind.kind,
            subject_id=subject.id,
            agency=subject.agency,
            reference=subject.reference,
            title=subject.title[:300],
            year=ended.year,
            years=years,
            ended_on=ended,
            case_key=subject.key,
            person=actor.person,
            filed_on=clock.today(),
            at=clock.now(),
        )
        issued = numbering.issue(
            subject.agency,
            f"archive.{retention.code(years)}",
            form,
            who=actor.who,
            subject=(SUBJECT, filing.pk),
            on=ended,
        )
        filing.number, filing.serial = issued.text, issued.value
        filing.save()
        chain.record(
            "archive.filed",
            actor.who,
            agency=filing.agency_id,
            subject=(SUBJECT, filing.pk),
            covers=[filing],
            number=filing.number,
            of=[filing.kind, str(filing.subject_id)],
        )
        standing.refresh(filing)
    return filing


@in_chinese
def _built(kind: ArchiveKind, filing: Filing, subject: Subject, entries: Sequence[Entry]) -> Made:
    return packages.make(filing, subject, str(kind.label), entries, kinds.happenings(kind, subject))


def _store(actor: Actor, filing: Filing, made: Made) -> Package:
    last = filing.packages.order_by("-version").first()
    if last is not None and last.digest == made.digest:
        raise Refused(_("Nothing has come to this file since its package was built."))
    stored = storage.store_package(made.data, f"{filing.number}.zip", who=actor.who, case_key=filing.case_key)
    try:
        with transaction.atomic():
            chain.hold()
            package = Package.objects.create(
                filing=filing,
                version=last.version + 1 if last else 1,
                file=stored,
                digest=made.digest,
                documents=made.documents,
                pages=made.pages,
                person=actor.person,
                at=clock.now(),
            )
            chain.record(
                "archive.built",
                actor.who,
                agency=filing.agency_id,
                subject=(SUBJECT, filing.pk),
                covers=[package],
                version=package.version,
                digest=package.digest,
            )
    except IntegrityError as error:
        raise Refused(_("Someone else built this package at the same moment.")) from error
    return package


def open_package(actor: Actor, package: Package, part: str = "") -> bytes:
    """The bytes of a package, or of one file in it; the journal says who opened it (it holds personal data).

    Raises Refused (also once it was destroyed), KeyError for a part that is not in it.
    """
    filing = package.filing
    require(actor, "archive.read", filing.agency)
    data = read(package)
    opened = packages.member(data, part) if part else data
    with transaction.atomic():
        chain.record(
            "archive.opened",
            actor.who,
            agency=filing.agency_id,
            subject=(SUBJECT, filing.pk),
            version=package.version,
            part=part,
        )
    return opened


def check(actor: Actor, package: Package) -> list[Difference]:
    """What does not hold in a stored package; empty where it is whole. Raises Refused."""
    require(actor, "archive.list", package.filing.agency)
    return packages.verify(read(package))


def read(package: Package) -> bytes:
    """The bytes of a package, opened. Raises storage.FileChanged, sealing.Sealed."""
    return storage.read(package.file_id, case_key=package.filing.case_key)
