"""Drafting the letters of a case: begun by an act, written by the handler, dropped where they will not be sent.

The text of a letter names the applicant, so it is sealed under the case key before the review keeps it: the
review freezes, signs and compares the sealed text, which opens only with the key (I7).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import numbering
from gongkai.agencies.models import IssuedNumber
from gongkai.agencies.papers import on_record
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import events, partial, relations, wording, wordings
from gongkai.applications.acts import ACTS
from gongkai.applications.models import KIND, LETTER, Application, Decision, Letter, Matter, SubReason
from gongkai.applications.relations import prose as prose
from gongkai.files import cleaning, sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review import drafts, submission
from gongkai.review.models import Draft, ReviewState, Revision
from gongkai.rulebook import remedies
from gongkai.rulebook.amendments import AMENDMENTS
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.outcomes import SubReason as RulebookSubReason


@dataclass(frozen=True)
class Written:
    """The opened text of a letter."""

    addressee: str
    elements: dict[str, str]


def begin(
    actor: Actor,
    case: Application,
    act: str,
    kind: int,
    *,
    elements: Mapping[str, str],
    terms: Mapping[str, Any] | None = None,
    addressee: str = "",
    decision: Decision | None = None,
) -> Letter:
    """A new letter with its first draft, inside the caller's transaction, which holds `case`.

    elements: texts by element key, over those of the template; addressee: empty for the applicant.
    """
    words = wordings.in_force(case.agency, kind)
    letter = Letter.objects.create(
        id=uuid4(),
        application=case,
        agency=case.agency,
        kind=kind,
        act=act,
        terms=dict(terms or {}),
        decision=decision,
        wording=words.row,
        created_by=actor.person,
        created_at=clock.now(),
    )
    computed = relations.computed(case)
    own = wording.amendment_texts(kind) if case.matter == Matter.AMENDMENT else {}
    given = dict(words.texts) | own | {name: text for name, text in elements.items() if text}
    # Whoever writes the letter reads the words that will be printed.
    you = relations.spoken_to(case)
    said = {name: wording.spoken(text, you) for name, text in given.items()} | computed
    if said.get("facts_and_reasons"):
        said["facts_and_reasons"] = relations.preamble(events.of(case)) + said["facts_and_reasons"]
    written = Written(addressee or relations.addressee(case) or "申请人", said)
    drafts.save(
        actor, LETTER, letter.pk, case.agency, content(letter, written, [], words.paragraphs), version=0
    )
    chain.record(
        "letter.begun",
        actor.who,
        agency=case.agency_id,
        subject=(KIND, case.pk),
        letter=str(letter.pk),
        kind=kind,
    )
    return letter


def content(
    letter: Letter, written: Written, attachments: list[str], paragraphs: Sequence[str]
) -> dict[str, Any]:
    """The draft content of a letter: everything that people wrote is sealed. paragraphs: of its wording."""
    text = json.dumps(
        {"addressee": written.addressee, "elements": written.elements}, ensure_ascii=False, sort_keys=True
    )
    return {
        "application": str(letter.application_id),
        "kind": letter.kind,
        "sealed": sealing.seal(letter.application.case_key, text),
        "attachments": attachments,
        "paragraphs": list(paragraphs),
    }


def paragraphs(kind: int, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The paragraphs of a draft or frozen content: its own, whatever the wording in force is now.

    What was frozen before letters kept theirs has those of the standard.
    """
    return tuple(said.get("paragraphs") or wording.TEMPLATES[kind].paragraphs)


def opened(sealed: Mapping[str, Any]) -> Written:
    """The text of a draft or frozen content. Raises sealing.Sealed once the key is destroyed."""
    said = json.loads(sealing.unseal(sealed["sealed"]))
    return Written(said["addressee"], said["elements"])


def draft_of(letter: Letter) -> Draft:
    """The working copy of a letter."""
    draft = drafts.draft_of(LETTER, letter.pk)
    if draft is None:
        raise Refused(_("This letter has no draft."))
    return draft


