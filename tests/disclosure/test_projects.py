"""Projects by stages: which item stands for which point, what is posted within the area, what is refused."""

from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import projects
from gongkai.disclosure.models import Posting, ProjectItem
from gongkai.review import drafts, releases, submission
from gongkai.review.models import Release
from tests.items import drafted, released
from tests.projects import begun, posted, recorded

WHOLE = "<p>附：征收补偿方案。可以依法申请行政复议，也可以依法提起行政诉讼。</p>"
CARD = {"name": "健康路片区", "place": "健康路以东", "stage": "签约阶段", "households": 120, "signed": 90,
        "figures_on": "2021-08-01", "figures_source": "项目指挥部签约台账"}  # fmt: skip


@pytest.fixture
def project(office, at):
    with at(2021, 2, 1):
        return begun(office)


def missing(office, **content):
    draft = drafts.draft_of("item", drafted(office, **content).pk)
    with pytest.raises(submission.Incomplete) as refused:
        submission.submit(office.actor("handler"), draft, version=draft.version)
    return {problem.field: problem.message for problem in refused.value.problems}


def test_a_code_is_given_once_and_a_name_is_taken_once(office, project):
    assert project.code == "xg0123-1"
    with pytest.raises(Refused, match="已有"):
        projects.begin(
            office.actor("handler"),
            office.agency,
            kind="shanty",
            name=project.name,
            place="",
            begun_on=date(2021, 2, 1),
        )


def test_a_released_decision_stands_for_its_point_until_it_is_withdrawn(office, at, project):
    with at(2021, 3, 10):
        recorded(office, project)
        item = released(office, body=WHOLE, project_point=f"{project.code}/decision")
    assert [(row.point, row.on) for row in project.items.all()] == [("decision", date(2021, 3, 10))]
    with at(2021, 3, 11):
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
    assert not ProjectItem.objects.exists()


def test_a_decision_without_plan_and_remedies_is_not_submitted(office, at, project):
    with at(2021, 3, 10):
        recorded(office, project)
        said = missing(office, body="<p>现予公告。</p>", project_point=f"{project.code}/decision")
    assert "行政诉讼" in said["body"]
    assert "第十三条" in said["body"]


def test_a_decision_waits_for_risk_assessment_and_funds_on_record(office, at, project):
    with at(2021, 3, 10):
        said = missing(office, body=WHOLE, project_point=f"{project.code}/decision")
        assert "社会稳定风险评估" in said["project_point"] or "专户存储" in said["project_point"]
        assert "第十二条" in said["project_point"]
        recorded(office, project, "risk")
        assert (
            "专户存储"
            in missing(office, body=WHOLE, project_point=f"{project.code}/decision")["project_point"]
        )
        recorded(office, project, "funds")
        released(office, body=WHOLE, project_point=f"{project.code}/decision")


def test_what_is_put_on_record_stands_in_no_item_and_is_posted_nowhere(office, at, project):
    offered = [code for _name, rows in projects.points(office.agency) for code, _label in rows]
    assert not any(code.endswith(("/risk", "/enforcement", "/survey")) for code in offered)
    with at(2021, 3, 10):
        assert "不公开" in missing(office, project_point=f"{project.code}/risk")["project_point"]
        with pytest.raises(Refused, match="张贴"):
            recorded(office, project, "survey")


def test_an_application_for_enforcement_names_its_attachments(office, at, project):
    whole = "附补偿金额和专户存储账号、产权调换房屋和周转用房的地点和面积。"

    def record(note):
        posted(office, project, "enforcement", date(2021, 3, 1), note=note)

    with at(2021, 3, 10):
        with pytest.raises(Refused, match=r"周转用房.*第二十八条"):
            record("附补偿金额、专户账号、产权调换房屋面积。")
        record(whole)
    assert Posting.objects.get().where == "file"


def test_a_suspension_says_its_end_within_a_year(office, at, project):
    def suspend(until):
        posted(office, project, "freeze", date(2021, 3, 1), where="office", until=until, note="暂停办理通知")

    def wrong():
        return [each.words for each in projects.breaches(project) if each.point == "freeze"]

    with at(2021, 3, 10):
        suspend(None)
        assert "没有写明截止日期" in wrong()[0] and "2022-03-01" in wrong()[0]
        assert projects.measures(project) == [("freeze", date(2022, 3, 1))]
        suspend(date(2022, 6, 1))
        assert "期限过长" in wrong()[0]
        suspend(date(2021, 12, 31))
        assert wrong() == []
        assert projects.measures(project) == [("freeze", date(2021, 12, 31))]


def test_what_belongs_into_the_area_only_never_goes_on_the_site(office, at, project):
    with at(2021, 3, 10):
        said = missing(office, project_point=f"{project.code}/households")
    assert "第二十九条" in said["project_point"]


def test_a_point_of_another_agency_is_not_taken(office, at, project):
    with at(2021, 3, 10):
        assert "project_point" in missing(office, project_point="elsewhere-1/decision")


def test_a_posting_stands_for_a_point_and_is_covered_by_the_journal(office, at, project):
    with at(2021, 4, 1):
        posted(office, project, "survey", date(2021, 3, 30), by="演示·张贴人", photo=(PNG, "张贴.png"))
        assert [row.point for row in projects.done(project)] == ["survey"]
    assert Posting.objects.get().photo.agency == office.agency


@pytest.mark.parametrize(("day", "words"), [(date(2021, 4, 2), "将来"), (date(2021, 1, 1), "开始之前")])
def test_a_posting_has_a_day_that_can_be(office, at, project, day, words):
    with at(2021, 4, 1), pytest.raises(Refused, match=words):
        posted(office, project, "survey", day)


def test_a_card_counts_no_more_households_than_there_are(office, at, project):
    with at(2021, 8, 2):
        more = CARD | {"project": project.code, "signed": 121, "figures_source": ""}
        said = missing(office, variety="project", more=more)
    assert "more_signed" in said
    assert "more_figures_source" in said


def test_figures_of_a_card_have_their_share():
    assert [(row.number, row.share) for row in projects.figures(CARD)] == [(120, None), (90, 75)]


def test_who_only_supervises_changes_no_project(office, project):
    with pytest.raises(Refused):
        projects.change(office.actor("supervisor"), project, name="x", place="y", closed_on=None)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
