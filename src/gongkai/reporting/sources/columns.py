"""What was published by column of the catalogue: one figure for each column that holds items."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.models import Column, Item
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Period, Series
from gongkai.reporting.sources.disclosure import COLUMN, ITEMS, items_released, open_item

PREFIX = COLUMN


def names() -> Mapping[str, str]:
    """Code → name of each column in which something was ever released, in the order of the catalogue."""
    released = Item.objects.filter(column=OuterRef("pk"), released_at__isnull=False)
    return dict(Column.objects.filter(Exists(released)).values_list("code", "name"))


def of_column(code: str, label: str) -> Figure:
    """The figure of one column."""

    def rows(agency: Agency, period: Period) -> QuerySet[Any]:
        return items_released(agency, period).filter(column__code=code)

    return Figure(
        f"{PREFIX}{code}",
        format_lazy(_("items first released in the column “{column}”"), column=label),
        _("Items of this column whose first release falls in the period."),
        rows,
        open_item,
        unit="项",
        family=ITEMS,
    )


def declare() -> None:
    """One figure a column."""
    figures.declare_series(Series(PREFIX, names, of_column))
