"""Cleaning, titles, dates, headings; and the fonts: what they hold, what they are called, what they weigh."""

import datetime
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from tools.fonts import gb2312

from gongkai.paperwork.document import Paragraph, paragraphs_of
from gongkai.paperwork.text import (
    FONTS,
    breakable,
    chinese_date,
    chinese_time,
    clean,
    has_glyph,
    narrow,
    text_width,
    title_lines,
)

FACES = sorted(path for path in FONTS.iterdir() if path.suffix in {".otf", ".ttf"})


def test_dates_are_not_padded():
    assert chinese_date(datetime.date(2021, 1, 5)) == "2021年1月5日"
    assert chinese_time(datetime.datetime(2021, 11, 30, 9, 5)) == "2021年11月30日 9:05"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("\u3000\u3000张某 \n", "张某"),
        ("甲\r\n\t乙", "甲 乙"),
        ("甲\u200b\ufeff\u202e乙\x00\x7f\ufe0f", "甲乙"),
        ("e\u0301", "é"),
        ("甲\u2028乙", "甲 乙"),
    ],
)
def test_rule_for_characters(given_text, expected):
    assert clean(given_text) == expected


def test_title_keeps_the_authors_lines():
    assert clean("甲\r\n\n乙 ", lines=True) == "甲\n乙"


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


def test_titles_break_between_words_into_lines_of_like_length():
    title = "关于唐宫路北侧棚户区改造项目群众来信反映过渡费发放问题办理情况的答复"
    lines = title_lines(title, 19)
    assert "".join(lines) == title
    assert len(lines) == 2
    assert lines[0].endswith("来信"), "来信 is one word"
    assert abs(text_width(lines[0]) - text_width(lines[1])) <= 4


@given(st.text(alphabet="关于政府信息公开工作年度报告的办理情况《》（）2021", max_size=150))
def test_titles_lose_nothing_and_fit(title):
    lines = title_lines(title, 19)
    assert "".join(lines) == title
    assert len(lines) <= max(1, len(title))


def test_headings_are_recognised_by_their_numbers():
    text = "一、总体情况\n（一）主动公开\n1.公开9项。\n\n  2．渠道建设\n（1）网站\n2021年，我办认真工作。"
    assert [(item.level, item.text) for item in paragraphs_of(text)] == [
        (1, "一、总体情况"),
        (2, "（一）主动公开"),
        (0, "1.公开9项。"),
        (3, "2．渠道建设"),
        (4, "（1）网站"),
        (0, "2021年，我办认真工作。"),
    ]


def test_a_heading_level_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="1 to 4"):
        Paragraph(text="甲", level=5)


def test_only_long_latin_runs_are_marked():
    assert breakable("见 https://a.cn 和 abc") == "见 https://a.cn 和 abc"
    assert breakable("x" * 30).replace("\u200b", "") == "x" * 30
    assert "\u200b" in breakable("x" * 30)


def test_fonts_cover_gb2312_the_national_list_and_the_signs_of_documents():
    assert all(has_glyph(chr(code)) for code in gb2312())
    for character in "瀍〇喆〔〕★①⑳—…“”《》·￥℃㎡䶮㛃𫖯𬭎" + "".join(map(chr, range(0x20, 0x7F))):
        assert has_glyph(character), character
    assert not has_glyph("😀")
    assert not has_glyph("\ue000")


def test_coverage_is_what_the_font_files_hold():
    held = set()
    for name in ("GongkaiSong-Regular.otf", "GongkaiWide-Regular.otf"):
        held |= set(TTFont(FONTS / name, lazy=True).getBestCmap())
    listed = set()
    for line in (FONTS / "coverage.txt").read_text().split():
        first, _, last = line.partition("-")
        listed |= set(range(int(first, 16), int(last or first, 16) + 1))
    assert held == listed


def test_fonts_bear_our_names_keep_their_licence_and_stay_small():
    for path in FACES:
        names = TTFont(path, lazy=True)["name"]
        family, copyright_, licence = (names.getDebugName(number) for number in (1, 0, 13))
        assert family.startswith("Gongkai ")
        reserved = " ".join(str(names.getDebugName(number)) for number in (1, 3, 4, 6))
        assert not any(name in reserved for name in ("Noto", "LXGW", "霞鹜"))
        assert copyright_ and "SIL Open Font License" in licence
    licence_file = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert all(path.name in licence_file for path in FACES)
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence_file
    assert sum(path.stat().st_size for path in FACES) < 20_000_000


def test_templates_read_nothing_from_outside():
    for path in (Path(FONTS).parent / "templates").glob("*.typ"):
        text = path.read_text(encoding="utf-8")
        assert "@preview" not in text
        assert "eval(" not in text


def test_a_number_may_wrap_behind_its_marks_and_a_day_may_not():
    assert narrow("XG0123-2026-0001") == "XG0123-\u200b2026-\u200b0001"
    assert narrow("2026-03-02") == "2026-03-02"
    assert narrow("西城改复〔2026〕1号") == "西城改复〔2026〕1号"
