"""What runs by itself: rooms register a function and an interval; `gongkai serve` runs them beside the server.

A sweep finishes what a crash cut off, releases what is due, and looks after what should be there. Each bears
being run at any time and twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gongkai.journal import chain, clock, outbox
from gongkai.journal.models import Entry

log = logging.getLogger(__name__)


@dataclass
class Sweep:
    """name; every: the interval; run: the work, answering how much it did; last: when it ran in this process."""

    name: str
    every: timedelta
    run: Callable[[], object]
    last: datetime | None = None


_sweeps: dict[str, Sweep] = {}


def register(name: str, every: timedelta, run: Callable[[], object]) -> None:
    """Add a sweep; called once, from a room's AppConfig.ready."""
    _sweeps[name] = Sweep(name, every, run)


def sweep(*, everything: bool = False) -> dict[str, object]:
    """Run what is due (or everything) and answer name → result. One failing sweep does not stop the others."""
    done: dict[str, object] = {}
    for entry in _sweeps.values():
        moment = clock.now()
        if not everything and entry.last is not None and moment - entry.last < entry.every:
            continue
        entry.last = moment
        try:
            done[entry.name] = entry.run()
        except Exception:
            log.exception("sweep %s failed", entry.name)
    return done


def sign_day() -> bool:
    """Once a day an entry whose signed head is kept for good (I2)."""
    with transaction.atomic():
        last = Entry.objects.filter(action="journal.day").order_by("-seq").first()
        if last is not None and last.at.date() == clock.now().date():
            return False
        chain.record("journal.day", chain.SWEEPER)
    return True


register("outbox", timedelta(seconds=30), outbox.sweep)
register("journal.day", timedelta(hours=1), sign_day)
