"""信函格式 and 文件格式 as PDF: what stands where, measured on the page (GB/T 9704)."""

import datetime
import io

import pikepdf
import pytest

from gongkai.paperwork.document import Paragraph
from gongkai.paperwork.errors import FieldEmpty, GlyphMissing, TooLong
from gongkai.paperwork.pdf import letter_pdf, reply_pdf
from tests.paperwork.samples import OFFICE, Pages, letter, reply


def test_text_is_complete_and_in_order():
    text = Pages(letter_pdf(letter())).text()
    expected = [
        OFFICE,
        "西城改公复〔2021〕1号",
        "关于政府信息公开申请的答复",
        "张某某：",
        "本机关于2021年6月15日",
        "一、办理情况",
        "（一）获取途径",
        "请到瀍河区图书馆查阅，联系人赵喆。",
        "附件：1.房屋征收补偿方案",
        "2.材料清单",
        "2021年7月5日",
        "（此件依申请公开）",
        "（联系人：李某；联系电话：0379-00000000）",
    ]
    places = [text.index(part) for part in expected]
    assert places == sorted(places)


def test_head_and_red_lines_stand_where_the_standard_puts_them():
    rows = Pages(letter_pdf(letter())).red_rows(0)
    assert rows[0][0] == pytest.approx(30, abs=0.2), "标志 begins 30 mm under the upper edge"
    wide = [row for row in rows if row[2] - row[1] > 160]
    upper = [row for row in wide if row[0] < 100]
    lower = [row for row in wide if row[0] > 200]
    for lines in (upper, lower):
        assert lines[0][2] - lines[0][1] == pytest.approx(170, abs=0.3)
        assert lines[0][1] == pytest.approx(20, abs=0.2), "centred on the paper"
    mark_ends = max(row[0] for row in rows if row[0] < upper[0][0] - 1)
    assert upper[0][0] - mark_ends == pytest.approx(4, abs=0.3), "the line is 4 mm under the mark"
    assert lower[-1][0] == pytest.approx(277, abs=0.2), "20 mm from the lower edge"
    # 上粗下细 above, 上细下粗 below: count the rows of each line of the pair.
    assert _thickness(upper)[0] > _thickness(upper)[1]
    assert _thickness(lower)[0] < _thickness(lower)[1]


def _thickness(rows):
    groups = [[rows[0]]]
    for row in rows[1:]:
        if row[0] - groups[-1][-1][0] > 0.15:
            groups.append([])
        groups[-1].append(row)
    return [len(group) for group in groups]


def test_number_stands_right_under_the_first_line():
    pages = Pages(letter_pdf(letter()))
    line_ends = max(row[0] for row in pages.red_rows(0) if row[0] < 100)
    number = [glyph for glyph in pages.glyphs(0) if line_ends < glyph.top < line_ends + 15]
    assert "".join(glyph.character for glyph in number) == "西城改公复〔2021〕1号"
    assert number[-1].right == pytest.approx(184, abs=0.8), "flush with the right edge of the 版心"
    seven_eighths = 16 * 7 / 8 * 25.4 / 72
    assert min(glyph.top for glyph in number) - line_ends == pytest.approx(seven_eighths, abs=0.6)


def test_a_full_page_has_22_lines_of_28_characters():
    body = (Paragraph(text="国" * 28 * 60),)
    glyphs = [glyph for glyph in Pages(letter_pdf(letter(body=body))).glyphs(1) if glyph.character == "国"]
    lines: dict[float, list] = {}
    for glyph in glyphs:
        lines.setdefault(round(glyph.top, 1), []).append(glyph)
    assert len(lines) == 22
    assert {len(line) for line in lines.values()} == {28}
    tops = sorted(lines)
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(225 / 22, abs=0.02)
    first = lines[tops[0]]
    assert first[0].left >= 28
    assert first[-1].right <= 184
    assert first[1].left - first[0].left == pytest.approx(156 / 28, abs=0.02)
    assert 37 <= tops[0] <= 41
    assert lines[tops[-1]][0].bottom <= 262


