"""Which applications count where: the conditions of table three's rows, and one pass that answers them all.

The same rule as `applications.figures`, for any period: r1 counts by the receipt day of art. 31; r3 by the day that
counts for the answer and the row of its outcome; r2 and r4 count what was received and not answered before the period
and by its end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from gongkai.agencies.models import Agency
from gongkai.applications.figures import counted
from gongkai.applications.models import Application, CaseEvent
from gongkai.reporting.figures import Family, Number, Period, Tally, cell_key
from gongkai.rulebook.receipt import Channel, ReportChannel
from gongkai.rulebook.report_form import (
    APPLICATION_ROWS,
    NOT_PROCESSED,
    OTHERWISE,
    SUM_ROW,
    UNAVAILABLE,
    WITHHELD,
    Cell,
)

# Figure → channel of the report.
CHANNELS = {
    "by_counter": ReportChannel.IN_PERSON,
    "by_fax": ReportChannel.FAX,
    "by_web": ReportChannel.NETWORK,
    "by_post": ReportChannel.LETTER,
}
# Figure → heading of the group of rows in table three, and how a sentence names it.
GROUPS = {
    "outcome_withheld": (WITHHELD, "不予公开"),
    "outcome_unavailable": (UNAVAILABLE, "无法提供"),
    "outcome_not_processed": (NOT_PROCESSED, "不予处理"),
    "outcome_otherwise": (OTHERWISE, "其他处理"),
}
# Figure → type of the event that its applications had in the period.
EVENTS = {"extended": "extended", "corrections_asked": "correction_requested"}
NOTIFIED, PAID = "fee_notified", "fee_paid"


def received(period: Period) -> Q:
    return Q(received_on__range=(period.first, period.last))


def carried_over(period: Period) -> Q:
    open_then = Q(answered_on__isnull=True) | Q(answered_on__gte=period.first)
    return open_then & Q(received_on__lt=period.first)


def answered(period: Period) -> Q:
    return Q(answered_on__range=(period.first, period.last))


def still_open(period: Period) -> Q:
    open_then = Q(answered_on__isnull=True) | Q(answered_on__gt=period.last)
    return open_then & Q(received_on__lte=period.last)


def in_time(period: Period) -> Q:
    """Answered by the last day (art. 33)."""
    return answered(period) & Q(answered_on__lte=F("due_on"))


ROWS = {"r1": received, "r2": carried_over, SUM_ROW: answered, "r4": still_open}
IN_TIME = "answered_in_time"
RECEIVED = "applications"


def rows_of(group: str) -> list[str]:
    """The rows of table three under one heading."""
    return [row.key for row in APPLICATION_ROWS if row.group == group]


def ways_of(channel: ReportChannel) -> list[str]:
    """How an application comes in through one of the report's four channels."""
    return [each.value for each in Channel if each.report_channel is channel]


def events(agency: Agency, period: Period, *kinds: str) -> QuerySet[CaseEvent]:
    """What happened in the agency's cases in the period, of those types."""
    return CaseEvent.objects.filter(
        application__agency=agency, type__in=kinds, on__range=(period.first, period.last)
    )


def fee_events(agency: Agency, period: Period, kind: str) -> QuerySet[CaseEvent]:
    """Notices or payments: of cases handled together only the lead's event is one of its own."""
    return events(agency, period, kind).exclude(data__has_key="of").select_related("application")


def _fit(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def _of_cases(agency: Agency, period: Period) -> Tally:
    """One query over every case that any figure of the family counts."""
    conditions = [*(condition(period) for condition in ROWS.values()), in_time(period)]
    rows = (
        counted()
        .filter(conditions[0] | conditions[1] | conditions[2] | conditions[3], agency=agency)
        .order_by()
        .annotate(**{f"fit_{n}": _fit(condition) for n, condition in enumerate(conditions)})
        .values_list("pk", "row", "applicant_kind", "channel", *(f"fit_{n}" for n in range(len(conditions))))
    )
    # Cases that are alike in all this are few kinds; each case is looked at once, each kind of them below.
    alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for pk, *said in rows.iterator(chunk_size=5000):
        alike[tuple(said)].append(str(pk))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for (row, kind, channel, *fits), keys in alike.items():
        for key in _figures(row, kind, channel, dict(zip((*ROWS, IN_TIME), fits, strict=True))):
            found[key] += keys
    return Tally(found)


def _figures(row: str, kind: str, channel: str, fits: Mapping[str, int]) -> Iterable[str]:
    """The keys of the figures that count a case of that kind."""
    cells = [name for name in ROWS if fits[name]]
    if fits[SUM_ROW] and row:
        cells.append(row)
        yield from (key for key, (group, _words) in GROUPS.items() if row in rows_of(group))
    for name in cells:
        yield cell_key(Cell("applications", name, kind))
        yield cell_key(Cell("applications", name, "total"))
    if fits[IN_TIME]:
        yield IN_TIME
    if fits["r1"]:
        yield RECEIVED
        yield from (key for key, each in CHANNELS.items() if channel in ways_of(each))


def collected(paid: QuerySet[CaseEvent]) -> Number:
    """What was paid: each payment is in full, so of the amount of the notice before it."""
    return _paid([(event.application_id, event.seq) for event in paid])


def _paid(payments: Iterable[tuple[Any, int]]) -> Number:
    payments = list(payments)
    if not payments:
        return 0
    notices = CaseEvent.objects.filter(type=NOTIFIED, application__in={case for case, _seq in payments})
    asked: defaultdict[Any, list[tuple[int, Any]]] = defaultdict(list)
    for case, seq, data in notices.order_by("seq").values_list("application", "seq", "data"):
        asked[case].append((seq, data["amount"]))
    before = ([amount for seq, amount in asked[case] if seq < paid] for case, paid in payments)
    return yuan(amounts[-1] for amounts in before if amounts)


def yuan(amounts: Iterable[Any]) -> Number:
    """A sum of amounts in yuan, whole where it is."""
    total = sum((Decimal(str(amount)) for amount in amounts), Decimal(0))
    return int(total) if total == int(total) else total


def _of_events(agency: Agency, period: Period) -> Tally:
    happened = events(agency, period, *EVENTS.values(), NOTIFIED, PAID)
    found: dict[str, dict[str, None]] = {key: {} for key in EVENTS}
    notices: dict[str, Any] = {}
    payments: dict[str, tuple[Any, int]] = {}
    of_kind = {kind: key for key, kind in EVENTS.items()}
    for pk, kind, case, seq, data in happened.order_by().values_list(
        "pk", "type", "application", "seq", "data"
    ):
        if kind in of_kind:
            found[of_kind[kind]][str(case)] = None
        elif "of" in data:
            continue
        elif kind == NOTIFIED:
            notices[str(pk)] = data["amount"]
        else:
            payments[str(pk)] = (case, seq)
    records = {key: list(cases) for key, cases in found.items()}
    sent = list(notices)
    records |= {"fee_notices": sent, "fee_amount": sent, "fee_collected": list(payments)}
    return Tally(records, {"fee_amount": yuan(notices.values()), "fee_collected": _paid(payments.values())})


CASES = Family("cases", _of_cases)
CASE_EVENTS = Family("case events", _of_events)


def with_event(kind: str) -> Any:
    """Applications in which something of that type happened in the period."""

    def rows(agency: Agency, period: Period) -> QuerySet[Application]:
        return Application.objects.filter(pk__in=events(agency, period, kind).values("application"))

    return rows
