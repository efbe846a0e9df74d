"""Public statistics of applications and letters, by year and month, of all agencies of the instance.

Counted from the records by a fixed number of grouped queries over one year, kept, and shown as kept: the running year
and the one before are counted anew each hour, older ones stay as they were. No breakdown names fewer cases than the
government sets, since a small number may tell of a person.
"""

from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars, options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import NUMBER, Option
from gongkai.applications import figures as of_applications
from gongkai.correspondence.models import Grade, Matter, MatterEvent
from gongkai.correspondence.procedure import Event, Kind
from gongkai.journal import clock
from gongkai.reporting.statistics_models import PublicStatistics
from gongkai.rulebook.calendar import Calendar, CalendarError
from gongkai.rulebook.report_form import APPLICATION_ROWS, LEAF_ROWS

SMALLEST = "statistics_smallest"
options.declare(
    Option(
        SMALLEST,
        gettext_lazy("Proactive disclosure"),
        gettext_lazy("Smallest number that the public statistics break down"),
        NUMBER,
        3,
        words=gettext_lazy(
            "Outcomes with fewer cases stand together as others, so that nobody can be recognised."
        ),
        least=1,
        most=50,
    )
)
# What comes from the public; matters that a leader assigns are internal.
KINDS = (Kind.MAILBOX, Kind.MEDIA_LINE, Kind.HOTLINE)
LABELS = {row.key: row.full_label for row in APPLICATION_ROWS}


def of_year(year: int) -> PublicStatistics | None:
    """What was last counted of a year; None where it was not."""
    return PublicStatistics.objects.filter(pk=year).first()


def years() -> list[int]:
    """The years that were counted, newest first."""
    return list(PublicStatistics.objects.values_list("pk", flat=True))


def refresh() -> list[int]:
    """Count the running year and the one before anew, and older ones that were never counted; the years that changed."""
    today = clock.today()
    kept = set(years())
    wanted = [
        year for year in range(_first(today), today.year + 1) if year >= today.year - 1 or year not in kept
    ]
    return [year for year in wanted if _keep(year, today)]


def differences(*, repair: bool = False) -> list[str]:
    """What `gongkai check` says of the kept statistics: a sentence for each year that the records do not bear out.

    The running year and the one before are counted anew each hour, so only older ones are held to the records.
    """
    today = clock.today()
    if repair:
        refresh()
    older = [row for row in PublicStatistics.objects.all() if row.year < today.year - 1]
    wrong = [row.year for row in older if row.data != count(row.year, today)]
    if repair:
        for year in wrong:
            _keep(year, today)
        return []
    return [
        f"{year}年的公开统计与申请、来信记录不符；运行 gongkai check --repair 重新统计。" for year in wrong
    ]


def _first(today: date) -> int:
    """The year of the first record, at most fifty years back."""
    received = of_applications.counted().aggregate(first=Min("received_on"))["first"]
    written = Matter.objects.aggregate(first=Min("received_on"))["first"]
    first = min((day.year for day in (received, written) if day is not None), default=today.year)
    return max(first, today.year - 50)


def _keep(year: int, today: date) -> bool:
    data = count(year, today)
    with transaction.atomic():
        row = PublicStatistics.objects.select_for_update().filter(pk=year).first()
        if row is not None and row.data == data:
            return False
        PublicStatistics.objects.update_or_create(year=year, defaults={"data": data, "counted_on": today})
    return True


def count(year: int, today: date) -> dict[str, Any]:
    """The statistics of a year from the records: {year, until, applications, letters}."""
    last = min(today, date(year, 12, 31))
    months = range(1, last.month + 1)
    return {
        "year": year,
        "until": last.isoformat(),
        "applications": _applications(year, months),
        "letters": _letters(year, months),
    }


def _by_month(rows: QuerySet[Any], day: str, months: Iterable[int]) -> list[int]:
    found = dict(
        rows.order_by().annotate(in_month=ExtractMonth(day)).values_list("in_month").annotate(n=Count("pk"))
    )
    return [found.get(month, 0) for month in months]


