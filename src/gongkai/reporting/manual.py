"""Figures set by hand: a reason from one person, the approval of the leader, and shown as such (C15)."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Appointment, Role
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock
from gongkai.reporting import figures
from gongkai.reporting.compiling import CHARGES, Manual
from gongkai.reporting.figures import Number, cell_key
from gongkai.reporting.models import AnnualReport, ManualDecision, ManualFigure
from gongkai.rulebook.report_form import CHARGE_DECIMALS
from gongkai.rulebook.report_rules import RULES

LONGEST_REASON = 500
LARGEST = Decimal(10) ** 13


def propose(
    actor: Actor, report: AnnualReport, key: str, value: Decimal | None, *, reason: str
) -> ManualFigure:
    """Propose `value` in the place of what the records give (None: back to the records). Raises Refused."""
    require(actor, "report.draft", report.agency)
    each = figures.figure(key)
    if each is None:
        raise Refused(_("This report has no figure of that name."))
    if not reason.strip():
        raise Refused(_("Give the reason why the records do not give this figure."), RULES["C15"].statement)
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Shorten the reason to %(n)d characters.") % {"n": LONGEST_REASON})
    if value is not None:
        _well_formed(key, value, decimals=not each.counts)
    with transaction.atomic():
        row = ManualFigure.objects.create(
            report=report,
            key=key,
            value=value,
            reason=reason.strip(),
            proposed_by=actor.person,
            at=clock.now(),
        )
        chain.record(
            "report.figure_proposed",
            actor.who,
            agency=report.agency_id,
            subject=("report", report.pk),
            covers=[row],
            key=key,
        )
    return row


def _well_formed(key: str, value: Decimal, *, decimals: bool) -> None:
    if not value.is_finite() or value < 0 or value >= LARGEST:
        raise Refused(_("Enter a number that is not negative."))
    places = -int(value.as_tuple().exponent)
    whole = value == value.to_integral_value()
    if key == cell_key(CHARGES):
        if places > CHARGE_DECIMALS:
            raise Refused(_("An amount has at most four decimals (10,000 yuan)."))
    elif not whole and (not decimals or key.startswith("disclosure.")):
        raise Refused(_("Enter a whole number."))


def decide(actor: Actor, row: ManualFigure, *, approved: bool) -> ManualDecision:
    """Approve or reject a figure set by hand; never by the person who proposed it. Raises Refused."""
    require(actor, "report.approve_figure", row.report.agency)
    if row.proposed_by_id == actor.person.pk:
        raise Refused(_("You proposed this figure: another person must approve it."))
    appointment = actor.holds(Role.APPROVER, row.report.agency)
    return _decided(actor, row, approved=approved, appointment=appointment, act="report.figure_decided")


def take_back(actor: Actor, row: ManualFigure) -> ManualDecision:
    """Take a proposal back that nobody has decided on; only its proposer may. Raises Refused.

    An approved figure is given up by proposing the records' own (value None), which the leader approves.
    """
    require(actor, "report.draft", row.report.agency)
    if row.proposed_by_id != actor.person.pk:
        raise Refused(_("Only who proposed this figure can take it back; the leader can reject it."))
    return _decided(actor, row, approved=False, appointment=None, act="report.figure_taken_back")


def _decided(
    actor: Actor, row: ManualFigure, *, approved: bool, appointment: Appointment | None, act: str
) -> ManualDecision:
    try:
        with transaction.atomic():
            decision = ManualDecision.objects.create(
                figure=row,
                approved=approved,
                approver=actor.person,
                at=clock.now(),
                appointment=appointment,
                on_day=clock.today(),
            )
            chain.record(
                act,
                actor.who,
                agency=row.report.agency_id,
                subject=("report", row.report_id),
                covers=[decision],
                key=row.key,
                approved=approved,
            )
    except IntegrityError as error:
        if ManualDecision.objects.filter(figure=row).exists():
            raise Refused(_("This figure is decided already.")) from error
        raise
    return decision


def approved(report: AnnualReport) -> dict[str, tuple[Number, Manual]]:
    """Figure key → its approved value by hand and why; the latest approved one counts."""
    rows = (
        ManualFigure.objects.filter(report=report, decision__approved=True)
        .select_related("proposed_by", "decision__approver")
        .order_by("pk")
    )
    latest = {row.key: row for row in rows}
    return {
        row.key: (
            int(row.value) if row.value == row.value.to_integral_value() else row.value,
            Manual(row.reason, row.proposed_by.name, row.decision.approver.name),
        )
        for row in latest.values()
        if row.value is not None
    }
