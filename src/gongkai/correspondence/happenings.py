"""Writing an event of a matter: the one place where its state moves."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Person
from gongkai.agencies.policy import Actor, Refused, allowed, require
from gongkai.correspondence import procedure
from gongkai.correspondence.models import Matter, MatterEvent
from gongkai.correspondence.procedure import Event
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who

# The public is named by channel only.
WEB = Who("public:web")
LONGEST_WORDS = 2000
CACHES = ["state", "handler", "runs_from", "extra_days", "answered_on"]
GRANTED = (procedure.REGISTER, procedure.HANDLE, procedure.DECIDE, procedure.SUPERVISE)


def held(matter: Matter) -> Matter:
    """The matter, locked until the transaction ends."""
    return Matter.objects.select_for_update(of=("self",)).select_related("agency", "about").get(pk=matter.pk)


def refuse_partial(actor: Actor, matter: Matter) -> None:
    """Raise Refused for somebody who works for the agency that the complaint is about, or for one below it."""
    about = matter.about
    if about is not None and any(a.agency.path.startswith(about.path) for a in actor.appointments):
        raise Refused(_("You work for the agency complained of: somebody else handles this complaint."))


def permit(actor: Actor, matter: Matter, event: str) -> None:
    """Raise Refused unless the table allows the event now and the policy lets the actor make it."""
    refuse_partial(actor, matter)
    roles = [role for role in procedure.step(matter.kind, matter.state, event).roles if role in GRANTED]
    if not any(allowed(actor, f"correspondence.{role}", matter.agency) for role in roles):
        require(actor, f"correspondence.{roles[0] if roles else procedure.HANDLE}", matter.agency)
        raise Refused(_("This happens by the review alone."))


def write(
    who: Who,
    matter: Matter,
    event: str,
    *,
    person: Person | None = None,
    on: date | None = None,
    words: str = "",
    data: dict[str, Any] | None = None,
) -> MatterEvent:
    """Append an event to a locked matter and move its caches, inside the caller's transaction.

    on: the day it happened (default today); data: JSON without personal data of the public. Raises Refused
    where the table does not allow the event.
    """
    first = not MatterEvent.objects.filter(matter=matter).exists()
    after = procedure.step(matter.kind, None if first else matter.state, event).to
    row = MatterEvent.objects.create(
        matter=matter,
        n=MatterEvent.objects.filter(matter=matter).count() + 1,
        kind=event,
        on=on or clock.today(),
        at=clock.now(),
        person=person,
        words=_measured(words),
        data=data or {},
    )
    matter.state = after
    _caches(matter, row)
    matter.save(update_fields=CACHES)
    chain.record(
        f"correspondence.{Event(event).value}",
        who,
        agency=matter.agency_id,
        subject=("matter", matter.pk),
        covers=[row],
        n=row.n,
    )
    return row


def _measured(words: str) -> str:
    said = words.strip()
    if len(said) > LONGEST_WORDS:
        raise Refused(_("Shorten this to %(n)d characters.") % {"n": LONGEST_WORDS})
    return said


def _caches(matter: Matter, row: MatterEvent) -> None:
    if row.kind == Event.ASSIGNED:
        matter.handler_id = row.data["lead"]
    elif row.kind == Event.EXTENDED:
        matter.extra_days += row.data["days"]
    elif row.kind == Event.REOPENED:
        matter.runs_from, matter.extra_days = row.on, 0
    elif row.kind == Event.DISPATCHED:
        # The first answer counts; handling again does not make an old matter a new one.
        matter.answered_on = matter.answered_on or row.on


def rebuild(matter: Matter) -> Matter:
    """Derive the caches of a matter anew from its events; the matter as saved. Runs in its own transaction."""
    events = list(matter.events.order_by("n"))
    matter.state = procedure.replay(matter.kind, [row.kind for row in events])
    matter.handler_id, matter.extra_days, matter.answered_on = None, 0, None
    matter.runs_from = matter.received_on
    for row in events:
        _caches(matter, row)
    matter.save(update_fields=CACHES)
    return matter
