"""Files on disk by digest: written once, read back only when they still match.

Layout: GONGKAI_HOME/files/ab/<digest>. A file is written beside its place and linked into it, so a crash
leaves either the whole file or none, and an existing one is never replaced.
"""

import os
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Refused
from gongkai.files import sealing
from gongkai.files.models import Attachment, ErasedFile, StoredFile
from gongkai.journal import canon, chain, clock
from gongkai.journal.chain import Who
from gongkai.screening import Verdict, screen_file, sniffing

LARGEST = 50 * 1024 * 1024
# What offices send each other, told by content: a file of WPS is a doc, an xls or a ppt. Archives hide their
# content from the reader; programs are never needed.
ACCEPTED = frozenset(
    {"docx", "xlsx", "pptx", "pdf", "ofd", "doc", "xls", "ppt", "eml", "txt", "csv", "md"}
    | {"html", "png", "jpg", "gif", "webp", "bmp", "tif"}
)
PICTURES = frozenset({"png", "jpg", "gif", "webp"})


class FileChanged(Refused):
    """A stored file no longer matches its digest, or is gone: nothing is done with it."""


def path_of(digest: str) -> Path:
    folder: Path = settings.INSTANCE.home / "files" / digest[:2]
    return folder / digest


def accept(data: bytes, name: str) -> sniffing.Sniffed:
    """What kind of file this is, by its content; Refused with one sentence where it is not taken."""
    if not data:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if len(data) > LARGEST:
        raise Refused(_("“%(name)s” is larger than 50 MB; divide it.") % {"name": name})
    kind = sniffing.sniff(data, name)
    if kind.encrypted and not _opens(data, name, kind):
        raise Refused(
            _("“%(name)s” is protected by a password; remove the password and send it again.")
            % {"name": name}
        )
    if kind.broken:
        raise Refused(_("“%(name)s” is damaged; save it anew and send it again.") % {"name": name})
    if kind.macro:
        raise Refused(
            _("“%(name)s” contains macros; save it without macros (.docx, .xlsx).") % {"name": name}
        )
    if kind.archive:
        raise Refused(_("“%(name)s” is an archive; send the files in it one by one.") % {"name": name})
    if kind.extension not in ACCEPTED:
        raise Refused(
            _(
                "“%(name)s” is of a kind that is not taken (%(kind)s); send Word, Excel, PDF, text or a picture."
            )
            % {"name": name, "kind": kind.media_type}
        )
    return kind


def _opens(data: bytes, name: str, kind: sniffing.Sniffed) -> bool:
    """Whether a protected file can be read all the same: a PDF that only forbids changes is."""
    return kind.extension == "pdf" and screen_file(data, name).verdict is not Verdict.UNREADABLE


def store(data: bytes, name: str, *, who: Who, case_key: UUID | None = None) -> StoredFile:
    """Keep `data`; the row of its digest. With `case_key` the bytes are sealed first. Raises Refused."""
    kind = accept(data, name)
    return _keep(data, name, kind.media_type, kind.extension, who=who, case_key=case_key)


def store_package(data: bytes, name: str, *, who: Who, case_key: UUID | None = None) -> StoredFile:
    """Keep an archive package of our own making: a zip, which nobody may send in. Raises Refused."""
    return _keep(data, name, "application/zip", "zip", who=who, case_key=case_key)


def _keep(
    data: bytes, name: str, media_type: str, extension: str, *, who: Who, case_key: UUID | None
) -> StoredFile:
    kept = sealing.seal_bytes(case_key, data) if case_key else data
    digest = canon.sm3(kept)
    if ErasedFile.objects.filter(pk=digest).exists():
        raise Refused(_("“%(name)s” was erased; it is not taken again.") % {"name": name})
    _write(digest, kept)
    row = StoredFile.objects.filter(pk=digest).first()
    if row:
        return row
    try:
        with transaction.atomic():
            row = StoredFile.objects.create(
                digest=digest,
                size=len(data),
                media_type=media_type,
                extension=extension,
                sealed=case_key is not None,
                stored_at=clock.now(),
            )
            chain.record("file.stored", who, covers=[row], digest=digest)
    except IntegrityError:
        # Someone stored the same content a moment ago.
        row = StoredFile.objects.get(pk=digest)
    return row


def _write(digest: str, data: bytes) -> None:
    place = path_of(digest)
    if place.exists() and canon.sm3_file(str(place)) == digest:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).chmod(0o400)
        os.replace(beside, place)
    finally:
        Path(beside).unlink(missing_ok=True)


def read(digest: str, *, case_key: UUID | None = None) -> bytes:
    """The bytes of a stored file, opened with `case_key` where sealed. Raises FileChanged, sealing.Sealed."""
    try:
        data = path_of(digest).read_bytes()
    except OSError as error:
        raise _absent(digest) from error
    if canon.sm3(data) != digest:
        raise FileChanged(_changed(digest))
    return sealing.open_bytes(case_key, data) if case_key else data


def confirm(digest: str) -> None:
    """Make sure that a stored file is there and unchanged, without holding it in memory. Raises FileChanged."""
    try:
        found = canon.sm3_file(str(path_of(digest)))
    except OSError as error:
        raise _absent(digest) from error
    if found != digest:
        raise FileChanged(_changed(digest))


def _absent(digest: str) -> FileChanged:
    if ErasedFile.objects.filter(pk=digest).exists():
        return FileChanged(_("This file was erased; what remains is that it was here."))
    return FileChanged(_("File %(digest)s… is gone from the store.") % {"digest": digest[:12]})


def _changed(digest: str) -> str:
    return _("File %(digest)s… was changed on the disk; it is not used. Tell the audit administrator.") % {
        "digest": digest[:12]
    }


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
) -> Attachment:
    """Store a file as part of `owner` (kind, id). The name is shortened to 200 characters. Raises Refused."""
    shown = Path(name.replace("\\", "/")).name.strip()[-200:] or _("file")
    file = store(data, shown, who=who, case_key=case_key)
    return Attachment.objects.create(
        file=file,
        name=shown,
        agency=agency,
        owner_kind=owner[0],
        owner_id=owner[1],
        purpose=purpose,
        case_key=case_key,
        uploaded_by=person,
        uploaded_at=clock.now(),
    )


def attached(kind: str, owner_id: UUID) -> list[Attachment]:
    """The attachments of a subject, oldest first."""
    return list(
        Attachment.objects.filter(owner_kind=kind, owner_id=owner_id).select_related("file", "agency")
    )