def test_paragraphs_are_indented_by_two_characters():
    pages = Pages(letter_pdf(letter(body=(Paragraph(text="国" * 100),))))
    glyphs = [glyph for glyph in pages.glyphs(0) if glyph.character == "国"]
    left = min(glyph.left for glyph in glyphs)
    assert glyphs[0].left - left == pytest.approx(2 * 156 / 28, abs=0.05)


def test_first_page_has_no_number_and_the_second_has_it_on_the_left():
    pages = Pages(letter_pdf(letter(body=(Paragraph(text="国" * 28 * 40),))))
    assert "—1—" not in pages.text(0)
    dashes = [glyph for glyph in pages.glyphs(1) if glyph.character == "—"]
    assert "—2—" in pages.text(1)
    assert (dashes[0].top + dashes[0].bottom) / 2 == pytest.approx(262 + 7, abs=0.6)
    assert dashes[0].left == pytest.approx(28 + 14 * 25.4 / 72, abs=0.8), (
        "an even page: one character in from the left"
    )


def test_sealed_date_stands_four_characters_from_the_right_under_a_centred_signatory():
    pages = Pages(letter_pdf(letter(attachments=(), notes=(), body=(Paragraph(text="特此答复。"),))))
    glyphs = pages.glyphs(0)
    text = "".join(glyph.character for glyph in glyphs)
    date = glyphs[text.index("2021年7月5日") :][: len("2021年7月5日")]
    name = glyphs[text.rindex(OFFICE) :][: len(OFFICE)]
    assert 184 - date[-1].right == pytest.approx(4 * 156 / 28, abs=1)
    assert (name[0].left + name[-1].right) / 2 == pytest.approx((date[0].left + date[-1].right) / 2, abs=1)
    body_ends = next(glyph for glyph in glyphs if glyph.character == "特").bottom
    assert name[0].top - body_ends > 2 * 225 / 22, "two rows are left for the seal"


def test_unsealed_date_begins_two_characters_right_of_the_signatory():
    pages = Pages(letter_pdf(letter(sealed=False, attachments=(), body=(Paragraph(text="特此答复。"),))))
    glyphs = pages.glyphs(0)
    text = "".join(glyph.character for glyph in glyphs)
    date = glyphs[text.index("2021年7月5日")]
    name = glyphs[text.rindex(OFFICE)]
    assert date.left - name.left == pytest.approx(2 * 156 / 28, abs=1)


@pytest.mark.parametrize("attachments", [(), ("甲", "乙")])
@pytest.mark.parametrize("last", [20, 270])
def test_signature_never_stands_alone_on_a_page(attachments, last):
    for rows in range(4, 16):
        body = (*(Paragraph(text="国" * 20) for _ in range(rows)), Paragraph(text="民" * last))
        pages = Pages(letter_pdf(letter(body=body, attachments=attachments, notes=())))
        signed = next(number for number in range(len(pages)) if "2021年7月5日" in pages.text(number))
        assert "民" in pages.text(signed)


def test_file_claims_pdf_a_2a_and_ua_and_embeds_its_fonts():
    with pikepdf.open(io.BytesIO(letter_pdf(letter()))) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "关于政府信息公开申请的答复"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "zh-CN"
        assert "/StructTreeRoot" in pdf.Root
        fonts = {}
        for page in pdf.pages:
            for font in page.resources.Font.values():
                fonts[str(font.BaseFont).split("+")[1]] = font.DescendantFonts[0].FontDescriptor
    assert {name.split("-")[0] for name in fonts} == {"GongkaiSong", "GongkaiHei", "GongkaiKai"}
    assert all("/FontFile2" in each or "/FontFile3" in each for each in fonts.values())


def test_same_letter_gives_the_same_bytes():
    assert letter_pdf(letter()) == letter_pdf(letter())
    assert letter_pdf(letter()) != letter_pdf(letter(date=datetime.date(2021, 7, 6)))


