"""Release, scheduled release and withdrawal."""

import logging
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files import storage
from gongkai.journal import chain, clock, outbox
from gongkai.review import rescreening, subjects
from gongkai.review.models import (
    DraftEditor,
    Release,
    ReviewState,
    Revision,
    Withdrawal,
)
from gongkai.review.submission import cancel, content_of

log = logging.getLogger(__name__)


def release_locked(state: ReviewState, actor: Actor | None) -> Release:
    """Write the release row of an approved revision, inside the transaction that holds its state, and tell of it;
    with it goes what was held for it.

    Publication time and numbers are given here, by the server (I9). The database refuses the row where
    an approval, the screening or an open finding stands against it.
    """
    row = write(state, actor)
    chain.record(
        "review.released",
        actor.who if actor else chain.SWEEPER,
        agency=row.agency_id,
        subject=(row.subject_kind, row.subject_id),
        covers=[row],
        digest=row.digest,
    )
    outbox.emit(
        "review.released",
        release=row.pk,
        kind=row.subject_kind,
        subject=str(row.subject_id),
    )
    _with_it(row.revision, actor)
    return row


def _with_it(revision: Revision, actor: Actor | None) -> None:
    """Release what was held for this one, in the same transaction. Raises Refused."""
    for other in subjects.kind_of(revision.subject_kind).companions(revision):
        release_locked(held(other), actor)


def write(state: ReviewState, actor: Actor | None, manifest: Revision | None = None) -> Release:
    """The release row of a revision with what goes with it; the caller covers it in the journal and tells of it.

    manifest: the revision of the manifest whose approvals are those of this release.
    """
    revision = state.revision
    content = content_of(revision.digest)
    if content is None:
        raise Refused(_("The content of this revision was erased; it cannot be released."))
    row = Release.objects.create(
        subject_kind=revision.subject_kind,
        subject_id=revision.subject_id,
        agency=revision.agency,
        revision=revision,
        digest=revision.digest,
        released_at=clock.now(),
        manifest=manifest,
    )
    state.state = ReviewState.State.RELEASED
    state.changed_at = row.released_at
    state.save(update_fields=["state", "changed_at"])
    # Who saved after this revision was submitted stays a writer of the next.
    DraftEditor.objects.filter(
        frozen_in__subject_kind=row.subject_kind,
        frozen_in__subject_id=row.subject_id,
        frozen_in__number__lte=revision.number,
    ).delete()
    subjects.kind_of(row.subject_kind).released(row, content, actor)
    rescreening.entered(row)
    return row


def held(revision: Revision) -> ReviewState:
    """The state of a revision that is approved and waits for a supervising agency, locked for the transaction.

    Raises Refused where it does not wait any more.
    """
    state = ReviewState.objects.select_for_update().get(revision=revision)
    if state.state != ReviewState.State.HELD:
        raise Refused(_("This text does not wait for the supervising agency any more. Reload the page."))
    return state


def release_due(limit: int = 100) -> int:
    """Release what was approved for a time that has come; how many. Run by the sweeper.

    One that the database or a changed file stands against is left for `gongkai check` and does not hold up
    the others.
    """
    waiting = ReviewState.objects.filter(
        state=ReviewState.State.SCHEDULED, release_at__lte=clock.now()
    ).order_by("release_at")
    done = 0
    for pk in waiting.values_list("pk", flat=True)[:limit]:
        try:
            done += _release_scheduled(pk)
        except (Refused, IntegrityError) as error:
            log.error("scheduled release of revision %s refused: %s", pk, error)
    return done


def _release_scheduled(pk: UUID) -> bool:
    confirm_files(Revision.objects.get(pk=pk))
    with transaction.atomic():
        state = (
            ReviewState.objects.select_for_update()
            .filter(pk=pk, state=ReviewState.State.SCHEDULED, release_at__lte=clock.now())
            .first()
        )
        if state is not None:
            release_locked(state, None)
    return state is not None


def confirm_files(revision: Revision) -> None:
    """Make sure that every file of a revision, and of those that go out with it, is still the one that was reviewed.
    Raises FileChanged."""
    kind = subjects.kind_of(revision.subject_kind)
    for each in (revision, *kind.companions(revision)):
        content = content_of(each.digest)
        for file in kind.files(content) if content is not None else ():
            storage.confirm(file.digest)


def withdraw(
    actor: Actor, release: Release, *, reason: str, show_title: bool = False, note: str = ""
) -> Withdrawal:
    """Take a subject off the public at once. Any one of the three, a deputy, or the supervisor, alone.

    Before this returns, page, attachments, lists, feeds and index entry are gone on this host (the
    subscribers of `review.withdrawn` run after the commit, in the same call). Raises Refused.
    """
    require(actor, "review.withdraw", release.agency)
    if reason not in Withdrawal.Reason.values:
        raise Refused(_("Choose a reason from the list."))
    with transaction.atomic():
        return take_down(actor, release, reason=reason, show_title=show_title, note=note)


def take_down(
    actor: Actor, release: Release, *, reason: str, show_title: bool, note: str, tell: bool = True
) -> Withdrawal:
    """Write the withdrawal, inside the caller's transaction, which has asked the policy. Raises Refused.

    tell: whether the outlets hear of it; who takes down many tells of them together.
    """
    # A release of the successor holds one of these rows, so the two never pass each other.
    states = list(
        ReviewState.objects.select_for_update()
        .filter(subject_kind=release.subject_kind, subject_id=release.subject_id)
        .order_by("pk")
    )
    last = (
        Release.objects.filter(subject_kind=release.subject_kind, subject_id=release.subject_id)
        .order_by("-pk")
        .first()
    )
    if last is None or last.pk != release.pk or hasattr(last, "withdrawal"):
        raise Refused(_("This is not public any more."))
    row = Withdrawal.objects.create(
        release=release,
        reason=reason,
        # After a leak the fixed words stand alone.
        show_title=show_title and reason != Withdrawal.Reason.LEAK,
        note=note[:500],
        person=actor.person,
        at=clock.now(),
    )
    # What was scheduled would put it back by itself, and what is held by somebody else's word: the agency's
    # own people decide anew.
    for state in states:
        if state.state in (ReviewState.State.SCHEDULED, ReviewState.State.HELD, ReviewState.State.LISTED):
            cancel(actor, state, "recalled")
    subjects.kind_of(release.subject_kind).withdrawn(row)
    rescreening.left(release)
    chain.record(
        "review.withdrawn",
        actor.who,
        agency=release.agency_id,
        subject=(release.subject_kind, release.subject_id),
        covers=[row],
        reason=reason,
    )
    if tell:
        outbox.emit(
            "review.withdrawn",
            release=release.pk,
            kind=release.subject_kind,
            subject=str(release.subject_id),
        )
    return row


def history(kind: str, subject_id: UUID) -> list[Revision]:
    """Every revision of a subject with its approvals, newest first."""
    return list(
        Revision.objects.filter(subject_kind=kind, subject_id=subject_id)
        .select_related("submitted_by", "state")
        .prefetch_related("approvals__person")
        .order_by("-number")
    )
