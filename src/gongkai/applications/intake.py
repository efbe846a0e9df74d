"""Taking applications in: from the public page, and by staff for every other channel (arts. 28–31).

The registration number is given in the transaction that stores the application, and the caller shows it only
after that has committed (I8). The same filled-in form sent twice is registered once: `submission` names it. Other
words under the same name are never taken for the first ones and lost: whoever sent them is told.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import number_forms, numbering, options
from gongkai.agencies.models import Agency, Appointment, Role
from gongkai.agencies.policy import Actor, Refused, effective, require
from gongkai.applications import assigning, events, likeness, personal, throttle, wanted
from gongkai.applications.acts import demand
from gongkai.applications.models import KIND, Application, CaseEvent, Matter
from gongkai.applications.personal import Person, Request
from gongkai.files import sealing, storage
from gongkai.journal import canon, chain, clock
from gongkai.journal.chain import Who
from gongkai.rulebook.norms import cite
from gongkai.rulebook.receipt import (
    CHANNELS,
    Addressee,
    Arrival,
    Channel,
    Evidence,
    Receipt,
    ReceiptError,
    receipt_date,
)

NUMBER_FORM = "application_number_form"
# Typed by people into the tracking page, so plain characters; a setting of the agency changes it.
options.declare(
    number_forms.option(
        NUMBER_FORM,
        gettext_lazy("Form of registration numbers of applications"),
        "{code}-{year}-{n:04d}",
        space="application",
    )
)
FIXED = (
    "id",
    "agency_id",
    "number",
    "submission",
    "channel",
    "applicant_kind",
    "arrived_on",
    "case_key",
    "sealed_person",
    "sealed_request",
    "name_print",
    "identity_print",
    "phone_print",
    "reading_help",
    "registered_at",
)
# Of these, what goes when the personal data of a case is destroyed.
PRINTS = ("name_print", "identity_print", "phone_print")
# Later columns of the same standing: in the digest where they say something, so that older digests hold.
FIXED_LATER = {"matter": Matter.INFORMATION.value, "origin_id": None}
FILES = 10
PROVES = {wanted.MATERIAL: "", wanted.AUTHORITY: "授权委托书：", wanted.APPOINTMENT: "代表人推举书："}
# Applications taken from one network address in an hour. Whoever meets the limit has the post and the counter.
HOURLY, HOURLY_UNPROVED = 20, 5


class Incomplete(Refused):
    """The form lacks something; `problems` says per field what, and how to mend it."""

    def __init__(self, problems: wanted.Problems) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = problems


class RegisteredAlready(Refused):
    """Under this submission an application with another content is registered: `case`."""

    def __init__(self, case: Application) -> None:
        super().__init__(
            _(
                "This form was sent before and is registered as %(number)s, with another content; nothing of that "
                "was changed. To apply for this as well, send it once more: it gets a number of its own."
            )
            % {"number": case.number}
        )
        self.case = case


@dataclass(frozen=True)
class Upload:
    """A file that came with an application. purpose: AUTHORITY, APPOINTMENT or MATERIAL of wanted.py."""

    name: str
    data: bytes
    purpose: str = wanted.MATERIAL


@dataclass(frozen=True)
class Taken:
    """One application to take in. matter: what it is about; term: what a `term_set` event says of its term, None
    for that of art. 33 (states.term_of)."""

    kind: str
    person: Person
    request: Request
    files: Sequence[Upload] = ()
    reading_help: bool = False
    matter: Matter = Matter.INFORMATION
    term: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Said:
    """What a clerk enters of an arrival beside its days; as in `register`."""

    evidence: str = ""
    unreached: bool = False
    read_back: bool = False


def open_agencies() -> list[Agency]:
    """The agencies that take applications: those with a handler appointed today."""
    held = Appointment.objects.filter(effective(clock.today()), role=Role.HANDLER)
    return list(Agency.objects.filter(pk__in=held.values("agency")))


def query_code(case: Application) -> str:
    """The code by which the applicant follows the case: 12 characters, derived with the instance's key, so that
    it is stored nowhere."""
    digest = bytes.fromhex(sealing.fingerprint(f"query {case.pk} {case.submission}"))
    return base64.b32encode(digest[:8]).decode()[:12]


def submit(
    agency: Agency, taken: Taken, *, submission: UUID, address: str = "", worked: bool = True
) -> Application:
    """Take in an application from the public page; received today, since the page confirms at once (art. 31(3)).

    address: the network address, from which only so many are taken an hour, fewer without a proof of work
    (worked). Raises Incomplete, RegisteredAlready, and Refused for a flood or a file that is not taken.
    """
    if known := _known(agency, submission, taken):
        # Sent again because no answer came: whatever changed meanwhile, its receipt is due.
        return known
    if agency not in open_agencies():
        raise Refused(_("This agency takes no applications here; choose another from the list."))
    if address and throttle.spent("apply", address, HOURLY if worked else HOURLY_UNPROVED):
        raise Refused(
            _(
                "Too many applications came from your network in the last hour; try again later, or apply by post."
            )
        )
    found = wanted.unproved(taken.kind, taken.person, {file.purpose for file in taken.files})
    found |= wanted.problems(taken.kind, taken.person, taken.request)
    if found:
        raise Incomplete(found)
    today = clock.today()
    who = Who("public:web", address=address)
    case = _take(agency, taken, Channel.WEB, Arrival(today, confirmed=today), submission, None, who, Said())
    if address:
        throttle.count("apply", address)
    return case


def register(
    actor: Actor,
    agency: Agency,
    taken: Taken,
    *,
    channel: Channel,
    arrival: Arrival,
    submission: UUID | None = None,
    read_back: bool = False,
    unreached: bool = False,
    evidence: str = "",
) -> Application:
    """Register what came in by another way than our public page, an internet channel of another platform among
    them; its clock runs once the evidence of art. 31 is there.

    An oral application is filled in by the clerk and read back (art. 29(1)). unreached: no telephone number,
    or nobody answered, so the term starts when contact is restored. evidence: how the day is known, as the
    number of the mailing or who confirmed; kept sealed. What a letter lacks is completed by a correction later,
    never refused here. Raises Incomplete, RegisteredAlready, Refused.
    """
    require(actor, "application.register", agency)
    in_person = channel in (Channel.COUNTER, Channel.ORAL)
    check = wanted.problems if in_person else wanted.malformed
    found = check(taken.kind, taken.person, taken.request)
    if not in_person:
        found = {name: _as_written(name, words) for name, words in found.items()}
    if not taken.request.excerpt and not taken.files:
        found.setdefault("description", _("Enter what is wanted, or add the letter as a file."))
    if found:
        raise Incomplete(found)
    if channel is Channel.ORAL and not read_back:
        raise Refused(
            _("Read the record back to the applicant and have it confirmed."), cite("regulation", 29, 1)
        )
    if unreached and arrival.confirmed is not None:
        raise Refused(
            _("Either the applicant was not reached, or confirmed on a day: enter one of the two."),
            CHANNELS[channel].law,
        )
    demand_past(arrival)
    said = Said(evidence, unreached, channel is Channel.ORAL)
    return _take(agency, taken, channel, arrival, submission or uuid4(), actor, actor.who, said)


def demand_past(arrival: Arrival) -> None:
    """Refuse an arrival of which a day is still to come, also one on which its receipt day does not hang."""
    for day in (arrival.arrived, arrival.signed, arrival.confirmed):
        if day is not None:
            events.demand_past(day)


def _as_written(field: str, words: str) -> str:
    """What is wrong in a letter, with the way out: it may be the applicant's mistake, and is registered as it came."""
    if not field.endswith("identity_number"):
        return words
    said = _(
        "%(words)s If it stands so in what came in, choose “another document” and write it as it stands."
    )
    return said % {"words": words}


