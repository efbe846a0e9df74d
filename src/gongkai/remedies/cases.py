"""Use cases of a remedy: register, change, answer, decide, appeal, answer anew, strike out, file."""

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import ADMINISTRATORS, Agency, Appointment, Person
from gongkai.agencies.numbering import issue
from gongkai.agencies.policy import Actor, Refused, effective, grant, oversees, require, staff
from gongkai.applications import events
from gongkai.applications import redo as ordered_answers
from gongkai.applications.models import Application, CaseEvent
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who
from gongkai.remedies import anew, due, follows, results
from gongkai.remedies.models import Remedy, RemedyEvent
from gongkai.remedies.standing import content_of, refresh
from gongkai.rulebook.terms import TERMS

grant("remedy.read", staff | oversees, gettext_lazy("see the reconsiderations and lawsuits of this agency"))
grant("remedy.handle", staff, gettext_lazy("keep the register of reconsiderations and lawsuits"))

SUBJECT = "remedy"
SERIES, FORM = "remedies", "复议诉讼〔{year}〕{n}号"
LONGEST_NOTE, MOST_FILES = 5_000, 100
FIRST = date(2008, 5, 1)
OPINION_LAW = TERMS["reconsideration_opinion_rectification"].law
CHANGEABLE = ("subject", "body", "case_number", "procedure", "copy_received_on", "term_given", "handler")


class Overtaken(Refused):
    """Someone else changed the case in the meantime."""


def register(
    actor: Actor,
    agency: Agency,
    *,
    kind: str,
    subject: str,
    received_on: date,
    body: str = "",
    application: Application | None = None,
    earlier: Remedy | None = None,
    case_number: str = "",
    procedure: str = Remedy.Procedure.ORDINARY,
    copy_received_on: date | None = None,
    term_given: date | None = None,
    handler: Person | None = None,
) -> Remedy:
    """Register a case. body: default the agency's reconsideration body or court; copy_received_on: received_on.

    Raises Refused with one sentence.
    """
    require(actor, "remedy.handle", agency)
    standard = agency.reconsideration_body if kind == Remedy.Kind.RECONSIDERATION else agency.court
    with transaction.atomic():
        remedy = Remedy(
            id=uuid.uuid4(),
            agency=agency,
            application=application,
            earlier=earlier,
            kind=kind,
            subject=subject,
            body=body.strip() or standard,
            case_number=case_number,
            procedure=procedure,
            received_on=received_on,
            copy_received_on=copy_received_on or received_on,
            term_given=term_given,
            handler=handler,
            created_by=actor.person,
            created_at=clock.now(),
            version=0,
        )
        _check(remedy)
        number = issue(agency, SERIES, FORM, who=actor.who, subject=(SUBJECT, remedy.pk))
        remedy.number = number.text
        remedy.save(force_insert=True)
        _happen(actor, remedy, RemedyEvent.Kind.REGISTERED, received_on, content=content_of(remedy))
    return remedy


def change(
    actor: Actor, remedy: Remedy, *, version: int | None = None, note: str = "", **said: Any
) -> Remedy:
    """Change what the register says of a pending case: see CHANGEABLE. Raises Refused, Overtaken."""
    if unknown := set(said) - set(CHANGEABLE):
        raise TypeError(f"change() got an unexpected keyword {min(unknown)!r}")
    with transaction.atomic():
        held = _held(actor, remedy, version)
        before = content_of(held)
        for name, value in said.items():
            setattr(held, name, value)
        _check(held)
        after = content_of(held)
        changed = {name: value for name, value in after.items() if before[name] != value}
        if changed:
            _happen(actor, held, RemedyEvent.Kind.CHANGED, clock.today(), content=changed, note=_note(note))
    return held


def answer(actor: Actor, remedy: Remedy, *, on: date, paper: str = "", version: int | None = None) -> Remedy:
    """Enter that the reply (复议答复书) or the defence (答辩状) was handed in. Raises Refused, Overtaken."""
    with transaction.atomic():
        held = _held(actor, remedy, version)
        if held.answered_on:
            raise Refused(_("The answer of %(day)s is already entered.") % {"day": held.answered_on})
        if on < held.copy_received_on:
            raise Refused(_("The answer cannot lie before the copy was received."))
        _happen(actor, held, RemedyEvent.Kind.ANSWERED, _past(on), paper=paper)
    return held


