"""Navigation and inbox of the room."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.remedies import anew
from gongkai.remedies.due import answer_due
from gongkai.remedies.models import Remedy

SHOWN = 100


def waiting(actor: Actor) -> list[Waiting]:
    """Cases to be answered, or to be answered anew: for their handler, else for handlers and the head."""
    if not actor.appointments:
        return []
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    mine = Q(handler=actor.person) | Q(handler=None, agency__in=seats)
    unanswered = Q(answered_on=None, result=Remedy.Column.PENDING)
    redo = Q(redo_due_on__isnull=False, redo_done_on=None)
    rows = (
        Remedy.objects.filter(mine, unanswered | redo, agency__in=agencies_for(actor, "remedy.read"))
        .select_related("agency")
        .order_by("received_on")[:SHOWN]
    )
    # What is written in a case of its own waits there.
    return [_waiting(row) for row in rows if not (_again(row) and anew.case_of(row) is not None)]


def _again(row: Remedy) -> bool:
    return row.redo_due_on is not None and row.redo_done_on is None


def _waiting(row: Remedy) -> Waiting:
    again = _again(row)
    due = None if again else answer_due(row)
    return Waiting(
        kind=row.get_kind_display(),
        title=row.subject,
        step=_("answer anew") if again else _("hand in the answer"),
        url=reverse("remedies:remedy", args=[row.pk]),
        agency=row.agency,
        due_on=row.redo_due_on if due is None else due.on,
        since=row.created_at,
        provisional=due.provisional if due else False,
        number=row.number,
    )


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    group = _("Remedies")
    navigation.add(
        Link(group, _("Reconsideration and litigation"), "remedies:cases", "remedy.read", 55),
        Link(group, _("Table four"), "remedies:table_four", "remedy.read", 56),
    )
    navigation.provide("remedies", waiting)
