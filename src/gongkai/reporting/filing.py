"""Filing with the supervising agency: filed, returned with reasons or accepted; published unawaited on the last day.

An agency submits its report to the supervising agency of the same level and publishes it (条例第四十九条). Where that
agency collects, an approved report waits for its word, and its acceptance is the release: of the same content, with
the same three approvals (I1). The agency stays bound by the law itself: on the last day and after it the leader may
publish without waiting, with a reason.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency, Appointment, Role
from gongkai.agencies.policy import Actor, Refused, approver, effective, grant, oversees, require
from gongkai.journal import chain, clock
from gongkai.reporting import collecting
from gongkai.reporting.filing_models import Filing, FilingDecision, FilingReminder, FilingUnawaited
from gongkai.reporting.models import AnnualReport
from gongkai.review import approvals, releases
from gongkai.review.models import ReviewState, Revision
from gongkai.rulebook.terms import REPORT_LAW

DECIDE, UNAWAITED = "report.accept", "report.unawaited"
grant(DECIDE, oversees, gettext_lazy("decide on the reports that this agency files"))
grant(
    UNAWAITED,
    approver,
    gettext_lazy("publish the report of this agency without waiting for the supervising agency"),
)

LONGEST_OPINION, LONGEST_REASON, LONGEST_REMARK, MOST_REMARKS = 1000, 500, 500, 200
TOO_LATE = "Someone has decided on this report in the meantime. Reload the page."


def file(revision: Revision, actor: Actor) -> Filing:
    """Put an approved revision before the superior that collects, inside the transaction of the third approval."""
    report = (
        AnnualReport.objects.select_for_update(of=("self",))
        .select_related("agency")
        .get(pk=revision.subject_id)
    )
    rules = collecting.rules_for(report.agency)
    rule, terms = rules.over(report.agency, report.year), rules.terms(report.agency, report.year)
    if rule is None or terms is None:
        raise Refused(_("No superior collects this report."))
    row = Filing.objects.create(
        report=report,
        revision=revision,
        digest=revision.digest,
        collector=rule.agency,
        file_by=terms.file_by,
        last_day=terms.last_day,
        person=actor.person,
        on_day=clock.today(),
        at=clock.now(),
    )
    if report.live_id is None:
        report.state = AnnualReport.State.FILED
        report.save(update_fields=["state"])
    _record("report.filed", actor, row, [row], late=row.late)
    return row


def _record(action: str, actor: Actor, filing: Filing, rows: Sequence[Any], **data: Any) -> None:
    chain.record(
        action,
        actor.who,
        agency=filing.revision.agency_id,
        subject=("report", filing.report_id),
        covers=rows,
        digest=filing.digest,
        **data,
    )


def hindrance(actor: Actor, filing: Filing) -> str:
    """Why this actor cannot decide on the filing now, as one sentence; empty where they can."""
    revision = filing.revision
    if revision.state.state != ReviewState.State.HELD:
        return _("This report does not wait for a decision.")
    if seat(actor, filing) is None:
        return _("Only the supervisor of an agency above decides on this report.")
    own = (
        actor.person.agency_id == revision.agency_id
        or revision.approvals.filter(person=actor.person).exists()
        or revision.editors.filter(person=actor.person).exists()
        or Appointment.objects.filter(
            effective(clock.today()), person=actor.person, agency=revision.agency
        ).exists()
    )
    if own:
        return _("You work for the agency that files this report: another supervisor decides on it.")
    return ""


def seat(actor: Actor, filing: Filing) -> Appointment | None:
    """The appointment by which the actor decides: supervisor of the collecting agency or of one above it."""
    own, collects = filing.revision.agency, filing.collector
    fitting = [
        each
        for each in actor.appointments
        if each.role == Role.SUPERVISOR
        and each.agency_id != own.pk
        and own.path.startswith(each.agency.path)
        and collects.path.startswith(each.agency.path)
    ]
    return max(fitting, key=lambda each: (len(each.agency.path), not each.deputy), default=None)


def accept(actor: Actor, filing: Filing, *, opinion: str = "") -> FilingDecision:
    """Accept what was filed: exactly this content is released at once. Raises Refused."""
    require(actor, DECIDE, filing.revision.agency)
    releases.confirm_files(filing.revision)
    try:
        with transaction.atomic():
            state = releases.held(filing.revision)
            row = _decide(actor, filing, FilingDecision.ACCEPTED, opinion, [])
            releases.release_locked(state, actor)
    except IntegrityError as error:
        raise Refused(_(TOO_LATE)) from error
    return row


def return_(
    actor: Actor, filing: Filing, *, opinion: str, remarks: Sequence[dict[str, str]] = ()
) -> FilingDecision:
    """Give the report back with reasons: it is a draft again, for a new revision and a new filing.

    remarks: {where, label, text} of a cell or part. Raises Refused.
    """
    require(actor, DECIDE, filing.revision.agency)
    kept = [each for each in remarks if each["text"].strip()]
    if not opinion.strip() and not kept:
        raise Refused(_("Say what is to be changed, so that the agency can mend it."))
    if len(kept) > MOST_REMARKS or any(len(each["text"]) > LONGEST_REMARK for each in kept):
        raise Refused(
            _("At most %(n)d remarks of %(length)d characters each.")
            % {"n": MOST_REMARKS, "length": LONGEST_REMARK}
        )
    try:
        with transaction.atomic():
            state = releases.held(filing.revision)
            row = _decide(actor, filing, FilingDecision.RETURNED, opinion, kept)
            approvals.return_held(actor, state)
    except IntegrityError as error:
        raise Refused(_(TOO_LATE)) from error
    return row


def _decide(
    actor: Actor, filing: Filing, decision: str, opinion: str, remarks: Sequence[dict[str, str]]
) -> FilingDecision:
    if len(opinion) > LONGEST_OPINION:
        raise Refused(_("Shorten the opinion to %(n)d characters.") % {"n": LONGEST_OPINION})
    # What the page showed may be older than the state that is locked now.
    filing.revision.refresh_from_db(fields=["state"])
    appointment = seat(actor, filing)
    if (reason := hindrance(actor, filing)) or appointment is None:
        raise Refused(reason)
    row = FilingDecision.objects.create(
        filing=filing,
        digest=filing.digest,
        decision=decision,
        person=actor.person,
        appointment=appointment,
        opinion=opinion.strip(),
        remarks=[
            {"where": each["where"], "label": each["label"], "text": each["text"].strip()} for each in remarks
        ],
        on_day=clock.today(),
        at=clock.now(),
    )
    _record(f"report.{decision}", actor, filing, [row])
    return row


def may_publish_unawaited(filing: Filing, on: date | None = None) -> bool:
    """Whether the last day of art. 49 has come, so that the agency need not wait any longer."""
    return (on or clock.today()) >= filing.last_day


def publish_unawaited(actor: Actor, filing: Filing, *, reason: str) -> FilingUnawaited:
    """The leader publishes on the last day, or after it, without the supervising agency's word. Raises Refused."""
    require(actor, UNAWAITED, filing.revision.agency)
    if not may_publish_unawaited(filing):
        raise Refused(
            _("Until %(day)s the report waits for the supervising agency.")
            % {"day": filing.last_day.isoformat()},
            REPORT_LAW,
        )
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(
            _("Give the reason, in at most %(n)d characters; the supervising agency sees it.")
            % {"n": LONGEST_REASON}
        )
    appointment = actor.holds(Role.APPROVER, filing.revision.agency)
    if appointment is None:
        raise Refused(_("You are not appointed to this step in this agency."))
    releases.confirm_files(filing.revision)
    try:
        with transaction.atomic():
            state = releases.held(filing.revision)
            row = FilingUnawaited.objects.create(
                filing=filing,
                digest=filing.digest,
                reason=reason.strip(),
                person=actor.person,
                appointment=appointment,
                on_day=clock.today(),
                at=clock.now(),
            )
            _record("report.unawaited", actor, filing, [row], reason=row.reason)
            releases.release_locked(state, actor)
    except IntegrityError as error:
        raise Refused(_(TOO_LATE)) from error
    return row


