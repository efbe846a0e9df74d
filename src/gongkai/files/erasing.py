"""Erasing a stored file: an append-only row that says so, then the bytes go. Called by the rooms that own a ground."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import ProtectedError

from gongkai.files import storage
from gongkai.files.models import Attachment, ErasedFile, StoredFile
from gongkai.journal import clock

# A file's name may tell as much as the file.
NAMELESS = "（已销毁）"
_also: list[Callable[[str], None]] = []


def also_forget(forget: Callable[[str], None]) -> None:
    """Add what takes away what was made from a file, by its digest; called once, from AppConfig.ready. It bears being
    called for a file of which nothing was made."""
    if forget not in _also:
        _also.append(forget)


def erase(digest: str, ground: str) -> ErasedFile | None:
    """Write that a file is erased and take its bytes away after the commit; None where it is not stored.

    The row belongs into the `covers` of the caller's journal entry. The attachments that named the file go, or
    lose their name where an event points to them: the caller has made sure that nobody else needs it.
    """
    if not StoredFile.objects.filter(pk=digest).exists() or ErasedFile.objects.filter(pk=digest).exists():
        return None
    row = ErasedFile.objects.create(file_id=digest, ground=ground[:500], at=clock.now())
    for attachment in Attachment.objects.filter(file_id=digest):
        try:
            with transaction.atomic():
                attachment.delete()
        except ProtectedError:
            attachment.name = NAMELESS
            attachment.save(update_fields=["name"])
    transaction.on_commit(lambda: _remove(digest), robust=True)
    return row


def _remove(digest: str) -> bool:
    for forget in _also:
        forget(digest)
    place = storage.path_of(digest)
    if not place.exists():
        return False
    place.unlink()
    return True


def sweep() -> int:
    """Take away what an interrupted erasure, or a restored backup, left on the disk; how many files."""
    return sum(_remove(digest) for digest in ErasedFile.objects.values_list("pk", flat=True))
