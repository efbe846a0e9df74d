"""Navigation and inbox of taking part: opinions that wait for an answer, results that are owed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.disclosure import opinions, results

SHOWN = 100


def _seats(actor: Actor) -> list[object]:
    return [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]


def unanswered(actor: Actor) -> list[Waiting]:
    """Opinions that nobody has answered yet; nothing of their writers stands here."""
    seats = _seats(actor)
    if not seats:
        return []
    return [
        Waiting(
            kind=_("opinion"),
            title=row.item.title,
            step=_("answer the opinion"),
            url=reverse("disclosure:opinion", args=[row.pk]),
            agency=row.agency,
            due_on=row.period.result_due,
            since=row.received_at,
            number=row.number,
        )
        for row in opinions.unanswered(seats).select_related("period")[:SHOWN]
    ]


def owed(actor: Actor) -> list[Waiting]:
    """Solicitations and hearings that are over and whose result is not public yet."""
    seats = _seats(actor)
    if not seats:
        return []
    return [
        Waiting(
            kind=_("solicitation"),
            title=row.item.title,
            step=_("publish the result"),
            url=reverse("disclosure:participation", args=[row.item_id]),
            agency=row.agency,
            due_on=row.result_due,
        )
        for row in results.owed(seats)[:SHOWN]
    ]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            _("Disclosure"), _("Notices and solicitations"), "disclosure:participations", "opinion.read", 23
        ),
        Link(_("Disclosure"), _("Opinions of the public"), "disclosure:opinions", "opinion.read", 24),
    )
    navigation.provide("opinions", unanswered)
    navigation.provide("results", owed)
