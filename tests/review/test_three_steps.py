"""The main path of a review: drafted, screened, three people, released."""

from gongkai.disclosure.models import Item
from gongkai.journal import chain
from tests.items import approve, drafted, released, submitted


def test_three_people_release_an_item(committed, at):
    with at(2021, 3, 2):
        item = drafted(committed)
        revision = submitted(committed, item)
        approve(committed, revision, 1)
        approve(committed, revision, 2)
        item.refresh_from_db()
        assert item.state == Item.State.DRAFT
        approve(committed, revision, 3)
        item.refresh_from_db()
    assert item.state == Item.State.PUBLIC
    assert item.index_number == "XG0123/2021-00001"
    assert list(chain.verify()) == []


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
