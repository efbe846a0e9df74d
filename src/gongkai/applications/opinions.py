"""What letter 17 says of the third parties that were asked (art. 32): how many, when, and what each answered.

It names none of them: an applicant is told that and how they were asked, and the handler adds what is needed of
their reasons.
"""

from gongkai.applications import events
from gongkai.applications.models import Application, CaseEvent
from gongkai.applications.relations import prose

_SAID = {"agree": "同意公开", "partly": "部分同意公开", "disagree": "不同意公开"}


def drafted(case: Application) -> dict[str, str]:
    """The text by element key; empty where nobody was asked."""
    rows = events.of(case)
    asked = [row for row in rows if row.type == "third_party_asked"]
    if not asked:
        return {}
    answers = {str(row.data.get("ref", "")): row for row in rows if row.type == "third_party_answered"}
    said = [
        _one(row, answers.get(str(row.data.get("ref", ""))), f"第{n}个" if len(asked) > 1 else "该第三方")
        for n, row in enumerate(asked, start=1)
    ]
    return {"third_party_opinion": f"本机关书面征求了{len(asked)}个第三方的意见。{'；'.join(said)}。"}


def _one(asked: CaseEvent, answer: CaseEvent | None, name: str) -> str:
    received = f"{name}于{prose(asked.on)}收到征询书"
    if answer is None:
        return f"{received}，没有提出意见"
    said = _SAID.get(str(answer.data.get("opinion", "")), "提出了意见")
    return f"{received}，本机关于{prose(answer.on)}收到其意见：{said}"
