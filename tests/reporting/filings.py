"""A district that collects the reports of its agencies, as the tests of filing write it."""

from typing import Any

from gongkai.journal import outbox
from gongkai.reporting import collecting, filing
from gongkai.reporting.models import Filing
from gongkai.review import drafts
from tests import items
from tests.reporting.reports import begun, submitted

CORRECTED = {"problems": "（一）存在的主要问题\n问题已按意见补写。\n（二）改进情况\n按季度核对。"}


def collects(office: Any, **days: Any) -> Any:
    """The district collects from the report on 2021 on."""
    said = {"collects": True, "first_year": 2021} | days
    return collecting.set_rule(office.actor("supervisor"), office.district, **said)


def approved(office: Any, revision: Any) -> None:
    for step in (1, 2, 3):
        items.approve(office, revision, step)
    outbox.sweep()


def filed(office: Any, year: int = 2021, **said: Any) -> Filing:
    """A report that three people approved and that waits for the district."""
    report, draft = begun(office, year, **said)
    approved(office, submitted(office, report, draft))
    report.refresh_from_db()
    found = filing.standing(report)
    assert found is not None
    return found


def again(office: Any, report: Any, **said: Any) -> Any:
    """The draft mended and submitted: the new revision."""
    from gongkai.reporting import reports

    draft = drafts.draft_of("report", report.pk)
    draft = reports.save(
        office.actor("handler"), report, draft.content | CORRECTED | said, version=draft.version
    )
    return submitted(office, report, draft)
