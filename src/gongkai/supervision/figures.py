"""The figures that reports take from the ledger; each opens to the rows it counts (I5).

A span is two days, both included, so that a count "截至××年底累计" may start before the year, and the same
figures serve month and quarter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.journal import clock
from gongkai.supervision import attendance
from gongkai.supervision.models import Entry, Kind


@dataclass(frozen=True)
class Figure:
    """One figure: value in `unit` (None where it cannot be said), the rows it counts, how it was counted.

    part, whole: what a share was made of. url: the address of the rows in the workbench.
    """

    key: str
    label: str
    value: int | Decimal | None
    unit: str
    rows: QuerySet[Any]
    explanation: str
    url: str
    part: int | Decimal | None = None
    whole: int | Decimal | None = None


def year(agency: Agency, number: int) -> dict[str, Figure]:
    """Every figure of one agency and year."""
    return span(agency, date(number, 1, 1), date(number, 12, 31))


def span(agency: Agency, first: date, last: date) -> dict[str, Figure]:
    """Every figure of one agency from `first` to `last`, by key."""
    made = {key: make(agency, first, last) for key, make in _FIGURES.items()}
    for kind in Kind.objects.filter(figure="count"):
        made[f"count:{kind.pk}"] = count(agency, kind, first, last)
    return made


def _entries(agency: Agency, figure: str) -> QuerySet[Entry]:
    return Entry.objects.filter(agency=agency, kind__figure=figure)


def _address(figure: str, **query: Any) -> str:
    from django.http import QueryDict
    from django.urls import reverse

    asked = QueryDict(mutable=True)
    asked["figure"] = figure
    for name, value in query.items():
        asked[name] = str(value)
    return f"{reverse('supervision:records')}?{asked.urlencode()}"


def _figure(
    key: str, label: Any, rows: QuerySet[Any], how: Any, agency: Agency, first: date, last: date, **more: Any
) -> Figure:
    value = more.pop("value", None) if "value" in more else rows.count()
    return Figure(
        key=key,
        label=str(label),
        value=value,
        unit=str(more.pop("unit", _("entries"))),
        rows=rows,
        explanation=str(how),
        url=_address(key, agency=agency.pk, first=first, last=last),
        **more,
    )


def count(agency: Agency, kind: Kind, first: date, last: date) -> Figure:
    """Entries of a plain kind whose day lies in the span, but for those dropped."""
    rows = Entry.objects.filter(
        agency=agency, kind=kind, occurred_on__gte=first, occurred_on__lte=last
    ).exclude(closed_as=Entry.End.DROPPED)
    how = _("Entries whose day lies in the span; cancelled and void ones are left out.")
    return _figure(f"count:{kind.pk}", kind.name, rows, how, agency, first, last)


def training_sessions(agency: Agency, first: date, last: date) -> Figure:
    """Sessions held, by their own day."""
    rows = attendance.held(Entry.objects.filter(agency=agency), first, last)
    how = _("Training sessions entered as held, whose day lies in the span.")
    return _figure(
        "training_sessions", _("Training sessions"), rows, how, agency, first, last, unit=_("sessions held")
    )


def training_coverage(agency: Agency, first: date, last: date) -> Figure:
    """Trained people as a percentage of all staff, to one decimal; None where there is no staff."""
    found = attendance.coverage(agency, first, last)
    share = found.share
    return _figure(
        "training_coverage",
        _("Training coverage"),
        found.trained,
        _("People who attended at least one session held in the span, of all staff on its last day."),
        agency,
        first,
        last,
        value=None if share is None else (share * 100).quantize(Decimal("0.1")),
        unit="%",
        part=found.trained.count(),
        whole=found.staff.count(),
    )


def training_hours(agency: Agency, first: date, last: date) -> Figure:
    """Person-hours attended."""
    found = attendance.coverage(agency, first, last)
    rows = attendance.latest(found.sessions).filter(presence="attended")
    how = _("Hours of everyone who attended a session held in the span, added up.")
    return _figure(
        "training_hours",
        _("Training hours"),
        rows,
        how,
        agency,
        first,
        last,
        value=found.hours,
        unit=_("person-hours"),
    )


def accountability_cases(agency: Agency, first: date, last: date) -> Figure:
    """Cases in which accountability was decided; 0 is the figure that a report calls 零问责.

    part: cases that are still being examined, which no report may pass over in silence.
    """
    cases = _entries(agency, "accountability")
    rows = cases.filter(closed_as=Entry.End.DONE, closed_on__gte=first, closed_on__lte=last)
    return _figure(
        "accountability_cases",
        _("Accountability cases"),
        rows,
        _("Cases decided in the span, by the day of the decision; a case still examined is not one."),
        agency,
        first,
        last,
        unit=_("cases"),
        part=_open_at(cases, last).count(),
    )


def tasks_done(agency: Agency, first: date, last: date) -> Figure:
    """Tasks closed with their aim reached. whole: these and the ones that were still open at the end."""
    tasks = _entries(agency, "tasks")
    rows = tasks.filter(closed_as=Entry.End.DONE, closed_on__gte=first, closed_on__lte=last)
    done = rows.count()
    how = _("Tasks whose completion was confirmed for a day in the span.")
    whole = done + _open_at(tasks, last).count()
    return _figure(
        "tasks_done", _("Tasks done"), rows, how, agency, first, last, unit=_("tasks"), part=done, whole=whole
    )


def tasks_overdue(agency: Agency, first: date, last: date) -> Figure:
    """Tasks open on the last day of the span (today, while it runs) whose due day had passed."""
    day = min(last, clock.today())
    rows = _open_at(_entries(agency, "tasks"), day).filter(due_on__lt=day)
    how = _("Tasks that were open on the last day of the span with their due day before it.")
    return _figure("tasks_overdue", _("Tasks overdue"), rows, how, agency, first, last, unit=_("tasks"))


def findings_rectified(agency: Agency, first: date, last: date) -> Figure:
    """Findings whose rectification was accepted. whole: these and the ones still open at the end."""
    findings = _entries(agency, "findings")
    rows = findings.filter(closed_as=Entry.End.DONE, closed_on__gte=first, closed_on__lte=last)
    done = rows.count()
    whole = done + _open_at(findings, last).count()
    how = _("Findings whose rectification was accepted on a day in the span.")
    return _figure(
        "findings_rectified",
        _("Findings rectified"),
        rows,
        how,
        agency,
        first,
        last,
        unit=_("findings"),
        part=done,
        whole=whole,
    )


def assessment_score(agency: Agency, first: date, last: date) -> Figure:
    """Points got in the years of the span. part, whole: points got and points of the indicators scored.

    None while an indicator of the span is not scored yet: a half-made score is no score.
    """
    rows = _entries(agency, "assessment").filter(year__gte=first.year, year__lte=last.year)
    rows = rows.exclude(closed_as=Entry.End.DROPPED)
    scored = rows.filter(closed_as=Entry.End.DONE)
    pairs = [(Decimal(f["score"]), Decimal(f["full"])) for f in scored.values_list("fields", flat=True)]
    got, full = sum((g for g, _f in pairs), Decimal(0)), sum((f for _g, f in pairs), Decimal(0))
    complete = bool(pairs) and not rows.filter(closed_as="").exists()
    return _figure(
        "assessment_score",
        _("Assessment score"),
        rows,
        _("Points of the indicators of the year, added up over the three groups."),
        agency,
        first,
        last,
        value=got if complete else None,
        unit=_("points"),
        part=got,
        whole=full,
    )


def assessment_groups(agency: Agency, number: int) -> list[dict[str, Any]]:
    """The score of one year by group: [{group, got, full, scored, indicators}], groups in the kind's order."""
    rows = _entries(agency, "assessment").filter(year=number).exclude(closed_as=Entry.End.DROPPED)
    groups: dict[str, dict[str, Any]] = {}
    for kind in Kind.objects.filter(figure="assessment"):
        for code, label in kind.definition.field("section").choices:
            groups.setdefault(
                code, {"group": label, "got": Decimal(0), "full": Decimal(0), "scored": 0, "indicators": 0}
            )
    for entry in rows:
        group = groups[entry.fields["section"]]
        group["indicators"] += 1
        group["full"] += Decimal(entry.fields["full"])
        if entry.closed_as == Entry.End.DONE:
            group["scored"] += 1
            group["got"] += Decimal(entry.fields["score"])
    return list(groups.values())


def _open_at(rows: QuerySet[Entry], day: date) -> QuerySet[Entry]:
    """Entries that had begun and were not closed at the end of `day`."""
    return rows.filter(Q(closed_as="") | Q(closed_on__gt=day), occurred_on__lte=day)


_FIGURES: Mapping[str, Callable[[Agency, date, date], Figure]] = {
    "training_sessions": training_sessions,
    "training_coverage": training_coverage,
    "training_hours": training_hours,
    "accountability_cases": accountability_cases,
    "tasks_done": tasks_done,
    "tasks_overdue": tasks_overdue,
    "findings_rectified": findings_rectified,
    "assessment_score": assessment_score,
}


def zero_accountability(figure: Figure) -> bool:
    """Whether a report may say 零问责: no case decided, and none still examined."""
    return figure.value == 0 and not figure.part
