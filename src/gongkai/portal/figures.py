"""Figures of the year on the home page, each opening to how it was counted. Other rooms add theirs."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.disclosure.models import Item, NormativeDocument
from gongkai.journal import clock

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
