"""Where a case stands, from its events alone (I2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gongkai.agencies import calendars
from gongkai.applications.acts import CLOCK_EVENTS
from gongkai.applications.models import CaseEvent, State
from gongkai.rulebook.answer_terms import ANSWER_DAYS, STATUTORY, AnswerTerm, Order, amendment, anew
from gongkai.rulebook.clock import clock
from gongkai.rulebook.clock_result import Clock, ClockState
from gongkai.rulebook.consultation import WaitingFor
from gongkai.rulebook.events import ClockError, Event, event_from_json


@dataclass(frozen=True)
class Standing:
    """What the events of a case say. clock: None before the receipt day is known."""

    state: State
    clock: Clock | None
    outcome: str = ""
    sub_reason: str = ""
    closed_on: date | None = None
    lead: UUID | None = None
    handler: UUID | None = None

    @property
    def received_on(self) -> date | None:
        return self.clock.received if self.clock else None

    @property
    def due_on(self) -> date | None:
        return self.clock.due if self.clock else None

    @property
    def waits_until(self) -> date | None:
        """The last day of the correction or payment that is waited for; None where nothing is."""
        if self.clock is None or self.state not in (State.CORRECTING, State.PAYING):
            return None
        wanted = (WaitingFor.CORRECTION, WaitingFor.PAYMENT)
        return next((each.until for each in self.clock.waiting if each.whom in wanted), None)

    @property
    def answered_on(self) -> date | None:
        return self.clock.answered if self.clock else None


def in_order(rows: Sequence[CaseEvent]) -> list[CaseEvent]:
    """Events by the day that counts; what was entered later on the same day comes later."""
    return sorted(rows, key=lambda row: (row.on, row.seq))


def clock_events(rows: Sequence[CaseEvent], *, settled: bool = False) -> list[Event]:
    """The events of the clock, as the rulebook takes them. settled: those on file count as in time."""
    return [
        replace(
            event_from_json({"type": row.type, "on": row.on.isoformat()} | row.data),
            settled=settled and _on_file(row),
        )
        for row in in_order(rows)
        if row.type in CLOCK_EVENTS
    ]


def _on_file(row: CaseEvent) -> bool:
    return not row._state.adding


def clock_of(rows: Sequence[CaseEvent], as_of: date | None = None) -> Clock | None:
    """The clock of a case with the calendar in force; None before its receipt. Raises ClockError.

    A notice loaded since may show that what is on file came late: that is said in its steps and refuses nothing but
    what is still to be entered. As long as the file is in order by the calendar in force, all of it is judged.
    """
    try:
        return _counted(rows, as_of)
    except ClockError:
        on_file = [row for row in rows if _on_file(row)]
        if len(on_file) < len(rows) and _in_order_by_law(on_file):
            raise
        return _counted(rows, as_of, settled=True)


def _counted(rows: Sequence[CaseEvent], as_of: date | None, *, settled: bool = False) -> Clock | None:
    events = clock_events(rows, settled=settled)
    if not events:
        return None
    term, order = term_of(rows)
    return clock(events, calendars.current(), as_of, term=term, order=order)


def _in_order_by_law(rows: Sequence[CaseEvent]) -> bool:
    try:
        _counted(rows, None)
    except ClockError:
        return False
    return True


# What a `term_set` event says (its data["kind"]): a term by analogy, an answer anew, an order on a case that is
# still to be answered, or that such an order fell away.
AMENDMENT, ANEW, ORDER, LIFTED = "amendment", "anew", "order", "lifted"


def term_of(rows: Sequence[CaseEvent]) -> tuple[AnswerTerm, Order | None]:
    """How long the answer may take: art. 33, unless the case began or was ordered otherwise (`term_set`)."""
    term, order = STATUTORY, None
    for row in sorted(rows, key=lambda row: row.seq):
        if row.type != "term_set":
            continue
        kind = row.data["kind"]
        if kind == AMENDMENT:
            term = amendment(row.data["working_days"])
        else:
            order = None if kind == LIFTED or (kind == ANEW and not row.data["until"]) else _order(row)
            if kind == ANEW:
                term = anew(ordered=order is not None)
    return term, order


def _order(row: CaseEvent) -> Order:
    if row.data["until"]:
        until = date.fromisoformat(row.data["until"])
    else:
        # The decision sets no day: 20 working days from its receipt (rulebook 4.5), by the calendar in force.
        until = calendars.current().add_working_days(row.on, ANSWER_DAYS)
    return Order(row.on, until, row.data["law"])


def standing(rows: Sequence[CaseEvent]) -> Standing:
    """Derive state, term, outcome, handler and closing day. Raises ClockError for events that the law does not
    allow."""
    term = clock_of(rows)
    ordered = sorted(rows, key=lambda row: row.seq)
    given = _last(ordered, "assigned")
    handler = UUID(given.data["to"]) if given is not None else None
    joined = _last(ordered, "merged", "separated")
    # Only the event of the joining case names its lead.
    lead = UUID(joined.data["lead"]) if joined is not None and "lead" in joined.data else None
    if term is None:
        return Standing(State.REGISTERED, None, lead=lead, handler=handler)
    last = _last(ordered, "decided", "decision_dropped")
    decided = last.data if last is not None and last.type == "decided" else {}
    closed = _last(ordered, "closed")
    return Standing(
        _state(term, bool(decided), closed is not None),
        term,
        decided.get("outcome", ""),
        decided.get("sub_reason", ""),
        closed.on if closed else None,
        lead,
        handler,
    )


# What a reader saw where nothing was decided.
UNDECIDED = "none"


def decision_in_force(rows: Sequence[CaseEvent]) -> str:
    """Which decision a case has now, for comparing with what a reader saw; UNDECIDED where it has none."""
    last = _last(sorted(rows, key=lambda row: row.seq), "decided", "decision_dropped")
    return str(last.data["decision"]) if last is not None and last.type == "decided" else UNDECIDED


def _last(ordered: Sequence[CaseEvent], *types: str) -> CaseEvent | None:
    return next((row for row in reversed(ordered) if row.type in types), None)


def _state(term: Clock, decided: bool, closed: bool) -> State:
    if closed:
        return State.CLOSED
    if term.answered is not None:
        return State.ANSWERED
    if decided:
        return State.DECIDED
    if term.state is ClockState.AWAITING_CORRECTION:
        return State.CORRECTING
    if term.state is ClockState.AWAITING_PAYMENT:
        return State.PAYING
    return State.PROCESSING
