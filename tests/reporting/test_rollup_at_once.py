"""The government's report while its members, its list and its files change: sums always agree with their digests."""

import random

import pytest

from gongkai.agencies.policy import Refused
from gongkai.journal import chain, outbox
from gongkai.reporting import reports, rollup_frozen, rollup_intake, rollup_members
from gongkai.reporting.document import tables_of
from gongkai.reporting.models import AnnualReport, FrozenMember, MemberFile, MemberUpload
from gongkai.review import releases, submission
from gongkai.review.models import Revision
from tests import items
from tests.committed import at_once
from tests.reporting.districts import all_published, begun_roll_up, district_of, waiting_upload
from tests.reporting.filings import again
from tests.reporting.report_rendering import balanced
from tests.reporting.reports import submitted

pytestmark = pytest.mark.usefixtures("unwritten")

YEAR = 2024
OUTSIDE = "西工区供销合作社"
STATED = {
    "items_released": "4",
    "applications": "3",
    "fee_notices": "0",
    "fee_amount": "0",
    "fee_collected": "0",
}


@pytest.fixture
def district(committed):
    """Three agencies that have published, and an outside office on the list."""
    made = district_of(committed, agencies=2)
    all_published(made, YEAR)
    rollup_members.add_outside(made.supervisor, made.agency, YEAR, OUTSIDE, group="department")
    return made


def upload(district, seed, **more):
    return waiting_upload(district, OUTSIDE, balanced(random.Random(seed)), year=YEAR, **STATED, **more)


def agree(report):
    """Each submitted revision is the sum of the members that are frozen with it, by their digests."""
    outbox.sweep()
    revisions = list(Revision.objects.filter(subject_kind="report", subject_id=report.pk))
    for revision in revisions:
        content = submission.content_of(revision.digest)
        said = {one["name"]: one["digest"] for one in content["rollup"]["members"]}
        kept = dict(FrozenMember.objects.filter(revision=revision).values_list("name", "digest"))
        assert kept == said
        total = tables_of(content)
        members = rollup_frozen.members_of(content).values()
        for cell in total.cells():
            assert total.value(cell) == sum(each.value(cell) for each in members), cell
    assert list(rollup_frozen.faults()) == []
    assert [fault for fault in chain.verify() if "链头" not in fault.message] == []
    return revisions


def test_a_member_corrects_and_another_withdraws_while_the_sum_is_submitted(district):
    rollup_intake.take_in(district.supervisor, upload(district, 1))
    first, second = district.members["M001"], district.members["M002"]
    report, draft = begun_roll_up(district, YEAR)
    mine = AnnualReport.objects.get(agency=first.agency)
    correction = again(first, mine, correction="补计5月公开申请1件。")
    items.approve(first, correction, 1)
    items.approve(first, correction, 2)
    other = AnnualReport.objects.get(agency=second.agency)
    handler = district.government.actor("handler")
    at_once(
        lambda: reports.submit(handler, report, version=draft.version),
        lambda: items.approve(first, correction, 3),
        lambda: releases.withdraw(second.actor("approver"), other.live, reason="error"),
    )
    agree(report)
    # Of the second, withdrawn before it was summed, nothing is in the sum; the handler was told.
    assert AnnualReport.objects.get(pk=other.pk).live is None


def test_a_member_corrects_while_the_leader_approves_the_sum(district):
    """What three people approved is published as it was frozen; the difference is then shown."""
    rollup_intake.take_in(district.supervisor, upload(district, 1))
    first = district.members["M001"]
    report, draft = begun_roll_up(district, YEAR)
    revision = submitted(district.government, report, draft)
    items.approve(district.government, revision, 1)
    items.approve(district.government, revision, 2)
    mine = AnnualReport.objects.get(agency=first.agency)
    correction = again(first, mine, correction="补计5月公开申请1件。")
    items.approve(first, correction, 1)
    items.approve(first, correction, 2)
    refused = at_once(
        lambda: items.approve(district.government, revision, 3),
        lambda: items.approve(first, correction, 3),
    )
    assert refused == {}
    agree(report)
    report.refresh_from_db()
    assert report.live.digest == revision.digest
    assert [one.pk for one in rollup_frozen.overtaken([district.agency.pk])] == [report.pk]


def test_the_list_changes_while_the_sum_is_submitted(district):
    rollup_intake.take_in(district.supervisor, upload(district, 1))
    report, draft = begun_roll_up(district, YEAR)
    handler = district.government.actor("handler")
    refused = at_once(
        lambda: reports.submit(handler, report, version=draft.version),
        lambda: rollup_members.set_member(
            district.supervisor, district.agency, YEAR, OUTSIDE, counted=False, ground="other", reason="并入"
        ),
        lambda: rollup_members.add_outside(
            district.supervisor, district.agency, YEAR, "西工区红十字会", group="department"
        ),
    )
    assert set(refused) <= {0}, "only the submission can meet a member without a report"
    revisions = agree(report)
    assert len(revisions) == (0 if refused else 1)


def test_two_people_take_in_the_same_file_and_it_counts_once(district):
    row = upload(district, 1)
    handler = district.government.actor("handler")
    told = at_once(
        lambda: rollup_intake.take_in(district.supervisor, row),
        lambda: rollup_intake.take_in(handler, row),
    )
    assert len(told) == 1
    assert MemberFile.objects.count() == 1
    assert not MemberUpload.objects.exists()


def test_of_two_files_of_one_office_the_second_needs_its_reason(district):
    one, two = upload(district, 1), upload(district, 2)
    told = at_once(
        lambda: rollup_intake.take_in(district.supervisor, one),
        lambda: rollup_intake.take_in(district.supervisor, two),
    )
    assert len(told) == 1
    assert MemberFile.objects.count() == 1
    assert MemberUpload.objects.count() == 1, "the other waits for its reason"


def test_a_file_that_was_set_aside_is_not_taken_in_by_another(district):
    row = upload(district, 1)
    rollup_intake.discard(district.supervisor, MemberUpload.objects.get(pk=row.pk))
    with pytest.raises(Refused, match="其他人"):
        rollup_intake.take_in(district.government.actor("handler"), row)
    assert MemberFile.objects.count() == 0


def test_cut_off_while_a_file_is_taken_in_nothing_counts_and_the_file_still_waits(district, monkeypatch):
    row = upload(district, 1)
    record = chain.record

    def cut(action, *args, **kwargs):
        if action == "rollup.taken_in":
            raise KeyboardInterrupt
        return record(action, *args, **kwargs)

    monkeypatch.setattr(chain, "record", cut)
    with pytest.raises(KeyboardInterrupt):
        rollup_intake.take_in(district.supervisor, row)
    monkeypatch.undo()
    assert MemberFile.objects.count() == 0
    rollup_intake.take_in(district.supervisor, MemberUpload.objects.get())
    assert MemberFile.objects.count() == 1


def test_cut_off_between_the_submission_and_its_rows_the_next_sweep_writes_them(district, monkeypatch):
    rollup_intake.take_in(district.supervisor, upload(district, 1))
    report, draft = begun_roll_up(district, YEAR)
    handler = district.government.actor("handler")
    record = chain.record

    def cut(action, *args, **kwargs):
        if action == "rollup.frozen":
            raise OSError("the process ends here")
        return record(action, *args, **kwargs)

    monkeypatch.setattr(chain, "record", cut)
    reports.submit(handler, report, version=draft.version)
    assert FrozenMember.objects.count() == 0
    monkeypatch.undo()
    [revision] = agree(report)
    assert FrozenMember.objects.filter(revision=revision).count() == 5
