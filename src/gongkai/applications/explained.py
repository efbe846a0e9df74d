"""The due day of a case as pages show it: the steps of the clock, and the running term day by day (I3)."""

from collections.abc import Sequence
from typing import Any

from gongkai.agencies import calendars
from gongkai.agencies.deadlines import deadline, light
from gongkai.applications import events, states
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.rulebook.clock_result import Clock
from gongkai.rulebook.term_days import TermDay, counted_days_left, term_days

# A term of 40 working days with consultations; beyond that a list of days explains nothing.
DAYS_SHOWN = 200


def term_of(case: Application, rows: Sequence[CaseEvent] | None = None) -> Clock | None:
    """The clock of a case as of today; None before its receipt."""
    with events.lawful():
        return states.clock_of(events.of(case) if rows is None else rows, clock.today())


def deadline_of(case: Application, term: Clock | None) -> dict[str, Any] | None:
    """Context of workbench/partials/deadline.html with the reasoning; None while no term runs yet."""
    if term is None:
        return None
    steps = [{"text": step.effect, "date": step.on, "article": step.law} for step in term.steps]
    done = term.answered is not None
    words = "" if term.due or done else term.state.value
    shown = deadline(term.due, done=done, provisional=term.provisional, explanation=steps, words=words)
    if not done and term.due is not None and shown["remaining"] is not None and shown["remaining"] >= 0:
        # Days of a consultation are no term days, so fewer are left than the calendar says.
        left = counted_days_left(term, calendars.current(), clock.today())
        shown |= {"remaining": left, "state": light(left)}
    return shown


def days(term: Clock | None) -> list[TermDay]:
    """The running term day by day; empty before the receipt."""
    if term is None:
        return []
    through = term.due if term.due is not None else max(clock.today(), term.day0)
    found = []
    for each in term_days(term, calendars.current(), through):
        found.append(each)
        if len(found) == DAYS_SHOWN:
            break
    return found
