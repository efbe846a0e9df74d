"""Columns of the catalogue: what each holds, when it was last updated, how the check of sites would see it; changing one.

The numbers are those of the check of government sites (国办秘函〔2019〕19号, rulebook 7.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Actor, Refused, grant, oversees, require, security, staff, system
from gongkai.disclosure.models import Column, Item, PublicCount
from gongkai.journal import chain, outbox
from gongkai.rulebook import site_checks

READ, EDIT = "column.read", "configuration.edit"
CHANGED = "column.changed"
grant(READ, staff | oversees | system | security, gettext_lazy("see the state of the columns"))
FIELDS = ("name", "description", "keywords", "article", "order", "active", "agency", "cycle")


def rows() -> QuerySet[Column]:
    """The columns with `held` (public items) and `last` (moment of the newest release in it)."""
    counted = PublicCount.objects.filter(column=OuterRef("pk")).order_by().values("column")
    newest = Item.objects.filter(column=OuterRef("pk"), state=Item.State.PUBLIC)
    newest = newest.order_by("-released_at", "-id").values("released_at")[:1]
    return Column.objects.select_related("agency").annotate(
        held=Coalesce(Subquery(counted.annotate(held=Sum("public")).values("held")), 0), last=Subquery(newest)
    )


def due(column: Column, last: Any) -> date | None:
    """The last day for the next update of a column whose newest item was released at `last`."""
    if last is None:
        return None
    return site_checks.CYCLES[column.cycle].due(timezone.localtime(last).date())


def stale(day: date) -> Q:
    """The condition on `rows` of columns that were not updated within their cycle."""
    found = Q(pk__in=[])
    for cycle in site_checks.CYCLES.values():
        if cycle.days:
            found |= Q(cycle=cycle.code, last__date__lt=day - timedelta(days=cycle.days))
        elif cycle.months:
            year, month = divmod(day.year * 12 + day.month - 1 - cycle.months, 12)
            found |= Q(cycle=cycle.code, last__date__lt=date(year, month + 1, min(day.day, 28)))
    return found


@dataclass(frozen=True)
class Check:
    """How many columns in use are empty, and how many were not updated in time; which numbers fail the site."""

    empty: int
    stale: int

    @property
    def fails(self) -> bool:
        return self.empty >= site_checks.EMPTY or self.stale >= site_checks.NOT_UPDATED


def check(day: date) -> Check:
    """The columns in use as the check of sites counts them."""
    used = rows().filter(active=True)
    return Check(used.filter(held=0).count(), used.filter(stale(day)).count())


def save(actor: Actor, column: Column | None, values: Mapping[str, Any]) -> Column:
    """Change a column, or make one: `values` by FIELDS, for a new one with `code` and `board`. Raises Refused."""
    require(actor, EDIT, None)
    if column is not None and not values["active"] and rows().get(pk=column.pk).held:
        raise Refused(_("This column holds public items: move them to another column first."))
    before = {name: _plain(getattr(column, name)) for name in FIELDS} if column is not None else {}
    after = {name: _plain(values[name]) for name in FIELDS}
    row = column or Column(code=values["code"], board=values["board"])
    for name in FIELDS:
        setattr(row, name, values[name])
    try:
        with transaction.atomic():
            row.save(force_insert=column is None)
            chain.record("column.saved", actor.who, subject=("column", row.code), before=before, after=after)
            outbox.emit(CHANGED, column=row.code)
    except IntegrityError as error:
        raise Refused(_("A column with that code is there already: choose another code.")) from error
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) or value is None else str(value)