def remind(actor: Actor, agency: Agency, year: int, words: str = "") -> FilingReminder:
    """Remind an agency that has not filed; it stands in the inbox of its people until it does. Raises Refused."""
    require(actor, DECIDE, agency)
    if not any(each.role == Role.SUPERVISOR and each.agency_id != agency.pk for each in actor.appointments):
        raise Refused(_("Only the supervisor of an agency above reminds it."))
    rule = collecting.rules_for(agency).over(agency, year)
    if rule is None:
        raise Refused(_("No superior of this agency collects the reports on %(year)d.") % {"year": year})
    report = AnnualReport.objects.filter(agency=agency, year=year).first()
    if report is not None and report.state in (AnnualReport.State.FILED, AnnualReport.State.PUBLIC):
        raise Refused(_("This report is there already."))
    with transaction.atomic():
        row = FilingReminder.objects.create(
            agency=agency,
            collector=rule.agency,
            year=year,
            words=words.strip()[:500],
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.reminded",
            actor.who,
            agency=agency.pk,
            subject=("agency", agency.pk),
            covers=[row],
            year=year,
        )
    return row


def standing(report: AnnualReport) -> Filing | None:
    """The latest filing of a report, whatever became of it."""
    return (
        Filing.objects.filter(report=report)
        .select_related(
            "revision__state",
            "revision__agency",
            "collector",
            "person",
            "decision__person",
            "unawaited__person",
            "report__agency",
        )
        .order_by("-pk")
        .first()
    )


def after_steps(revision: Revision) -> str:
    """The state of an approved and unreleased revision by its filing: held, returned, or empty where it has none."""
    row = Filing.objects.filter(revision=revision).select_related("decision").first()
    if row is None:
        return ""
    decided = getattr(row, "decision", None)
    returned = decided is not None and decided.decision == FilingDecision.RETURNED
    return str(ReviewState.State.RETURNED if returned else ReviewState.State.HELD)
