"""The ledger of applications: what waits in a case, which cases are late, and the load of each handler."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars, policy
from gongkai.agencies.models import Person
from gongkai.applications import figures
from gongkai.applications.figures import Scope
from gongkai.applications.models import LETTER, OPEN_STATES, Application, Letter, Matter, State
from gongkai.applications.wording import TEMPLATES
from gongkai.journal import clock
from gongkai.review.models import ReviewState
from gongkai.rulebook.calendar import CalendarError

LOAD = "application.load"
policy.grant(
    LOAD,
    policy.head | policy.oversees,
    gettext_lazy("see the load and punctuality of the handlers of this agency"),
)
# As the address of the ledger names a case that nobody handles, and one's own.
NOBODY, MINE = "nobody", "mine"
# No open case is answered; said here so that the index of the unanswered ones serves.
OPEN = Q(state__in=OPEN_STATES, answered_on__isnull=True)
STEPS = {
    State.REGISTERED: gettext_lazy("confirm the receipt"),
    State.PROCESSING: gettext_lazy("examine and decide"),
    State.CORRECTING: gettext_lazy("the correction did not come in time: find whether there was good reason"),
    State.PAYING: gettext_lazy("the fee was not paid in time: decide"),
    State.DECIDED: gettext_lazy("write the answer"),
    State.ANSWERED: gettext_lazy("prove the service and close"),
}


def with_steps(rows: QuerySet[Application]) -> QuerySet[Application]:
    """The cases with what `next_step` reads: one query more for a page, however many cases stand on it."""
    running = ReviewState.objects.filter(
        subject_kind=LETTER, subject_id=OuterRef("pk"), state__in=ReviewState.OPEN
    )
    unsent = Letter.objects.filter(dropped=False, sent_on__isnull=True).annotate(in_review=Exists(running))
    return rows.select_related("agency", "handler", "lead").prefetch_related(
        Prefetch("letters", unsent.order_by("created_at"), to_attr="unsent")
    )


def next_step(case: Application) -> str:
    """What is to be done next, in words; empty for a closed case. Needs a case of `with_steps`."""
    if case.state == State.CLOSED:
        return ""
    if case.lead is not None:
        return _("goes along with %(number)s") % {"number": case.lead.number}
    if case.unsent:
        return f"{_letter_step(case.unsent[0])}：{TEMPLATES[case.unsent[0].kind].title}"
    today = clock.today()
    if case.state in (State.CORRECTING, State.PAYING) and not (case.waits_until and case.waits_until < today):
        return str(State(case.state).label)
    return str(STEPS[State(case.state)])


def _letter_step(letter: Any) -> str:
    if letter.number:
        return _("stamp and send")
    return _("under review") if letter.in_review else _("write and submit")


def overdue() -> Q:
    """Open cases whose due day has passed."""
    return OPEN & Q(due_on__lt=clock.today())


def due_by(last: date) -> Q:
    """Open cases that are due from today up to that day."""
    return OPEN & Q(due_on__range=(clock.today(), last))


def this_week() -> Q:
    """Open cases due from today to the end of the week, Sunday."""
    today = clock.today()
    return due_by(today + timedelta(days=6 - today.weekday()))


def within_days(n: int) -> Q:
    """Open cases due within n working days from today, 0 being today alone."""
    today = clock.today()
    try:
        return due_by(calendars.current().add_working_days(today, n) if n else today)
    except CalendarError:
        # Beyond the calendar a due day is unknown, so no case has a later one.
        return due_by(today + timedelta(days=2 * n))


# Answered after its due day, be it by whichever reason.
LATE = Q(answered_on__gt=F("due_on"))

# How a case came to belong together with others: the word of the address → condition and label.
JOINT: Mapping[str, tuple[Q, object]] = {
    "part": (
        Q(origin__isnull=False, matter=Matter.INFORMATION),
        gettext_lazy("split off from another application"),
    ),
    "split": (
        Q(Exists(Application.objects.filter(origin=OuterRef("pk"), matter=Matter.INFORMATION).values("pk"))),
        gettext_lazy("split into several"),
    ),
    "follower": (Q(lead__isnull=False), gettext_lazy("handled along with another")),
    "lead": (
        Q(Exists(Application.objects.filter(lead=OuterRef("pk")).values("pk"))),
        gettext_lazy("others are handled along with it"),
    ),
}


@dataclass
class Load:
    """What one person has in hand and has answered in a period. person: None for what nobody handles yet."""

    person: UUID | None
    name: str
    open: int = 0
    week: int = 0
    overdue: int = 0
    answered: int = 0
    late: int = 0
    median_days: float | None = None
    """Working days from the receipt to the answer, waits and consultations among them; None without an answer."""


def loads(scope: Scope, first: date, last: date, also: QuerySet[Person] | None = None) -> list[Load]:
    """The load of each handler now, and their punctuality in the period, by name; what nobody handles comes last,
    then all together. also: people who are told even where they have no case."""
    mine = Application.objects.filter(figures.within(scope))
    found: dict[UUID | None, Load] = {person.pk: Load(person.pk, person.name) for person in also or ()}
    now = mine.filter(OPEN).values("handler", "handler__name").order_by()
    for row in now.annotate(
        open=Count("*"), week=Count("pk", filter=this_week()), overdue=Count("pk", filter=overdue())
    ):
        held = _of(found, row["handler"], row["handler__name"])
        held.open, held.week, held.overdue = row["open"], row["week"], row["overdue"]
    taken: dict[UUID | None, list[int]] = {}
    answered = mine.filter(answered_on__range=(first, last)).order_by()
    columns = ("handler", "handler__name", "received_on", "due_on", "answered_on")
    groups = answered.values_list(*columns).annotate(n=Count("*"))
    for handler, name, received, due, day, n in groups:
        held = _of(found, handler, name)
        held.answered += n
        held.late += n if due is not None and day > due else 0
        taken.setdefault(handler, []).extend([_days(received, day)] * n)
    for handler, days in taken.items():
        found[handler].median_days = median(days)
    rows = sorted(found.values(), key=lambda row: (row.person is None, row.name))
    return [*rows, _together(rows, [n for days in taken.values() for n in days])]


def _of(found: dict[UUID | None, Load], handler: UUID | None, name: str | None) -> Load:
    return found.setdefault(handler, Load(handler, name or _("handed over to nobody")))


def _days(received: date, answered: date) -> int:
    return calendars.current().working_days_between(received, answered)


def _together(rows: list[Load], days: list[int]) -> Load:
    total = Load(None, _("together"), median_days=median(days) if days else None)
    for name in ("open", "week", "overdue", "answered", "late"):
        setattr(total, name, sum(getattr(row, name) for row in rows))
    return total
