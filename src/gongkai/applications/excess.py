"""Many applications of one applicant (arts. 35, 42): the count of the month, and the reasons that were asked for.

No statute names a number. Above that of the first charged item the page says so (rulebook 1.5); whether it is
clearly beyond reason is for a person to find. Applicants are compared by keyed digests alone (I7).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.applications import events
from gongkai.applications.models import Application, CaseEvent, Matter, PartyPrint
from gongkai.journal import clock
from gongkai.rulebook.norms import cite

LAW = cite("regulation", 35)
# Items of one applicant in a calendar month that cost nothing (rulebook 3); above it the page shows an alert.
FREE_ITEMS = 10
# Of a further party only who applies counts, not an agent, who may act for many.
_APPLYING = ("co_applicant", "spokesperson")


def month_of(case: Application) -> QuerySet[Application]:
    """The applications of the same applicant to the same agency in the calendar month of this one, itself with it,
    in the order of registration. Only itself where nothing of the applicant can be compared."""
    day = case.received_on or case.arrived_on
    rows = Application.objects.filter(agency=case.agency_id, matter=Matter.INFORMATION)
    rows = rows.alias(counted_on=Coalesce("received_on", "arrived_on")).filter(
        counted_on__year=day.year, counted_on__month=day.month
    )
    return rows.filter(Q(pk=case.pk) | same_applicant(case)).order_by("registered_at", "number")


def same_applicant(case: Application, roles: Collection[str] = _APPLYING) -> Q:
    """By the identity number of whoever applies; without one, by name and telephone number together. roles: of the
    further parties, those that count."""
    parties = PartyPrint.objects.filter(role__in=roles, fact="identity")
    identities = set(parties.filter(application=case.pk).values_list("print", flat=True))
    if case.identity_print:
        identities.add(case.identity_print)
    same = Q(identity_print__in=identities)
    if identities:
        same |= Q(pk__in=parties.filter(print__in=identities).values("application"))
    if case.name_print and case.phone_print:
        same |= Q(name_print=case.name_print, phone_print=case.phone_print)
    return same


def earlier(case: Application) -> int:
    """How many applications of the month came before this one: what a fee by items builds on."""
    at_once = Q(registered_at=case.registered_at, number__lt=case.number)
    return month_of(case).filter(Q(registered_at__lt=case.registered_at) | at_once).count()


def alert(case: Application) -> int:
    """The count of the month where it is above the free items, else 0."""
    if case.matter != Matter.INFORMATION:
        return 0
    count = month_of(case).count()
    return count if count > FREE_ITEMS else 0


def facts(case: Application) -> str:
    """Number and frequency as letters 5 and 25 state them."""
    day = case.received_on or case.arrived_on
    return (
        f"申请人于{day.year}年{day.month}月向本机关提出政府信息公开申请{month_of(case).count()}件，"
        f"本申请为其中第{earlier(case) + 1}件。"
    )


def drafted(case: Application) -> dict[str, str]:
    """What letter 25 says of number and frequency, by element key."""
    return {"frequency_facts": facts(case)}


@dataclass(frozen=True)
class Reasons:
    """The reasons that an applicant was asked for. until: None where the term is not on file."""

    asked_on: date
    until: date | None
    received_on: date | None

    @property
    def lapsed(self) -> bool:
        """Whether the term passed without reasons."""
        return self.received_on is None and (self.until is None or self.until < clock.today())


def reasons(rows: Sequence[CaseEvent]) -> Reasons | None:
    """How the last request for reasons stands; None where none was sent."""
    asked = next((row for row in reversed(rows) if row.type == "reasons_requested"), None)
    if asked is None:
        return None
    came = next((row for row in rows if row.type == "reasons_received" and row.seq > asked.seq), None)
    until = asked.data.get("until")
    return Reasons(asked.on, date.fromisoformat(until) if until else None, came.on if came else None)


def require(rows: Sequence[CaseEvent]) -> None:
    """Refuse “not handled, many and often” unless the applicant gave reasons, or let the term for them pass."""
    found = reasons(rows)
    if found is None:
        raise Refused(_("Ask the applicant for the reasons first, and send that letter."), LAW)
    if found.received_on is None and not found.lapsed:
        raise Refused(
            _(
                "The applicant has until %(until)s to give reasons: enter them when they come, or wait for that day."
            )
            % {"until": found.until},
            LAW,
        )


def require_reasons(case: Application) -> Reasons:
    """The reasons that came in; a later day is set only where they are found reasonable. Raises Refused."""
    found = reasons(events.of(case))
    if found is None or found.received_on is None:
        raise Refused(
            _("A later day presupposes reasons of the applicant: ask for them, and enter what came in."), LAW
        )
    return found
