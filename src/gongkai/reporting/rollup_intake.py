"""Reports of members that do not use this system: sent in as files, read, shown, and taken in by a person.

A file is stored closed and by its digest before anything else; reading it changes nothing; what counts is what a
person took in after seeing what was read. A correction is a further file with a reason; both stay.
"""

import io
import re
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.reporting import figures, received, rollup_members
from gongkai.reporting.models import AnnualReport, MemberFile, MemberUpload
from gongkai.reporting.reading.textreport import ReadReport
from gongkai.reporting.rollup_members import LONGEST_REASON, TAKE_IN, Member
from gongkai.rulebook.report_form import ReportTables
from gongkai.rulebook.text import fold_width

PURPOSE = "member_report"
OWNER = "rollup"
# What is sent in at once, and what an archive may hold.
MOST_FILES = 300
LARGEST_ALL = 200 * 1024 * 1024
# What the prose states → the figure that counts it.
STATED = {"items": "items_released", "mailbox": "mailbox", "media_line": "media_line", "assigned": "assigned"}
CHANNELS = {"当面": "by_counter", "传真": "by_fax", "网络": "by_web", "信函": "by_post"}

# The sentence of part six on the information processing fee (国办函〔2020〕109号): notices, amount, collected.
FEES = re.compile(
    r"发出收费通知(?P<fee_notices>\d{1,9})件[，,]总金额(?P<fee_amount>\d{1,12}(?:\.\d{1,2})?)元"
    r"[，,]实际收取(?:总金额)?(?P<fee_collected>\d{1,12}(?:\.\d{1,2})?)元"
)
# Who says that no fee was taken says nothing of notices.
NO_FEES = re.compile(r"(?:没有|未)(?:发生)?收取(?:过|任何)?(?:政府信息公开)?信息处理费|收取信息处理费0元")
# What stands in no table, in the words of the proposed text.
ONLY_IN_TEXT = (
    re.compile(r"12345热线工单(?P<hotline>\d{1,9})件"),
    re.compile(r"共(?P<replies>\d{1,9})件[，,]均以正式文稿形式答复"),
    re.compile(r"政府信息公开培训(?P<training_sessions>\d{1,9})次[，,]参加培训(?P<trained>\d{1,9})人"),
    re.compile(r"因政府信息公开工作被追究责任(?P<accountability_cases>\d{1,9})起"),
)


@dataclass(frozen=True)
class Sent:
    """What came of files that were sent in: those that wait to be read, and one sentence for each refused."""

    uploads: tuple[MemberUpload, ...]
    refused: tuple[str, ...]


def receive(actor: Actor, government: Agency, year: int, files: Iterable[tuple[str, bytes]]) -> Sent:
    """Store files, those of zip archives too; each waits to be read. What cannot be taken is said and left out.

    Raises Refused where the actor may not, or where there are too many.
    """
    require(actor, TAKE_IN, government)
    rollup_members.require_government(government)
    taken, refused, size = [], [], 0
    for number, (name, data) in enumerate(_unpacked(files, refused), 1):
        size += len(data)
        if number > MOST_FILES or size > LARGEST_ALL:
            refused.append(
                _("At most %(n)d files of 200 MB together are taken at once; send the others afterwards.")
                % {"n": MOST_FILES}
            )
            break
        try:
            taken.append(_store(actor, government, year, name, data))
        except Refused as refusal:
            refused.append(refusal.message)
    return Sent(tuple(taken), tuple(refused))


def _unpacked(files: Iterable[tuple[str, bytes]], refused: list[str]) -> Iterator[tuple[str, bytes]]:
    """The files, and in the place of an archive those in it; archives in archives are left to `storage` to refuse."""
    for name, data in files:
        if not (data.startswith(b"PK") and name.lower().endswith(".zip")):
            yield name, data
            continue
        try:
            yield from _of_zip(name, data)
        except Refused as refusal:
            refused.append(refusal.message)


def _of_zip(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
            if len(inside) > MOST_FILES or sum(one.file_size for one in inside) > LARGEST_ALL:
                raise Refused(
                    _("“%(name)s” holds more than %(n)d files or 200 MB; divide it.")
                    % {"name": name, "n": MOST_FILES}
                )
            for one in inside:
                if one.flag_bits & 0x1:
                    raise Refused(
                        _("“%(name)s” is protected by a password; remove the password and send it again.")
                        % {"name": name}
                    )
                with archive.open(one) as stream:
                    # A header may lie about the size; no more than it said is read.
                    yield _shown(one), stream.read(one.file_size)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise Refused(_("“%(name)s” is damaged; save it anew and send it again.") % {"name": name}) from error


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in PurePosixPath(path).parts)


