"""The three steps: handler confirms, confidentiality reviewer re-checks, principal leader approves.

Each step is taken by a person appointed to that role in that agency; three different people; the
second and third wrote none of it (谁上网谁负责、先审查后公开、一事一审). The database holds the same
rules (guards.py), so no other door leads round them (I1).
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gongkai.agencies.models import Appointment, Role
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock, outbox
from gongkai.review import consultations, examination, referrals, releases, subjects
from gongkai.review.models import (
    Approval,
    Dispute,
    Examination,
    Finding,
    Resolution,
    ReviewState,
    Revision,
    RevisionEditor,
)
from gongkai.review.roles import STEP_OF_STATE, STEP_ROLES
from gongkai.rulebook.examination import Conclusion
from gongkai.rulebook.norms import cite

AFTER = {1: ReviewState.State.STEP2, 2: ReviewState.State.STEP3}
# Taken away only by who may determine it: see referrals.determines.
MARK = "classification_mark"
MARK_STANDS = gettext_noop(
    "A classification mark is never resolved by a ground: change the text, or refer the matter upward."
)
TOO_LATE = "Someone has decided this step in the meantime. Reload the page."


def blocking(revision: Revision, *, undisputed: bool = False) -> list[Finding]:
    """Blocking findings that nobody resolved; with `undisputed`, only those not even disputed."""
    rows = Finding.objects.filter(
        screening__revision=revision, severity="block", resolution__isnull=True
    ).order_by("pk")
    return list(rows.filter(dispute__isnull=True) if undisputed else rows)


def hindrance(actor: Actor, revision: Revision, step: int) -> str:
    """Why this actor cannot pass `step` now, as one sentence; empty where they can."""
    state = ReviewState.objects.filter(revision=revision).first()
    if state is None or STEP_OF_STATE.get(ReviewState.State(state.state)) != step:
        return _("This revision does not wait for this step.")
    if actor.holds(STEP_ROLES[step], revision.agency) is None:
        return _("You are not appointed to this step in this agency.")
    if revision.approvals.filter(person=actor.person).exists():
        return _("You took another step of this review: the three steps need three people.")
    if step > 1 and RevisionEditor.objects.filter(revision=revision, person=actor.person).exists():
        return _("You wrote in this text: another person must take this step.")
    undisputed = blocking(revision, undisputed=True) if step == 1 else []
    if any(finding.kind == MARK and not referrals.determines(finding) for finding in undisputed):
        return _(MARK_STANDS)
    if undisputed:
        return _("Remove each blocking finding from the text, or dispute it with a ground.")
    if step >= 2 and blocking(revision):
        return _("Blocking findings are open: resolve each with a ground, or return the text.")
    if step >= 2:
        return referrals.hindrance(revision) or consultations.hindrance(revision)
    return ""


def approve(
    actor: Actor,
    revision: Revision,
    *,
    step: int,
    opinion: str,
    checklist: dict[str, bool],
    ground: str = "",
    release_at: datetime | None = None,
    statement: examination.Statement | None = None,
) -> Approval:
    """Pass one step. After the third the revision is released at once, or at `release_at`; where its kind holds it
    for a supervising agency, when that accepts it.

    checklist: every key of the kind's list for this step, True; statement: the ten points, which the first two
    steps of what goes to the public need (保密法实施条例第四十二条). Raises Refused.
    """
    require(actor, f"review.step{step}", revision.agency)
    kind = subjects.kind_of(revision.subject_kind)
    unticked = [str(words) for key, words in kind.asked(step) if checklist.get(key) is not True]
    if unticked:
        raise Refused(_("Confirm each point of the checklist: %(points)s") % {"points": "；".join(unticked)})
    if kind.examined(step) and statement is None:
        raise Refused(str(examination.SHEET_NEEDED), cite("secrecy_rules", 42))
    if release_at is not None and (step != 3 or release_at <= clock.now()):
        raise Refused(_("A release can be set only to a later time, by the leader."))
    if release_at is not None and release_at > clock.now() + timedelta(days=366):
        raise Refused(_("A release can be set at most one year ahead."))
    if step == 3:
        releases.confirm_files(revision)
    try:
        with transaction.atomic():
            state = _lock(revision)
            if reason := hindrance(actor, revision, step):
                raise Refused(reason)
            if statement is not None and kind.examined(step):
                _discloses(step, examination.write(actor, revision, step, statement))
            row = _write(actor, revision, step, Approval.PASSED, opinion, checklist, ground, release_at)
            if step < 3:
                _move(state, AFTER[step])
                outbox.emit("review.waiting", revision=str(revision.pk), step=step + 1)
            elif holder := kind.holds(revision):
                if release_at is not None:
                    raise Refused(str(kind.held_refusal) % {"agency": holder})
                kind.held(revision, actor)
                _move(state, ReviewState.State.HELD)
                outbox.emit("review.held", revision=str(revision.pk))
            elif release_at is not None:
                state.release_at = release_at
                _move(state, ReviewState.State.SCHEDULED)
            else:
                releases.release_locked(state, actor)
    except IntegrityError as error:
        raise Refused(_(TOO_LATE)) from error
    return row


def _discloses(step: int, row: Examination) -> None:
    """Refused where the reviewer's own conclusion does not let the text out."""
    if step == 2 and not Conclusion(row.conclusion).discloses:
        raise Refused(
            _("With this conclusion the text does not go to the leader: it is withheld, or referred upward.")
        )


