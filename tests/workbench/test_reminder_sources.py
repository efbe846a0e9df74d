"""Reminders over real work: an application from registration to decision, and every text that leaves."""

import pytest

from gongkai.workbench import choices, delivery, feeds, reminders
from gongkai.workbench.models import Delivery, Reminder
from tests.applications import cases
from tests.items import drafted


@pytest.fixture
def wanted(office):
    for name in ("handler", "head", "reviewer"):
        choices.choose(office.actor(name), {"file": ""})
    return office


def test_an_application_and_an_item_are_reminded_of_without_applicant_or_title(wanted, at):
    with at(2021, 3, 1):
        case = cases.web(wanted)
        drafted(wanted, title="不予公开的标题", formed_on="2021-03-01")
    with at(2021, 3, 29):
        assert reminders.sweep() > 0
        assert delivery.sweep() > 0
        calendar = feeds.calendar(
            wanted.people["handler"], lambda path: f"https://gk.example.cn{path}"
        ).decode()
    texts = list(Delivery.objects.values_list("text", flat=True))
    said = "".join(texts) + calendar.replace("\r\n ", "")
    assert any(case.number in text and "今日到期" in text for text in texts)
    for secret in ("张三丰", cases.ID, "13800138000", "棚户区", "不予公开的标题"):
        assert secret not in said


def test_who_is_told_is_who_has_the_work(wanted, at):
    with at(2021, 3, 1):
        cases.web(wanted)
    with at(2021, 3, 29):
        reminders.sweep()
    told = set(Reminder.objects.values_list("person__username", flat=True))
    assert {"handler", "head"} <= told and not told & {"system", "security", "audit", "reviewer"}
