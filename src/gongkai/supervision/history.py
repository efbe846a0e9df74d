"""What happened to an entry: writing its events, and proving that the entry is what they say (I2)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from gongkai.agencies.policy import Actor
from gongkai.journal import chain, clock
from gongkai.journal.chain import Fault
from gongkai.supervision.models import Entry, EntryEvent

SUBJECT = "ledger"
TRACKED = (
    "subject",
    "fields",
    "responsible_id",
    "due_on",
    "occurred_on",
    "year",
    "period",
    "parent_id",
    "state",
    "closed_as",
    "closed_on",
    "outcome",
)
FIXED = ("kind_id", "number", "agency_id", "issuer_id")


def snapshot(entry: Entry) -> dict[str, Any]:
    """What the entry says now, as JSON values."""
    return {name: _plain(getattr(entry, name)) for name in (*FIXED, *TRACKED)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def write(
    entry: Entry,
    actor: Actor | None,
    act: str,
    *,
    before: dict[str, Any],
    move: str = "",
    note: str = "",
    also: dict[str, Any] | None = None,
) -> EntryEvent:
    """Save the entry, with its next version where it differs from `before`, and the event.

    Runs in the caller's transaction; the journal covers the event. actor: None for the system. also: further facts of the event,
    as the name of an evidence file.
    """
    after = snapshot(entry)
    changed = [name for name in after if name not in before or before[name] != after[name]]
    if changed:
        entry.version += 1
        entry.save()
    event = EntryEvent.objects.create(
        entry=entry,
        act=act,
        move=move,
        old={name: before[name] for name in changed if name in before},
        new={name: after[name] for name in changed} | (also or {}),
        note=note,
        person=actor.person if actor else None,
        at=clock.now(),
    )
    chain.record(
        f"ledger.{act}",
        actor.who if actor else chain.SWEEPER,
        agency=entry.agency_id,
        subject=(SUBJECT, entry.pk),
        covers=[event],
        kind=entry.kind_id,
        number=entry.number,
        **({"move": move} if move else {}),
    )
    return event


def replay(events: Iterable[EntryEvent]) -> dict[str, Any]:
    """What an entry must say after these events, oldest first."""
    said: dict[str, Any] = {}
    for event in events:
        said |= {name: value for name, value in event.new.items() if name in (*FIXED, *TRACKED)}
    return said


def faults() -> Iterator[Fault]:
    """Entries that do not say what their events say: changed behind the ledger's back, or forged."""
    rows = Entry.objects.order_by("pk").prefetch_related("events")
    for entry in rows.iterator(chunk_size=500):
        said = replay(sorted(entry.events.all(), key=lambda event: event.pk))
        now = snapshot(entry)
        if wrong := [name for name in now if said.get(name) != now[name]]:
            yield Fault(
                None,
                f"supervision_entry:{entry.pk}",
                f"监督台账 {entry.number} 的内容与其事件记录不符：{'、'.join(wrong)}。",
            )
