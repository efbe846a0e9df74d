"""Whom a case asked for an opinion, and how each of them stands: every one has its own term (arts. 32–34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars
from gongkai.agencies.deadlines import deadline
from gongkai.applications import interval, letters
from gongkai.applications.models import Application, CaseEvent, Letter
from gongkai.files import sealing
from gongkai.journal import clock
from gongkai.rulebook.consultation import Consultation, WaitingFor
from gongkai.rulebook.events import event_from_json

OPINIONS = {
    "agree": gettext_lazy("agrees"),
    "partly": gettext_lazy("agrees in part"),
    "disagree": gettext_lazy("does not agree"),
}
ASKING = ("third_party_asked", "agency_consulted")
ANSWERING = ("third_party_answered", "agency_answered")
ACTS = ("consult_third_party", "consult_co_maker", "consult_agency")


@dataclass(frozen=True)
class Asked:
    """One that was asked. ref: names the consultation; received_on: None until the
    arrival of the letter is entered; until: the last of its 15 working days, None where the law sets no cap;
    words: how it stands; deadline: context of workbench/partials/deadline.html while its term runs."""

    ref: str
    name: str
    whom: WaitingFor
    letter: Letter | None
    sent_on: date | None
    received_on: date | None
    until: date | None
    answered_on: date | None
    opinion: str
    words: str
    law: str
    deadline: dict[str, Any] | None = None

    @property
    def third(self) -> bool:
        """Whether it is a third party of art. 32, not an agency."""
        return self.whom is WaitingFor.THIRD_PARTY

    @property
    def whose(self) -> str:
        """The kind of party, for people."""
        return self.whom.value.removesuffix("意见")

    @property
    def open(self) -> bool:
        """Whether an opinion may still come in."""
        return self.received_on is not None and self.answered_on is None


def of(case: Application, rows: Sequence[CaseEvent]) -> list[Asked]:
    """Everyone who was asked, in the order of their letters' arrival; those whom the letter has not reached last."""
    answers = {str(row.data.get("ref")): row for row in rows if row.type in ANSWERING}
    found = [_asked(row, answers.get(str(row.data.get("ref")))) for row in rows if row.type in ASKING]
    arrived = {each.ref for each in found}
    under_way = case.letters.filter(act__in=ACTS, dropped=False, sent_on__isnull=False).select_related(
        "proof"
    )
    return found + [_sent(each) for each in under_way if str(each.terms.get("ref")) not in arrived]


def _asked(row: CaseEvent, answer: CaseEvent | None) -> Asked:
    data = {"type": row.type, "on": row.on.isoformat()} | row.data
    each = Consultation.begin(event_from_json(data), calendars.current())
    opinion = str(OPINIONS.get(answer.data.get("opinion", ""), "")) if answer else ""
    ref = str(row.data.get("ref", ""))
    silent = answer is None and each.cap is not None and each.cap < clock.today()
    if answer is not None:
        words = _("Answered: %(opinion)s") % {"opinion": opinion} if opinion else _("Answered")
    elif silent:
        words = f"{each.silence}。"
    elif each.cap is None:
        words = _(
            "Its time has no legal limit: it is not counted until the answer comes; silence is no consent."
        )
    elif each.whom is WaitingFor.CO_MAKER:
        words = _("Without an answer by then it counts as consenting.")
    else:
        words = _("Without an answer by then the agency decides.")
    return Asked(
        ref,
        name_of(row.letter),
        each.whom,
        row.letter,
        each.start if each.start != each.on else None,
        row.on,
        each.cap,
        answer.on if answer else None,
        opinion,
        words,
        each.laws[0],
        deadline(each.cap) if each.cap and answer is None and not silent else None,
    )


def _sent(letter: Letter) -> Asked:
    whom = {
        "consult_third_party": WaitingFor.THIRD_PARTY,
        "consult_co_maker": WaitingFor.CO_MAKER,
        "consult_agency": WaitingFor.OTHER_AGENCY,
    }[letter.act]
    if hasattr(letter, "proof"):
        words = _("Arrived on %(on)s, when nothing could run from it any more.") % {"on": letter.proof.on}
    else:
        words = _("Sent; its term runs from the arrival: enter the proof of service.")
    ref = str(letter.terms.get("ref", ""))
    return Asked(ref, name_of(letter), whom, letter, letter.sent_on, None, None, None, "", words, "")


def name_of(letter: Letter | None) -> str:
    """To whom a letter is addressed; empty once the key is destroyed, or where there is no letter."""
    if letter is None:
        return ""
    try:
        return letters.opened(letters.draft_of(letter).content).addressee
    except sealing.Sealed:
        return ""


def objectors(case: Application, rows: Sequence[CaseEvent]) -> dict[str, str]:
    """The third parties that object, wholly or in part: name by ref."""
    names = {each.ref: each.name for each in of(case, rows)}
    return {ref: names.get(ref, "") for ref in interval.objecting(rows)}
