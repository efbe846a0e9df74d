"""The office's own dates before a due day: when the draft stands, and when it is reminded of.

They are computed back from a due day and never change one: nothing that computes a term reads them.
"""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from gongkai.agencies import calendars, options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import FLAG, NUMBER, NUMBERS, Option
from gongkai.rulebook.calendar import FIRST_DAY, Calendar

DRAFT, REMIND, OVERDUE = "draft_days_before", "reminder_days_left", "reminder_when_overdue"
# How a reminder counts the first working day after the due day.
LATE = -1

_GROUP = _("Internal dates and reminders")
options.declare(
    Option(
        DRAFT, _GROUP, _("Draft date: working days before the due day"), NUMBER, 5,
        words=_("On this day the draft should be ready for review. It is shown beside the due day."),
        most=60,
    ),
    Option(
        REMIND, _GROUP, _("Remind when so many working days are left"), NUMBERS, [0, 1, 3, 5, 10],
        words=_("Divided by commas; 0 is the due day itself. Leave empty for no reminder."),
        most=60,
    ),
    Option(
        OVERDUE, _GROUP, _("Remind once more on the working day after the due day"), FLAG, True,
        words=_("Whoever still has the matter in their inbox is told that it is overdue."),
    ),
)  # fmt: skip


def draft_day(agency: Agency, due: date) -> date:
    """The working day by which the draft should stand (拟稿日). CalendarError for a day outside the calendar."""
    return _with_left(calendars.current(), due, options.read(agency, DRAFT))


def reminders(agency: Agency, due: date) -> list[tuple[date, int]]:
    """The days on which `due` is reminded of, each with the working days then left (LATE once overdue).

    In the order of the days; each is a working day. CalendarError for a day outside the calendar.
    """
    calendar = calendars.current()
    days = [(_with_left(calendar, due, left), left) for left in options.read(agency, REMIND)]
    if options.read(agency, OVERDUE):
        days.append((calendar.add_working_days(due, 1), LATE))
    return sorted(days, key=lambda pair: (pair[0], -pair[1]))


def reminder_days(agency: Agency, due: date) -> list[date]:
    """The days on which `due` is reminded of, in their order."""
    return [day for day, _left in reminders(agency, due)]


def _with_left(calendar: Calendar, due: date, left: int) -> date:
    """The last working day from which `left` working days remain up to `due`.

    A due day that is no working day has 0 left on the working day before it: nobody is there to be reminded.
    """
    day = due
    while day > FIRST_DAY and not (
        calendar.is_working_day(day) and calendar.working_days_between(day, due) >= left
    ):
        day -= timedelta(days=1)
    return day
