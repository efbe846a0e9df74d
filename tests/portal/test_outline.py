"""A long text begins with its contents: headings with ids, as many as can be seen at once; a short one has none."""

import re

from gongkai.portal import outline
from tests.items import released

SENTENCE = (
    "<p>征收补偿应当遵循决策民主、程序正当、结果公开的原则，具体办法由区人民政府另行规定并向社会公布。</p>"
)


def text(headings: list[str]) -> str:
    return "".join(heading + SENTENCE * 10 for heading in headings)


def test_a_long_text_leads_to_its_headings():
    html, contents = outline.outlined(
        text(["<h2>第一章　总则</h2>", "<h3>（一）范围</h3>", "<h2>第二章　<em>补偿</em></h2>"])
    )
    assert [(each["label"], each["level"]) for each in contents] == [
        ("第一章　总则", 2),
        ("（一）范围", 3),
        ("第二章　补偿", 2),
    ]
    for each in contents:
        assert re.search(rf'<h[23] id="{each["id"]}">', html)
    assert re.sub(r' id="part-\d+"', "", html) == text(
        ["<h2>第一章　总则</h2>", "<h3>（一）范围</h3>", "<h2>第二章　<em>补偿</em></h2>"]
    ), "nothing of the text changes but the ids"


def test_where_the_text_begins_deeper_its_highest_heading_is_the_first_level():
    _html, contents = outline.outlined(text(["<h3>一、甲</h3>", "<h4>（一）乙</h4>", "<h3>二、丙</h3>"]))
    assert [each["level"] for each in contents] == [2, 3, 2]


def test_short_texts_and_texts_of_few_headings_have_none():
    for html in (
        "<h2>甲</h2><h2>乙</h2><h2>丙</h2><p>短。</p>",
        text(["<h2>甲</h2>", "<h2>乙</h2>"]),
        SENTENCE * 50,
    ):
        assert outline.outlined(html) == (html, [])


def test_empty_headings_lead_nowhere():
    html = text(["<h2> </h2>", "<h2>甲</h2>", "<h2>乙</h2>", "<h2>丙</h2>"])
    assert [each["label"] for each in outline.outlined(html)[1]] == ["甲", "乙", "丙"]


def test_of_many_headings_the_first_level_alone_is_listed():
    many = [f"<h2>第{n}章</h2>" + "<h3>节</h3>" * 4 for n in range(5)]
    assert [each["level"] for each in outline.outlined(text(many))[1]] == [2] * 5


def test_the_page_of_a_long_item_has_contents_and_a_code_for_paper(office):
    from django.conf import settings

    from gongkai.channels import site
    from tests.portal import sites

    sites.fresh()
    sites.name_site(office)
    body = text(["<h2>第一章　总则</h2>", "<h2>第二章　补偿</h2>", "<h2>第三章　附则</h2>"])
    item = released(office, title="征收补偿实施办法", body=body, column="20-01")
    site.write_all()
    item.refresh_from_db()
    page = (
        settings.INSTANCE.home / "site/items" / item.index_number.replace("/", "-") / "index.html"
    ).read_text()
    assert '<a href="#part-2">第二章　补偿</a>' in page
    assert '<h2 id="part-2">第二章　补偿</h2>' in page
    printed = page.split('class="printed-address"')[1]
    assert "<svg" in printed and item.index_number.replace("/", "-") in printed


def test_a_page_is_painted_whole_and_a_very_long_one_from_its_particulars_on(office):
    """Nothing moves while the rest arrives, and nobody waits for the end of a very long text."""
    from django.template.loader import render_to_string

    given = {"article": {"url": "https://xg.example.gov.cn/items/1/"}, "facts": []}
    short = render_to_string("portal/item.html", given | {"body": "<p>正文</p>"})
    long = render_to_string("portal/item.html", given | {"body": "正" * 100_001})
    assert '<link rel="expect" href="#spoken" blocking="render">' in short and 'id="spoken"' in short
    assert '<link rel="expect" href="#facts-end" blocking="render">' in long and 'id="facts-end"' in long
