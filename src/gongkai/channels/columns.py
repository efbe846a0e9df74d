"""The pages of a column, cut such that a new item does not shift the old ones.

Positions 0–19 form page 1, 20–39 page 2, and so on; the newest page takes what is left, 20 to 39
positions, and closes a page when it would hold 40. So an old page changes only when one of its own
entries does, or when the page after it is closed.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max

from gongkai.channels.addresses import column_folder
from gongkai.channels.models import ColumnEntry
from gongkai.disclosure import counts
from gongkai.disclosure.models import Column, Item

LENGTH = 20


@dataclass(frozen=True)
class ColumnPage:
    """One page of a column, newest entry first.

    number: of a closed page, from 1 (the oldest); 0 for the newest page. closed: how many are closed.
    total: public items in the column, told on the newest page only (None elsewhere).
    """

    column: Column
    number: int
    closed: int
    items: tuple[Item, ...]
    total: int | None = None

    @property
    def path(self) -> str:
        return page_path(self.column.code, self.number)

    @property
    def newer(self) -> int | None:
        """The number of the next newer page (0: the newest), or None."""
        if self.number == 0:
            return None
        return self.number + 1 if self.number < self.closed else 0

    @property
    def older(self) -> int | None:
        """The number of the next older page, or None."""
        if self.number == 0:
            return self.closed or None
        return self.number - 1 or None


def page_path(code: str, number: int) -> str:
    folder = column_folder(code)
    return f"{folder}/p/{number}/index.html" if number else f"{folder}/index.html"


def closed_pages(positions: int) -> int:
    """How many pages are closed when that many positions are given."""
    return max(0, positions // LENGTH - 1)


def place(item: Item) -> ColumnEntry | None:
    """The entry of an item in its present column, given now where it has none; None without a column."""
    if item.column_id is None:
        return None
    for _attempt in range(5):
        entry = ColumnEntry.objects.filter(column_id=item.column_id, item=item).first()
        if entry is not None:
            return entry
        try:
            with transaction.atomic():
                # The column's row is the lock of its positions.
                Column.objects.select_for_update().get(pk=item.column_id)
                position = positions(item.column_id)
                return ColumnEntry.objects.create(column_id=item.column_id, item=item, position=position)
        except IntegrityError:
            continue
    raise IntegrityError(f"no position found for {item.pk}")


def positions(column_id: int) -> int:
    """How many positions a column has given."""
    last = ColumnEntry.objects.filter(column_id=column_id).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def page_of(position: int, closed: int) -> int:
    """The number of the page on which a position stands; 0 for the newest."""
    number = position // LENGTH + 1
    return number if number <= closed else 0


def page(column: Column, number: int) -> ColumnPage:
    """Page `number` of a column as it is to be now."""
    given = positions(column.pk)
    closed = closed_pages(given)
    first = (number - 1) * LENGTH if number else closed * LENGTH
    last = number * LENGTH if number else given
    entries = (
        ColumnEntry.objects.filter(
            column=column, position__gte=first, position__lt=last, item__column=column, item__state="public"
        )
        .select_related("item__agency", "item__normative")
        .order_by("-position")
    )
    total = None if number else counts.of_column(column.pk)
    return ColumnPage(column, number, closed, tuple(entry.item for entry in entries), total)


def touched(column: Column, position: int) -> list[int]:
    """Numbers of the pages that a change at a position changes, and of pages that it may have closed."""
    given = positions(column.pk)
    closed = closed_pages(given)
    numbers = {0, page_of(position, closed)}
    if closed and given % LENGTH == 0:
        # The page that has just been closed, and its older neighbour, whose link to it is new.
        numbers |= {closed, max(closed - 1, 1)}
    return sorted(numbers)