def save(actor: Actor, letter: Letter, elements: Mapping[str, str], *, version: int) -> Draft:
    """Save what the handler wrote; what the system computes stays. Raises Refused, Overtaken."""
    _writable(actor, letter)
    draft = draft_of(letter)
    before = opened(draft.content)
    allowed = {each.key for each in wording.TEMPLATES[letter.kind].written} - set(fixed(letter))
    said = before.elements | {name: text for name, text in elements.items() if name in allowed}
    if said == before.elements and draft.version == version:
        return draft
    own = paragraphs(letter.kind, draft.content)
    fresh = content(letter, Written(before.addressee, said), draft.content["attachments"], own)
    return drafts.save(actor, LETTER, letter.pk, letter.agency, fresh, version=version)


# What the clock, the ladder or an approval says of a notice, by the term that it goes with: were it written by
# hand, the applicant would be told another day or sum than the one that counts.
_BY_TERM: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("request_correction", "until"): ("correction_term",),
    ("ask_reasons", "until"): ("reasons_term",),
    ("extend", "working_days"): ("approver",),
    ("extend", "due"): ("new_due",),
    ("notify_fee", "amount"): ("fee_standard", "fee_count", "fee_amount"),
}


def fixed(letter: Letter) -> tuple[str, ...]:
    """The elements of a letter that nobody writes by hand."""
    own = [
        name
        for (act, term), names in _BY_TERM.items()
        if act == letter.act and letter.terms.get(term) is not None
        for name in names
    ]
    return (*partial.fixed(letter), *own)


def newer_wording(letter: Letter) -> wordings.Wording | None:
    """The wording in force, where an unreleased letter still has another one; None otherwise."""
    if letter.dropped or letter.release_id:
        return None
    now = wordings.in_force(letter.agency, letter.kind)
    return now if now.paragraphs != paragraphs(letter.kind, draft_of(letter).content) else None


def take_wording(actor: Actor, letter: Letter, *, version: int) -> Draft:
    """Put the wording in force under a draft; what the handler wrote stays. Raises Refused, Overtaken."""
    _writable(actor, letter)
    now = newer_wording(letter)
    if now is None:
        raise Refused(_("This letter has the wording in force already."))
    with transaction.atomic():
        fresh = draft_of(letter).content | {"paragraphs": list(now.paragraphs)}
        draft = drafts.save(actor, LETTER, letter.pk, letter.agency, fresh, version=version)
        letter.wording = now.row
        letter.save(update_fields=["wording"])
        chain.record(
            "letter.reworded",
            actor.who,
            agency=letter.agency_id,
            subject=(KIND, letter.application_id),
            letter=str(letter.pk),
            version=now.version,
        )
    return draft


def submit(actor: Actor, letter: Letter, *, version: int) -> Revision:
    """Freeze the letter and put it before the three people. Raises Refused, submission.Incomplete."""
    _writable(actor, letter)
    return submission.submit(actor, draft_of(letter), version=version)


def attach(
    actor: Actor, letter: Letter, data: bytes, name: str, *, purpose: str = partial.ENCLOSURE
) -> Attachment:
    """Add a file that goes out with the letter, or an original that stays closed. purpose: one of those of
    partial.py. Raises Refused with the reason where it is not taken."""
    _writable(actor, letter)
    partial.refuse_the_original(letter, data, purpose)
    closed = purpose == partial.ORIGINAL
    # What goes out says nothing of its makers; what stays closed stays as it is.
    keep = storage.attach if closed else cleaning.attach
    row = keep(
        data,
        name,
        who=actor.who,
        agency=letter.agency,
        owner=(LETTER, letter.pk),
        purpose=purpose,
        person=actor.person,
        case_key=letter.application.case_key if closed else None,
    )
    if closed:
        return row
    _change_files(actor, letter, [*draft_of(letter).content["attachments"], str(row.pk)])
    return row


