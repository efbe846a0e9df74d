"""Navigation and inbox of the room."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.reporting import reports, rollup_menu
from gongkai.reporting.collecting import Rules
from gongkai.reporting.models import AnnualReport, ManualFigure

SHOWN = 100


def waiting(actor: Actor) -> list[Waiting]:
    """Reports that their writers have still to bring to review, and figures set by hand that await the leader."""
    writers = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    leaders = [a.agency_id for a in actor.appointments if a.role == Role.APPROVER]
    drafts = (
        AnnualReport.objects.filter(agency__in=writers, state=AnnualReport.State.DRAFT)
        .select_related("agency")
        .order_by("year")[:SHOWN]
    )
    by_hand = (
        ManualFigure.objects.filter(report__agency__in=leaders, decision__isnull=True)
        .exclude(proposed_by=actor.person)
        .select_related("report__agency")[:SHOWN]
    )
    rules = Rules.load() if writers or leaders else Rules({})
    return [
        *(_row(report, _("write and submit"), "reporting:edit", rules) for report in drafts),
        *(_row(row.report, _("approve a figure set by hand"), "reporting:report", rules) for row in by_hand),
    ]


def _row(report: AnnualReport, step: object, page: str, rules: Rules) -> Waiting:
    due: date | None = reports.due(report.agency, report.year, rules)
    return Waiting(
        kind=_("annual report"),
        title=str(report),
        step=step,
        url=reverse(page, args=[report.agency.code, report.year]),
        agency=report.agency,
        due_on=due,
        since=report.created_at,
    )


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(_("Reports"), _("Annual reports"), "reporting:reports", "report.read", 70),
        Link(
            _("Reports"),
            _("Decisions and charges by month"),
            "reporting:entries",
            "report.read",
            72,
            seldom=True,
        ),
        Link(
            _("Reports"), _("Reports of earlier years"), "reporting:earlier", "report.draft", 73, seldom=True
        ),
    )
    navigation.provide("reports", waiting)
    rollup_menu.register()
