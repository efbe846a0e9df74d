"""Figures of the room for reports: each is a query over matters and opens to them (I5, S20–S24)."""

from dataclasses import dataclass
from datetime import date
from statistics import median
from urllib.parse import urlencode

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.urls import reverse

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.correspondence.models import Grade, Matter, MatterEvent
from gongkai.correspondence.procedure import Event, Kind
from gongkai.correspondence.terms import working_days_taken


@dataclass(frozen=True)
class Satisfaction:
    """How many of the answered matters were rated how; a matter counts with its latest grade."""

    satisfied: int
    fair: int
    dissatisfied: int

    @property
    def rated(self) -> int:
        return self.satisfied + self.fair + self.dissatisfied


def received(agency: Agency, first: date, last: date, kind: str = "") -> QuerySet[Matter]:
    """Matters received from `first` through `last`; of one kind where given."""
    rows = Matter.objects.filter(agency=agency, received_on__range=(first, last))
    return rows.filter(kind=kind) if kind else rows


def answered(agency: Agency, first: date, last: date, kind: str = "") -> QuerySet[Matter]:
    """Matters whose formal reply was released and sent for the first time from `first` through `last`.

    回应区长信箱11件 is `answered(…, Kind.MAILBOX).count()`; only a reply that three people released can have
    been sent, so each of them was answered by a formal document (均以正式文稿形式回复).
    """
    rows = Matter.objects.filter(
        agency=agency, answered_on__range=(first, last), replies__release__isnull=False,
        replies__dispatched_on__isnull=False,
    )  # fmt: skip
    return (rows.filter(kind=kind) if kind else rows).distinct()


def answered_counts(agency: Agency, first: date, last: date) -> dict[str, int]:
    """Kind → number of matters answered in the period, all kinds."""
    return {kind.value: answered(agency, first, last, kind).count() for kind in Kind}


def satisfaction(agency: Agency, first: date, last: date, kind: str = "") -> Satisfaction:
    """The grades of the matters answered in the period."""
    return Satisfaction(**{grade.value: rated(agency, first, last, grade, kind).count() for grade in Grade})


def rated(agency: Agency, first: date, last: date, grade: str, kind: str = "") -> QuerySet[Matter]:
    """Matters answered in the period whose latest grade is this one."""
    latest = MatterEvent.objects.filter(matter=OuterRef("pk"), kind=Event.RATED).order_by("-n")
    rows = answered(agency, first, last, kind)
    return rows.annotate(grade=Subquery(latest.values(said=KT("data__grade"))[:1])).filter(
        grade=Grade(grade).value
    )


def median_working_days(agency: Agency, first: date, last: date, kind: str = "") -> float | None:
    """The median of working days from receipt to answer; None where nothing was answered."""
    calendar = calendars.current()
    taken = [working_days_taken(matter, calendar) for matter in answered(agency, first, last, kind)]
    return median(taken) if taken else None


def records_url(first: date, last: date, kind: str = "") -> str:
    """The staff list that shows the matters behind a figure of `answered`."""
    name = f"correspondence:{Kind(kind).value}" if kind else "correspondence:matters"
    query = urlencode({"answered_from": first.isoformat(), "answered_to": last.isoformat()})
    return f"{reverse(name)}?{query}"
