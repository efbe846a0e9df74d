"""The register of figures (I5): each is a query over records, measured, and opens to what it counted.

A figure of a table carries the address of its cell; the others are the figures of the narrative parts, which
stand in no table. The rooms below say how their records are counted (see `sources`); nothing here counts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.rulebook.report_form import Cell

Number = int | Decimal


@dataclass(frozen=True, order=True)
class Period:
    """The days that a count covers, from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(_("The period ends before it begins."))

    @classmethod
    def of_year(cls, year: int, *, start: date | None = None) -> "Period":
        """1 January to 31 December; `start` moves the beginning (截至××年底累计)."""
        return cls(start or date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_month(cls, year: int, month: int, *, months: int = 1) -> "Period":
        """`months` calendar months from that one on, within the year."""
        after = date(year + 1, 1, 1) if month + months > 12 else date(year, month + months, 1)
        return cls(date(year, month, 1), after - timedelta(days=1))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the period and the first after it, in local time: for `>=` and `<`."""
        return (
            timezone.make_aware(datetime.combine(self.first, time.min)),
            timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min)),
        )


@dataclass(frozen=True)
class Opened:
    """A record as the page of a figure lists it: what it is called, where it opens, its day, a remark."""

    text: str
    url: str = ""
    on: date | None = None
    note: str = ""


Records = Callable[[Agency, Period], QuerySet[Any]]
Measure = Callable[[QuerySet[Any], Agency, Period], Number | None]


def count(rows: QuerySet[Any], agency: Agency, period: Period) -> int:
    """How many records there are."""
    return rows.count()


@dataclass(frozen=True)
class Figure:
    """One figure: `records` of an agency and a period, and how they are measured.

    key: stable, ASCII; narrative texts name it in {{ }}. label: as a reader knows it. source: one sentence on
    what is counted. opened: how a record is listed. cell: its place in a table, None for a narrative figure.
    counts: whether its value is the number of its records. A measure gives None where nothing can be said.
    """

    key: str
    label: object
    source: object
    records: Records
    opened: Callable[[Any], Opened]
    measure: Measure = count
    cell: Cell | None = None
    unit: str = ""

    @property
    def counts(self) -> bool:
        return self.measure is count

    @property
    def narrative(self) -> bool:
        return self.cell is None

    def value(self, agency: Agency, period: Period) -> Number | None:
        return self.measure(self.records(agency, period), agency, period)


def cell_key(cell: Cell) -> str:
    """The key of a table's figure: table.row.column."""
    return f"{cell.table}.{cell.row}.{cell.column}"


_figures: dict[str, Figure] = {}


def declare(*figures: Figure) -> None:
    """Make figures known; one with a known key replaces it (a reloading server does that)."""
    for figure in figures:
        _figures[figure.key] = figure


def figure(key: str) -> Figure | None:
    """The figure of that key, or None."""
    return _figures.get(key)


def every() -> Iterator[Figure]:
    """All figures, in the order of their declaration."""
    return iter(tuple(_figures.values()))


def narrative() -> list[Figure]:
    """The figures that stand in no table."""
    return [each for each in every() if each.narrative]
