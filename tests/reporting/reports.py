"""Reports and the records they count, as the tests of this room write them."""

from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from gongkai.applications.models import Application
from gongkai.journal import outbox
from gongkai.reporting import earlier_intake, reports
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, LEAF_ROWS
from tests import items

NATURAL = "natural_person"
KINDS = [column.key for column in APPLICANT_COLUMNS if column.key != "total"]
LEAVES = list(LEAF_ROWS)
WRITTEN = {
    "problems": "（一）存在的主要问题\n公开内容的针对性有待进一步提升。\n（二）改进情况\n按月核对主动公开目录。",
}


def case(
    office: Any,
    received: date,
    *,
    row: str = "",
    answered: date | None = None,
    kind: str = NATURAL,
    channel: str = "web",
) -> Application:
    """An application as the cache of its events holds it: what the report counts."""
    number = Application.objects.count() + 1
    return Application.objects.create(
        agency=office.agency,
        number=f"XG-{received.year}-{number:04d}",
        submission=uuid4(),
        channel=channel,
        applicant_kind=kind,
        arrived_on=received,
        received_on=received,
        answered_on=answered,
        row=row,
        case_key=uuid4(),
        sealed_person="",
        sealed_request="",
        registered_at=f"{received}T09:00:00+08:00",
    )


def begun(office: Any, year: int = 2021, **said: Any) -> tuple[Any, Any]:
    """A report whose every part is written."""
    report, draft = reports.begin(office.actor("handler"), office.agency, year)
    draft = reports.save(
        office.actor("handler"), report, draft.content | WRITTEN | said, version=draft.version
    )
    return report, draft


def submitted(office: Any, report: Any, draft: Any) -> Any:
    revision = reports.submit(office.actor("handler"), report, version=draft.version)
    outbox.sweep()
    report.refresh_from_db()
    return revision


def published(office: Any, year: int = 2021, **said: Any) -> Any:
    """A report that three people released."""
    report, draft = begun(office, year, **said)
    revision = submitted(office, report, draft)
    for step in (1, 2, 3):
        items.approve(office, revision, step)
    outbox.sweep()
    report.refresh_from_db()
    return report


def taken_over(office: Any, file: Path) -> Any:
    """The office's report of an earlier year, sent in as a file, read and taken over."""
    handler = office.actor("handler")
    (upload,) = earlier_intake.receive(handler, office.agency, [(file.name, file.read_bytes())]).uploads
    while earlier_intake.read_next(earlier_intake.waiting(office.agency)):
        pass
    upload.refresh_from_db()
    return earlier_intake.take_over(handler, upload)


@contextmanager
def another(key: str, **changes: Any) -> Any:
    """One figure counted in another way."""
    from dataclasses import replace

    from gongkai.reporting import figures

    before = figures.figure(key)
    # Counted by itself, and not in the pass over its family.
    figures.declare(replace(before, family=None, **changes))
    try:
        yield
    finally:
        figures.declare(before)
