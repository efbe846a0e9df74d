"""Answering anew, as a reconsideration or a court ordered (rulebook 4.5): a linked case with its own clock.

The order is entered in the register of remedies, in one transaction with what happens here. An answered
application gets a linked case, received on the day the agency received the decision; one that was never answered
is itself to be answered by the day of the order. Neither counts again in r1 or r3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import amendments, events, offspring, personal, relations
from gongkai.applications.models import Application, CaseEvent, Matter, State
from gongkai.applications.states import ANEW, LIFTED, ORDER
from gongkai.journal import clock
from gongkai.rulebook.answer_terms import not_the_same_again
from gongkai.rulebook.norms import cite


@dataclass(frozen=True)
class Ordered:
    """What a decision or judgment orders. received: by the agency; until: the day it sets, None for the 20 working
    days of rulebook 4.5; remedy: its case in the register; law: the decision or judgment as a letter cites it."""

    received: date
    until: date | None
    remedy: UUID
    law: str
    court: bool


def open_case(actor: Actor, case: Application, order: Ordered) -> Application:
    """The case in which `case` is answered as ordered, inside the caller's transaction: a linked one, or `case`
    itself where it was never answered. Raises Refused."""
    held = events.lock(case.pk)
    said = {
        "until": order.until.isoformat() if order.until else None,
        "remedy": str(order.remedy),
        "law": order.law,
        "court": order.court,
    }
    if held.answered_on is None and held.state != State.CLOSED:
        events.write(held, "term_set", order.received, actor, kind=ORDER, **said)
        return held
    matter = Matter.AMENDMENT if held.matter == Matter.AMENDMENT else Matter.REDO
    made = offspring.open_from(actor, held, matter, _request(held), anew_of=held.number)
    events.write(made, "term_set", order.received, actor, kind=ANEW, **said)
    events.write(made, "received", order.received, actor)
    return made


def _request(case: Application) -> personal.Request:
    """What is to be answered anew: of a case that was split, the part that stayed."""
    if case.matter == Matter.AMENDMENT:
        return amendments.wish(case)
    asked = personal.request(case)
    if case.events.filter(type="split").exists():
        return replace(asked, title="", number="", description=relations.excerpt(case))
    return asked


def opened_by(remedy: UUID, case: Application | None) -> Application | None:
    """The case in which the order of a remedy about `case` is carried out; None where none was opened."""
    if case is None:
        return None
    rows = CaseEvent.objects.filter(type="term_set", data__remedy=str(remedy))
    near = rows.filter(application__in=[case.pk, *case.offspring.values_list("pk", flat=True)])
    found = near.select_related("application__agency").order_by("pk").last()
    return None if found is None or found.data["kind"] == LIFTED else found.application


def order_of(rows: Sequence[CaseEvent]) -> CaseEvent | None:
    """The order that the case carries out, the last one where there are several; None where there is none."""
    given = next((row for row in reversed(rows) if row.type == "term_set" and "remedy" in row.data), None)
    return None if given is None or given.data["kind"] == LIFTED else given


def caution(rows: Sequence[CaseEvent]) -> tuple[str, str] | None:
    """What the new answer may not be, with its article, for whoever decides it; None without an order."""
    given = order_of(rows)
    if given is None or given.data["kind"] != ANEW:
        return None
    return not_the_same_again(given.on, court=given.data["court"])


def facts(rows: Sequence[CaseEvent]) -> list[dict[str, Any]]:
    """What the page of a case says of the order it carries out, as {label, value, wide}; empty without one."""
    given = order_of(rows)
    if given is None:
        return []
    found: list[dict[str, Any]] = [{"label": _("ordered by"), "value": given.data["law"], "wide": True}]
    if warned := caution(rows):
        words, article = warned
        value = f"{words}（{article}）" if article else words
        found.append({"label": _("what the new answer may not be"), "value": value, "wide": True})
    return found


def lift(actor: Actor, case: Application, remedy: UUID, reason: str) -> None:
    """The order was entered by mistake: a linked case in which nothing was done is closed, an application of its
    own runs by art. 33 again. Inside the caller's transaction. Raises Refused."""
    held = events.lock(case.pk)
    if held.answered_on is not None:
        raise Refused(
            _("%(number)s was answered as ordered already; the order stays.") % {"number": held.number}
        )
    if held.state == State.CLOSED:
        return
    if relations.under_way(held) is not None or held.state == State.DECIDED:
        words = _("In %(number)s an answer is under way: take the decision back or give the letter up first.")
        raise Refused(words % {"number": held.number}, cite("regulation", 45))
    today = clock.today()
    if order_of(events.of(held)) is not None and held.origin_id and relations.is_anew(held):
        events.write(held, "closed", today, actor, words=reason)
        return
    events.write(held, "term_set", today, actor, kind=LIFTED, remedy=str(remedy))
