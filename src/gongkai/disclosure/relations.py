"""Start-up of policy documents, interpretations and questions: types, navigation, inbox, sweeps."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Waiting
from gongkai.agencies.policy import Actor
from gongkai.disclosure import interpretations, joint_releases, normative, policies, questions
from gongkai.journal import clock, sweeping

SHOWN = 100
# A document is to be renewed, replaced or let go before it lapses: so long ahead it stands in the inbox.
AHEAD = timedelta(days=92)


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    policies.register(joint_releases.problems)
    interpretations.register()
    questions.register()
    navigation.provide("lapsing documents", lapsing)
    navigation.provide("missing interpretations", missing)
    sweeping.register("lapsing documents", timedelta(hours=1), normative.lapse)
    sweeping.register("held items", timedelta(minutes=10), joint_releases.release_freed)


def _seats(actor: Actor) -> list[object]:
    return [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]


def lapsing(actor: Actor) -> list[Waiting]:
    """Documents in force that lapse within three months."""
    seats = _seats(actor)
    if not seats:
        return []
    rows = policies.lapsing(seats, clock.today() + AHEAD)[:SHOWN]
    return [
        Waiting(
            kind=_("policy document"),
            title=row.title,
            step=_("lapses on this day: renew, replace or let it lapse"),
            url=reverse("disclosure:normative", args=[row.pk]),
            agency=row.agency,
            due_on=row.expires_on,
            number=row.document_number,
        )
        for row in rows
    ]


def missing(actor: Actor) -> list[Waiting]:
    """Policy documents that went out without the interpretation that their plan wants."""
    seats = _seats(actor)
    if not seats:
        return []
    return [
        Waiting(
            kind=_("policy document"),
            title=row.title,
            step=_("publish its interpretation"),
            url=reverse("disclosure:item", args=[row.pk]),
            agency=row.agency,
            due_on=last,
            since=row.released_at,
            number=row.document_number,
        )
        for row, last in joint_releases.missing(seats)[:SHOWN]
    ]
