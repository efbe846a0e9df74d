"""Handling several applications together: one letter answers all, each keeps its own clock (rulebook 5.7).

The joining case names its lead; from then on what happens to the lead happens to it too (events.SHARED), checked
against its own clock. Each counts by itself, so r1 and r3 are what they would be without.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events, relations, states
from gongkai.applications.acts import demand
from gongkai.applications.models import Application, CaseEvent, Matter, State
from gongkai.journal import clock
from gongkai.rulebook.norms import cite

LAW = cite("regulation", 45)
MOST_TOGETHER = 20
LONGEST_REASON = 1000


def candidates(case: Application, limit: int = 50) -> list[Application]:
    """Open cases of the same applicant with which the case could be handled, the earliest due first."""
    rows = Application.objects.filter(
        agency_id=case.agency_id, matter=Matter.INFORMATION, state=State.PROCESSING, lead__isnull=True
    ).exclude(pk=case.pk)
    prints = {name: getattr(case, name) for name in ("identity_print", "name_print") if getattr(case, name)}
    found: dict[object, Application] = {}
    for name, value in prints.items():
        for row in rows.filter(**{name: value}).select_related("agency").order_by("due_on")[:limit]:
            if relations.same_applicant(case, row):
                found[row.pk] = row
    return sorted(found.values(), key=lambda row: (row.due_on is None, row.due_on, row.number))[:limit]


def why_not(case: Application, rows: Sequence[CaseEvent]) -> None:
    """Raises Refused where the case cannot join or lead another one now; with the article and the way out."""
    name = {"number": case.number}
    if case.matter != Matter.INFORMATION:
        raise Refused(_("%(number)s is no application for information.") % name, LAW)
    if case.lead_id:
        words = _("%(number)s is handled together with %(lead)s already: choose that one.")
        raise Refused(words % (name | {"lead": case.lead}), LAW)
    if case.state == State.REGISTERED:
        words = _("The receipt day of %(number)s is not known: confirm its receipt first.")
        raise Refused(words % name, cite("regulation", 31))
    if case.state != State.PROCESSING:
        words = _("%(number)s is “%(state)s”: only cases in hand and undecided are joined.")
        raise Refused(words % (name | {"state": case.get_state_display()}), LAW)
    if relations.under_way(case) is not None:
        words = _("A letter of %(number)s is under way: send it and enter its arrival, or give it up first.")
        raise Refused(words % name, LAW)
    term = states.clock_of(rows)
    # A third party or co-maker that let its term pass in silence is waited for no longer.
    if term is not None and any(not each.expired(clock.today()) for each in term.waiting):
        words = _("%(number)s waits for an opinion: enter it, or wait for its term, then join the cases.")
        raise Refused(words % name, LAW)


def may_join(case: Application, rows: Sequence[CaseEvent]) -> None:
    """Raises Refused where the case cannot join another one now, beyond what table and role say."""
    why_not(case, rows)
    if case.followers.exists():
        words = _("Others are handled together with %(number)s: let it lead, or separate them first.")
        raise Refused(words % {"number": case.number}, LAW)


def merge(actor: Actor, case: Application, lead: Application, *, reason: str = "") -> None:
    """Handle `case` together with `lead`, which answers both from now on.

    reason: why applications of different applicants belong together, as of joint applicants; needed where the
    keyed digests do not show one and the same. Raises Refused with the article.
    """
    with transaction.atomic():
        held, head = _both(case, lead)
        demand(actor, held, "merge")
        if held == head or held.agency_id != head.agency_id:
            raise Refused(_("Choose another case of the same agency."), LAW)
        may_join(held, events.of(held))
        why_not(head, events.of(head))
        if head.followers.count() + 2 > MOST_TOGETHER:
            raise Refused(_("At most %(n)d cases are handled together.") % {"n": MOST_TOGETHER}, LAW)
        _reason(reason)
        if not reason.strip() and not relations.same_applicant(held, head):
            raise Refused(
                _(
                    "The two do not show the same applicant: say why they belong together, as of joint "
                    "applicants, or handle them separately."
                ),
                LAW,
            )
        today = clock.today()
        events.write(held, "merged", today, actor, words=reason, lead=str(head.pk))
        events.write(head, "merged", today, actor, words=reason, follower=str(held.pk))


def separate(actor: Actor, case: Application, *, reason: str) -> None:
    """Handle a joined case by itself again, before the decision. Raises Refused with the article."""
    if not reason.strip():
        raise Refused(_("Give the reason."), LAW)
    _reason(reason)
    with transaction.atomic():
        if case.lead is None:
            raise Refused(_not_joined(), LAW)
        held, head = _both(case, case.lead)
        demand(actor, held, "separate")
        separable(held, events.of(held))
        today = clock.today()
        events.write(held, "separated", today, actor, words=reason, left=str(head.pk))
        events.write(head, "separated", today, actor, words=reason, follower=str(held.pk))


def separable(case: Application, rows: Sequence[CaseEvent]) -> None:
    """Raises Refused where the case cannot be separated now, beyond what table and role say."""
    if case.lead is None:
        raise Refused(_not_joined(), LAW)
    if relations.under_way(case.lead) is not None:
        words = _("A letter of %(number)s that names both is under way: send it, or give it up first.")
        raise Refused(words % {"number": case.lead}, LAW)


def _not_joined() -> str:
    return _("This case follows no other one; where it leads, open the other and separate that.")


def _reason(text: str) -> None:
    if len(text) > LONGEST_REASON:
        raise Refused(_("At most %(n)d characters.") % {"n": LONGEST_REASON}, LAW)


def _both(one: Application, other: Application) -> tuple[Application, Application]:
    """Both cases held, always in the same order, so that two people joining them crosswise do not block."""
    held = {pk: events.lock(pk) for pk in sorted({one.pk, other.pk})}
    return held[one.pk], held[other.pk]
