"""Reports of years before this system was in use: sent in as files, read, looked at, and taken over by a person.

A file is stored closed by its digest and waits (`Upload` with the purpose REPORT, whose `said` is empty until it is
read); the year is the one that its title says. What counts is what a person took over; of one year the last.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.reporting import previous, received
from gongkai.reporting.models import AnnualReport, EarlierReport, Upload
from gongkai.reporting.rollup_members import LONGEST_REASON
from gongkai.reporting.upload_models import REPORT

# Files that are sent in at once, and those of one agency that may wait.
MOST_FILES = 30
OWNER = "earlier_report"


@dataclass(frozen=True)
class Sent:
    """What came of files that were sent in: those that wait to be read, and one sentence for each refused."""

    uploads: tuple[Upload, ...]
    refused: tuple[str, ...]


def receive(actor: Actor, agency: Agency, files: Iterable[tuple[str, bytes]]) -> Sent:
    """Store files (name, content); each waits to be read. What cannot be taken is said. Raises Refused."""
    require(actor, "report.draft", agency)
    taken, refused = [], []
    room = MOST_FILES - len(waiting(agency))
    for name, data in files:
        try:
            if len(taken) >= room:
                raise Refused(
                    _("“%(name)s” was not taken: at most %(n)d files wait at once; look at those first.")
                    % {"name": name, "n": MOST_FILES}
                )
            taken.append(_store(actor, agency, name, data))
        except Refused as refusal:
            refused.append(refusal.message)
    return Sent(tuple(taken), tuple(refused))


def _store(actor: Actor, agency: Agency, name: str, data: bytes) -> Upload:
    shown = PurePosixPath(name.replace("\\", "/")).name[-200:] or _("file")
    file = storage.store(data, shown, who=actor.who)
    with transaction.atomic():
        # Of two requests with the same file one waits for the other.
        Agency.objects.select_for_update().get(pk=agency.pk)
        if Upload.objects.filter(agency=agency, purpose=REPORT, digest=file.digest).exists():
            raise Refused(_("“%(name)s” was sent in already and waits below.") % {"name": shown})
        row = Upload.objects.create(
            agency=agency,
            purpose=REPORT,
            name=shown,
            digest=file.digest,
            said={},
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.file_received",
            actor.who,
            agency=agency.pk,
            subject=("report", agency.code),
            digest=file.digest,
        )
    return row


def waiting(agency: Agency) -> list[Upload]:
    """The files of an agency that wait to be read or taken over, as they came."""
    rows = Upload.objects.filter(agency=agency, purpose=REPORT)
    return list(rows.select_related("agency", "person").order_by("at", "name"))


def read_next(rows: Iterable[Upload], *, scans: bool = True) -> Upload | None:
    """Read one of the rows that are not read yet; None when there is none. Without `scans` those are left."""
    unread = ((row, row.digest, row.name) for row in rows if not row.said)
    found = received.first_read(unread, scans=scans)
    if found is None:
        return None
    row, read = found
    row.said = received.kept(read, row.name)
    Upload.objects.filter(pk=row.pk).update(said=row.said)
    return row


def read_waiting() -> None:
    """Read the files that wait, of every agency, for at most a quarter of a minute; called by the sweeper."""
    end = time.monotonic() + received.IN_SWEEP
    rows = list(Upload.objects.filter(purpose=REPORT, said={}).order_by("at", "name"))
    while time.monotonic() < end and read_next(rows):
        pass


def hindrance(upload: Upload) -> str:
    """Why what was read cannot be taken over, as one sentence with the cure; empty where it can."""
    read: dict[str, Any] = upload.said
    if said := received.not_whole(read or None, upload.name):
        return said
    if said := previous.belongs_elsewhere(upload.agency, read["agency"], upload.name):
        return said
    year = read["year"]
    if year is None or year >= clock.today().year:
        return _("“%(name)s” says no year that is over: check the title of the report.") % {
            "name": upload.name
        }
    if AnnualReport.objects.filter(agency=upload.agency, year=year, live__isnull=False).exists():
        return _("The report on %(year)d is published here; that one counts, and no file.") % {"year": year}
    return ""


def before(upload: Upload) -> EarlierReport | None:
    """The report of the same year that was taken over before, which this one would replace."""
    return previous.taken_over(upload.agency, (upload.said or {}).get("year") or 0)


def take_over(actor: Actor, upload: Upload, *, compared: bool = False, reason: str = "") -> EarlierReport:
    """What was read counts as the agency's report on its year. Raises Refused with what stands in the way.

    compared: the person compared the figures of a scan with it; the journal keeps that. reason: why it replaces the
    report of that year that was taken over before.
    """
    require(actor, "report.draft", upload.agency)
    if said := hindrance(upload):
        raise Refused(said)
    last = before(upload)
    if last is not None and last.digest == upload.digest:
        raise Refused(_("Exactly this file is taken over already."))
    if last is not None and not reason.strip():
        raise Refused(
            _("A report of “%(agency)s” is taken in already; say why this one replaces it.")
            % {"agency": upload.agency.name}
        )
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Shorten the reason to %(n)d characters.") % {"n": LONGEST_REASON})
    storage.confirm(upload.digest)
    owner = uuid4()
    with transaction.atomic():
        # Of two people who take it over at once the second finds it gone.
        if Upload.objects.select_for_update().filter(pk=upload.pk).first() is None:
            raise Refused(_("Someone else has dealt with this file. Reload the page."))
        row = previous.keep(
            actor,
            upload.agency,
            upload.said,
            source=upload.name,
            digest=upload.digest,
            compared=compared,
            reason=reason.strip(),
            attached_to=owner,
        )
        # Closed: served to staff of the agency and its supervisors, as the policy has it.
        Attachment.objects.create(
            file_id=upload.digest,
            name=upload.name,
            agency=upload.agency,
            owner_kind=OWNER,
            owner_id=owner,
            purpose=OWNER,
            uploaded_by=actor.person,
            uploaded_at=row.at,
        )
        upload.delete()
    return row


def original(row: EarlierReport) -> Attachment | None:
    """The stored file of a report that was taken over on the page, for its link; None for one from before."""
    return Attachment.objects.filter(owner_kind=OWNER, owner_id=row.attached_to).first()


def discard(actor: Actor, upload: Upload) -> None:
    """Put a file that waits aside; what was stored stays by its digest, and counts for nothing. Raises Refused."""
    require(actor, "report.draft", upload.agency)
    with transaction.atomic():
        chain.record(
            "report.file_set_aside",
            actor.who,
            agency=upload.agency_id,
            subject=("report", upload.agency.code),
            digest=upload.digest,
        )
        upload.delete()
