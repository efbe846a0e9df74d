"""Requests to amend a record about oneself (更正申请, art. 41): a kind of its own, counted in no row of the report.

Art. 41 names no term: the clock runs by analogy with art. 33 and says so, with at most its 20 working days. Three
results are possible (rulebook/amendments.py), each answered by letter 28.
"""

import json
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import Option
from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import decisions, events, intake, letters, relations, states, wanted, wording
from gongkai.applications.acts import demand
from gongkai.applications.intake import Incomplete, Taken
from gongkai.applications.models import Application, Decision, Letter, Matter
from gongkai.applications.personal import Request
from gongkai.files import sealing
from gongkai.journal import clock
from gongkai.rulebook import amendments as table
from gongkai.rulebook.answer_terms import ANSWER_DAYS
from gongkai.rulebook.consultation import WaitingFor
from gongkai.rulebook.norms import cite, together
from gongkai.rulebook.outcomes import OutcomeError
from gongkai.rulebook.receipt import Arrival, Channel

LAW = cite("regulation", 41)
DAYS = "amendment_days"
LIMITS = {"record": 300, "wrong": 1400, "proof": 1400, "correction": 1400}
# How a request goes to the organ that has the power: passed on by us, or the applicant is told to turn there.
PASSED_ON, TOLD = "passed_on", "told"
WAYS = {
    PASSED_ON: gettext_lazy("passed on to it by this agency"),
    TOLD: gettext_lazy("the applicant is told to turn to it"),
}

options.declare(
    Option(
        DAYS,
        gettext_lazy("Terms"),
        gettext_lazy("Working days for a request to amend a record"),
        options.NUMBER,
        ANSWER_DAYS,
        gettext_lazy(
            "Art. 41 names no term; this agency follows art. 33, or is quicker. For requests from now on."
        ),
        5,
        ANSWER_DAYS,
        LAW,
    )
)


@dataclass(frozen=True)
class Wish(Request):
    """What is to be amended: which record, what is wrong in it, the evidence, and how it should read."""

    record: str = ""
    wrong: str = ""
    proof: str = ""
    correction: str = ""

    @classmethod
    def of(cls, *, record: str, wrong: str, proof: str, correction: str, **more: Any) -> "Wish":
        """The wish with its excerpt: what letters and pages quote."""
        said = (
            ("要求更正的记录", record),
            ("不准确之处", wrong),
            ("证据", proof),
            ("要求更正为", correction),
        )
        quoted = "；".join(f"{label}：{' '.join(text.split())}" for label, text in said if text.strip())
        own = {"record": record, "wrong": wrong, "proof": proof, "correction": correction}
        return cls(description=quoted, **own, **more)


def wish(case: Application) -> Wish:
    """What is to be amended, for a use case that writes its own journal entry. Raises sealing.Sealed."""
    said = json.loads(sealing.unseal(case.sealed_request))
    said["materials"] = tuple(said.get("materials", ()))
    known = {entry.name for entry in fields(Wish)}
    return Wish(**{name: value for name, value in said.items() if name in known})


def problems(asked: Wish, *, files: int) -> wanted.Problems:
    """What is missing in a request that the applicant fills in, by art. 41: field → one sentence."""
    found = malformed(asked)
    for name, words in (
        ("record", _("Say which record is to be amended: its name, number, date or place.")),
        ("wrong", _("Say what in the record is not accurate.")),
        ("correction", _("Say how the record should read.")),
    ):
        if not getattr(asked, name).strip():
            found.setdefault(name, words)
    if not asked.proof.strip() and not files:
        words = _("Name the evidence that the record is not accurate, or add it as a file (art. 41).")
        found.setdefault("proof", words)
    return found


def malformed(asked: Wish) -> wanted.Problems:
    """What is too long."""
    return {
        name: _("At most %(n)d characters; add a file for the rest.") % {"n": limit}
        for name, limit in LIMITS.items()
        if len(getattr(asked, name)) > limit
    }


def submit(
    agency: Agency, taken: Taken, *, submission: UUID, address: str = "", worked: bool = True
) -> Application:
    """Take in a request from the public page; as intake.submit. Raises Incomplete, Refused."""
    found = problems(_wish_in(taken), files=len(taken.files))
    if found:
        own = wanted.problems(taken.kind, taken.person, taken.request)
        raise Incomplete({name: words for name, words in own.items() if name != "description"} | found)
    return intake.submit(
        agency, _marked(agency, taken), submission=submission, address=address, worked=worked
    )