def _take(
    agency: Agency,
    taken: Taken,
    channel: Channel,
    arrival: Arrival,
    submission: UUID,
    actor: Actor | None,
    who: Who,
    said: Said,
) -> Application:
    if len(taken.files) > FILES:
        raise Refused(_("At most %(n)d files; put several into one.") % {"n": FILES})
    for file in taken.files:
        storage.accept(file.data, file.name)
    receipt = received(channel, arrival)
    told = (channel, arrival, said) if actor else None
    if known := _known(agency, submission, taken, told):
        return known
    try:
        with transaction.atomic():
            case = _row(agency, taken, channel, arrival, submission, actor, who)
            _registered(case, arrival, said, actor, who)
            if taken.term is not None:
                events.write(case, "term_set", clock.today(), actor, who=who, **taken.term)
            if receipt.on is not None:
                events.write(case, "received", receipt.on, actor, who=who)
            assigning.begin(case, actor, who)
    except IntegrityError:
        # The same form arrived twice at once: the other one registered it.
        twin = _known(agency, submission, taken, told)
        if twin is None:
            raise Refused(
                _("This form was sent to another agency already; send it once more to apply to this one too.")
            ) from None
        return twin
    return case


def _known(
    agency: Agency,
    submission: UUID,
    taken: Taken,
    told: tuple[Channel, Arrival, Said] | None = None,
) -> Application | None:
    """What this form was registered as before. told: what a clerk entered of its arrival; a public page gives that
    itself, and after midnight another day. Raises RegisteredAlready for another content."""
    case = Application.objects.filter(submission=submission, agency=agency).first()
    if case is None or sealing.destroyed(case.case_key):
        return case
    request = replace(taken.request, materials=_names(taken))
    same = (case.matter, case.applicant_kind, case.reading_help) == (
        taken.matter,
        taken.kind,
        taken.reading_help,
    )
    if not (
        same
        and personal.says(case, taken.person, request)
        and _came(case, told)
        and _holds(case, taken.files)
    ):
        raise RegisteredAlready(case)
    return case


