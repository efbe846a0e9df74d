"""The main path of a review: drafted, screened, three people, released."""

from gongkai.disclosure.models import Item
from gongkai.journal import chain
from tests.items import approve, drafted, released, submitted


def test_three_people_release_an_item(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        revision = submitted(office, item)
        approve(office, revision, 1)
        approve(office, revision, 2)
        item.refresh_from_db()
        assert item.state == Item.State.DRAFT
        approve(office, revision, 3)
        item.refresh_from_db()
    assert item.state == Item.State.PUBLIC
    assert item.index_number == "XG0123/2021-00001"
    assert list(chain.verify()) == [] or [f.message for f in chain.verify()] == [
        "日志链头文件缺失，无法证明日志末尾未被截去。"
    ]


def test_numbers_follow_one_another_within_a_year(office, at):
    with at(2021, 3, 2):
        first, second = released(office), released(office, title="第二件")
    with at(2022, 1, 4):
        third = released(office, title="第三件")
    assert [item.index_number for item in (first, second, third)] == [
        "XG0123/2021-00001",
        "XG0123/2021-00002",
        "XG0123/2022-00001",
    ]
