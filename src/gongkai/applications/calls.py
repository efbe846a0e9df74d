"""The telephone log of a case. A receipt that hangs on a confirmation by telephone (art. 31) waits while nobody is
reached: the application is registered, and its term does not run (rulebook 4.2)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events
from gongkai.applications.acts import demand
from gongkai.applications.models import Application, CaseEvent
from gongkai.rulebook.norms import cite

_LAW = cite("regulation", 45)
LONGEST = 5000


@dataclass(frozen=True)
class Call:
    """One talk, or one attempt, as it is read back."""

    on: date
    at: str
    number: str
    whom: str
    said: str
    reached: bool

    @property
    def masked(self) -> str:
        """The number as pages show it: its middle is covered."""
        return masked(self.number)


def masked(number: str) -> str:
    """A telephone number of which three digits in front and the last four can be read; a short one, the last two."""
    number = "".join(number.split())
    if len(number) < 9:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def log(
    actor: Actor,
    case: Application,
    on: date,
    *,
    number: str,
    reached: bool,
    whom: str = "",
    said: str = "",
    at: time | None = None,
) -> CaseEvent:
    """Enter a talk by telephone, or that nobody was reached. whom: with whom; number, whom and said are sealed.

    Raises Refused with the article.
    """
    number, whom, said = (text.strip()[:LONGEST] for text in (number, whom, said))
    if sum(char.isdigit() for char in number) < 5:
        raise Refused(_("Enter the number that was called."), _LAW)
    if reached and not (whom and said):
        raise Refused(
            _("Enter with whom you spoke and what was said; else mark the call as not reached."), _LAW
        )
    words = json.dumps({"number": number, "whom": whom, "said": said}, ensure_ascii=False)
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, "log_call")
        return events.write(
            held,
            act.event,
            on,
            actor,
            words=words,
            reached=reached,
            at=at.strftime("%H:%M") if at else "",
        )


def of(rows: Sequence[CaseEvent]) -> list[Call]:
    """The log of a case, in the order of the days. Raises sealing.Sealed."""
    made = [
        Call(row.on, row.data["at"], **json.loads(events.words(row)), reached=row.data["reached"])
        for row in rows
        if row.type == "called"
    ]
    return sorted(made, key=lambda each: each.on)


def tried(rows: Sequence[CaseEvent]) -> int:
    """How often the applicant was called in vain while the receipt waits for the confirmation; 0 once received."""
    if any(row.type == "received" for row in rows):
        return 0
    return sum(row.type == "called" and not row.data["reached"] for row in rows)
