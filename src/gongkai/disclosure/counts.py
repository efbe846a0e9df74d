"""Public items of each column and year: kept numbers, so that a release costs the same at ten items and at a million."""

from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from gongkai.disclosure.count_models import PublicCount
from gongkai.disclosure.models import Item

# Key of a column, year by which the item is listed: of its first release, or of the day it was public before.
Place = tuple[int, int]


def place(item: Item) -> Place | None:
    """Where an item counts; None while it is not public."""
    if item.state != Item.State.PUBLIC or item.column_id is None or item.listed_at is None:
        return None
    return item.column_id, timezone.localtime(item.listed_at).year


def moved(before: Place | None, after: Place | None) -> None:
    """Take an item off one count and put it on another; within the transaction that moves the item."""
    if before == after:
        return
    # In one order, so that two transactions never wait for each other.
    for where in sorted({where for where in (before, after) if where is not None}):
        _add(where, 1 if where == after else -1)


def _add(where: Place, number: int) -> None:
    column, year = where
    rows = PublicCount.objects.filter(column_id=column, year=year)
    if number > 0:
        PublicCount.objects.bulk_create([PublicCount(column_id=column, year=year)], ignore_conflicts=True)
    else:
        # A cache that is behind is mended by `gongkai check`; it must not stop a withdrawal.
        rows = rows.filter(public__gt=0)
    rows.update(public=F("public") + number)


def by_column() -> dict[int, int]:
    """Public items of each column, by its key; a column without any is left out."""
    rows = PublicCount.objects.filter(public__gt=0).values_list("column_id")
    return dict(rows.annotate(held=Sum("public")))


def of_column(column: int) -> int:
    return PublicCount.objects.filter(column_id=column).aggregate(held=Sum("public"))["held"] or 0


def of_year(year: int) -> int:
    """Items first published in that year, here or on a former site, that are public now."""
    return PublicCount.objects.filter(year=year).aggregate(held=Sum("public"))["held"] or 0


def counted() -> dict[Place, int]:
    """The same from the items themselves."""
    rows = Item.objects.filter(
        state=Item.State.PUBLIC, column__isnull=False, listed_at__isnull=False
    ).order_by()
    found = rows.annotate(year=ExtractYear("listed_at")).values_list("column_id", "year")
    return {(column, year): held for column, year, held in found.annotate(held=Count("pk"))}


def differences(*, repair: bool = False) -> list[str]:
    """What `gongkai check` says of these numbers: one sentence for each column and year; none after a repair."""
    with transaction.atomic():
        kept = PublicCount.objects.select_related("column")
        if repair:
            kept = kept.select_for_update(of=("self",))
        there = {(row.column_id, row.year): row for row in kept}
        right = counted()
        wrong = [
            where
            for where in sorted({*there, *right})
            if (there[where].public if where in there else 0) != right.get(where, 0)
        ]
        if repair:
            for column, year in wrong:
                PublicCount.objects.update_or_create(
                    column_id=column, year=year, defaults={"public": right.get((column, year), 0)}
                )
            return []
    return [
        f"编号{column}的栏目{year}年的公开条数与信息记录不符；运行 gongkai check --repair。"
        for column, year in wrong
    ]
