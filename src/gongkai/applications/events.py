"""Writing what happened to a case: one door, which asks the clock before it opens (I2, I3)."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import states
from gongkai.applications.acts import CLOCK_EVENTS
from gongkai.applications.models import KIND, OPEN_STATES, Application, CaseEvent, Letter
from gongkai.files import sealing
from gongkai.journal import chain, clock, outbox
from gongkai.journal.chain import Who
from gongkai.journal.models import AppendOnly
from gongkai.rulebook.events import ClockError, event_from_json
from gongkai.rulebook.norms import cite
from gongkai.rulebook.outcomes import OUTCOMES

# Told when an answer that a reconsideration or a court ordered went out: {event}.
ANSWERED_AS_ORDERED = "application.answered_as_ordered"
OLDEST = date(2019, 5, 15)
# What happens to a case happens to those that are handled together with it: each keeps its own clock.
SHARED = (CLOCK_EVENTS - {"received"}) | {
    "reasons_requested",
    "reasons_received",
    "consultation_told",
    "third_party_told",
    "extension_approved",
    "searched",
    "withdrawn",
    "decided",
    "decision_dropped",
    "closed",
}


@contextmanager
def lawful() -> Any:
    """A case that the clock does not allow becomes a refusal with its article."""
    try:
        yield
    except ClockError as error:
        raise Refused(error.message, error.article or "") from error


def lock(pk: UUID) -> Application:
    """The case, held until the end of the caller's transaction."""
    return Application.objects.select_for_update().select_related("agency").get(pk=pk)


def followers(case: Application) -> list[Application]:
    """The cases that are handled together with this one, held like it."""
    rows = Application.objects.select_for_update(of=("self",)).filter(lead=case).select_related("agency")
    return list(rows.order_by("number"))


def of(case: Application) -> list[CaseEvent]:
    """The events of a case, in the order of their entry."""
    return list(case.events.select_related("person", "letter").order_by("seq"))


def check(case: Application, type: str, on: date, **data: Any) -> None:
    """Ask whether an event would be lawful on that day; nothing is written. Raises Refused with the article."""
    demand_possible(on)
    if type in CLOCK_EVENTS:
        _clock_with(of(case), type, on, data)
        for each in Application.objects.filter(lead=case):
            with _naming(each):
                _clock_with(of(each), type, on, data)


def demand_past(on: date) -> None:
    """Refuse a day that is still to come."""
    if on > clock.today():
        raise Refused(_("The day %(on)s is still to come; enter what has happened.") % {"on": on})


def demand_possible(on: date) -> None:
    """Refuse a day on which nothing of a case can have happened."""
    demand_past(on)
    if on < OLDEST:
        raise Refused(
            _("The day %(on)s is before the regulation of 2019.") % {"on": on}, cite("regulation", 56)
        )


def _clock_with(rows: Sequence[CaseEvent], type: str, on: date, data: dict[str, Any]) -> None:
    seq = rows[-1].seq + 1 if rows else 1
    hypothetical = CaseEvent(seq=seq, type=type, on=on, data=data)
    with lawful():
        event_from_json({"type": type, "on": on.isoformat()} | data)
        states.standing([*rows, hypothetical])


def write(
    case: Application,
    type: str,
    on: date,
    actor: Actor | None,
    *,
    who: Who | None = None,
    words: str = "",
    letter: Letter | None = None,
    covers: Sequence[AppendOnly] = (),
    **data: Any,
) -> CaseEvent:
    """Record an event inside the caller's transaction, which holds `case`, and bring its cache up to date; for
    the cases handled together with it too, where the event is theirs as well.

    words: free text, sealed under the case key; data: without personal data; covers: further append-only rows
    of the same act. Raises Refused with the article where the clock does not allow it.
    """
    demand_possible(on)
    row = _write(case, type, on, actor, who, words, letter, covers, data)
    if type in SHARED:
        for each in followers(case):
            with _naming(each):
                _write(each, type, on, actor, who, words, letter, (), data | {"of": str(case.pk)})
    return row