def test_missing_glyph_names_field_and_character():
    body = (Paragraph(text="第一段。"), Paragraph(text="他姓\U00031350。"))
    with pytest.raises(GlyphMissing) as caught:
        letter_pdf(letter(body=body))
    assert caught.value.character == "\U00031350"
    assert caught.value.field == "正文第2段"
    assert "“正文第2段”里的“\U00031350”（U+31350）" in str(caught.value)
    with pytest.raises(GlyphMissing, match="主送机关"):
        letter_pdf(letter(addressee="王😀"))


def test_rare_characters_of_names_are_shown():
    text = Pages(letter_pdf(letter(addressee="瀍喆〇㛃䶮堃靐"))).text()
    assert "瀍喆〇㛃䶮堃靐：" in text


def test_markup_of_the_typesetter_is_only_text():
    hostile = '#panic("x") $a$ *b* _c_ `d` @e <f> = g \\u{41} #import "x" {{ }} [ ] // h /* i'
    text = Pages(
        letter_pdf(letter(addressee=hostile, title=hostile, attachments=(hostile,), notes=(hostile,)))
    ).text()
    assert text.count("".join(hostile.split())) == 4


def test_control_characters_go_and_line_ends_become_spaces():
    text = Pages(letter_pdf(letter(addressee="张\x00\x07某\u202e\u200b某\r\n收"))).text()
    assert "张某某收：" in text


def test_long_words_wrap_inside_the_page():
    address = "https://example.gov.cn/" + "a1" * 200
    pages = Pages(letter_pdf(letter(body=(Paragraph(text=address),))))
    assert address in pages.text()
    assert max(glyph.right for glyph in pages.glyphs(0)) < 190.5


def test_a_hundred_attachments_and_a_very_long_body_are_set():
    names = tuple(f"第{number}份材料" for number in range(1, 101))
    pages = Pages(letter_pdf(letter(attachments=names, body=(Paragraph(text="国" * 50_000),))))
    assert "100.第100份材料" in pages.text()
    assert pages.text().count("国") == 50_000


def test_too_much_is_one_clear_sentence():
    with pytest.raises(TooLong, match=r"“文书全文”有.*超过200000字的上限"):
        letter_pdf(letter(body=tuple(Paragraph(text="国" * 150_000) for _ in range(2))))
    with pytest.raises(TooLong, match="“发文字号”有61字，超过60字的上限"):
        letter_pdf(letter(number="1" * 61))
    with pytest.raises(FieldEmpty, match="“标题”没有填写"):
        letter_pdf(letter(title=" \u3000\x00"))
    with pytest.raises(FieldEmpty, match="“正文”没有填写"):
        letter_pdf(letter(body=()))


def test_formal_reply_has_its_mark_line_and_imprint():
    pages = Pages(reply_pdf(reply()))
    rows = pages.red_rows(0)
    assert rows[0][0] == pytest.approx(37 + 35, abs=0.2), "标志 begins 35 mm under the 版心's upper edge"
    line = [row for row in rows if row[2] - row[1] > 150]
    assert line[0][2] - line[0][1] == pytest.approx(156, abs=0.3)
    number = next(glyph for glyph in pages.glyphs(0) if glyph.character == "〔")
    assert line[0][0] - number.bottom == pytest.approx(4, abs=0.6)
    assert "—1—" in pages.text(0)
    assert len(pages) % 2 == 0, "版记 stands on an even page"
    last = pages.text(len(pages) - 1)
    assert "抄送：区政府办公室，区信访局。" in last
    assert f"{OFFICE}2021年7月6日印发" in last


def test_imprint_page_behind_a_blank_page_bears_no_number():
    lengths = {}
    for rows in range(1, 26):
        pages = Pages(reply_pdf(reply(body=tuple(Paragraph(text="国" * 20) for _ in range(rows)))))
        assert len(pages) % 2 == 0
        lengths[rows] = pages
    blank = [pages for pages in lengths.values() if pages.text(len(pages) - 2) == ""]
    assert blank, "some length leaves no room for the imprint on page two"
    assert all("—4—" not in pages.text(3) for pages in blank)