def _holds(case: Application, files: Sequence[Upload]) -> bool:
    """Whether these files came with the case. A sealed file's digest is of its sealed bytes, so it is opened; one
    that was erased, or harmed on the disk, has its size alone to compare."""
    kept = {row.purpose: row.file for row in storage.attached(KIND, case.pk)}
    for position, file in enumerate(files, start=1):
        stored = kept.get(f"{file.purpose}-{position}")
        if stored is None or stored.size != len(file.data):
            return False
        try:
            data = storage.read(stored.digest, case_key=case.case_key)
        except storage.FileChanged:
            continue
        if canon.sm3(data) != canon.sm3(file.data):
            return False
    return True


def _came(case: Application, told: tuple[Channel, Arrival, Said] | None) -> bool:
    if told is None:
        return True
    first = case.events.get(seq=1)
    said = Said(sealing.unseal(first.sealed), first.data["unreached"], first.data["read_back"])
    channel, arrival, entered = told
    return (Channel(case.channel), arrival_of(case), said) == (
        channel,
        arrival,
        replace(entered, evidence=entered.evidence.strip()),
    )


def _names(taken: Taken) -> tuple[str, ...]:
    return tuple(file.name[:100] for file in taken.files)


def received(channel: Channel, arrival: Arrival) -> Receipt:
    """The receipt day with its reason. Raises Refused for evidence that contradicts itself."""
    try:
        return receipt_date(channel, arrival)
    except ReceiptError as error:
        raise Refused(str(error), CHANNELS[channel].law) from error


