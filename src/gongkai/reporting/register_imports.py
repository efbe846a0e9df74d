"""Filling a register from a spreadsheet: looked at first, then taken whole or not at all.

Read (reading.registers) → a plan of what is added and changed → confirmed by who sent it in. The same file a second
time adds nothing. What is kept of the file is its digest (SM3); no party of a decision is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure.models import DecisionCount, NormativeDocument, NormativeEvent, RegisterImport
from gongkai.journal import canon, chain, clock
from gongkai.reporting.reading import registers
from gongkai.reporting.reading.registers import Reading, RegisterError
from gongkai.reporting.sources.disclosure import ENDED, standing
from gongkai.reporting.upload_models import Upload

ADDED, CHANGED, SAME, STRUCK = "added", "changed", "same", "struck"
Register = RegisterImport.Register
CHARGES = DecisionCount.Kind.CHARGES


@dataclass(frozen=True)
class Change:
    """What one row does: place in the file, the act, its name, what stands now and what would.

    act: ADDED or CHANGED; SAME and STRUCK change nothing. STRUCK: the decision was struck out as it stands in the file.
    """

    place: str
    act: str
    name: str
    now: str
    then: str
    values: Mapping[str, str | None]


@dataclass(frozen=True)
class Plan:
    """What an upload would do, row by row, and why it cannot be taken: [place, sentence]."""

    changes: tuple[Change, ...]
    faults: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]

    def count(self, act: str) -> int:
        return sum(one.act == act for one in self.changes)

    @property
    def mark(self) -> str:
        """What was shown, in short: confirming another plan is refused."""
        return registers.fingerprint([[one.act, one.name, one.now, one.then] for one in self.changes])


def send_in(actor: Actor, agency: Agency, register: str, name: str, data: bytes) -> Upload:
    """Read a file for a register and keep what was read until it is confirmed. Raises Refused."""
    upload = look(actor, agency, register, name, data)
    with transaction.atomic():
        Upload.objects.filter(person=actor.person, agency=agency, purpose=register).delete()
        upload.save()
    return upload


def look(actor: Actor, agency: Agency, register: str, name: str, data: bytes) -> Upload:
    """Read a file for a register and keep nothing: the upload is not stored. Raises Refused."""
    require(actor, "report.draft", agency)
    if register not in Register.values:
        raise Refused(_("Choose what is counted."))
    try:
        reading = registers.read(data, name, register)
    except RegisterError as error:
        raise Refused(str(error)) from error
    return Upload(
        agency=agency,
        purpose=register,
        name=name[:200],
        digest=canon.sm3(data),
        said={
            "rows": [{"place": row.place, "values": row.values} for row in reading.rows],
            "faults": reading.faults,
            "ignored": reading.ignored,
        },
        person=actor.person,
        at=clock.now(),
    )


def plan(upload: Upload) -> Plan:
    """What the upload would change in the register as it stands now."""
    reading = Reading.from_json(upload.said)
    faults = list(reading.faults)
    if upload.purpose == Register.NORMATIVE:
        changes = _documents(upload.agency, reading, faults)
    else:
        changes = _decisions(upload.agency, reading, faults, singly=upload.purpose == Register.DECISIONS)
    return Plan(tuple(changes), tuple(faults), tuple(reading.ignored))


def _once(
    reading: Reading, key: Any, faults: list[tuple[str, str]]
) -> Iterator[tuple[tuple[Any, ...], registers.Row]]:
    """Each row with its key; a second row of the same key is a fault."""
    seen: dict[tuple[Any, ...], str] = {}
    for row in reading.rows:
        said = key(row.values)
        if said in seen:
            faults.append(
                (row.place, _("It says the same as %(place)s again; keep one.") % {"place": seen[said]})
            )
        else:
            seen[said] = row.place
            yield said, row


def _decisions(
    agency: Agency, reading: Reading, faults: list[tuple[str, str]], *, singly: bool
) -> list[Change]:
    rows = list(standing(agency, *DecisionCount.Kind.values))
    known = {
        (row.kind, row.number if singly else row.month): row for row in rows if bool(row.number) == singly
    }
    other = {(row.kind, row.month) for row in rows if bool(row.number) != singly and row.amount}
    struck = struck_out(agency) if singly else {}
    kinds, today = dict(DecisionCount.Kind.choices), clock.today()
    found = []
    for key, row in _once(reading, _decision_key if singly else _month_key, faults):
        values = dict(row.values)
        kind, amount = key[0], values.get("amount")
        day = date.fromisoformat(str(values["on"])) if singly else key[1]
        month = day.replace(day=1)
        if why := _unfit(kind, amount, day, today, singly=singly):
            faults.append((row.place, why))
            continue
        if (kind, month) in other and (singly or Decimal(str(amount))):
            faults.append((row.place, both_ways(kind, month, singly=singly)))
            continue
        amount = amount if kind == CHARGES or not singly else "1"
        values |= {"amount": amount, "month": month.isoformat()}
        before = known.get(key)
        now = _said(before.decided_on if singly else None, before.amount) if before else ""
        then = _said(day if singly else None, Decimal(str(amount)))
        act = ADDED if before is None else SAME if now == then else CHANGED
        if key in struck:
            out, as_it_was = struck[key]
            act = STRUCK if then == _said(as_it_was.decided_on, as_it_was.amount) else CHANGED
            now = _("struck out: %(reason)s") % {"reason": out.source}
            then = now if act == STRUCK else then
        name = f"{kinds[kind]} {values['number'] if singly else f'{month:%Y-%m}'}"
        found.append(Change(row.place, act, name, now, then, values))
    return found


def struck_out(agency: Agency) -> dict[tuple[Any, ...], tuple[DecisionCount, DecisionCount]]:
    """The single decisions of an agency that are struck out, by kind and number: (the row that says so, the one before)."""
    rows = DecisionCount.objects.filter(agency=agency, number__isnull=False)
    numbers = rows.filter(amount=0).values("number")
    latest: dict[tuple[Any, ...], DecisionCount] = {}
    counted: dict[tuple[Any, ...], DecisionCount] = {}
    for row in rows.filter(number__in=numbers).order_by("pk"):
        key = row.kind, row.number
        latest[key] = row
        if row.amount:
            counted[key] = row
    return {key: (row, counted[key]) for key, row in latest.items() if not row.amount and key in counted}


def _decision_key(values: Mapping[str, str | None]) -> tuple[Any, ...]:
    return values["kind"], values["number"]


def _month_key(values: Mapping[str, str | None]) -> tuple[Any, ...]:
    return values["kind"], date.fromisoformat(f"{values['month']}-01")


def _said(day: date | None, amount: Decimal) -> str:
    number = f"{amount.normalize():f}"
    return f"{day.isoformat()}：{number}" if day else number


def _unfit(kind: str, amount: str | None, day: date, today: date, *, singly: bool) -> str:
    """Why a row cannot be taken; empty where it can."""
    if day > today:
        return _("That day lies in the future.")
    if kind == CHARGES and amount is None:
        return _("A charge needs its amount (10,000 yuan).")
    if kind != CHARGES and singly and amount is not None:
        return _("Only charges have an amount; leave it empty for a decision.")
    if kind != CHARGES and not singly and Decimal(str(amount)) % 1:
        return _("Enter a whole number.")
    if singly and amount is not None and not Decimal(amount):
        return _("A charge of nothing is none; leave the row out.")
    return ""


def both_ways(kind: str, month: date, *, singly: bool) -> str:
    """That a month and kind is counted in the other way already."""
    said = {"kind": dict(DecisionCount.Kind.choices)[kind], "month": f"{month:%Y-%m}"}
    if singly:
        return (
            _(
                "%(kind)s of %(month)s were entered by number; enter 0 for that month first, then register them singly."
            )
            % said
        )
    return (
        _(
            "%(kind)s of %(month)s are registered singly and counted from there; they cannot be entered by number."
        )
        % said
    )


def _documents(agency: Agency, reading: Reading, faults: list[tuple[str, str]]) -> list[Change]:
    known = {
        row.document_number: row
        for row in NormativeDocument.objects.filter(agency=agency).prefetch_related("events")
    }
    found, today = [], clock.today()
    for (number,), row in _once(reading, lambda values: (values["number"],), faults):
        values = dict(row.values) | {"kind": row.values.get("kind") or NormativeDocument.Kind.NORMATIVE.value}
        before = known.get(str(number))
        if why := _unfit_document(values, today, before):
            faults.append((row.place, why))
            continue
        now = _document_said(_of_document(before)) if before else ""
        then = _document_said(values)
        act = ADDED if before is None else SAME if now == then else CHANGED
        found.append(Change(row.place, act, f"{number} {values['title']}", now, then, values))
    return found


_FIELDS = ("title", "kind", "issued_on", "effective_on", "end", "ended_on", "paper")


def _of_document(row: NormativeDocument) -> dict[str, str | None]:
    ends = [event for event in row.events.all() if event.kind in ENDED]
    end = min(ends, key=lambda event: (event.on, event.pk)) if ends else None
    return {
        "title": row.title,
        "kind": row.kind,
        "issued_on": row.issued_on.isoformat(),
        "effective_on": row.effective_on.isoformat() if row.effective_on else None,
        "end": end.kind if end else None,
        "ended_on": end.on.isoformat() if end else None,
        "paper": end.paper if end else None,
    }


def _document_said(values: Mapping[str, str | None]) -> str:
    words = dict(NormativeDocument.Kind.choices) | dict(NormativeEvent.Kind.choices)
    said = [values.get(name) or "" for name in _FIELDS]
    return "；".join(str(words.get(each, each)) for each in said if each)


def _unfit_document(values: Mapping[str, str | None], today: date, before: NormativeDocument | None) -> str:
    ends = [values.get(name) for name in ("end", "ended_on", "paper")]
    if any(ends) and not all(ends):
        return _("The end of a document needs its kind, its day and its ground.")
    if str(values["issued_on"]) > today.isoformat():
        return _("That day lies in the future.")
    if values.get("ended_on") and str(values["ended_on"]) < str(values["issued_on"]):
        return _("That day lies before the document was issued.")
    if before is None:
        return ""
    if before.item_id and any(
        values.get(name) != _of_document(before)[name] for name in ("title", "kind", "issued_on")
    ):
        return _("This document stands in the register by its release; amend the item instead.")
    stands = _of_document(before)
    if stands["end"] and any(values.get(name) != stands[name] for name in ("end", "ended_on", "paper")):
        return _("The end of this document is entered already; events are not changed by a file.")
    return ""


def confirm(actor: Actor, upload: Upload, *, mark: str) -> RegisterImport:
    """Take the upload into its register, all of it or nothing. `mark`: of the plan that was shown. Raises Refused."""
    require(actor, "report.draft", upload.agency)
    if upload.person_id != actor.person.pk:
        raise Refused(_("Only who sent this file in can confirm it."))
    with transaction.atomic():
        chain.hold()
        agency = Agency.objects.select_for_update().get(pk=upload.agency_id)
        now = plan(upload)
        if now.faults:
            raise Refused(_("The file has cells that cannot be taken; mend them and send it in again."))
        if now.mark != mark:
            raise Refused(_("The register has changed since this was shown; look at it again."))
        taken = RegisterImport.objects.create(
            agency=agency,
            register=upload.purpose,
            name=upload.name,
            digest=upload.digest,
            added=now.count(ADDED),
            changed=now.count(CHANGED),
            person=actor.person,
            at=clock.now(),
        )
        moved = [one for one in now.changes if one.act in (ADDED, CHANGED)]
        if upload.purpose == Register.NORMATIVE:
            rows = _enter_documents(actor, agency, taken, moved)
        else:
            rows = _enter_decisions(actor, agency, taken, moved)
        chain.record(
            "report.register_imported",
            actor.who,
            agency=agency.pk,
            subject=("register", taken.pk),
            covers=[taken, *rows],
            register=upload.purpose,
            file=upload.name,
            digest=upload.digest,
            added=taken.added,
            changed=taken.changed,
        )
        upload.delete()
    return taken


def _enter_decisions(
    actor: Actor, agency: Agency, taken: RegisterImport, changes: Sequence[Change]
) -> list[DecisionCount]:
    return DecisionCount.objects.bulk_create(
        DecisionCount(
            agency=agency,
            kind=str(one.values["kind"]),
            month=date.fromisoformat(str(one.values["month"])),
            amount=Decimal(str(one.values["amount"])),
            source=(one.values.get("source") or f"{taken.name} {one.place}")[:200],
            number=one.values.get("number"),
            decided_on=date.fromisoformat(str(one.values["on"])) if one.values.get("on") else None,
            imported=taken,
            person=actor.person,
            at=taken.at,
        )
        for one in changes
    )


def _enter_documents(
    actor: Actor, agency: Agency, taken: RegisterImport, changes: Sequence[Change]
) -> list[NormativeEvent]:
    events = []
    for one in changes:
        said = one.values
        row, _made = NormativeDocument.objects.update_or_create(
            agency=agency,
            document_number=str(said["number"]),
            defaults={
                "title": said["title"],
                "kind": said["kind"],
                "issued_on": date.fromisoformat(str(said["issued_on"])),
                "effective_on": date.fromisoformat(str(said["effective_on"]))
                if said.get("effective_on")
                else None,
                "imported": taken,
            },
        )
        if said.get("end") and not row.events.filter(kind__in=ENDED).exists():
            events.append(
                NormativeEvent.objects.create(
                    document=row,
                    kind=str(said["end"]),
                    on=date.fromisoformat(str(said["ended_on"])),
                    paper=str(said["paper"]),
                    person=actor.person,
                    at=taken.at,
                )
            )
    return events
