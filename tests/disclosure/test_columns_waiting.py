"""What waits for who keeps a column: an empty one, and one whose update is near or overdue."""

from gongkai.disclosure import columns_menu
from gongkai.disclosure.models import Column
from tests.items import released


def test_kept_columns_wait_when_empty_and_when_their_update_is_near(office, at):
    Column.objects.filter(code__in=("20-04", "interpretation")).update(agency=office.agency)
    with at(2021, 3, 2):
        released(office, column="interpretation")
        told = {row.title: str(row.step) for row in columns_menu.due_columns(office.actor("handler"))}
    assert told == {"统计信息": "在空白栏目中公开信息"}
    with at(2021, 8, 30):
        waits = {row.title: row for row in columns_menu.due_columns(office.actor("handler"))}
    assert str(waits["政策解读"].step) == "更新栏目"
    assert waits["政策解读"].due_on.isoformat() == "2021-09-02"


def test_a_column_that_nobody_keeps_waits_for_nobody(office, at):
    with at(2021, 3, 2):
        assert columns_menu.due_columns(office.actor("handler")) == []


def test_who_only_oversees_is_not_offered_what_they_may_not_do(office, client):
    for name, offered in (("handler", True), ("supervisor", False)):
        client.force_login(office.people[name])
        for address in ("items", "participation", "projects"):
            page = client.get(f"/workbench/{address}/").content.decode()
            assert (
                f'href="/workbench/{"items" if address != "projects" else address}/new/"' in page
            ) is offered
