"""Figures of supervision: training, assessment and accountability (S70, S71, S117)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.reporting import figures
from gongkai.reporting.figures import Family, Figure, Number, Opened, Period, Tally
from gongkai.supervision import figures as counts
from gongkai.supervision.models import Attendance, Entry

Count = Callable[..., counts.Figure]


def _rows(counted: Count) -> Callable[[Agency, Period], QuerySet[Any]]:
    return lambda agency, period: counted(agency, period.first, period.last).rows


def _value(counted: Count) -> Callable[[QuerySet[Any], Agency, Period], Number | None]:
    """What the ledger itself says, where that is no number of rows."""

    def measure(rows: QuerySet[Any], agency: Agency, period: Period) -> Number | None:
        return _whole(counted(agency, period.first, period.last).value)

    return measure


def _whole(value: Number | None) -> Number | None:
    return int(value) if value is not None and value == int(value) else value


# Figure → how the ledger counts it; people trained and their share of the staff are counted as one.
COUNTS: Mapping[str, Count] = {
    "training_sessions": counts.training_sessions,
    "trained": counts.training_coverage,
    "training_coverage": counts.training_coverage,
    "training_hours": counts.training_hours,
    "assessment_score": counts.assessment_score,
    "accountability_cases": counts.accountability_cases,
}


def _of_supervision(agency: Agency, period: Period) -> Tally:
    asked = {count: count(agency, period.first, period.last) for count in set(COUNTS.values())}
    keys = {
        count: [str(pk) for pk in said.rows.values_list("pk", flat=True)] for count, said in asked.items()
    }
    return Tally(
        {key: keys[count] for key, count in COUNTS.items()},
        {key: _whole(asked[count].value) for key, count in COUNTS.items()},
    )


SUPERVISION = Family("supervision", _of_supervision)


def open_entry(entry: Entry) -> Opened:
    return Opened(
        entry.number, reverse("supervision:entry", args=[entry.pk]), entry.occurred_on, entry.subject
    )


def open_person(person: Person) -> Opened:
    return Opened(person.name, "", None, person.position)


def open_attendance(row: Attendance) -> Opened:
    return Opened(
        row.person.name,
        reverse("supervision:entry", args=[row.session_id]),
        row.session.occurred_on,
        row.session.subject,
    )


def declare() -> None:
    """Sessions, people trained, their share of all staff and hours; the score; accountability cases."""
    figures.declare(
        Figure(
            "training_sessions",
            _("training sessions"),
            _("Training sessions entered as held, whose day lies in the period."),
            _rows(counts.training_sessions),
            open_entry,
            unit="次",
            family=SUPERVISION,
        ),
        Figure(
            "trained",
            _("people trained"),
            _("People who attended at least one session held in the period."),
            _rows(counts.training_coverage),
            open_person,
            unit="人",
            family=SUPERVISION,
        ),
        Figure(
            "training_coverage",
            _("training coverage"),
            _("People trained as a share of all staff on the last day of the period."),
            _rows(counts.training_coverage),
            open_person,
            measure=_value(counts.training_coverage),
            unit="%",
            family=SUPERVISION,
        ),
        Figure(
            "training_hours",
            _("hours of training"),
            _("Hours of everyone who attended a session held in the period, added up."),
            _rows(counts.training_hours),
            open_attendance,
            measure=_value(counts.training_hours),
            unit="学时",
            family=SUPERVISION,
        ),
        Figure(
            "assessment_score",
            _("assessment score"),
            _("Points of all indicators of the year; it cannot be said before each of them is scored."),
            _rows(counts.assessment_score),
            open_entry,
            measure=_value(counts.assessment_score),
            unit="分",
            family=SUPERVISION,
        ),
        Figure(
            "accountability_cases",
            _("accountability cases"),
            _("Cases decided in the period, by the day of the decision."),
            _rows(counts.accountability_cases),
            open_entry,
            unit="起",
            family=SUPERVISION,
        ),
    )
