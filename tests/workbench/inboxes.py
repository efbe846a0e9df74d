"""Inboxes as the tests of the reminders want them."""

from datetime import date
from typing import Any

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Waiting

THING = "/workbench/applications/1/"
SECRET = "张三丰申请的内部标题"


def row(office: Any, due: date | None, **more: Any) -> Waiting:
    """An application that waits, with a title that must go nowhere."""
    said = {
        "kind": "政府信息公开申请",
        "title": SECRET,
        "step": "审查并作出决定",
        "url": THING,
        "agency": office.agency,
        "due_on": due,
        "number": "2021-0001",
    }
    return Waiting(**(said | more))


def fill(monkeypatch: Any, **inboxes: list[Waiting]) -> None:
    """Let exactly this wait for each person, by log-in name, as long as they hold an appointment."""

    def waiting(actor: Any) -> list[Waiting]:
        return inboxes.get(actor.person.username, []) if actor.appointments else []

    monkeypatch.setattr(navigation, "_providers", {"test": waiting})
