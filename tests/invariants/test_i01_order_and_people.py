"""I1: three approvals, in order, by three different people appointed to the three roles of that agency."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connections, transaction

from gongkai.agencies import appointing, people
from gongkai.agencies.models import Appointment, Role
from gongkai.agencies.policy import BUSINESS, Actor, Refused
from gongkai.disclosure import items
from gongkai.journal import clock
from gongkai.review import approvals, drafts, releases, submission
from gongkai.review.models import Approval, Release, RevisionEditor
from tests.invariants.attacks import appoint, neighbour, person
from tests.items import GOOD, approve, drafted, released, submitted, ticked


def forged_approval(office, revision, step, who, appointment, **changed):
    """An approval row written past the use case, as a script in the shell would."""
    said = {
        "revision": revision,
        "digest": revision.digest,
        "step": step,
        "decision": Approval.PASSED,
        "person": who,
        "appointment": appointment,
        "opinion": "同意",
        "on_day": clock.today(),
        "at": clock.now(),
    } | changed
    with transaction.atomic():
        return Approval._base_manager.create(**said)


def appointment_of(office, name):
    return Appointment.objects.get(person=office.people[name])


@pytest.mark.parametrize("step", [2, 3])
def test_no_step_comes_before_its_turn(office, step):
    revision = submitted(office, drafted(office))
    with pytest.raises(Refused):
        approve(office, revision, step)
    name = {2: "reviewer", 3: "approver"}[step]
    with pytest.raises(IntegrityError, match="the step before is missing"):
        forged_approval(office, revision, step, office.people[name], appointment_of(office, name))


def test_one_person_in_all_three_roles_takes_one_step_only(office):
    everybody = person(office, "everybody")
    rows = {
        step: appoint(office, everybody, role)
        for step, role in {1: Role.HANDLER, 2: Role.REVIEWER, 3: Role.APPROVER}.items()
    }
    revision = submitted(office, drafted(office))
    approve(office, revision, 1, by="everybody")
    with pytest.raises(Refused, match="三"):
        approve(office, revision, 2, by="everybody")
    with pytest.raises(IntegrityError):
        forged_approval(office, revision, 2, everybody, rows[2])
    # Another person's step between does not help either.
    approve(office, revision, 2)
    with pytest.raises(Refused):
        approve(office, revision, 3, by="everybody")
    assert not Release.objects.exists()


def test_nobody_takes_a_step_under_another_persons_appointment(office):
    revision = submitted(office, drafted(office))
    approve(office, revision, 1)
    theirs = appointment_of(office, "reviewer")
    pretender = Actor(office.people["second_handler"], BUSINESS, (theirs,))
    with pytest.raises(Refused):
        approvals.approve(pretender, revision, step=2, opinion="同意", checklist=ticked("item", 2))
    assert revision.approvals.count() == 1


@pytest.mark.parametrize("step", [2, 3])
def test_who_wrote_in_the_draft_neither_rechecks_nor_approves_it(office, step):
    name = {2: "reviewer", 3: "approver"}[step]
    item = drafted(office)
    draft = drafts.draft_of("item", item.pk)
    items.save(office.actor(name), item, draft.content | {"summary": "改过。"}, version=draft.version)
    revision = submitted(office, item)
    for before in range(1, step):
        approve(office, revision, before)
    with pytest.raises(Refused):
        approve(office, revision, step)
    with pytest.raises(IntegrityError, match="wrote the text"):
        forged_approval(office, revision, step, office.people[name], appointment_of(office, name))


def test_who_wrote_during_the_review_is_a_writer_of_the_next_revision(office):
    """Found by attack: a release once forgot every writer, those too whose words it did not hold."""
    item = drafted(office)
    first = submitted(office, item)
    draft = drafts.draft_of("item", item.pk)
    items.save(
        office.actor("reviewer"), item, draft.content | {"summary": "审查中改的。"}, version=draft.version
    )
    for step in (1, 2, 3):
        approve(office, first, step)
    second = submitted(office, item)
    assert {row.person for row in RevisionEditor.objects.filter(revision=second)} == {
        office.people["reviewer"]
    }
    approve(office, second, 1)
    with pytest.raises(Refused):
        approve(office, second, 2)


def test_after_a_withdrawal_the_writers_of_what_would_come_back_are_still_its_writers(office):
    item = drafted(office)
    draft = drafts.draft_of("item", item.pk)
    items.save(
        office.actor("reviewer"), item, draft.content | {"summary": "分管领导写的。"}, version=draft.version
    )
    deputy = person(office, "deputy")
    appoint(office, deputy, Role.REVIEWER, deputy=True)
    revision = submitted(office, item)
    approve(office, revision, 1)
    approve(office, revision, 2, by="deputy")
    approve(office, revision, 3)
    releases.withdraw(office.actor("handler"), revision.release, reason="error")
    again = submitted(office, item)
    approve(office, again, 1)
    with pytest.raises(Refused):
        approve(office, again, 2)
    approve(office, again, 2, by="deputy")


def test_what_is_public_cannot_be_sent_through_again_to_lose_its_writers(office):
    item = released(office)
    with pytest.raises(Refused, match="相同"):
        submitted(office, item)


SEATS = {
    "unconfirmed": {"confirmed": False},
    "run out": {"ends_on": date(2020, 12, 31)},
    "not begun": {"starts_on": date(2021, 6, 1)},
}


@pytest.mark.parametrize(
    "seat", [*SEATS, "ended", "of another agency", "of a closed account", "of another role"]
)
def test_only_an_appointment_in_force_counts(office, at, seat):
    with at(2021, 3, 2):
        stand_in = person(office, "stand_in")
        agency = neighbour(office) if seat == "of another agency" else office.agency
        role = Role.APPROVER if seat == "of another role" else Role.REVIEWER
        row = appoint(office, stand_in, role, agency, **SEATS.get(seat, {}))
        if seat == "ended":
            appointing.end(office.actor("system"), row, on=date(2021, 3, 1), reason="调离")
        if seat == "of a closed account":
            people.close(office.actor("system"), stand_in)
            stand_in.refresh_from_db()
        revision = submitted(office, drafted(office))
        approve(office, revision, 1)
        with pytest.raises(Refused):
            approve(office, revision, 2, by="stand_in")
        # A page opened yesterday, or a script, still holds the appointment in memory: the database does not.
        remembered = Actor(stand_in, BUSINESS, (row,))
        with pytest.raises(Refused):
            approvals.approve(remembered, revision, step=2, opinion="同意", checklist=ticked("item", 2))
        with pytest.raises(IntegrityError, match="appointment does not cover"):
            forged_approval(office, revision, 2, stand_in, row)


def test_a_confirmed_deputy_stands_in_during_the_absence_only(office, at):
    with at(2021, 3, 2):
        deputy = person(office, "deputy")
        appoint(
            office, deputy, Role.REVIEWER, deputy=True, starts_on=date(2021, 3, 1), ends_on=date(2021, 3, 5)
        )
        revision = submitted(office, drafted(office))
        approve(office, revision, 1)
    with at(2021, 3, 6), pytest.raises(Refused):
        approve(office, revision, 2, by="deputy")
    with at(2021, 3, 5):
        row = approve(office, revision, 2, by="deputy")
    assert row.appointment.deputy


def test_an_appointment_whose_end_is_set_for_later_still_holds_today(office, at):
    """Found by attack: such a reviewer could approve but not resolve a finding."""
    with at(2021, 3, 2):
        appointing.end(
            office.actor("system"), appointment_of(office, "reviewer"), on=date(2021, 4, 1), reason="到龄"
        )
        revision = submitted(office, drafted(office, summary="联系人手机13812345678。"))
        finding = approvals.blocking(revision)[0]
        approvals.dispute(office.actor("handler"), finding, "公开的办公电话")
        approve(office, revision, 1)
        assert approvals.resolve(office.actor("reviewer"), finding, "已核实").pk
    with at(2021, 4, 1), pytest.raises(Refused):
        approve(office, revision, 2)


def test_nobody_confirms_what_they_proposed_or_get(office):
    own = appointing.propose(
        office.actor("system"),
        office.people["security"],
        office.agency,
        Role.APPROVER,
        paper="任职文件",
        starts_on=date(2021, 1, 1),
    )
    with pytest.raises(Refused):
        appointing.confirm(office.actor("security"), own)
    from gongkai.agencies.models import AppointmentConfirmation

    for forger in ("security", "system"):
        with pytest.raises(IntegrityError, match="another person confirms"), transaction.atomic():
            AppointmentConfirmation._base_manager.create(
                appointment=own, confirmed_by=str(office.people[forger].pk), confirmed_at=clock.now()
            )


def test_of_two_reviewers_at_once_one_approves_and_the_other_is_told(committed):
    office = committed
    second = person(office, "second_reviewer")
    appoint(office, second, Role.REVIEWER)
    revision = submitted(office, drafted(office))
    approve(office, revision, 1)
    together, told = threading.Barrier(2), []

    def act(name):
        try:
            together.wait()
            approve(office, revision, 2, by=name)
            told.append("passed")
        except Refused:
            told.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(name,)) for name in ("reviewer", "second_reviewer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["passed", "refused"]
    assert revision.approvals.filter(step=2).count() == 1


def test_submitting_while_the_leader_approves_leaves_one_truth(committed):
    """Either the release came first and the new revision follows it, or the submission cancelled the review."""
    office = committed
    item = drafted(office)
    revision = submitted(office, item)
    approve(office, revision, 1)
    approve(office, revision, 2)
    draft = drafts.draft_of("item", item.pk)
    saved = items.save(office.actor("handler"), item, GOOD | {"summary": "又改了。"}, version=draft.version)
    together, told = threading.Barrier(2), {}

    def act(name, use_case):
        try:
            together.wait()
            use_case()
            told[name] = "done"
        except Refused:
            told[name] = "refused"
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=act, args=("approve", lambda: approve(office, revision, 3))),
        threading.Thread(
            target=act,
            args=("submit", lambda: submission.submit(office.actor("handler"), saved, version=saved.version)),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    was_released, was_cancelled = hasattr(revision, "release"), hasattr(revision, "cancellation")
    assert was_released != was_cancelled
    assert told["approve"] == ("done" if was_released else "refused")
