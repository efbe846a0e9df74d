"""What `journal verify` checks of this room: registered columns and caches are what the events say."""

import json
from collections.abc import Iterator

from gongkai.applications import events, intake
from gongkai.applications.models import KIND, Application, CaseEvent
from gongkai.files import sealing
from gongkai.journal.chain import Fault
from gongkai.journal.models import Entry

# Written where the personal data of a case is destroyed: the digest of the registration without its look-up digests.
EMPTIED = "application.emptied"


def _emptied(case: Application, digest: str) -> bool:
    """Whether the registration was emptied by an approved list, and is otherwise as it was then."""
    if not sealing.destroyed(case.case_key):
        return False
    said = Entry.objects.filter(subject_kind=KIND, subject_id=str(case.pk), action=EMPTIED)
    return any(json.loads(text)["digest"] == digest for text in said.values_list("data", flat=True))


def faults() -> Iterator[Fault]:
    """Applications whose registered columns were changed, or whose cache is not that of their events."""
    for case in Application.objects.order_by("registered_at").iterator(chunk_size=500):
        rows: list[CaseEvent] = events.of(case)
        where = f"applications:{case.number}"
        digest = intake.fixed_digest(case)
        if not rows or (rows[0].data.get("digest") != digest and not _emptied(case, digest)):
            yield Fault(None, where, f"申请 {case.number} 的登记内容被改动。")
            continue
        values = events.cached(rows)
        if wrong := sorted(name for name in events.CACHED if getattr(case, name) != values[name]):
            yield Fault(None, where, f"申请 {case.number} 的状态缓存与事件不符（{'、'.join(wrong)}）。")