def detach(actor: Actor, letter: Letter, attachment: UUID) -> None:
    """Take a file off the draft; what was released keeps it. A closed original goes with its entry."""
    _writable(actor, letter)
    Attachment.objects.filter(
        pk=attachment, owner_kind=LETTER, owner_id=letter.pk, purpose=partial.ORIGINAL
    ).delete()
    kept = [pk for pk in draft_of(letter).content["attachments"] if pk != str(attachment)]
    _change_files(actor, letter, kept)


def _change_files(actor: Actor, letter: Letter, chosen: list[str]) -> None:
    draft = draft_of(letter)
    said = draft.content | {"attachments": chosen}
    drafts.save(actor, LETTER, letter.pk, letter.agency, said, version=draft.version)


def _writable(actor: Actor, letter: Letter) -> None:
    require(actor, ACTS[letter.act].right, letter.agency)
    if letter.dropped:
        raise Refused(_("This letter will not be sent any more."))
    if letter.release_id:
        raise Refused(_("This letter was released and has its number; its text no longer changes."))


def drop(actor: Actor, letter: Letter, reason: Any) -> None:
    """Give a letter up, inside the caller's transaction: its review ends, a number already given stays, void."""
    state = ReviewState.objects.select_for_update().filter(
        subject_kind=LETTER, subject_id=letter.pk, state__in=ReviewState.OPEN
    )
    for running in state:
        submission.cancel(actor, running, "recalled")
    if letter.number:
        issued = IssuedNumber.objects.get(text=letter.number, subject_kind=LETTER, subject_id=str(letter.pk))
        numbering.void(issued, on_record(reason), who=actor.who)
    letter.dropped = True
    letter.save(update_fields=["dropped"])
    chain.record(
        "letter.dropped",
        actor.who,
        agency=letter.agency_id,
        subject=(KIND, letter.application_id),
        letter=str(letter.pk),
    )


def drop_answers(actor: Actor, case: Application) -> None:
    """Give up the unsent answers of a case, for another decision takes their place; as `drop`."""
    for old in case.letters.filter(act="answer", dropped=False, dispatch__isnull=True):
        drop(actor, old, gettext_lazy("another decision was taken"))


def give_up(actor: Actor, letter: Letter) -> None:
    """Give up a notice that is not to be sent; an answer goes with its decision. Raises Refused."""
    require(actor, ACTS[letter.act].right, letter.agency)
    with transaction.atomic():
        events.lock(letter.application_id)
        letter.refresh_from_db()
        if letter.dropped or hasattr(letter, "dispatch"):
            raise Refused(_("This letter was sent or given up already."))
        if letter.decision_id:
            raise Refused(_("This is the answer: take the decision back instead."))
        drop(actor, letter, gettext_lazy("not sent"))


def sub_reason(key: str) -> RulebookSubReason | None:
    """A row of the table of sub-reasons, as the rulebook takes it; None for an empty key."""
    if not key:
        return None
    row = SubReason.objects.filter(key=key).first()
    if row is None:
        raise Refused(_("There is no such sub-reason; choose one from the list."))
    return RulebookSubReason(row.key, row.outcome, row.label, row.letter, row.remedy)


def carries_remedy(letter: Letter) -> bool:
    """Whether the letter must tell of remedies."""
    if letter.decision is not None and letter.decision.outcome not in AMENDMENTS:
        reason = sub_reason(letter.decision.sub_reason)
        return remedies.outcome(letter.decision.outcome).remedy(reason) is not remedies.RemedyClass.NONE
    return LETTER_KINDS[letter.kind].remedy is not remedies.RemedyClass.NONE


def remedy(letter: Letter, on: date) -> remedies.RemedyNotice | None:
    """The notice of remedies for service on that day; None where the letter carries none. Raises RemedyError."""
    agency = letter.agency
    names = (agency.reconsideration_body, agency.superior_department, agency.court)
    if letter.decision is not None and letter.decision.outcome not in AMENDMENTS:
        reason = sub_reason(letter.decision.sub_reason)
        return remedies.remedy_notice(letter.decision.outcome, on, *names, reason)
    return remedies.letter_remedy_notice(letter.kind, on, *names)
