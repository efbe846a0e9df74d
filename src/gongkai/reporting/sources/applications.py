"""Table three and the figures of applications: received, carried over, answered, still open (rulebook 2.3, 5.7).

Which applications count where is said in `cases`.
"""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications.figures import counted
from gongkai.applications.models import Application, CaseEvent
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Number, Opened, Period, Records, cell_key
from gongkai.reporting.sources import cases
from gongkai.reporting.sources.cases import CASE_EVENTS, CASES, CHANNELS, NOTIFIED, PAID
from gongkai.rulebook.receipt import ReportChannel
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, APPLICATION_ROWS, SUM_ROW, Cell

SOURCES = {
    "r1": _("Applications whose receipt day (art. 31) lies in the period."),
    "r2": _("Applications received before the period and not answered before it."),
    "r4": _("Applications received by the end of the period and not answered by then."),
    SUM_ROW: _("Applications answered in the period, by the day that counts for the answer."),
}
BY_OUTCOME = _("Applications answered in the period whose outcome belongs to this row.")


def received(agency: Agency, period: Period) -> QuerySet[Any]:
    return counted().filter(cases.received(period), agency=agency)


def answered(agency: Agency, period: Period) -> QuerySet[Any]:
    return counted().filter(cases.answered(period), agency=agency)


def _cell_rows(row: str, column: str) -> Records:
    def rows(agency: Agency, period: Period) -> QuerySet[Any]:
        found = counted().filter(cases.ROWS.get(row, cases.answered)(period), agency=agency)
        if row not in cases.ROWS:
            found = found.filter(row=row)
        return found if column == "total" else found.filter(applicant_kind=column)

    return rows


def by_channel(channel: ReportChannel) -> Records:
    """Applications received through one of the report's four channels."""
    ways = cases.ways_of(channel)
    return lambda agency, period: received(agency, period).filter(channel__in=ways)


def fee_notices(agency: Agency, period: Period) -> QuerySet[Any]:
    """Fee notices that reached their applicants in the period."""
    return cases.fee_events(agency, period, NOTIFIED)


def fees_paid(agency: Agency, period: Period) -> QuerySet[Any]:
    """Payments completed in the period."""
    return cases.fee_events(agency, period, PAID)


def _noticed(rows: QuerySet[Any], agency: Agency, period: Period) -> Number:
    return cases.yuan(event.data["amount"] for event in rows)


def _collected(rows: QuerySet[Any], agency: Agency, period: Period) -> Number:
    return cases.collected(rows)


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
        family=CASES,
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
            family=CASES,
        ),
        *(
            Figure(
                key,
                f"{channel.label}申请",
                _("Applications received in the period through this channel of the report."),
                by_channel(channel),
                open_application,
                unit="件",
                family=CASES,
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
            family=CASE_EVENTS,
        ),
        Figure(
            "fee_amount",
            _("amount of the fee notices"),
            _("The amounts of the fee notices of the period, in yuan."),
            fee_notices,
            open_event,
            measure=_noticed,
            unit="元",
            family=CASE_EVENTS,
        ),
        Figure(
            "fee_collected",
            _("fees collected"),
            _("The amounts of the notices that were paid in the period, in yuan."),
            fees_paid,
            open_event,
            measure=_collected,
            unit="元",
            family=CASE_EVENTS,
        ),
    ]
    figures.declare(
        *narrative,
        *(_cell(row.key, column.key) for row in APPLICATION_ROWS for column in APPLICANT_COLUMNS),
    )
