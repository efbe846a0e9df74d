"""What a visitor types is understood: synonyms, spellings, pinyin, traditional characters; and it can be taken as typed."""

import pytest

from gongkai.search import asking, sounds, words
from gongkai.search.models import SynonymGroup, SynonymState


@pytest.mark.django_db
def test_a_term_is_searched_along_with_what_means_the_same():
    asked = asking.understand("西工区棚改")
    assert asked.also == ("棚户区改造",)
    assert asking.understand("西工区棚改", exact=True).also == ()


@pytest.mark.django_db
def test_an_edit_of_the_synonyms_acts_at_once():
    assert asking.understand("数字档案馆").also == ()
    SynonymGroup.objects.create(
        terms=["数字档案馆", "电子档案馆"], why="简称", changed_at="2021-03-02T00:00Z"
    )
    SynonymState.objects.update(version=2)
    assert asking.understand("数字档案馆").also == ("电子档案馆",)


@pytest.mark.django_db
def test_a_synonym_inside_another_word_is_none():
    assert asking.understand("今年报名").also == (), "年报 is no word of it"


@pytest.mark.django_db
def test_a_common_misspelling_is_searched_as_it_should_be_too():
    assert "补偿" in asking.understand("补尝标准").also


@pytest.mark.django_db
def test_traditional_and_full_width_characters_are_the_same_words():
    assert asking.understand("房屋徵收補償").text == asking.understand("房屋征收补偿").text
    assert asking.understand("ＡＢ１２").text == "ab12"


def test_typed_pinyin_is_cut_into_syllables():
    assert sounds.split("penghuqugaizao") == ["peng", "hu", "qu", "gai", "zao"]
    assert sounds.split("phqgz") is None
    assert sounds.fuzzy("zheng") == sounds.fuzzy("zen")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("发文字号：渝府发〔2023〕15号", "渝府发[2023]15"),
        ("豫政办 〔2022〕124号", "豫政办[2022]124"),
        ("渝府办发〔 2022 〕96 号", "渝府办发[2022]96"),
        ("西政【2020】第015号", "西政[2020]15"),
        ("省政府令 第219号", "令219"),
        ("国家税务总局公告2015年第41号", "国家税务总局公告2015.41"),
        ("2021年第15号", "[2021]15"),
        ("XG0123-2021-00001", "xg0123/2021-1"),
        ("ＸＧ０１２３／２０２１－１", "xg0123/2021-1"),
    ],
)
def test_numbers_have_one_form_however_they_are_written(text, number):
    assert number in words.numbers(text)
