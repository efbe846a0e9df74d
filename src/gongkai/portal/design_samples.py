"""What the living page of the design system shows: each component, its states, the template that draws it, its words.

The words are made up; titles and numbers have the length of real ones, because short ones hide how lines break.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.paperwork.picture import Bar, Chart
from gongkai.portal import qr
from gongkai.portal.templatetags.portal_look import page_numbers
from gongkai.reporting import drawing

PARTIALS = "portal/partials/"
DAY, MOMENT = date(2021, 9, 6), datetime(2021, 9, 6, 8, 40)
LONG = "西工区人民政府关于印发《西工区国有土地上房屋征收与补偿实施办法（2021年修订）》的通知"
PLACE = "#lists"
ADDRESS = "https://www.example.gov.cn/items/XG0123-2021-00008/"


@dataclass(frozen=True)
class Sample:
    """One state: its name, the template of the pages that draws it, and the variables of that template."""

    state: object
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Component:
    """Samples below one heading; key: its id on the page."""

    key: str
    label: object
    samples: tuple[Sample, ...]


class SampleForm(forms.Form):
    """A field of every kind that the public forms have."""

    subject = forms.CharField(label=gettext_lazy("Subject line"), help_text=gettext_lazy("One sentence."))
    text = forms.CharField(
        label=gettext_lazy("Your letter"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("What it is about"), choices=[("", "—"), ("1", gettext_lazy("Compensation"))]
    )
    way = forms.ChoiceField(
        label=gettext_lazy("How to answer"),
        choices=[("1", gettext_lazy("By post")), ("2", gettext_lazy("By e-mail"))],
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("Word, Excel, PDF, text or a picture, at most 10 MB."),
    )
    agree = forms.BooleanField(
        label=gettext_lazy("Question and answer may be published without my name and particulars"),
        required=False,
    )


def _form(prefix: str, data: dict[str, str] | None = None, *, disabled: bool = False) -> SampleForm:
    form = SampleForm(data, prefix=prefix)
    for each in form.fields.values():
        each.disabled = disabled
    return form


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "title": LONG,
            "url": PLACE,
            "date": DAY,
            "agency": "西工区城市改造办公室",
            "number": "西政〔2021〕20号",
            "validity": {"code": "in_force", "label": _("in force")},
        },
        {
            "title": "西工区健康路片区棚户区改造项目房屋征收决定公告",
            "url": PLACE,
            "date": date(2020, 9, 1),
            "snippet": mark_safe("因旧城区改建需要，决定<mark>征收</mark>下列范围内国有土地上的房屋。"),
            "note": "国有土地上房屋征收与补偿",
        },
        {"title": "安置房分配工作推进会召开", "url": PLACE, "date": DAY},
    ]


MARKS = (
    ("in_force", gettext_lazy("in force")),
    ("amended", gettext_lazy("amended")),
    ("repealed", gettext_lazy("repealed")),
    ("expired", gettext_lazy("expired")),
    ("done", gettext_lazy("public")),
    ("none", gettext_lazy("not public yet")),
)
STEPS = (
    ("done", gettext_lazy("Registered")),
    ("returned", gettext_lazy("Returned")),
    ("current", gettext_lazy("Examined")),
    ("todo", gettext_lazy("Answered")),
)
BODY = mark_safe(
    "<p class='document__summary'>规定征收的程序、补偿标准和产权调换。</p><h2>第一章　总则</h2>"
    "<p>第一条　为了规范国有土地上房屋征收与补偿活动，制定本办法（见<a href='https://www.example.gov.cn/'>依据</a>）。</p>"
    "<p class='flush'>顶格的一段。</p><p class='center'>居中的一段</p><p class='right'>靠右的一段</p><h3>（一）补偿方式</h3>"
    "<ul><li>货币补偿</li><li>产权调换</li></ul><ol><li><p>登记</p></li><li><p>选房</p></li></ol>"
    "<blockquote><p>引用的条文。</p></blockquote>"
    "<table><caption>补偿和补助标准</caption><thead><tr><th>项目</th><th>标准</th></tr></thead>"
    "<tbody><tr><td>搬迁费</td><td>每户2000元</td></tr></tbody></table>"
    "<p class='item__mark'>（此件公开发布）</p>"
    "<p class='signature'>西工区人民政府</p><p class='signature'>2021年9月1日</p>"
)


def components() -> list[Component]:
    """Everything the public pages are made of."""
    return [
        Component("buttons", _("Buttons and links"), (_own("buttons"),)),
        Component(
            "search-field",
            _("Search field and suggestions"),
            (_own("search", suggestions=[LONG, "西政〔2021〕20号"]),),
        ),
        *_ways_in(),
        *_lists(),
        *_items(),
        *_types(),
        *_forms(),
        *_progress(),
        *_messages(),
        *_figures(),
    ]


def _own(name: str, state: object = "", **context: Any) -> Sample:
    return Sample(state or _("All states"), f"portal/design/{name}.html", context)


def _of(partial: str, state: object = "", **context: Any) -> Sample:
    return Sample(state or _("Filled"), f"{PARTIALS}{partial}.html", context)


def _ways_in() -> Iterable[Component]:
    links = [
        {"name": "国有土地上房屋征收与补偿", "url": PLACE, "count": 34, "code": "21-c5"},
        {"name": "突发公共事件的应急预案、预警信息及应对情况", "url": PLACE, "count": 0, "code": "20-12"},
        {"label": "棚户区改造", "url": PLACE},
    ]
    yield Component("doors", _("Doors of the home page"), (_of("doors"),))
    yield Component("tree", _("Tree of columns"), (_of("tree", links=links),))
    yield Component(
        "chips",
        _("Filters that are set"),
        (
            _of("chips", removable=[{"label": "2021年", "url": PLACE}, {"label": LONG[:14], "url": PLACE}]),
            _of("filters_open", _("On a phone: opens the sheet"), chosen=2),
        ),
    )
    yield Component("lines", _("Lines, columns and folds"), (_own("lines"),))


def _lists() -> Iterable[Component]:
    yield Component(
        "lists",
        _("Lists of items"),
        (
            _of("item_list", items=_rows()),
            _own(
                "entries",
                _("With lines of its own"),
                title=LONG,
                url=PLACE,
                mark={"code": "done", "label": "已公开"},
            ),
            _of("related", _("Below an item"), block={"title": _("Interpretations"), "items": _rows()[2:]}),
            _of("item_list", _("Empty"), items=[]),
            _of(
                "empty",
                _("Empty, with what to do next"),
                title="没有找到相关信息",
                text="换一个词试试，或者只输入文号的一部分。",
                actions=[{"label": "申请公开", "url": PLACE}, {"label": "打开目录", "url": PLACE}],
            ),
        ),
    )
    documents = [
        {
            "url": PLACE, "title": LONG, "number": "西政〔2021〕20号", "agency": "西工区人民政府", "issued_on": DAY,
            "effective_on": date(2021, 10, 1), "validity": {"code": "repealed", "label": "已废止"},
            "by": "西政〔2023〕2号", "by_url": PLACE,
        },
        {
            "url": PLACE, "title": "西工区保障性安居工程安置房分配和管理规定", "number": "西政规〔2021〕3号",
            "agency": "西工区城市改造办公室", "issued_on": DAY, "expires_on": date(2026, 10, 11),
            "validity": {"code": "in_force", "label": "现行有效"},
        },
    ]  # fmt: skip
    yield Component(
        "tables",
        _("Tables; on a phone a list"),
        (_of("normative_table", title="行政规范性文件", documents=documents),),
    )
    pages = [
        {"number": number, "url": PLACE, "current": number == 4} if number else {"number": None}
        for number in page_numbers(4, 12)
    ]
    yield Component(
        "pages",
        _("Page links"),
        (
            _of(
                "pagination",
                _("In the middle"),
                pagination={"previous": PLACE, "next": PLACE, "pages": pages},
            ),
        ),
    )


def _items() -> Iterable[Component]:
    facts = [
        {"label": "索引号", "value": "XG0123/2021-00008"},
        {"label": "发文机关", "value": "西工区人民政府"},
        {"label": "成文日期", "value": date(2021, 9, 1)},
        {"label": "有效性", "mark": {"code": "in_force", "label": "现行有效"}},
        {
            "label": "内容概述",
            "value": "规定本区国有土地上房屋征收的程序、补偿标准、评估和产权调换。",
            "wide": True,
        },
    ]
    yield Component(
        "facts",
        _("Facts of an item"),
        (
            _of("facts", facts=facts, fold=True),
            *(_of("mark", label, mark={"code": code, "label": label}) for code, label in MARKS),
            _of(
                "validity",
                _("Repealed"),
                standing={"label": "已废止", "on": DAY, "paper": "西政〔2021〕20号", "url": PLACE},
            ),
        ),
    )
    files = [
        {
            "name": "补偿标准新旧对照表.xlsx",
            "url": PLACE,
            "kind": "XLSX",
            "size": 182_400,
            "preview_url": PLACE,
        },
        {"name": "征收范围图.pdf", "url": PLACE, "kind": "PDF", "size": 2_400_000, "note": "扫描件，可检索"},
        {"name": "已删除的附件.doc", "kind": "DOC", "size": 90_112},
    ]
    downloads = [{"label": "下载 Word", "url": PLACE}, {"label": "下载 PDF", "url": PLACE}]
    review = [{"label": "保密审查", "when": MOMENT}, {"label": "已发布", "when": MOMENT}]
    headings = [
        {"id": "text", "label": "第一章　总则", "level": 2},
        {"id": "files", "label": "（一）补偿方式", "level": 3},
        {"id": "facts", "label": "第二章　附则", "level": 2},
    ]
    yield Component(
        "text",
        _("Released text"),
        (
            _of("reading", _("Contents of a long text"), contents=headings, body="<p>正文。</p>" * 6),
            _own("document", title=LONG, body=BODY),
        ),
    )
    yield Component(
        "files",
        _("Files, tools, foot"),
        (
            _of("files", files=files, origin="https://www.example.gov.cn"),
            _of("item_tools", downloads=downloads, share_url=PLACE),
            _of("review_foot", review=review, digest="9f2c" * 16),
            _of("printed_address", _("On paper alone"), url=ADDRESS, code=qr.printed(ADDRESS)),
        ),
    )
    yield Component(
        "tombstones",
        _("Withdrawn"),
        (
            _of("tombstone", _("With title and successor"), title=LONG, index_number="XG0123/2020-00002",
                withdrawn=DAY, reason="已失效", successor={"title": LONG, "url": PLACE}),
            _of("tombstone", _("After a leak"), fixed_words="该页面已撤下", index_number="XG0123/2020-00010"),
        ),
    )  # fmt: skip


def _types() -> Iterable[Component]:
    notice = {
        "label": "公示", "phase": "open", "period": "2022年1月10日至2022年2月8日", "left": 15, "how": "书面提出，写明理由。",
        "contact": "城市改造办公室征收科，0379-00000001", "form": PLACE,
    }  # fmt: skip
    counts = {"total": 12, "adopted": 3, "partly": 2, "declined": 4, "noted": 1, "waiting": 2}
    after = {
        "explanation": "<p>起草依据和主要内容。</p>",
        "counts": counts,
        "due": "2022年3月10日前",
        "overdue": False,
    }
    service = {
        "facts": [{"label": "办理时间", "value": "工作日 8:30—12:00"}, {"label": "收费", "value": "不收费"}],
        "online": PLACE,
        "parts": [{"label": "需要的材料", "lines": ["补偿协议原件", "被征收人身份证明"]}],
        "forms": True,
    }
    card = {
        "facts": [{"label": "所处阶段", "value": "签约阶段"}],
        "figures": [{"label": "已签约", "number": 256, "share": 80}],
        "figures_on": DAY,
        "figures_source": "项目指挥部签约台账",
    }
    yield Component(
        "types",
        _("What the types of information add"),
        (
            _of("notice_period", _("Running"), block=notice),
            _of(
                "notice_period",
                _("Ended"),
                block=notice | {"phase": "ended", "form": "", "at_end": "replace"},
            ),
            _of("notice_after", _("What came of it"), block=after),
            _of(
                "interpreted", block={"items": _rows()[:1], "points": ["补偿有两种方式。", "可以自己选择。"]}
            ),
            _of("question", block={"lines": ["过渡费什么时候发放？"]}),
            _of("service", block=service),
            _of("project_card", block=card),
        ),
    )


def _forms() -> Iterable[Component]:
    fresh, full = _form("fresh"), {"filled-subject": "过渡费何时发放", "filled-topic": "1", "filled-way": "1"}
    wrong, filled, shut = (
        _form("wrong", {"wrong-text": "来信"}),
        _form("filled", full),
        _form("shut", disabled=True),
    )
    steps = [
        {"id": "step-who", "label": "申请人", "fields": [_form("who")["subject"]]},
        {"id": "step-wanted", "label": "要什么", "fields": [_form("wanted")["topic"]]},
    ]
    found = [
        {"title": LONG, "url": PLACE, "agency": "西工区人民政府", "date": DAY, "number": "西政〔2021〕20号"}
    ]
    yield Component(
        "fields",
        _("Fields"),
        (
            _own("fields", _("At rest"), fields=list(fresh)),
            _own("fields", _("Filled"), fields=list(filled)[:4]),
            _of("error_summary", _("Errors, at the top of the form"), form=wrong),
            _own("fields", _("With an error"), fields=list(wrong)[:4]),
            _own("fields", _("Disabled"), fields=list(shut)),
        ),
    )
    yield Component(
        "form-page",
        _("A form in steps"),
        (
            _own("form_page", _("Progress and what the browser keeps"), sections=steps),
            _own("published", _("Published already"), found=found),
            _own("published", _("Nothing published"), looked=True),
        ),
    )


def _progress() -> Iterable[Component]:
    steps = [
        {"state": state, "label": label, "when": MOMENT if state == "done" else None}
        for state, label in STEPS
    ]
    entries = [
        {
            "state": state,
            "title": label,
            "when": MOMENT,
            "who": "西工区城市改造办公室",
            "detail": "2021年12月6日前答复。",
        }
        for state, label in STEPS
    ]
    yield Component(
        "steps",
        _("Steps and time line"),
        (
            _of("steps", _("Done, returned, now, to come"), steps=steps),
            _of("timeline", _("Done, returned, now, to come"), entries=entries),
        ),
    )


def _messages() -> Iterable[Component]:
    kinds = (
        ("info", _("Said")), ("warning", _("Warning")), ("error", _("Error")), ("done", _("Done")),
    )  # fmt: skip
    yield Component(
        "notices",
        _("Notices"),
        tuple(
            _of("notice", label, kind=kind, title="请打印本页或记下编号", text="查询码只显示这一次。")
            for kind, label in kinds
        ),
    )


def _figures() -> Iterable[Component]:
    figure = {
        "value": "12.5", "unit": "个工作日", "label": "答复用时中位数", "explanation": "从收到之日到答复之日。", "url": PLACE,
    }  # fmt: skip
    bars = (Bar(label="自然人", value=12, before=9), Bar(label="法人和其他组织", value=3, before=4))
    chart = Chart(key="received", title="新收申请", note="与上年比较。", bars=bars, compared=True)
    counts = {"total": 12, "adopted": 3, "partly": 2, "declined": 4, "noted": 1, "waiting": 2}
    yield Component(
        "figures",
        _("Figures and charts"),
        (
            _own(
                "figures",
                _("Closed; each opens to how it was counted"),
                figures=[figure, figure | {"value": "98"}],
            ),
            Sample(_("Drawn"), "reporting/partials/chart.html", {"chart": drawing.drawing(chart, 2021)}),
            Sample(_("In words"), "portal/participation/counts.html", {"counts": counts}),
            _of("taken_over", _("Taken over"), source="2019年度报告.doc"),
        ),
    )