def decide(
    actor: Actor,
    remedy: Remedy,
    detail: str,
    *,
    on: date,
    paper: str = "",
    note: str = "",
    redo: bool = False,
    served_on: date | None = None,
    redo_due_on: date | None = None,
    version: int | None = None,
) -> Remedy:
    """Enter the decision or judgment of the day `on`, with its finer result (see data/results.json).

    redo: it orders the agency to answer anew; served_on: the day the agency received it (default `on`);
    redo_due_on: the term it sets, else 20 working days from its receipt. Where the remedy is about an
    application, the case of the answer anew opens with it. Raises Refused, Overtaken.
    """
    with transaction.atomic():
        held = _held(actor, remedy, version)
        if held.result != Remedy.Column.PENDING:
            raise Refused(
                _("The case is decided (%(result)s); enter an appeal or strike the decision out first.")
                % {"result": held.detail_label}
            )
        if on < held.received_on:
            raise Refused(_("The decision cannot lie before the case was received."))
        found = results.result(detail, held.proceeding, on)
        if found is None:
            raise Refused(_("Choose one of the results of this kind of case."))
        if redo and not found.redo:
            raise Refused(_("“%(result)s” orders no answer anew.") % {"result": found.label})
        received = served_on or on
        if received < on or received > clock.today():
            raise Refused(_("The decision is received on its day or later, and not in the future."))
        until = (redo_due_on or due.redo_due(received).on) if redo else None
        if redo and (until is None or until < received):
            raise Refused(_("Enter by when the agency has to answer anew."))
        _happen(
            actor,
            held,
            RemedyEvent.Kind.DECIDED,
            _past(on),
            detail=found.code,
            column=found.column,
            paper=paper,
            note=_note(note),
            content={"served_on": received.isoformat()},
        )
        if redo:
            ordered = _happen(
                actor,
                held,
                RemedyEvent.Kind.REDO_OPENED,
                received,
                due_on=until,
                paper=paper,
                content={"set_by_decision": redo_due_on is not None},
            )
            anew.open_case(actor, held, ordered, set_by_decision=redo_due_on is not None)
    return held


def appeal(actor: Actor, remedy: Remedy, *, on: date, note: str = "", version: int | None = None) -> Remedy:
    """Enter that a judgment was appealed against: the case is pending again. Raises Refused, Overtaken."""
    with transaction.atomic():
        held = _held(actor, remedy, version)
        if held.kind == Remedy.Kind.RECONSIDERATION:
            raise Refused(
                _(
                    "A reconsideration is not appealed against: register the lawsuit after it as a case of its own."
                ),
                "《中华人民共和国行政诉讼法》第四十五条",
            )
        if held.result == Remedy.Column.PENDING or held.appealed or held.decided_on is None:
            raise Refused(_("There is no judgment of first instance to appeal against."))
        if on < held.decided_on:
            raise Refused(_("The appeal cannot lie before the judgment."))
        _happen(actor, held, RemedyEvent.Kind.APPEALED, _past(on), note=_note(note))
    return held


def redo_done(actor: Actor, remedy: Remedy, *, on: date, paper: str, version: int | None = None) -> Remedy:
    """Enter that the agency answered anew, by which letter, where no case of applications was opened for it.

    Raises Refused, Overtaken.
    """
    with transaction.atomic():
        held = _held(actor, remedy, version)
        if held.redo_due_on is None or held.redo_done_on is not None:
            raise Refused(_("Nothing is to be answered anew in this case."))
        anew.refuse_by_hand(held)
        if held.decided_on and on < held.decided_on:
            raise Refused(_("The answer anew cannot lie before the decision."))
        if not paper.strip():
            raise Refused(_("Name the letter by which the agency answered anew."))
        _happen(actor, held, RemedyEvent.Kind.REDO_DONE, _past(on), paper=paper)
    return held


