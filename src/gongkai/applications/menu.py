"""Navigation and inbox of the room."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.applications.models import LETTER, Application, Letter, State
from gongkai.applications.wording import TEMPLATES
from gongkai.journal import clock
from gongkai.review.models import ReviewState

SHOWN = 200
STEPS = {
    State.REGISTERED: _("confirm the receipt"),
    State.PROCESSING: _("examine and decide"),
    State.CORRECTING: _("the correction did not come in time: find whether there was good reason"),
    State.PAYING: _("the fee was not paid in time: decide"),
    State.ANSWERED: _("prove the service and close"),
}


def waiting(actor: Actor) -> list[Waiting]:
    """Cases that wait for the handlers and the heads of disclosure offices, and letters to write or to send."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    if not seats:
        return []
    return [*_cases(seats), *_letters(seats)]


def _cases(seats: list[object]) -> list[Waiting]:
    rows = Application.objects.filter(agency__in=seats).filter(
        Q(state__in=(State.REGISTERED, State.PROCESSING, State.ANSWERED)) | lapsed()
    )
    return [
        Waiting(
            kind=_("application"),
            title=row.number,
            step=STEPS[State(row.state)],
            url=reverse("applications:case", args=[row.pk]),
            agency=row.agency,
            due_on=row.due_on if row.state != State.ANSWERED else None,
            since=row.registered_at,
            number=row.number,
        )
        for row in rows.select_related("agency").order_by("due_on")[:SHOWN]
    ]


def lapsed() -> Q:
    """Cases whose term for a correction or a payment has passed: a person decides, nothing closes by itself."""
    return Q(state__in=(State.CORRECTING, State.PAYING), waits_until__lt=clock.today())


def _letters(seats: list[object]) -> list[Waiting]:
    running = ReviewState.objects.filter(subject_kind=LETTER, state__in=ReviewState.OPEN).values("subject_id")
    rows = (
        Letter.objects.filter(agency__in=seats, dropped=False, dispatch__isnull=True)
        .exclude(pk__in=running)
        .select_related("application", "agency")
        .order_by("application__due_on")[:SHOWN]
    )
    return [
        Waiting(
            kind=_("letter"),
            title=f"{TEMPLATES[row.kind].title} {row.number or row.application.number}",
            step=_("send") if row.number else _("write and submit"),
            url=reverse("applications:letter", args=[row.pk]),
            agency=row.agency,
            due_on=row.application.due_on,
            since=row.created_at,
            number=row.number or row.application.number,
        )
        for row in rows
    ]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(_("Applications"), _("Applications"), "applications:list", "application.read", 30),
        Link(_("Applications"), _("Wishes of several"), "applications:wishes", "application.convert", 36),
        Link(_("Applications"), _("Letters"), "applications:letters", "application.read", 32),
    )
    navigation.provide("applications", waiting)
