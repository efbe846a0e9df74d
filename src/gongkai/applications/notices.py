"""Notices in the course of a case: each is a letter; sending it is what moves the clock (arts. 30–35, 42).

Each function begins the draft of its letter with the facts filled in, after asking table and clock whether
the act would be lawful today. All raise Refused with the article.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import consultations, events, excess, letters, states
from gongkai.applications.acts import ACTS, CLOCK_EVENTS, demand
from gongkai.applications.models import Application, CaseEvent, Letter
from gongkai.journal import clock
from gongkai.rulebook import fees
from gongkai.rulebook.norms import cite

UNAPPROVED = gettext_lazy(
    "The head of the disclosure office approves an extension first: ask them to, before the term ends."
)
# Of these several may be under way at once: each consulted party has its own.
SEVERAL = frozenset({"consult_third_party", "consult_co_maker", "consult_agency", "tell_third_party"})


def request_correction(
    actor: Actor, case: Application, *, unclear: str, items: str, until: date, guidance: str = ""
) -> Letter:
    """Letter 4: what is unclear, what to complete, and by which day; once, and sent by day 7 (art. 30)."""
    if until <= clock.today():
        words = _("The day for the correction must leave a reasonable time: choose one after today.")
        raise Refused(words, cite("regulation", 30))
    elements = {
        "what_is_unclear": unclear,
        "correction_items": items,
        "guidance": guidance,
        "correction_term": letters.prose(until),
    }
    return _begin(actor, case, "request_correction", elements, until=until.isoformat())


def ask_reasons(actor: Actor, case: Application, *, until: date, facts: str = "") -> Letter:
    """Letter 5: number and frequency of the applications, and by which day to give reasons (art. 35).

    facts: empty for the count of the month.
    """
    if until <= clock.today():
        raise Refused(
            _("The day for the reasons must leave time to write: choose one after today."), excess.LAW
        )
    elements = {
        "frequency_facts": facts.strip() or excess.facts(case),
        "reasons_term": letters.prose(until),
    }
    return _begin(actor, case, "ask_reasons", elements, until=until.isoformat())


def consult_third_party(actor: Actor, case: Application, *, name: str, information: str) -> Letter:
    """Letter 7: the third party's opinion within 15 working days of its receipt (art. 32)."""
    return _consult(actor, case, "consult_third_party", name, {"information": information})


def consult_co_maker(actor: Actor, case: Application, *, name: str, information: str) -> Letter:
    """Letter 11: the co-making agency's opinion; silence is consent (art. 34)."""
    return _consult(actor, case, "consult_co_maker", name, {"information": information}, co_maker=True)


def consult_agency(
    actor: Actor, case: Application, *, name: str, items: str, until: date | None = None
) -> Letter:
    """Letter 12: help or opinion of another agency; its time is excluded, its silence no consent (art. 33(3)).

    until: the day by which an answer is asked for, left to the handler to write where it is None. The law sets none,
    so nothing follows from its passing.
    """
    if until is not None and until <= clock.today():
        words = _("The day for the answer must leave time to search: choose one after today.")
        raise Refused(words, ACTS["consult_agency"].law)
    term = f"请于{letters.prose(until)}前（含当日）函复，以便本机关在法定期限内答复申请人。" if until else ""
    elements = {"assist_items": items, "assist_term": term}
    return _consult(actor, case, "consult_agency", name, elements, co_maker=False)


def tell_consultation(actor: Actor, case: Application) -> Letter:
    """Letter 9: the applicant learns that the consultation is not counted (art. 33(3))."""
    return _begin(actor, case, "tell_consultation", {})


def tell_third_party(actor: Actor, case: Application, *, name: str, content: str, reasons: str) -> Letter:
    """Letter 10: to the objecting third party, what is disclosed all the same and why (art. 32).

    name: as it stands in the letter that asked it.
    """
    party = {each: ref for ref, each in consultations.objectors(case, events.of(case)).items()}.get(
        name.strip()
    )
    if party is None:
        raise Refused(
            _("This letter goes to a third party whose objection is on file: enter its opinion first."),
            cite("regulation", 32),
        )
    elements = {"disclosed_content": content, "public_interest_reasons": reasons}
    return _begin(actor, case, "tell_third_party", elements, addressee=name.strip(), third_party=party)