def opinion(
    actor: Actor, remedy: Remedy, *, on: date, paper: str = "", note: str = "", version: int | None = None
) -> Remedy:
    """Enter that an opinion of the reconsideration body (行政复议意见书) came on the day `on`; the agency reports
    within 60 days how it put right what it names. Raises Refused, Overtaken."""
    with transaction.atomic():
        held = _held(actor, remedy, version)
        if held.kind != Remedy.Kind.RECONSIDERATION:
            raise Refused(_("Only a reconsideration body gives such an opinion."), OPINION_LAW)
        if follows.opinion(follows.standing_events(held)) is not None:
            raise Refused(_("An opinion is entered on which the agency has not reported yet."), OPINION_LAW)
        if on < held.received_on:
            raise Refused(_("The opinion cannot lie before the case was received."))
        until = due.opinion_due(_past(on))
        if until.on is None:
            raise Refused(until.problem, OPINION_LAW)
        said = {"due_on": until.on, "paper": paper, "note": _note(note)}
        _happen(actor, held, RemedyEvent.Kind.OPINION, on, **said)
    return held


def rectified(
    actor: Actor, remedy: Remedy, *, on: date, paper: str = "", note: str = "", version: int | None = None
) -> Remedy:
    """Enter that the agency reported on the opinion, by which paper. Raises Refused, Overtaken."""
    with transaction.atomic():
        held = _held(actor, remedy, version)
        named = follows.opinion(follows.standing_events(held))
        if named is None:
            raise Refused(_("There is no opinion to report on."), OPINION_LAW)
        if on < named.on:
            raise Refused(_("The report cannot lie before the opinion came."))
        if not paper.strip():
            raise Refused(_("Name the paper by which the agency reported."), OPINION_LAW)
        _happen(actor, held, RemedyEvent.Kind.RECTIFIED, _past(on), paper=paper, note=_note(note))
    return held


def answered_as_ordered(payload: dict[str, Any]) -> None:
    """Subscriber of an ordered answer that went out in a case of its own: it is entered here, once."""
    event = CaseEvent.objects.select_related("application", "letter", "person").get(pk=payload["event"])
    order = ordered_answers.order_of(events.of(event.application))
    if order is None or event.person is None:
        return
    with transaction.atomic():
        rows = Remedy.objects.select_for_update(of=("self",))
        remedy = rows.filter(pk=uuid.UUID(order.data["remedy"])).first()
        if remedy is not None and remedy.redo_due_on is not None and remedy.redo_done_on is None:
            paper = event.letter.number if event.letter else event.application.number
            kind = RemedyEvent.Kind.REDO_DONE
            _enter(event.person, chain.SWEEPER, remedy, kind, event.on, paper=paper)


# What can be struck out, and what must be struck out before it: the latest act first.
STRIKEABLE = (
    RemedyEvent.Kind.ANSWERED,
    RemedyEvent.Kind.DECIDED,
    RemedyEvent.Kind.APPEALED,
    RemedyEvent.Kind.REDO_OPENED,
    RemedyEvent.Kind.REDO_DONE,
    RemedyEvent.Kind.OPINION,
    RemedyEvent.Kind.RECTIFIED,
)
# An opinion and the report on it stand beside the course of the case.
_ASIDE = (RemedyEvent.Kind.OPINION, RemedyEvent.Kind.RECTIFIED)


def strike(actor: Actor, event: RemedyEvent, reason: str, *, version: int | None = None) -> Remedy:
    """Strike out an event entered by mistake; it stays readable and counts for nothing. Raises Refused, Overtaken."""
    with transaction.atomic():
        held = _held(actor, event.remedy, version)
        if not reason.strip():
            raise Refused(_("Say why the entry is struck out."))
        standing_ones = list(held.events.filter(struck_by=None, kind__in=STRIKEABLE).order_by("-pk"))
        if event not in standing_ones:
            raise Refused(_("This entry cannot be struck out."))
        aside = event.kind in _ASIDE
        course = [
            e for e in standing_ones if e.kind != RemedyEvent.Kind.ANSWERED and (e.kind in _ASIDE) == aside
        ]
        if event in course and event != course[0]:
            raise Refused(_("Strike out what was entered after it first."))
        if event.kind == RemedyEvent.Kind.REDO_OPENED:
            anew.lift(actor, held, reason)
        _happen(actor, held, RemedyEvent.Kind.STRUCK, clock.today(), struck=event, note=_note(reason))
    return held


