"""Navigation and inbox of the filing: what the supervisor decides, who was reminded, what the leader may publish."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import navigation
from gongkai.agencies.models import Agency, Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.journal import clock
from gongkai.reporting import collecting, collection, filing
from gongkai.reporting.models import AnnualReport, Filing, FilingReminder
from gongkai.review.models import ReviewState

SHOWN = 100
KIND = gettext_lazy("annual report")


def waiting(actor: Actor) -> list[Waiting]:
    """Filed reports for the supervisor; reminders for those who have not filed; on the last day the leader's word."""
    roles = {a.role for a in actor.appointments}
    rows = []
    if Role.SUPERVISOR in roles:
        rows += _to_decide(actor)
    if roles & {Role.HANDLER, Role.DISCLOSURE_HEAD, Role.APPROVER}:
        rows += _reminded(actor)
    if Role.APPROVER in roles:
        rows += _to_publish(actor)
    return rows


def _held() -> "object":
    return Filing.objects.filter(revision__state__state=ReviewState.State.HELD).select_related(
        "report__agency", "revision"
    )


def _to_decide(actor: Actor) -> list[Waiting]:
    found = _held().filter(report__agency__in=collection.agencies(actor)).order_by("last_day", "pk")
    return [_filed(row, _("accept or return"), "reporting:filed") for row in found[:SHOWN]]


def _filed(row: Filing, step: str, page: str) -> Waiting:
    return Waiting(
        kind=KIND,
        title=row.revision.title,
        step=step,
        url=reverse(page, args=[row.pk]),
        agency=row.report.agency,
        due_on=row.last_day,
        since=row.at,
    )


def _reminded(actor: Actor) -> list[Waiting]:
    seats = {
        a.agency_id: a.agency
        for a in actor.appointments
        if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD, Role.APPROVER)
    }
    latest: dict[tuple[object, int], FilingReminder] = {}
    for row in FilingReminder.objects.filter(agency__in=seats).select_related("collector").order_by("pk"):
        latest[row.agency_id, row.year] = row
    if not latest:
        return []
    there = (AnnualReport.State.FILED, AnnualReport.State.PUBLIC)
    reports = AnnualReport.objects.filter(agency__in=seats, year__in=[year for _pk, year in latest])
    state = {(row.agency_id, row.year): row.state for row in reports}
    rules = collecting.Rules.load()
    rows = []
    for key, row in latest.items():
        if state.get(key) in there:
            continue
        agency: Agency = seats[row.agency_id]
        terms = rules.terms(agency, row.year)
        due: date | None = terms.file_by if terms else None
        begun = key in state
        url = (
            reverse("reporting:report", args=[agency.code, row.year]) if begun else reverse("reporting:begin")
        )
        said = _("reminded by %(agency)s") % {"agency": row.collector.name}
        rows.append(
            Waiting(
                kind=KIND,
                title=str(AnnualReport(agency=agency, year=row.year)),
                step=f"{said}：{row.words}" if row.words else said,
                url=url,
                agency=agency,
                due_on=due,
                since=row.at,
            )
        )
    return rows


def _to_publish(actor: Actor) -> list[Waiting]:
    seats = [a.agency_id for a in actor.appointments if a.role == Role.APPROVER]
    found = _held().filter(report__agency__in=seats, last_day__lte=clock.today())
    step = _("publish without waiting, on the last day of the law")
    return [_filed(row, step, "reporting:unawaited") for row in found[:SHOWN]]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            gettext_lazy("Reports"),
            gettext_lazy("Collection of reports"),
            "reporting:collection_now",
            filing.DECIDE,
            71,
        )
    )
    navigation.provide("filings", waiting)
