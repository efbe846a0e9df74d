"""Deciding a case: an outcome of the one table (I4), what it presupposes, and its drafted letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import (
    consultations,
    events,
    excess,
    lapsing,
    letters,
    opinions,
    partial,
    searching,
    states,
    wording,
)
from gongkai.applications.acts import demand
from gongkai.applications.models import (
    Application,
    CaseEvent,
    Decision,
    Letter,
    Matter,
    State,
    SubReason,
    ThirdPartyResult,
)
from gongkai.journal import clock
from gongkai.rulebook import remedies
from gongkai.rulebook.clock_result import Clock
from gongkai.rulebook.consultation import WaitingFor
from gongkai.rulebook.letters import LETTER_KINDS, LetterKind
from gongkai.rulebook.norms import cite, together
from gongkai.rulebook.outcomes import Outcome, OutcomeError, outcome
from gongkai.rulebook.outcomes import SubReason as RulebookSubReason

GIVEN = ("provided", "partly_provided")


def decide(
    actor: Actor,
    case: Application,
    *,
    outcome_key: str,
    facts: str,
    law: str = "",
    sub_reason: str = "",
    third_party: str = "",
    no_good_reason: bool = False,
    elements: Mapping[str, str] | None = None,
    parts: partial.Parts | None = None,
    seen: str = "",
) -> Letter:
    """Choose the outcome; returns its drafted letter. A later decision before sending takes the place of this.

    facts: facts and reasons of the letter; law: empty for the articles of the table; no_good_reason: the finding
    of a person that a term was missed without good reason (arts. 30, 42); elements: further texts of the letter;
    parts: of a partial disclosure, and only of that, what is opened and what is withheld on which ground;
    seen: the decision that the person knew of (states.decision_in_force), empty where that was not noted.
    Raises Refused with the article.
    """
    if not facts.strip():
        raise Refused(_("State the facts and reasons; the letter needs them."), cite("regulation", 36))
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "decide")
        rows = events.of(held)
        refuse_unless_seen(rows, seen, cite("regulation", 36))
        chosen = _outcome(outcome_key)
        refuse_unless_possible(
            held, rows, chosen, sub_reason, third_party=third_party, no_good_reason=no_good_reason
        )
        listed = _parts(chosen, parts, rows)
        said = _on_file(held, chosen) | {"facts_and_reasons": facts, "law": law} | dict(elements or {})
        return _write(actor, held, chosen, sub_reason, third_party, said, listed)


@dataclass(frozen=True)
class Foreseen:
    """What a decision would bring about if it were taken and served today. row: empty where the report does not
    count the case; remedy: the notice, or why it cannot be written yet; withheld: the parts, each with its ground."""

    outcome: str
    article: str
    letter: str
    row: str
    remedy: str
    remedy_law: str
    withheld: tuple[str, ...] = ()


def foresee(
    actor: Actor,
    case: Application,
    *,
    outcome_key: str,
    facts: str,
    law: str = "",
    sub_reason: str = "",
    third_party: str = "",
    no_good_reason: bool = False,
    parts: partial.Parts | None = None,
    seen: str = "",
) -> Foreseen:
    """What `decide` would do with the same arguments; writes nothing. Raises Refused like it."""
    if not facts.strip():
        raise Refused(_("State the facts and reasons; the letter needs them."), cite("regulation", 36))
    demand(actor, case, "decide")
    rows, chosen = events.of(case), _outcome(outcome_key)
    refuse_unless_seen(rows, seen, cite("regulation", 36))
    refuse_unless_possible(
        case, rows, chosen, sub_reason, third_party=third_party, no_good_reason=no_good_reason
    )
    listed = _parts(chosen, parts, rows)
    kind, reason = _letter_kind(chosen, sub_reason)
    said = _drafted(chosen, kind.number, sub_reason) | _listed(listed)
    agency = case.agency
    names = (agency.reconsideration_body, agency.superior_department, agency.court)
    try:
        notice = remedies.remedy_notice(chosen.key, clock.today(), *names, reason)
        remedy, remedy_law = (notice.text, "、".join(notice.law)) if notice else ("", "")
    except remedies.RemedyError as error:
        remedy, remedy_law = str(error), ""
    return Foreseen(
        f"{chosen.label}·{reason.label}" if reason else chosen.label,
        law or said.get("law", ""),
        kind.title,
        chosen.row.full_label if case.matter == Matter.INFORMATION else "",
        remedy,
        remedy_law,
        partial.lines(listed) if listed else (),
    )


def withdraw(actor: Actor, case: Application, on: date, *, words: str) -> Letter:
    """The applicant withdraws: the outcome is 其他处理·申请人撤回申请, the confirmation is letter 29.

    words: how the withdrawal came in. Raises Refused.
    """
    if not words.strip():
        raise Refused(_("Say how the withdrawal came in, and where the signed paper is."))
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "withdraw")
        if held.received_on is not None and on < held.received_on:
            raise Refused(
                _("The application was received on %(received)s; enter a day from then on.")
                % {"received": held.received_on},
                cite("regulation", 31),
            )
        events.write(held, "withdrawn", on, actor, words=words)
        said = {"facts_and_reasons": words, "withdrawal_date": letters.prose(on)}
        return _write(actor, held, outcome("other"), "withdrawn", "", said)


def drop(actor: Actor, case: Application, reason: str) -> None:
    """Take the decision back before the answer is sent; its letter is given up. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "drop_decision")
        letters.drop_answers(actor, held)
        events.write(held, "decision_dropped", clock.today(), actor, words=reason)


