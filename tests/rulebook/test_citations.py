"""Reading citations: the article counts, however it is written."""

import pytest

from gongkai.rulebook.citations import articles, cites, first_article, names_a_norm, number_of, uncited
from gongkai.rulebook.norms import chinese_number, cite

REGULATION = "《中华人民共和国政府信息公开条例》"


def test_numbers_of_articles_read_back_as_they_are_written():
    for n in range(1, 1000):
        assert number_of(chinese_number(n)) == number_of(str(n)) == n
    assert number_of("３６") == 36 and number_of("一〇") == 0


def test_a_title_holds_for_the_articles_after_it():
    text = f"{REGULATION}第十五条、第三十六条第（三）项和《中华人民共和国行政复议法》第二十三条"
    assert articles(text) == [
        ("中华人民共和国政府信息公开条例", 15),
        ("中华人民共和国政府信息公开条例", 36),
        ("中华人民共和国行政复议法", 23),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{REGULATION}第三十六条第（三）项",
        "《政府信息公开条例》第三十六条",
        "条例第36条第（三）项",
        "《条例》第 ３６ 条",
        f"{REGULATION}第十六条第二款、第三十六条第（三）项",
    ],
)
def test_the_article_is_found_however_it_is_written(text):
    assert cites(text, cite("regulation", 36, None, 3))


@pytest.mark.parametrize(
    "text",
    [
        "有关规定",
        "",
        REGULATION,
        f"{REGULATION}第三十七条",
        "《中华人民共和国档案法》第三十六条",
        "第三百三十六条",
    ],
)
def test_another_article_or_none_is_no_citation(text):
    assert not cites(text, cite("regulation", 36))


def test_what_is_lacking_is_named_once():
    wanted = (cite("regulation", 37), cite("regulation", 16, 1), cite("regulation", 16, 2))
    assert uncited("条例第三十七条", wanted) == (cite("regulation", 16, 1),)
    assert uncited("条例第三十七条、第十六条", wanted) == ()


def test_words_alone_name_no_norm():
    assert names_a_norm("《中华人民共和国档案法》") and names_a_norm("条例第二条")
    assert not names_a_norm("国家有关规定")


def test_the_first_article_is_the_one_that_leads():
    text = f"{REGULATION}第四十一条，并参照第三十条"
    assert first_article(text) == cite("regulation", 41)
    assert first_article("第三十条") == first_article("《中华人民共和国档案法》") == ""