def refer(actor: Actor, revision: Revision, statement: examination.Statement) -> Examination:
    """The reviewer's examination that ends in 报请确定: the step waits, and the referral is entered next.

    Raises Refused.
    """
    return _examine(actor, revision, statement, Conclusion.REFERRED)


def withhold(actor: Actor, revision: Revision, statement: examination.Statement, *, opinion: str) -> Approval:
    """The reviewer's examination that ends in 不公开: the text goes back, and what it is about is withheld on the
    ground named, as far as its kind knows that. Raises Refused."""
    with transaction.atomic():
        row = _examine(actor, revision, statement, Conclusion.WITHHELD)
        words = opinion.strip() or examination.conclusion_of(row)
        taken = return_(actor, revision, step=2, opinion=words)
        subjects.kind_of(revision.subject_kind).withheld(revision.subject_id, row.grounds, words, actor)
    return taken


def _examine(
    actor: Actor, revision: Revision, statement: examination.Statement, wanted: Conclusion
) -> Examination:
    require(actor, "review.step2", revision.agency)
    if statement.concludes is not wanted:
        raise Refused(_("Choose the conclusion that fits this act."))
    with transaction.atomic():
        state = _lock(revision)
        if state.state != ReviewState.State.STEP2:
            raise Refused(_("This revision does not wait for this step."))
        return examination.write(actor, revision, 2, statement)


def return_(actor: Actor, revision: Revision, *, step: int, opinion: str) -> Approval:
    """Send the text back to the drafter with a reason; the review ends. Raises Refused."""
    require(actor, f"review.step{step}", revision.agency)
    if not opinion.strip():
        raise Refused(_("Say what is to be changed, so that the handler can mend it."))
    try:
        with transaction.atomic():
            state = _lock(revision)
            if STEP_OF_STATE.get(ReviewState.State(state.state)) != step:
                raise Refused(_("This revision does not wait for this step."))
            if revision.approvals.filter(person=actor.person).exists():
                raise Refused(_("You took another step of this review: the three steps need three people."))
            row = _write(actor, revision, step, Approval.RETURNED, opinion, {}, "", None)
            _move(state, ReviewState.State.RETURNED)
            subjects.kind_of(revision.subject_kind).returned(revision.subject_id, actor)
            outbox.emit("review.returned", revision=str(revision.pk))
    except IntegrityError as error:
        raise Refused(_(TOO_LATE)) from error
    return row


def return_held(actor: Actor, state: ReviewState) -> None:
    """Give a held revision back to its drafter, inside the transaction of the supervising agency's decision, which
    holds the state and has written down the reasons."""
    revision = state.revision
    _move(state, ReviewState.State.RETURNED)
    subjects.kind_of(revision.subject_kind).returned(revision.subject_id, actor)
    outbox.emit("review.returned", revision=str(revision.pk))


