"""Taking an entry from one state to the next, by the moves its kind's data declares."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.journal import clock
from gongkai.supervision import attendance, entries, history, rights, values
from gongkai.supervision.definition import Move
from gongkai.supervision.models import Entry, EntryEvent

LONGEST_OUTCOME = 5_000


def available(actor: Actor, entry: Entry) -> tuple[list[Move], list[Move]]:
    """The moves from the entry's state: those the actor may take, and those others take."""
    moves = entry.kind.definition.moves_from(entry.state)
    mine = [move for move in moves if rights.may_take(actor, move, entry)]
    return mine, [move for move in moves if move not in mine]


def take(
    actor: Actor,
    entry: Entry,
    code: str,
    *,
    note: str = "",
    outcome: str = "",
    on: date | None = None,
    fields: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Entry:
    """Take the move `code`. on: the day it happened (default today), kept as the day of closing.

    outcome: replaces what stands there when given; fields: the values the move asks for; version: the one
    the person saw. Raises Refused, entries.Overtaken, values.Wrong.
    """
    with transaction.atomic():
        held = entries.held_for(entry, version)
        move = _move_of(held, code)
        if not rights.may_take(actor, move, held):
            raise rights.refuse(move.by)
        if len(outcome) > LONGEST_OUTCOME or len(note) > entries.LONGEST_NOTE:
            raise Refused(_("The text is longer than 5,000 characters; attach it as a file."))
        before = history.snapshot(held)
        what = held.kind.definition
        held.fields = dict(held.fields) | values.clean(
            what,
            [what.field(name) for name in move.asks],
            fields or {},
            agency=held.agency,
            kept=held.fields,
            case_key=held.case_key,
        )
        held.outcome = outcome.strip() or held.outcome
        for need in move.needs:
            _CHECKS[need](held, note.strip())
        _arrive(held, move, on or clock.today())
        history.write(held, actor, EntryEvent.Act.MOVED, before=before, move=move.code, note=note.strip())
        if move.parent_move and held.parent_id:
            _move_parent(actor, held, move.parent_move)
    return held


def take_of_itself(entry: Entry, code: str, *, outcome: str = "") -> Entry:
    """Take a move that the kind leaves to the system, inside the caller's transaction, which holds the entry."""
    move = _move_of(entry, code)
    before = history.snapshot(entry)
    entry.outcome = outcome[:LONGEST_OUTCOME] or entry.outcome
    _arrive(entry, move, clock.today())
    history.write(entry, None, EntryEvent.Act.MOVED, before=before, move=move.code)
    return entry


def _move_of(entry: Entry, code: str) -> Move:
    what = entry.kind.definition
    try:
        move = what.move(code)
    except KeyError:
        raise Refused(_("“%(kind)s” has no such step.") % {"kind": what.name}) from None
    if entry.state not in move.sources:
        raise Refused(
            _("“%(step)s” is not possible: the entry is “%(state)s” by now.")
            % {"step": move.label, "state": entry.state_name}
        )
    return move


def _arrive(entry: Entry, move: Move, on: date) -> None:
    target = entry.kind.definition.state(move.target)
    if on > clock.today():
        raise Refused(_("A step cannot be entered for a day in the future."))
    if target.end and on < entry.occurred_on:
        raise Refused(
            _("The entry cannot be closed before its own day, %(day)s.") % {"day": entry.occurred_on}
        )
    entry.state = target.code
    entry.closed_as = target.end
    entry.closed_on = on if target.end else None


def _move_parent(actor: Actor, entry: Entry, code: str) -> None:
    """The step the entry above takes with this one, as an edition in force repeals the one before it."""
    parent = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("kind", "agency", "issuer")
        .get(pk=entry.parent_id)
    )
    if parent.agency_id != entry.agency_id:
        return
    move = next((m for m in parent.kind.definition.moves_from(parent.state) if m.code == code), None)
    if move is None:
        return
    before = history.snapshot(parent)
    _arrive(parent, move, max(entry.closed_on or clock.today(), parent.occurred_on))
    why = _("with %(number)s") % {"number": entry.number}
    history.write(parent, actor, EntryEvent.Act.MOVED, before=before, move=move.code, note=why)


def _needs_outcome(entry: Entry, note: str) -> None:
    if not entry.outcome:
        raise values.Wrong({"outcome": _("Write the outcome.")})


def _needs_note(entry: Entry, note: str) -> None:
    if not note:
        raise values.Wrong({"note": _("Give the reason.")})


def _needs_evidence(entry: Entry, note: str) -> None:
    if not entries.evidence(entry):
        raise Refused(_("Add at least one evidence file first."))


def _needs_children(entry: Entry, note: str) -> None:
    open_ones = entry.children.filter(closed_as="").count()
    if open_ones:
        raise Refused(
            _("%(count)d entries below this one are still open: close them first.") % {"count": open_ones}
        )


def _needs_past(entry: Entry, note: str) -> None:
    if entry.occurred_on > clock.today():
        raise Refused(_("Its day, %(day)s, has not come yet.") % {"day": entry.occurred_on})


def _needs_attendance(entry: Entry, note: str) -> None:
    missing = attendance.not_recorded(entry)
    if missing:
        raise Refused(
            _("Attendance is missing for %(count)d people (%(names)s); enter everyone on the staff that day.")
            % {"count": len(missing), "names": "、".join(person.name for person in missing[:3])}
        )


_CHECKS: Mapping[str, Callable[[Entry, str], None]] = {
    "outcome": _needs_outcome,
    "note": _needs_note,
    "evidence": _needs_evidence,
    "children": _needs_children,
    "past": _needs_past,
    "attendance": _needs_attendance,
}
