"""The annual report, the review sheet and the receipt as PDF."""

import dataclasses
import datetime
import io
from decimal import Decimal

import pikepdf
import pytest

from gongkai.paperwork.document import Paragraph
from gongkai.paperwork.errors import GlyphMissing, PaperworkError
from gongkai.paperwork.pdf import receipt_pdf, report_pdf, review_sheet_pdf
from gongkai.paperwork.report import PARTS, GroundBlock, Row, application_grid, disclosure_grid, remedy_grid
from gongkai.paperwork.sheets import ReviewStep
from tests.paperwork.samples import OFFICE, Pages, receipt, report, review_sheet


def _structure(data: bytes) -> list[str]:
    """The kinds of the structure elements of a tagged PDF, in reading order."""
    kinds: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                kinds.append(str(node.S).removeprefix("/"))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return kinds


def test_report_has_six_parts_in_order_and_every_figure():
    pages = Pages(report_pdf(report()))
    text = pages.text()
    places = [text.index(part) for part in PARTS]
    assert places == sorted(places)
    assert "行政规范性文件215" in text
    assert "行政许可31" in text
    assert "行政事业性收费0.0000" in text
    assert "一、本年新收政府信息公开申请数量1000001" in text
    assert "3.其他1000001" in text
    assert "四、结转下年度继续办理0000000" in text
    remedies = text[text.index(PARTS[3]) : text.index(PARTS[4])]
    assert remedies.endswith("1234100000000000")
    assert f"{OFFICE}2022年1月20日" in text[text.index(PARTS[5]) :]


def test_table_three_stands_on_one_page():
    pages = Pages(report_pdf(report()))
    holding = [number for number in range(len(pages)) if "三、收到和处理" in pages.text(number)]
    assert len(holding) == 1
    assert "四、结转下年度继续办理" in pages.text(holding[0])


def test_report_is_tagged_with_headings_and_table_headers():
    kinds = _structure(report_pdf(report()))
    assert kinds.count("Table") == 3
    assert kinds.count("H1") == 1
    assert kinds.count("H2") == 6
    assert kinds.count("TH") == 18 + 10 + 32 + 19, (
        "labels of table two, head and labels of three, head of four"
    )
    assert kinds.count("TD") == 10 + 175 + 15, "every figure"
    assert kinds.count("TR") == 14 + 28 + 4