def add_file(actor: Actor, remedy: Remedy, data: bytes, name: str) -> Attachment:
    """File a paper of the case: application copy, reply, judgment. Raises Refused with the reason."""
    require(actor, "remedy.handle", remedy.agency)
    with transaction.atomic():
        held = _held(actor, remedy, None, any_version=True)
        if len(files(held)) >= MOST_FILES:
            raise Refused(_("A case holds at most 100 files."))
        row = storage.attach(
            data,
            name,
            who=actor.who,
            agency=held.agency,
            owner=(SUBJECT, held.pk),
            purpose="case paper",
            person=actor.person,
        )
        content = {"file": row.name, "digest": row.file_id}
        _happen(actor, held, RemedyEvent.Kind.FILED, clock.today(), content=content)
    return row


def files(remedy: Remedy) -> list[Attachment]:
    """The papers of a case, oldest first."""
    return storage.attached(SUBJECT, remedy.pk)


def handlers(agency: Agency) -> Any:
    """Who can be handler of a case: people with a business role in the agency."""
    return Person.objects.filter(
        pk__in=Appointment.objects.filter(effective(clock.today()), agency=agency)
        .exclude(role__in=ADMINISTRATORS)
        .values("person")
    )


def _held(actor: Actor, remedy: Remedy, version: int | None, *, any_version: bool = False) -> Remedy:
    held = (
        Remedy.objects.select_for_update(of=("self",))
        .select_related("agency", "application")
        .get(pk=remedy.pk)
    )
    require(actor, "remedy.handle", held.agency)
    if not any_version and held.version != (remedy.version if version is None else version):
        raise Overtaken(
            _("Someone else changed this case in the meantime. Reload the page and look at what is new.")
        )
    return held


def _check(remedy: Remedy) -> None:
    """What must be so of a case, whoever enters it."""
    if remedy.kind not in Remedy.Kind.values or remedy.procedure not in Remedy.Procedure.values:
        raise Refused(_("Choose the kind of the case and its procedure."))
    remedy.subject = remedy.subject.strip()
    if not remedy.subject or len(remedy.subject) > 300:
        raise Refused(_("The cause of action is 1 to 300 characters long."))
    if not remedy.body or len(remedy.body) > 100 or len(remedy.case_number) > 80:
        raise Refused(_("Name the reconsideration body or the court, in at most 100 characters."))
    if not FIRST <= remedy.received_on <= clock.today():
        raise Refused(_("The case was received between 1 May 2008 and today."))
    if not remedy.received_on <= remedy.copy_received_on <= clock.today():
        raise Refused(_("The copy was received with the case or later, and not in the future."))
    if remedy.term_given and remedy.term_given < remedy.copy_received_on:
        raise Refused(_("The term of the notice lies before the copy was received."))
    if remedy.application and remedy.application.agency_id != remedy.agency_id:
        raise Refused(_("The application belongs to another agency."))
    earlier = remedy.earlier
    if earlier and (
        remedy.kind != Remedy.Kind.AFTER
        or earlier.agency_id != remedy.agency_id
        or earlier.kind != Remedy.Kind.RECONSIDERATION
    ):
        raise Refused(
            _("Only a lawsuit after reconsideration names a reconsideration of the same agency before it.")
        )
    if remedy.handler and not handlers(remedy.agency).filter(pk=remedy.handler_id).exists():
        raise Refused(_("The handler holds a role in this agency."))


def _past(on: date) -> date:
    if on > clock.today():
        raise Refused(_("That day lies in the future."))
    return on


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise Refused(_("The note is longer than 5,000 characters; attach it as a file."))
    return text.strip()


def _happen(actor: Actor, remedy: Remedy, kind: str, on: date, **said: Any) -> RemedyEvent:
    return _enter(actor.person, actor.who, remedy, kind, on, **said)


def _enter(person: Person, who: Who, remedy: Remedy, kind: str, on: date, **said: Any) -> RemedyEvent:
    if len(said.get("paper", "")) > 200:
        raise Refused(_("The name of the paper is at most 200 characters long."))
    event = RemedyEvent.objects.create(remedy=remedy, kind=kind, on=on, person=person, at=clock.now(), **said)
    chain.record(
        f"remedy.{kind}",
        who,
        agency=remedy.agency_id,
        subject=(SUBJECT, remedy.pk),
        covers=[event],
        number=remedy.number,
        on=on.isoformat(),
    )
    refresh(remedy)
    return event