def _lock(revision: Revision) -> ReviewState:
    state = ReviewState.objects.select_for_update().filter(revision=revision).first()
    if state is None or state.state not in ReviewState.OPEN:
        raise Refused(_("This review has ended already."))
    return state


def _move(state: ReviewState, to: str) -> None:
    state.state = to
    state.changed_at = clock.now()
    state.save(update_fields=["state", "changed_at", "release_at"])


def _write(
    actor: Actor,
    revision: Revision,
    step: int,
    decision: str,
    opinion: str,
    checklist: dict[str, bool],
    ground: str,
    release_at: datetime | None,
) -> Approval:
    row = Approval.objects.create(
        revision=revision,
        digest=revision.digest,
        step=step,
        decision=decision,
        person=actor.person,
        appointment=_appointment(actor, revision, STEP_ROLES[step]),
        opinion=opinion.strip()[:1000],
        ground=ground.strip()[:500],
        checklist=checklist,
        release_at=release_at,
        on_day=clock.today(),
        at=clock.now(),
    )
    chain.record(
        f"review.{decision}",
        actor.who,
        agency=revision.agency_id,
        subject=(revision.subject_kind, revision.subject_id),
        covers=[row],
        step=step,
        digest=revision.digest,
    )
    return row


def _appointment(actor: Actor, revision: Revision, role: str) -> Appointment:
    appointment = actor.holds(role, revision.agency)
    if appointment is None:
        raise Refused(_("You are not appointed to this step in this agency."))
    return appointment


def dispute(actor: Actor, finding: Finding, ground: str) -> Dispute:
    """The handler's ground why a blocking finding is none. Step two decides. Raises Refused."""
    revision = finding.screening.revision
    require(actor, "review.step1", revision.agency)
    _open_finding(finding, ground)
    try:
        with transaction.atomic():
            state = _lock(revision)
            if state.state != ReviewState.State.STEP1:
                raise Refused(_("This revision does not wait for this step."))
            row = Dispute.objects.create(
                finding=finding, person=actor.person, ground=ground.strip()[:500], at=clock.now()
            )
            _record_finding(actor, revision, row, "review.disputed", finding)
    except IntegrityError as error:
        raise Refused(_("This finding is disputed already.")) from error
    return row


def resolve(actor: Actor, finding: Finding, ground: str) -> Resolution:
    """The confidentiality reviewer's ground why a finding does not stand in the way. Raises Refused.

    A classification mark is resolved only by the answer to a referral of this very content that lets it out
    (条例第十七条, 保密法第二十五条); else the text is changed.
    """
    revision = finding.screening.revision
    require(actor, "review.step2", revision.agency)
    _open_finding(finding, ground)
    try:
        with transaction.atomic():
            state = _lock(revision)
            if state.state != ReviewState.State.STEP2:
                raise Refused(_("This revision does not wait for this step."))
            if RevisionEditor.objects.filter(revision=revision, person=actor.person).exists():
                raise Refused(_("You wrote in this text: another person must take this step."))
            row = Resolution.objects.create(
                finding=finding,
                person=actor.person,
                appointment=_appointment(actor, revision, Role.REVIEWER),
                ground=ground.strip()[:500],
                on_day=clock.today(),
                at=clock.now(),
            )
            _record_finding(actor, revision, row, "review.resolved", finding)
    except IntegrityError as error:
        raise Refused(_("This finding is resolved already.")) from error
    return row


def _open_finding(finding: Finding, ground: str) -> None:
    if finding.kind == MARK and not referrals.determines(finding):
        raise Refused(_(MARK_STANDS), "《政府信息公开条例》第十七条")
    if not ground.strip():
        raise Refused(_("Give the ground."))


def _record_finding(
    actor: Actor, revision: Revision, row: Dispute | Resolution, action: str, finding: Finding
) -> None:
    chain.record(
        action,
        actor.who,
        agency=revision.agency_id,
        subject=(revision.subject_kind, revision.subject_id),
        covers=[row],
        finding=finding.kind,
    )
