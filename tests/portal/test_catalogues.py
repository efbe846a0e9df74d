"""Public pages of standard catalogues, projects and service guides: what a citizen reads there, and what never stands there."""

from datetime import date

import pytest

from gongkai.disclosure import key_fields, standards
from gongkai.portal import key_fields as shown_fields
from gongkai.portal import prefill, varieties
from gongkai.portal import projects as project_pages
from gongkai.portal import services as service_pages
from gongkai.portal import standards as standard_pages
from gongkai.review import releases
from gongkai.review.models import Release
from tests.disclosure.test_projects import CARD, WHOLE
from tests.items import drafted, released
from tests.projects import begun, posted, recorded

GUIDE = {"basis": "条例第二十一条", "who": "已签订补偿协议的被征收人", "bring": "身份证明\n补偿协议", "steps": "到窗口选房",
         "where": "政务服务中心3号窗口", "hours": "工作日 8:30—12:00", "phone": "0379-00000000"}  # fmt: skip


@pytest.fixture
def field(office):
    standards.load()
    return "expropriation"


@pytest.fixture
def project(office, at):
    with at(2021, 2, 1):
        return begun(office, "内部名称", "内部地点")


def text(pages):
    return "\n".join(data.decode() for _path, data in pages)


def test_a_field_shows_what_is_public_for_each_entry_and_what_can_be_applied_for(office, at, field):
    with at(2021, 3, 10):
        released(office, title="征收决定公告", standard="expropriation-07")
        drafted(office, title="未发布的稿件", standard="expropriation-02")
        page = text(standard_pages.field(field))
    assert "征收决定公告" in page
    assert "已公开1条" in page
    assert "未发布的稿件" not in page
    assert 'href="/apply/?standard=expropriation-03"' in page
    assert "尚未公开" in page


def test_the_pages_of_an_entry_follow_its_releases(office, at, field):
    with at(2021, 3, 10):
        item = released(office, standard="expropriation-07")
        touched = {standing.name for standing in varieties.lists_beside(item.pk)}
        assert {"standards", "standards:expropriation", "standards:expropriation-07"} <= touched
        assert all(standing.pages() for standing in varieties.lists_beside(item.pk) if "07" in standing.name)
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
        # Told of a withdrawal, the same pages are made again, and that of the entry is gone.
        again = {standing.name: standing for standing in varieties.lists_beside(item.pk)}
        assert again["standards:expropriation-07"].pages() == []
        assert item.title not in text(again["standards:expropriation"].pages())


def test_a_project_has_no_page_before_its_card_is_released(office, at, project):
    with at(2021, 3, 10):
        assert project_pages.page(project) == []
        assert "内部名称" not in text(project_pages.index())


def test_the_page_of_a_project_shows_released_texts_and_days_but_no_working_text(office, at, project):
    with at(2021, 3, 10):
        posted(office, project, "survey", date(2021, 3, 1), by="演示·张贴人", note="内部说明")
        recorded(office, project)
        released(office, title="征收决定公告", body=WHOLE, project_point=f"{project.code}/decision")
    with at(2021, 8, 2):
        released(office, variety="project", more=CARD | {"project": project.code}, formed_on="2021-08-01")
        page = text(project_pages.page(project))
        index = text(project_pages.index())
    assert "健康路片区" in page
    assert "75%" in page
    assert "征收决定公告" in page
    assert "于2021年3月1日在征收范围内公布：项目现场公示栏" in page
    assert "依法在征收范围内向被征收人公布" in page
    for secret in ("内部名称", "内部地点", "内部说明", "风险评估", "专户存储", "见卷宗", "演示·张贴人"):
        assert secret not in page + index


def test_a_guide_says_what_to_bring_and_where_and_stands_on_the_list(office, at):
    with at(2021, 6, 2):
        item = released(office, title="选房办理", variety="service", more=GUIDE, column="20-05")
        assert "选房办理" in text(service_pages.index())
        release = Release.objects.get(subject_id=item.pk)
        from gongkai.portal import items
        from gongkai.review.submission import content_of

        made = items.pages(release, content_of(release.digest))
    page = text([each for each in made if each[0].endswith("index.html")])
    for words in ("政务服务中心3号窗口", "身份证明", "未写明，请电话咨询"):
        assert words in page


def test_the_home_page_puts_forward_what_is_chosen_and_holds_something(office, at, field):
    key_fields.load()
    with at(2021, 3, 10):
        assert shown_fields.groups() == []
        released(office, column="housing", standard="expropriation-07")
        found = {link["name"]: link["count"] for group in shown_fields.groups() for link in group["links"]}
        assert found == {"棚户区改造": 1, "国有土地上房屋征收与补偿": 1}
        key_fields.choose(office.actor("system", "administration"), [("重点", "column:housing")])
        assert [group["label"] for group in shown_fields.groups()] == ["重点"]


def test_the_form_begins_with_the_entry_that_was_followed_and_never_with_the_code(office, field):
    said = prefill.initial({"standard": "expropriation-04"})
    assert said["description"].startswith("国有土地上房屋征收与补偿领域“征收·社会稳定风险评估”")
    assert prefill.initial({"standard": "<script>"}) == {}
    assert "棚户区改造" in prefill.initial({"column": "housing"})["description"]
