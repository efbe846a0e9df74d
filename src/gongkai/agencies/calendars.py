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
    rows = LoadedNotice.objects.order_by("pk").values_list("year", "off", "work", "source")
    calendar = _merged(tuple((year, tuple(off), tuple(work), source) for year, off, work, source in rows))
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
def _merged(rows: tuple[tuple[int, tuple[str, ...], tuple[str, ...], str], ...]) -> Calendar:
    """By what the notices say and not by their keys: a restored database may give the same keys to others."""
    calendar = standard_calendar()
    for year, off, work, source in rows:
        notice = HolidayNotice.from_json(year, {"off": list(off), "work": list(work)}, source)
        calendar = calendar.with_notice(notice)
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