def refuse_unless_seen(rows: Sequence[CaseEvent], seen: str, law: str) -> None:
    """Refuse where somebody decided, or took a decision back, after the reader looked. seen: as of `decide`."""
    if not seen or states.decision_in_force(rows) == seen:
        return
    last = next((row for row in reversed(rows) if row.type in ("decided", "decision_dropped")), None)
    if last is None:
        # A program may say anything: where nobody ever decided, nobody's decision was overlooked.
        return
    who = {"name": last.person, "on": last.on}
    if last.type == "decision_dropped":
        words = _("In the meantime %(name)s took the decision back on %(on)s: open the case anew and look.")
    else:
        words = _("In the meantime %(name)s decided this case on %(on)s: open the case anew and look.")
    raise Refused(words % who, law)


def _outcome(key: str) -> Outcome:
    try:
        return outcome(key)
    except OutcomeError as error:
        raise Refused(str(error)) from error


def _letter_kind(chosen: Outcome, sub_reason: str) -> tuple[LetterKind, RulebookSubReason | None]:
    """The letter of an outcome, and its sub-reason. Raises Refused where one is missing or out of place."""
    reason = letters.sub_reason(sub_reason)
    try:
        return chosen.letter_kind(reason), reason
    except OutcomeError as error:
        raise Refused(str(error), "；".join(chosen.law)) from error


def _write(
    actor: Actor,
    case: Application,
    chosen: Outcome,
    sub_reason: str,
    third_party: str,
    elements: Mapping[str, str],
    parts: partial.Parts | None = None,
) -> Letter:
    kind = _letter_kind(chosen, sub_reason)[0].number
    letters.drop_answers(actor, case)
    decision = Decision.objects.create(
        application=case,
        outcome=chosen.key,
        sub_reason=sub_reason,
        third_party=third_party,
        sealed=partial.sealed(case.case_key, partial.Said(elements.get("facts_and_reasons", ""), parts)),
        person=actor.person,
        at=clock.now(),
    )
    events.write(
        case,
        "decided",
        clock.today(),
        actor,
        covers=[decision],
        outcome=chosen.key,
        sub_reason=sub_reason,
        decision=decision.pk,
    )
    return letters.begin(
        actor,
        case,
        "answer",
        kind,
        elements=_drafted(chosen, kind, sub_reason)
        | _listed(parts)
        | {
            name: text
            for name, text in elements.items()
            if text and (parts is None or name not in partial.ELEMENTS)
        },
        decision=decision,
    )


def _parts(chosen: Outcome, parts: partial.Parts | None, rows: Sequence[CaseEvent]) -> partial.Parts | None:
    """The list of a partial disclosure, which no other outcome has. Raises Refused."""
    if chosen.key != partial.OUTCOME:
        if parts is not None:
            raise Refused(_("Only a partial disclosure lists parts."), partial.LAW)
        return None
    listed = partial.cleaned(parts or partial.Parts((), ()))
    partial.refuse_unless_asked(listed, rows)
    return listed


def _listed(parts: partial.Parts | None) -> dict[str, str]:
    """What the letter says of the list, with the articles of every ground."""
    return partial.elements(parts) | {"law": partial.articles(parts)} if parts is not None else {}


def _drafted(chosen: Outcome, kind: int, sub_reason: str) -> dict[str, str]:
    """What the letter begins with: conclusion and articles of the outcome, or of the sub-reason."""
    said = {
        "conclusion": wording.CONCLUSIONS[chosen.key],
        "law": together(chosen.law),
        "withholding_ground": chosen.label.removeprefix("不予公开：") if kind == 17 else "",
    }
    row = SubReason.objects.filter(key=sub_reason).first()
    if row is not None:
        said |= {"sub_reason": row.label}
        said |= {name: text for name, text in (("law", row.law), ("conclusion", row.conclusion)) if text}
    wanted = {each.key for each in LETTER_KINDS[kind].required()}
    return {name: text for name, text in said.items() if name in wanted}


def _on_file(case: Application, chosen: Outcome) -> dict[str, str]:
    """What the letter says of searches, of number and frequency, of third parties and of days that passed, as they
    are on file."""
    if chosen.key in lapsing.FACTS:
        return lapsing.drafted(case, chosen.key)
    drawn = {
        "not_found": searching.drafted,
        "excessive": excess.drafted,
        "third_party_rights": opinions.drafted,
    }.get(chosen.key)
    return drawn(case) if drawn else {}


