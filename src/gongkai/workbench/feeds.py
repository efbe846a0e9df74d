"""The deadlines of a person as a calendar that other programs fetch. It says what a message may say, no more."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from gongkai.agencies import internal_dates
from gongkai.agencies.models import Person
from gongkai.agencies.navigation import Waiting
from gongkai.journal import canon, clock
from gongkai.rulebook.calendar import CalendarError
from gongkai.workbench import icalendar, reminders, wording
from gongkai.workbench.icalendar import Event


def calendar(person: Person, absolute: Callable[[str], str]) -> bytes:
    """The feed of a person as RFC 5545. absolute: makes a full address of one in the workbench."""
    rows = reminders.waiting_of(person).values()
    events = [_event(person, row, absolute(row.url)) for row in rows]
    return icalendar.written(_("Disclosure deadlines"), events, at=clock.now())


def _event(person: Person, row: Waiting, url: str) -> Event:
    # Without the due day: when that moves, the entry of the calendar moves and is not a second one.
    thing = canon.sm3(f"{person.pk} {row.url}".encode())
    return Event(
        uid=f"{thing[:32]}@gongkai.invalid",
        day=row.due_on or date.max,
        summary=f"{wording.matter(row)}：{row.step}",
        description=wording.message(row),
        url=url,
        alarms=_alarms(row),
    )


def _alarms(row: Waiting) -> tuple[int, ...]:
    """Calendar days before the due day on which a reminder is still to come, the farthest first."""
    today = clock.today()
    try:
        days = internal_dates.reminder_days(row.agency, row.due_on)
    except CalendarError:
        return ()
    return tuple((row.due_on - day).days for day in days if today <= day <= row.due_on)