def approval_in_hand(rows: list[CaseEvent]) -> CaseEvent | None:
    """The approval of an extension that no notice has used yet."""
    last = next((row for row in reversed(rows) if row.type in ("extension_approved", "extended")), None)
    return last if last is not None and last.type == "extension_approved" else None


def extend(actor: Actor, case: Application) -> Letter:
    """Letter 6, after the head of the disclosure office approved: sent before the first term ends (art. 33(2))."""
    rows = events.of(case)
    approval = approval_in_hand(rows)
    if approval is None or approval.person is None:
        raise Refused(UNAPPROVED, cite("regulation", 33, 2))
    days = approval.data["working_days"]
    events.check(case, "extended", clock.today(), working_days=days)
    due = due_extended(case, clock.today(), days)
    elements = {
        "extension_reason": events.words(approval),
        "approver": approval.person.name,
        "new_due": letters.prose(due) if due else "",
    }
    known = {"due": due.isoformat()} if due else {}
    return _begin(actor, case, "extend", elements, working_days=days, **known)


def due_extended(case: Application, on: date, working_days: int) -> date | None:
    """The due day once the extension is notified on that day; None where its end cannot be known. Raises Refused."""
    rows = events.of(case)
    row = CaseEvent(seq=rows[-1].seq + 1, type="extended", on=on, data={"working_days": working_days})
    with events.lawful():
        return states.standing([*rows, row]).due_on


def notify_fee(
    actor: Actor, case: Application, *, ladder: str, units: int, payment: str, already: int | None = None
) -> Letter:
    """Letter 13: the fee by items or by pages, with its slices and the account; received within the term (art. 42).

    units: items or pages of this application; already: by items, the applicant's earlier ones of the month
    (default: as they are counted here).
    """
    kind = fees.FeeLadder(ladder)
    if already is None:
        already = excess.earlier(case) if kind is fees.FeeLadder.BY_ITEMS else 0
    try:
        fee = fees.fee(kind, units, clock.today(), already)
    except fees.FeeError as error:
        raise Refused(str(error), cite("regulation", 42)) from error
    if not fee.amount:
        raise Refused(_("Nothing is charged for this quantity; go on with the case without a fee."), fee.law)
    unit = "件" if fee.ladder is fees.FeeLadder.BY_ITEMS else "页"
    slices = "；".join(_slice(each, unit) for each in fee.slices if each.price)
    elements = {
        "fee_standard": f"{fee.ladder.label}，{slices}",
        "fee_count": f"{units}{unit}",
        "fee_amount": f"{fee.amount}元",
        "payment_way": payment,
    }
    return _begin(actor, case, "notify_fee", elements, amount=fee.amount)


def _slice(each: fees.FeeSlice, unit: str) -> str:
    """One step of the ladder as the letter reckons it."""
    which = f"第{each.first}{unit}" + (f"至第{each.last}{unit}" if each.units > 1 else "")
    return f"{which}每{unit}{each.price}元，计{each.units}{unit}{each.amount}元"


def _consult(
    actor: Actor, case: Application, act: str, name: str, elements: dict[str, str], **terms: Any
) -> Letter:
    if not name.strip():
        raise Refused(_("Name whom you ask; the letter is addressed to it."), ACTS[act].law)
    return _begin(actor, case, act, elements, addressee=name.strip(), ref=uuid4().hex[:8], **terms)


def _begin(
    actor: Actor,
    case: Application,
    key: str,
    elements: Mapping[str, str],
    *,
    addressee: str = "",
    **terms: Any,
) -> Letter:
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, key)
        assert act.letter is not None
        if act.event in CLOCK_EVENTS:
            events.check(held, act.event, clock.today(), **terms)
        under_way = held.letters.filter(act=key, dropped=False, dispatch__isnull=True)
        if key not in SEVERAL and under_way.exists():
            raise Refused(_("Such a notice is already being written; go on with it, or give it up."), act.law)
        return letters.begin(
            actor, held, key, act.letter, elements=elements, terms=terms, addressee=addressee
        )
