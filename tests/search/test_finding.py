"""What is released is found by its words, runs of characters and numbers; nothing else is found (I1, I9)."""

import pytest

from gongkai.disclosure import items
from gongkai.review import drafts, releases
from gongkai.review.models import Release
from gongkai.search import follow, index, snippets, words
from gongkai.search.query import search
from tests.items import approve, drafted, released, submitted
from tests.portal import sites

pytestmark = pytest.mark.usefixtures("unwritten")


@pytest.fixture
def office(committed):
    sites.fresh()
    return committed


@pytest.fixture
def library(office, at):
    """Three released items of two columns and years."""
    with at(2020, 6, 1):
        rules = released(
            office,
            title="西工区国有土地上房屋征收与补偿实施办法",
            summary="规定征收补偿的程序。",
            body="<p>被征收人可以选择货币补偿，也可以选择房屋产权调换。</p>",
            column="20-01",
            formed_on="2020-05-20",
            document_number="西政〔2020〕15号",
        )
    with at(2021, 3, 2):
        notice = released(office)
        meeting = released(
            office,
            title="物业管理工作会议召开",
            summary="部署老旧小区物业。",
            body="<p>会议要求，瀍河两岸。</p>",
        )
    return {"rules": rules, "notice": notice, "meeting": meeting}


def found(text, **filters):
    return [hit.title for hit in search(text, **filters).hits]


@pytest.mark.parametrize(
    "text",
    [
        "征收补偿 方案",
        "征收补偿方案公告",
        "棚户区改造",
        "户区改",  # runs across the borders of words
        "ＸＧ０１２３／２０２１－００００１",
        "XG0123/2021-00001",
        "王城大道",
        "⼾区",  # a radical as PDF files print it
        "西工区2021年的棚户区改造项目",
    ],
)
def test_a_title_a_text_or_a_number_finds_the_item(library, text):
    assert found(text)[0] == library["notice"].title


@pytest.mark.parametrize(
    "text",
    [
        "西政〔2020〕15号",
        "西政[2020]15号",
        "西政（２０２０）15号",
        "〔2020〕15",
        "(2020) 015号",
        "西政【2020】第15号",
    ],
)
def test_a_document_number_is_found_in_any_bracket_and_width(library, text):
    assert found(text)[0] == library["rules"].title


def test_every_word_must_stand_somewhere_else_some_of_them_are_said_to(library):
    assert found("房屋征收 产权调换") == [library["rules"].title]
    loose = search("产权调换 足球")
    assert loose.loose and [hit.title for hit in loose.hits] == [library["rules"].title]
    nothing = search("足球比赛")
    assert (nothing.total, nothing.loose) == (0, False)


def test_filters_narrow_and_count(library):
    result = search("征收")
    assert dict(result.columns) == {"20-01": 1, "21-c5": 1}
    assert dict(result.years) == {"2020": 1, "2021": 1}
    assert found("征收", column="20-01") == [library["rules"].title]
    assert found("征收", year="2021") == [library["notice"].title]
    assert found("征收", year="2019") == []
    assert dict(search("征收", year="2021").years) == {"2020": 1, "2021": 1}, (
        "other years can still be chosen"
    )


def test_no_words_list_the_newest_first(library):
    assert found("")[-1] == library["rules"].title
    assert len(found("")) == 3
    assert found("", column="20-01") == [library["rules"].title]


def test_the_snippet_shows_the_place_and_marks_the_words(library):
    hit = search("产权调换").hits[0]
    assert "<mark>产权</mark><mark>调换</mark>" in hit.snippet or "<mark>产权调换</mark>" in hit.snippet
    assert (hit.number, hit.agency, hit.url) == (
        "西政〔2020〕15号",
        "西工区城市改造办公室",
        "/items/XG0123-2020-00001/",
    )


def test_a_snippet_escapes_the_text():
    made = snippets.snippet("<script>alert(1)征收＜后文＞", ["征收"])
    assert "<script" not in made and "&lt;script&gt;" in made and "<mark>征收</mark>" in made


