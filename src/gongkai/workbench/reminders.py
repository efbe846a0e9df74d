"""Reminders of what waits in the inbox, each made once (internal dates: agencies.internal_dates).

A sweep looks at the inbox of everybody who holds an appointment. Where the day of a reminder has come, or passed
unseen while the thing waited, it writes one row for the last such day; the unique constraint of that row decides
between two sweeps. What goes out through a gateway is written in the same transaction (delivery.py).
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation

from gongkai.agencies import calendars, internal_dates, navigation
from gongkai.agencies.deadlines import light, remaining
from gongkai.agencies.internal_dates import LATE
from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.agencies.navigation import Waiting
from gongkai.agencies.policy import actor_for, effective
from gongkai.journal import clock
from gongkai.rulebook.calendar import CalendarError
from gongkai.workbench import gateways, wording
from gongkai.workbench.models import Delivery, Reminder, Subscription

log = logging.getLogger(__name__)

Dates = Callable[[Agency, date], list[tuple[date, int]]]


def waiting_of(person: Person) -> dict[str, Waiting]:
    """What waits for a person with a due day, under whichever hat, by its address; soonest due first.

    Empty for who is no longer active or holds no appointment.
    """
    first = actor_for(person)
    rows = [row for hat in first.hats for row in navigation.waiting(actor_for(person, hat))]
    found: dict[str, Waiting] = {}
    for row in sorted((row for row in rows if row.due_on), key=lambda row: row.due_on):
        found.setdefault(row.url, row)
    return found


def sweep() -> int:
    """Make the reminders whose day has come; how many were made."""
    made = 0
    with calendars.once(), translation.override(settings.LANGUAGE_CODE):
        dates = _remembered()
        for person in _people():
            try:
                made += remind(person, dates)
            except Exception:
                # One inbox that cannot be read must not silence everybody else's reminders.
                log.exception("reminders of %s failed", person.pk)
    return made


def _people() -> Iterable[Person]:
    held = Appointment.objects.filter(effective(clock.today()))
    return Person.objects.filter(pk__in=held.values("person")).order_by("pk")


def _remembered() -> Dates:
    """`internal_dates.reminders`, computed once a sweep for each agency and due day; nothing where it cannot be."""
    agencies: dict[Any, Agency] = {}

    @cache
    def of(key: Any, due: date) -> list[tuple[date, int]]:
        try:
            return internal_dates.reminders(agencies[key], due)
        except CalendarError:
            return []

    def dates(agency: Agency, due: date) -> list[tuple[date, int]]:
        agencies[agency.pk] = agency
        return of(agency.pk, due)

    return dates


def remind(person: Person, dates: Dates) -> int:
    """Make the reminders of one person; how many were made."""
    rows = waiting_of(person)
    past: dict[str, list[Reminder]] = defaultdict(list)
    for each in Reminder.objects.filter(person=person, thing__in=list(rows)):
        past[each.thing].append(each)
    wanted = [
        (row, left)
        for row in rows.values()
        if (left := _wanted(row, dates(row.agency, row.due_on), past[row.url])) is not None
    ]
    if not wanted:
        return 0
    chosen = list(Subscription.objects.filter(person=person).values_list("gateway", flat=True))
    return sum(_make(person, row, left, chosen) for row, left in wanted)


def _wanted(row: Waiting, dates: list[tuple[date, int]], past: list[Reminder]) -> int | None:
    """The reminder whose day has come last and that was not made, as working days left; else None."""
    reached = [(day, left) for day, left in dates if day <= clock.today()]
    if not reached:
        return None
    day, left = reached[-1]
    if left != LATE and row.since and timezone.localtime(row.since).date() > day:
        # It came after that day with the days it has; the next reminder is in time. What is late is said at once.
        return None
    for old in past:
        if (old.due_on, old.left) == (row.due_on, left):
            return None
        # The due day has moved since, as by a holiday notice: who was told as much on that day or later is not
        # told again.
        if old.on >= day and old.left <= left:
            return None
    return left


def _make(person: Person, row: Waiting, left: int, chosen: list[str]) -> int:
    moment = clock.now()
    try:
        with transaction.atomic():
            made = Reminder.objects.create(
                person=person,
                agency=row.agency,
                thing=row.url,
                due_on=row.due_on,
                left=left,
                on=timezone.localtime(moment).date(),
            )
            Delivery.objects.bulk_create(
                Delivery(reminder=made, gateway=name, queued_at=moment, next_at=moment) for name in chosen
            )
    except IntegrityError:
        # Another sweep made it a moment ago.
        return 0
    return 1


@dataclass(frozen=True)
class Notice:
    """A reminder that its reader has not opened yet. url: opens the thing and puts the notice away."""

    url: str
    matter: str
    step: object
    term: str
    state: str


def notices(person: Person, rows: Iterable[Waiting]) -> dict[str, Notice]:
    """The unopened reminders of what still waits, by the thing's address, in the order of the rows.

    What is done, or due on another day by now, needs no reminder.
    """
    waiting = {(row.url, row.due_on): row for row in rows if row.due_on}
    things = [url for url, _due in waiting]
    unopened = Reminder.objects.filter(person=person, thing__in=things, opened_at=None).order_by("pk")
    newest = {(each.thing, each.due_on): each for each in unopened}
    several = len({row.agency.pk for row in waiting.values()}) > 1
    return {
        row.url: Notice(
            reverse("workbench:open_reminder", args=[newest[key].pk]),
            wording.matter(row, named=several),
            row.step,
            wording.term(row),
            light(remaining(row.due_on)),
        )
        for key, row in waiting.items()
        if key in newest
    }


def opened(person: Person, pk: int) -> str:
    """Put away what was said so far about a thing and answer its address. Http404 for another person's."""
    row = Reminder.objects.filter(person=person, pk=pk).first()
    if row is None:
        raise Http404
    Reminder.objects.filter(person=person, thing=row.thing, opened_at=None).update(opened_at=clock.now())
    return row.thing


def put_away(person: Person) -> int:
    """Put away every notice of a person; how many."""
    return Reminder.objects.filter(person=person, opened_at=None).update(opened_at=clock.now())


def offered() -> dict[str, gateways.Gateway]:
    """The gateways of this instance; none, with a line for the operator, where their list cannot be used."""
    try:
        return gateways.offered()
    except gateways.Misconfigured as error:
        log.error("%s", error)
        return {}
