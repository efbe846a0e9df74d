"""A released text as PDF and Word: all of it, in its order, and nothing that a reader would miss."""

import datetime
import io

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gongkai.paperwork.released import Line, Picture, ReleasedText, Table, blocks_of
from gongkai.paperwork.released_files import MISSING, TOO_LONG, released_docx, released_pdf
from gongkai.paperwork.sheets import Fact

BODY = (
    "<h2>第一章　总则</h2><p>第一条　为了<strong>规范</strong>征收，制定<u>本办法</u>。</p>"
    "<ol start='3'><li>现状<ul><li>户数</li></ul></li><li><p>标准</p></li></ol>"
    "<table><caption>补偿标准</caption><tr><th rowspan='2'>项目</th><th colspan='2'>金额</th></tr>"
    "<tr><th>住宅</th><th>商业</th></tr><tr><td>搬迁费</td><td>10m<sup>2</sup></td><td>H<sub>2</sub>O</td></tr></table>"
    "<figure><img src='gongkai:1' alt='现场照片'><figcaption>图1　现场</figcaption></figure>"
    '<p class="right">2021年3月1日</p>'
)


def picture(width=600, height=300):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (180, 40, 40)).save(out, "PNG")
    return out.getvalue()


def text(body=BODY, **more):
    given_text = {
        "title": "西工区国有土地上房屋征收与补偿实施办法",
        "day": datetime.date(2021, 3, 1),
        "facts": (Fact(name="索引号", value="XG0123/2021-00001"),),
        "blocks": blocks_of(body),
        "files": ("标准.xlsx",),
        "note": "发布于洛阳市西工区政府信息公开网",
        "pictures": lambda source: picture(),
    }
    return ReleasedText(**given_text | more)


def words_of_pdf(data):
    document = pypdfium2.PdfDocument(data)
    pages = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(pages.split())


def words_of_docx(data):
    return "".join(node.text or "" for node in Document(io.BytesIO(data)).element.body.iter(qn("w:t")))


SAID = (
    "西工区国有土地上房屋征收与补偿实施办法", "XG0123/2021-00001", "第一章", "规范", "本办法", "3.", "现状", "户数", "4.", "标准",
    "补偿标准", "住宅", "商业", "搬迁费", "图1", "2021年3月1日", "标准.xlsx", "发布于洛阳市西工区政府信息公开网",
)  # fmt: skip


WAYS = [(released_pdf, words_of_pdf), (released_docx, words_of_docx)]


@pytest.mark.parametrize(("make", "read"), WAYS, ids=["pdf", "docx"])
def test_everything_that_the_page_says_is_in_the_file_in_its_order(make, read):
    said = read(make(text()))

    place = -1
    for words in SAID:
        assert words in said
        if words not in ("3.", "4.", "标准", "标准.xlsx", "2021年3月1日"):
            assert said.index(words) > place
            place = said.index(words)


def test_the_same_text_gives_the_same_bytes():
    assert released_pdf(text()) == released_pdf(text())
    assert released_docx(text()) == released_docx(text())


def test_a_table_keeps_the_places_of_its_cells_and_repeats_its_head():
    (table,) = [block for block in blocks_of(BODY) if isinstance(block, Table)]

    places = {cell.lines[0][0].text: (cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells}
    assert places["项目"] == (0, 0, 2, 1)
    assert places["金额"] == (0, 1, 1, 2)
    assert places["商业"] == (1, 2, 1, 1)
    assert (table.rows, table.columns, table.head_rows, table.caption) == (3, 3, 2, "补偿标准")


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>甲</td><td rowspan=3>乙</td><td>丙</td></tr><tr><td colspan=3>丁</td></tr><tr><td>戊</td><td>己</td></tr>",
        "<tr><td rowspan=2>甲</td><td>乙</td><td rowspan=2>丙</td></tr><tr><td colspan=3 rowspan=2>丁</td></tr><tr><td>戊</td></tr>",
    ],
)
def test_cells_that_would_lie_over_one_another_stand_side_by_side(rows):
    body = f"<table>{rows}</table>"
    (table,) = blocks_of(body)
    places = [
        (cell.row + y, cell.column + x)
        for cell in table.cells
        for y in range(cell.rows)
        for x in range(cell.columns)
    ]
    assert len(places) == len(set(places))
    for make, read in WAYS:
        assert set("甲乙丙丁戊") <= set(read(make(text(body))))


def test_the_wide_blank_after_an_article_stays_and_a_line_break_of_the_source_does_not():
    (line,) = blocks_of("<p>第一条　为了\n   公开</p>")
    assert isinstance(line, Line)
    assert line.text == "第一条　为了 公开"
    assert "第一条　为了" in words_of_docx(released_docx(text()))


def test_a_character_without_a_glyph_is_shown_as_such_and_said():
    said = words_of_pdf(released_pdf(text("<p>地名\U000323ae村</p>")))
    assert "地名〓村" in said
    assert MISSING in said


def test_a_picture_that_cannot_be_read_leaves_its_words():
    broken = text(pictures=lambda source: b"no picture")
    assert "现场照片" in words_of_pdf(released_pdf(broken))
    assert "现场照片" in words_of_docx(released_docx(broken))


def test_a_text_longer_than_a_document_ends_and_says_so():
    long = text("<p>" + "公开" * 30_000 + "</p>" + "<p>公开</p>" * 40_000)
    assert TOO_LONG in words_of_docx(released_docx(long))


def test_what_is_nested_without_end_is_kept_as_text():
    deep = "<blockquote>" * 200 + "<p>底</p>" + "</blockquote>" * 200
    assert "底" in words_of_pdf(released_pdf(text(deep)))


def test_blocks_out_of_place_are_read_all_the_same():
    found = blocks_of("话<p>段</p>尾<ul><p>无</p><li>项</li></ul><table></table><img src='x' alt='图'>")
    assert [block.text for block in found if isinstance(block, Line)] == ["话", "段", "尾", "项"]
    assert isinstance(found[-1], Picture)


_TAGS = st.sampled_from(
    ["p", "h2", "h4", "ul", "ol", "li", "table", "tr", "td", "th", "strong", "sub", "figure", "blockquote"]
)
_TREES = st.recursive(
    st.text("公开 a　<&\n", max_size=6).map(lambda said: said.replace("<", "&lt;").replace("&l", "&amp;l")),
    lambda inner: st.builds(
        lambda tag, children, span: f"<{tag} colspan='{span}' rowspan='{span}'>{''.join(children)}</{tag}>",
        _TAGS,
        st.lists(inner, max_size=3),
        st.sampled_from(["1", "2", "0", "-1", "9999", "x"]),
    ),
    max_leaves=12,
)


@given(_TREES)
@settings(max_examples=40, deadline=None)
def test_any_tree_of_these_elements_becomes_both_files(body):
    ready = text(body)
    assert released_pdf(ready).startswith(b"%PDF")
    assert released_docx(ready).startswith(b"PK")