def _shown(one: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; those that Windows packed without saying so are in GBK."""
    name = one.filename
    if not one.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = one.filename
    return PurePosixPath(name.replace("\\", "/")).name


def _store(actor: Actor, government: Agency, year: int, name: str, data: bytes) -> MemberUpload:
    shown = PurePosixPath(name.replace("\\", "/")).name[-200:] or _("file")
    file = storage.store(data, shown, who=actor.who)
    try:
        with transaction.atomic():
            row = MemberUpload.objects.create(
                government=government,
                year=year,
                file=file,
                filename=shown,
                person=actor.person,
                at=clock.now(),
            )
            chain.record(
                "rollup.file_received",
                actor.who,
                agency=government.pk,
                subject=(OWNER, f"{government.code}/{year}"),
                year=year,
                digest=file.digest,
            )
    except IntegrityError as error:
        raise Refused(_("“%(name)s” was sent in already and waits below.") % {"name": shown}) from error
    return row


def waiting(government: Agency, year: int) -> list[MemberUpload]:
    """The files that wait to be read or taken in, as they came."""
    return list(MemberUpload.objects.filter(government=government, year=year).select_related("person"))


def read_next(government: Agency, year: int, *, scans: bool = True) -> MemberUpload | None:
    """Read one file that waits; None when all are read. Writes what was read beside it and nothing else.

    Without `scans`, as in a request, scans are left to the sweeper.
    """
    rows = MemberUpload.objects.filter(government=government, year=year, read__isnull=True)
    found = received.first_read(((row, row.file_id, row.filename) for row in rows), scans=scans)
    if found is None:
        return None
    row, read = found
    row.read = received.kept(read, row.filename) | {"stated": stated(read)}
    MemberUpload.objects.filter(pk=row.pk).update(read=row.read)
    return row


def read_waiting() -> None:
    """Read the files that wait, of every government, for at most a quarter of a minute; called by the sweeper."""
    end = time.monotonic() + received.IN_SWEEP
    pairs = (
        MemberUpload.objects.filter(read__isnull=True)
        .values_list("government", "year")
        .order_by("government", "year")
        .distinct()
    )
    for key, year in list(pairs):
        government = Agency.objects.get(pk=key)
        while time.monotonic() < end and read_next(government, year):
            pass


def stated(read: ReadReport) -> dict[str, str]:
    """The figures of the text that a file states: those of the prose, and what table three says of applications."""
    prose = read.prose
    found: dict[str, Any] = {key: getattr(prose, name) for name, key in STATED.items()}
    received = (read.tables.applications or {}).get("r1", (None,))[-1]
    found["applications"] = received
    found |= {key: prose.channels.get(name) for name, key in CHANNELS.items()}
    if prose.channels and sum(prose.channels.values()) == received:
        # Those that are named make up all applications, so by the others came none.
        found |= {key: prose.channels.get(name, 0) for name, key in CHANNELS.items()}
    overview, other = (
        "".join(fold_width(read.texts.get(part, "")).split()) for part in ("overview", "other")
    )
    for pattern in ONLY_IN_TEXT:
        if words := pattern.search(overview):
            found |= words.groupdict()
    if fees := FEES.search(other):
        found |= fees.groupdict()
    elif NO_FEES.search(other):
        found["fee_collected"] = 0
    known = {each.key for each in figures.narrative()}
    return {key: str(value) for key, value in found.items() if value is not None and key in known}


def hindrance(upload: MemberUpload, listed: Iterable[Member]) -> str:
    """Why what was read cannot be taken in, as one sentence with the cure; empty where it can."""
    if said := received.not_whole(upload.read, upload.filename):
        return said
    read: Mapping[str, Any] = upload.read
    if read["form"] != "2021":
        return _("“%(name)s” could not be read whole: %(why)s") % {
            "name": upload.filename,
            "why": _("it is not in the form of 2021."),
        }
    if read["blanks"]:
        return _(
            "“%(name)s” leaves %(n)d cells blank, the first: %(cell)s. Have the office fill them in, and send it again."
        ) % {"name": upload.filename, "n": len(read["blanks"]), "cell": read["blanks"][0]}
    if read["year"] != upload.year:
        return _("“%(name)s” is the report on %(year)s, not on %(wanted)d.") % {
            "name": upload.filename,
            "year": read["year"] or "—",
            "wanted": upload.year,
        }
    member = member_of(upload, listed)
    if member is None:
        return _(
            "“%(name)s” is the report of “%(agency)s”, which is not on the list of members under this name. Add it to the list first."
        ) % {"name": upload.filename, "agency": read["agency"] or "—"}
    if not member.counted:
        return _("“%(agency)s” is left out of this year's report: %(reason)s") % {
            "agency": member.name,
            "reason": member.reason or member.ground_name,
        }
    if member.own:
        return _("The government itself gives what its records say; no file is taken in for it.")
    return ""


def member_of(upload: MemberUpload, listed: Iterable[Member]) -> Member | None:
    """The member on the list whose report was read, by its full name."""
    name = "".join(((upload.read or {}).get("agency") or "").split())
    return next((each for each in listed if name and each.name == name), None)


def take_in(actor: Actor, upload: MemberUpload, *, compared: bool = False, reason: str = "") -> MemberFile:
    """Let what was read of a file count for its member. Raises Refused.

    compared: a person compared the figures with the scanned original. reason: needed where it replaces another file.
    """
    government, year = upload.government, upload.year
    require(actor, TAKE_IN, government)
    listed = rollup_members.members(government, year)
    if said := hindrance(upload, listed):
        raise Refused(said)
    member, read = member_of(upload, listed), upload.read
    if member is None or read is None:
        raise Refused(_("This file is not read yet."))
    if read["scanned"] and not compared:
        raise Refused(
            _("“%(name)s” is a scan: compare every figure with it, and say that you did.")
            % {"name": upload.filename}
        )
    if member.agency is not None and _published(member.agency, year):
        raise Refused(
            _("“%(agency)s” has published its report here; that one counts, and no file.")
            % {"agency": member.name}
        )
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Shorten the reason to %(n)d characters.") % {"n": LONGEST_REASON})
    storage.confirm(upload.file_id)
    try:
        with transaction.atomic():
            row = _take(actor, upload, member, read, reason.strip())
    except IntegrityError as error:
        raise Refused(_("Someone else has taken in a report of this member. Reload the page.")) from error
    return row


def _take(
    actor: Actor, upload: MemberUpload, member: Member, read: Mapping[str, Any], reason: str
) -> MemberFile:
    government, year = upload.government, upload.year
    _lock(upload)
    last = (
        MemberFile.objects.filter(government=government, year=year, name=member.name)
        .order_by("-number")
        .first()
    )
    if last is not None and last.file_id == upload.file_id:
        raise Refused(_("Exactly this file is taken in already."))
    if last is not None and not reason:
        raise Refused(
            _("A report of “%(agency)s” is taken in already; say why this one replaces it.")
            % {"agency": member.name}
        )
    row = MemberFile.objects.create(
        government=government,
        year=year,
        name=member.name,
        number=last.number + 1 if last else 1,
        # As the form writes them, so that equal tables are equal texts.
        tables=ReportTables.from_json(read["tables"]).to_json(),
        stated=read["stated"],
        file_id=upload.file_id,
        filename=upload.filename,
        scanned=read["scanned"],
        errors=read["errors"],
        reason=reason,
        person=actor.person,
        at=clock.now(),
    )
    # Closed: served to staff and supervisors of the government, as the policy has it.
    Attachment.objects.create(
        file_id=upload.file_id,
        name=upload.filename,
        agency=government,
        owner_kind=OWNER,
        owner_id=row.pk,
        purpose=PURPOSE,
        uploaded_by=actor.person,
        uploaded_at=row.at,
    )
    chain.record(
        "rollup.taken_in",
        actor.who,
        agency=government.pk,
        subject=(OWNER, f"{government.code}/{year}"),
        covers=[row],
        year=year,
        member=member.name,
        digest=row.file_id,
    )
    upload.delete()
    return row


def _lock(upload: MemberUpload) -> None:
    """Hold a file that waits; Refused where somebody took it in or set it aside after the page was shown."""
    if not MemberUpload.objects.select_for_update().filter(pk=upload.pk).exists():
        raise Refused(_("Someone else has dealt with this file. Reload the page."))


def _published(agency: Agency, year: int) -> bool:
    return AnnualReport.objects.filter(agency=agency, year=year, live__isnull=False).exists()


def discard(actor: Actor, upload: MemberUpload) -> None:
    """Put a file that waits aside; what was stored stays by its digest, and counts for nobody. Raises Refused."""
    require(actor, TAKE_IN, upload.government)
    with transaction.atomic():
        _lock(upload)
        chain.record(
            "rollup.file_set_aside",
            actor.who,
            agency=upload.government_id,
            subject=(OWNER, f"{upload.government.code}/{upload.year}"),
            year=upload.year,
            digest=upload.file_id,
        )
        upload.delete()


def original(row: MemberFile) -> Attachment | None:
    """The stored file of a report that was taken in, for its link."""
    return Attachment.objects.filter(owner_kind=OWNER, owner_id=row.pk, purpose=PURPOSE).first()