def _said_by_a_screen_reader(data: bytes) -> list[tuple[str, ...]]:
    """For each figure of the tables its labels, as the headers of its cell name them."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = pdf.Root.StructTreeRoot.IDTree.Names
        heads = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
        scopes = {
            name: next(str(row.Scope) for row in head.A if row.O == "/Table") for name, head in heads.items()
        }
        assert set(scopes.values()) == {"/Row", "/Column"}

        def figures(node):
            if isinstance(node, pikepdf.Array):
                for kid in node:
                    yield from figures(kid)
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                if node.S == "/TD":
                    yield tuple(
                        str(name) for name in next(row for row in node.A if row.O == "/Table").Headers
                    )
                elif "/K" in node:
                    yield from figures(node.K)

        found = list(figures(pdf.Root.StructTreeRoot.K))
    assert {name for each in found for name in each} <= set(heads)
    return found


def test_each_figure_names_its_row_and_its_column_to_a_screen_reader():
    found = _said_by_a_screen_reader(report_pdf(report()))
    assert found[1] == ("T1r0c0", "T1r1c2", "T1r2c0"), "（一）项, 本年废止件数, 规章"
    assert found[6] == ("T1r4c0", "T1r5c1", "T1r6c0"), "（五）项, 本年处理决定数量, 行政许可"
    three = found[10:185]
    assert three[0] == ("T2r0c3", "T2r1c3", "T2r3c0"), "申请人情况, 自然人, 一、本年新收"
    assert three[29] == ("T2r0c3", "T2r1c4", "T2r2c4", "T2r5c0", "T2r7c1", "T2r7c2"), "商业企业, （三）1."
    assert found[-1] == ("T3r0c5", "T3r1c10", "T3r2c14")


def test_report_is_pdf_a_2a_in_chinese_with_every_font_inside():
    with pikepdf.open(io.BytesIO(report_pdf(report()))) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert [str(intent.S) for intent in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]
        said = pdf.open_metadata()
        assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("2", "A", "1")
        assert said["dc:title"] == f"{OFFICE}2021年政府信息公开工作年度报告"
        fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
        assert fonts
        for font in fonts:
            inner = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in inner or "/FontFile2" in inner
            assert "/ToUnicode" in font, "its text can be copied and read aloud"


@pytest.mark.parametrize("paragraphs", [0, 4, 7, 10, 14])
def test_no_page_before_the_end_is_left_half_empty_and_no_group_is_parted(paragraphs):
    text = "依法办理政府信息公开申请，主动公开政府信息，健全制度。" * 4
    overview = tuple(Paragraph(text=text) for _n in range(paragraphs)) or report().overview
    pages = Pages(report_pdf(report(overview=overview)))
    said = [pages.text(number) for number in range(len(pages))]
    for number in range(len(pages) - 1):
        foot = max(glyph.bottom for glyph in pages.glyphs(number) if glyph.bottom < 37 + 226)
        assert foot > 37 + 225 * 0.55, f"page {number + 1} of {len(pages)}"
        assert f"—{number + 1}—" in said[number]
    for group in ("1.属于国家秘密", "8.属于行政查询事项"), ("1.信访举报投诉类申请", "5.要求行政机关确认"):
        assert [page for page in said if group[0] in page] == [page for page in said if group[1] in page]
    head = [page for page in said if "社会公益组织" in page]
    rows = [page for page in said if "（四）无法提供" in page or "四、结转下年度" in page]
    assert set(rows) <= set(head), "a part of table three overleaf has its head"


def test_long_figures_stay_in_their_cells():
    table = report().applications
    long = (3985758, 1000000, 9999999, 3985758, 1234567, 7654321, 9985758)
    big = dataclasses.replace(
        table, before=(dataclasses.replace(table.before[0], values=long), table.before[1])
    )
    grid = application_grid(big)
    sizes = {grid.size(cell) for cell in grid.cells if len(cell.text) == 7 and cell.role == "value"}
    assert len(sizes) == 1 and 7 <= sizes.pop() < 10
    block = GroundBlock(
        ground="第二十条第（八）项",
        columns=("本年收费金额",),
        rows=(Row(label="行政事业性收费", values=("96171.6000",)),),
    )
    text = Pages(report_pdf(report(applications=big, disclosure=(block,)))).text()
    assert "".join(str(value) for value in long) in text, "no figure breaks over two lines"
    assert "行政事业性收费96171.6000" in text


def test_report_headings_of_every_level_keep_their_order():
    overview = (
        Paragraph(text="（一）主动公开", level=2),
        Paragraph(text="1.重点领域", level=3),
        Paragraph(text="（1）征收", level=4),
        Paragraph(text="公开9项。", lead="一是全面。"),
    )
    data = report_pdf(report(overview=overview))
    assert "一是全面。公开9项。" in Pages(data).text()
    kinds = [kind for kind in _structure(data) if kind in {"H1", "H2", "H3", "H4", "H5"}]
    assert kinds[:6] == ["H1", "H2", "H3", "H4", "H5", "H2"]


def test_fee_is_printed_with_its_decimals_and_without_exponent():
    block = GroundBlock(
        ground="第二十条第（八）项",
        columns=("本年收费金额",),
        rows=(Row(label="收费", values=(Decimal("0E-4"),)), Row(label="大额", values=(Decimal("1E+3"),))),
    )
    texts = [cell.text for cell in disclosure_grid((block,)).cells if cell.role == "value"]
    assert texts == ["0.0000", "1000"]


def _covered(grid):
    places = [
        (cell.row + down, cell.column + right)
        for cell in grid.cells
        for down in range(cell.rows)
        for right in range(cell.columns)
    ]
    assert len(places) == len(set(places)), "no two cells share a place"
    return set(places)


def test_grids_fill_their_rectangles_exactly():
    for grid in (
        disclosure_grid(report().disclosure),
        application_grid(report().applications),
        remedy_grid(report().remedies),
    ):
        full = {(row, column) for row in range(grid.rows) for column in range(len(grid.widths))}
        assert _covered(grid) == full


def test_wrong_number_of_figures_is_named():
    table = report().applications
    broken = dataclasses.replace(table, before=(Row(label="一、本年新收", values=(1, 2)),))
    with pytest.raises(PaperworkError, match="“一、本年新收”有2个数字，表格这一行需要7个"):
        application_grid(broken)
    with pytest.raises(PaperworkError, match="现在有2栏"):
        disclosure_grid((GroundBlock(ground="某项", columns=("甲", "乙"), rows=()),))


def test_missing_glyph_in_a_table_names_its_place():
    table = dataclasses.replace(report().applications, after=(Row(label="四\U00031350", values=(0,) * 7),))
    with pytest.raises(GlyphMissing) as caught:
        report_pdf(report(applications=table))
    assert caught.value.field == f"{PARTS[2]}第1行行名"


def test_review_sheet_shows_points_people_digest_and_code():
    data = review_sheet_pdf(review_sheet())
    text = Pages(data).text()
    assert len(Pages(data)) == 1
    for expected in (
        "政府信息公开审查呈批单",
        "10第10项否已核对",
        "经办人确认可以公开。张某2021年6月1日9:05",
        "分管领导复核同意。李某2021年6月1日15:30",
        "主要领导审批",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "公开渠道区政府门户网站",
    ):
        assert expected in text
    assert "Figure" in _structure(data), "the code is tagged, with its text as alternative"


def test_review_sheet_code_changes_with_its_content():
    first = review_sheet_pdf(review_sheet())
    assert first == review_sheet_pdf(review_sheet())
    assert first != review_sheet_pdf(review_sheet(qr="gongkai:other"))


def test_long_opinions_run_on_to_a_second_page():
    steps = tuple(
        ReviewStep(
            role=f"第{n}人", person="张某", opinion="同意。" * 300, time=datetime.datetime(2021, 6, n, 9)
        )
        for n in range(1, 4)
    )
    pages = Pages(review_sheet_pdf(review_sheet(steps=steps)))
    assert len(pages) > 1
    assert pages.text().count("同意。") == 900


def test_receipt_says_what_the_applicant_needs():
    text = Pages(
        receipt_pdf(
            receipt(
                due_note="2022年放假安排公布前为暂定",
                query_address="https://www.example.gov.cn/sqgk",
                contact="0379-00000000",
            )
        )
    ).text()
    for expected in (
        "登记编号西城改公申〔2021〕1号",
        "收到申请之日2021年6月15日",
        "答复期限2021年7月13日（2022年放假安排公布前为暂定）",
        "1.申请表2.身份证复印件",
        "K7Q2M9XD4F8H",
        "https://www.example.gov.cn/sqgk",
        f"{OFFICE}2021年6月15日",
    ):
        assert expected in text


def test_receipt_without_material_says_so():
    assert "收到材料无" in Pages(receipt_pdf(receipt(materials=()))).text()
