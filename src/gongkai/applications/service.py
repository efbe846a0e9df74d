"""Sending letters and proving their arrival (rulebook 4.3, 5.2): the day that counts, and what it brings about.

Handed over or exchanged: the day of signing; by post: the day of posting; electronically: the day of sending.
Notices whose term runs from receipt (arts. 32, 34, 42) move the clock when their arrival is entered.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import events, personal, wording
from gongkai.applications.acts import ACTS, demand
from gongkai.applications.letterkind import still_the_law
from gongkai.applications.models import (
    KIND,
    Application,
    Dispatch,
    Letter,
    ServiceProof,
    Way,
)
from gongkai.files import sealing
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review.submission import content_of
from gongkai.rulebook.norms import cite, norm

# Their day is the day of arrival, so no further proof is waited for.
ARRIVED = (Way.DIRECT, Way.ENTRUSTED, Way.ELECTRONIC, Way.EXCHANGE)
_LAW = f"《{norm('service_letter').title}》"


def dispatch(actor: Actor, letter: Letter, *, way: str, on: date, tracking: str = "") -> Dispatch:
    """Enter that a released letter went out. The answer ends the term; a notice moves the clock. Raises Refused."""
    with transaction.atomic():
        case = events.lock(letter.application_id)
        held = _held(letter)
        act = demand(actor, case, held.act)
        _sendable(held, on)
        _way(case, held, way, tracking)
        row = Dispatch.objects.create(
            letter=held, way=way, on=on, tracking=tracking.strip()[:40], person=actor.person, at=clock.now()
        )
        held.sent_on = on
        held.save(update_fields=["sent_on"])
        chain.record(
            "letter.dispatched",
            actor.who,
            agency=held.agency_id,
            subject=(KIND, case.pk),
            covers=[row],
            letter=str(held.pk),
            number=held.number,
            way=way,
            on=on,
        )
        if act.at == "dispatch":
            events.write(case, act.event, on, actor, letter=held, **held.terms)
        if way in ARRIVED:
            _prove(actor, case, held, row, on, "", None)
    return row


def prove(
    actor: Actor, letter: Letter, on: date, *, words: str = "", paper: Attachment | None = None
) -> ServiceProof:
    """Enter that a posted letter arrived, and how that is known. Raises Refused."""
    with transaction.atomic():
        case = events.lock(letter.application_id)
        held = _held(letter)
        require(actor, ACTS[held.act].right, case.agency)
        sent = getattr(held, "dispatch", None)
        if sent is None:
            raise Refused(_("This letter was not sent yet."), _LAW)
        if hasattr(held, "proof"):
            raise Refused(_("The arrival of this letter is entered already."), _LAW)
        if not sent.on <= on <= clock.today():
            raise Refused(_("The day of arrival lies between the day of sending and today."), _LAW)
        return _prove(actor, case, held, sent, on, words, paper)


def _held(letter: Letter) -> Letter:
    return Letter.objects.select_for_update().get(pk=letter.pk)


def _sendable(letter: Letter, on: date) -> None:
    if letter.dropped:
        raise Refused(_("This letter will not be sent any more."))
    if letter.release is None or letter.dated is None:
        raise Refused(_("Three people have to release a letter before it is sent."), cite("regulation", 17))
    if hasattr(letter.release, "withdrawal"):
        raise Refused(_("The release of this letter was withdrawn."))
    if hasattr(letter, "dispatch"):
        raise Refused(_("This letter was sent already."))
    if not letter.dated <= on <= clock.today():
        raise Refused(_("The day of sending lies between the date of the letter and today."), _LAW)
    content = content_of(letter.release.digest)
    if content is None:
        raise Refused(_("The content of this revision was erased; it cannot be sent."))
    still_the_law(letter, content, on)


def _way(case: Application, letter: Letter, way: str, tracking: str) -> None:
    if way not in Way.values:
        raise Refused(_("Choose how the letter goes out."), _LAW)
    to_applicant = wording.TEMPLATES[letter.kind].recipient == "applicant"
    if way == Way.ELECTRONIC and to_applicant and personal.request(case).way not in ("email", "online"):
        raise Refused(_("The applicant did not choose electronic service."), cite("regulation", 40))
    if way == Way.EXCHANGE and wording.TEMPLATES[letter.kind].recipient not in ("co_maker", "agency"):
        raise Refused(_("Document exchange is for agencies."), _LAW)
    if way == Way.POST and not tracking.strip():
        raise Refused(_("Enter the tracking number of the post."), _LAW)


def _prove(
    actor: Actor,
    case: Application,
    letter: Letter,
    sent: Dispatch,
    on: date,
    words: str,
    paper: Attachment | None,
) -> ServiceProof:
    row = ServiceProof.objects.create(
        letter=letter,
        on=on,
        sealed=sealing.seal(case.case_key, words.strip()),
        paper=paper,
        person=actor.person,
        at=clock.now(),
    )
    chain.record(
        "letter.served",
        actor.who,
        agency=letter.agency_id,
        subject=(KIND, case.pk),
        covers=[row],
        letter=str(letter.pk),
        on=on,
    )
    act = ACTS[letter.act]
    if act.at == "service":
        events.write(case, act.event, on, actor, letter=letter, **_terms(letter, sent))
    return row


def _terms(letter: Letter, sent: Dispatch) -> dict[str, Any]:
    consulted = "ref" in letter.terms
    return letter.terms | ({"sent": sent.on.isoformat()} if consulted else {})
