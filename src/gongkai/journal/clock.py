"""The one source of the current time.

Only an instance marked as a demonstration lets it be set, so that `gongkai demo` can live a year;
in a real instance a publication time cannot be forged through it (I9).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("gongkai_clock", default=None)


class ClockNotSettable(Exception):
    """The clock of a real instance was asked to show another time."""


def now() -> datetime:
    """The current moment, aware. A real instance never looks at a set clock, however it was set."""
    return (_set.get() if settings.INSTANCE.demo else None) or timezone.now()


def today() -> date:
    """The current day in the instance's time zone."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock show `moment` (aware) inside the block. Raises ClockNotSettable outside a demonstration."""
    if not settings.INSTANCE.demo:
        raise ClockNotSettable("only an instance marked as a demonstration lets its clock be set")
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)


def advance(seconds: int = 60) -> None:
    """Inside `at`: move the set clock forward, so that one step follows another."""
    current = _set.get()
    if current is None:
        raise ClockNotSettable("the clock is not set")
    _set.set(current + timedelta(seconds=seconds))
