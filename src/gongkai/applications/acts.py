"""What may be done now: one table (data/acts.json), read by screens, use cases and tests alike.

Each act names the states in which it is lawful, the roles that do it, the article that a refusal cites, and
the event that it records. The table is checked when the program starts; each act is a right of the policy.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from importlib import resources
from operator import or_
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import policy
from gongkai.agencies.models import Role
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.applications.models import Application, Matter, State
from gongkai.rulebook.events import EventType
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.norms import cite

# Events that are ours, beside those of the rulebook's clock.
OWN_EVENTS: Mapping[str, Any] = {
    "registered": gettext_lazy("registered"),
    "term_set": gettext_lazy("the term was set"),
    "assigned": gettext_lazy("given to a handler"),
    "called": gettext_lazy("telephone talk"),
    "searched": gettext_lazy("searched for the information"),
    "reasons_received": gettext_lazy("the applicant gave reasons"),
    "split": gettext_lazy("split into several"),
    "merged": gettext_lazy("joined with another case"),
    "separated": gettext_lazy("separated again"),
    "converted": gettext_lazy("proposed for proactive disclosure"),
    "suggested": gettext_lazy("the applicant suggests proactive disclosure (art. 44)"),
    "reasons_requested": gettext_lazy("the applicant was asked for reasons"),
    "consultation_told": gettext_lazy("the applicant was told of the consultation"),
    "third_party_told": gettext_lazy("the third party was told of the disclosure"),
    "extension_approved": gettext_lazy("the extension was approved"),
    "withdrawn": gettext_lazy("the applicant withdrew"),
    "decided": gettext_lazy("decided"),
    "decision_dropped": gettext_lazy("the decision was taken back"),
    "note": gettext_lazy("note"),
    "closed": gettext_lazy("closed"),
}
CLOCK_EVENTS = frozenset(event.value for event in EventType)
# Recorded where a case begins, not by an act on it.
BEGINNINGS = frozenset({"registered", "term_set"})
# Recorded by applicants themselves, by number and query code.
BY_APPLICANTS = frozenset({"suggested"})
# What a case that is handled together with another still does by itself.
OWN_ACTS = frozenset({"note", "log_call", "separate", "convert"})

LABELS: Mapping[str, Any] = {
    "confirm": gettext_lazy("Confirm the receipt"),
    "assign": gettext_lazy("Hand over to a handler"),
    "request_correction": gettext_lazy("Ask for a correction"),
    "receive_correction": gettext_lazy("Enter the correction"),
    "ask_reasons": gettext_lazy("Ask for reasons"),
    "receive_reasons": gettext_lazy("Enter the applicant's reasons"),
    "delay": gettext_lazy("Set a later day"),
    "consult_third_party": gettext_lazy("Ask a third party"),
    "third_party_answered": gettext_lazy("Enter the third party's opinion"),
    "consult_co_maker": gettext_lazy("Ask a co-maker"),
    "consult_agency": gettext_lazy("Ask another agency"),
    "agency_answered": gettext_lazy("Enter the agency's opinion"),
    "record_search": gettext_lazy("Enter a search"),
    "tell_consultation": gettext_lazy("Tell the applicant of the consultation"),
    "tell_third_party": gettext_lazy("Tell the third party of the disclosure"),
    "approve_extension": gettext_lazy("Approve an extension"),
    "extend": gettext_lazy("Write the extension notice"),
    "notify_fee": gettext_lazy("Charge the processing fee"),
    "receive_fee": gettext_lazy("Enter the payment"),
    "split": gettext_lazy("Split the application"),
    "merge": gettext_lazy("Join with another case"),
    "separate": gettext_lazy("Handle separately again"),
    "withdraw": gettext_lazy("Enter a withdrawal by the applicant"),
    "decide": gettext_lazy("Decide"),
    "decide_amendment": gettext_lazy("Decide on the amendment"),
    "drop_decision": gettext_lazy("Take the decision back"),
    "answer": gettext_lazy("Send the answer"),
    "note": gettext_lazy("Add a note"),
    "log_call": gettext_lazy("Enter a telephone talk"),
    "close": gettext_lazy("Close and file"),
    "convert": gettext_lazy("Propose for proactive disclosure"),
}


@dataclass(frozen=True)
class Act:
    """One row of the table. at: the event is recorded `once` (now), by `dispatch` or by `service` of the letter."""

    key: str
    matters: tuple[Matter, ...]
    states: tuple[State, ...]
    roles: tuple[Role, ...]
    law: str
    letter: int | None
    event: str
    at: str

    @property
    def label(self) -> str:
        return str(LABELS[self.key])

    @property
    def right(self) -> str:
        """The act's name in the permission policy."""
        return f"application.{self.key}"


