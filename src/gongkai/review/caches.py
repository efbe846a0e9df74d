"""The state cache of reviews, compared with the events it stands for, and rebuilt from them (I2)."""

from datetime import datetime

from django.db import transaction

from gongkai.journal import clock
from gongkai.review import subjects
from gongkai.review.models import Approval, ReviewState, Revision


def derived(revision: Revision) -> str:
    """Where a revision stands, from its events alone."""
    approvals = list(revision.approvals.all())
    if hasattr(revision, "release"):
        return ReviewState.State.RELEASED
    if hasattr(revision, "cancellation"):
        return ReviewState.State.CANCELLED
    if any(row.decision == Approval.RETURNED for row in approvals):
        return ReviewState.State.RETURNED
    if revision.batch_id is not None:
        return ReviewState.State.LISTED
    passed = max((row.step for row in approvals), default=0)
    if passed == 3:
        waits = subjects.kind_of(revision.subject_kind).after_steps(revision)
        return ReviewState.State(waits) if waits else ReviewState.State.SCHEDULED
    return (ReviewState.State.STEP1, ReviewState.State.STEP2, ReviewState.State.STEP3)[passed]


def differences(*, repair: bool = False) -> list[str]:
    """Caches that are missing or say something else than the events, one sentence each.

    With `repair` they are written anew from the events, and nothing is listed.
    """
    wrong: list[tuple[Revision, str]] = []
    rows = Revision.objects.select_related("release", "cancellation", "state").prefetch_related("approvals")
    for revision in rows.iterator(chunk_size=500):
        expected = derived(revision)
        state = getattr(revision, "state", None)
        if state is None or (state.state, state.release_at) != (expected, _release_at(revision)):
            wrong.append((revision, expected))
    if not repair:
        return [
            f"送审稿“{revision.title}”的状态缓存与审查记录不符；运行 gongkai check --repair。"
            for revision, _expected in wrong
        ]
    with transaction.atomic():
        # The ended ones first: of one subject at most one may be open at any moment.
        for revision, expected in sorted(wrong, key=lambda pair: pair[1] in ReviewState.OPEN):
            _write(revision, expected)
    return []


def _release_at(revision: Revision) -> datetime | None:
    return next((row.release_at for row in revision.approvals.all() if row.step == 3), None)


def _write(revision: Revision, state: str) -> None:
    ReviewState.objects.update_or_create(
        revision=revision,
        defaults={
            "subject_kind": revision.subject_kind,
            "subject_id": revision.subject_id,
            "agency_id": revision.agency_id,
            "state": state,
            "release_at": _release_at(revision),
            "changed_at": clock.now(),
        },
    )
