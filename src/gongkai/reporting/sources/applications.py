"""Table three and the figures of applications: received, carried over, answered, still open (rulebook 2.3, 5.7).

The same rule as `applications.figures`, for any period: r1 counts by the receipt day of art. 31; r3 by the day that counts for the answer and the row of its outcome;
r2 and r4 count what was received and not answered before the period and by its end.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications.figures import counted
from gongkai.applications.models import Application, CaseEvent
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Number, Opened, Period, Records, cell_key
from gongkai.rulebook.receipt import Channel, ReportChannel
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, APPLICATION_ROWS, SUM_ROW, Cell

SOURCES = {
    "r1": _("Applications whose receipt day (art. 31) lies in the period."),
    "r2": _("Applications received before the period and not answered before it."),
    "r4": _("Applications received by the end of the period and not answered by then."),
    SUM_ROW: _("Applications answered in the period, by the day that counts for the answer."),
}
BY_OUTCOME = _("Applications answered in the period whose outcome belongs to this row.")
CHANNELS = {
    "by_counter": ReportChannel.IN_PERSON,
    "by_fax": ReportChannel.FAX,
    "by_web": ReportChannel.NETWORK,
    "by_post": ReportChannel.LETTER,
}


def received(agency: Agency, period: Period) -> QuerySet[Any]:
    return counted().filter(agency=agency, received_on__range=(period.first, period.last))


def carried_over(agency: Agency, period: Period) -> QuerySet[Any]:
    open_then = Q(answered_on__isnull=True) | Q(answered_on__gte=period.first)
    return counted().filter(open_then, agency=agency, received_on__lt=period.first)


def answered(agency: Agency, period: Period) -> QuerySet[Any]:
    return counted().filter(agency=agency, answered_on__range=(period.first, period.last))


def still_open(agency: Agency, period: Period) -> QuerySet[Any]:
    open_then = Q(answered_on__isnull=True) | Q(answered_on__gt=period.last)
    return counted().filter(open_then, agency=agency, received_on__lte=period.last)


_ROWS: dict[str, Records] = {"r1": received, "r2": carried_over, SUM_ROW: answered, "r4": still_open}


def _cell_rows(row: str, column: str) -> Records:
    def rows(agency: Agency, period: Period) -> QuerySet[Any]:
        found = _ROWS.get(row, answered)(agency, period)
        if row not in _ROWS:
            found = found.filter(row=row)
        return found if column == "total" else found.filter(applicant_kind=column)

    return rows


def by_channel(channel: ReportChannel) -> Records:
    """Applications received through one of the report's four channels."""
    ways = [each.value for each in Channel if each.report_channel is channel]
    return lambda agency, period: received(agency, period).filter(channel__in=ways)


def fee_notices(agency: Agency, period: Period) -> QuerySet[Any]:
    """Fee notices that reached their applicants in the period."""
    return _fee_events("fee_notified", agency, period)


def fees_paid(agency: Agency, period: Period) -> QuerySet[Any]:
    """Payments completed in the period."""
    return _fee_events("fee_paid", agency, period)


def _fee_events(kind: str, agency: Agency, period: Period) -> QuerySet[Any]:
    # Of cases handled together only the lead's event is a notice or a payment of its own.
    rows = CaseEvent.objects.filter(
        application__agency=agency, type=kind, on__range=(period.first, period.last)
    )
    return rows.exclude(data__has_key="of").select_related("application")


def _noticed(rows: QuerySet[Any], agency: Agency, period: Period) -> Number:
    return _yuan(event.data["amount"] for event in rows)


def _collected(rows: QuerySet[Any], agency: Agency, period: Period) -> Number:
    """A payment is in full, so it is of the amount of the notice before it."""
    notices = (
        event.application.events.filter(type="fee_notified", seq__lt=event.seq).order_by("seq").last()
        for event in rows
    )
    return _yuan(notice.data["amount"] for notice in notices if notice is not None)


def _yuan(amounts: Any) -> Number:
    total = sum((Decimal(str(amount)) for amount in amounts), Decimal(0))
    return int(total) if total == int(total) else total


def open_application(case: Application) -> Opened:
    url = reverse("applications:case", args=[case.pk])
    return Opened(case.number, url, case.received_on, case.get_applicant_kind_display())


def open_event(event: CaseEvent) -> Opened:
    return Opened(
        event.application.number, reverse("applications:case", args=[event.application_id]), event.on
    )


def _cell(row: str, column: str) -> Figure:
    cell = Cell("applications", row, column)
    return Figure(
        cell_key(cell),
        str(cell),
        SOURCES.get(row, BY_OUTCOME),
        _cell_rows(row, column),
        open_application,
        cell=cell,
    )


def declare() -> None:
    """The cells of table three, the applications received and their four channels, the fees."""
    narrative = [
        Figure(
            "applications",
            _("applications received"),
            SOURCES["r1"],
            received,
            open_application,
            unit="件",
        ),
        *(
            Figure(
                key,
                f"{channel.label}申请",
                _("Applications received in the period through this channel of the report."),
                by_channel(channel),
                open_application,
                unit="件",
            )
            for key, channel in CHANNELS.items()
        ),
        Figure(
            "fee_notices",
            _("fee notices sent"),
            _("Fee notices that reached their applicants in the period."),
            fee_notices,
            open_event,
            unit="件",
        ),
        Figure(
            "fee_amount",
            _("amount of the fee notices"),
            _("The amounts of the fee notices of the period, in yuan."),
            fee_notices,
            open_event,
            measure=_noticed,
            unit="元",
        ),
        Figure(
            "fee_collected",
            _("fees collected"),
            _("The amounts of the notices that were paid in the period, in yuan."),
            fees_paid,
            open_event,
            measure=_collected,
            unit="元",
        ),
    ]
    figures.declare(
        *narrative,
        *(_cell(row.key, column.key) for row in APPLICATION_ROWS for column in APPLICANT_COLUMNS),
    )
