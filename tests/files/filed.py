"""Finished cases, their files, and lists of destruction, as the tests write them."""

from typing import Any

from gongkai.applications import closing, rendering
from gongkai.applications.models import LETTER, Application
from gongkai.files import erasing
from gongkai.files.archives import appraisals, destruction, filing, kinds
from gongkai.files.models import Appraisal, DestructionList, Filing
from gongkai.journal import clock
from tests.applications.cases import decided, sent, web


def closed(office: Any, **more: Any) -> Application:
    """A case answered, served and closed today; its letter's papers made, as after a real commit."""
    case = web(office, **more)
    letter = sent(office, decided(office, case), clock.today())
    rendering.make({"kind": LETTER, "subject": str(letter.pk)})
    closing.close(office.actor("handler"), case)
    case.refresh_from_db()
    return case


def filed(office: Any, case: Any = None, years: int = 10) -> Filing:
    """The file of a closed case."""
    case = case or closed(office)
    return filing.file(office.actor("handler"), kinds.kind_of("application"), case.pk, years)


def doomed(office: Any, *filings: Filing, opinion: str = "保管期限已满，无继续保存价值。") -> Appraisal:
    """An appraisal for destruction that a leader agreed to."""
    row = appraisals.propose(office.actor("handler"), [each.pk for each in filings], "destroy", opinion)
    appraisals.decide(office.actor("approver"), row, agreed=True, opinion="同意")
    return row


def listed(office: Any, *filings: Filing, witness: str = "second_handler") -> DestructionList:
    return destruction.make(
        office.actor("handler"), office.agency, [each.pk for each in filings], office.people[witness]
    )


def approved(office: Any, made: DestructionList) -> DestructionList:
    """The list reviewed and approved by its two leaders."""
    destruction.take(office.actor("reviewer"), made, "review", agreed=True)
    destruction.take(office.actor("approver"), made, "approve", agreed=True)
    return made


def witnessed(office: Any, made: DestructionList) -> DestructionList:
    """The approved list, its witness present today."""
    destruction.take(office.actor("second_handler"), approved(office, made), "witness", agreed=True)
    return made


def destroyed(office: Any, *filings: Filing) -> DestructionList:
    """The whole way of a destruction, today."""
    doomed(office, *filings)
    made = witnessed(office, listed(office, *filings))
    carried_out(office, made)
    return made


def carried_out(office: Any, made: DestructionList) -> None:
    """The list carried out, and the files off the disk, as after a real commit."""
    destruction.carry_out(office.actor("handler"), made)
    erasing.sweep()