def _applications(year: int, months: range) -> dict[str, Any]:
    span = (date(year, 1, 1), date(year, 12, 31))
    counted = of_applications.counted()
    received = _by_month(counted.filter(received_on__range=span), "received_on", months)
    answered_rows = counted.filter(answered_on__range=span, received_on__isnull=False)
    answered = _by_month(answered_rows, "answered_on", months)
    in_time = answered_rows.filter(answered_on__lte=F("due_on")).count()
    spans = answered_rows.order_by().values_list("received_on", "answered_on").annotate(n=Count("pk"))
    rows = answered_rows.order_by().values_list("row").annotate(n=Count("pk"))
    outcomes = {key: n for key, n in rows if key in LEAF_ROWS}
    return {
        "received": sum(received),
        "answered": sum(answered),
        "in_time": in_time,
        "median_days": _median(spans),
        "months": [
            {"month": month, "received": taken, "answered": done}
            for month, taken, done in zip(months, received, answered, strict=True)
        ],
        "outcomes": _told(outcomes),
    }


def _told(outcomes: dict[str, int]) -> list[dict[str, Any]]:
    """Outcomes in the order of the report's form; the small ones together, with the next larger one where the sum
    would still be small or tell of one outcome alone."""
    least = smallest()
    order = sorted(outcomes, key=lambda key: (outcomes[key], LEAF_ROWS.index(key)))
    hidden = [key for key in order if outcomes[key] < least]
    rest = [key for key in order if key not in hidden]
    while hidden and rest and (len(hidden) == 1 or sum(outcomes[key] for key in hidden) < least):
        hidden.append(rest.pop(0))
    told = [{"key": key, "label": LABELS[key], "count": outcomes[key]} for key in LEAF_ROWS if key in rest]
    if hidden:
        total = sum(outcomes[key] for key in hidden)
        told.append({"key": "other", "label": "其他结果（合计）", "count": total if total >= least else None})
    return told


def smallest() -> int:
    """The smallest number that is broken down, as the government at the root sets it."""
    root = Agency.objects.filter(parent__isnull=True).order_by("pk").first()
    return int(options.read(root, SMALLEST)) if root is not None else 3


def _letters(year: int, months: range) -> dict[str, Any]:
    span = (date(year, 1, 1), date(year, 12, 31))
    matters = Matter.objects.filter(kind__in=KINDS)
    received_rows = matters.filter(received_on__range=span)
    received = _by_month(received_rows, "received_on", months)
    answered_rows = matters.filter(answered_on__range=span)
    answered = _by_month(answered_rows, "answered_on", months)
    spans = answered_rows.order_by().values_list("received_on", "answered_on").annotate(n=Count("pk"))
    kinds = dict(received_rows.order_by().values_list("kind").annotate(n=Count("pk")))
    grades = _grades(answered_rows)
    return {
        "received": sum(received),
        "answered": sum(answered),
        "median_days": _median(spans),
        "kinds": [{"key": kind.value, "count": kinds.get(kind.value, 0)} for kind in KINDS],
        "grades": grades if sum(grades.values()) >= smallest() else None,
        "months": [
            {"month": month, "received": taken, "answered": done}
            for month, taken, done in zip(months, received, answered, strict=True)
        ],
    }


def _grades(answered: QuerySet[Any]) -> dict[str, int]:
    """How many were rated how; a matter counts with its latest grade."""
    latest = MatterEvent.objects.filter(matter=OuterRef("pk"), kind=Event.RATED).order_by("-n")
    rows = answered.order_by().annotate(grade=Subquery(latest.values(said=KT("data__grade"))[:1]))
    found = dict(rows.values_list("grade").annotate(n=Count("pk")))
    return {grade.value: found.get(grade.value, 0) for grade in Grade}


def _median(spans: Iterable[tuple[Any, Any, int]]) -> float | None:
    """The median of working days over (from, to, how many); None where there is none inside the calendar."""
    calendar = calendars.current()
    taken: list[int] = []
    for begun, ended, n in spans:
        days = _working_days(calendar, begun, ended)
        if days is not None:
            taken += [days] * n
    return float(median(taken)) if taken else None


def _working_days(calendar: Calendar, begun: date, ended: date) -> int | None:
    try:
        return calendar.working_days_between(begun, ended)
    except CalendarError:
        return None
