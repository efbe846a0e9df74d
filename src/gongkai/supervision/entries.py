"""Use cases of an entry: open, change, note progress, add evidence, read its private fields."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import ADMINISTRATORS, Agency, Appointment, Person
from gongkai.agencies.numbering import issue
from gongkai.agencies.policy import Actor, Refused, allowed, effective
from gongkai.files import sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.supervision import history, rights, values
from gongkai.supervision.definition import Definition
from gongkai.supervision.models import Entry, EntryEvent, Kind

LONGEST_SUBJECT, LONGEST_NOTE, DEEPEST, MOST_FILES = 300, 5_000, 10, 100
SERIES = "ledger:"


class Overtaken(Refused):
    """Someone else changed the entry in the meantime."""


def open_entry(
    actor: Actor,
    kind: Kind | str,
    agency: Agency,
    subject: str,
    *,
    fields: Mapping[str, Any] | None = None,
    responsible: Person | None = None,
    due_on: date | None = None,
    occurred_on: date | None = None,
    year: int | None = None,
    period: str = "",
    parent: Entry | None = None,
) -> Entry:
    """Open an entry about `agency`; it gets the next number of its kind in the series of who opens it.

    fields: values by the kind's schema. occurred_on: default today; year: default that of occurred_on.
    Raises Refused; values.Wrong (a Refused) names every field that is not right.
    """
    row = kind if isinstance(kind, Kind) else Kind.objects.filter(pk=kind).first()
    if row is None or not row.active:
        raise Refused(_("This kind of entry is not in use."))
    what = row.definition
    issuer = rights.issuer_for(actor, what, agency)
    day = occurred_on or clock.today()
    with transaction.atomic():
        entry = Entry(
            id=uuid.uuid4(),
            kind=row,
            agency=agency,
            issuer=issuer,
            subject=subject,
            responsible=responsible,
            due_on=due_on,
            occurred_on=day,
            year=year or day.year,
            period=period,
            parent=parent,
            state=what.first.code,
            created_by=actor.person,
            created_at=clock.now(),
            version=0,
        )
        if any(field.type == "private" for field in what.fields):
            entry.case_key = sealing.new_key().pk
        _settle(entry, what, fields or {}, asked=what.form_fields)
        number = issue(
            issuer, f"{SERIES}{row.pk}", what.number, who=actor.who, subject=(history.SUBJECT, entry.pk)
        )
        entry.number = number.text
        entry.save(force_insert=True)
        history.write(entry, actor, EntryEvent.Act.OPENED, before={})
    return entry


def open_of_itself(
    kind: Kind, agency: Agency, subject: str, *, fields: Mapping[str, Any], due_on: date | None = None
) -> Entry:
    """Open an entry that nobody opens but the system; it belongs to the agency, and the head's inbox or the roles
    of its kind have it. Inside the caller's transaction. Raises values.Wrong where the kind asks for more."""
    what = kind.definition
    day = clock.today()
    entry = Entry(
        id=uuid.uuid4(),
        kind=kind,
        agency=agency,
        issuer=agency,
        subject=subject,
        due_on=due_on,
        occurred_on=day,
        year=day.year,
        state=what.first.code,
        created_at=clock.now(),
        version=0,
    )
    _settle(entry, what, fields, asked=what.form_fields)
    entry.number = issue(
        agency, f"{SERIES}{kind.pk}", what.number, who=chain.SWEEPER, subject=(history.SUBJECT, entry.pk)
    ).text
    entry.save(force_insert=True)
    history.write(entry, None, EntryEvent.Act.OPENED, before={})
    return entry


def change(
    actor: Actor,
    entry: Entry,
    *,
    fields: Mapping[str, Any] | None = None,
    note: str = "",
    version: int | None = None,
    **base: Any,
) -> Entry:
    """Change what an open entry says. base: subject, responsible, due_on, occurred_on, year, period, parent.

    version: the one the person saw (default: that of `entry`). Raises Refused, Overtaken, values.Wrong.
    """
    known = {"subject", "responsible", "due_on", "occurred_on", "year", "period", "parent"}
    if unknown := set(base) - known:
        raise TypeError(f"change() got an unexpected keyword {min(unknown)!r}")
    with transaction.atomic():
        held = held_for(entry, version)
        what = held.kind.definition
        if not rights.may_change(actor, held):
            raise Refused(_("You may not change this entry."))
        state = what.state(held.state)
        if state.end or state.fixed:
            raise Refused(
                _("The entry is “%(state)s”; its content can no longer be changed.") % {"state": state.name}
            )
        before = history.snapshot(held)
        for name, value in base.items():
            setattr(held, name, value)
        _settle(held, what, fields or {}, asked=what.form_fields)
        if history.snapshot(held) == before:
            return held
        history.write(held, actor, EntryEvent.Act.CHANGED, before=before, note=_note(note))
    return held


def held_for(entry: Entry, version: int | None) -> Entry:
    """The entry locked for this transaction. Raises Overtaken where it is not the one the person saw."""
    held = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("kind", "agency", "issuer", "responsible", "parent")
        .get(pk=entry.pk)
    )
    if held.version != (entry.version if version is None else version):
        raise Overtaken(
            _("Someone else changed this entry in the meantime. Reload the page and look at what is new.")
        )
    return held


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise Refused(_("The note is longer than 5,000 characters; attach it as a file."))
    return text.strip()


