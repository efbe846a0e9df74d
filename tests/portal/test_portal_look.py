"""The frame of the public pages and its template tags: what every page of the portal relies on."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from gongkai.portal.templatetags.portal_look import (
    file_size,
    list_date,
    list_time,
    page_links,
    paired,
    prose_date,
)

SITE = {
    "name": "示范区人民政府",
    "domain": "www.example.gov.cn",
    "id_code": "4100000001",
    "sponsor": "示范区人民政府办公室",
    "icp": "豫ICP备00000000号",
}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "2021年12月1日"), ("en", "1 December 2021"), (None, "1 December 2021")],
)
def test_a_date_in_prose_follows_the_language(language, words):
    with translation.override(language):
        assert prose_date(dt.date(2021, 12, 1)) == words


def test_dates_in_lists_and_publication_times_are_those_of_the_site_guide():
    utc = dt.datetime(2021, 9, 5, 23, 40, tzinfo=dt.UTC)
    assert list_date(dt.date(2021, 9, 6)) == "2021-09-06"
    assert (list_date(utc), list_time(utc)) == ("2021-09-06", "2021-09-06 07:40")
    assert [list_date(value) for value in (None, 0, "见附件")] == ["", "0", "见附件"]


@pytest.mark.parametrize(
    ("octets", "words"), [(None, ""), (0, "0 B"), (2048, "2 KB"), (1482130, "1.4 MB"), (1024**2, "1.0 MB")]
)
def test_sizes(octets, words):
    assert file_size(octets) == words


@pytest.mark.parametrize(
    ("current", "last", "numbers"),
    [
        (1, 2, [1, 2]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (6, 40, [1, None, 4, 5, 6, 7, 8, None, 40]),
        (40, 40, [1, None, 38, 39, 40]),
    ],
)
def test_page_links_show_the_ends_and_the_neighbours(current, last, numbers):
    pages = page_links(current, last, "?page={page}")["pagination"]["pages"]
    assert [page["number"] for page in pages] == numbers
    assert [page["number"] for page in pages if page["current"]] == [current]


def test_page_links_use_the_own_address_of_the_first_page():
    links = page_links(2, 3, "/c/{page}/", "/c/")["pagination"]
    assert (links["previous"], links["next"]) == ("/c/", "/c/3/")
    assert page_links(1, 1, "?page={page}")["pagination"] is None


def frame(**context):
    with translation.override("zh-hans"):
        return render_to_string("portal/base.html", {"site": SITE, **context})


def test_the_frame_is_a_static_file_without_inline_code_or_anything_of_a_visitor():
    page = frame(section="apply")
    assert 'lang="zh-Hans"' in page
    assert "csrf" not in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)


def test_the_frame_carries_the_site_tags_boards_and_footer_of_the_site_guide():
    page = frame(section="apply")
    for name, value in [
        ("SiteName", SITE["name"]),
        ("SiteDomain", SITE["domain"]),
        ("SiteIDCode", SITE["id_code"]),
    ]:
        assert f'<meta name="{name}" content="{value}">' in page
    boards = re.findall(r'<li><a href="(/[a-z]+/)"(?: aria-current="true")?>([^<]+)</a></li>', page)
    assert boards[:7] == [
        ("/guide/", "政府信息公开指南"),
        ("/rules/", "政府信息公开制度"),
        ("/catalogue/", "法定主动公开内容"),
        ("/reports/", "政府信息公开年报"),
        ("/apply/", "依申请公开"),
        ("/participation/", "公众参与"),
        ("/mailbox/", "区长信箱"),
    ]
    assert '<a href="/apply/" aria-current="true">' in page
    assert "网站标识码：4100000001" in page
    assert "主办单位：<span>示范区人民政府办公室</span>" in page
    assert "地址：" not in page, "what the site does not state is left out"


def test_what_was_typed_into_the_search_field_is_shown_as_text():
    assert 'value="&quot;&gt;&lt;script&gt;"' in frame(query='"><script>')


def test_item_page_tags_name_every_required_tag():
    tags = render_to_string(
        "portal/partials/page_tags.html",
        {
            "column": {
                "name": "征收补偿",
                "description": "说明",
                "keywords": "征收;补偿",
                "kind": "政策文件",
            },
            "article": {
                "title": "公告",
                "published": dt.datetime(2021, 9, 6, 8, 40),
                "source": "示范区办公室",
            },
        },
    )
    assert re.findall(r'name="(\w+)" content="([^"]+)"', tags) == [
        ("ColumnName", "征收补偿"),
        ("ColumnDescription", "说明"),
        ("ColumnKeywords", "征收;补偿"),
        ("ColumnType", "政策文件"),
        ("ArticleTitle", "公告"),
        ("PubDate", "2021-09-06 08:40"),
        ("ContentSource", "示范区办公室"),
    ]


def test_a_tombstone_after_a_leak_says_the_fixed_words_and_no_title():
    with translation.override("zh-hans"):
        page = render_to_string(
            "portal/partials/tombstone.html",
            {"fixed_words": "该信息已撤下", "title": "不得出现的标题", "withdrawn": dt.date(2021, 10, 8)},
        )
    assert "<h1>该信息已撤下</h1>" in page
    assert "不得出现的标题" not in page
    assert "撤下日期：2021年10月8日" in page


def test_an_empty_list_says_so_and_offers_a_way_on():
    with translation.override("zh-hans"):
        page = render_to_string(
            "portal/partials/item_list.html",
            {"items": [], "empty_actions": [{"label": "申请公开", "url": "/apply/"}]},
        )
    assert "本栏目暂时没有公开的信息" in page
    assert 'href="/apply/"' in page


@pytest.mark.parametrize(
    ("facts", "wide"),
    [
        ("ab", ""),
        ("abc", "c"),
        ("abcW", "cW"),
        ("Wab", "W"),
        ("Wabc", "Wc"),
        ("abWc", "Wc"),
        ("a-bc", "c"),
        ("", ""),
    ],
)
def test_facts_stand_two_in_a_row_and_none_leaves_a_hole_beside_it(facts, wide):
    given = [{"label": each, "value": each.strip("-"), "wide": each == "W"} for each in facts]
    shown = paired(given)
    assert "".join(fact["label"] for fact in shown) == facts.replace("-", "")
    assert "".join(fact["label"] for fact in shown if fact["wide"]) == wide
