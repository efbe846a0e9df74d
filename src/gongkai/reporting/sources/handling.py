"""How applications and letters were handled in the year, for the narrative parts; nothing of a person."""

from collections.abc import Callable, Mapping
from functools import cache

from django.db.models import F, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.applications.models import Application, CaseEvent
from gongkai.correspondence import figures as counts
from gongkai.correspondence.models import Matter, Topic
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Period, Series
from gongkai.reporting.sources.applications import answered, open_application
from gongkai.reporting.sources.correspondence import open_matter
from gongkai.rulebook.calendar import CalendarError
from gongkai.rulebook.report_form import (
    APPLICATION_ROWS,
    NOT_PROCESSED,
    OTHERWISE,
    UNAVAILABLE,
    WITHHELD,
)

# Figure → heading of the group of rows in table three, and how a sentence names it.
GROUPS = {
    "outcome_withheld": (WITHHELD, "不予公开"),
    "outcome_unavailable": (UNAVAILABLE, "无法提供"),
    "outcome_not_processed": (NOT_PROCESSED, "不予处理"),
    "outcome_otherwise": (OTHERWISE, "其他处理"),
}
TOPIC = "asked_about."


def in_time(agency: Agency, period: Period) -> QuerySet[Application]:
    """Applications answered in the period by their last day (art. 33)."""
    return answered(agency, period).filter(answered_on__lte=F("due_on"))


def with_event(kind: str) -> Callable[[Agency, Period], QuerySet[Application]]:
    """Applications in which something of that type happened in the period."""

    def rows(agency: Agency, period: Period) -> QuerySet[Application]:
        happened = CaseEvent.objects.filter(
            type=kind, on__range=(period.first, period.last), application__agency=agency
        )
        return Application.objects.filter(pk__in=happened.values("application"))

    return rows


def in_group(group: str) -> Callable[[Agency, Period], QuerySet[Application]]:
    """Applications answered in the period whose outcome belongs to a group of rows of table three."""
    rows = [row.key for row in APPLICATION_ROWS if row.group == group]
    return lambda agency, period: answered(agency, period).filter(row__in=rows)


def replies_in_time(agency: Agency, period: Period) -> QuerySet[Matter]:
    """Matters answered in the period by the last day of the term that the agency sets."""
    calendar = calendars.current()

    @cache
    def last(begin: object, days: int) -> object:
        try:
            return calendar.deadline(begin, days).on
        except CalendarError:
            return None

    rows = counts.answered(agency, period.first, period.last)
    late = [
        pk
        for pk, begin, days, extra, on in rows.order_by().values_list(
            "pk", "runs_from", "term_days", "extra_days", "answered_on"
        )
        if (due := last(begin, days + extra)) is None or on > due
    ]
    return rows.exclude(pk__in=late)


def _topics() -> Mapping[str, str]:
    return {value: str(label) for value, label in Topic.choices}


def _topic(topic: str, label: str) -> Figure:
    def rows(agency: Agency, period: Period) -> QuerySet[Matter]:
        return counts.received(agency, period.first, period.last).filter(topic=topic)

    return Figure(
        f"{TOPIC}{topic}",
        format_lazy(_("letters, calls and assigned matters about “{topic}”"), topic=label),
        _("Matters received in the period, by the topic that the clerk gave them."),
        rows,
        open_matter,
        unit="件",
    )


def declare() -> None:
    """Handling in time, extensions, corrections, outcomes by group; letters in time and by topic."""
    events = {
        "extended": (
            "extended",
            _("applications whose term was extended"),
            _("Applications whose answer was put off in the period (art. 33)."),
        ),
        "corrections_asked": (
            "correction_requested",
            _("applications that were to be completed"),
            _("Applications whose applicants were asked in the period to complete them (art. 30)."),
        ),
    }
    figures.declare(
        Figure(
            "answered_in_time",
            _("applications answered in time"),
            _("Applications answered in the period by their last day (art. 33)."),
            in_time,
            open_application,
            unit="件",
        ),
        *(
            Figure(key, label, source, with_event(kind), open_application, unit="件")
            for key, (kind, label, source) in events.items()
        ),
        *(
            Figure(
                key,
                format_lazy(_("applications answered: {group}"), group=words),
                _("Applications answered in the period whose outcome belongs to this group of table three."),
                in_group(group),
                open_application,
                unit="件",
            )
            for key, (group, words) in GROUPS.items()
        ),
        Figure(
            "replies_in_time",
            _("matters answered in time"),
            _("Matters answered in the period by the last day of the term that the agency sets."),
            replies_in_time,
            open_matter,
            unit="件",
        ),
    )
    figures.declare_series(Series(TOPIC, _topics, _topic))
