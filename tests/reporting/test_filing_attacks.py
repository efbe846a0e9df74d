"""I1, I10 with the door of filing: what was tried to get a report past the district that collects."""

import pytest
from django.db import DatabaseError, transaction

from gongkai.agencies.models import Role
from gongkai.agencies.policy import Refused
from gongkai.journal import chain, clock, outbox
from gongkai.reporting import filing
from gongkai.reporting.models import AnnualReport, Filing, FilingDecision, FilingUnawaited
from gongkai.review import releases, submission
from gongkai.review.models import Approval, Release, ReviewState
from tests import items
from tests.committed import at_once
from tests.invariants.attacks import SQLITE, appoint, database_refuses, neighbour, person, unguarded
from tests.reporting.filings import again, approved, collects, filed
from tests.reporting.reports import begun, published, submitted

pytestmark = pytest.mark.usefixtures("unwritten")


def release_of(row, **changes):
    said = {
        "subject_kind": "report",
        "subject_id": row.report_id,
        "agency": row.revision.agency,
        "revision": row.revision,
        "digest": row.digest,
        "released_at": clock.now(),
    }
    return Release(**said | changes)


def decision_of(office, row, name="supervisor", **changes):
    people = office.people
    seat = people[name].appointments.filter(role=Role.SUPERVISOR).first()
    said = {
        "filing": row,
        "digest": row.digest,
        "decision": "accepted",
        "person": people[name],
        "appointment": seat or people["supervisor"].appointments.get(),
        "on_day": clock.today(),
        "at": clock.now(),
    }
    return FilingDecision(**said | changes)


def refused(row, saying=None):
    """No door writes the row: the model, the manager, in bulk, past conflicts."""
    manager = type(row)._base_manager
    for door in (
        row.save,
        lambda: row.save_base(force_insert=True),
        lambda: manager.bulk_create([row]),
        lambda: manager.bulk_create([row], ignore_conflicts=True),
    ):
        with pytest.raises(DatabaseError, match=saying), transaction.atomic():
            door()


