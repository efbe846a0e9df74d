"""Last year's report: the one we published, or one taken over from its file."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused
from gongkai.journal import chain, clock
from gongkai.reporting import document, received
from gongkai.reporting.models import AnnualReport, EarlierReport
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import ReportTables


def tables(agency: Agency, year: int) -> ReportTables | None:
    """The tables of the agency's report on `year`: as published here, else as taken over; None without one."""
    published = (
        AnnualReport.objects.filter(agency=agency, year=year, live__isnull=False)
        .select_related("live")
        .first()
    )
    if published is not None and published.live is not None:
        content = content_of(published.live.digest)
        if content is not None:
            return ReportTables.from_json(content["tables"])
    taken = taken_over(agency, year)
    return ReportTables.from_json(taken.tables) if taken else None


def taken_over(agency: Agency, year: int) -> EarlierReport | None:
    """The agency's report on `year` that was taken over last; it counts where none is published here."""
    return EarlierReport.objects.filter(agency=agency, year=year).order_by("-pk").first()


def text(agency: Agency, year: int, part: str) -> str:
    """A narrative part of the agency's report on `year`, as published here, else as taken over; empty without one."""
    published = (
        AnnualReport.objects.filter(agency=agency, year=year, live__isnull=False)
        .select_related("live")
        .first()
    )
    content = content_of(published.live.digest) if published and published.live else None
    if content is not None:
        return document.text_of(content, part)
    taken = taken_over(agency, year)
    return str((taken.texts or {}).get(part, "")) if taken else ""


def belongs_elsewhere(agency: Agency, named: str | None, name: str) -> str:
    """That a file is the report of another agency, as one sentence; empty where it is this one's."""
    if named == agency.name:
        return ""
    return _("“%(name)s” is the report of “%(agency)s”, not of “%(own)s”.") % {
        "name": name,
        "agency": named or "—",
        "own": agency.name,
    }


def keep(
    actor: Actor,
    agency: Agency,
    read: received.Kept,
    *,
    source: str,
    digest: str,
    compared: bool,
    reason: str = "",
    attached_to: UUID | None = None,
) -> EarlierReport:
    """Keep what was read as the agency's report on its year; the journal says by whom, and that a scan was compared.

    reason: why it replaces an earlier one; attached_to: the owner under which its file is attached. Raises Refused for a
    scan that nobody compared.
    """
    if read["scanned"] and not compared:
        raise Refused(
            _("“%(name)s” is a scan: compare every figure with it, and say that you did.") % {"name": source}
        )
    year = int(read["year"])
    with transaction.atomic():
        row = EarlierReport.objects.create(
            agency=agency,
            year=year,
            tables=ReportTables.from_json(read["tables"]).to_json(),
            texts=read["texts"],
            source=source,
            digest=digest,
            person=actor.person,
            at=clock.now(),
            scanned=bool(read["scanned"]),
            reason=reason,
            attached_to=attached_to,
        )
        chain.record(
            "report.taken_over",
            actor.who,
            agency=agency.pk,
            subject=("report", f"{agency.code}/{year}"),
            covers=[row],
            year=year,
            digest=row.digest,
            scanned=bool(read["scanned"]),
            compared=bool(read["scanned"] and compared),
        )
    return row
