"""The working-day calendar in force: the notices that came with this version and those loaded since.

Due dates are derived with it each time they are shown, so loading a notice moves the open cases (I3).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.db import transaction

from gongkai.agencies.models import LoadedNotice
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock, outbox
from gongkai.rulebook.calendar import Calendar, CalendarError, HolidayNotice, standard_calendar

# Inside `once` the calendar is asked for once: a list shows many due days.
_held: ContextVar[list[Calendar] | None] = ContextVar("gongkai_calendar", default=None)


def current() -> Calendar:
    """The calendar in force now, in every process: one small query, the arithmetic is kept."""
    held = _held.get()
    if held:
        return held[0]
    newest = LoadedNotice.objects.order_by("-pk").values_list("pk", flat=True).first()
    calendar = _merged(newest)
    if held is not None:
        held.append(calendar)
    return calendar


@contextmanager
def once() -> Iterator[None]:
    """Ask for the calendar once inside the block: one request, or one page of a list."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


@lru_cache(maxsize=4)
def _merged(newest: int | None) -> Calendar:
    calendar = standard_calendar()
    if newest is None:
        return calendar
    for row in LoadedNotice.objects.filter(pk__lte=newest).order_by("pk"):
        content = {"off": row.off, "work": row.work}
        calendar = calendar.with_notice(HolidayNotice.from_json(row.year, content, row.source))
    return calendar


def load(actor: Actor, year: int, *, off: list[str], work: list[str], source: str) -> LoadedNotice:
    """Load the State Council notice of a year, ISO dates. Raises Refused naming what contradicts itself."""
    require(actor, "configuration.edit", None)
    try:
        HolidayNotice.from_json(year, {"off": off, "work": work}, source)
    except CalendarError as error:
        raise Refused(str(error)) from error
    with transaction.atomic():
        row = LoadedNotice.objects.create(
            year=year,
            off=sorted(off),
            work=sorted(work),
            source=source[:200],
            loaded_by=str(actor.person.pk),
            loaded_at=clock.now(),
        )
        chain.record("calendar.loaded", actor.who, covers=[row], year=year)
        outbox.emit("calendar.loaded", year=year)
    if (held := _held.get()) is not None:
        held.clear()
    return row
