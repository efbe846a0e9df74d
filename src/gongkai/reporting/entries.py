"""Entering the decisions and charges that table two counts, by month with their source."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure.models import DecisionCount
from gongkai.journal import chain, clock
from gongkai.reporting.register_imports import both_ways
from gongkai.reporting.sources.disclosure import standing

LONGEST_SOURCE = 200


def enter(
    actor: Actor, agency: Agency, kind: str, *, month: date, amount: Decimal, source: str
) -> DecisionCount:
    """Enter a month's number of licences, penalties or coercive measures, or its charges in 10,000 yuan.

    A further entry of the same month corrects the one before; both stay. Raises Refused.
    """
    require(actor, "report.draft", agency)
    if kind not in DecisionCount.Kind.values:
        raise Refused(_("Choose what is counted."))
    if month > clock.today():
        raise Refused(_("That month has not begun."))
    if not source.strip() or len(source) > LONGEST_SOURCE:
        raise Refused(_("Name the register or paper that the number is from, in at most 200 characters."))
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 10:
        raise Refused(_("Enter a number that is not negative."))
    if kind != DecisionCount.Kind.CHARGES and amount != amount.to_integral_value():
        raise Refused(_("Enter a whole number."))
    if -int(amount.as_tuple().exponent) > 4:
        raise Refused(_("An amount has at most four decimals (10,000 yuan)."))
    month = month.replace(day=1)
    with transaction.atomic():
        # In the order of every act that locks rows: the journal first (chain.hold).
        chain.hold()
        Agency.objects.select_for_update().get(pk=agency.pk)
        singly = standing(agency, kind).filter(number__isnull=False, month=month)
        if amount and singly.exists():
            raise Refused(both_ways(kind, month, singly=False))
        row = DecisionCount.objects.create(
            agency=agency,
            kind=kind,
            month=month,
            amount=amount,
            source=source.strip(),
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.decisions_entered",
            actor.who,
            agency=agency.pk,
            subject=("decisions", row.pk),
            covers=[row],
            kind=kind,
            month=row.month,
        )
    return row
