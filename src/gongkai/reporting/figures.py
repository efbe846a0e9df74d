"""The register of figures (I5): each is a query over records, measured, and opens to what it counted.

A figure of a table carries the address of its cell; the others are the figures of the narrative parts, which
stand in no table. The rooms below say how their records are counted (see `sources`); nothing here counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
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
class Tally:
    """What one pass over the records found: figure key → the primary keys, as texts, in any order and each once.

    values: of the figures that are no number of records. A key that is missing has no records.
    """

    records: Mapping[str, Sequence[str]]
    values: Mapping[str, Number | None] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Family:
    """Figures that one pass over the records counts together: a report of 10⁵ records asks for each of them once.

    tally: says of every figure of the family what its own `records` and `measure` say, which stay the definition
    (I5): its page opens them, and a test holds the pass against them.
    """

    name: str
    tally: Callable[[Agency, Period], Tally]


@dataclass(frozen=True)
class Figure:
    """One figure: `records` of an agency and a period, and how they are measured.

    key: stable, ASCII; narrative texts name it in {{ }}. label: as a reader knows it. source: one sentence on
    what is counted. opened: how a record is listed. cell: its place in a table, None for a narrative figure.
    counts: whether its value is the number of its records. A measure gives None where nothing can be said.
    family: with which others it is counted in one pass, if with any.
    """

    key: str
    label: object
    source: object
    records: Records
    opened: Callable[[Any], Opened]
    measure: Measure = count
    cell: Cell | None = None
    unit: str = ""
    family: Family | None = None

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


@dataclass(frozen=True)
class Series:
    """Figures of one kind whose number depends on data, as one for each column of the catalogue.

    prefix: what their keys begin with. names: the rest of each key with the label of its figure, in order.
    make: the figure of a rest and its label.
    """

    prefix: str
    names: Callable[[], Mapping[str, str]]
    make: Callable[[str, str], Figure]

    def figures(self) -> Iterator[Figure]:
        return (self.make(rest, label) for rest, label in self.names().items())


_figures: dict[str, Figure] = {}
_series: dict[str, Series] = {}


def declare(*figures: Figure) -> None:
    """Make figures known; one with a known key replaces it (a reloading server does that)."""
    for figure in figures:
        _figures[figure.key] = figure


def declare_series(*series: Series) -> None:
    """Make series of figures known, by their prefixes."""
    for each in series:
        _series[each.prefix] = each


def figure(key: str) -> Figure | None:
    """The figure of that key, or None."""
    found = _figures.get(key)
    if found is None:
        for each in _series.values():
            rest = key.removeprefix(each.prefix)
            if rest != key and (label := each.names().get(rest)) is not None:
                return each.make(rest, label)
    return found


def every() -> Iterator[Figure]:
    """All figures, in the order of their declaration, those of series last."""
    return chain(tuple(_figures.values()), *(each.figures() for each in _series.values()))


def by_key() -> dict[str, Figure]:
    """All figures by their keys: for a page that looks up many, since those of series are asked for anew each time."""
    return {each.key: each for each in every()}


def narrative() -> list[Figure]:
    """The figures that stand in no table."""
    return [each for each in every() if each.narrative]
