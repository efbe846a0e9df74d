"""What `journal verify` checks of this room: registered columns and caches are what the events say."""

from collections.abc import Iterator

from gongkai.applications import events, intake
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal.chain import Fault


def faults() -> Iterator[Fault]:
    """Applications whose registered columns were changed, or whose cache is not that of their events."""
    for case in Application.objects.order_by("registered_at").iterator(chunk_size=500):
        rows: list[CaseEvent] = events.of(case)
        where = f"applications:{case.number}"
        if not rows or rows[0].data.get("digest") != intake.fixed_digest(case):
            yield Fault(None, where, f"申请 {case.number} 的登记内容被改动。")
            continue
        values = events.cached(rows)
        if wrong := sorted(name for name in events.CACHED if getattr(case, name) != values[name]):
            yield Fault(None, where, f"申请 {case.number} 的状态缓存与事件不符（{'、'.join(wrong)}）。")