def register(
    actor: Actor, agency: Agency, taken: Taken, *, channel: Channel, arrival: Arrival, **more: Any
) -> Application:
    """Register a request that came in by another way; as intake.register. What a letter lacks is completed by a
    correction later. Raises Incomplete, Refused."""
    asked = _wish_in(taken)
    in_person = channel in (Channel.COUNTER, Channel.ORAL)
    found = problems(asked, files=len(taken.files)) if in_person else malformed(asked)
    if found:
        raise Incomplete(found)
    return intake.register(actor, agency, _marked(agency, taken), channel=channel, arrival=arrival, **more)


def _wish_in(taken: Taken) -> Wish:
    if not isinstance(taken.request, Wish):
        raise TypeError("a request to amend a record holds a Wish")
    return taken.request


def _marked(agency: Agency, taken: Taken) -> Taken:
    term = {"kind": states.AMENDMENT, "working_days": options.read(agency, DAYS)}
    return replace(taken, matter=Matter.AMENDMENT, term=term)


def decide(
    actor: Actor,
    case: Application,
    *,
    result: str,
    facts: str,
    amended: str = "",
    organ: str = "",
    contact: str = "",
    way: str = "",
    seen: str = "",
) -> Letter:
    """Decide on a request to amend a record; returns its drafted letter 28.

    result: a key of rulebook.amendments; amended: what the record says from now on; organ, contact, way: who has
    the power to amend it, and whether the request was passed on; seen: as of decisions.decide. Raises Refused with the article.
    """
    if not facts.strip():
        raise Refused(_("State the facts and reasons; the letter needs them."), LAW)
    try:
        chosen = table.amendment(result)
    except OutcomeError as error:
        raise Refused(str(error), LAW) from error
    said = _said(chosen, amended.strip(), organ.strip(), contact.strip(), way)
    with transaction.atomic():
        held = events.lock(case.pk)
        demand(actor, held, "decide_amendment")
        decisions.refuse_unless_seen(events.of(held), seen, LAW)
        _refuse_unless_possible(held, chosen)
        letters.drop_answers(actor, held)
        decision = Decision.objects.create(
            application=held,
            outcome=chosen.key,
            sealed=sealing.seal(held.case_key, facts.strip()),
            person=actor.person,
            at=clock.now(),
        )
        events.write(
            held,
            "decided",
            clock.today(),
            actor,
            covers=[decision],
            outcome=chosen.key,
            sub_reason="",
            decision=decision.pk,
        )
        elements = {
            "facts_and_reasons": facts.strip(),
            "corrected_or_sent": said,
            "law": together(chosen.law),
            "conclusion": wording.AMENDMENT_CONCLUSIONS[chosen.key],
        }
        return letters.begin(actor, held, "answer", chosen.letter, elements=elements, decision=decision)


def _said(chosen: table.Amendment, amended: str, organ: str, contact: str, way: str) -> str:
    """The element of letter 28 that says what was amended, or who may."""
    if chosen.forwards:
        if not organ:
            raise Refused(_("Name the organ that has the power to amend the record."), LAW)
        if way not in WAYS:
            raise Refused(
                _("Say whether the request was passed on, or the applicant is told to turn there."), LAW
            )
        named = f"{organ}（联系方式：{contact}）" if contact else organ
        if way == PASSED_ON:
            return f"该记录由{named}负责更正，本机关已将{{you}}的更正申请转送该机关处理。"
        return f"该记录由{named}负责更正，请{{you}}向该机关提出。"
    if chosen.key == "record_kept":
        return "原记录不作更正。"
    if not amended:
        raise Refused(_("Write how the record reads from now on; the applicant is told it."), LAW)
    return f"更正后的内容为：{amended}"


def _refuse_unless_possible(case: Application, chosen: table.Amendment) -> None:
    with events.lawful():
        term = states.clock_of(events.of(case), clock.today())
    wait = next((each for each in term.waiting if each.whom is WaitingFor.CORRECTION), None) if term else None
    if wait is not None and not wait.expired(clock.today()):
        raise Refused(
            _("The applicant was asked to complete the request: enter the correction, or wait for its term."),
            cite("regulation", 30),
        )
    asked = wish(relations.applied(case))
    proved = asked.proof.strip() or asked.materials or case.events.filter(type="correction_received").exists()
    if chosen.key == "record_amended" and not proved:
        raise Refused(
            _(
                "No evidence is on file, and art. 41 asks for it: ask for a correction, or enter what came in."
            ),
            LAW,
        )
