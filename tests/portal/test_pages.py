"""What the pages of the site say: tags, metadata, guide, boards; and that no page lacks a required tag."""

import re

import pytest

from gongkai.channels import renderers, site, tree
from gongkai.channels.identity import identity
from gongkai.journal import clock
from gongkai.portal import tags
from tests.items import released
from tests.portal import sites


def test_the_identity_of_the_site_is_that_of_the_top_agency(office):
    sites.name_site(office)
    said = identity()
    assert (said.name, said.domain, said.id_code) == (
        "西工区政府信息公开",
        "www.example.gov.cn",
        "4103030001",
    )
    assert said.origin == "https://www.example.gov.cn"


def test_what_the_site_guide_requires_is_said_even_before_it_is_registered(office):
    assert identity().id_code == "未备案"
    assert identity().name == "西工区人民政府信息公开"


@pytest.fixture
def written(committed, at):
    """A site with one item on it."""
    sites.fresh()
    sites.name_site(committed)
    committed.agency.disclosure_office = "办公室"
    committed.agency.address = "河南省洛阳市西工区"
    committed.agency.hours = "工作日 8:30—12:00，15:00—18:00"
    committed.agency.phone = "0379-00000000"
    committed.agency.fax = "0379-00000001"
    committed.agency.email = "demo@example.gov.cn"
    committed.agency.save()
    with at(2021, 3, 2, 10):
        site.write_all()
        released(committed, keywords="棚户区改造，征收", theme="城乡建设、环境保护", genre="公告")
    return committed


ITEM = "items/XG0123-2021-00001/index.html"


def test_the_tags_of_an_item_page(written):
    said = tags.values(tree.read(ITEM))
    assert {name: said[name] for name in tags.required("article")} == {
        "SiteName": "西工区政府信息公开",
        "SiteDomain": "www.example.gov.cn",
        "SiteIDCode": "4103030001",
        "ColumnName": "房屋征收",
        "ColumnType": "法定主动公开内容",
        "ArticleTitle": "西工区2021年棚户区改造项目征收补偿方案公告",
        "PubDate": "2021-03-02 10:00",
        "ContentSource": "西工区城市改造办公室",
    }
    assert said["Keywords"] == "棚户区改造;征收"
    assert said["Url"] == "https://www.example.gov.cn/items/XG0123-2021-00001/"


def test_every_page_carries_the_tags_of_its_level(written):
    for path in tree.files():
        assert tags.faults_of(path, tree.read(path)) == [], path


@pytest.mark.parametrize(("tag", "option"), [("SiteDomain", "site_domain"), ("SiteIDCode", "site_id_code")])
def test_a_page_without_a_required_tag_is_not_written(written, tag, option):
    written.district.options = written.district.options | {option: " "}
    written.district.save()
    with pytest.raises(tags.TagsMissing) as refused:
        renderers.standing()[0].pages()
    assert refused.value.faults == (f"缺少{tag}",)
    assert "国办发〔2017〕47号" in str(refused.value)


def test_the_metadata_block_of_an_item(written):
    page = re.sub(r"<[^>]+>", " ", tree.read(ITEM).decode())
    said = " ".join(page.split())
    for words in (
        "索引号 XG0123/2021-00001",
        "发布机构 西工区城市改造办公室",
        "成文日期 2021年3月1日",
        "发布日期 2021年3月2日",
        "主题分类 城乡建设、环境保护",
        "体裁 公告",
        "公开属性 主动公开",
        "五公开 决策公开",
        "此件公开发布",
        "经三级审查发布",
    ):
        assert words in said, words


def test_the_foot_line_names_steps_and_dates_and_nobody(written):
    page = tree.read(ITEM).decode()
    foot = page[page.index("review-foot") :]
    assert foot.count("2021-03-02 10:00") == 4
    assert not [person.name for person in written.people.values() if person.name in page]


def test_the_guide_of_an_agency_states_what_article_12_asks_for(written):
    page = tree.read("guide/XG0123/index.html").decode()
    for words in (
        "办公室",
        "河南省洛阳市西工区",
        "8:30",
        "0379-00000000",
        "0379-00000001",
        "demo@example.gov.cn",
    ):
        assert words in page, words
    assert "洛阳市西工区人民政府" in page and "洛阳铁路运输法院" in page
    assert "尚未填报" in tree.read("guide/410303/index.html").decode()


def test_empty_columns_are_named_and_not_linked(written):
    page = tree.read("catalogue/index.html").decode()
    assert 'href="/columns/21-c5/"' in page and 'href="/columns/21-c6/"' not in page
    assert "治安管理" in page


def test_no_page_holds_anything_of_a_visitor(written):
    for path in tree.files():
        page = tree.read(path)
        assert b"csrf" not in page and b"sessionid" not in page, path


def test_every_link_of_every_page_leads_somewhere(written):
    from django.conf import settings
    from django.urls import get_resolver

    from gongkai.channels.moved import first_parts
    from gongkai.config.sitefiles import SiteFiles

    dynamic = first_parts(get_resolver().url_patterns)
    served = SiteFiles(settings.INSTANCE.home / "site", settings.INSTANCE.home / "static", None, ())
    dead = set()
    for path in tree.files():
        if not path.endswith(".html"):
            continue
        for address in re.findall(r'(?:href|src)="(/[^"#?]*)', tree.read(path).decode()):
            first = address[1:].partition("/")[0]
            if first not in {*dynamic, "static"} and sites.get(served, address)[0] != 200:
                dead.add((path, address))
    assert not dead


def test_a_page_is_chinese_whatever_language_its_maker_reads(written):
    from django.utils import translation

    from gongkai.portal import standing

    with translation.override("en"):
        assert dict(standing.catalogue())["catalogue/index.html"] == tree.read("catalogue/index.html")


def test_the_figures_of_the_year_open_to_how_they_were_counted(office, at):
    from gongkai.portal import figures
    from tests.applications import cases

    with at(2021, 3, 1):
        for _number in range(2):
            case = cases.web(office)
    with at(2021, 3, 10):
        cases.sent(office, cases.decided(office, case), clock.today())
        said = {figure["label"]: figure for figure in figures.of_the_year()}
    numbers = {str(label): str(figure["value"]) for label, figure in said.items()}
    assert numbers == {
        "2021年主动公开": "0",
        "现行有效行政规范性文件": "0",
        "2021年收到依申请公开申请": "2",
        "按期答复": "1/1",
        "答复用时中位数": "7",
    }
    assert all(figure["explanation"] for figure in said.values())
