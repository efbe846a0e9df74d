"""What brings the pages of a running notice to the day: they show the days left, and change when it is over.

The sweeper looks every few seconds; only items whose pages stand for an earlier day are looked at.
"""

from datetime import timedelta

from django.db import transaction

from gongkai.disclosure import content as contents
from gongkai.disclosure import notices
from gongkai.disclosure.models import PeriodWatch
from gongkai.journal import chain, clock, outbox

EVERY = timedelta(seconds=10)
# So many items in one go; the rest a few seconds later.
AT_ONCE = 200


def bring_to_the_day() -> int:
    """Let the pages of every running notice follow the day; how many. A second call on the same day does nothing.

    Those whose last day is over come first: what is no longer to be read goes before any count of days.
    """
    today = clock.today()
    due = PeriodWatch.objects.filter(on__lt=today).order_by("period__ends", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        done += _one(pk)
    return done


def _one(pk: object) -> int:
    today = clock.today()
    with transaction.atomic():
        watch = PeriodWatch.objects.select_for_update().select_related("period", "item").filter(pk=pk).first()
        if watch is None or watch.on >= today:
            return 0
        item, period = watch.item, watch.period
        if item.live_id is None or item.variety not in notices.WITH_PERIOD:
            # Withdrawn, or of another type now: nothing of it depends on the day.
            watch.delete()
            return 0
        if today > period.ends:
            watch.delete()
            chain.record(
                "notice.ended",
                chain.SWEEPER,
                agency=item.agency_id,
                subject=(contents.KIND, item.pk),
                ends=period.ends.isoformat(),
            )
        else:
            PeriodWatch.objects.filter(pk=watch.pk).update(on=today)
        outbox.emit("item.changed", item=str(item.pk))
    return 1
