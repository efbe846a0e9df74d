"""The office's own dates: counted back in working days, set by the agency, and never part of a term."""

from datetime import date

import pytest

from gongkai.agencies import internal_dates, options
from gongkai.journal.models import Entry
from gongkai.rulebook.calendar import CalendarError
from gongkai.workbench import reminders
from tests.applications import cases

FRIDAY = date(2021, 12, 31)


def setting(office, **values):
    options.change(office.actor("head"), office.agency, values)


def test_the_draft_stands_five_working_days_before_the_due_day(office):
    assert internal_dates.draft_day(office.agency, FRIDAY) == date(2021, 12, 24)


def test_the_agency_sets_its_own_draft_date(office):
    setting(office, draft_days_before="2")
    assert internal_dates.draft_day(office.agency, FRIDAY) == date(2021, 12, 29)
    setting(office, draft_days_before="0")
    assert internal_dates.draft_day(office.agency, FRIDAY) == FRIDAY


def test_reminders_come_at_ten_five_three_one_on_the_day_and_on_the_working_day_after(office):
    assert internal_dates.reminders(office.agency, FRIDAY) == [
        (date(2021, 12, 17), 10),
        (date(2021, 12, 24), 5),
        (date(2021, 12, 28), 3),
        (date(2021, 12, 30), 1),
        (FRIDAY, 0),
        # New Year's holiday of 2022: 1 to 3 January.
        (date(2022, 1, 4), -1),
    ]


def test_a_holiday_week_is_jumped_and_a_weekend_worked_counts(office):
    # 2021: 19–21 September and 1–7 October off; 18 and 26 September and 9 October, weekend days, worked.
    due = date(2021, 10, 9)
    assert internal_dates.reminder_days(office.agency, due) == [
        date(2021, 9, 18),
        date(2021, 9, 27),
        date(2021, 9, 29),
        date(2021, 10, 8),
        date(2021, 10, 9),
        date(2021, 10, 11),
    ]
    assert internal_dates.draft_day(office.agency, due) == date(2021, 9, 27)


def test_a_due_day_in_the_holidays_is_reminded_of_on_the_last_day_that_somebody_is_there(office):
    assert (date(2021, 9, 30), 0) in internal_dates.reminders(office.agency, date(2021, 10, 3))
    assert (date(2021, 10, 8), -1) in internal_dates.reminders(office.agency, date(2021, 10, 3))


def test_an_agency_may_do_without(office):
    setting(office, reminder_days_left="", reminder_when_overdue=False)
    assert internal_dates.reminder_days(office.agency, FRIDAY) == []


def test_a_day_outside_the_calendar_is_named(office):
    with pytest.raises(CalendarError, match="2101-01-01"):
        internal_dates.draft_day(office.agency, date(2101, 1, 1))


def test_internal_dates_and_reminders_never_change_the_clock(office, at):
    with at(2021, 3, 1):
        case = cases.web(office)
        due, events = case.due_on, case.events.count()
    setting(office, draft_days_before="20", reminder_days_left="20,15,0", reminder_when_overdue=True)
    for day in (1, 9, 29, 30):
        with at(2021, 3, day):
            reminders.sweep()
    case.refresh_from_db()
    assert case.due_on == due == date(2021, 3, 29)
    assert case.events.count() == events
    assert not Entry.objects.filter(action__startswith="case.", at__date__gte=date(2021, 3, 2)).exists()
