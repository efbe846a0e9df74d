"""Look-alike characters are mended; nothing else is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook.text import fold_for_search, fold_width, repair_ideographs

CHARACTERS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.characters(min_codepoint=0x2E80, max_codepoint=0x2FDF),
        st.characters(min_codepoint=0xF900, max_codepoint=0xFAFF),
        st.characters(min_codepoint=0xFF00, max_codepoint=0xFFEF),
    ),
    max_size=60,
)
UNIFIED = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
        st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF),
        st.sampled_from("﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"),
    )
)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("⼈⺠政府部⻔", "人民政府部门"),
        ("区⻓信箱", "区长信箱"),
        ("⽹上履职能⼒和服务⽔平", "网上履职能力和服务水平"),
        ("⽤⼾", "用户"),
        ("\ufa08政复议", "行政复议"),
    ],
)
def test_radicals_become_the_characters_they_look_like(printed, meant):
    assert repair_ideographs(printed) == meant


def test_prose_keeps_its_punctuation_and_width():
    prose = "“谁上网，谁负责”：（一）共９件；㈠①½ｋｍ…… 戶籍"
    assert repair_ideographs(prose) == prose


def test_a_footnote_mark_does_not_become_a_digit():
    assert fold_width("１２² ③") == "12² ③"


def test_width_spaces_and_invisible_characters():
    assert fold_width("（１）\u3000Ａ\u00a0\u200b１，２３４\t\n") == "(1) A 1,234\t\n"


def test_a_search_for_people_finds_the_radical_form():
    assert fold_for_search("⼈⺠Ａｐｐ，㈠") == fold_for_search("人民APP,(一)")


@pytest.mark.parametrize("function", [repair_ideographs, fold_width, fold_for_search])
@given(text=CHARACTERS)
def test_idempotent(function, text):
    assert function(function(text)) == function(text)


@pytest.mark.parametrize("function", [repair_ideographs, fold_width, fold_for_search])
@given(text=UNIFIED)
def test_unified_ideographs_are_never_changed(function, text):
    assert function(text) == text


@given(text=CHARACTERS)
def test_repair_changes_no_length_and_leaves_no_kangxi_radical(text):
    repaired = repair_ideographs(text)
    assert len(repaired) == len(text)
    assert not any("KANGXI RADICAL" in unicodedata.name(char, "") for char in repaired)
