"""The time between telling an objecting third party and handing the information over (art. 32, rulebook 5.7).

The third party may apply for reconsideration and for a stay. Once the information is out, a stay comes too late,
so the answer waits some working days after letter 10 has arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars, options
from gongkai.agencies.options import NUMBER, Option
from gongkai.agencies.policy import Refused
from gongkai.applications import events
from gongkai.applications.models import Application, CaseEvent, ThirdPartyResult
from gongkai.rulebook.norms import cite

GIVEN = ("provided", "partly_provided")
OBJECTIONS = ("partly", "disagree")
WORKING_DAYS = "interval_before_handing_over"
LAW = cite("regulation", 32)
options.declare(
    Option(
        WORKING_DAYS,
        gettext_lazy("Handling of applications"),
        gettext_lazy("Working days between telling an objecting third party and handing over"),
        NUMBER,
        # Two working weeks: long enough to take advice, to apply for reconsideration and to ask for a stay, on
        # which the authority decides within days; half of the first term is left to keep the day of the answer.
        10,
        words=gettext_lazy(
            "The third party may ask for a stay in this time. 0: the answer may go on the next day."
        ),
        most=60,
        law=LAW,
    )
)


@dataclass(frozen=True)
class Interval:
    """How far an overruled objection keeps the answer back. untold: refs of objecting third parties whom letter
    10 has not reached; first: the first day on which the answer may go out, None while somebody is untold."""

    untold: tuple[str, ...]
    told_on: date | None
    first: date | None


def objecting(rows: Sequence[CaseEvent]) -> list[str]:
    """The refs of the third parties that object, wholly or in part, in the order of their answers."""
    said = {
        str(row.data.get("ref", "")): row.data.get("opinion")
        for row in rows
        if row.type == "third_party_answered"
    }
    return [ref for ref, opinion in said.items() if opinion in OBJECTIONS]


def of(case: Application, rows: Sequence[CaseEvent]) -> Interval | None:
    """The interval of a case whose decision gives information against an objection; None for any other."""
    decision = case.decisions.last()
    if decision is None or case.outcome not in GIVEN or decision.third_party != ThirdPartyResult.OVERRULED:
        return None
    told = {
        str(letter.terms.get("third_party", "")): letter.proof.on
        for letter in case.letters.filter(act="tell_third_party", proof__isnull=False).select_related("proof")
    }
    untold = tuple(ref for ref in objecting(rows) if ref not in told)
    if untold or not told:
        return Interval(untold, None, None)
    last = max(told.values())
    days = options.read(case.agency, WORKING_DAYS)
    return Interval((), last, calendars.current().add_working_days(last, days) + timedelta(days=1))


def check(case: Application, on: date) -> None:
    """Refuse to send the answer on a day before the interval has passed. Raises Refused with art. 32."""
    found = of(case, events.of(case))
    if found is None:
        return
    if found.first is None:
        raise Refused(
            _(
                "Tell the objecting third party first what is disclosed and why (letter 10), and enter its arrival."
            ),
            LAW,
        )
    if on < found.first:
        raise Refused(
            _(
                "The third party was told on %(told)s and may ask for a stay: the answer may go out from %(first)s; "
                "enter its sending then."
            )
            % {"told": found.told_on, "first": found.first},
            LAW,
        )
