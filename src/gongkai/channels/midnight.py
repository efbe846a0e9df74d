"""What the site shows differently on another day, brought to it right after midnight.

The list of the site names what stands there, so until a page is written for the new day the watch takes it for right:
nothing is alarmed. Items with a period and lapsed documents tell by themselves (`item.changed`).
"""

from datetime import date, timedelta

from gongkai.channels import ledger, renderers
from gongkai.channels.parts import settle, standing_part
from gongkai.channels.site import settle_standing
from gongkai.disclosure import normative
from gongkai.journal import clock

# A server that stood still for longer finds what changed by the comparison of the whole site.
BACK = timedelta(days=31)
_brought: list[date] = []


def bring_to_the_day() -> bool:
    """Write what depends on the day, where this process has not done so on this day; whether it did."""
    today = clock.today()
    if _brought and _brought[0] == today:
        return False
    since = max(_brought[0], today - BACK) if _brought else today - BACK
    normative.bring_to_the_day(since, today)
    settle_standing()
    with ledger.gathering():
        for public in renderers.kinds():
            for standing in public.beside(None):
                settle(standing_part(standing))
    # Only now: what failed is tried again with the next sweep.
    _brought[:] = [today]
    return True
