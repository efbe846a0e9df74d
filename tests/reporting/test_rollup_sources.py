"""What a member gives, and when the government is told that it gives something else now (I10)."""

import random

import pytest

from gongkai.journal import outbox
from gongkai.reporting import content as contents
from gongkai.reporting import filing, rollup_members, rollup_menu
from gongkai.reporting.models import AnnualReport
from gongkai.reporting.rollup import Source
from gongkai.review import releases, submission
from tests import items
from tests.reporting.districts import all_published, begun_roll_up, district_of, taken_in
from tests.reporting.filings import again, approved, collects, filed
from tests.reporting.report_rendering import balanced
from tests.reporting.reports import published, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwritten")]
OUTSIDE = "西工区供销合作社"
# What the text of a government binds: the file of an outside office states them all.
STATED = {
    "items_released": "4",
    "applications": "3",
    "fee_notices": "0",
    "fee_amount": "0",
    "fee_collected": "0",
}


@pytest.fixture
def district(office):
    return district_of(office, agencies=1)


def given(report, draft, office):
    now = contents.standing(report, draft.content)
    return next(each for each in now.whole.given if each.name == office.agency.name)


def released_roll_up(district):
    report, draft = begun_roll_up(district)
    revision = submitted(district.government, report, draft)
    approved(district.government, revision)
    report.refresh_from_db()
    assert report.state == AnnualReport.State.PUBLIC
    return report


def steps_waiting(person):
    """What stands in the inbox about reports whose members have corrected theirs."""
    return [one.url for one in rollup_menu.waiting(person) if "更正了报告" in str(one.step)]


def test_a_filed_report_gives_its_figures_once_it_is_accepted_and_then_as_published(office, district, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        report, draft = begun_roll_up(district)
        waiting = given(report, draft, office)
        assert waiting.tables is None and "尚未发布" in waiting.missing
        filing.accept(office.actor("supervisor"), row)
        outbox.sweep()
        accepted = given(report, draft, office)
    assert (accepted.source, accepted.digest) == (Source.RELEASE, row.digest)


def test_a_withdrawn_report_gives_nothing_also_while_its_successor_is_filed(office, district, at):
    collects(office)
    with at(2022, 1, 10):
        row = filed(office)
        filing.accept(office.actor("supervisor"), row)
        outbox.sweep()
        report, draft = begun_roll_up(district)
        live = AnnualReport.objects.get(agency=office.agency).live
        releases.withdraw(office.actor("approver"), live, reason="error")
        outbox.sweep()
        assert given(report, draft, office).tables is None
        mine = AnnualReport.objects.get(agency=office.agency)
        again(office, mine, correction="删去一处不应公开的内容。")
        assert given(report, draft, office).tables is None, "what was accepted before is withdrawn"


def test_a_members_corrected_file_proposes_the_correction_of_the_government(office, district, at):
    handler = district.government.actor("handler")
    with at(2022, 1, 10):
        all_published(district)
        rollup_members.add_outside(district.supervisor, district.agency, 2021, OUTSIDE, group="department")
        taken_in(district, OUTSIDE, balanced(random.Random(1)), **STATED)
        report = released_roll_up(district)
        assert steps_waiting(handler) == []
        taken_in(district, OUTSIDE, balanced(random.Random(2)), reason="原报告漏计", **STATED)
        [page] = steps_waiting(handler)
        assert page == f"/workbench/reports/{district.agency.code}/2021/"
        assert steps_waiting(office.actor("handler")) == [], "only the government's people are told"
        # The correction takes the new figures in, and then nothing waits any more.
        revision = again(district.government, report, correction="区供销合作社更正报告，相应更正合计。")
        for step in (1, 2, 3):
            items.approve(district.government, revision, step)
        outbox.sweep()
        report.refresh_from_db()
        content = submission.content_of(report.live.digest)
        assert content["correction"] == "区供销合作社更正报告，相应更正合计。"
        assert steps_waiting(handler) == []


def test_an_office_that_begins_to_publish_here_is_told_too(office, district, at):
    """Its file was summed; now its own published report counts."""
    member = district.members["M001"]
    with at(2022, 1, 10):
        published(office)
        taken_in(district, member.agency.name, balanced(random.Random(1)), **STATED)
        released_roll_up(district)
        assert steps_waiting(district.government.actor("handler")) == []
        published(member)
        assert len(steps_waiting(district.government.actor("handler"))) == 1
