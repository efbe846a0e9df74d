"""Messages from a lower room to an upper one, in the transaction of the act that they tell of.

`emit` writes one row per subscriber; after the commit each is delivered at once, in the request, so
that what a release or a withdrawal must show is there before the answer. A message whose delivery was
cut off is delivered by `sweep`, so handlers must bear being called twice.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongkai.journal import clock
from gongkai.journal.models import Outbox

log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
_subscribers: dict[str, dict[str, Handler]] = {}

# A delivery that has not ended by then was cut off by a crash.
CLAIM = timedelta(minutes=5)


def subscribe(topic: str, name: str, handler: Handler) -> None:
    """Let `handler(payload)` hear of `topic`. name: stable, stored with each message."""
    _subscribers.setdefault(topic, {})[name] = handler


def emit(topic: str, **payload: Any) -> None:
    """Queue `payload` (JSON) for every subscriber, inside the caller's transaction."""
    for name in _subscribers.get(topic, {}):
        row = Outbox.objects.create(topic=topic, subscriber=name, payload=payload, created_at=clock.now())
        transaction.on_commit(lambda pk=row.pk: deliver(pk))


def deliver(pk: int) -> bool:
    """Deliver one message unless someone else has it in hand; whether it is now done."""
    moment = clock.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=moment - CLAIM)
    if not Outbox.objects.filter(free, pk=pk, done_at__isnull=True).update(claimed_at=moment):
        return False
    row = Outbox.objects.get(pk=pk)
    handler = _subscribers.get(row.topic, {}).get(row.subscriber)
    try:
        if handler is not None:
            handler(row.payload)
    except Exception as error:
        # The act itself stands; the sweeper tries again and `check` shows what stays undone.
        log.exception("outbox %s failed", row)
        Outbox.objects.filter(pk=pk).update(
            claimed_at=None, attempts=row.attempts + 1, last_error=f"{type(error).__name__}: {error}"[:500]
        )
        return False
    Outbox.objects.filter(pk=pk).update(done_at=clock.now(), attempts=row.attempts + 1)
    return True


def sweep(limit: int = 500) -> int:
    """Deliver what a crash left behind; how many messages were done."""
    left = Outbox.objects.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:limit]
    return sum(deliver(pk) for pk in list(left))
