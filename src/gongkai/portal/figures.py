"""Figures of the year on the home page, each opening to how it was counted. Other rooms add theirs."""

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.agencies import calendars
from gongkai.applications.figures import counted
from gongkai.disclosure import counts, normative
from gongkai.disclosure.models import Item, NormativeDocument, NormativeEvent
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
    yield {
        "value": counts.of_year(year),
        "unit": pgettext("counted", "items"),
        "label": _("published in %(year)d") % {"year": year},
        "explanation": _(
            "Items released for the first time since 1 January and public now, counted at each release."
        ),
        "url": f"/search/?year={year}",
        "link": _("Open the list"),
    }
    yield {
        "value": _in_force(),
        "unit": pgettext("counted", "documents"),
        "label": _("normative documents in force"),
        "explanation": _("Normative documents on this site that are neither repealed nor declared invalid."),
    }


def _in_force() -> int:
    """Public documents of the register that the yearly report counts and that have not ended by today.

    Asked from the register, which holds few, and never from the items, which are many.
    """
    today = clock.today()
    public = Item.objects.filter(pk=OuterRef("item"), state=Item.State.PUBLIC)
    ended = NormativeEvent.objects.filter(document=OuterRef("pk"), kind__in=normative.ENDED, on__lte=today)
    kept = NormativeDocument.objects.filter(Exists(public), kind__in=normative.COUNTED).exclude(Exists(ended))
    return kept.exclude(expires_on__lt=today).count()


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
    spans = answered.order_by().values_list("received_on", "answered_on").annotate(cases=Count("pk"))
    days = _days(spans)
    if days:
        yield {
            "value": f"{median(days):g}",
            "unit": pgettext("counted", "working days"),
            "label": _("median time to an answer"),
            "explanation": _(
                "Half of the applications answered this year took at most this many working days from the day of receipt."
            ),
        }


def _days(spans: Iterable[tuple[Any, Any, int]]) -> list[int]:
    """Working days of each case; a span (received, answered, how many cases) outside the calendar is left out.

    Spans are asked of the calendar once, however many cases share them: this page is written at every release.
    """
    calendar = calendars.current()
    found: list[int] = []
    for received, answered, cases in spans:
        try:
            found += [calendar.working_days_between(received, answered)] * cases
        except CalendarError:
            continue
    return found
