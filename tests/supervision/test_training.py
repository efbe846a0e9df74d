"""Attendance of the whole staff, corrections, coverage of a year, hours."""

from datetime import date
from decimal import Decimal

import pytest

from gongkai.agencies.models import Agency, Person
from gongkai.agencies.policy import Refused
from gongkai.supervision import attendance, entries, figures, moves
from gongkai.supervision.attendance import Mark
from gongkai.supervision.models import Attendance, Entry
from tests.supervision.records import opened

STAFF = 8  # of the office of conftest: five with business roles and three administrators


@pytest.fixture
def day(at):
    with at(2021, 6, 15):
        yield


def held(office, *, absent=(), on=None):
    more = {"occurred_on": on} if on else {}
    session = opened(office, "training", **more)
    attendance.everyone(office.actor("handler"), session, absent=absent)
    session.refresh_from_db()
    return moves.take(office.actor("handler"), session, "hold")


def coverage(office, year=2021):
    return figures.year(office.agency, year)["training_coverage"]


def test_everyone_attended(ledger, day):
    held(ledger)
    found = coverage(ledger)
    assert (found.value, found.part, found.whole) == (Decimal("100.0"), STAFF, STAFF)
    assert figures.year(ledger.agency, 2021)["training_hours"].value == Decimal(2 * STAFF)
    assert figures.year(ledger.agency, 2021)["training_sessions"].value == 1


def test_two_sessions_add_up_to_the_people_who_saw_either(ledger, day):
    held(ledger, absent=[ledger.people["head"], ledger.people["audit"]])
    assert coverage(ledger).value == Decimal("75.0")
    held(ledger, absent=[ledger.people["head"], ledger.people["handler"]])
    found = coverage(ledger)
    assert (found.value, found.part) == (Decimal("87.5"), 7)
    assert ledger.people["head"] not in found.rows


def test_a_session_is_not_held_before_everyone_is_entered(ledger, day):
    session = opened(ledger, "training")
    clerk = ledger.actor("handler")
    attendance.record(clerk, session, {ledger.people["head"]: Mark("excused")})
    session.refresh_from_db()
    with pytest.raises(Refused, match="7"):
        moves.take(clerk, session, "hold")
    assert figures.year(ledger.agency, 2021)["training_sessions"].value == 0


def test_a_correction_is_a_further_row_and_the_last_one_counts(ledger, day):
    session = held(ledger)
    head = ledger.people["head"]
    attendance.record(ledger.actor("handler"), session, {head: Mark("absent", Decimal(2))})
    assert coverage(ledger).part == STAFF - 1
    rows = Attendance.objects.filter(session=session, person=head).order_by("pk")
    assert [(row.presence, row.hours) for row in rows] == [("attended", 2), ("absent", 0)]
    session.refresh_from_db()
    assert attendance.record(ledger.actor("handler"), session, {head: Mark("absent")}) == []


def test_a_scheduled_or_cancelled_session_covers_nobody(ledger, day):
    session = opened(ledger, "training")
    attendance.everyone(ledger.actor("handler"), session)
    assert coverage(ledger).part == 0
    session.refresh_from_db()
    moves.take(ledger.actor("handler"), session, "cancel", note="改期")
    session.refresh_from_db()
    with pytest.raises(Refused):
        attendance.everyone(ledger.actor("handler"), session)


def test_staff_is_who_was_there_on_the_day(ledger, at):
    with at(2021, 6, 15):
        Person.objects.filter(pk=ledger.people["audit"].pk).update(left_on=date(2021, 6, 15))
        Person.objects.filter(pk=ledger.people["security"].pk).update(joined_on=date(2021, 6, 16))
        session = opened(ledger, "training")
        assert attendance.staff_on(ledger.agency, date(2021, 6, 14)).count() == STAFF - 1
        with pytest.raises(Refused):
            attendance.record(ledger.actor("handler"), session, {ledger.people["audit"]: Mark("attended")})
        attendance.everyone(ledger.actor("handler"), session)
        session.refresh_from_db()
        moves.take(ledger.actor("handler"), session, "hold")
        found = coverage(ledger)
        assert (found.part, found.whole, found.value) == (6, 6, Decimal("100.0"))
    with at(2022, 1, 10):
        assert (coverage(ledger).part, coverage(ledger).whole) == (6, 7)
        assert coverage(ledger).value == Decimal("85.7")


def test_an_agency_without_staff_has_no_share(ledger, day):
    empty = Agency.objects.create(name="西工区演示办公室", code="XG9999", parent=ledger.district)
    assert figures.year(empty, 2021)["training_coverage"].value is None


@pytest.mark.parametrize(
    "mark",
    [
        Mark("sleeping"),
        Mark("attended", Decimal(25)),
        Mark("attended", Decimal(-1)),
        Mark("attended", "many"),
        Mark("attended", Decimal(1), Decimal(101)),
    ],
)
def test_a_wrong_mark_is_refused_and_nobody_is_entered(ledger, day, mark):
    session = opened(ledger, "training")
    with pytest.raises(Refused, match="handler"):
        attendance.record(
            ledger.actor("handler"),
            session,
            {ledger.people["head"]: Mark("attended"), ledger.people["handler"]: mark},
        )
    assert not Attendance.objects.exists()


def test_of_two_registers_at_once_one_is_told(ledger, day):
    session = opened(ledger, "training")
    seen = Entry.objects.get(pk=session.pk)
    attendance.everyone(ledger.actor("handler"), session)
    with pytest.raises(entries.Overtaken):
        attendance.record(ledger.actor("second_handler"), seen, {ledger.people["head"]: Mark("absent")})
    assert attendance.latest([session]).filter(presence="attended").count() == STAFF


def test_nobody_from_elsewhere_keeps_the_register(ledger, day):
    session = opened(ledger, "training")
    for name in ("supervisor", "audit"):
        with pytest.raises(Refused):
            attendance.everyone(ledger.actor(name), session)
