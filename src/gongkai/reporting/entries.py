"""Entering the decisions and charges that table two counts, by month with their source; striking out a single one."""

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

LONGEST_SOURCE = LONGEST_REASON = 200


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


def latest(row: DecisionCount) -> DecisionCount:
    """What stands now of the single decision of this row; struck out where its amount is 0."""
    rows = DecisionCount.objects.filter(agency=row.agency_id, kind=row.kind, number=row.number)
    return rows.select_related("agency", "person").latest("pk")


def strike_out(actor: Actor, row: DecisionCount, *, reason: str) -> DecisionCount:
    """Strike out a single decision that was registered by mistake: no report counts it; both rows stay.

    `row` is the one that was looked at: where a later one stands by now, it is refused. The reason is kept as the
    source of the new row. Raises Refused.
    """
    return _said_anew(actor, row, reason, struck=True)


def restore(actor: Actor, row: DecisionCount, *, reason: str) -> DecisionCount:
    """Count a decision again that was struck out, as it stood before. Raises Refused."""
    return _said_anew(actor, row, reason, struck=False)


def _said_anew(actor: Actor, row: DecisionCount, reason: str, *, struck: bool) -> DecisionCount:
    require(actor, "report.draft", row.agency)
    if row.number is None or row.decided_on is None:
        raise Refused(_("A month's number is not struck out: enter the right one, or 0, for that month."))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(_("Give the reason, in at most %(n)d characters.") % {"n": LONGEST_REASON})
    with transaction.atomic():
        # As in `enter`: the journal first.
        chain.hold()
        Agency.objects.select_for_update().get(pk=row.agency_id)
        if latest(row).pk != row.pk or bool(row.amount) != struck:
            raise Refused(_("This decision has changed since it was shown; look at it again."))
        amount = Decimal(0) if struck else _before(row).amount
        by_number = standing(row.agency, row.kind).filter(number__isnull=True, month=row.month, amount__gt=0)
        if not struck and by_number.exists():
            raise Refused(both_ways(row.kind, row.month, singly=True))
        made = DecisionCount.objects.create(
            agency=row.agency,
            kind=row.kind,
            month=row.month,
            amount=amount,
            source=reason.strip(),
            number=row.number,
            decided_on=row.decided_on,
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.decision_struck_out" if struck else "report.decision_restored",
            actor.who,
            agency=row.agency_id,
            subject=("decisions", made.pk),
            covers=[made],
            kind=row.kind,
            number=row.number,
            reason=made.source,
        )
    return made


def _before(row: DecisionCount) -> DecisionCount:
    """The decision as it stood before it was struck out."""
    rows = DecisionCount.objects.filter(agency=row.agency_id, kind=row.kind, number=row.number, amount__gt=0)
    return rows.latest("pk")


def history(row: DecisionCount) -> list[DecisionCount]:
    """Every row of this decision, the latest first."""
    rows = DecisionCount.objects.filter(agency=row.agency_id, kind=row.kind, number=row.number)
    return list(rows.select_related("person").order_by("-pk"))
