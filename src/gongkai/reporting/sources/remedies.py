"""Table four: reconsideration and litigation by result, as the room of remedies counts them (rulebook 2.4)."""

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.remedies.models import Remedy
from gongkai.remedies.standing import PENDING, standing
from gongkai.reporting import figures
from gongkai.reporting.figures import Family, Figure, Opened, Period, Records, Tally, cell_key
from gongkai.rulebook.report_form import REMEDY_COLUMNS, REMEDY_ROWS, Cell

SOURCE = _(
    "Cases received by the end of the period and decided in it, in the column of their result; "
    "those open at its end are pending."
)
TOTAL = "total"


def column_in(remedy: Remedy, period: Period) -> str | None:
    """The column in which a case counts over a period; None where it was decided before, or came after it."""
    if remedy.received_on > period.last:
        return None
    at_end = standing(list(remedy.events.all()), period.last)
    if at_end.result == PENDING:
        return PENDING
    decided: date | None = at_end.decided_on
    return at_end.result if decided is not None and decided >= period.first else None


def _cell_rows(kind: str, column: str) -> Records:
    def rows(agency: Agency, period: Period) -> QuerySet[Remedy]:
        cases = Remedy.objects.filter(agency=agency, kind=kind, received_on__lte=period.last)
        columns = {case.pk: column_in(case, period) for case in cases.prefetch_related("events")}
        fitting = [pk for pk, found in columns.items() if found == column or (found and column == TOTAL)]
        return Remedy.objects.filter(pk__in=fitting)

    return rows


def _of_remedies(agency: Agency, period: Period) -> Tally:
    rows = Remedy.objects.filter(agency=agency, received_on__lte=period.last).prefetch_related("events")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for case in rows:
        column = column_in(case, period)
        for name in (column, TOTAL) if column else ():
            found[cell_key(Cell("remedies", case.kind, name))].append(str(case.pk))
    return Tally(found)


REMEDIES = Family("remedies", _of_remedies)


def open_remedy(remedy: Remedy) -> Opened:
    url = reverse("remedies:remedy", args=[remedy.pk])
    return Opened(remedy.number, url, remedy.received_on, remedy.subject)


def _cell(row: str, column: str) -> Figure:
    cell = Cell("remedies", row, column)
    return Figure(
        cell_key(cell),
        str(cell),
        SOURCE,
        _cell_rows(row, column),
        open_remedy,
        cell=cell,
        family=REMEDIES,
    )


def declare() -> None:
    """The fifteen cells of table four."""
    figures.declare(*(_cell(row.key, column.key) for row in REMEDY_ROWS for column in REMEDY_COLUMNS))
