"""Sending letters and proving their arrival (rulebook 4.3, 5.2): the day that counts, and what it brings about.

Handed over or exchanged: the day of signing; by post: the day of posting; electronically: the day of sending. The
proof (送达回证) is the signed receipt, or the log or picture of an electronic sending; what comes back later is filed.
Notices whose term runs from receipt (arts. 32, 34, 42) move the clock when their arrival is entered.
"""

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import (
    events,
    interval,
    letters,
    notices,
    personal,
    sealing_register,
    wording,
)
from gongkai.applications.acts import ACTS, CLOCK_EVENTS, demand
from gongkai.applications.letterkind import still_the_law
from gongkai.applications.models import (
    KIND,
    LETTER,
    Application,
    Dispatch,
    Letter,
    ServiceProof,
    Way,
)
from gongkai.files import sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review.subjects import Content
from gongkai.review.submission import content_of
from gongkai.rulebook.norms import cite, norm
from gongkai.rulebook.remedies import RemedyError

# Their day is the day of arrival, so no further proof is waited for.
ARRIVED = (Way.DIRECT, Way.ENTRUSTED, Way.ELECTRONIC, Way.EXCHANGE)
PROOF = "proof-of-service"
# How other couriers number their parcels, or name themselves: 235号 allows the postal enterprises alone.
_COURIER = re.compile(
    r"^(SF|YT|ZT|JD|JT|YD|DP|STO|ZTO|YTO|DBL|TTK|UPS)[A-Z]*\d{6,}$|顺丰|圆通|中通|申通|韵达|极兔|京东|德邦|百世|天天快递",
    re.IGNORECASE,
)
# Ways in which this platform itself hands the letter over, so that its own journal proves it.
_OWN_LOG = {"online": "在本平台提供，申请人凭登记编号和查询码查阅下载，本平台日志为证。"}
_LAW = f"《{norm('service_letter').title}》"


def dispatch(
    actor: Actor,
    letter: Letter,
    *,
    way: str,
    on: date,
    tracking: str = "",
    words: str = "",
    paper: Attachment | None = None,
) -> Dispatch:
    """Enter that a released letter went out. The answer ends the term; a notice moves the clock. Raises Refused.

    words, paper: where it was handed over or sent at once, who signed or what the log says, and the receipt.
    """
    with transaction.atomic():
        case = events.lock(letter.application_id)
        held = _held(letter)
        act = demand(actor, case, held.act)
        _sendable(case, held, on)
        if act.key == "answer":
            interval.check(case, on)
        sealing_register.refuse_unstamped(held)
        known = _way(case, held, way, tracking, words, paper)
        going = sealing_register.outgoing(held)
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
            digest=going.file_id if going is not None else "",
        )
        if act.at == "dispatch":
            events.write(case, act.event, on, actor, letter=held, **held.terms)
        elif act.event in CLOCK_EVENTS:
            # It moves the clock on its arrival; sent too late it would move nothing.
            events.check(case, act.event, on, **held.terms)
        if way in ARRIVED:
            _prove(actor, case, held, row, on, known, paper)
    return row


def prove(
    actor: Actor, letter: Letter, on: date, *, words: str = "", paper: Attachment | None = None
) -> ServiceProof:
    """Enter that a posted letter arrived, and how that is known. Raises Refused.

    A letter that arrived when it could move the clock no more (the answer had gone out, the term had ended) has
    arrived all the same: a note in the file says why nothing runs from it.
    """
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
        row = _prove(actor, case, held, sent, on, words, paper, late=True)
        if under_other_law(held, on):
            said = _(
                "%(number)s arrived on %(on)s, when another law of remedies was in force than the one whose notice it "
                "carries: serve the right notice besides."
            ) % {"number": held.number, "on": on}
            events.write(case, "note", clock.today(), actor, words=said)
        return row


def under_other_law(letter: Letter, on: date) -> bool:
    """Whether a letter that arrived on that day carries the notice of remedies of another law (rulebook 5.7): it was
    posted in time, and only its addressee can be told now."""
    content = content_of(letter.release.digest) if letter.release else None
    carried = content["remedy"] if content is not None else None
    if carried is None:
        return False
    try:
        then = letters.remedy(letter, on)
    except RemedyError:
        return False
    # A new law may leave the words as they were: then nobody was told anything wrong.
    return then is not None and then.regime != carried["regime"] and then.text != carried["text"]


def file_proof(actor: Actor, letter: Letter, data: bytes, name: str) -> Attachment:
    """File the signed receipt of a letter whose arrival is entered. Raises Refused."""
    require(actor, ACTS[letter.act].right, letter.agency)
    with transaction.atomic():
        held = _held(letter)
        if not hasattr(held, "proof"):
            raise Refused(_("Enter the arrival of this letter first."), _LAW)
        row = storage.attach(
            data,
            name,
            who=actor.who,
            agency=held.agency,
            owner=(LETTER, held.pk),
            purpose=PROOF,
            person=actor.person,
            case_key=held.application.case_key,
        )
        chain.record(
            "letter.proof_filed",
            actor.who,
            agency=held.agency_id,
            subject=(KIND, held.application_id),
            letter=str(held.pk),
            digest=row.file_id,
        )
    return row


