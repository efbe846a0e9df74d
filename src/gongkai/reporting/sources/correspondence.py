"""Figures of correspondence: matters answered by formal documents (S20 to S24)."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.correspondence import figures as counts
from gongkai.correspondence.models import Matter
from gongkai.correspondence.procedure import Kind
from gongkai.reporting import figures
from gongkai.reporting.figures import Family, Figure, Opened, Period, Tally
from gongkai.rulebook.calendar import CalendarError

SOURCE = _("Matters whose formal reply was approved by three people and first sent in the period.")

REPLIES_IN_TIME = "replies_in_time"


def late(rows: Iterable[tuple[Any, Any, int, int, Any]]) -> list[Any]:
    """The keys of the matters answered after the last day of the term that the agency sets.

    rows: key, day from which the term runs, its working days, those added, day of the answer.
    """
    calendar = calendars.current()

    @cache
    def last(begin: Any, days: int) -> Any:
        try:
            return calendar.deadline(begin, days).on
        except CalendarError:
            return None

    return [
        pk for pk, begin, days, extra, on in rows if (due := last(begin, days + extra)) is None or on > due
    ]


def _of_letters(agency: Agency, period: Period) -> Tally:
    rows = list(
        counts.answered(agency, period.first, period.last)
        .order_by()
        .values_list("pk", "runs_from", "term_days", "extra_days", "answered_on", "kind")
    )
    after = set(late(row[:5] for row in rows))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        for key in (row[5], "replies", *(() if row[0] in after else (REPLIES_IN_TIME,))):
            found[key].append(str(row[0]))
    return Tally(found)


LETTERS = Family("letters answered", _of_letters)


def _answered(kind: str) -> Any:
    def rows(agency: Agency, period: Period) -> QuerySet[Any]:
        return counts.answered(agency, period.first, period.last, kind)

    return rows


def open_matter(matter: Matter) -> Opened:
    url = reverse("correspondence:matter", args=[matter.pk])
    return Opened(matter.number, url, matter.answered_on, matter.shown_title)


def declare() -> None:
    """One figure a kind of correspondence, and all of them together."""
    figures.declare(
        *(
            Figure(
                kind.value, kind.label, SOURCE, _answered(kind.value), open_matter, unit="件", family=LETTERS
            )
            for kind in Kind
        ),
        Figure(
            "replies",
            _("matters answered by formal documents"),
            SOURCE,
            _answered(""),
            open_matter,
            unit="件",
            family=LETTERS,
        ),
    )
