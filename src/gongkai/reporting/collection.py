"""A year's collection: where the report of each agency below stands, in one query however many there are."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Role
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.journal import clock
from gongkai.reporting import collecting
from gongkai.reporting.filing import DECIDE
from gongkai.reporting.models import AnnualReport, Filing, FilingDecision, FilingReminder
from gongkai.review.models import ReviewState

NONE, DRAFT, REVIEW, FILED, RETURNED = "none", "draft", "review", "filed", "returned"
ACCEPTED, UNAWAITED, PUBLISHED, WITHDRAWN = "accepted", "unawaited", "published", "withdrawn"
STANDINGS = {
    NONE: _("not begun"),
    DRAFT: _("in drafting"),
    REVIEW: _("under review"),
    FILED: _("filed, to be decided"),
    RETURNED: _("returned"),
    ACCEPTED: _("accepted and public"),
    UNAWAITED: _("public without waiting"),
    PUBLISHED: _("public, not filed"),
    WITHDRAWN: _("withdrawn"),
}
PUBLIC = (ACCEPTED, UNAWAITED, PUBLISHED)
# Light of a standing, as the lists show it by shape and word.
LIGHTS = {FILED: "soon", RETURNED: "overdue", WITHDRAWN: "overdue"} | dict.fromkeys(PUBLIC, "ok")


def agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies whose reports the actor collects: those below the seats of a supervisor, without the seats."""
    seats = [a.agency_id for a in actor.appointments if a.role == Role.SUPERVISOR]
    return agencies_for(actor, DECIDE).exclude(pk__in=seats)


def standing(found: QuerySet[Agency], year: int, on: date | None = None) -> QuerySet[Agency]:
    """The agencies with where their report on a year stands.

    Adds standing, report_id, filing, filed_at, file_by, publish_by, late, decided, said (why not awaited), errors,
    warnings, checked_at, reminded_at.
    """
    today = on or clock.today()
    filings = (
        Filing.objects.filter(report__agency=OuterRef("pk"), report__year=year)
        .exclude(revision__state__state=ReviewState.State.CANCELLED)
        .order_by("-pk")
    )
    # The first that was put there shows whether it came late, whatever became of it.
    first = Filing.objects.filter(report__agency=OuterRef("pk"), report__year=year).order_by("pk")
    reminders = (
        FilingReminder.objects.filter(agency=OuterRef("pk"), year=year)
        .order_by()
        .values("agency")
        .annotate(last=Max("at"))
    )
    file_by, publish_by = _days(year)

    def latest(name: str) -> Subquery:
        return Subquery(filings.values(name)[:1])

    rows = found.annotate(
        report=FilteredRelation("reports", condition=Q(reports__year=year)),
        filing=latest("pk"),
        filed_at=latest("at"),
        filing_state=latest("revision__state__state"),
        decided=latest("decision__decision"),
        said=latest("unawaited__reason"),
        errors=latest("check_made__errors"),
        warnings=latest("check_made__warnings"),
        checked_at=latest("check_made__done_at"),
        first_day=Subquery(first.values("on_day")[:1]),
        reminded_at=Subquery(reminders.values("last")[:1]),
        file_by=file_by,
        publish_by=publish_by,
        published_on=TruncDate("report__published_at"),
        live=F("report__live"),
        report_state=F("report__state"),
    )
    return rows.annotate(standing=_standing(), late=_late(today)).order_by("path")


def _standing() -> Case:
    state = AnnualReport.State
    return Case(
        When(report_state__isnull=True, then=Value(NONE)),
        When(filing_state=ReviewState.State.HELD, then=Value(FILED)),
        When(live__isnull=False, decided=FilingDecision.ACCEPTED, then=Value(ACCEPTED)),
        When(live__isnull=False, said__isnull=False, then=Value(UNAWAITED)),
        When(live__isnull=False, then=Value(PUBLISHED)),
        When(report_state=state.REVIEW, then=Value(REVIEW)),
        When(report_state=state.WITHDRAWN, then=Value(WITHDRAWN)),
        When(decided=FilingDecision.RETURNED, then=Value(RETURNED)),
        default=Value(DRAFT),
        output_field=CharField(),
    )


def _late(today: date) -> Case:
    """Filed or published after its day, or not there though its day is over. It stays so once it is there."""
    return Case(
        When(first_day__gt=F("file_by"), then=Value(True)),
        When(published_on__gt=F("publish_by"), then=Value(True)),
        When(published_on__isnull=True, publish_by__lt=today, then=Value(True)),
        When(published_on__isnull=True, first_day__isnull=True, file_by__lt=today, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _days(year: int) -> tuple[Any, Any]:
    """The days of each agency by the nearest rule above it."""
    rules = sorted(
        (
            row
            for row in collecting.Rules.load().by_agency.values()
            if row.collects and year >= row.first_year
        ),
        key=lambda row: -len(row.agency.path),
    )
    filed, published = [], []
    for government in (True, False):
        for rule in (*rules, None):
            terms = collecting.days(rule, year, government=government)
            if terms is None:
                continue
            under = Q(government=government)
            if rule is not None:
                under &= Q(path__startswith=rule.agency.path) & ~Q(pk=rule.agency_id)
            filed.append(When(under, then=Value(terms.file_by)))
            published.append(When(under, then=Value(terms.publish_by)))
    none = Value(None, output_field=DateField())
    return (
        Case(*filed, default=none, output_field=DateField()),
        Case(*published, default=none, output_field=DateField()),
    )


def counts(rows: QuerySet[Agency]) -> tuple[dict[str, int], int, int]:
    """How many stand where, how many are late, and how many filed ones have errors: over rows of `standing`."""
    by_standing = dict.fromkeys(STANDINGS, 0)
    late = wrong = 0
    for name, is_late, errors in rows.values_list("standing", "late", "errors"):
        by_standing[name] += 1
        late += is_late
        wrong += name == FILED and bool(errors)
    return by_standing, late, wrong
