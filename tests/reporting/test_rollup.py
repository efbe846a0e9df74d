"""The government's report is the sum of its members: who counts in, what they give, what stops it (C14, I5)."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.agencies.models import Agency, Role
from gongkai.agencies.policy import Refused
from gongkai.disclosure.models import NormativeDocument
from gongkai.journal import canon, chain, guards, outbox
from gongkai.reporting import (
    collecting,
    compiling,
    document,
    filing_checks,
    manual,
    reports,
    rollup,
    rollup_frozen,
    rollup_members,
)
from gongkai.reporting import content as contents
from gongkai.reporting.figures import Period, cell_key
from gongkai.reporting.models import AnnualReport, FrozenMember, MemberFile
from gongkai.reporting.rollup import Source
from gongkai.review import drafts, submission
from gongkai.review.models import Content
from gongkai.rulebook.report_form import Cell
from tests import items
from tests.invariants.attacks import appoint, person
from tests.reporting.districts import OVERVIEW, all_published, begun_roll_up, district_of, member, taken_in
from tests.reporting.filings import filed
from tests.reporting.report_rendering import balanced
from tests.reporting.reports import case, published, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwritten")]
R1 = Cell("applications", "r1", "total")
OUTSIDE = "西工区供销合作社"
NO_FEES = {"fee_notices": "0", "fee_amount": "0", "fee_collected": "0"}
STATED = NO_FEES | {"items_released": "4", "applications": "0"}


@pytest.fixture
def district(office):
    return district_of(office)


def standing(report, draft):
    return contents.standing(report, draft.content)


def errors(now):
    return [one.message for one in now.findings if one.severity == "error"]


def warnings(now):
    return [one.message for one in now.findings if one.severity == "warning"]


def faults():
    """But for the heads, and for the applications that `case` writes without their events."""
    return [
        fault.message
        for fault in chain.verify()
        if "链头" not in fault.message and not fault.message.startswith("申请 XG-")
    ]


def add_outside(district, name=OUTSIDE, **more):
    return rollup_members.add_outside(
        district.supervisor, district.agency, 2021, name, group="department", **more
    )


def test_every_cell_of_the_government_is_the_sum_of_its_members(office, district, at):
    case(district.government, date(2021, 2, 1), row="r3_1", answered=date(2021, 2, 8))
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    case(office, date(2021, 3, 2), row="r3_2", answered=date(2021, 3, 5), kind="research_institution")
    case(district.members["M001"], date(2021, 12, 20))
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        now = standing(report, draft)
        assert [each.name for each in now.whole.counted] == [
            "西工区人民政府",
            "西工区第1局",
            "西工区第2局",
            "西工区城市改造办公室",
        ]
        for cell in now.compiled.tables.cells():
            values = [each.tables.value(cell) for each in now.whole.counted]
            assert now.compiled.tables.value(cell) == sum(values), cell
        assert now.compiled.tables.value(R1) == 4
        assert errors(now) == []
        revision = submitted(district.government, report, draft)
        for step in (1, 2, 3):
            items.approve(district.government, revision, step)
        report.refresh_from_db()
    assert report.state == AnnualReport.State.PUBLIC
    content = submission.content_of(revision.digest)
    assert content["title"] == "西工区人民政府2021年政府信息公开工作年度报告"
    assert "收到政府信息公开申请4件" in document.text_of(content, "overview")
    # Behind the cell stand the members, with the digests of what was summed, and the government's own records.
    kept = {row.name: row for row in FrozenMember.objects.filter(revision=revision)}
    live = AnnualReport.objects.get(agency=office.agency).live
    assert kept[office.agency.name].digest == live.digest
    assert kept["西工区人民政府"].source == Source.RECORDS
    assert len(document.counted_of(content)[cell_key(R1)].records) == 1
    assert faults() == []


def test_a_missing_member_stops_the_report_until_it_is_left_out_with_a_reason(office, district, at):
    with at(2022, 1, 10):
        published(office)
        published(district.members["M001"])
        report, draft = begun_roll_up(district)
        assert any("缺少“西工区第2局”" in message for message in errors(standing(report, draft)))
        with pytest.raises(submission.Incomplete):
            reports.submit(district.government.actor("handler"), report, version=draft.version)
        with pytest.raises(Refused, match="理由"):
            rollup_members.set_member(
                district.supervisor,
                district.agency,
                2021,
                "西工区第2局",
                counted=False,
                ground="merged",
                reason=" ",
            )
        rollup_members.set_member(
            district.supervisor,
            district.agency,
            2021,
            "西工区第2局",
            counted=False,
            ground="merged",
            reason="2021年6月并入第1局",
        )
        now = standing(report, draft)
        assert errors(now) == []
        content = contents.frozen(now)
        assert content["rollup"]["left_out"] == [{"name": "西工区第2局", "reason": "2021年6月并入第1局"}]


def test_the_list_follows_the_tree_and_keeps_its_history(office, district, at):
    town = member(office, "红山街道办事处", "T001")
    other = member(office, "洛北乡人民政府", "T002", government=True)
    below = Agency.objects.create(name="洛北乡财政所", code="T002-1", parent=other.agency)
    with at(2022, 1, 10):
        listed = {each.name: each for each in rollup_members.members(district.agency, 2021)}
        assert below.name not in listed, "it counts into the report of its own government"
        assert not listed[town.agency.name].counted and not listed[other.agency.name].counted
        rollup_members.set_towns(
            district.supervisor, district.agency, 2021, towns=True, reason="区政府办通知"
        )
        listed = {each.name: each for each in rollup_members.members(district.agency, 2022)}
        assert listed[town.agency.name].counted and listed[other.agency.name].group == "town"
        add_outside(district)
        for again in (OUTSIDE, office.agency.name, district.agency.name, " "):
            with pytest.raises(Refused):
                add_outside(district, again)
        # What was said of 2021 holds for 2022 and says nothing of 2020.
        assert OUTSIDE in {each.name for each in rollup_members.members(district.agency, 2022)}
        assert OUTSIDE not in {each.name for each in rollup_members.members(district.agency, 2020)}
        said = rollup_members.history(district.agency, 2021)
    assert len(said) == 2 and all(row.person_id for row in said)
    assert faults() == []


@pytest.mark.parametrize("seed", range(4))
def test_the_sum_of_random_members_is_the_roll_up_in_every_cell(office, district, at, seed):
    rng = random.Random(seed)
    given = {f"区属单位{n}": balanced(rng) for n in range(rng.randrange(1, 6))}
    with at(2022, 1, 10):
        all_published(district)
        for name, tables in given.items():
            add_outside(district, name)
            taken_in(district, name, tables)
        own = compiling.compile_figures(district.agency, Period.of_year(2021))
        whole = rollup.add_up(district.agency, 2021, own)
    for cell in whole.compiled.tables.cells():
        assert whole.compiled.tables.value(cell) == sum(tables.value(cell) for tables in given.values()), cell
        assert sum(each.value(cell_key(cell)) for each in whole.counted) == (
            whole.compiled.tables.value(cell)
        )


def test_a_cell_by_hand_differs_openly_and_only_with_the_leader(office, district, at):
    key = cell_key(Cell("disclosure", "licences", "decisions"))
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        row = manual.propose(
            district.government.actor("handler"), report, key, Decimal(7), reason="垂管单位另报7件"
        )
        assert standing(report, draft).compiled.value(key) == 0
        manual.decide(district.government.actor("approver"), row, approved=True)
        now = standing(report, draft)
        assert now.compiled.value(key) == 7
        assert errors(now) == []
        assert any("行政许可" in message and "不等于" in message for message in warnings(now))
        submitted(district.government, report, draft)
    assert faults() == []


def test_a_figure_of_the_text_that_a_member_does_not_state_is_not_bound_silently(office, district, at):
    with at(2022, 1, 10):
        all_published(district)
        add_outside(district)
        taken_in(district, OUTSIDE, balanced(random.Random(1)), applications="3", **NO_FEES)
        report, draft = begun_roll_up(district)
        now = standing(report, draft)
        assert now.compiled.value("items_released") is None
        assert now.whole.incomplete["items_released"] == (OUTSIDE,)
        assert any(OUTSIDE in message and "不完整" in message for message in errors(now))
        said = draft.content | {"overview": "本年度全区收到政府信息公开申请{{applications}}件。"}
        draft = reports.save(district.government.actor("handler"), report, said, version=draft.version)
        assert errors(standing(report, draft)) == []


def test_a_share_does_not_add_up(office, district, at):
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district, overview="参加培训人员占{{training_coverage}}%。")
        found = errors(standing(report, draft))
    assert any("不能由各单位相加" in message for message in found)


def test_a_member_that_corrects_its_report_moves_the_draft_and_is_shown_on_a_published_one(
    office, district, at
):
    first = district.members["M001"]
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        revision = submitted(district.government, report, draft)
        for step in (1, 2, 3):
            items.approve(district.government, revision, step)
        outbox.sweep()
        report.refresh_from_db()
        assert list(rollup_frozen.overtaken([district.agency.pk])) == []
    case(first, date(2021, 5, 6), row="r3_1", answered=date(2021, 5, 9))
    with at(2022, 2, 10):
        row = AnnualReport.objects.get(agency=first.agency)
        mine = drafts.draft_of("report", row.pk)
        mine = reports.save(
            first.actor("handler"),
            row,
            mine.content | {"correction": "补计5月公开申请1件。"},
            version=mine.version,
        )
        again = submitted(first, row, mine)
        # While the correction is under review the government's sums stand.
        assert standing(report, draft).compiled.tables.value(R1) == 0
        for step in (1, 2, 3):
            items.approve(first, again, step)
        outbox.sweep()
        now = standing(report, draft)
        assert now.compiled.tables.value(R1) == 1
        [change] = rollup_frozen.changes(submission.content_of(report.live.digest), now.whole)
        assert change.name == first.agency.name
        assert (R1, 0, 1) in change.cells
        assert [one.pk for one in rollup_frozen.overtaken([district.agency.pk])] == [report.pk]
        # The published report stays as it is (I10).
        assert document.tables_of(submission.content_of(report.live.digest)).value(R1) == 0
    assert faults() == []


def test_a_joint_document_under_two_members_is_asked_about(office, district, at):
    for agency in (office.agency, district.members["M001"].agency):
        NormativeDocument.objects.create(
            agency=agency,
            title="关于联合执法的规定",
            document_number="西政规〔2021〕3号",
            issued_on="2021-04-01",
        )
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        assert any("西政规〔2021〕3号" in message for message in warnings(standing(report, draft)))


def test_a_report_that_does_not_add_up_is_found_in_what_was_frozen(office, district, at):
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        revision = submitted(district.government, report, draft)
        content = submission.content_of(revision.digest)
        content["tables"]["applications"]["r1"][0] += 1
        said = list(rollup_frozen._of_report(revision, content))
        assert any("各表与其数字不符" in fault.message for fault in said)
        assert any("不等于" in fault.message for fault in said)
        assert faults() == []


def raw(sql, params):
    """What somebody with the database in hand does: with the guards out of the way."""
    guards.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    guards.install()


def test_a_row_changed_in_the_database_is_noticed(office, district, at):
    if connection.vendor != "sqlite":
        pytest.skip("triggers are taken off on SQLite only")
    with at(2022, 1, 10):
        all_published(district)
        add_outside(district)
        file = taken_in(district, OUTSIDE, balanced(random.Random(2)), **STATED)
        report, draft = begun_roll_up(district)
        revision = submitted(district.government, report, draft)
    assert faults() == []
    kept = FrozenMember.objects.get(revision=revision, name=OUTSIDE)
    other = dict(kept.tables, remedies={key: [1, 0, 0, 0, 1] for key in kept.tables["remedies"]})
    table = FrozenMember._meta.db_table
    raw(f'UPDATE "{table}" SET tables = %s WHERE id = %s', [canon.text(other), kept.pk])
    assert any("与送审稿不符" in message for message in faults())
    assert any(table in message for message in faults())
    raw(f'UPDATE "{table}" SET tables = %s WHERE id = %s', [canon.text(kept.tables), kept.pk])
    table = MemberFile._meta.db_table
    raw(f'UPDATE "{table}" SET tables = %s WHERE number = 1', [canon.text(other)])
    assert any(OUTSIDE in message and "录入的报告文件不符" in message for message in faults())
    assert file.tables != other


def test_a_members_frozen_report_that_was_changed_gives_nothing(office, district, at):
    if connection.vendor != "sqlite":
        pytest.skip("triggers are taken off on SQLite only")
    with at(2022, 1, 10):
        all_published(district)
        report, draft = begun_roll_up(district)
        live = AnnualReport.objects.get(agency=office.agency).live
        text = Content.objects.get(pk=live.digest).text.replace('"r1":[0,', '"r1":[9,', 1)
        raw(f'UPDATE "{Content._meta.db_table}" SET text = %s WHERE digest = %s', [text, live.digest])
        found = errors(standing(report, draft))
    assert any(office.agency.name in message and "被改动" in message for message in found)


def test_members_cost_no_query_each(office, district, at):
    with at(2022, 1, 10):
        all_published(district)
        own = compiling.compile_figures(district.agency, Period.of_year(2021))
        with CaptureQueriesContext(connection) as few:
            rollup.gather(district.agency, 2021, own)
        for n in range(100):
            name = f"区属单位{n:03d}"
            add_outside(district, name)
            taken_in(district, name, balanced(random.Random(n)))
        with CaptureQueriesContext(connection) as many:
            given = rollup.gather(district.agency, 2021, own)
    assert len([each for each in given if each.tables]) == 104
    assert len(many) == len(few) <= 8


def test_a_member_that_publishes_meanwhile_never_parts_sums_and_digests(office, district, at):
    """Between the check and the freezing another report of a member becomes public."""
    late = district.members["M002"]
    with at(2022, 1, 10):
        published(office)
        published(district.members["M001"])
        rollup_members.set_member(
            district.supervisor,
            district.agency,
            2021,
            late.agency.name,
            counted=False,
            ground="other",
            reason="未报",
        )
        case(late, date(2021, 7, 1), row="r3_1", answered=date(2021, 7, 5))
        report, draft = begun_roll_up(district)
        original = contents.problems

        def then_published(row):
            found = original(row)
            if not AnnualReport.objects.filter(agency=late.agency).exists():
                published(late)
                rollup_members.set_member(
                    district.supervisor,
                    district.agency,
                    2021,
                    late.agency.name,
                    counted=True,
                    ground="other",
                    reason="已报",
                )
            return found

        contents.problems = then_published
        try:
            revision = submitted(district.government, report, draft)
        finally:
            contents.problems = original
        content = submission.content_of(revision.digest)
    members = {one["name"]: one for one in content["rollup"]["members"]}
    assert members[late.agency.name]["digest"] == AnnualReport.objects.get(agency=late.agency).live.digest
    assert document.tables_of(content).value(R1) == 1
    assert rollup_frozen.members_of(content)[late.agency.name].value(R1) == 1
    assert faults() == []


def test_an_agency_that_is_no_government_is_not_summed(office, at):
    with at(2022, 1, 10), pytest.raises(Refused):
        rollup_members.members(office.agency, 2021)


def test_a_sum_without_a_member_is_never_frozen(office, district, at):
    """The check before has passed when a member's report is gone again."""
    with at(2022, 1, 10):
        published(office)
        _report, draft = begun_roll_up(district)
        with pytest.raises(Refused, match="缺少“西工区第1局”"):
            contents.freeze(draft)


def test_the_city_that_collects_a_districts_report_asks_no_cases_behind_its_sums(office, district, at):
    city = Agency.objects.create(name="演示市人民政府", code="DS", government=True)
    office.district.parent = city
    office.district.save()
    for each in Agency.objects.exclude(pk=city.pk).order_by("path"):
        each.refresh_from_db()
        each.save()
    appoint(office, person(office, "city", city), Role.SUPERVISOR, city)
    for each in office, district.government:
        each.agency.refresh_from_db()
    with at(2022, 1, 10):
        case(district.members[office.agency.code], date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 20))
        all_published(district)
    with at(2022, 3, 1):
        collecting.set_rule(office.actor("city"), city, collects=True, first_year=2021)
        row = filed(district.government, overview=OVERVIEW)
        said = [one for one in filing_checks.own(row) if one["severity"] == "error"]
    assert row.collector == city and said == []
