"""鉴定: an archive handler examines files whose period is over and proposes, a leader decides."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files.archives import kinds, standing
from gongkai.files.archives.standing import Result, State
from gongkai.files.models import Appraisal, AppraisalDecision, AppraisedFiling, Filing, FilingState
from gongkai.journal import chain, clock

SUBJECT = "appraisal"
MOST = 500
LONGEST = 500


def propose(
    actor: Actor,
    filings: Sequence[UUID],
    result: str,
    opinion: str,
    *,
    until: date | None = None,
    receiver: str = "",
    receipt: str = "",
) -> Appraisal:
    """Propose one result for files of one agency that were examined together.

    until: for an extension, the day before which they are not examined again; receiver, receipt: for a
    hand-over, who took them over, and the number of the receipt. Raises Refused.
    """
    opinion, receiver, receipt = opinion.strip(), receiver.strip(), receipt.strip()
    if result not in Result.values:
        raise Refused(_("Choose the result: keep longer, hand over or destroy."))
    if not opinion or len(opinion) > LONGEST:
        raise Refused(_("Write the opinion of the panel, at most 500 characters."))
    if not filings or len(set(filings)) > MOST:
        raise Refused(_("Choose from 1 to 500 files."))
    if result == Result.EXTEND and (until is None or until <= clock.today()):
        raise Refused(_("Say until when they are kept; the day lies in the future."))
    if result == Result.TRANSFER and not (receiver and receipt):
        raise Refused(_("Name the archives that took the files over, and the number of their receipt."))
    with transaction.atomic():
        chain.hold()
        rows = list(Filing.objects.filter(pk__in=set(filings)).select_related("agency").order_by("number"))
        if len(rows) != len(set(filings)) or len({row.agency_id for row in rows}) != 1:
            raise Refused(_("The files chosen are not all there, or not of one agency."))
        agency = rows[0].agency
        require(actor, "archive.appraise", agency)
        for row in rows:
            _examine(row, result)
        appraisal = Appraisal.objects.create(
            agency=agency,
            result=result,
            opinion=opinion,
            until=until if result == Result.EXTEND else None,
            receiver=receiver[:100] if result == Result.TRANSFER else "",
            receipt=receipt[:100] if result == Result.TRANSFER else "",
            person=actor.person,
            on_day=clock.today(),
            at=clock.now(),
        )
        examined = [AppraisedFiling.objects.create(appraisal=appraisal, filing=row) for row in rows]
        chain.record(
            "archive.appraisal_proposed",
            actor.who,
            agency=agency.pk,
            subject=(SUBJECT, appraisal.pk),
            covers=[appraisal, *examined],
            result=result,
            numbers=[row.number for row in rows],
        )
        for row in rows:
            standing.refresh(row)
    return appraisal


def _examine(filing: Filing, result: str) -> None:
    """Refuse a result that the file is not ripe for; the sentence names the file."""
    state: FilingState = standing.refresh(filing)
    said = {"number": filing.number}
    if state.state == State.TRANSFERRED:
        if result == Result.DESTROY:
            # What stayed here is a copy.
            return _free(filing)
        raise Refused(_("%(number)s was handed over already.") % said)
    if state.state not in (State.FILED, State.DOOMED):
        words = said | {"state": state.get_state_display()}
        raise Refused(_("%(number)s cannot be appraised now: %(state)s.") % words)
    if result == Result.TRANSFER:
        return None
    due = state.appraise_on
    if due is not None and due > clock.today():
        raise Refused(_("%(number)s is appraised from %(day)s on.") % (said | {"day": due}))
    if result == Result.DESTROY and not filing.years:
        raise Refused(_("%(number)s is kept permanently; it is handed over, not destroyed.") % said)
    return _free(filing) if result == Result.DESTROY else None


def _free(filing: Filing) -> None:
    if reason := kinds.hold_reason(kinds.kind_of(filing.kind), filing.subject_id):
        raise Refused(f"{filing.number}：{reason}")


def decide(actor: Actor, appraisal: Appraisal, *, agreed: bool, opinion: str) -> AppraisalDecision:
    """The leader's word: with it the result counts. Raises Refused for the person who proposed it."""
    require(actor, "archive.decide", appraisal.agency)
    if actor.person.pk == appraisal.person_id:
        raise Refused(_("A panel has two people: who proposed an appraisal does not decide on it."))
    if not agreed and not opinion.strip():
        raise Refused(_("Say why you do not agree."))
    try:
        with transaction.atomic():
            chain.hold()
            row = AppraisalDecision.objects.create(
                appraisal=appraisal,
                agreed=agreed,
                opinion=opinion.strip()[:LONGEST],
                person=actor.person,
                on_day=clock.today(),
                at=clock.now(),
            )
            chain.record(
                "archive.appraisal_decided",
                actor.who,
                agency=appraisal.agency_id,
                subject=(SUBJECT, appraisal.pk),
                covers=[row],
                agreed=agreed,
            )
            for examined in appraisal.rows.select_related("filing__agency"):
                standing.refresh(examined.filing)
    except IntegrityError as error:
        raise Refused(_("This appraisal was decided already.")) from error
    return row
