"""Files that came with a matter: sealed under its key, opened with a journal entry (I7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.correspondence import happenings
from gongkai.correspondence.models import Matter
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain
from gongkai.journal.chain import Who

KIND = "matter"
MOST, LARGEST = 5, 10 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    data: bytes


def keep(who: Who, matter: Matter, files: Iterable[Upload]) -> None:
    """Take the files in, inside the caller's transaction. Raises Refused, with the file that is not taken."""
    given = list(files)
    if len(given) > MOST:
        raise Refused(_("At most %(n)d files; put several into one.") % {"n": MOST})
    for file in given:
        if len(file.data) > LARGEST:
            raise Refused(_("“%(name)s” is larger than 10 MB; send a smaller one.") % {"name": file.name})
        storage.attach(
            file.data,
            file.name,
            who=who,
            agency=matter.agency,
            owner=(KIND, matter.pk),
            purpose="enclosure",
            case_key=matter.key_id,
        )


def of(matter: Matter) -> list[Attachment]:
    """The files that came with it, oldest first."""
    return storage.attached(KIND, matter.pk)


def opened(actor: Actor, matter: Matter, pk: UUID) -> tuple[Attachment, bytes]:
    """One of the files in the clear; the journal says who opened it. Raises Refused, sealing.Sealed."""
    require(actor, "correspondence.read", matter.agency)
    happenings.refuse_partial(actor, matter)
    row = next((each for each in of(matter) if each.pk == pk), None)
    if row is None:
        raise Refused(_("This file did not come with the letter."))
    data = storage.read(row.file_id, case_key=row.case_key)
    with transaction.atomic():
        chain.record(
            "correspondence.file_opened",
            actor.who,
            agency=matter.agency_id,
            subject=(KIND, matter.pk),
            digest=row.file_id,
        )
    return row, data