def barred(case: Application, rows: Sequence[CaseEvent], key: str) -> Refused | None:
    """Why an outcome is not possible today whatever a person still finds; None where it may be chosen."""
    refusal = None
    for result in ("", *ThirdPartyResult.values):
        try:
            refuse_unless_possible(case, rows, outcome(key), "?", third_party=result, no_good_reason=True)
        except Refused as error:
            refusal = refusal or error
        else:
            return None
    return refusal


def refuse_unless_possible(
    case: Application,
    rows: Sequence[CaseEvent],
    chosen: Outcome,
    sub_reason: str,
    *,
    third_party: str = "",
    no_good_reason: bool = False,
) -> None:
    """Refuse an outcome whose legal conditions the events do not meet; the refusal names the article."""
    with events.lawful():
        term = states.clock_of(rows, clock.today())
    assert term is not None
    types = {row.type for row in rows}
    _arrived(case, rows, chosen)
    _lapse(case, term, chosen, sub_reason, no_good_reason)
    if chosen.key == "still_unclear" and "correction_received" not in types:
        raise Refused(_("Only a corrected application can still be unclear."), cite("regulation", 30))
    if chosen.key == "excessive":
        excess.require(rows)
    if chosen.key == "not_found":
        searching.require(rows)
    _third_party(term, types, chosen, third_party)
    if chosen.needs_sub_reason and not sub_reason:
        raise Refused(_("“%(row)s” needs a sub-reason.") % {"row": chosen.row.full_label})


def _arrived(case: Application, rows: Sequence[CaseEvent], chosen: Outcome) -> None:
    """What was sent to be paid or to be answered is waited for, though its term begins only with its arrival."""
    gone = case.letters.filter(dropped=False, sent_on__isnull=False).order_by("sent_on", "created_at")
    fee = gone.filter(act="notify_fee").last()
    if fee is not None and not hasattr(fee, "proof"):
        raise Refused(
            _(
                "The fee notice sent on %(on)s is on its way: enter its arrival first; where it came back, "
                "send a new one."
            )
            % {"on": fee.sent_on},
            cite("regulation", 42),
        )
    asked = gone.filter(act="consult_third_party", proof__isnull=True)
    if chosen.key not in (*GIVEN, "third_party_rights") or not asked:
        return
    # Who was reached by another letter was asked, whatever became of the first one.
    reached = {consultations.name_of(row.letter) for row in rows if row.type == "third_party_asked"}
    if names := [name for name in map(consultations.name_of, asked) if name not in reached]:
        raise Refused(
            _(
                "The letter to %(names)s is on its way, and the 15 working days run from its arrival: enter that "
                "first; where it came back, ask again another way."
            )
            % {"names": "、".join(dict.fromkeys(names))},
            cite("regulation", 32),
        )


def _lapse(case: Application, term: Clock, chosen: Outcome, sub_reason: str, no_good_reason: bool) -> None:
    """A missed term ends a case only after it has passed, and by the finding of a person."""
    for key, state, whom, law in (
        ("not_corrected", State.CORRECTING, WaitingFor.CORRECTION, cite("regulation", 30)),
        ("not_paid", State.PAYING, WaitingFor.PAYMENT, cite("regulation", 42)),
    ):
        wait = next((each for each in term.waiting if each.whom is whom), None)
        if chosen.key == key:
            if wait is None:
                raise Refused(_("The case does not wait for that."), law)
            if not wait.expired(clock.today()):
                raise Refused(_("The term runs until %(until)s.") % {"until": wait.until}, law)
            if key == "not_corrected" and not no_good_reason:
                raise Refused(_("Record that the term was missed without good reason."), law)
        elif wait is not None:
            raise Refused(
                _("While the case is “%(state)s” it is not decided otherwise.") % {"state": state.label}, law
            )


def _third_party(term: Clock, types: set[str], chosen: Outcome, result: str) -> None:
    law = cite("regulation", 32)
    asked = "third_party_asked" in types
    today = clock.today()
    running = [w for w in term.waiting if w.whom is WaitingFor.THIRD_PARTY and not w.expired(today)]
    if chosen.key == "third_party_rights" and not asked:
        raise Refused(_("Ask the third party in writing first."), law)
    if running and chosen.key in (*GIVEN, "third_party_rights"):
        raise Refused(
            _("A third party has until %(until)s to give its opinion.") % {"until": running[0].until}, law
        )
    if asked and chosen.key in (*GIVEN, "third_party_rights") and result not in ThirdPartyResult.values:
        raise Refused(_("Say what the third party's opinion came to."), law)
    if result == ThirdPartyResult.UPHELD and chosen.key == "provided":
        raise Refused(_("Where the objection is upheld the information is not given."), law)
