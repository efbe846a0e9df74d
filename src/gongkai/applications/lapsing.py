"""What the office writes when the applicant let a term pass (arts. 30, 42): drafted from the file, for a person to
find whether there was good reason. Nothing closes by itself."""

from collections.abc import Sequence

from gongkai.applications import events, states
from gongkai.applications.models import Application, CaseEvent
from gongkai.applications.relations import prose
from gongkai.rulebook.clock_result import Waiting
from gongkai.rulebook.consultation import WaitingFor

# The facts that a person confirms or rewrites before deciding.
FACTS = {
    "not_corrected": "申请人在告知的补正期限内没有补正，也没有说明正当理由。",
    "not_paid": "申请人收到收费通知后，没有在规定的期限内缴纳信息处理费。",
}
_WAITED = {
    "not_corrected": (WaitingFor.CORRECTION, "correction_requested"),
    "not_paid": (WaitingFor.PAYMENT, "fee_notified"),
}


def drafted(case: Application, outcome: str) -> dict[str, str]:
    """What letter 27 says of the days, by element key; empty where the case does not wait for that."""
    rows = events.of(case)
    whom, asked = _WAITED[outcome]
    term = states.clock_of(rows)
    wait = next((each for each in term.waiting if each.whom is whom), None) if term else None
    if wait is None:
        return {}
    number = _number(rows, asked)
    words = _correction(wait, number) if outcome == "not_corrected" else _payment(wait, number)
    return {"lapse_dates": words}


def _correction(wait: Waiting, number: str) -> str:
    until = f"，补正期限至{prose(wait.until)}" if wait.until else ""
    return f"本机关于{prose(wait.since)}一次性告知{{you}}补正{number}{until}。期限届满，本机关没有收到{{you}}的补正。"


def _payment(wait: Waiting, number: str) -> str:
    until = f"，缴费期限至{prose(wait.until)}" if wait.until else ""
    return f"{{you}}于{prose(wait.since)}收到收费通知{number}{until}。期限届满，{{you}}没有缴费。"


def _number(rows: Sequence[CaseEvent], asked: str) -> str:
    row = next((row for row in reversed(rows) if row.type == asked), None)
    return f"（{row.letter.number}）" if row is not None and row.letter is not None else ""
