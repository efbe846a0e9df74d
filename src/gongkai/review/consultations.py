"""Consultation of other agencies before something goes out that concerns them (条例第十一条第一款).

Of a document made together the lead agency gets the written consent of the others. What was not answered, or refused,
stands in the way of steps two and three until that agency is asked anew and consents.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock
from gongkai.review.models import Consultation, ConsultationAnswer, ReviewState, Revision
from gongkai.rulebook.norms import cite

ARTICLE = cite("regulation", 11, 1)


def ask(
    actor: Actor,
    revision: Revision,
    *,
    consulted: str,
    asked_on: date,
    joint: bool = False,
    question: str = "",
    document_number: str = "",
) -> Consultation:
    """Put on record that another agency was asked about this content. Raises Refused."""
    require(actor, "review.refer", revision.agency)
    if not consulted.strip():
        raise Refused(_("Name the agency that was asked."), ARTICLE)
    if asked_on > clock.today():
        raise Refused(_("The day lies in the future."))
    with transaction.atomic():
        state = ReviewState.objects.select_for_update().filter(revision=revision).first()
        if state is None or state.state not in ReviewState.OPEN:
            raise Refused(_("This review has ended already."))
        if revision.consultations.filter(consulted=consulted.strip(), answer__isnull=True).exists():
            raise Refused(_("This agency was asked already; enter its answer first."))
        row = Consultation.objects.create(
            revision=revision,
            digest=revision.digest,
            consulted=consulted.strip()[:100],
            joint=joint,
            question=question.strip()[:1000],
            document_number=document_number.strip()[:80],
            asked_on=asked_on,
            person=actor.person,
            at=clock.now(),
        )
        _record(actor, revision, row, "review.consulted", consulted=row.consulted)
    return row


def answer(
    actor: Actor,
    consultation: Consultation,
    *,
    consents: bool,
    answered_on: date,
    document_number: str = "",
    note: str = "",
) -> ConsultationAnswer:
    """Put on record what the agency said. Of a document made together a consent is written: it has a number.

    Raises Refused.
    """
    revision = consultation.revision
    require(actor, "review.refer", revision.agency)
    if not consultation.asked_on <= answered_on <= clock.today():
        raise Refused(_("The answer lies between the day of asking and today."))
    if consents and consultation.joint and not document_number.strip():
        raise Refused(
            _("Of a document made together the consent is written: enter its document number."), ARTICLE
        )
    if not consents and not note.strip():
        raise Refused(_("Say why the agency does not consent."), ARTICLE)
    try:
        with transaction.atomic():
            row = ConsultationAnswer.objects.create(
                consultation=consultation,
                consents=consents,
                document_number=document_number.strip()[:80],
                answered_on=answered_on,
                note=note.strip()[:1000],
                person=actor.person,
                at=clock.now(),
            )
            _record(actor, revision, row, "review.consultation_answered", consents=consents)
    except IntegrityError as error:
        raise Refused(_("This consultation is answered already.")) from error
    return row


def _record(
    actor: Actor, revision: Revision, row: Consultation | ConsultationAnswer, action: str, **data: Any
) -> None:
    chain.record(
        action,
        actor.who,
        agency=revision.agency_id,
        subject=(revision.subject_kind, revision.subject_id),
        covers=[row],
        **data,
    )


def hindrance(revision: Revision) -> str:
    """Which agencies have not answered or do not consent, as one sentence; empty where none is left."""
    latest = {row.consulted: row for row in revision.consultations.select_related("answer").order_by("pk")}
    left = [name for name, row in latest.items() if not hasattr(row, "answer") or not row.answer.consents]
    if not left:
        return ""
    return _("%(who)s has not agreed yet: enter the consent, or return the text.") % {"who": "、".join(left)}