def proofs(letter: Letter) -> list[Attachment]:
    """The signed receipts on file for a letter, oldest first."""
    found = list(
        Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk, purpose=PROOF).select_related("file")
    )
    proof = getattr(letter, "proof", None)
    return ([proof.paper] if proof is not None and proof.paper is not None else []) + found


def proved(letter: Letter) -> bool:
    """Whether the file shows that and how the letter arrived: by a paper, or in words."""
    proof = getattr(letter, "proof", None)
    if proof is None:
        return False
    return bool(proofs(letter)) or bool(sealing.unseal(proof.sealed).strip())


def _held(letter: Letter) -> Letter:
    return Letter.objects.select_for_update().get(pk=letter.pk)


def _sendable(case: Application, letter: Letter, on: date) -> None:
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
    _days_still_true(case, letter, content, on)


def _days_still_true(case: Application, letter: Letter, content: Content, on: date) -> None:
    """Refuse where the days that the letter names have passed, or moved, since it was written."""
    if letter.act in ("request_correction", "ask_reasons"):
        until = date.fromisoformat(letter.terms["until"]) if letter.terms.get("until") else None
        if until is not None and until <= on:
            raise Refused(
                _(
                    "The letter sets %(until)s, which leaves no time: give it up, and write one with a later day."
                )
                % {"until": until},
                ACTS[letter.act].law,
            )
    if letter.act == "extend":
        said = letters.opened(content).elements.get("new_due", "")
        due = notices.due_extended(case, on, letter.terms["working_days"])
        if due is not None and letters.prose(due) not in said and due.isoformat() not in said:
            raise Refused(
                _(
                    "The letter promises the answer by %(said)s, but by what has happened since the extended term "
                    "ends on %(due)s: give it up, and write it anew."
                )
                % {"said": said, "due": due},
                ACTS["extend"].law,
            )


def _way(
    case: Application, letter: Letter, way: str, tracking: str, words: str, paper: Attachment | None
) -> str:
    """What proves a sending that arrives at once, in words. Raises Refused where the way is not lawful."""
    if way not in Way.values:
        raise Refused(_("Choose how the letter goes out."), _LAW)
    to_applicant = wording.TEMPLATES[letter.kind].recipient == "applicant"
    chosen = personal.request(case).way if to_applicant else ""
    if way == Way.ELECTRONIC and to_applicant and chosen not in ("email", "online"):
        raise Refused(_("The applicant did not choose electronic service."), cite("regulation", 40))
    if way == Way.ELECTRONIC and not to_applicant and not words.strip():
        raise Refused(
            _(
                "Say how the addressee agreed to electronic service, and what the log shows; otherwise post it."
            ),
            _LAW,
        )
    if way == Way.EXCHANGE and wording.TEMPLATES[letter.kind].recipient not in ("co_maker", "agency"):
        raise Refused(_("Document exchange is for agencies."), _LAW)
    if way == Way.POST and not tracking.strip():
        raise Refused(_("Enter the tracking number of the post."), _LAW)
    if way == Way.POST and _COURIER.search(re.sub(r"[\s-]", "", tracking)):
        raise Refused(
            _("That is the number of another courier: letters go by China Post or EMS alone."), _LAW
        )
    said = words.strip() or (_OWN_LOG.get(chosen, "") if way == Way.ELECTRONIC else "")
    if way == Way.ELECTRONIC and not said and paper is None:
        raise Refused(
            _(
                "Say what the log shows (time, address, answer of the server), or add a picture of the screen."
            ),
            _LAW,
        )
    return said


def _prove(
    actor: Actor,
    case: Application,
    letter: Letter,
    sent: Dispatch,
    on: date,
    words: str,
    paper: Attachment | None,
    *,
    late: bool = False,
) -> ServiceProof:
    """late: whether the arrival is entered even where nothing can run from it any more."""
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
        try:
            with transaction.atomic():
                events.write(case, act.event, on, actor, letter=letter, **_terms(letter, sent))
        except Refused as refusal:
            if not late:
                raise
            said = _("%(number)s arrived on %(on)s, and nothing runs from it: %(reason)s") % {
                "number": letter.number,
                "on": on,
                "reason": refusal.message,
            }
            events.write(case, "note", clock.today(), actor, words=said)
    return row


def without_effect(proof: ServiceProof) -> bool:
    """Whether a letter arrived whose term was to run from its arrival, but does not."""
    return ACTS[proof.letter.act].at == "service" and not proof.letter.events.exists()


def _terms(letter: Letter, sent: Dispatch) -> dict[str, Any]:
    consulted = "ref" in letter.terms
    return letter.terms | ({"sent": sent.on.isoformat()} if consulted else {})
