"""The picture edition: drawn from the frozen report alone, from zero, with its numbers; written and gone with it."""

import copy
import io
import re
from datetime import date

import lxml.html
import pytest
from PIL import Image

from gongkai.channels import tree
from gongkai.journal import outbox
from gongkai.reporting import drawing, picture
from gongkai.reporting.document import tables_of
from gongkai.review import releases
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import Cell
from tests import items
from tests.portal import sites
from tests.reporting.reports import case, published

FOLDER = "reports/XG0123/2021"
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(office):
    return sites.written(office)


@pytest.fixture
def report(office, at):
    """Two items; four applications of which three are answered; published on 10 January."""
    with at(2021, 6, 1):
        items.released(office)
        items.released(office, title="棚户区改造政策解读", column="interpretation")
    for row, kind, channel in (
        ("r3_1", "natural_person", "web"),
        ("r3_3_4", "commercial_enterprise", "ordinary_mail"),
        ("r3_3_7", "natural_person", "web"),
    ):
        case(office, date(2021, 3, 1), row=row, answered=date(2021, 3, 5), kind=kind, channel=channel)
    case(office, date(2021, 12, 30))
    with at(2022, 1, 10):
        return published(office)


def chart(made, key):
    return next(one for one in made.charts if one.key == key)


def numbers(one):
    return {bar.label: bar.value for bar in one.bars}


def test_the_charts_say_what_the_report_says(report):
    content = content_of(report.live.digest)
    made = picture.picture(content, date(2022, 1, 10))
    assert numbers(chart(made, "channels")) == {"当面申请": 0, "传真申请": 0, "网络申请": 3, "信函申请": 1}
    assert numbers(chart(made, "applicants"))["商业企业"] == 1
    outcomes = numbers(chart(made, "outcomes"))
    assert (outcomes["予以公开"], outcomes["不予公开"], outcomes["其他处理"]) == (1, 2, 0)
    assert sum(outcomes.values()) == tables_of(content).value(Cell("applications", "r3_7", "total"))
    assert sum(numbers(chart(made, "columns")).values()) == 2
    assert [fact.number for fact in made.facts] == ["2", "4", "3", "0"]


def test_nothing_is_drawn_longer_than_it_is(report):
    made = picture.picture(content_of(report.live.digest), date(2022, 1, 10))
    for one in made.charts:
        for bar, drawn in zip(one.bars, drawing.drawing(one, 2021)["bars"], strict=True):
            assert drawn.width == round(drawing.LONGEST * bar.value / one.most)
            assert drawn.said.startswith(f"{bar.value}{one.unit}")
    assert {bar.share for bar in chart(made, "channels").bars} == {"0.0%", "75.0%", "25.0%"}


def test_what_is_nothing_is_said_as_nothing_and_has_no_share(report):
    content = content_of(report.live.digest)
    said = chart(picture.picture(content, date(2022, 1, 10)), "remedies")
    assert not said.bars and "0件" in said.note
    assert picture.share(0, 0) == ""


def test_a_report_frozen_before_there_were_pictures_is_drawn_without_what_it_lacks(report):
    older = copy.deepcopy(content_of(report.live.digest))
    del older["columns"], older["previous"]
    keys = [one.key for one in picture.picture(older, date(2022, 1, 10)).charts]
    assert keys == ["channels", "applicants", "outcomes", "remedies"]


def test_this_year_stands_beside_the_last(report, office, at):
    with at(2023, 1, 10):
        following = published(office, 2022)
    made = picture.picture(content_of(following.live.digest), date(2023, 1, 10))
    compared = chart(made, "comparison")
    pairs = {bar.label: (bar.value, bar.before) for bar in compared.bars}
    assert pairs["新收申请"] == (0, 4) and pairs["上年结转申请"] == (1, 0)
    assert "行政复议" in compared.note


def test_page_and_png_stand_on_the_site_with_the_report_and_go_with_it(report, office, at):
    page = tree.read(f"{FOLDER}/picture.html").decode()
    root = lxml.html.document_fromstring(page)
    tags = {tag.get("name"): tag.get("content") for tag in root.iterfind("head/meta[@name]")}
    assert tags["ArticleTitle"].startswith("图解：西工区城市改造办公室2021年") and tags["Url"].endswith(
        "picture.html"
    )
    for one in root.findall(".//svg"):
        assert one.get("role") == "img" and re.search(r"\d", one.get("aria-label"))
    drawn = {section.get("aria-labelledby") for section in root.findall(".//section[@class='chart']")}
    tables = root.findall(".//section[@class='chart']//table")
    assert len(drawn) == 5 and len(tables) == 4
    for table in tables:
        assert table.find("caption").text_content().strip()
        assert all(cell.get("scope") for cell in table.findall(".//th"))
    assert 'href="picture.html"' in tree.read(f"{FOLDER}/index.html").decode()
    image = Image.open(io.BytesIO(tree.read(f"{FOLDER}/picture.png")))
    assert image.width == 1080 and image.height > 1080
    assert all(person.name not in page for person in office.people.values())
    with at(2022, 2, 1):
        releases.withdraw(office.actor("approver"), report.live, reason="error")
        outbox.sweep()
    assert tree.read(f"{FOLDER}/picture.html") is None and tree.read(f"{FOLDER}/picture.png") is None


def test_records_that_change_after_publication_leave_the_picture_as_it_is(report, office):
    before = picture.picture(content_of(report.live.digest), date(2022, 1, 10))
    case(office, date(2021, 5, 1), row="r3_1", answered=date(2021, 5, 5))
    assert picture.picture(content_of(report.live.digest), date(2022, 1, 10)) == before
