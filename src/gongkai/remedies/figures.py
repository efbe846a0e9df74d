"""Table four of the annual report: cases of a year by result, each figure open to its cases (I5).

The rule: a case counts in the report of a year when it was received by 31 December and was not yet decided
when the year began. Decided in the year, it stands in the column of its result; open at the end of 31
December, it stands in 尚未审结. So a case reported as open one year comes back the next (check C12), and
decided once it is reported once: table four has no column for what was carried over, so the column 总计 can
only be the cases of the year, old and new. A judgment appealed against makes the case open again: it counts
in 尚未审结 until the judgment on appeal, and in that year by its result. The day that counts is that of the
decision, not of its entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from gongkai.agencies.models import Agency
from gongkai.remedies.models import Remedy
from gongkai.remedies.standing import PENDING, standing
from gongkai.rulebook.report_form import REMEDY_COLUMNS, REMEDY_ROWS

TOTAL = "total"
COLUMNS = tuple(column.key for column in REMEDY_COLUMNS)


@dataclass(frozen=True)
class CellFigure:
    """One cell of table four: the number, and the cases it counts."""

    value: int
    rows: QuerySet[Remedy]


def column_in(remedy: Remedy, first: date, last: date) -> str | None:
    """The column in which a case counts from `first` to `last`, both included, or None where it does not.

    remedy: with its events prefetched, where many are asked.
    """
    if remedy.received_on > last:
        return None
    at_end = standing(remedy.events.all(), last)
    if at_end.result == PENDING:
        return PENDING
    return at_end.result if at_end.decided_on and at_end.decided_on >= first else None


def table_four(agency: Agency, first: date, last: date) -> Mapping[str, Mapping[str, CellFigure]]:
    """The three rows of table four by column key (upheld, corrected, other_result, pending, total)."""
    found: dict[str, dict[str, list[object]]] = {
        row.key: {column: [] for column in COLUMNS} for row in REMEDY_ROWS
    }
    for remedy in Remedy.objects.filter(agency=agency, received_on__lte=last).prefetch_related("events"):
        column = column_in(remedy, first, last)
        if column is not None:
            found[remedy.kind][column].append(remedy.pk)
            found[remedy.kind][TOTAL].append(remedy.pk)
    return {
        row: {
            column: CellFigure(len(keys), Remedy.objects.filter(pk__in=keys))
            for column, keys in cells.items()
        }
        for row, cells in found.items()
    }


def year_table(agency: Agency, year: int) -> Mapping[str, Mapping[str, CellFigure]]:
    """Table four of the annual report of `year`."""
    return table_four(agency, date(year, 1, 1), date(year, 12, 31))


def counts(agency: Agency, year: int) -> dict[str, list[int]]:
    """Table four as `gongkai report check --json` prints it: row → five counts in column order."""
    return {
        row: [cells[column].value for column in COLUMNS] for row, cells in year_table(agency, year).items()
    }
