"""Who attended which training session, and what share of the staff was trained (rulebook 1.6, art. 48)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain, clock
from gongkai.supervision import history
from gongkai.supervision.entries import held_for
from gongkai.supervision.models import Attendance, Entry

FIGURE = "training"
MOST_HOURS = Decimal(24)
# A day's training, or an evening's: hours are counted in halves and tenths, no finer.
_STEP = Decimal("0.1")


@dataclass(frozen=True)
class Mark:
    """What is entered for one person: presence, hours (0 unless attended), test score out of 100 or None."""

    presence: str
    hours: Decimal = Decimal(0)
    score: Decimal | None = None


def staff_on(agency: Agency, day: date) -> QuerySet[Person]:
    """Everyone on the staff of the agency on that day: joined by then, not yet left.

    An account closed without a day of leaving counts as gone, because nothing says until when they stayed.
    """
    return Person.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=day),
        Q(left_on__gt=day) | Q(left_on__isnull=True, is_active=True),
        agency=agency,
    )


def latest(sessions: Iterable[Entry] | QuerySet[Entry]) -> QuerySet[Attendance]:
    """The row that counts for each session and person: the last one entered."""
    newest = (
        Attendance.objects.filter(session__in=sessions)
        .values("session", "person")
        .annotate(last=Max("pk"))
        .values("last")
    )
    return Attendance.objects.filter(pk__in=newest)


def not_recorded(session: Entry) -> list[Person]:
    """People on the staff on the day of the session for whom nothing is entered."""
    known = Attendance.objects.filter(session=session).values("person")
    return list(staff_on(session.agency, session.occurred_on).exclude(pk__in=known))


def record(
    actor: Actor, session: Entry, marks: Mapping[Person, Mark], *, version: int | None = None
) -> list[Attendance]:
    """Enter who attended. What does not differ from what stands there is left out; returns the new rows.

    version: the session's version the person saw. Raises Refused, entries.Overtaken.
    """
    require(actor, "ledger.write", session.agency)
    with transaction.atomic():
        held = held_for(session, version)
        if held.kind.figure != FIGURE:
            raise Refused(_("Attendance is entered for training sessions only."))
        if held.closed_as == Entry.End.DROPPED:
            raise Refused(_("This session was cancelled."))
        if held.occurred_on > clock.today():
            raise Refused(_("Its day, %(day)s, has not come yet.") % {"day": held.occurred_on})
        staff = set(staff_on(held.agency, held.occurred_on))
        standing = {row.person_id: row for row in latest([held]).select_related("person")}
        rows = []
        for person, mark in marks.items():
            if person not in staff and person.pk not in standing:
                raise Refused(
                    _("%(name)s was not on the staff of %(agency)s on that day.")
                    % {"name": person.name, "agency": held.agency.name}
                )
            mark = _checked(person, mark)
            old = standing.get(person.pk)
            if old is None or Mark(old.presence, old.hours, old.score) != mark:
                rows.append(_row(held, person, mark, actor))
        if rows:
            chain.record(
                "ledger.attendance",
                actor.who,
                agency=held.agency_id,
                subject=(history.SUBJECT, held.pk),
                covers=rows,
                number=held.number,
                people=len(rows),
            )
            # A new version, so that two people who enter the same register at once are told.
            Entry.objects.filter(pk=held.pk).update(version=held.version + 1)
    return rows


def everyone(actor: Actor, session: Entry, *, absent: Iterable[Person] = ()) -> list[Attendance]:
    """Enter the whole staff as attending for the hours of the session, but for those named. Raises Refused."""
    gone = set(absent)
    hours = Decimal(session.fields.get("hours") or 0)
    marks = {
        person: Mark(Attendance.Presence.ABSENT)
        if person in gone
        else Mark(Attendance.Presence.ATTENDED, hours)
        for person in staff_on(session.agency, session.occurred_on)
    }
    return record(actor, session, marks)


def _checked(person: Person, mark: Mark) -> Mark:
    if mark.presence not in Attendance.Presence.values:
        raise Refused(_("Choose attended, absent or excused for %(name)s.") % {"name": person.name})
    attended = mark.presence == Attendance.Presence.ATTENDED
    try:
        hours = Decimal(mark.hours).quantize(_STEP) if attended else Decimal(0)
        score = None if mark.score is None or not attended else Decimal(mark.score).quantize(_STEP)
    except InvalidOperation:
        raise Refused(_("Hours and score of %(name)s are numbers.") % {"name": person.name}) from None
    if not 0 <= hours <= MOST_HOURS:
        raise Refused(_("Hours of %(name)s lie between 0 and 24.") % {"name": person.name})
    if score is not None and not 0 <= score <= 100:
        raise Refused(_("The score of %(name)s lies between 0 and 100.") % {"name": person.name})
    return Mark(mark.presence, hours, score)


def _row(session: Entry, person: Person, mark: Mark, actor: Actor) -> Attendance:
    return Attendance.objects.create(
        session=session,
        person=person,
        presence=mark.presence,
        hours=mark.hours,
        score=mark.score,
        recorded_by=actor.person,
        at=clock.now(),
    )


@dataclass(frozen=True)
class Coverage:
    """The share of the staff that attended at least one session held in a span of days.

    staff: everyone on the staff on the last day of the span (today, while it runs); trained: those of them
    who attended. share: 0 to 1, None where there is no staff. hours: person-hours attended by anyone.
    """

    staff: QuerySet[Person]
    trained: QuerySet[Person]
    sessions: QuerySet[Entry]
    hours: Decimal

    @property
    def share(self) -> Decimal | None:
        whole = self.staff.count()
        return Decimal(self.trained.count()) / whole if whole else None


def coverage(agency: Agency, first: date, last: date) -> Coverage:
    """How much of the staff of one agency was trained from `first` to `last`, both included."""
    sessions = held(Entry.objects.filter(agency=agency), first, last)
    rows = latest(sessions).filter(presence=Attendance.Presence.ATTENDED)
    staff = staff_on(agency, min(last, clock.today()))
    total: dict[str, Any] = rows.aggregate(sum=Sum("hours"))
    return Coverage(
        staff=staff,
        trained=staff.filter(pk__in=rows.values("person")),
        sessions=sessions,
        hours=total["sum"] or Decimal(0),
    )


def held(rows: QuerySet[Entry], first: date, last: date) -> QuerySet[Entry]:
    """The sessions among `rows` that were held in the span, by their own day."""
    return rows.filter(
        kind__figure=FIGURE, closed_as=Entry.End.DONE, occurred_on__gte=first, occurred_on__lte=last
    )
