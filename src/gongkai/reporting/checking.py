"""Checks of our own report: C1 to C15 over its figures, its prose and the records behind it, and its text by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.reporting import figures, jumps
from gongkai.reporting.compiling import Compiled
from gongkai.reporting.figures import cell_key
from gongkai.reporting.inspection.addressee import addressee
from gongkai.reporting.inspection.dates import dates
from gongkai.reporting.inspection.narrative import NAMES, Narrative
from gongkai.reporting.inspection.parts import fees
from gongkai.reporting.inspection.printed import Printed
from gongkai.reporting.inspection.wording import slips
from gongkai.reporting.reading.prose import read_prose
from gongkai.rulebook.record_checks import ManualFigure, RecordFigures, check_origins, check_records
from gongkai.rulebook.report_checks import blank_cells, check_report
from gongkai.rulebook.report_form import (
    APPLICANT_COLUMNS,
    LEAF_ROWS,
    SUM_ROW,
    Cell,
    ReportTables,
)
from gongkai.rulebook.report_rules import RULES, Finding, ProseFigures, Where

# What the prose states outside the tables → the figure that counts it.
STATED = {"items": "items_released", "mailbox": "mailbox", "media_line": "media_line", "assigned": "assigned"}
FEE_NOTICES = "fee_notices"


def findings(
    agency: Agency,
    compiled: Compiled,
    texts: Mapping[str, str],
    previous: ReportTables | None,
    *,
    explained: bool = False,
    jumps_said: Mapping[str, str] | None = None,
    records: Compiled | None = None,
) -> tuple[Finding, ...]:
    """Everything that is wrong with the report as it stands, errors first, in the order of the rules.

    texts: the narrative parts with their figures filled in. previous: last year's tables (C4, C7, C12).
    explained: a difference to last year's carry-over has its written explanation, so C4 warns only.
    jumps_said: what is said of figures that moved much, by cell key; the others of them warn.
    records: whose records can be asked for where that is not all of `compiled`: of a government, its own.
    """
    tables = compiled.tables
    year = compiled.period.last.year
    prose = read_prose(
        (texts["opening"] + "\n" + texts["overview"]).splitlines(), texts["other"].splitlines(), year=year
    )
    found = list(check_report(tables, agency=agency.name, previous=previous, prose=prose, own=True))
    behind = records or compiled
    found += check_records(behind.tables, _records(agency, behind))
    found += check_origins(_by_hand(compiled))
    found += [replace(one, severity="error") for one in blank_cells(tables)]
    found += _outside(prose, compiled)
    found += jumps.unexplained(tables, previous, jumps_said or {})
    found += _of_text(Narrative.of_texts(agency.name, year, texts))
    if explained:
        found = [replace(one, severity="warning") if one.rule == "C4" else one for one in found]
    # Reading folds the width of characters; what is quoted is shown as it was written.
    printed = Printed([line for part in NAMES for line in texts.get(part, "").splitlines()])
    found = [printed.finding(_bent(one, compiled)) for one in found]
    order = list(RULES)
    place = {rule: number for number, rule in enumerate(order)}
    found.sort(key=lambda one: (one.severity != "error", place.get(one.rule, len(order))))
    return tuple(dict.fromkeys(found))


def _of_text(narrative: Narrative) -> Iterator[Finding]:
    """Dates, the organ that the text speaks for, slips and the fee sentence: warnings. Screening knows other slips."""
    yield from dates(narrative)
    yield from addressee(narrative)
    yield from fees(narrative)
    yield from slips(narrative, general=False)


def _records(agency: Agency, compiled: Compiled) -> RecordFigures:
    """The cases behind table three, each with the rows in which it was counted."""
    counted = compiled.counted

    def behind(row: str, column: str = "total") -> tuple[str, ...]:
        each = counted.get(cell_key(Cell("applications", row, column)))
        return each.records if each else ()

    closed: dict[str, list[str]] = {pk: [] for pk in behind(SUM_ROW)}
    for row in LEAF_ROWS:
        for pk in behind(row):
            closed.setdefault(pk, []).append(row)
    names = _numbers(agency, compiled, [pk for pk, rows in closed.items() if len(rows) != 1])
    notices = counted.get(FEE_NOTICES)
    return RecordFigures(
        tuple(len(behind("r4", column.key)) for column in APPLICANT_COLUMNS),
        {names.get(pk, pk): tuple(rows) for pk, rows in closed.items()},
        int(notices.value) if notices else 0,
    )


def _numbers(agency: Agency, compiled: Compiled, wrong: Sequence[str]) -> dict[str, str]:
    """Primary key → registration number of the cases that a finding will name."""
    each = figures.figure(cell_key(Cell("applications", SUM_ROW, "total")))
    if each is None or not wrong:
        return {}
    rows = each.records(agency, compiled.period).filter(pk__in=wrong)
    return {str(row.pk): each.opened(row).text for row in rows}


def _by_hand(compiled: Compiled) -> Iterator[ManualFigure]:
    for key, counted in compiled.counted.items():
        each = figures.figure(key)
        if counted.manual and each and each.cell:
            yield ManualFigure(each.cell, counted.value, counted.manual.reason, counted.manual.approver)


def _outside(prose: ProseFigures, compiled: Compiled) -> Iterator[Finding]:
    """C9 for the figures that stand in no table: what a sentence says against what the records say."""
    rule = RULES["C9"]
    for attribute, key in STATED.items():
        stated: int | None = getattr(prose, attribute)
        counted = compiled.value(key)
        if stated is None or counted is None or stated == counted:
            continue
        each = figures.figure(key)
        message = _(
            "The text says %(stated)s for “%(figure)s”, the records say %(counted)s; bind the figure as {{%(key)s}}."
        ) % {
            "stated": stated,
            "figure": each.label if each else key,
            "counted": counted,
            "key": key,
        }
        yield Finding("C9", rule.severity_for(True), message, Where("overview"), stated, counted)


def _bent(finding: Finding, compiled: Compiled) -> Finding:
    """A figure set by hand, with reason and approver, differs from the records openly: C13 then warns."""
    if finding.rule != "C13" or finding.where.row is None:
        return finding
    by_hand = any(
        each.manual and key.startswith(f"{finding.where.table}.{finding.where.row}.")
        for key, each in compiled.counted.items()
    )
    return replace(finding, severity="warning") if by_hand else finding
