"""Templates and tags of the workbench that other rooms' pages stand on."""

import datetime as dt
import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from gongkai.workbench.templatetags.workbench_look import address_with, days_left, due_date, sort_of


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def context(address):
    return {"request": RequestFactory().get(address)}


@pytest.mark.parametrize(
    ("remaining", "words"), [(None, ""), (3, "剩余3个工作日"), (0, "今日到期"), (-2, "逾期2个工作日")]
)
def test_days_left_in_words(remaining, words):
    assert days_left(remaining) == words


def test_due_date_names_the_weekday():
    assert due_date(dt.date(2021, 12, 31)) == "2021年12月31日（星期五）"
    with translation.override("en"):
        assert due_date(dt.date(2021, 12, 31)) == "Friday 31 December 2021"


def test_an_address_keeps_the_filters_and_starts_at_the_first_page():
    here = context("/?q=棚改&page=4&sort=due")
    assert address_with(here, sort="-due") == "?q=%E6%A3%9A%E6%94%B9&sort=-due"
    assert address_with(here, page=5) == "?q=%E6%A3%9A%E6%94%B9&page=5&sort=due"
    assert address_with(here, q=None) == "?sort=due"


@pytest.mark.parametrize(
    ("address", "direction", "url"),
    [
        ("/", "none", "?sort=due"),
        ("/?sort=due", "ascending", "?sort=-due"),
        ("/?sort=-due", "descending", "?sort=due"),
    ],
)
def test_a_heading_sorts_and_turns_the_order(address, direction, url):
    assert sort_of(context(address), {"sort": "due"}) == {"direction": direction, "url": url}


@pytest.mark.parametrize(
    ("state", "shape", "words"),
    [
        ("overdue", '<path d="M8 1', "逾期"),
        ("soon", '<path d="M8 .5', "临期"),
        ("ok", "<circle cx", "正常"),
        ("none", 'class="hollow"', "无期限"),
    ],
)
def test_a_light_has_a_shape_and_a_word_of_its_own(state, shape, words):
    light = render_to_string("workbench/partials/light.html", {"state": state})
    assert shape in light
    assert f"<span>{words}</span>" in light


def test_a_deadline_explains_itself_with_articles():
    page = render_to_string(
        "workbench/partials/deadline.html",
        {
            "deadline": {
                "due": dt.date(2021, 12, 31),
                "remaining": 3,
                "state": "soon",
                "provisional": True,
                "explanation": [
                    {"date": dt.date(2021, 12, 3), "text": "收到申请之日", "article": "条例第三十一条"}
                ],
            }
        },
    )
    for words in ("2021年12月31日（星期五）", "剩余3个工作日", "暂定", "收到申请之日", "条例第三十一条"):
        assert words in page


def test_a_list_links_its_rows_and_headings():
    page = render_to_string(
        "workbench/list.html",
        {
            "title": "待办",
            "count": 1,
            "export_url": "?export=xlsx",
            "table": {
                "caption": "待办事项",
                "columns": [
                    {"label": "事项", "kind": "main", "sort": "title"},
                    {"label": "件数", "kind": "number"},
                ],
                "rows": [{"cells": [{"text": "来信<1>", "url": "/w/1/"}, 0]}],
            },
        },
        request=RequestFactory().get("/?sort=-title"),
    )
    assert '<a href="/w/1/">来信&lt;1&gt;</a>' in page
    assert 'aria-sort="descending"' in page
    assert re.search(r'<td class="number" data-label="件数">0\s*</td>', page)
    assert "共1条" in page


def test_a_list_without_rows_says_what_to_do():
    page = render_to_string(
        "workbench/list.html",
        {"title": "待办", "empty_text": "新来件登记后出现在这里。"},
        request=RequestFactory().get("/"),
    )
    assert "没有记录" in page
    assert "新来件登记后出现在这里。" in page


class Letter(forms.Form):
    subject = forms.CharField(label="标题", help_text="写明事由。")
    body = forms.CharField(label="内容", widget=forms.Textarea)


def test_a_refused_form_keeps_what_was_typed_and_links_each_error_to_its_field():
    page = render_to_string(
        "workbench/form.html",
        {"title": "登记来信", "form": Letter({"body": "已经写好的内容"}), "submit_label": "登记并交办"},
        request=RequestFactory().get("/"),
    )
    assert "已经写好的内容" in page
    assert '<a href="#id_subject">' in page
    assert 'aria-describedby="id_subject_helptext id_subject_error"' in page
    assert 'id="id_subject_helptext"' in page
    assert 'id="id_subject_error"' in page


def test_a_forbidden_act_is_shown_with_reason_and_article_and_cannot_be_pressed():
    page = render_to_string(
        "workbench/partials/acts.html",
        {"refused": [{"label": "立即发布", "reason": "尚未经主要领导审批", "article": "条例第十七条"}]},
    )
    assert "尚未经主要领导审批（条例第十七条）" in page
    assert "<button" not in page
    assert "<a " not in page


def test_the_review_page_offers_approval_and_return_in_one_form():
    page = render_to_string(
        "workbench/review.html",
        {
            "title": "公告",
            "action": "/review/1/",
            "approve_label": "批准并发布",
            "diff": [{"kind": "del", "text": "三十日"}, {"kind": "ins", "text": "四十五日"}],
        },
        request=RequestFactory().get("/"),
    )
    assert 'name="decision" value="approve">批准并发布' in page
    assert 'name="decision" value="return"' in page
    assert "<del>" in page
    assert "<ins>" in page
