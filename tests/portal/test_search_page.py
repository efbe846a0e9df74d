"""The page of search results: filters in the address, any input answered, a way on where nothing is found."""

import pytest
from django.test import Client

from tests.items import released
from tests.portal import sites


@pytest.fixture
def client(committed, at):
    sites.fresh()
    sites.name_site(committed)
    with at(2021, 3, 2):
        released(committed)
    return Client()


def test_results_show_title_number_date_and_filters(client):
    answer = client.get("/search/", {"q": "征收补偿"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="/items/XG0123-2021-00001/"' in page and "2021-03-02" in page
    assert "/search/?q=%E5%BE%81%E6%94%B6%E8%A1%A5%E5%81%BF&amp;column=21-c5" in page
    assert 'value="征收补偿"' in page
    assert "共1条" in page


def test_a_chosen_filter_leads_back(client):
    page = client.get("/search/", {"q": "征收", "column": "21-c5", "year": "2021"}).content.decode()
    assert 'aria-current="true"' in page
    assert 'href="/search/?q=%E5%BE%81%E6%94%B6&amp;year=2021"' in page


def test_nothing_found_leads_to_an_application(client):
    page = client.get("/search/", {"q": "足球比赛"}).content.decode()
    assert "没有找到" in page and 'href="/apply/"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"q": "征" * 10_000},
        {"q": "\x00\x1b[31m\r\nSet-Cookie: a=b"},
        {"q": '"><script>alert(1)</script>'},
        {"q": "征收", "page": "0"},
        {"q": "征收", "page": "-1"},
        {"q": "征收", "page": "99999999999999999999"},
        {"q": "征收", "page": "٣"},
        {"q": "征收", "column": "../../x"},
        {"q": "征收", "year": "20x1"},
        {"q": ["a", "b"], "unknown": "1"},
        {"q": "* AND (title:x"},
    ],
)
def test_any_input_is_answered(client, query):
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page and "\x00" not in page and "\x1b" not in page


def test_a_long_query_says_what_was_searched(client):
    assert "只检索了前200个字" in client.get("/search/", {"q": "征" * 300}).content.decode()


def test_without_an_index_the_page_leads_to_the_catalogue(client):
    sites.fresh()
    answer = client.get("/search/", {"q": "征收"})
    assert answer.status_code == 503
    assert 'href="/catalogue/"' in answer.content.decode()


def test_search_is_read_only(client):
    assert client.post("/search/", {"q": "征收"}).status_code in (403, 405)


def test_the_page_sets_no_cookie_and_holds_nothing_of_the_visitor(client):
    answer = client.get("/search/", {"q": "征收"})
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_filters_that_are_set_can_be_taken_away_one_by_one(client):
    page = client.get("/search/", {"q": "征收", "column": "21-c5", "year": "2021"}).content.decode()
    assert 'class="chip" href="/search/?q=%E5%BE%81%E6%94%B6&amp;year=2021"' in page
    assert 'class="chip" href="/search/?q=%E5%BE%81%E6%94%B6&amp;column=21-c5"' in page


def test_what_is_searched_along_is_said_and_can_be_left_out(client):
    page = client.get("/search/", {"q": "棚改"}).content.decode()
    assert "棚户区改造" in page and "exact=1" in page and 'href="/items/XG0123-2021-00001/"' in page
    exact = client.get("/search/", {"q": "棚改", "exact": "1"}).content.decode()
    assert 'href="/items/XG0123-2021-00001/"' not in exact
    assert "已只按原词检索" in exact and "一并查找" not in exact


def test_days_narrow_the_results(client):
    assert "共1条" in client.get("/search/", {"q": "征收", "from": "2021-03-02"}).content.decode()
    assert "共1条" not in client.get("/search/", {"q": "征收", "from": "2021-03-03"}).content.decode()
    assert "共1条" in client.get("/search/", {"q": "征收", "from": "yesterday"}).content.decode()


def test_a_page_beyond_the_last_shows_the_last(client):
    page = client.get("/search/", {"q": "征收", "page": "40"}).content.decode()
    assert 'href="/items/XG0123-2021-00001/"' in page


def test_a_zero_result_shows_single_words_and_leads_to_an_application_with_its_words(client):
    page = client.get("/search/", {"q": "征收 足球场馆"}).content.decode()
    assert 'href="/items/XG0123-2021-00001/"' in page, "some of the words are found"
    nothing = client.get("/search/", {"q": "征收 公告", "year": "1999"}).content.decode()
    assert "没有找到" in nothing and 'href="/apply/?about=%E5%BE%81%E6%94%B6+%E5%85%AC%E5%91%8A"' in nothing
    assert 'href="/search/?q=%E5%BE%81%E6%94%B6"' in nothing


def test_suggestions_are_of_what_is_released(client, committed):
    from tests.items import drafted

    drafted(committed, title="棚户区草稿金丝雀")
    said = client.get("/search/suggest/", {"q": "棚户"}).json()["suggestions"]
    assert [row["label"] for row in said if row["kind"] == "page"] == [
        row["label"] for row in said if row["url"] == "/items/XG0123-2021-00001/"
    ]
    assert said and "金丝雀" not in str(said)
    assert client.get("/search/suggest/", {"q": "penghuqu"}).json()["suggestions"]
    assert client.get("/search/suggest/", {"q": "\x00'\"" * 500}).json() == {"suggestions": []}
    assert client.get("/search/suggest/").json() == {"suggestions": []}
