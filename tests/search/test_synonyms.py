"""The administrator edits the synonyms: checked, journalled, in force at once; others do not."""

import pytest

from gongkai.agencies.policy import Refused
from gongkai.journal.models import Entry
from gongkai.search import asking, editing


@pytest.mark.parametrize(
    "text", ["棚改", "棚改\n棚改", "棚\n改", "\n".join(f"词语{n}" for n in range(9)), "长" * 31 + "\n棚改"]
)
def test_terms_that_cannot_serve_are_refused_with_a_sentence(text):
    with pytest.raises(Refused):
        editing.terms_of(text)


def test_terms_come_one_a_line_or_with_equals_signs():
    assert editing.terms_of("棚改 = 棚户区改造\n") == ["棚改", "棚户区改造"]


def test_only_the_administrator_saves_and_the_journal_keeps_it(office):
    with pytest.raises(Refused):
        editing.save(office.actor("handler"), ["数字档案馆", "电子档案馆"], why="简称")
    with pytest.raises(Refused):
        editing.save(office.actor("system", "administration"), ["数字档案馆", "电子档案馆"], why=" ")
    editing.save(office.actor("system", "administration"), ["数字档案馆", "电子档案馆"], why="简称")
    assert asking.understand("数字档案馆").also == ("电子档案馆",)
    assert Entry.objects.filter(action="synonyms.saved").exists()


def test_the_page_lists_adds_and_keeps_what_was_refused(office, client):
    from tests.agencies.test_settings_page import BACKEND

    client.force_login(office.people["system"], backend=BACKEND)
    assert "棚户区改造 = 棚改" in client.get("/workbench/synonyms/").content.decode()
    found = client.get("/workbench/synonyms/?q=棚改&active=true").content.decode()
    assert "棚户区改造 = 棚改" in found and found.count("/workbench/synonyms/") < 20
    exported = client.get("/workbench/synonyms/?q=棚改&export=csv").getvalue().decode("utf-8-sig")
    assert "棚户区改造 = 棚改" in exported and len(exported.splitlines()) == 2
    refused = client.post("/workbench/synonyms/new/", {"terms": "单独一词", "why": "简称"}).content.decode()
    assert "单独一词" in refused and "至少两个" in refused
    said = {"terms": "数字档案馆\n电子档案馆", "why": "简称", "active": "on"}
    assert client.post("/workbench/synonyms/new/", said).status_code == 302
    client.force_login(office.people["handler"], backend=BACKEND)
    assert client.get("/workbench/synonyms/").status_code == 403
