"""Pages of long lists, at a cost that does not grow with the records.

Of one agency's rows a page is read along an index in the order of the list. Rows of several agencies have no such
index: the database would sort all of them, whole, for the first thirty. So the keys of the first rows of each agency
are taken along its own index, only those are sorted together, and only the rows of the page are opened.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django_tables2.rows import BoundRows

# A list page counts and pages no further than this; filters lead to the rest.
COUNTED = 10_000
# So many rows a page has at most.
ROWS = 100
# So many agencies are asked each for its first rows; more would cost more than sorting.
SEATS = 40
# So many first rows in all: agencies times rows up to the end of the page.
HEADS = 20_000


class CountedPaginator(Paginator):
    """Pages of a table; counts no further than COUNTED rows, so a list of a million opens as fast as one of ten.

    seats: keys of the agencies whose rows these are, where they are several; seat_field: the path to the agency, or
    "pk" where the rows have none.
    """

    def __init__(
        self, rows: Any, per_page: int, *, seats: Sequence[Any] = (), seat_field: str = "pk", **more: Any
    ) -> None:
        # The address may name another number of rows; it names a page, not the whole list.
        super().__init__(rows, min(max(per_page, 1), ROWS), **more)
        self.seats, self.seat_field = seats, seat_field

    @property
    def _found(self) -> Any:
        """The query of the table, or its list of rows."""
        rows = self.object_list
        return rows.data.data if hasattr(rows, "data") and hasattr(rows.data, "data") else rows

    @cached_property
    def count(self) -> int:
        found = self._found
        if not isinstance(found, QuerySet):
            return min(len(found), COUNTED)
        if not self.seats and len(self._first) <= self.per_page:
            return len(self._first)
        # Asked for its agency alone, a row is counted in an index and not opened.
        return found.order_by().values(self.seat_field)[:COUNTED].count()

    @cached_property
    def _first(self) -> list[Any]:
        """The rows of the first page and one more: where there is none, they are counted by this alone."""
        return list(self._found[: self.per_page + 1])

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = self._read(start, min(start + self.per_page, self.count))
        if rows is None or not hasattr(self.object_list, "table"):
            return super().page(number)
        return self._get_page(BoundRows(rows, self.object_list.table), number, self)

    def _read(self, start: int, end: int) -> list[Any] | None:
        """The rows of a page, where there is a better way than to ask for them as they are."""
        found = self._found
        if not isinstance(found, QuerySet):
            return None
        if not self.seats:
            return self._first[:end] if start == 0 else None
        if not self.count:
            return []
        keys = self._merged(found, start, end) or list(found.values_list("pk", flat=True)[start:end])
        # Opened by their keys: what is sorted above is short, and not whole rows.
        return list(found.filter(pk__in=keys))

    def _merged(self, found: QuerySet[Any], start: int, end: int) -> list[Any] | None:
        """The keys of a page from the first rows of each agency; None where there are too many of them, or the order
        is by something that no row holds."""
        if len(self.seats) > SEATS or len(self.seats) * end > HEADS:
            return None
        heads = [
            key
            for seat in self.seats
            for key in found.filter(**{self.seat_field: seat}).values_list("pk", flat=True)[:end]
        ]
        rows = found.model._default_manager.filter(pk__in=heads)
        try:
            rows = rows.order_by(*found.query.order_by) if found.query.order_by else rows
        except FieldError:
            return None
        return list(rows.values_list("pk", flat=True)[start:end])
