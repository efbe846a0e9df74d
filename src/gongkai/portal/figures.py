"""Figures of the year on the home page, each opening to how it was counted. Other rooms add theirs."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.agencies import calendars
from gongkai.applications.figures import counted
from gongkai.disclosure.models import Item, NormativeDocument
from gongkai.journal import clock
from gongkai.rulebook.calendar import CalendarError

Figure = dict[str, Any]
Provider = Callable[[int], Iterable[Figure]]
_providers: dict[str, Provider] = {}


def provide(name: str, provider: Provider) -> None:
    """Add figures: `provider(year)` gives dictionaries as figure.html takes them."""
    _providers[name] = provider


def of_the_year() -> list[Figure]:
    """The figures of the running year, in the order in which their providers were named."""
    year = clock.today().year
    return [figure for provider in _providers.values() for figure in provider(year)]


def disclosure(year: int) -> Iterable[Figure]:
    """What was published in the year, and normative documents in force."""
    published = Item.objects.filter(state=Item.State.PUBLIC, released_at__year=year).count()
    yield {
        "value": published,
        "unit": pgettext("counted", "items"),
        "label": _("published in %(year)d") % {"year": year},
        "explanation": _(
            "Items released for the first time since 1 January and public now, counted at each release."
        ),
        "url": f"/search/?year={year}",
        "link": _("Open the list"),
    }
    kept = NormativeDocument.objects.filter(item__state=Item.State.PUBLIC)
    ended = kept.filter(events__kind__in=("repealed", "invalid"), events__on__lte=clock.today())
    yield {
        "value": kept.exclude(pk__in=ended.values("pk")).count(),
        "unit": pgettext("counted", "documents"),
        "label": _("normative documents in force"),
        "explanation": _("Normative documents on this site that are neither repealed nor declared invalid."),
    }


def applications(year: int) -> Iterable[Figure]:
    """Applications received and answered in the year, how many in time, and how fast; nothing of a person."""
    answered = counted().filter(answered_on__year=year, received_on__isnull=False)
    total = answered.count()
    yield {
        "value": counted().filter(received_on__year=year).count(),
        "unit": pgettext("counted", "applications"),
        "label": _("applications received in %(year)d") % {"year": year},
        "explanation": _(
            "Applications whose day of receipt (art. 31) lies in this year, of all agencies here."
        ),
    }
    if not total:
        return
    in_time = answered.filter(answered_on__lte=F("due_on")).count()
    yield {
        "value": f"{in_time}/{total}",
        "unit": pgettext("counted", "applications"),
        "label": _("answered in time"),
        "explanation": _(
            "Of the applications answered this year, those answered on or before their last day, as extended by law (art. 33)."
        ),
    }
    days = _days(answered.values_list("received_on", "answered_on"))
    if days:
        yield {
            "value": f"{median(days):g}",
            "unit": pgettext("counted", "working days"),
            "label": _("median time to an answer"),
            "explanation": _(
                "Half of the applications answered this year took at most this many working days from the day of receipt."
            ),
        }


def _days(spans: Iterable[tuple[Any, Any]]) -> list[int]:
    """Working days of each span; spans outside the calendar are left out."""
    calendar = calendars.current()
    found = []
    for received, answered in spans:
        try:
            found.append(calendar.working_days_between(received, answered))
        except CalendarError:
            continue
    return found
