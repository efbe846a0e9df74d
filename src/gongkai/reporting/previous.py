"""Last year's report: the one we published, or one taken over from its file."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import canon, chain, clock
from gongkai.reporting import document
from gongkai.reporting.models import AnnualReport, EarlierReport
from gongkai.reporting.reading import isolated
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
    taken = EarlierReport.objects.filter(agency=agency, year=year).order_by("-pk").first()
    return ReportTables.from_json(taken.tables) if taken else None


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
    taken = EarlierReport.objects.filter(agency=agency, year=year).order_by("-pk").first()
    return str((taken.texts or {}).get(part, "")) if taken else ""


def take_over(actor: Actor, agency: Agency, year: int, path: Path) -> EarlierReport:
    """Take over a report that was published before this system was in use, as `report check` reads it.

    Raises Refused where the file cannot be read whole, or is another agency's or another year's.
    """
    require(actor, "report.draft", agency)
    read = isolated.read(path)
    if read.status != "complete":
        raise Refused(
            _("“%(name)s” could not be read whole: %(why)s")
            % {"name": path.name, "why": read.findings[0].message if read.findings else read.status}
        )
    if read.agency != agency.name or read.year != year:
        raise Refused(
            _("“%(name)s” is the report of %(agency)s on %(year)s, not of %(own)s on %(wanted)d.")
            % {
                "name": path.name,
                "agency": read.agency or "—",
                "year": read.year or "—",
                "own": agency.name,
                "wanted": year,
            }
        )
    with transaction.atomic():
        row = EarlierReport.objects.create(
            agency=agency,
            year=year,
            tables=read.tables.to_json(),
            texts=dict(read.texts),
            source=path.name[:200],
            digest=canon.sm3_file(str(path)),
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.taken_over",
            actor.who,
            agency=agency.pk,
            subject=("report", f"{agency.code}/{year}"),
            covers=[row],
            year=year,
            digest=row.digest,
        )
    return row
