"""Where the district collects: approved, filed, returned with reasons or accepted; on the last day not waited for."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from gongkai.agencies.models import Role
from gongkai.agencies.policy import Refused
from gongkai.journal import chain, outbox
from gongkai.reporting import collecting, corrections, filing, reports
from gongkai.reporting.models import AnnualReport, FilingDecision
from gongkai.review import caches, releases, submission
from gongkai.review.models import Release, ReviewState
from tests import items
from tests.invariants.attacks import appoint, person
from tests.reporting.filings import again, approved, collects, filed
from tests.reporting.reports import begun, published, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwritten")]


def faults():
    return [fault.message for fault in chain.verify() if "链头" not in fault.message]


def state_of(revision):
    return ReviewState.objects.get(revision=revision).state


def test_the_third_approval_files_and_the_acceptance_releases_exactly_that(office, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        report = row.report
        assert (report.state, report.live, state_of(row.revision)) == ("filed", None, "held")
        assert (row.collector, row.file_by, row.late) == (office.district, date(2022, 1, 31), False)
        assert not Release.objects.filter(subject_kind="report").exists()
    with at(2022, 1, 12):
        decision = filing.accept(office.actor("supervisor"), row, opinion="数据准确。")
        outbox.sweep()
    report.refresh_from_db()
    assert (report.state, report.live.digest) == (AnnualReport.State.PUBLIC, row.digest)
    assert state_of(row.revision) == "released"
    assert decision.person == office.people["supervisor"]
    assert faults() == [] and caches.differences() == []


def test_where_nobody_collects_the_leader_releases_as_before(office, at):
    with at(2022, 1, 10):
        assert published(office).live is not None
    collects(office, first_year=2023)
    with at(2023, 1, 10):
        assert published(office, 2022).live is not None, "collecting begins with a later report"
    collects(office, collects=False)
    with at(2024, 1, 10):
        assert published(office, 2023).live is not None, "switched off again"


def test_a_returned_report_is_a_draft_again_and_comes_back_as_a_new_filing(office, at):
    collects(office)
    supervisor = office.actor("supervisor")
    with at(2022, 1, 10):
        first = filed(office)
        with pytest.raises(Refused):
            filing.return_(supervisor, first, opinion=" ")
        filing.return_(
            supervisor,
            first,
            opinion="请补充问题。",
            remarks=[{"where": "problems", "label": "第五部分", "text": "问题过于笼统。"}],
        )
        report = first.report
        report.refresh_from_db()
        assert (report.state, report.live, state_of(first.revision)) == ("draft", None, "returned")
        with pytest.raises(Refused):
            filing.accept(supervisor, first)
        second = again(office, report)
        approved(office, second)
        latest = filing.standing(report)
        assert latest.revision == second
        filing.accept(supervisor, latest)
    report.refresh_from_db()
    assert report.live.revision == second
    assert [row.decision for row in FilingDecision.objects.order_by("pk")] == ["returned", "accepted"]
    assert FilingDecision.objects.first().remarks[0]["label"] == "第五部分"
    assert faults() == [] and caches.differences() == []


def test_a_report_under_decision_can_be_taken_back_and_is_then_not_accepted(office, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        submission.recall(office.actor("handler"), row.revision)
        row.report.refresh_from_db()
        assert row.report.state == AnnualReport.State.DRAFT
        with pytest.raises(Refused):
            filing.accept(office.actor("supervisor"), row)
        with pytest.raises(Refused):
            filing.return_(office.actor("supervisor"), row, opinion="退回")
    assert faults() == [] and caches.differences() == []


def test_no_time_is_set_for_what_waits_for_the_district(office, at):
    collects(office)
    with at(2022, 1, 10):
        report, draft = begun(office)
        revision = submitted(office, report, draft)
        items.approve(office, revision, 1)
        items.approve(office, revision, 2)
        later = datetime(2022, 1, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
        with pytest.raises(Refused, match=office.district.name):
            items.approve(office, revision, 3, release_at=later)
        assert state_of(revision) == "step3"


def test_on_the_last_day_the_leader_publishes_without_waiting_and_says_why(office, at):
    collects(office, file_by="01-26", publish_by="01-28", basis="演示通知")
    with at(2022, 1, 27):
        row = filed(office)
        assert row.late, "filed after the local day"
    leader = office.actor("approver")
    with at(2022, 1, 30), pytest.raises(Refused) as early:
        filing.publish_unawaited(leader, row, reason="期限将至")
    assert "2022-01-31" in early.value.message
    with at(2022, 1, 31):
        for actor, reason in (
            (leader, " "),
            (office.actor("handler"), "期限已到"),
            (office.actor("supervisor"), "期限已到"),
        ):
            with pytest.raises(Refused):
                filing.publish_unawaited(actor, row, reason=reason)
        filing.publish_unawaited(leader, row, reason="法定期限届满，尚未收到审核意见。")
        row.report.refresh_from_db()
        assert row.report.live.digest == row.digest
        with pytest.raises(Refused):
            filing.accept(office.actor("supervisor"), row)
    assert faults() == [] and caches.differences() == []


def test_local_days_are_data_and_never_later_than_the_law(office, at):
    for wrong in (
        {"file_by": "02-01"},
        {"file_by": "13-01"},
        {"governments_by": "04-01"},
        {"file_by": "1-26"},
    ):
        with pytest.raises(Refused):
            collects(office, basis="演示通知", **wrong)
    with pytest.raises(Refused):
        collects(office, file_by="01-26")
    with pytest.raises(Refused):
        collects(office, file_by="01-28", publish_by="01-26", basis="演示通知")
    collects(office, file_by="01-26", publish_by="01-28", governments_by="02-20", basis="演示通知")
    terms = collecting.rules_for(office.agency).terms(office.agency, 2021)
    assert (terms.file_by, terms.publish_by, terms.last_day) == (
        date(2022, 1, 26),
        date(2022, 1, 28),
        date(2022, 1, 31),
    )
    assert reports.due(office.agency, 2021) == date(2022, 1, 28), "the lists and the page show it too"
    with at(2022, 1, 10):
        assert ReviewState.objects.get(revision=filed(office).revision).due_on == date(2022, 1, 26)
    office.agency.government = True
    office.agency.save()
    terms = collecting.rules_for(office.agency).terms(office.agency, 2021)
    assert (terms.file_by, terms.publish_by) == (date(2022, 2, 20), date(2022, 3, 31))
    assert faults() == []


def test_who_sets_whether_a_district_collects(office, at):
    allowed = {"supervisor": "business", "system": "administration"}
    for name in office.people:
        actor = office.actor(name, allowed.get(name, "business"))
        if name in allowed:
            collecting.set_rule(actor, office.district, collects=True, first_year=2021)
        else:
            with pytest.raises(Refused):
                collecting.set_rule(actor, office.district, collects=False, first_year=2021)
    assert collecting.collector(office.agency, 2021) == office.district


def test_a_correction_waits_for_the_district_too_and_says_what_it_corrects(office, at):
    with at(2022, 1, 10):
        report = published(office)
        first = report.live
    collects(office)
    with at(2022, 2, 10):
        with pytest.raises(submission.Incomplete) as error:
            again(office, report)
        assert "correction" in [each.field for each in error.value.problems]
        revision = again(office, report, correction="第五部分漏写一项问题，现予补充。")
        approved(office, revision)
        report.refresh_from_db()
        assert (report.state, report.live) == (AnnualReport.State.PUBLIC, first), "I10"
        filing.accept(office.actor("supervisor"), filing.standing(report))
        report.refresh_from_db()
        assert report.live.revision == revision
        assert submission.content_of(report.live.digest)["correction"].startswith("第五部分")
        assert [row.digest for row in corrections.versions(report)] == [revision.digest, first.digest]
        with pytest.raises(submission.Incomplete):
            again(office, report, other="本年度没有其他事项。", correction="第五部分漏写一项问题，现予补充。")
    assert faults() == [] and caches.differences() == []


def test_a_withdrawal_ends_what_waits_for_the_district(office, at):
    with at(2022, 1, 10):
        report = published(office)
    collects(office)
    with at(2022, 2, 10):
        revision = again(office, report, correction="更正。")
        approved(office, revision)
        releases.withdraw(office.actor("handler"), report.live, reason="error")
        with pytest.raises(Refused):
            filing.accept(office.actor("supervisor"), filing.standing(report))
    report.refresh_from_db()
    assert report.live is None
    assert corrections.versions(report) == []
    assert faults() == [] and caches.differences() == []


def test_nobody_of_the_agency_decides_on_its_report(office, at):
    """Someone of the superior may be appointed where an agency lacks three; then another supervisor decides."""
    collects(office)
    second = person(office, "second_supervisor", office.district)
    appoint(office, second, Role.SUPERVISOR, office.district)
    own = person(office, "own_supervisor", office.agency)
    appoint(office, own, Role.SUPERVISOR, office.district)
    itself = person(office, "supervisor_of_itself", office.district)
    appoint(office, itself, Role.SUPERVISOR, office.agency)
    appoint(office, office.people["supervisor"], Role.DISCLOSURE_HEAD, office.agency)
    with at(2022, 1, 10):
        row = filed(office)
        for name in ("supervisor", "own_supervisor", "supervisor_of_itself"):
            with pytest.raises(Refused):
                filing.accept(office.actor(name), row)
            assert filing.hindrance(office.actor(name), row)
        assert filing.hindrance(office.actor("second_supervisor"), row) == ""
        filing.accept(office.actor("second_supervisor"), row)


def test_a_reminder_is_for_those_who_are_not_there(office, at):
    with at(2022, 1, 10), pytest.raises(Refused):
        filing.remind(office.actor("supervisor"), office.agency, 2021)
    collects(office)
    with at(2022, 1, 20):
        filing.remind(office.actor("supervisor"), office.agency, 2021, "请于本周内报送。")
        with pytest.raises(Refused):
            filing.remind(office.actor("handler"), office.agency, 2021)
        filed(office)
        with pytest.raises(Refused):
            filing.remind(office.actor("supervisor"), office.agency, 2021)
    assert faults() == []


# Role × state × act: who may do what to a report in each state of the course. Every other pair is refused.
PEOPLE = ("handler", "reviewer", "approver", "head", "supervisor", "system", "security", "audit", "stranger")
ACTS = {
    "accept": lambda actor, row: filing.accept(actor, row),
    "return": lambda actor, row: filing.return_(actor, row, opinion="请补充。"),
    "publish unawaited": lambda actor, row: filing.publish_unawaited(actor, row, reason="期限届满。"),
    "recall": lambda actor, row: submission.recall(actor, row.revision),
    "remind": lambda actor, row: filing.remind(actor, row.report.agency, row.report.year),
}
MAY = {
    ("held", "accept"): {"supervisor"},
    ("held", "return"): {"supervisor"},
    ("held", "recall"): {"handler", "reviewer", "approver", "head"},
    ("last day", "accept"): {"supervisor"},
    ("last day", "return"): {"supervisor"},
    ("last day", "publish unawaited"): {"approver"},
    ("last day", "recall"): {"handler", "reviewer", "approver", "head"},
    ("returned", "remind"): {"supervisor"},
    ("recalled", "remind"): {"supervisor"},
}


@pytest.mark.parametrize("state", ["held", "last day", "returned", "recalled", "accepted", "withdrawn"])
def test_matrix_of_role_state_and_act(office, at, state):
    from django.db import transaction

    collects(office)
    stranger = person(office, "stranger", office.district)
    other = type(office.district).objects.create(name="涧西区人民政府", code="410305", government=True)
    appoint(office, stranger, Role.SUPERVISOR, other)
    with at(2022, 1, 10):
        row = filed(office)
        if state == "returned":
            filing.return_(office.actor("supervisor"), row, opinion="请补充。")
        if state == "recalled":
            submission.recall(office.actor("handler"), row.revision)
        if state in ("accepted", "withdrawn"):
            filing.accept(office.actor("supervisor"), row)
        if state == "withdrawn":
            row.report.refresh_from_db()
            releases.withdraw(office.actor("handler"), row.report.live, reason="error")
    with at(2022, 1, 31 if state == "last day" else 12):
        for act, do in ACTS.items():
            if (state, act) == ("withdrawn", "remind"):
                continue
            did = set()
            for name in PEOPLE:
                for hat in ("business", "administration"):
                    fresh = filing.standing(row.report)
                    try:
                        with transaction.atomic():
                            do(office.actor(name, hat), fresh)
                            did.add(name)
                            transaction.set_rollback(True)
                    except Refused:
                        pass
            assert did == MAY.get((state, act), set()), (state, act)
