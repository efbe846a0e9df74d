"""Reports that come as files: what was read of one, as it is kept until a person has looked at it.

Members' reports (rollup_intake) and reports of earlier years (earlier_intake) are stored closed, read in a process
of their own, shown with everything that `report check` says of them, and count once a person says so.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.files import storage
from gongkai.reporting import document
from gongkai.reporting.figures import cell_key
from gongkai.reporting.inspection.previous import Difference, differences
from gongkai.reporting.inspection.report import inspect
from gongkai.reporting.reading import isolated
from gongkai.reporting.reading.source import NeedsRecognition
from gongkai.reporting.reading.textreport import ReadReport, unreadable
from gongkai.reporting.titles import title_of
from gongkai.rulebook.report_form import Cell, ReportTables
from gongkai.rulebook.report_rules import Finding

# Findings that are kept with a file; the first say enough.
MOST_FINDINGS = 100
# So long a request looks for a file that is no scan; a scan takes minutes and is left to the sweeper.
IN_REQUEST = 3.0
IN_SWEEP = 15.0

Kept = Mapping[str, Any]
Row = TypeVar("Row")


def first_read(
    waiting: Iterable[tuple[Row, str, str]], *, scans: bool = True
) -> tuple[Row, ReadReport] | None:
    """Read the first file that can be read: its row, and what was read; None where none is left.

    waiting: (row, digest, name). Without `scans` those that are scans are passed over, and after some seconds the rest.
    """
    end = time.monotonic() + IN_REQUEST
    for row, digest, name in waiting:
        try:
            return row, isolated.read(storage.read(digest), name, recognise=scans)
        except NeedsRecognition:
            if time.monotonic() > end:
                break
        except Refused as refusal:
            # Gone from the store, erased or changed: said like any file that cannot be read.
            return row, unreadable(refusal.message.removesuffix("。"))
    return None


def kept(read: ReadReport, name: str) -> dict[str, Any]:
    """What was read of the file of that name, as its row keeps it.

    {status, why, agency, year, form, tables, texts, scanned, errors, blanks, findings, places}; why: what keeps it from
    being whole.
    """
    found = inspect(name, read).findings
    places = read.source.places if read.source else ()
    return {
        "status": read.status,
        "why": read.findings[0].message if read.status != "complete" and read.findings else "",
        "agency": read.agency,
        "year": read.year,
        "form": read.tables.form,
        "tables": read.tables.to_json(),
        "texts": dict(read.texts),
        "scanned": scanned(read),
        "errors": sum(one.severity == "error" for one in found),
        "blanks": [str(cell) for cell in read.tables.cells() if read.tables.value(cell) is None],
        "findings": [_finding(one) for one in found[:MOST_FINDINGS]],
        "places": {cell_key(cell): places[line] for cell, line in read.lines.items() if line < len(places)},
    }


def scanned(read: ReadReport) -> bool:
    """Whether the figures were recognised in pictures, so that a person has to compare them."""
    return any(one.rule == "SCAN" for one in read.findings)


def _finding(one: Finding) -> dict[str, str]:
    table = one.where.table
    named = (table and document.CAPTIONS.get(table), one.where.column)
    return {
        "severity": "blocking" if one.severity == "error" else "warning",
        "rule": one.rule,
        "where": " · ".join(filter(None, named)),
        "advice": one.message,
    }


def findings(read: Kept) -> list[dict[str, str]]:
    """What was found, for workbench/partials/findings.html: each sentence names its places in the file."""
    return [one | {"title": title_of(one["rule"])} for one in read.get("findings", ())]


def left_to_sweeper() -> str:
    """What a page says where only scans are left to read."""
    return _("What is left are scans: they are read in the background, and this page shows the result.")


def not_whole(read: Kept | None, name: str) -> str:
    """Why the file cannot be taken for a whole report, as one sentence with the cure; empty where it can."""
    if read is None:
        return _("This file is not read yet.")
    if read["status"] != "complete":
        return _("“%(name)s” could not be read whole: %(why)s") % {"name": name, "why": read["why"]}
    return ""


def page(
    read: Kept, *, name: str, digest: str, sender: str, at: datetime, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What reporting/upload.html shows of a file: facts, findings, tables, and what it changes.

    before: the tables of the report that it would replace.
    """
    changes: list[Difference] = []
    if before is not None and read.get("tables"):
        changes = differences(ReportTables.from_json(read["tables"]), ReportTables.from_json(before))
    return {
        "title": name,
        "unread": not read,
        "facts": [
            {"label": _("agency"), "value": read.get("agency") or "—"},
            {"label": _("year"), "value": str(read.get("year") or "—")},
            {"label": _("sent in by"), "value": sender},
            {"label": _("time"), "value": at},
            {"label": _("digest"), "value": digest},
        ],
        "findings": findings(read),
        "tables": shown(read),
        "changes": changes,
    }


def shown(read: Kept) -> list[Any]:
    """The tables that were read, each cell with its place in the file; none for a file that could not be read."""
    if not read.get("tables"):
        return []
    tables = ReportTables.from_json(read["tables"])
    if tables.disclosure is None or tables.applications is None or tables.remedies is None:
        return []
    places: Mapping[str, str] = read.get("places", {})

    def dress(cell: Cell) -> dict[str, Any]:
        place = places.get(cell_key(cell), "")
        return {"note": f"{cell}（{place}）" if place else "", "marked": tables.value(cell) is None}

    return document.screen_tables(tables, dress)
