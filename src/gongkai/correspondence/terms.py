"""The due day of a matter, derived from its receipt, its term, its extensions and the calendar (I3).

There is no national term for these matters (rulebook 10): each agency sets working days per kind.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars, deadlines, options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import NUMBER, Option
from gongkai.correspondence.models import Matter
from gongkai.correspondence.procedure import DONE, Event, Kind
from gongkai.rulebook.calendar import Calendar, CalendarError

# 许昌 answers its mailbox in 5 working days, 潍坊 its hotline too; assigned matters 5 to 10 by custom. The Regulation has
# no term for complaints; local measures have 15 working days and 10 more with leave (unverified: an agency sets its own).
WORKING_DAYS = {Kind.MAILBOX: 5, Kind.MEDIA_LINE: 5, Kind.ASSIGNED: 10, Kind.HOTLINE: 5, Kind.COMPLAINT: 15}
RETURN_DAYS, EXTENSION_DAYS = "hotline_return_working_days", "correspondence_extension_working_days"
GROUP = gettext_lazy("Letters, calls and assigned matters")
options.declare(
    *(
        Option(
            f"{kind.value}_working_days",
            GROUP,
            format_lazy(gettext_lazy("Term in working days: {kind}"), kind=kind.label),
            NUMBER,
            days,
            words=gettext_lazy("For what is registered from now on; the law sets no term of its own."),
            least=1,
            most=60,
        )
        for kind, days in WORKING_DAYS.items()
    ),
    Option(
        RETURN_DAYS, GROUP, gettext_lazy("Working days in which a hotline ticket may be returned"), NUMBER, 5,
        least=1, most=30,
    ),
    Option(EXTENSION_DAYS, GROUP, gettext_lazy("Longest extension in working days"), NUMBER, 10, most=60),
)  # fmt: skip


def term_for(agency: Agency, kind: str) -> int:
    """The term that the agency sets for this kind now, in working days."""
    return int(options.read(agency, f"{Kind(kind).value}_working_days"))


def return_days(agency: Agency) -> int:
    """How many working days a hotline ticket may be returned within."""
    return int(options.read(agency, RETURN_DAYS))


def longest_extension(agency: Agency) -> int:
    """The longest extension in working days."""
    return int(options.read(agency, EXTENSION_DAYS))


@dataclass(frozen=True)
class Due:
    """The last day for the answer. on: None outside the calendar."""

    on: date | None
    provisional: bool


def due(matter: Matter) -> Due:
    """The last day for the answer: the day of receipt does not count, extensions add to the term."""
    try:
        found = calendars.current().deadline(matter.runs_from, matter.term_days + matter.extra_days)
    except CalendarError:
        return Due(None, False)
    return Due(found.on, found.provisional)


def done(matter: Matter) -> bool:
    """Whether nothing is due any more."""
    return matter.state in DONE


def explanation(matter: Matter) -> list[dict[str, Any]]:
    """How the due day was counted, step by step, for partials/deadline.html."""
    rows: list[dict[str, Any]] = [
        {"text": _("Received; the term runs from the next day"), "date": matter.received_on}
        if matter.runs_from == matter.received_on
        else {"text": _("Handled again; a new term runs from the next day"), "date": matter.runs_from},
        {"text": _("%(n)d working days, the term of this agency for this kind") % {"n": matter.term_days}},
    ]
    for event in matter.events.filter(kind=Event.EXTENDED, on__gte=matter.runs_from):
        words = _("Extended by %(n)d working days: %(why)s")
        rows.append({"text": words % {"n": event.data["days"], "why": event.words}, "date": event.on})
    return [*rows, {"text": _("Last day"), "date": due(matter).on}]


def deadline(matter: Matter) -> dict[str, Any]:
    """Context of workbench/partials/deadline.html."""
    last = due(matter)
    return deadlines.deadline(
        last.on, done=done(matter), provisional=last.provisional, explanation=explanation(matter)
    )


def working_days_taken(matter: Matter, calendar: Calendar | None = None) -> int | None:
    """Working days from receipt to the first answer; None while there is none. calendar: the one in force."""
    if matter.answered_on is None:
        return None
    return (calendar or calendars.current()).working_days_between(matter.received_on, matter.answered_on)
