"""Navigation and inbox of the roll-up."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.reporting import reports
from gongkai.reporting.models import MemberUpload
from gongkai.reporting.rollup_frozen import overtaken
from gongkai.reporting.rollup_members import KEEP

SHOWN = 100
WRITERS = (Role.HANDLER, Role.DISCLOSURE_HEAD)


def waiting(actor: Actor) -> list[Waiting]:
    """Published reports of governments whose members have corrected theirs, and files that wait to be taken in."""
    writers = [a.agency_id for a in actor.appointments if a.role in WRITERS]
    takers = [a.agency_id for a in actor.appointments if a.role in (*WRITERS, Role.SUPERVISOR)]
    changed = [
        Waiting(
            kind=_("annual report"),
            title=str(report),
            step=_("members have corrected their reports: correct this one"),
            url=reverse("reporting:report", args=[report.agency.code, report.year]),
            agency=report.agency,
            due_on=None,
            since=report.published_at,
        )
        for report in overtaken(writers)[:SHOWN]
        if report.published_at
    ]
    return changed + _files(takers)


def _files(governments: list[object]) -> list[Waiting]:
    """One line for each government and year with files that wait."""
    rows = MemberUpload.objects.filter(government__in=governments).select_related("government").order_by("at")
    first = {}
    for row in rows[:SHOWN]:
        first.setdefault((row.government_id, row.year), row)
    return [
        Waiting(
            kind=_("annual report"),
            title=f"{row.government.name} {row.year}",
            step=_("take in reports of members"),
            url=reverse("reporting:intake", args=[row.government.code, row.year]),
            agency=row.government,
            due_on=reports.due(row.government, row.year),
            since=row.at,
        )
        for row in first.values()
    ]


def register() -> None:
    """Called once, by the menu of the room."""
    navigation.add(Link(_("Reports"), _("Members of the government's report"), "reporting:rollups", KEEP, 71))
    navigation.provide("rollups", waiting)
