"""The state cache of reviews, compared with the events it stands for, and rebuilt from them (I2)."""

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
    passed = max((row.step for row in approvals), default=0)
    if passed == 3:
        return ReviewState.State.SCHEDULED
    return (ReviewState.State.STEP1, ReviewState.State.STEP2, ReviewState.State.STEP3)[passed]


def differences(*, repair: bool = False) -> list[str]:
    """Caches that say something else than the events, one sentence each; with `repair` they are set right."""
    found = []
    rows = Revision.objects.select_related("release", "cancellation", "state").prefetch_related("approvals")
    for revision in rows.iterator(chunk_size=500):
        expected = derived(revision)
        state = getattr(revision, "state", None)
        if state is not None and state.state == expected:
            continue
        if repair and state is not None:
            ReviewState.objects.filter(pk=revision.pk).update(state=expected)
        else:
            found.append(f"送审稿“{revision.title}”的状态缓存与审查记录不符；运行 gongkai check --repair。")
    return found
