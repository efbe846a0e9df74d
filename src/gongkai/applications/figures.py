"""What the annual report counts of applications (rulebook 2.3, 5.7): each figure is a query that opens to its
cases (I5).

An application counts as received in the year of its receipt day (art. 31), and as dealt with in the year of the
day that counts for its answer. What is open at 24:00 on 31 December is carried over. So r1 + r2 = r3_7 + r4
holds in every column, whatever the cases are. Amendments of records (art. 41) and answers ordered anew are no
applications received, and count in no row.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gongkai.agencies.models import Agency
from gongkai.applications.models import APPLICANT_KINDS, Application, CaseEvent, Matter
from gongkai.rulebook.receipt import Channel, ReportChannel
from gongkai.rulebook.report_form import LEAF_ROWS

RECEIVED, CARRIED_IN, TOTAL_ROW, CARRIED_OUT = "r1", "r2", "r3_7", "r4"
ROWS = (RECEIVED, CARRIED_IN, *LEAF_ROWS, TOTAL_ROW, CARRIED_OUT)
COLUMNS = (*(key for key, _label in APPLICANT_KINDS), "total")
# Whose cases are counted: one agency's, or those of several summed up.
Scope = Agency | QuerySet[Agency]


def counted() -> QuerySet[Application]:
    """The cases that the report counts at all."""
    return Application.objects.filter(matter=Matter.INFORMATION)


def within(scope: Scope) -> Q:
    """The condition of cases of one agency, or of several together."""
    return Q(agency=scope) if isinstance(scope, Agency) else Q(agency__in=scope)


def cell(year: int, row: str, column: str = "total") -> Q:
    """The condition of the cases that one cell of table three counts. row: a key of `ROWS`; column: one of
    `COLUMNS`. KeyError for another row or column."""
    if row not in ROWS or column not in COLUMNS:
        raise KeyError(f"table three has no cell {row}, {column}")
    found = _condition(year, row) & Q(matter=Matter.INFORMATION)
    return found if column == "total" else found & Q(applicant_kind=column)


def cases(scope: Scope, year: int, row: str, column: str = "total") -> QuerySet[Application]:
    """The applications that one cell of table three counts, of an agency or of several; see `cell`."""
    return Application.objects.filter(cell(year, row, column), within(scope))


def table(scope: Scope, year: int) -> dict[str, dict[str, int]]:
    """Table three: row → column → count, every row and column of the form of 2021. The number of queries depends
    on neither the year nor how many agencies are summed up."""
    counts = {row: dict.fromkeys(COLUMNS, 0) for row in ROWS}
    for row in (RECEIVED, CARRIED_IN, CARRIED_OUT):
        found = cases(scope, year, row).order_by().values("applicant_kind").annotate(n=Count("*"))
        _enter(counts, ((row, each["applicant_kind"], each["n"]) for each in found))
    dealt = cases(scope, year, TOTAL_ROW).order_by().values("row", "applicant_kind").annotate(n=Count("*"))
    cells = [(each["row"], each["applicant_kind"], each["n"]) for each in dealt]
    _enter(counts, cells)
    _enter(counts, ((TOTAL_ROW, column, n) for _row, column, n in cells))
    return counts


def _enter(counts: dict[str, dict[str, int]], cells: Iterable[tuple[str, str, int]]) -> None:
    for row, column, n in cells:
        counts[row][column] += n
        counts[row]["total"] += n


def open_on(day: date) -> Q:
    """The condition of the counted cases that were received by the end of that day and not answered by then."""
    waits = Q(answered_on__isnull=True) | Q(answered_on__gt=day)
    return Q(received_on__lte=day, matter=Matter.INFORMATION) & waits


def _condition(year: int, row: str) -> Q:
    first, last = date(year, 1, 1), date(year, 12, 31)
    if row == RECEIVED:
        return Q(received_on__range=(first, last))
    if row == CARRIED_IN:
        return Q(received_on__lt=first) & (Q(answered_on__isnull=True) | Q(answered_on__gte=first))
    if row == CARRIED_OUT:
        return Q(received_on__lte=last) & (Q(answered_on__isnull=True) | Q(answered_on__gt=last))
    dealt = Q(answered_on__range=(first, last))
    return dealt if row == TOTAL_ROW else dealt & Q(row=row)


def by_channel(agency: Agency, year: int, channel: ReportChannel) -> QuerySet[Application]:
    """The applications received in the year through one of the report's four channels."""
    kinds = [each.value for each in Channel if each.report_channel is channel]
    return cases(agency, year, RECEIVED).filter(channel__in=kinds)


def channels(agency: Agency, year: int) -> Mapping[ReportChannel, int]:
    """Received applications by the report's four channels; their sum is r1 in total (C9)."""
    return {channel: by_channel(agency, year, channel).count() for channel in ReportChannel}


def between(agency: Agency, first: date, last: date) -> Mapping[str, QuerySet[Application]]:
    """For a month or a quarter: what was received, and what was dealt with."""
    mine = counted().filter(agency=agency)
    return {
        "received": mine.filter(received_on__range=(first, last)),
        "answered": mine.filter(answered_on__range=(first, last)),
    }


def fee_notices(agency: Agency, year: int) -> tuple[int, int, int]:
    """Part six of the report: fee notices received in the year, their amount, and what was paid, in yuan."""
    notified = charged = paid = 0
    asked: dict[UUID, int] = {}
    rows = CaseEvent.objects.filter(application__agency=agency, type__in=("fee_notified", "fee_paid"))
    # Of cases handled together only the lead's event is a notice or a payment of its own.
    rows = rows.exclude(data__has_key="of")
    for case, type, on, data in rows.order_by("application", "seq").values_list(
        "application", "type", "on", "data"
    ):
        if type == "fee_notified":
            asked[case] = data["amount"]
            notified += on.year == year
            charged += data["amount"] if on.year == year else 0
        elif on.year == year:
            paid += asked[case]
    return notified, charged, paid


def public(year: int) -> dict[str, int]:
    """Of all agencies, for the public site: received, answered and open in the year so far."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = counted()
    return {
        "received": rows.filter(received_on__range=(first, last)).count(),
        "answered": rows.filter(answered_on__range=(first, last)).count(),
        "open": rows.filter(received_on__isnull=False, answered_on__isnull=True).count(),
    }
