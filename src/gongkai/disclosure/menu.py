"""Navigation and inbox of the room."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.disclosure import reexamination
from gongkai.disclosure.content import KIND
from gongkai.disclosure.kind import publishing_due
from gongkai.disclosure.models import Item
from gongkai.journal import clock
from gongkai.review.models import ReviewState

SHOWN = 100


def waiting(actor: Actor) -> list[Waiting]:
    """Drafts that the handlers of an agency have still to bring to review, returned ones among them."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    if not seats:
        return []
    running = ReviewState.objects.filter(subject_kind=KIND, state__in=ReviewState.OPEN).values("subject_id")
    rows = (
        Item.objects.filter(agency__in=seats, state=Item.State.DRAFT)
        .exclude(pk__in=running)
        .select_related("agency")
        .order_by("formed_on", "created_at")[:SHOWN]
    )
    return [
        Waiting(
            kind=_("item"),
            title=row.title,
            step=_("write and submit"),
            url=reverse("disclosure:edit", args=[row.pk]),
            agency=row.agency,
            due_on=publishing_due(row.formed_on) if row.formed_on else None,
            since=row.created_at,
        )
        for row in rows
    ]


def examinations(actor: Actor) -> list[Waiting]:
    """Items that are not public and whose examination is due: is the reason still there?"""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    if not seats:
        return []
    rows = reexamination.due(clock.today()).filter(agency__in=seats).select_related("agency")[:SHOWN]
    return [
        Waiting(
            kind=_("item"),
            title=row.title,
            step=_("examine whether it can be opened (art. 18)"),
            url=reverse("disclosure:reexamine", args=[row.pk]),
            agency=row.agency,
            due_on=row.examined_next,
        )
        for row in rows
    ]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(_("Disclosure"), _("Items"), "disclosure:items", "item.read", 20),
        Link(_("Disclosure"), _("Withheld information"), "disclosure:withheld", "item.read", 22, seldom=True),
        Link(
            _("Disclosure"),
            _("Normative documents"),
            "disclosure:normative_list",
            "item.read",
            25,
            seldom=True,
        ),
    )
    navigation.provide("items", waiting)
    navigation.provide("examinations", examinations)
