"""The procedure of each kind of matter: one table says which event may follow in which state, and who makes it.

The table is validated when this module is loaded: every state can be reached and left, and no kind reaches
“answered” but through a cleared formal reply (clause S23).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Refused


class Kind(models.TextChoices):
    """The kinds of correspondence; a complaint goes to the agency above the one that it is about (条例 51)."""

    MAILBOX = "mailbox", _("district mayor's mailbox")
    MEDIA_LINE = "media_line", _("government–media line")
    ASSIGNED = "assigned", _("matter assigned by a leader")
    HOTLINE = "hotline", _("12345 hotline ticket")
    COMPLAINT = "complaint", _("complaint about disclosure")


class State(models.TextChoices):
    """Where a matter stands; a cache of its events."""

    REGISTERED = "registered", _("registered")
    SIGNED = "signed", _("signed for")
    PROPOSED = "proposed", _("handling proposed")
    IN_HAND = "in_hand", _("in hand")
    CLEARED = "cleared", _("reply approved, not sent yet")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("matter closed")
    RETURNED = "returned", _("returned to the hotline")
    REDIRECTED = "redirected", _("referred to another procedure")


class Event(models.TextChoices):
    """What may happen to a matter."""

    REGISTERED = "registered", _("Register")
    SIGNED = "signed", _("Sign for the ticket")
    RETURNED = "returned", _("Return the ticket")
    PROPOSED = "proposed", _("Propose the handling")
    ASSIGNED = "assigned", _("Assign")
    PROGRESS = "progress", _("Note progress")
    EXTENDED = "extended", _("Extend the term")
    REDIRECTED = "redirected", _("Refer to another procedure")
    CLEARED = "cleared", _("Approve the formal reply")
    RECALLED = "recalled", _("Take the reply back")
    DISPATCHED = "dispatched", _("Send the reply")
    RATED = "rated", _("Record satisfaction")
    REOPENED = "reopened", _("Handle again")
    CLOSED = "closed", _("Close the matter")
    PUBLISHED = "published", _("Publish question and answer")
    UNPUBLISHED = "unpublished", _("Withdraw question and answer")


# Who makes an event: an act of the policy (correspondence.<role>), the writer by number and code, or the
# review when it releases.
REGISTER, HANDLE, DECIDE, PUBLIC, REVIEW = "register", "handle", "decide", "public", "review"
# Beside the staff of the agency, and of complaints alone: its supervisor (政府信息公开工作主管部门, 条例 47, 51).
SUPERVISE = "supervise"

FINAL = frozenset({State.CLOSED, State.RETURNED, State.REDIRECTED})
# Nothing is due any more: the answer is out, or the matter went elsewhere.
DONE = FINAL | {State.ANSWERED}
WAITING = tuple(state.value for state in State if state not in DONE)

_ALL = tuple(Kind)
_LETTERS = (Kind.MAILBOX, Kind.MEDIA_LINE)
_REFERRED = (*_LETTERS, Kind.COMPLAINT)
# Their writers have a query code.
BY_CODE = (Kind.MAILBOX, Kind.COMPLAINT)

# kinds, states before (None: there is no matter yet), event, who, state after (None: it stays).
_ROWS: tuple[tuple[tuple[Kind, ...], tuple[State | None, ...], Event, tuple[str, ...], State | None], ...] = (
    (_ALL, (None,), Event.REGISTERED, (REGISTER, PUBLIC), State.REGISTERED),
    ((Kind.HOTLINE,), (State.REGISTERED,), Event.SIGNED, (HANDLE,), State.SIGNED),
    ((Kind.HOTLINE,), (State.REGISTERED, State.SIGNED), Event.RETURNED, (HANDLE,), State.RETURNED),
    ((Kind.HOTLINE,), (State.SIGNED,), Event.ASSIGNED, (HANDLE,), State.IN_HAND),
    (_REFERRED, (State.REGISTERED,), Event.ASSIGNED, (HANDLE,), State.IN_HAND),
    (_REFERRED, (State.REGISTERED, State.IN_HAND), Event.REDIRECTED, (HANDLE,), State.REDIRECTED),
    ((Kind.ASSIGNED,), (State.REGISTERED,), Event.PROPOSED, (HANDLE,), State.PROPOSED),
    ((Kind.ASSIGNED,), (State.PROPOSED,), Event.ASSIGNED, (DECIDE,), State.IN_HAND),
    (_ALL, (State.IN_HAND,), Event.PROGRESS, (HANDLE,), None),
    (_ALL, (State.IN_HAND,), Event.EXTENDED, (DECIDE,), None),
    (_ALL, (State.IN_HAND,), Event.CLEARED, (REVIEW,), State.CLEARED),
    (_ALL, (State.CLEARED,), Event.RECALLED, (REVIEW,), State.IN_HAND),
    (_ALL, (State.CLEARED,), Event.DISPATCHED, (HANDLE,), State.ANSWERED),
    (_ALL, (State.ANSWERED,), Event.CLOSED, (HANDLE,), State.CLOSED),
    (_ALL, (State.ANSWERED,), Event.REOPENED, (DECIDE,), State.IN_HAND),
    (BY_CODE, (State.ANSWERED, State.CLOSED), Event.RATED, (PUBLIC, HANDLE), None),
    (
        (Kind.MEDIA_LINE, Kind.ASSIGNED, Kind.HOTLINE),
        (State.ANSWERED, State.CLOSED),
        Event.RATED,
        (HANDLE,),
        None,
    ),
    (_LETTERS, (State.ANSWERED, State.CLOSED), Event.PUBLISHED, (REVIEW,), None),
    (_LETTERS, tuple(State), Event.UNPUBLISHED, (REVIEW,), None),
)


@dataclass(frozen=True)
class Step:
    """One allowed event: who may make it (roles) and the state that it leads to."""

    event: Event
    roles: tuple[str, ...]
    to: State


def _expanded() -> dict[tuple[Kind, State | None, Event], Step]:
    table: dict[tuple[Kind, State | None, Event], Step] = {}
    for kinds, before, event, roles, to in _ROWS:
        for kind in kinds:
            for state in before:
                after = to or state
                if (kind, state, event) in table or after is None:
                    raise ValueError(f"procedure: {kind} {state} {event} stands twice, or leads nowhere")
                by_staff = kind is Kind.COMPLAINT and {REGISTER, HANDLE, DECIDE} & set(roles)
                table[kind, state, event] = Step(event, (*roles, SUPERVISE) if by_staff else roles, after)
    return table


TABLE = _expanded()


def problems(table: dict[tuple[Kind, State | None, Event], Step]) -> list[str]:
    """What is wrong with a procedure table, one line each; empty for a sound one."""
    found = []
    for kind in Kind:
        rows = [(before, step) for (of, before, _event), step in table.items() if of is kind]
        reached: set[State | None] = {None}
        while more := {step.to for before, step in rows if before in reached} - reached:
            reached |= more
        for state in reached - FINAL:
            if not any(before == state and step.to != state for before, step in rows):
                found.append(f"{kind}: no way out of {state}")
        if State.ANSWERED not in reached:
            found.append(f"{kind}: is never answered")
        for before, step in rows:
            if step.to is State.ANSWERED and before not in (State.CLEARED, State.ANSWERED):
                found.append(f"{kind}: answered from {before} without a formal reply")
            if step.to is State.CLEARED and step.roles != (REVIEW,):
                found.append(f"{kind}: a reply cleared without its review")
    return found


if _faults := problems(TABLE):
    raise ValueError("；".join(_faults))


def step(kind: str, state: str | None, event: str) -> Step:
    """The step, where the table allows it; Refused with a sentence where not."""
    found = TABLE.get((Kind(kind), State(state) if state else None, Event(event)))
    if found is None:
        raise Refused(
            gettext("“%(act)s” is not possible: the matter is “%(state)s”.")
            % {"act": Event(event).label, "state": State(state).label if state else ""}
        )
    return found


def steps_from(kind: str, state: str) -> list[Step]:
    """Every step that the table allows from a state, in the order of the table."""
    return [found for (of, before, _event), found in TABLE.items() if of == kind and before == state]


def replay(kind: str, events: Iterable[str]) -> State:
    """The state after these events; Refused where one of them was not allowed."""
    state: State | None = None
    for event in events:
        state = step(kind, state, event).to
    if state is None:
        raise Refused(gettext("A matter without events has no state."))
    return state