def test_a_snippet_of_a_long_text_shows_the_passage_that_holds_the_most():
    text = "征收" + "。" * 300 + "其他文字" * 30 + "棚户区的征收补偿" + "。" * 300
    made = snippets.snippet(text, ["棚户区", "征收", "补偿"])
    assert made.startswith("…") and made.endswith("…")
    assert "<mark>棚户区</mark>的<mark>征收补偿</mark>" in made
    assert len(made) < 250


def test_marks_stand_right_where_folding_changes_the_length():
    made = snippets.snippet("㈱㎏ＡＢＣ征收", ["abc", "征收"])
    assert made == "㈱㎏<mark>ＡＢＣ征收</mark>"


def test_attachments_are_found_by_name(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        items.attach(office.actor("handler"), item, b"abc", "安置房源一览表.txt")
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
    assert found("安置房源") == [item.title]


def test_what_is_not_released_is_not_found(office, at):
    with at(2021, 3, 2):
        released(office)
        drafted(office, title="草稿金丝雀")
        revision = submitted(office, drafted(office, title="待审金丝雀"))
        approve(office, revision, 1)
        approve(office, revision, 2)
    follow.refresh("item", revision.subject_id)
    follow.rebuild()
    assert found("金丝雀") == []
    assert search("").total == 1


def test_a_withdrawn_item_is_gone_before_the_call_returns(office, at):
    with at(2021, 3, 2):
        item = released(office, title="撤下的金丝雀")
        assert found("金丝雀") == [item.title]
        release = Release.objects.get(subject_id=item.pk)
        releases.withdraw(office.actor("reviewer"), release, reason="error")
        assert found("金丝雀") == []
        follow.on_release({"release": release.pk, "kind": "item", "subject": str(item.pk)})
        assert found("金丝雀") == []


def test_an_index_that_lags_behind_shows_nothing_withdrawn(office, at):
    """Whatever the index says, a result is shown only while its release is live."""
    with at(2021, 3, 2):
        item = released(office, title="撤下的金丝雀")
        release = Release.objects.get(subject_id=item.pk)
        from gongkai.channels.entries import item_entry
        from gongkai.review.submission import content_of

        entry = item_entry(release, content_of(release.digest))
        releases.withdraw(office.actor("reviewer"), release, reason="error")
        index.put([(follow.key("item", item.pk), release.pk, entry)])
    assert found("金丝雀") == []


def test_an_amendment_replaces_the_old_text(office, at):
    with at(2021, 3, 2):
        item = released(office)
        draft = drafts.draft_of("item", item.pk)
        items.save(
            office.actor("handler"), item, draft.content | {"title": "更正后的标题"}, version=draft.version
        )
        revision = submitted(office, item)
        for step in (1, 2, 3):
            approve(office, revision, step)
    assert found("更正后的标题") == ["更正后的标题"]
    assert search("").total == 1


def test_a_lost_index_is_rebuilt_whole_by_the_next_release(library, office, at):
    sites.fresh()
    with pytest.raises(index.IndexMissing):
        search("征收")
    with at(2021, 5, 1):
        released(office, title="新的一件")
    assert search("").total == 4


def test_a_rebuild_gives_the_same_answers(library):
    before = found("征收"), search("征收").columns
    assert follow.rebuild() == 3
    assert (found("征收"), search("征收").columns) == before


@pytest.mark.parametrize(
    "text",
    [
        "征" * 10_000,
        "a " * 5_000,
        'title:"征收" AND (body:x OR NOT *)',
        '+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ /',
        "\x00\x01\x1b征收\u202e",
        "😀",
        "〔〕",
        "%",
        "' OR 1=1 --",
        "<script>",
        "\ud800",
    ],
)
def test_any_text_is_answered(library, text):
    result = search(text)
    assert result.total >= 0
    assert result.shortened == (len(text) > 200)


def test_words_and_numbers():
    assert words.numbers("洛政办〔2021〕８号、(2019)3") == ["[2021]8", "洛政办[2021]8", "[2019]3"]
    assert words.asked("关于 的 征收") == ["关于", "征收"]
    assert words.asked("的") == ["的"], "a query of empty words is still a query"
