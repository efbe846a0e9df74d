"""Figures set by hand: never by one person, never without a reason, whatever writes the row (C15, I5)."""

from decimal import Decimal

import pytest
from django.db import Error, transaction

from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.reporting import content as contents
from gongkai.reporting import manual
from gongkai.reporting.models import FrozenFigure, ManualDecision, ManualFigure
from gongkai.review.submission import content_of
from tests import items
from tests.reporting.reports import begun, submitted

pytestmark = pytest.mark.django_db
KEY = "disclosure.licences.decisions"


@pytest.fixture
def report(office, at):
    with at(2022, 1, 10):
        yield begun(office)


def proposed(office, report, value="7", who="handler", reason="许可系统未并入台账"):
    number = None if value is None else Decimal(value)
    return manual.propose(office.actor(who), report, KEY, number, reason=reason)


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "-Infinity", "1.5", "1e13", "1e40"])
def test_what_is_no_number_of_cases_is_refused(office, report, value):
    with pytest.raises(Refused):
        proposed(office, report[0], value)
    assert not ManualFigure.objects.exists()


@pytest.mark.parametrize("value", ["-1", "1e13"])
def test_the_database_refuses_it_too(office, report, value):
    row = ManualFigure(
        report=report[0],
        key=KEY,
        value=Decimal(value),
        reason="理由",
        proposed_by=office.people["handler"],
        at=clock.now(),
    )
    with pytest.raises(Error), transaction.atomic():
        row.save()


@pytest.mark.parametrize("reason", ["", " ", "　\n"])
def test_a_reason_is_needed(office, report, reason):
    with pytest.raises(Refused):
        proposed(office, report[0], reason=reason)


def test_a_reason_is_needed_of_the_database_too(office, report):
    with pytest.raises(Error), transaction.atomic():
        ManualFigure.objects.create(
            report=report[0],
            key=KEY,
            value=7,
            reason="  ",
            proposed_by=office.people["handler"],
            at=clock.now(),
        )


def decided(office, row, who, role, *, approved=True, **more):
    appointment = office.actor(who).holds(role, office.agency)
    return ManualDecision.objects.create(
        figure=row,
        approved=approved,
        approver=office.people[who],
        at=clock.now(),
        appointment=appointment,
        on_day=clock.today(),
        **more,
    )


def test_a_leader_does_not_approve_the_figure_that_the_leader_proposed(office, report):
    row = proposed(office, report[0], who="approver")
    with pytest.raises(Refused):
        manual.decide(office.actor("approver"), row, approved=True)
    with pytest.raises(Error), transaction.atomic():
        decided(office, row, "approver", "approver")
    assert manual.approved(report[0]) == {}


@pytest.mark.parametrize(("who", "role"), [("reviewer", "reviewer"), ("second_handler", "handler")])
def test_a_row_of_somebody_else_is_refused_by_the_database(office, report, who, role):
    row = proposed(office, report[0])
    for approved in (True, False):
        with pytest.raises(Error), transaction.atomic():
            decided(office, row, who, role, approved=approved)


def test_an_appointment_that_is_another_persons_is_refused_by_the_database(office, report):
    row = proposed(office, report[0])
    leaders = office.actor("approver").holds("approver", office.agency)
    with pytest.raises(Error), transaction.atomic():
        ManualDecision.objects.create(
            figure=row,
            approved=True,
            approver=office.people["second_handler"],
            at=clock.now(),
            appointment=leaders,
            on_day=clock.today(),
        )


def test_who_proposed_it_takes_it_back_and_nobody_else(office, report):
    row = proposed(office, report[0])
    with pytest.raises(Refused):
        manual.take_back(office.actor("second_handler"), row)
    manual.take_back(office.actor("handler"), row)
    with pytest.raises(Refused):
        manual.decide(office.actor("approver"), row, approved=True)
    assert manual.approved(report[0]) == {}


def test_an_approved_figure_gives_way_to_the_records_again(office, report):
    for value in ("7", None):
        manual.decide(office.actor("approver"), proposed(office, report[0], value), approved=True)
    assert manual.approved(report[0]) == {}


def test_a_figure_approved_after_submission_changes_nothing_that_was_submitted(office, report):
    row, draft = report
    revision = submitted(office, row, draft)
    manual.decide(office.actor("approver"), proposed(office, row), approved=True)
    for step in (1, 2, 3):
        items.approve(office, revision, step)
    row.refresh_from_db()
    content = content_of(row.live.digest)
    assert content["tables"]["disclosure"]["licences"] == 0
    assert FrozenFigure.objects.get(revision=revision, key=KEY).value == 0
    assert contents.standing(row, draft.content).compiled.value(KEY) == 7
