"""What is stored to be released: cleaned of its properties first, masked or redacted on a person's order.

Three people approve the exact bytes that become public, so every change comes before the review. What a file was
made from is kept, closed: it is read by staff of its agency only, each time with a journal entry, and belongs to
no attachment, revision or page.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Actor, Refused, grant, require, staff
from gongkai.files import storage
from gongkai.files.models import Attachment, Derived, StoredFile
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who
from gongkai.screening import redaction, sniff
from gongkai.screening.redaction import Order, Outcome

READ = "files.original"
grant(READ, staff, gettext_lazy("read the originals behind the files of this agency"))

# Kinds whose properties are known; the others are stored as they come, and the screening reads what they say.
_CLEANED = frozenset(
    {"docx", "xlsx", "pptx", "doc", "xls", "ppt", "pdf", "ofd", "html"} | {"png", "jpg", "gif", "webp", "tif"}
)
_LISTED = 200


def attach(
    data: bytes,
    name: str,
    *,
    who: Who,
    agency: Agency,
    owner: tuple[str, UUID],
    purpose: str = "",
    person: Person | None = None,
    case_key: UUID | None = None,
    tell: Callable[[str], None] | None = None,
) -> Attachment:
    """Store a file that may go out, without its properties; as `storage.attach`. Raises Refused.

    A file whose properties cannot be taken out (damaged, or signed) is stored as it came: the screening that comes
    before every review tells what it says of people, or that nobody can read it. Why is said to `tell`.
    """
    kind = storage.accept(data, name)
    outcome = Outcome(data)
    if kind.extension in _CLEANED:
        try:
            outcome = redaction.clean(data, name)
        except redaction.Unreadable as error:
            outcome = Outcome(data, notes=(str(error),))
    with transaction.atomic():
        row = storage.attach(
            outcome.data,
            name,
            who=who,
            agency=agency,
            owner=owner,
            purpose=purpose,
            person=person,
            case_key=case_key,
        )
        if outcome.data != data:
            original = storage.store(data, row.name, who=who, case_key=case_key)
            _derive(original, row, Derived.How.CLEANED, outcome, who)
    if tell is not None:
        for sentence in outcome.notes:
            tell(f"“{row.name}”：{sentence}")
    return row


def replace(actor: Actor, old: Attachment, outcome: Outcome) -> Attachment:
    """Store what redaction or masking made of an attachment, as a new one of the same name and owner. Raises Refused.

    The old one stays on record for the revisions that held it, and is closed from now on.
    """
    masked = {row.what for row in outcome.removed} <= {"名单遮盖", "文档属性", "公式", "遗留内容"}
    how = Derived.How.MASKED if masked and outcome.removed else Derived.How.REDACTED
    with transaction.atomic():
        row = storage.attach(
            outcome.data,
            _named(old.name, outcome.data),
            who=actor.who,
            agency=old.agency,
            owner=(old.owner_kind, old.owner_id),
            purpose=old.purpose,
            person=actor.person,
            case_key=old.case_key,
        )
        _derive(old.file, row, how, outcome, actor.who)
    return row


def _named(name: str, data: bytes) -> str:
    """The old name; a moving picture has become a still one, and says so."""
    extension = sniff(data, name).extension
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.png" if dot and ending.lower() == "gif" and extension == "png" else name


def _derive(original: StoredFile, row: Attachment, how: str, outcome: Outcome, who: Who) -> Derived:
    derived = Derived.objects.create(
        original=original,
        result=row.file,
        how=how,
        agency=row.agency,
        owner_kind=row.owner_kind,
        owner_id=row.owner_id,
        case_key=row.case_key,
        removed=[each.to_json() for each in outcome.removed[:_LISTED]],
        person=row.uploaded_by,
        at=clock.now(),
    )
    chain.record(
        f"file.{how}",
        who,
        agency=row.agency_id,
        subject=(row.owner_kind, row.owner_id),
        covers=[derived],
        original=original.digest,
        result=row.file_id,
    )
    return derived


def redact(attachment: Attachment, order: Order) -> Outcome:
    """What redaction makes of an attachment; nothing is stored yet. Raises Refused with one sentence."""
    data = storage.read(attachment.file_id, case_key=attachment.case_key)
    try:
        outcome = redaction.redact(data, attachment.name, order)
    except redaction.Unreadable as error:
        raise Refused(str(error)) from error
    if not outcome.removed:
        raise Refused(_("Nothing of what you chose stands in “%(name)s”.") % {"name": attachment.name})
    storage.accept(outcome.data, attachment.name)
    return outcome


def history(kind: str, owner_id: UUID) -> QuerySet[Derived]:
    """What was made from what for a subject, oldest first."""
    return Derived.objects.filter(owner_kind=kind, owner_id=owner_id).select_related(
        "original", "result", "person", "agency"
    )


def name_of(row: Derived) -> str:
    """The name of the file whose original this is, as its attachment bears it now."""
    held = Attachment.objects.filter(
        file=row.result_id, owner_kind=row.owner_kind, owner_id=row.owner_id
    ).first()
    return held.name if held else f"{row.original_id[:12]}.{row.original.extension}"


def made(attachment: Attachment) -> list[Derived]:
    """How this attachment came about, the latest act first."""
    found: list[Derived] = []
    digests, rows = {attachment.file_id}, list(history(attachment.owner_kind, attachment.owner_id))
    for row in reversed(rows):
        if row.result_id in digests and row.original_id not in digests:
            digests.add(row.original_id)
            found.append(row)
    return found


def closed(attachment: Attachment) -> bool:
    """Whether a later version took the place of this file in its subject."""
    return Derived.objects.filter(
        ~Q(how=Derived.How.CLEANED),
        original=attachment.file_id,
        owner_kind=attachment.owner_kind,
        owner_id=attachment.owner_id,
    ).exists()


def open_original(actor: Actor, row: Derived) -> bytes:
    """The file as it came in, with a journal entry that says who read it. Raises Refused."""
    require(actor, READ, row.agency)
    data = storage.read(row.original_id, case_key=row.case_key)
    _read(actor, row.agency, (row.owner_kind, row.owner_id), row.original_id)
    return data


def open_attachment(actor: Actor, row: Attachment) -> bytes:
    """The bytes of an attachment; a closed one as an original. Raises Refused."""
    if not closed(row):
        return storage.read(row.file_id)
    require(actor, READ, row.agency)
    data = storage.read(row.file_id)
    _read(actor, row.agency, (row.owner_kind, row.owner_id), row.file_id)
    return data


def _read(actor: Actor, agency: Agency, subject: tuple[str, UUID], digest: str) -> None:
    with transaction.atomic():
        chain.record("file.original_read", actor.who, agency=agency.pk, subject=subject, digest=digest)


def behind(digests: Iterable[str]) -> list[str]:
    """The originals from which these files were made and nothing else is: they go where the files are erased."""
    going = set(digests)
    found: list[str] = []
    open_ends = list(going)
    while open_ends:
        rows = Derived.objects.filter(result__in=open_ends)
        open_ends = []
        for row in rows:
            elsewhere = (
                Derived.objects.filter(original=row.original_id).exclude(result__in=going).exists()
                or Attachment.objects.filter(file=row.original_id)
                .exclude(owner_kind=row.owner_kind, owner_id=row.owner_id)
                .exists()
            )
            if row.original_id not in going and not elsewhere:
                going.add(row.original_id)
                found.append(row.original_id)
                open_ends.append(row.original_id)
    return found
