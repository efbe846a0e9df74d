"""Tasks from what a screening afterwards found: one per release, opened and closed by the system.

Told of a screening, a dismissal, a withdrawal or a new release, this looks at how the matter stands now and makes
the ledger say so; it may be told twice, or late.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai import screening
from gongkai.agencies import calendars
from gongkai.agencies.papers import in_chinese
from gongkai.journal import chain, clock, outbox
from gongkai.review import rescreening
from gongkai.review.models import Release, Rescreening
from gongkai.rulebook.calendar import CalendarError
from gongkai.screening import Severity
from gongkai.supervision import entries, history, kinds, moves
from gongkai.supervision.models import Entry, EntryEvent, Kind

KIND = "rescreening"
# Working days for a decision: what may be a leak by the next one, anything else within a week.
DUE_BLOCKING, DUE_WARNING = 1, 5
# So many findings stand in the task; its page shows all that were kept.
LISTED = 50


def listen() -> None:
    """Called once, from the room's AppConfig.ready."""
    outbox.subscribe(rescreening.TOLD, "supervision.rescreened", _screened)
    outbox.subscribe(rescreening.DISMISSED, "supervision.dismissed", _screened)
    outbox.subscribe("review.withdrawn", "supervision.withdrawn", _moved)
    outbox.subscribe("review.released", "supervision.released", _moved)
    outbox.subscribe("review.together", "supervision.together", _moved_together)


def _screened(payload: dict[str, Any]) -> None:
    row = Rescreening.objects.select_related("release__agency", "release__revision").get(
        pk=payload["rescreening"]
    )
    follow(row.release)


def _moved(payload: dict[str, Any]) -> None:
    """A release or withdrawal: the tasks of this subject's releases, if there are any, follow it."""
    open_ones = Entry.objects.filter(kind=KIND, closed_as="", agency__in=_agencies(payload))
    tasks = {int(entry.fields["release"]) for entry in open_ones}
    rows = Release.objects.filter(pk__in=tasks, subject_kind=payload["kind"], subject_id=payload["subject"])
    for release in rows.select_related("agency", "revision"):
        follow(release)


def _moved_together(payload: dict[str, Any]) -> None:
    for row in payload["releases"]:
        _moved(row)


def _agencies(payload: dict[str, Any]) -> Any:
    return Release.objects.filter(pk=payload["release"]).values("agency")


@in_chinese
def follow(release: Release) -> Entry | None:
    """Make the ledger say how the matter of a release stands; its task, None where there never was one."""
    with transaction.atomic():
        # Two who are told at once open one task.
        chain.hold()
        found = rescreening.open_finding(release)
        task = (
            Entry.objects.select_for_update(of=("self",))
            .select_related("kind", "agency", "issuer")
            .filter(kind=KIND, agency=release.agency, closed_as="", fields__release=str(release.pk))
            .first()
        )
        if found is None:
            return _close(task, release) if task else None
        return _say(task, found) if task else _open(found)


def _open(found: Rescreening) -> Entry:
    if not Kind.objects.filter(pk=KIND).exists():
        # An instance of an earlier version does not have the kind yet.
        kinds.load()
    subject = _("Found after publication: %(title)s") % {"title": found.release.revision.title}
    return entries.open_of_itself(
        Kind.objects.get(pk=KIND),
        found.agency,
        subject[: entries.LONGEST_SUBJECT],
        fields=_fields(found),
        due_on=_due(found),
    )


def _due(found: Rescreening) -> Any:
    days = DUE_BLOCKING if _blocks(found) else DUE_WARNING
    try:
        return calendars.current().add_working_days(clock.today(), days)
    except CalendarError:
        return clock.today()


def _blocks(found: Rescreening) -> bool:
    return found.findings.filter(severity=str(Severity.BLOCK)).exists()


def _fields(found: Rescreening) -> dict[str, str]:
    rows = list(found.findings.order_by("pk")[:LISTED])
    lines = [
        f"{screening.KIND_LABELS[screening.Kind(row.kind)]}　{row.location}　{row.excerpt}".rstrip("　")
        for row in rows
    ]
    if found.news > len(rows):
        lines.append(f"另有{found.news - len(rows)}处")
    return {
        "release": str(found.release_id),
        "severity": "block" if _blocks(found) else "warn",
        "reason": found.reason,
        "found": "\n".join(lines),
    }


def _say(task: Entry, found: Rescreening) -> Entry:
    """What the last screening found takes the place of what stands in the task."""
    before = history.snapshot(task)
    task.fields = dict(task.fields) | _fields(found)
    if history.snapshot(task) != before:
        history.write(task, None, EntryEvent.Act.CHANGED, before=before)
    return task


def _close(task: Entry, release: Release) -> Entry:
    if hasattr(release, "withdrawal"):
        return moves.take_of_itself(task, "withdrawn")
    later = Release.objects.filter(
        subject_kind=release.subject_kind, subject_id=release.subject_id, pk__gt=release.pk
    )
    if later.exists():
        return moves.take_of_itself(task, "replaced")
    last = Rescreening.objects.filter(release=release).order_by("-pk").first()
    said = getattr(last, "dismissal", None)
    if said is None:
        return moves.take_of_itself(task, "gone")
    return moves.take_of_itself(task, "dismissed", outcome=f"{said.person.name}：{said.ground}")