@pytest.mark.django_db
def test_no_door_releases_a_report_that_the_district_has_not_accepted(office, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        refused(release_of(row), "has not accepted")
        # The scheduler and a state set in the shell go no other way.
        ReviewState.objects.filter(revision=row.revision).update(state="scheduled", release_at=clock.now())
        assert releases.release_due() == 0
        ReviewState.objects.filter(revision=row.revision).update(state="held", release_at=None)
        with pytest.raises(DatabaseError), transaction.atomic():
            releases.release_locked(ReviewState.objects.get(revision=row.revision), None)
        filing.return_(office.actor("supervisor"), row, opinion="请补充。")
        refused(release_of(row), "returned this report")
    assert not Release.objects.filter(subject_kind="report").exists()


@pytest.mark.django_db
def test_a_report_that_skips_the_filing_is_not_released(office, at):
    with at(2022, 1, 10):
        report, draft = begun(office)
        revision = submitted(office, report, draft)
        items.approve(office, revision, 1)
        items.approve(office, revision, 2)
        collects(office)
        Approval.objects.create(
            revision=revision,
            digest=revision.digest,
            step=3,
            decision="passed",
            person=office.people["approver"],
            appointment=office.people["approver"].appointments.get(),
            on_day=clock.today(),
            at=clock.now(),
        )
        row = Filing(report=report, revision=revision, digest=revision.digest)
        refused(release_of(row), "has not accepted")


@pytest.mark.django_db
def test_an_acceptance_by_anybody_but_the_supervisor_above_is_refused(office, at):
    collects(office)
    neighbour(office)
    itself = person(office, "supervisor_of_itself", office.district)
    appoint(office, itself, Role.SUPERVISOR, office.agency)
    unconfirmed = person(office, "unconfirmed", office.district)
    appoint(office, unconfirmed, Role.SUPERVISOR, office.district, confirmed=False)
    own = person(office, "own", office.agency)
    appoint(office, own, Role.SUPERVISOR, office.district)
    with at(2022, 1, 10):
        row = filed(office)
        for name in ("their_supervisor", "supervisor_of_itself", "unconfirmed", "approver", "head"):
            refused(decision_of(office, row, name), "only the supervisor")
        leader = office.people["approver"]
        refused(
            decision_of(office, row, "approver", appointment=leader.appointments.get()), "only the supervisor"
        )
        refused(decision_of(office, row, "own"), "nobody of the agency itself")
        refused(decision_of(office, row, digest="0" * 64), "another content")
        for actor in ("their_supervisor", "supervisor_of_itself", "unconfirmed", "own", "approver"):
            with pytest.raises(Refused):
                filing.accept(office.actor(actor), row)
    assert not FilingDecision.objects.exists()


@pytest.mark.django_db
def test_an_acceptance_of_one_revision_releases_no_other(office, at):
    collects(office)
    with at(2022, 1, 10):
        first = filed(office)
        filing.accept(office.actor("supervisor"), first)
        revision = again(office, first.report, correction="更正一处。")
        approved(office, revision)
        second = filing.standing(first.report)
        refused(release_of(second), "has not accepted")
        refused(decision_of(office, first), "review has ended|never replaced")
        first.report.refresh_from_db()
        assert first.report.live.digest == first.digest, "I10: the first stays public"


@pytest.mark.django_db
def test_nothing_is_decided_after_a_recall_or_a_new_submission(office, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        submission.recall(office.actor("handler"), row.revision)
        refused(decision_of(office, row), "review has ended")
        newer = again(office, row.report)
        assert newer.number == 2
        refused(decision_of(office, row), "review has ended")
        refused(release_of(row))


@pytest.mark.django_db
def test_publishing_without_waiting_is_the_leaders_and_not_before_the_last_day(office, at):
    collects(office)

    def word(row, name="approver", **changes):
        who = office.people[name]
        said = {
            "filing": row,
            "digest": row.digest,
            "reason": "法定期限届满。",
            "person": who,
            "appointment": who.appointments.first(),
            "on_day": clock.today(),
            "at": clock.now(),
        }
        return FilingUnawaited(**said | changes)

    with at(2022, 1, 10):
        row = filed(office)
        refused(word(row), "last day")
    with at(2022, 1, 31):
        refused(word(row, "handler"), "principal leader")
        refused(word(row, "supervisor"), "principal leader")
        refused(word(row, reason="  "), "reason")
        refused(word(row, digest="0" * 64), "another content")
        filing.return_(office.actor("supervisor"), row, opinion="请补充。")
        refused(word(row), "review has ended|decided already")
        with pytest.raises(Refused):
            filing.publish_unawaited(office.actor("approver"), row, reason="法定期限届满。")


@pytest.mark.django_db
def test_a_filing_is_of_what_three_people_approved_and_names_the_days_of_the_law(office, at):
    collects(office)
    with at(2022, 1, 10):
        report, draft = begun(office)
        revision = submitted(office, report, draft)

        def made(**changes):
            said = {
                "report": report,
                "revision": revision,
                "digest": revision.digest,
                "collector": office.district,
                "file_by": clock.today(),
                "last_day": "2022-01-31",
                "person": office.people["approver"],
                "on_day": clock.today(),
                "at": clock.now(),
            }
            return Filing(**said | changes)

        refused(made(), "three approvals")
        refused(made(digest="0" * 64), "another content")
        refused(made(collector=office.agency), "does not stand above")
        refused(made(last_day="2022-01-10"), "last day")
        refused(made(last_day="2021-01-31"), "last day")


@pytest.mark.django_db
def test_a_report_that_says_it_is_public_names_its_release(office, at):
    with at(2022, 1, 10):
        report = published(office)
        live = report.live
    with at(2023, 1, 10):
        later, _draft = begun(office, 2022)
        database_refuses(
            "UPDATE reporting_annualreport SET live_id = %s WHERE id = %s",
            live.pk,
            later.pk.hex if SQLITE else later.pk,
            saying="only by its release",
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            AnnualReport.objects.filter(pk=later.pk).update(live=live)


@pytest.mark.django_db
def test_an_acceptance_forged_with_the_guards_off_is_named_by_the_journal(office, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        with unguarded():
            decision_of(office, row).save()
    assert [fault for fault in chain.verify() if "reporting_filingdecision" in fault.row]


@pytest.mark.django_db
def test_what_was_filed_and_decided_is_never_changed(office, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        filing.accept(office.actor("supervisor"), row)
    for table in ("reporting_filing", "reporting_filingdecision", "reporting_collectionrule"):
        database_refuses(f"UPDATE {table} SET id = id", saying="never changed")
        database_refuses(f"DELETE FROM {table}", saying="never changed")


def test_of_two_supervisors_at_once_one_decides_and_the_other_is_told(committed, at):
    office = committed
    collects(office)
    appoint(office, person(office, "second", office.district), Role.SUPERVISOR, office.district)
    row = filed(office, 2024)
    first, second = office.actor("supervisor"), office.actor("second")
    told = at_once(
        lambda: filing.accept(first, filing.standing(row.report)),
        lambda: filing.return_(second, filing.standing(row.report), opinion="请补充。"),
    )
    assert len(told) == 1
    [decision] = FilingDecision.objects.all()
    assert Release.objects.filter(subject_kind="report").exists() == (decision.decision == "accepted")


def test_accepting_twice_at_once_releases_once(committed):
    office = committed
    collects(office)
    row = filed(office, 2024)
    actor = office.actor("supervisor")
    told = at_once(*[lambda: filing.accept(actor, filing.standing(row.report))] * 3)
    assert len(told) == 2
    assert Release.objects.filter(subject_kind="report").count() == 1


def test_of_an_acceptance_and_a_recall_at_once_one_counts(committed):
    office = committed
    collects(office)
    row = filed(office, 2024)
    supervisor, handler = office.actor("supervisor"), office.actor("handler")
    told = at_once(
        lambda: filing.accept(supervisor, filing.standing(row.report)),
        lambda: submission.recall(handler, row.revision),
    )
    assert len(told) == 1
    state = ReviewState.objects.get(revision=row.revision).state
    report = AnnualReport.objects.get(pk=row.report_id)
    assert (state, report.state, report.live is not None) in (
        ("released", "public", True),
        ("cancelled", "draft", False),
    )


def test_an_acceptance_cut_off_before_its_end_leaves_nothing_and_one_after_it_everything(
    committed, monkeypatch
):
    office = committed
    collects(office)
    row = filed(office, 2024)
    actor = office.actor("supervisor")
    whole = releases.release_locked

    def killed(*args):
        whole(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(releases, "release_locked", killed)
    with pytest.raises(KeyboardInterrupt):
        filing.accept(actor, row)
    assert not FilingDecision.objects.exists() and not Release.objects.filter(subject_kind="report").exists()
    monkeypatch.setattr(releases, "release_locked", whole)
    filing.accept(actor, filing.standing(row.report))
    outbox.sweep()
    assert AnnualReport.objects.get(pk=row.report_id).live.digest == row.digest
