"""How a case stands on a day, derived from its events; the row's columns are a cache of that (I2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.journal.chain import Fault
from gongkai.remedies.models import Remedy, RemedyEvent
from gongkai.remedies.results import BEFORE

PENDING = Remedy.Column.PENDING.value
# What a registration or a change says of the case; everything else on the row follows from other events.
CONTENT = (
    "agency",
    "application",
    "earlier",
    "number",
    "kind",
    "subject",
    "body",
    "case_number",
    "procedure",
    "received_on",
    "copy_received_on",
    "term_given",
    "handler",
)
# The events that say it.
REGISTERING = (RemedyEvent.Kind.REGISTERED, RemedyEvent.Kind.CHANGED)


@dataclass(frozen=True)
class Standing:
    """Where a case stands: column of table four, finer result and since when, and the rest of the cache."""

    result: str = PENDING
    detail: str = ""
    decided_on: date | None = None
    appealed: bool = False
    answered_on: date | None = None
    redo_due_on: date | None = None
    redo_done_on: date | None = None


def standing(events: Iterable[RemedyEvent], on: date | None = None) -> Standing:
    """The standing after the events up to `on` (None: all of them), in order of their days.

    An event that was struck out counts for nothing. An appeal makes a decided case pending again; a judgment
    on appeal that dismisses it brings the earlier column back.
    """
    rows = list(events)
    gone = {row.struck_id for row in rows if row.struck_id}
    told: dict[str, Any] = {}
    before = PENDING
    for row in sorted(rows, key=lambda row: (row.on, row.pk)):
        if row.pk in gone or (on is not None and row.on > on):
            continue
        match row.kind:
            case RemedyEvent.Kind.ANSWERED:
                told["answered_on"] = row.on
            case RemedyEvent.Kind.DECIDED:
                column = before if row.column == BEFORE else row.column
                open_again = column == PENDING
                told |= {
                    "result": column,
                    "detail": row.detail,
                    "decided_on": None if open_again else row.on,
                    # A case sent back is before the first instance again.
                    "appealed": False if open_again else told.get("appealed", False),
                }
            case RemedyEvent.Kind.APPEALED:
                before = told.get("result", PENDING)
                told |= {"result": PENDING, "detail": "", "decided_on": None, "appealed": True}
            case RemedyEvent.Kind.REDO_OPENED:
                told |= {"redo_due_on": row.due_on, "redo_done_on": None}
            case RemedyEvent.Kind.REDO_DONE:
                told["redo_done_on"] = row.on
    return Standing(**told)


def content_of(remedy: Remedy) -> dict[str, Any]:
    """What the case says, as JSON values."""
    said = {}
    for name in CONTENT:
        value = getattr(remedy, remedy._meta.get_field(name).attname)
        said[name] = None if value is None else str(value)
    return said


def refresh(remedy: Remedy) -> Remedy:
    """Write the standing of now onto the row, with its next version. In the caller's transaction."""
    now = standing(remedy.events.all())
    for name, value in vars(now).items():
        setattr(remedy, name, value)
    remedy.version += 1
    remedy.save()
    return remedy


def faults() -> Iterator[Fault]:
    """Cases whose row does not say what their events say."""
    for remedy in Remedy.objects.order_by("pk").prefetch_related("events").iterator(chunk_size=500):
        events = sorted(remedy.events.all(), key=lambda event: event.pk)
        said: dict[str, Any] = {}
        for event in events:
            said |= event.content if event.kind in REGISTERING else {}
        cached = {name: getattr(remedy, name) for name in Standing.__dataclass_fields__}
        if said != content_of(remedy) or cached != vars(standing(events)):
            yield Fault(
                None,
                f"remedies_remedy:{remedy.pk}",
                f"复议诉讼登记 {remedy.number} 的内容与其事件记录不符。",
            )
