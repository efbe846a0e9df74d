"""Navigation and inbox of the room."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.journal import clock
from gongkai.remedies import anew, follows
from gongkai.remedies.due import answer_due
from gongkai.remedies.models import Remedy, RemedyEvent

SHOWN = 100
# An appeal lies within 15 days of a judgment's receipt; a judgment that came so long after its day is past it.
APPEALABLE = timedelta(days=120)


def waiting(actor: Actor) -> list[Waiting]:
    """Cases to be answered, or to be answered anew; judgments lost that can be appealed against, and opinions to be
    reported on: for their handler, else for handlers and the head."""
    if not actor.appointments:
        return []
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    mine = Q(handler=actor.person) | Q(handler=None, agency__in=seats)
    unanswered = Q(answered_on=None, result=Remedy.Column.PENDING)
    redo = Q(redo_due_on__isnull=False, redo_done_on=None)
    rows = (
        Remedy.objects.filter(mine, unanswered | redo, agency__in=agencies_for(actor, "remedy.read"))
        .select_related("agency")
        .prefetch_related("events")
        .order_by("received_on")[:SHOWN]
    )
    # What is written in a case of its own waits there.
    found = [_waiting(row) for row in rows if not (_again(row) and anew.case_of(row) is not None)]
    readable = Remedy.objects.filter(mine, agency__in=agencies_for(actor, "remedy.read"))
    return found + _appealable(readable) + _opinions(readable)


def _appealable(rows: QuerySet[Remedy]) -> list[Waiting]:
    """Judgments of first instance against the agency, until the last day to appeal."""
    today = clock.today()
    lost = rows.filter(
        kind__in=(Remedy.Kind.DIRECT, Remedy.Kind.AFTER),
        result=Remedy.Column.CORRECTED,
        appealed=False,
        decided_on__gte=today - APPEALABLE,
    )
    found = []
    for row in lost.select_related("agency").prefetch_related("events").order_by("decided_on")[:SHOWN]:
        term = follows.appeal(row, follows.standing_events(row))
        if term is not None and term.due.on is not None and term.due.on >= today:
            found.append(_aside(row, _("decide whether to appeal"), term.due.on))
    return found


def _opinions(rows: QuerySet[Remedy]) -> list[Waiting]:
    """Opinions of the reconsideration body on which the agency has not reported."""
    named = rows.filter(events__kind=RemedyEvent.Kind.OPINION).distinct()
    found = []
    for row in named.select_related("agency").prefetch_related("events").order_by("-received_on")[:SHOWN]:
        event = follows.opinion(follows.standing_events(row))
        if event is not None:
            found.append(_aside(row, _("report on the opinion"), event.due_on))
    return found


def _aside(row: Remedy, step: str, due: date | None) -> Waiting:
    return Waiting(
        kind=row.get_kind_display(),
        title=row.subject,
        step=step,
        url=reverse("remedies:remedy", args=[row.pk]),
        agency=row.agency,
        due_on=due,
        since=row.created_at,
        number=row.number,
    )


def _again(row: Remedy) -> bool:
    return row.redo_due_on is not None and row.redo_done_on is None


def _waiting(row: Remedy) -> Waiting:
    again = _again(row)
    due = follows.redo(row) if again else answer_due(row)
    return Waiting(
        kind=row.get_kind_display(),
        title=row.subject,
        step=_("answer anew") if again else _("hand in the answer"),
        url=reverse("remedies:remedy", args=[row.pk]),
        agency=row.agency,
        due_on=due.on if due else None,
        since=row.created_at,
        provisional=due.provisional if due else False,
        number=row.number,
    )


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    group = _("Remedies")
    navigation.add(
        Link(group, _("Reconsideration and litigation"), "remedies:cases", "remedy.read", 55),
        Link(group, _("Table four"), "remedies:table_four", "remedy.read", 56, seldom=True),
    )
    navigation.provide("remedies", waiting)
