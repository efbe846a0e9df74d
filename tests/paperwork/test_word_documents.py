"""Word files: fonts, page, merged cells, and how another program shows them."""

import datetime
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from gongkai.paperwork.document import Paragraph
from gongkai.paperwork.errors import FieldEmpty
from gongkai.paperwork.word import letter_docx, reply_docx, report_docx
from tests.paperwork.samples import OFFICE, Pages, letter, reply, report

MM = 36_000  # EMU


def _text(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def _part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


def test_letter_says_the_same_as_its_pdf():
    lines = [line for line in _text(letter_docx(letter())) if line]
    assert lines[:4] == [OFFICE, "西城改公复〔2021〕1号", "关于政府信息公开申请的答复", "张某某："]
    assert lines[-6:] == [
        "附件：1.\t房屋征收补偿方案",
        "2.\t材料清单",
        OFFICE,
        "2021年7月5日",
        "（此件依申请公开）",
        "（联系人：李某；联系电话：0379-00000000）",
    ]


def test_page_has_the_margins_of_the_standard():
    section = Document(io.BytesIO(letter_docx(letter()))).sections[0]
    assert round(section.page_width / MM) == 210
    assert round(section.page_height / MM) == 297
    assert [
        round(side / MM)
        for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ] == [37, 35, 28, 26]
    assert section.different_first_page_header_footer, "the first page of a letter bears no number"
    assert not Document(io.BytesIO(reply_docx(reply()))).sections[0].different_first_page_header_footer


def test_types_of_the_standard_are_named_with_fall_backs():
    data = letter_docx(letter())
    document = Document(io.BytesIO(data))
    fonts = {
        style: document.styles[style].element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
        "Heading 3": "仿宋_GB2312",
        "Title": "方正小标宋简体",
    }
    assert document.styles["Normal"].font.size.pt == 16
    table = _part(data, "word/fontTable.xml")
    for name in fonts.values():
        others = re.search(rf'w:name="{name}"><w:altName w:val="([^"]+)"', table)
        assert (others and "Noto" in others[1]) or "WenKai" in others[1]


def test_properties_name_the_title_and_no_person():
    properties = Document(io.BytesIO(letter_docx(letter()))).core_properties
    assert properties.title == "关于政府信息公开申请的答复"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.date() == datetime.date(2021, 7, 5)


@pytest.mark.parametrize(
    ("make", "sample"), [(letter_docx, letter), (reply_docx, reply), (report_docx, report)]
)
def test_same_document_gives_the_same_bytes(make, sample):
    data = make(sample())
    assert data == make(sample())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_report_tables_are_merged_like_the_form():
    tables = Document(io.BytesIO(report_docx(report()))).tables
    assert [(len(table.rows), len(table.columns)) for table in tables] == [(14, 4), (28, 10), (4, 15)]
    two, three, four = tables
    assert {two.cell(0, column).text for column in range(4)} == {"第二十条第（一）项"}
    assert [two.cell(3, column).text for column in range(4)] == ["行政规范性文件", "2", "1", "5"]
    assert two.cell(6, 1)._tc is two.cell(6, 3)._tc, "a single figure runs over three columns"
    assert {three.cell(row, 0).text for row in range(5, 27)} == {"三、本年度办理结果"}
    assert {three.cell(row, 1).text for row in range(7, 15)} == {"（三）不予公开"}
    assert three.cell(0, 3)._tc is three.cell(0, 9)._tc
    assert [three.cell(3, column).text for column in range(3, 10)] == ["1", "0", "0", "0", "0", "0", "1"]
    assert [four.cell(3, column).text for column in range(5)] == ["1", "2", "3", "4", "10"]
    assert four.cell(0, 5)._tc is four.cell(0, 14)._tc
    header = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in three.rows]
    assert header == [True] * 3 + [False] * 25, "the heading of table three is repeated on each page"


def test_hostile_text_stays_text():
    hostile = "<w:p>&amp;\x00\x0b]]>\ud800{{x}}" + "=cmd|' /C calc'!A0"
    lines = _text(letter_docx(letter(addressee=hostile, attachments=(hostile,))))
    assert "<w:p>&amp; ]]>{{x}}=cmd|' /C calc'!A0：" in lines
    with pytest.raises(FieldEmpty, match="“署名”没有填写"):
        letter_docx(letter(signatory="\x00"))


def test_a_hundred_attachments_and_rare_characters():
    names = tuple(f"第{number}份\U00031350" for number in range(1, 101))
    assert "100.\t第100份\U00031350" in _text(letter_docx(letter(attachments=names)))


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict[str, Pages]:
    """The three documents as LibreOffice lays them out."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder: Path = tmp_path_factory.mktemp("word")
    long_body = tuple(Paragraph(text="国" * 28 * 5) for _ in range(8))
    for name, data in (
        ("letter", letter_docx(letter(body=long_body))),
        ("reply", reply_docx(reply())),
        ("report", report_docx(report())),
    ):
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *map(str, sorted(folder.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {name: Pages((folder / f"{name}.pdf").read_bytes()) for name in ("letter", "reply", "report")}


def test_letter_in_another_program_has_head_lines_and_grid(shown):
    pages = shown["letter"]
    rows = pages.red_rows(0)
    assert rows[0][0] == pytest.approx(30, abs=1.5), "the mark"
    wide = [row for row in rows if row[2] - row[1] > 165]
    assert wide[0][2] - wide[0][1] == pytest.approx(170, abs=1)
    assert wide[-1][0] == pytest.approx(277, abs=1.5), "the lower line"
    glyphs = [glyph for glyph in pages.glyphs(1) if glyph.character == "国"]
    lines: dict[float, int] = {}
    for glyph in glyphs:
        lines[round(glyph.top)] = lines.get(round(glyph.top), 0) + 1
    assert max(lines.values()) == 28
    tops = sorted(lines)
    assert (tops[-1] - tops[0]) / (len(tops) - 1) == pytest.approx(225 / 22, abs=0.1)
    assert "—2—" in pages.text(1)
    assert "—1—" not in pages.text(0)


def test_reply_in_another_program_ends_with_the_imprint(shown):
    pages = shown["reply"]
    last = pages.glyphs(len(pages) - 1)
    text = "".join(glyph.character for glyph in last)
    place = text.index("抄送：区政府办公室，区信访局。")
    assert last[place].top > 235, "at the foot of the 版心"
    assert "2021年7月6日印发" in text


def test_report_in_another_program_repeats_the_head_of_table_three(shown):
    pages = shown["report"]
    said = [pages.text(number) for number in range(len(pages))]
    head = [page for page in said if "社会公益组织" in page]
    rows = [page for page in said if "（四）无法提供" in page or "四、结转下年度继续办理" in page]
    assert rows and set(rows) <= set(head)
    assert "2022年1月20日" in said[-1] and "无需要说明的其他事项" in said[-1], (
        "no page holds a signature alone"
    )