@contextmanager
def _naming(follower: Application) -> Any:
    """A refusal says which of the cases handled together keeps the act back."""
    try:
        yield
    except Refused as refusal:
        raise Refused(
            _("%(number)s is handled together with this case, and its own term does not allow it: %(reason)s")
            % {"number": follower.number, "reason": refusal.message},
            refusal.article,
        ) from refusal


def _write(
    case: Application,
    type: str,
    on: date,
    actor: Actor | None,
    who: Who | None,
    words: str,
    letter: Letter | None,
    covers: Sequence[AppendOnly],
    data: dict[str, Any],
) -> CaseEvent:
    rows = of(case)
    if type in CLOCK_EVENTS:
        _clock_with(rows, type, on, data)
    row = CaseEvent.objects.create(
        application=case,
        seq=rows[-1].seq + 1 if rows else 1,
        type=type,
        on=on,
        data=data,
        sealed=sealing.seal(case.case_key, words.strip()),
        letter=letter,
        person=actor.person if actor else None,
        at=clock.now(),
    )
    chain.record(
        f"application.{type}",
        who or (actor.who if actor else chain.SWEEPER),
        agency=case.agency_id,
        subject=(KIND, case.pk),
        covers=[row, *covers],
        on=on,
    )
    refresh(case, [*rows, row])
    if type == "answered" and any("remedy" in each.data for each in rows if each.type == "term_set"):
        outbox.emit(ANSWERED_AS_ORDERED, event=row.pk)
    return row


def words(row: CaseEvent) -> str:
    """The words of an event, opened. Raises sealing.Sealed once the key is destroyed."""
    return sealing.unseal(row.sealed)


CACHED = (
    "state",
    "received_on",
    "due_on",
    "provisional",
    "waits_until",
    "outcome",
    "row",
    "sub_reason",
    "answered_on",
    "closed_on",
    "lead_id",
    "handler_id",
)


def cached(rows: Sequence[CaseEvent]) -> dict[str, Any]:
    """What the cache of a case must hold, from its events."""
    found = states.standing(rows)
    chosen = OUTCOMES.get(found.outcome)
    return {
        "state": found.state.value,
        "received_on": found.received_on,
        "due_on": found.due_on,
        "provisional": bool(found.clock and found.clock.provisional),
        "waits_until": found.waits_until,
        "outcome": found.outcome,
        "row": chosen.row.key if chosen else "",
        "sub_reason": found.sub_reason,
        "answered_on": found.answered_on,
        "closed_on": found.closed_on,
        "lead_id": found.lead,
        "handler_id": found.handler,
    }


def refresh(case: Application, rows: Sequence[CaseEvent] | None = None) -> bool:
    """Make the cache of a case anew from its events; whether it changed."""
    values = cached(of(case) if rows is None else rows)
    changed = {name for name in CACHED if getattr(case, name) != values[name]}
    for name in changed:
        setattr(case, name, values[name])
    if changed:
        case.save(update_fields=sorted(name.removesuffix("_id") for name in changed))
    return bool(changed)


def refresh_open(payload: dict[str, Any] | None = None) -> int:
    """Bring every case to the calendar now in force, after a notice was loaded (I3); how many moved.

    The open ones, and the answered whose last day lay where the notice of payload["year"] reaches: whether their
    answer came in time may have changed with it. Subscriber of `calendar.loaded`. The journal names each moved case.
    """
    touched = Q(state__in=OPEN_STATES) | Q(provisional=True)
    if payload and (year := payload.get("year")):
        # A notice reaches back into December, and the terms of its year end in the next one.
        touched |= Q(due_on__range=(date(year - 1, 12, 1), date(year + 1, 12, 31)))
    moved = 0
    for pk in Application.objects.filter(touched).values_list("pk", flat=True):
        with transaction.atomic():
            case = lock(pk)
            before = _awaited(case)
            if refresh(case) and _awaited(case) != before:
                moved += 1
                chain.record(
                    "application.moved",
                    chain.SWEEPER,
                    agency=case.agency_id,
                    subject=(KIND, case.pk),
                    before=before,
                    after=_awaited(case),
                )
    return moved


def _awaited(case: Application) -> date | None:
    """The last day that a case has now: for the answer, or for what the applicant still owes."""
    return case.due_on or case.waits_until
