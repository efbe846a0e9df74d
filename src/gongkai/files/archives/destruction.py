"""销毁清册: made from agreed appraisals, approved by two leaders, carried out before a witness.

What is on the list and nothing else goes: the case keys, so that no sealed value opens again, the stored files,
the packages. What stays: the rows that statistics count, without what tells of people, and the trail. Each
destruction is also written into the signed list outside the database (journal/erasures.jsonl), so that a backup
made before it, once restored, loses the same again.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies import numbering
from gongkai.agencies.models import Agency, Person, Role
from gongkai.agencies.policy import Actor, Refused, actor_for, allowed, require
from gongkai.files import cleaning, erasing, sealing
from gongkai.files.archives import kept, kinds, standing
from gongkai.files.archives.standing import State
from gongkai.files.models import (
    Attachment,
    DestroyedKey,
    Destruction,
    DestructionList,
    DestructionStep,
    Filing,
)
from gongkai.journal import canon, chain, clock, outbox
from gongkai.journal.chain import Who
from gongkai.journal.models import AppendOnly

SUBJECT = "destruction_list"
SERIES = "archive.destruction"
NUMBER_FORM = "销毁清册〔{year}〕{n}号"
MOST = 500
Step = DestructionStep.Step
ROLES = {Step.REVIEW: Role.REVIEWER, Step.APPROVE: Role.APPROVER}
RIGHTS = {
    Step.REVIEW: "archive.destroy_review",
    Step.APPROVE: "archive.destroy_approve",
    Step.WITNESS: "archive.witness",
    Step.DROP: "archive.destroy",
}


def entries(made: DestructionList) -> list[dict[str, Any]]:
    """The lines of a list, as they were frozen."""
    found: list[dict[str, Any]] = json.loads(made.content)["entries"]
    return found


def make(actor: Actor, agency: Agency, filings: Sequence[UUID], witness: Person) -> DestructionList:
    """A numbered list of files whose destruction was agreed. witness: 监销人, another member of its staff.

    Raises Refused where one of them may not be destroyed, with the reason.
    """
    require(actor, "archive.destroy", agency)
    if not filings or len(set(filings)) > MOST:
        raise Refused(_("Choose from 1 to 500 files."))
    if witness.pk == actor.person.pk or not allowed(actor_for(witness), RIGHTS[Step.WITNESS], agency):
        raise Refused(_("The witness is another member of the staff of this agency."))
    with transaction.atomic():
        chain.hold()
        rows = list(
            Filing.objects.filter(pk__in=set(filings), agency=agency)
            .select_related("agency")
            .order_by("number")
        )
        if len(rows) != len(set(filings)):
            raise Refused(_("The files chosen are not all there, or not of one agency."))
        for row in rows:
            _ripe(row)
        pk = DestructionList._meta.pk.get_default()
        number = numbering.issue(agency, SERIES, NUMBER_FORM, who=actor.who, subject=(SUBJECT, pk)).text
        content = canon.text(
            {
                "number": number,
                "agency": agency.name,
                "entries": [_entry(n, row) for n, row in enumerate(rows, start=1)],
            }
        )
        made = DestructionList.objects.create(
            id=pk,
            agency=agency,
            number=number,
            content=content,
            digest=canon.sm3(content.encode()),
            count=len(rows),
            made_by=actor.person,
            witness=witness,
            on_day=clock.today(),
            at=clock.now(),
        )
        chain.record(
            "archive.list_made",
            actor.who,
            agency=agency.pk,
            subject=(SUBJECT, made.pk),
            covers=[made],
            number=number,
            digest=made.digest,
        )
        for row in rows:
            standing.refresh(row)
    return made


def _ripe(filing: Filing) -> None:
    state = standing.refresh(filing)
    if state.state != State.DOOMED:
        words = {"number": filing.number, "state": state.get_state_display()}
        raise Refused(_("%(number)s cannot be listed for destruction: %(state)s.") % words)
    _not_held(filing)


def _not_held(filing: Filing) -> None:
    if reason := kinds.hold_reason(kinds.kind_of(filing.kind), filing.subject_id):
        raise Refused(f"{filing.number}：{reason}")


def _entry(n: int, filing: Filing) -> dict[str, Any]:
    row = filing.appraised.filter(appraisal__decision__agreed=True).order_by("-pk").first()
    return {
        "n": n,
        "filing": filing.pk.hex,
        "kind": filing.kind,
        "subject": filing.subject_id.hex,
        "key": filing.case_key.hex if filing.case_key else "",
        "serial": filing.serial,
        "number": filing.number,
        "title": filing.title,
        "year": filing.year,
        "years": filing.years,
        "opinion": row.appraisal.opinion if row else "",
    }


def take(
    actor: Actor, made: DestructionList, step: str, *, agreed: bool, opinion: str = ""
) -> DestructionStep:
    """One person's word on a list: review, approval, witnessing; or giving the list up. Raises Refused.

    The confidentiality reviewer comes first, then the leader, another person; then the witness, on the day of
    the destruction. A word that does not agree ends the list; its files can be put on another.
    """
    require(actor, RIGHTS[Step(step)], made.agency)
    if step in ROLES and actor.person.pk == made.made_by_id:
        raise Refused(_("Who made the list does not approve it."))
    if step == Step.WITNESS and actor.person.pk != made.witness_id:
        raise Refused(_("The witness named in the list is %(name)s.") % {"name": made.witness.name})
    if step == Step.DROP:
        agreed = False
    if not agreed and not opinion.strip():
        raise Refused(_("Say why."))
    if agreed:
        _unchanged(made)
    appointment = actor.holds(ROLES[Step(step)], made.agency) if step in ROLES else None
    try:
        with transaction.atomic():
            chain.hold()
            _in_turn(made, Step(step), actor.person)
            row = DestructionStep.objects.create(
                list=made,
                step=step,
                agreed=agreed,
                digest=made.digest,
                person=actor.person,
                appointment=appointment,
                opinion=opinion.strip()[:500],
                on_day=clock.today(),
                at=clock.now(),
            )
            chain.record(
                f"archive.list_{step}",
                actor.who,
                agency=made.agency_id,
                subject=(SUBJECT, made.pk),
                covers=[row],
                agreed=agreed,
                digest=made.digest,
            )
            if not agreed:
                _refresh(made)
    except IntegrityError as error:
        raise Refused(_("This step was taken already, or may not be taken now.")) from error
    return row


def _in_turn(made: DestructionList, step: DestructionStep.Step, person: Person) -> None:
    taken = {row.step: row for row in made.steps.all()}
    if Destruction.objects.filter(list=made).exists():
        raise Refused(_("This list was carried out already."))
    if any(not row.agreed for row in taken.values()):
        raise Refused(_("This list has ended; make another one."))
    if step == Step.APPROVE and Step.REVIEW not in taken:
        raise Refused(_("The confidentiality reviewer examines the list first."))
    if step == Step.APPROVE and taken[Step.REVIEW].person_id == person.pk:
        raise Refused(_("Two different people approve a list of destruction."))
    if step == Step.WITNESS and Step.APPROVE not in taken:
        raise Refused(_("The list is not approved yet."))


def _unchanged(made: DestructionList) -> None:
    if canon.sm3(made.content.encode()) != made.digest:
        raise Refused(
            _("The list was changed after it was made; nothing is destroyed. Tell the audit administrator.")
        )


def hindrance(made: DestructionList) -> str:
    """Why an approved list cannot be carried out now, in one sentence; empty where it can."""
    try:
        _free(made)
    except Refused as refusal:
        return refusal.message
    return ""


def _free(made: DestructionList) -> None:
    _unchanged(made)
    for said in entries(made):
        filing = Filing.objects.filter(pk=UUID(said["filing"])).first()
        if filing is None or _frozen(said) != _frozen(_entry(said["n"], filing)):
            raise Refused(
                _("%(number)s is not what it was when the list was made.") % {"number": said["number"]}
            )
        _not_held(filing)
        if remains := kinds.kind_of(filing.kind).remains(filing.subject_id):
            raise Refused(f"{filing.number}：{remains}")


def _frozen(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("filing", "kind", "subject", "key", "number")}


def carry_out(actor: Actor, made: DestructionList) -> Destruction:
    """Destroy what an approved and witnessed list names. Raises Refused where anything stands against it.

    Everything is asked once more inside the transaction: the digest that the leaders approved, each file's
    state, what holds it back. Then keys, files and packages go together or not at all.
    """
    require(actor, "archive.destroy", made.agency)
    try:
        with transaction.atomic():
            chain.hold()
            made = DestructionList.objects.select_related("agency").get(pk=made.pk)
            _approved(made, actor.person)
            _free(made)
            row = Destruction(
                list=made,
                digest=made.digest,
                person=actor.person,
                on_day=clock.today(),
                at=clock.now(),
            )
            destroy(row, actor.who, "archive.destroyed")
    except IntegrityError as error:
        if "I7" not in str(error):
            raise
        raise Refused(_("The database refuses this destruction: its steps are not all there.")) from error
    return row


def _approved(made: DestructionList, person: Person) -> None:
    taken = {row.step: row for row in made.steps.all()}
    if Destruction.objects.filter(list=made).exists():
        raise Refused(_("This list was carried out already."))
    if any(not row.agreed for row in taken.values()):
        raise Refused(_("This list has ended; make another one."))
    if not {Step.REVIEW, Step.APPROVE} <= set(taken):
        raise Refused(_("The list is not approved yet."))
    witnessed = taken.get(Step.WITNESS)
    if witnessed is None or witnessed.on_day != clock.today():
        raise Refused(_("The witness confirms on the day of the destruction that they are present."))
    if witnessed.person_id == person.pk:
        raise Refused(_("Nobody witnesses what they destroy themselves."))
    if any(row.digest != made.digest for row in taken.values()):
        raise Refused(
            _("The list was changed after it was made; nothing is destroyed. Tell the audit administrator.")
        )


def destroy(row: Destruction, who: Who, action: str, *, covers: Sequence[AppendOnly] = ()) -> None:
    """Carry out a list inside the caller's transaction, which holds the journal; the database asks for its steps.

    covers: further rows of the same act.
    """
    made = row.list
    row.save()
    written: list[AppendOnly] = [*covers, row]
    for said in entries(made):
        kind, pk = kinds.kind_of(said["kind"]), UUID(said["subject"])
        filing = Filing.objects.filter(pk=UUID(said["filing"])).first()
        if said["key"]:
            # First: guards that keep the papers of a case let them go once this row stands.
            written.append(DestroyedKey.objects.create(key=said["key"], destruction=row, at=row.at))
            sealing.destroy(UUID(said["key"]))
        written += _files(kinds.owners(kind, pk), filing, made.number)
        kind.destroyed(pk)
        outbox.emit("archive.destroyed", kind=said["kind"], subject=str(pk))
    chain.record(
        action,
        who,
        agency=made.agency_id,
        subject=(SUBJECT, made.pk),
        covers=written,
        number=made.number,
        digest=made.digest,
    )
    _refresh(made)
    transaction.on_commit(kept.keep, robust=True)


def _files(owners: Sequence[tuple[str, UUID]], filing: Filing | None, ground: str) -> list[AppendOnly]:
    """Erase the packages, and the files that only these owners hold."""
    mine: dict[str, set[tuple[str, UUID]]] = {}
    for kind, pk in owners:
        for digest in Attachment.objects.filter(owner_kind=kind, owner_id=pk).values_list(
            "file_id", flat=True
        ):
            mine.setdefault(digest, set()).add((kind, pk))
    digests = set()
    for digest in mine:
        holders = Attachment.objects.filter(file_id=digest).values_list("owner_kind", "owner_id")
        if set(holders) <= set(owners):
            digests.add(digest)
        else:
            # Somebody else holds the same file; only its place here goes.
            for kind, pk in mine[digest]:
                Attachment.objects.filter(file_id=digest, owner_kind=kind, owner_id=pk).update(
                    name=erasing.NAMELESS
                )
    if filing is not None:
        digests |= set(filing.packages.values_list("file_id", flat=True))
    # What a file was made from goes with it.
    digests |= set(cleaning.behind(digests))
    erased = (erasing.erase(digest, ground) for digest in sorted(digests))
    return [row for row in erased if row is not None]


def _refresh(made: DestructionList) -> None:
    wanted = [UUID(said["filing"]) for said in entries(made)]
    for filing in Filing.objects.filter(pk__in=wanted).select_related("agency"):
        standing.refresh(filing)
