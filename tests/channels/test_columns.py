"""How a column is cut into pages: a new entry never moves an old one (interface: older pages never move)."""

import pytest

from gongkai.channels import columns


@pytest.mark.parametrize(
    ("given", "closed", "newest"),
    [(0, 0, 0), (1, 0, 1), (20, 0, 20), (39, 0, 39), (40, 1, 20), (59, 1, 39), (60, 2, 20), (1000, 49, 20)],
)
def test_the_newest_page_holds_20_to_39_entries(given, closed, newest):
    assert columns.closed_pages(given) == closed
    assert sum(columns.page_of(position, closed) == 0 for position in range(given)) == newest


def test_an_entry_moves_once_from_the_newest_page_to_its_own_and_never_again():
    homes = {
        position: {
            columns.page_of(position, columns.closed_pages(given)) for given in range(position + 1, 400)
        }
        for position in (0, 19, 20, 39, 77)
    }
    assert homes == {0: {0, 1}, 19: {0, 1}, 20: {0, 2}, 39: {0, 2}, 77: {0, 4}}
    for position in (0, 19, 20, 77):
        numbers = [
            columns.page_of(position, columns.closed_pages(given)) for given in range(position + 1, 400)
        ]
        assert numbers == sorted(numbers), "never back to the newest page"


def test_a_place_is_given_once(office, at):
    from gongkai.channels.models import ColumnEntry
    from gongkai.disclosure.models import Item
    from tests.items import released

    with at(2021, 3, 2):
        first, second = released(office), released(office, title="第二件")
    for item in (first, second, first):
        columns.place(Item.objects.get(pk=item.pk))
    entries = ColumnEntry.objects.order_by("position").values_list("item", "position")
    assert list(entries) == [(first.pk, 0), (second.pk, 1)]