@dataclass(frozen=True)
class Verdict:
    """Whether an act may be done now; where not, why and by which article."""

    act: Act
    reason: str = ""
    article: str = ""

    @property
    def allowed(self) -> bool:
        return not self.reason


def validate(acts: Iterable[Act]) -> None:
    """Raise ValueError unless the table is sound: every key once and labelled, known events and letters, and no
    state but the last from which nothing leads on."""
    acts = tuple(acts)
    keys = [act.key for act in acts]
    if len(set(keys)) != len(keys) or set(keys) != set(LABELS):
        raise ValueError("data/acts.json and the labels do not name the same acts, each once")
    for act in acts:
        if act.event not in CLOCK_EVENTS and act.event not in OWN_EVENTS:
            raise ValueError(f"act {act.key} records the unknown event {act.event}")
        if (
            not act.matters
            or not act.states
            or not act.roles
            or act.at not in ("once", "dispatch", "service")
        ):
            raise ValueError(f"act {act.key} has no matter, no state, no role or no moment")
        if act.letter is not None and act.letter not in LETTER_KINDS:
            raise ValueError(f"act {act.key} uses the unknown letter {act.letter}")
        if act.letter is None and act.at != "once" and act.key != "answer":
            raise ValueError(f"act {act.key} waits for a letter that it does not have")
    aside = {"note", "called", "assigned", "searched"}
    for matter in Matter:
        moving = {s for act in acts if act.event not in aside and matter in act.matters for s in act.states}
        waits = {State.CLOSED} | ({State.PAYING} if matter is Matter.AMENDMENT else set())
        if stuck := set(State) - moving - waits:
            raise ValueError(f"nothing leads on from {sorted(stuck)} for {matter}")
    recorded = {act.event for act in acts} | BEGINNINGS | BY_APPLICANTS
    if missing := (CLOCK_EVENTS | set(OWN_EVENTS)) - recorded:
        raise ValueError(f"no act records {sorted(missing)}")


def _read() -> Mapping[str, Act]:
    text = resources.files(__package__).joinpath("data", "acts.json").read_text(encoding="utf-8")
    acts = [
        Act(
            row["key"],
            tuple(Matter(name) for name in row["matters"]),
            tuple(State(name) for name in row["states"]),
            tuple(Role(name) for name in row["roles"]),
            cite(*row["law"]),
            row["letter"],
            row["event"],
            row["at"],
        )
        for row in json.loads(text)["acts"]
    ]
    validate(acts)
    return MappingProxyType({act.key: act for act in acts})


ACTS = _read()
_PREDICATES = {
    Role.HANDLER: policy.handler,
    Role.REVIEWER: policy.reviewer,
    Role.APPROVER: policy.approver,
    Role.DISCLOSURE_HEAD: policy.head,
}
for _act in ACTS.values():
    policy.grant(_act.right, reduce(or_, (_PREDICATES[role] for role in _act.roles)), LABELS[_act.key])
policy.grant(
    "application.read", policy.staff | policy.oversees, gettext_lazy("see the applications of this agency")
)
policy.grant("application.personal", policy.staff, gettext_lazy("read personal data of applicants"))
policy.grant(
    "application.register",
    policy.handler | policy.head,
    gettext_lazy("register applications for this agency"),
)


def verdict(actor: Actor, case: Application, act: Act) -> Verdict:
    """Whether role and state allow the act; what the clock says of its day comes on top (see events.check)."""
    if not allowed(actor, act.right, case.agency):
        return Verdict(
            act,
            _("This is for another role of the agency: %(roles)s.")
            % {"roles": "、".join(str(role.label) for role in act.roles)},
        )
    if case.matter not in act.matters:
        meant = "、".join(str(matter.label) for matter in act.matters)
        words = _("Not for a case of the kind “%(matter)s”; this act is for: %(meant)s.")
        return Verdict(act, words % {"matter": Matter(case.matter).label, "meant": meant}, act.law)
    if case.lead_id and act.key not in OWN_ACTS:
        words = _("This case is handled together with %(number)s: act there, or separate the two first.")
        return Verdict(act, words % {"number": case.lead}, act.law)
    if case.state not in act.states:
        then = "、".join(f"“{state.label}”" for state in act.states)
        words = _("Not while the case is “%(state)s”; it is done while the case is %(then)s.")
        return Verdict(act, words % {"state": State(case.state).label, "then": then}, act.law)
    return Verdict(act)


def demand(actor: Actor, case: Application, key: str) -> Act:
    """The act, where role and state allow it now. Raises Refused with the article."""
    act = ACTS[key]
    policy.require(actor, act.right, case.agency)
    found = verdict(actor, case, act)
    if not found.allowed:
        raise Refused(found.reason, found.article)
    return act
