"""How often something may be done from one network address; the address is kept only as a keyed digest."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from gongkai.applications.models import Tally
from gongkai.files import sealing
from gongkai.journal import clock

WINDOW = timedelta(minutes=10)
KEPT = timedelta(days=1)


def spent(act: str, address: str, limit: int, *, windows: int = 6) -> bool:
    """Whether `limit` was reached in the running window and the `windows` − 1 before it (each ten minutes)."""
    since = _window() - WINDOW * (windows - 1)
    rows = Tally.objects.filter(key=_key(act, address), window__gte=since)
    return (rows.aggregate(total=Sum("count"))["total"] or 0) >= limit


def count(act: str, address: str) -> None:
    """Add one; old tallies go."""
    key, window = _key(act, address), _window()
    try:
        with transaction.atomic():
            Tally.objects.get_or_create(key=key, window=window)
    except IntegrityError:
        # Another request made the row a moment ago.
        pass
    Tally.objects.filter(key=key, window=window).update(count=F("count") + 1)
    Tally.objects.filter(window__lt=window - KEPT).delete()


def _key(act: str, address: str) -> str:
    return sealing.fingerprint(f"{act} {address}")


def _window() -> datetime:
    moment = clock.now()
    return moment.replace(minute=moment.minute - moment.minute % 10, second=0, microsecond=0)