def _row(
    agency: Agency,
    taken: Taken,
    channel: Channel,
    arrival: Arrival,
    submission: UUID,
    actor: Actor | None,
    who: Who,
) -> Application:
    key = sealing.new_key()
    case = Application(
        agency=agency,
        submission=submission,
        matter=taken.matter,
        channel=channel.value,
        applicant_kind=taken.kind,
        arrived_on=arrival.arrived,
        case_key=key.pk,
        sealed_person=personal.seal(key.pk, taken.person),
        sealed_request=personal.seal(key.pk, replace(taken.request, materials=_names(taken))),
        reading_help=taken.reading_help,
        registered_by=actor.person if actor else None,
        registered_at=clock.now(),
        **personal.prints_of(taken.person),
    )
    form = options.read(agency, NUMBER_FORM)
    case.number = numbering.issue(agency, KIND, form, who=who, subject=(KIND, case.pk)).text
    case.save(force_insert=True)
    personal.keep_prints(case, taken.person)
    likeness.add(case, taken.request)
    for position, file in enumerate(taken.files, start=1):
        keep(case, file, f"{file.purpose}-{position}", actor, who)
    return case


def given_name(row: Any, request: Request) -> str:
    """The name under which a file came with the application, with what it proves; for another file its own."""
    purpose, _dash, place = row.purpose.rpartition("-")
    if purpose not in PROVES or not place.isdecimal() or not 0 < int(place) <= len(request.materials):
        return str(row.name)
    return f"{PROVES[purpose]}{request.materials[int(place) - 1]}"


def keep(case: Application, file: Upload, purpose: str, actor: Actor | None, who: Who) -> Any:
    """Store a file of the case, sealed under its key. Raises Refused.

    People name files after themselves, so the stored name is the purpose; the given one is sealed (I7).
    """
    return storage.attach(
        file.data,
        purpose + PurePath(file.name.replace("\\", "/")).suffix[:10],
        who=who,
        agency=case.agency,
        owner=(KIND, case.pk),
        purpose=purpose,
        person=actor.person if actor else None,
        case_key=case.case_key,
    )


def _registered(case: Application, arrival: Arrival, said: Said, actor: Actor | None, who: Who) -> None:
    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    row = CaseEvent.objects.create(
        application=case,
        seq=1,
        type="registered",
        on=clock.today(),
        data={
            "digest": fixed_digest(case),
            "signed": iso(arrival.signed),
            "confirmed": iso(arrival.confirmed),
            "addressee": arrival.addressee.value,
            "read_back": said.read_back,
            "unreached": said.unreached,
        },
        sealed=sealing.seal(case.case_key, said.evidence.strip()),
        person=actor.person if actor else None,
        at=clock.now(),
    )
    chain.record(
        "application.registered",
        who,
        agency=case.agency_id,
        subject=(KIND, case.pk),
        covers=[row],
        number=case.number,
        channel=case.channel,
    )


def fixed_digest(case: Application) -> str:
    """The digest of what never changes after registration; it stands in the `registered` event."""
    said = {name: getattr(case, name) for name in FIXED}
    later = {name: getattr(case, name) for name in FIXED_LATER}
    return canon.digest(said | {name: value for name, value in later.items() if value != FIXED_LATER[name]})


def arrival_of(case: Application) -> Arrival:
    """What is recorded of the arrival of a registered application."""
    said = case.events.get(seq=1).data

    def day(name: str) -> date | None:
        return date.fromisoformat(said[name]) if said.get(name) else None

    return Arrival(case.arrived_on, day("signed"), day("confirmed"), Addressee(said["addressee"]))


def confirm(actor: Actor, case: Application, on: date) -> Application:
    """Enter the evidence that was missing: the day of signing or of confirmation; the clock starts (art. 31).

    Raises Refused.
    """
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "confirm")
        channel = Channel(held.channel)
        arrival = arrival_of(held)
        signed = CHANNELS[channel].evidence is Evidence.SIGNED and arrival.addressee is Addressee.AGENCY
        arrival = replace(arrival, signed=on) if signed else replace(arrival, confirmed=on)
        receipt = received(channel, arrival)
        if receipt.on is None:
            raise Refused(receipt.explanation, receipt.law)
        events.write(held, "received", receipt.on, actor)
    return held
