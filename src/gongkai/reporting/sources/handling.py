"""How applications and letters were handled in the year, for the narrative parts; nothing of a person."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications.models import Application
from gongkai.correspondence import figures as counts
from gongkai.correspondence.models import Matter, Topic
from gongkai.reporting import figures
from gongkai.reporting.figures import Family, Figure, Period, Series, Tally
from gongkai.reporting.sources import cases
from gongkai.reporting.sources.applications import answered, open_application
from gongkai.reporting.sources.cases import CASE_EVENTS, CASES, EVENTS, GROUPS
from gongkai.reporting.sources.correspondence import LETTERS, REPLIES_IN_TIME, late, open_matter

TOPIC = "asked_about."


def in_time(agency: Agency, period: Period) -> QuerySet[Application]:
    """Applications answered in the period by their last day (art. 33)."""
    return answered(agency, period).filter(cases.in_time(period))


def in_group(group: str) -> Callable[[Agency, Period], QuerySet[Application]]:
    """Applications answered in the period whose outcome belongs to a group of rows of table three."""
    rows = cases.rows_of(group)
    return lambda agency, period: answered(agency, period).filter(row__in=rows)


def replies_in_time(agency: Agency, period: Period) -> QuerySet[Matter]:
    """Matters answered in the period by the last day of the term that the agency sets."""
    rows = counts.answered(agency, period.first, period.last)
    told = rows.order_by().values_list("pk", "runs_from", "term_days", "extra_days", "answered_on")
    return rows.exclude(pk__in=late(told))


def topics() -> Mapping[str, str]:
    """Topic of a letter, call or assigned matter → its name."""
    return {value: str(label) for value, label in Topic.choices}


def _of_topics(agency: Agency, period: Period) -> Tally:
    rows = counts.received(agency, period.first, period.last).order_by().values_list("pk", "topic")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pk, topic in rows:
        found[f"{TOPIC}{topic}"].append(str(pk))
    return Tally(found)


TOPICS = Family("topics of letters", _of_topics)


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
        family=TOPICS,
    )


def declare() -> None:
    """Handling in time, extensions, corrections, outcomes by group; letters in time and by topic."""
    events = {
        "extended": (
            _("applications whose term was extended"),
            _("Applications whose answer was put off in the period (art. 33)."),
        ),
        "corrections_asked": (
            _("applications that were to be completed"),
            _("Applications whose applicants were asked in the period to complete them (art. 30)."),
        ),
    }
    figures.declare(
        Figure(
            cases.IN_TIME,
            _("applications answered in time"),
            _("Applications answered in the period by their last day (art. 33)."),
            in_time,
            open_application,
            unit="件",
            family=CASES,
        ),
        *(
            Figure(
                key,
                label,
                source,
                cases.with_event(EVENTS[key]),
                open_application,
                unit="件",
                family=CASE_EVENTS,
            )
            for key, (label, source) in events.items()
        ),
        *(
            Figure(
                key,
                format_lazy(_("applications answered: {group}"), group=words),
                _("Applications answered in the period whose outcome belongs to this group of table three."),
                in_group(group),
                open_application,
                unit="件",
                family=CASES,
            )
            for key, (group, words) in GROUPS.items()
        ),
        Figure(
            REPLIES_IN_TIME,
            _("matters answered in time"),
            _("Matters answered in the period by the last day of the term that the agency sets."),
            replies_in_time,
            open_matter,
            unit="件",
            family=LETTERS,
        ),
    )
    figures.declare_series(Series(TOPIC, topics, _topic))
