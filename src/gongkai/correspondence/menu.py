"""Navigation and inbox of the room."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Agency, Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.correspondence import terms
from gongkai.correspondence.models import Matter, Reply
from gongkai.correspondence.procedure import Kind, State
from gongkai.correspondence.replies import KIND
from gongkai.review.models import ReviewState

SHOWN = 100

_HANDLING = (Role.HANDLER, Role.DISCLOSURE_HEAD)
_DECIDING = (Role.APPROVER, Role.DISCLOSURE_HEAD)
_STEPS = {
    State.REGISTERED: _("take up"),
    State.SIGNED: _("assign"),
    State.PROPOSED: _("decide on the proposed handling"),
    State.IN_HAND: _("write the formal reply"),
    State.CLEARED: _("send the reply"),
}


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for this person: new matters for those who take them up (complaints for the supervisor too),
    matters in hand for whoever is in charge, approved replies to send. A reply under review waits in the inbox of the review."""
    handling = [a.agency_id for a in actor.appointments if a.role in _HANDLING]
    deciding = [a.agency_id for a in actor.appointments if a.role in _DECIDING]
    supervising = [a.agency_id for a in actor.appointments if a.role == Role.SUPERVISOR]
    if not handling and not deciding and not supervising:
        return []
    reviewed = ReviewState.objects.filter(subject_kind=KIND, state__in=ReviewState.OPEN).values("subject_id")
    open_rows = Matter.objects.select_related("agency", "about").order_by("runs_from")
    rows = [
        *open_rows.filter(agency__in=handling, state__in=(State.REGISTERED, State.SIGNED, State.CLEARED))[
            :SHOWN
        ],
        *open_rows.filter(agency__in=deciding, state=State.PROPOSED)[:SHOWN],
        *open_rows.filter(agency__in=supervising, kind=Kind.COMPLAINT, state=State.REGISTERED).exclude(
            agency__in=handling
        )[:SHOWN],
        *open_rows.filter(handler=actor.person, state=State.IN_HAND).exclude(
            pk__in=Reply.objects.filter(pk__in=reviewed).values("matter")
        )[:SHOWN],
    ]
    return [_row(matter) for matter in rows]


def _row(matter: Matter) -> Waiting:
    due = terms.due(matter)
    return Waiting(
        kind=matter.get_kind_display(),
        title=matter.shown_title,
        step=_STEPS[State(matter.state)],
        url=reverse("correspondence:matter", args=[matter.pk]),
        agency=matter.agency,
        due_on=due.on,
        since=matter.registered_at,
        provisional=due.provisional,
        number=matter.number,
    )


def _above_others(actor: Actor) -> bool:
    """Whether complaints may come to an agency of the actor: where no agency is below, an empty list would mislead."""
    own = [a.agency_id for a in actor.appointments]
    return Agency.objects.filter(parent__in=own).exists()


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        *(
            Link(
                _("Correspondence"),
                kind.label,
                f"correspondence:{kind.value}",
                "correspondence.read",
                40 + order,
                also=_above_others if kind is Kind.COMPLAINT else None,
            )
            for order, kind in enumerate(Kind)
        )
    )
    navigation.provide("correspondence", waiting)
