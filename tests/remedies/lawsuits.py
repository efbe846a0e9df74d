"""Cases as the tests write them."""

from typing import Any

from gongkai.journal import clock
from gongkai.remedies import cases
from gongkai.remedies.models import Remedy


def registered(office: Any, kind: str = "reconsideration", *, by: str = "handler", **more: Any) -> Remedy:
    """A case received today."""
    said = {"kind": kind, "subject": "不服政府信息不予公开决定（演示）", "received_on": clock.today()} | more
    return cases.register(office.actor(by), office.agency, **said)
