"""Answers ordered anew: the linked case of applications opens with the order, and is found from the remedy."""

from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import redo
from gongkai.applications.models import Application
from gongkai.files import sealing
from gongkai.remedies.models import Remedy, RemedyEvent


def case_of(remedy: Remedy) -> Application | None:
    """The case in which the order of the remedy is carried out; None where it is kept on paper."""
    if remedy.redo_due_on is None:
        return None
    return redo.opened_by(remedy.pk, remedy.application)


def open_case(
    actor: Actor, remedy: Remedy, event: RemedyEvent, *, set_by_decision: bool
) -> Application | None:
    """Open the case of an order just entered, in the caller's transaction; None for a remedy without application,
    or about one whose personal data was destroyed. Raises Refused."""
    about = remedy.application
    if about is None or sealing.destroyed(about.case_key):
        return None
    court = remedy.kind != Remedy.Kind.RECONSIDERATION
    paper = event.paper or remedy.case_number or remedy.number
    return redo.open_case(
        actor,
        about,
        redo.Ordered(
            received=event.on,
            until=event.due_on if set_by_decision else None,
            remedy=remedy.pk,
            law=f"{remedy.body}{'判决' if court else '行政复议决定'}（{paper}）",
            court=court,
        ),
    )


def refuse_by_hand(remedy: Remedy) -> None:
    """Raises Refused where the answer anew has a case of its own, whose answer is entered here by itself."""
    linked = case_of(remedy)
    if linked is not None:
        raise Refused(
            _("The answer anew is written in %(number)s: send it there, and it is entered here by itself.")
            % {"number": linked.number}
        )


def lift(actor: Actor, remedy: Remedy, reason: str) -> None:
    """The order is struck out: its case ends, unless something was done in it. Raises Refused."""
    linked = case_of(remedy)
    if linked is not None:
        redo.lift(actor, linked, remedy.pk, reason)
