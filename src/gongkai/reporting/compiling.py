"""Compiling: every figure of one agency and period from its records, and the tables they make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.journal import canon
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Number, Period, Tally
from gongkai.rulebook.report_form import CHARGE_DECIMALS, Cell, ReportTables, columns_of, row_keys

TABLES = ("disclosure", "applications", "remedies")
CHARGES = Cell("disclosure", "charges", "amount")


@dataclass(frozen=True)
class Manual:
    """Why a figure is not the records': the reason, who proposed it and who approved it, by name."""

    reason: str
    proposed_by: str
    approver: str


@dataclass(frozen=True)
class Counted:
    """One figure as counted: its value, the primary keys of its records, and how it was set by hand, if it was.

    value None: it cannot be said, as a share of nobody.
    """

    key: str
    value: Number | None
    records: tuple[str, ...] = ()
    manual: Manual | None = None

    def to_json(self, groups: Sequence[int]) -> dict[str, Any]:
        """As it is frozen; groups: of the records that `Compiled.frozen` puts beside it."""
        value = None if self.value is None else format(Decimal(self.value), "f")
        said: dict[str, Any] = {"value": value, "groups": list(groups)}
        if self.manual:
            said["manual"] = vars(self.manual)
        return said

    @classmethod
    def from_json(
        cls, key: str, said: Mapping[str, Any], records: Sequence[Sequence[str]] | None = None
    ) -> "Counted":
        """A frozen figure. records: the groups frozen beside it; without them its records are left out. One that was
        frozen before there were groups brings its own."""
        text: str | None = said["value"]
        value: Number | None = None
        if text is not None:
            value = Decimal(text) if "." in text else int(text)
        manual = Manual(**said["manual"]) if said.get("manual") else None
        behind = [said.get("records", ())]
        if records is not None:
            behind += [records[number] for number in said.get("groups", ())]
        return cls(key, value, tuple(sorted(chain.from_iterable(behind))), manual)


def grouped(records: Mapping[str, Sequence[str]]) -> tuple[list[list[str]], dict[str, list[int]]]:
    """Key → records as groups of records that stand behind the same keys, and key → places of its groups.

    The groups of a key together are its records, each once.
    """
    behind: dict[str, int] = {}
    for place, keys in enumerate(records.values()):
        mark = 1 << place
        for key in keys:
            behind[key] = behind.get(key, 0) | mark
    alike: dict[int, list[str]] = {}
    for key, marks in behind.items():
        alike.setdefault(marks, []).append(key)
    found = sorted(((sorted(keys), marks) for marks, keys in alike.items()), key=lambda each: each[0][0])
    of_key: dict[str, list[int]] = {key: [] for key in records}
    names = list(records)
    for number, (_keys, marks) in enumerate(found):
        while marks:
            lowest = marks & -marks
            of_key[names[lowest.bit_length() - 1]].append(number)
            marks ^= lowest
    return [keys for keys, _marks in found], of_key


@dataclass(frozen=True)
class Compiled:
    """The figures of one agency and period by key, in the order of their declaration."""

    period: Period
    counted: Mapping[str, Counted]
    starts: Mapping[str, date] = field(default_factory=dict)

    def value(self, key: str) -> Number | None:
        """The value of a figure; None for one that nobody counts."""
        found = self.counted.get(key)
        return found.value if found else None

    @property
    def tables(self) -> ReportTables:
        """The three tables; a cell that no figure counts is blank, never 0."""
        return tables_of({key: each.value for key, each in self.counted.items()})

    def frozen(self) -> dict[str, Any]:
        """{"figures": {key: {value, groups, manual}}, "records": groups}: every record once.

        An application is behind a dozen figures. Records that are behind the same ones are one group, and a figure
        names its groups by their places.
        """
        groups, of_figure = grouped({key: each.records for key, each in self.counted.items()})
        return {
            "figures": {key: each.to_json(of_figure[key]) for key, each in self.counted.items()},
            "records": groups,
        }

    @property
    def digest(self) -> str:
        """SM3 over every value and every record behind it."""
        return canon.digest(self.frozen())


def compile_figures(
    agency: Agency,
    period: Period,
    *,
    starts: Mapping[str, date] | None = None,
    manual: Mapping[str, tuple[Number, Manual]] | None = None,
    only: Iterable[Figure] | None = None,
) -> Compiled:
    """Count every figure (or those of `only`) of an agency over `period`.

    starts: figure key → first day of its count where that is not the period's own; only narrative figures
    may have one, because the tables cover the calendar year. manual: approved figures that stand in the
    place of the records'. Raises Refused where a start lies after the period's end.
    """
    starts, manual = starts or {}, manual or {}
    counted = {}
    passes: dict[tuple[str, Period], Tally] = {}
    for each in figures.every() if only is None else only:
        first = starts.get(each.key, period.first) if each.narrative else period.first
        if first > period.last:
            raise Refused(
                _("The count of “%(figure)s” begins after the end of the period.") % {"figure": each.label}
            )
        keys, value = _counted(each, agency, Period(first, period.last), passes)
        by_hand = None
        if each.key in manual:
            value, by_hand = manual[each.key]
        counted[each.key] = Counted(each.key, value, keys, by_hand)
    return Compiled(period, counted, starts)


def _counted(
    each: Figure, agency: Agency, period: Period, passes: dict[tuple[str, Period], Tally]
) -> tuple[tuple[str, ...], Number | None]:
    """The records and the value of a figure; those of a family come from its one pass, kept in `passes`."""
    if each.family is None:
        rows = each.records(agency, period)
        keys = tuple(sorted(str(pk) for pk in rows.values_list("pk", flat=True)))
        return keys, len(keys) if each.counts else each.measure(rows, agency, period)
    place = (each.family.name, period)
    if place not in passes:
        passes[place] = each.family.tally(agency, period)
    tally = passes[place]
    keys = tuple(sorted(tally.records.get(each.key, ())))
    return keys, len(keys) if each.counts else tally.values.get(each.key)


def tables_of(values: Mapping[str, Number | None]) -> ReportTables:
    """The three tables from figures by cell key."""

    def table(name: Any) -> dict[str, tuple[int | None, ...]]:
        return {
            row: tuple(
                _whole(values.get(figures.cell_key(Cell(name, row, column.key))))
                for column in columns_of(name, row)
            )
            for row in row_keys(name)
            if row != "charges"
        }

    return ReportTables(
        disclosure=table("disclosure"),
        charges=charges(values.get(figures.cell_key(CHARGES))),
        applications=table("applications"),
        remedies=table("remedies"),
    )


def _whole(value: Number | None) -> int | None:
    """A number of cases; one with decimals is no such number and leaves its cell blank, which blocks submission."""
    return int(value) if value is not None and value == int(value) else None


def charges(value: Number | None) -> Decimal | None:
    """An amount in 万元 as it is printed: four decimals; a plain 0 where nothing was collected."""
    if value is None:
        return None
    amount = Decimal(value)
    return amount.quantize(Decimal(1).scaleb(-CHARGE_DECIMALS)) if amount else Decimal(0)


def year_by_parts(agency: Agency, year: int, *, months: int) -> list[Compiled]:
    """The same figures for each month (months=1) or quarter (months=3) of a year."""
    return [
        compile_figures(agency, Period.of_month(year, first, months=months)) for first in range(1, 13, months)
    ]