def _settle(entry: Entry, what: Definition, said: Mapping[str, Any], *, asked: Any) -> None:
    """Check the entry as it is to be; collect everything that is wrong."""
    problems: dict[str, str] = {}
    entry.subject = entry.subject.strip()
    if not entry.subject or len(entry.subject) > LONGEST_SUBJECT:
        problems["subject"] = _("The subject is 1 to 300 characters long.")
    for name, presence, value in (
        ("due_on", what.due, entry.due_on),
        ("responsible", what.responsible, entry.responsible),
        ("parent", what.parent, entry.parent),
    ):
        if presence == "required" and value is None:
            problems[name] = _("“%(kind)s” needs this.") % {"kind": what.name}
        if presence == "none" and value is not None:
            problems[name] = _("“%(kind)s” does not have this.") % {"kind": what.name}
    if entry.period not in Entry.Period.values or (entry.period and not what.periodic):
        problems["period"] = _("Choose one of the periods.")
    if not values.FIRST <= entry.occurred_on <= values.LAST or not 2000 <= entry.year <= 2099:
        problems["occurred_on"] = _("The day and the year lie between 2000 and 2099.")
    if entry.due_on is not None and entry.due_on < entry.occurred_on:
        problems["due_on"] = _("The due day lies before the day of the entry.")
    for name, check in (("responsible", _responsible), ("parent", _parent)):
        try:
            check(entry, what)
        except Refused as refusal:
            problems.setdefault(name, refusal.message)
    try:
        entry.fields = dict(entry.fields) | values.clean(
            what, asked, said, agency=entry.agency, kept=entry.fields, case_key=entry.case_key
        )
    except values.Wrong as wrong:
        problems |= wrong.problems
    if problems:
        raise values.Wrong(problems)


def responsible_choices(agency: Agency) -> Any:
    """Who can be responsible: people with a business role in the agency, who can see the entry."""
    return Person.objects.filter(
        pk__in=Appointment.objects.filter(effective(clock.today()), agency=agency)
        .exclude(role__in=ADMINISTRATORS)
        .values("person")
    )


def _responsible(entry: Entry, what: Definition) -> None:
    person = entry.responsible
    if person is None:
        return
    if entry.pk and Entry.objects.filter(pk=entry.pk, responsible=person).exists():
        return
    if not responsible_choices(entry.agency).filter(pk=person.pk).exists():
        raise Refused(
            _(
                "%(name)s holds no role in %(agency)s and could not see the entry: choose someone appointed there."
            )
            % {"name": person.name, "agency": entry.agency.name}
        )


def _parent(entry: Entry, what: Definition) -> None:
    parent = entry.parent
    if parent is None:
        return
    if parent.kind_id not in what.parents:
        raise Refused(
            _("“%(kind)s” does not belong to an entry of the kind “%(parent)s”.")
            % {"kind": what.name, "parent": parent.kind.name}
        )
    if not (
        entry.agency.path.startswith(parent.agency.path) or parent.agency.path.startswith(entry.agency.path)
    ):
        raise Refused(_("The entry above belongs to another agency."))
    above: Entry | None = parent
    for _step in range(DEEPEST):
        if above is None:
            return
        if above.pk == entry.pk:
            raise Refused(_("An entry cannot belong to itself."))
        above = above.parent
    raise Refused(_("Entries may stand ten deep, no deeper."))


def note(actor: Actor, entry: Entry, text: str) -> EntryEvent:
    """Note progress on an open entry. Raises Refused."""
    with transaction.atomic():
        held = (
            Entry.objects.select_for_update(of=("self",))
            .select_related("kind", "agency", "issuer")
            .get(pk=entry.pk)
        )
        _may_add(actor, held)
        if not text.strip():
            raise Refused(_("Write what has been done."))
        return history.write(
            held, actor, EntryEvent.Act.NOTED, before=history.snapshot(held), note=_note(text)
        )


def add_evidence(actor: Actor, entry: Entry, data: bytes, name: str) -> Attachment:
    """Attach a file as evidence. Raises Refused with the reason where it is not taken."""
    with transaction.atomic():
        held = (
            Entry.objects.select_for_update(of=("self",))
            .select_related("kind", "agency", "issuer")
            .get(pk=entry.pk)
        )
        _may_add(actor, held)
        if len(evidence(held)) >= MOST_FILES:
            raise Refused(_("An entry holds at most 100 files."))
        row = storage.attach(
            data,
            name,
            who=actor.who,
            agency=held.agency,
            owner=(history.SUBJECT, held.pk),
            purpose="evidence",
            person=actor.person,
        )
        history.write(
            held,
            actor,
            EntryEvent.Act.EVIDENCE,
            before=history.snapshot(held),
            also={"file": row.name, "digest": row.file_id},
        )
    return row


def evidence(entry: Entry) -> list[Attachment]:
    """The evidence files of an entry, oldest first."""
    return storage.attached(history.SUBJECT, entry.pk)


def _may_add(actor: Actor, entry: Entry) -> None:
    if not rights.may_add(actor, entry):
        raise Refused(_("You may not add to this entry."))
    if not entry.open:
        raise Refused(_("This entry is closed; nothing is added to it any more."))


def private_facts(actor: Actor, entry: Entry) -> list[dict[str, Any]]:
    """The entry's fields with the sealed ones opened; the journal says who read them (I7). Raises Refused."""
    if not rights.may_see_private(actor, entry):
        raise Refused(_("Personal data is shown only to the agency that took this in."))
    with transaction.atomic():
        chain.record(
            "ledger.private_read",
            actor.who,
            agency=entry.agency_id,
            subject=(history.SUBJECT, entry.pk),
            number=entry.number,
        )
    return values.shown(entry.kind.definition, entry.fields, opened=True)


def visible(actor: Actor, entry: Entry) -> bool:
    """Whether the policy lets the actor see this entry."""
    return allowed(actor, "ledger.read", entry.agency)
