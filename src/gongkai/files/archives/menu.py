"""Navigation and inbox of the archive."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import navigation
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.policy import Actor
from gongkai.files.archives import rights  # noqa: F401
from gongkai.files.archives.kinds import GROUP
from gongkai.files.models import Appraisal, DestructionList, DestructionStep

SHOWN = 100
Step = DestructionStep.Step


def appraisals(actor: Actor) -> list[Waiting]:
    """Appraisals that wait for a leader who did not propose them."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.REVIEWER, Role.APPROVER)]
    if not seats:
        return []
    rows = Appraisal.objects.filter(agency__in=seats, decision=None).exclude(person=actor.person)
    return [
        Waiting(
            kind=_("appraisal"),
            title=f"{row.get_result_display()} {row.on_day}",
            step=_("decide on the appraisal"),
            url=reverse("files:archives:appraisal", args=[row.pk]),
            agency=row.agency,
            since=row.at,
        )
        for row in rows.select_related("agency").order_by("at")[:SHOWN]
    ]


def lists(actor: Actor) -> list[Waiting]:
    """Lists of destruction that wait for this person's word."""
    seats = {a.agency_id for a in actor.appointments}
    if not seats:
        return []
    rows = (
        DestructionList.objects.filter(agency__in=seats, destruction=None)
        .exclude(steps__agreed=False)
        .select_related("agency")
        .prefetch_related("steps")
        .order_by("at")[:SHOWN]
    )
    return [
        Waiting(
            kind=_("list of destruction"),
            title=row.number,
            step=words,
            url=reverse("files:archives:list", args=[row.pk]),
            agency=row.agency,
            since=row.at,
            number=row.number,
        )
        for row in rows
        if (words := _word(actor, row))
    ]


def _word(actor: Actor, row: DestructionList) -> object:
    taken = {step.step for step in row.steps.all()}
    mine = row.made_by_id == actor.person.pk
    if Step.REVIEW not in taken:
        return _("review the list") if actor.holds(Role.REVIEWER, row.agency) and not mine else ""
    if Step.APPROVE not in taken:
        return _("approve the list") if actor.holds(Role.APPROVER, row.agency) and not mine else ""
    if Step.WITNESS not in taken:
        return _("witness the destruction") if row.witness_id == actor.person.pk else ""
    return _("carry the list out") if mine else ""


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(GROUP, _("To be filed"), "files:archives:ready", "archive.build", 80),
        Link(GROUP, _("Archive files"), "files:archives:filings", "archive.list", 81, seldom=True),
        Link(GROUP, _("Appraisals"), "files:archives:appraisals", "archive.list", 82, seldom=True),
        Link(GROUP, _("Lists of destruction"), "files:archives:lists", "archive.list", 83, seldom=True),
    )
    navigation.provide("appraisals", appraisals)
    navigation.provide("destruction lists", lists)
