"""Solicitations and opinions as the tests write them."""

from datetime import datetime
from typing import Any

from gongkai.disclosure import opinions
from gongkai.journal import clock
from tests.conftest import SHANGHAI
from tests.items import approve, drafted, submitted

DRAFT = {
    "title": "健康路棚户区改造征收补偿方案（征求意见稿）",
    "summary": "就征收补偿方案公开征求意见。",
    "body": "<p>补偿标准为每平方米6000元。</p>",
    "column": "21-c5",
    "formed_on": "2021-03-01",
    "variety": "solicitation",
}
PERIOD = {
    "posting": "compensation_plan",
    "begins": "2021-03-02",
    "ends": "2021-04-01",
    "explanation": "<p>起草说明：依据590号令。</p>",
    "how": "网上提交或者来信。",
    "contact": "城改办征收科，0379-00000001，凯旋路1号",
    "online": True,
    "at_end": "keep",
}
NAME, PHONE = "赵金丝雀", "13900001111"


def at_moment(*moment: int) -> Any:
    return clock.at(datetime(*moment, tzinfo=SHANGHAI))


def out(office: Any, item: Any) -> Any:
    """An item through its review."""
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    item.refresh_from_db()
    return item


def solicitation(office: Any, more: Any = None, **content: Any) -> Any:
    """A solicitation that is public from 2 March to 1 April 2021."""
    with at_moment(2021, 3, 2, 9):
        return out(office, drafted(office, **DRAFT | content, more=PERIOD | (more or {})))


def said(text: str = "标准偏低，金丝雀意见。", **more: Any) -> opinions.Said:
    return opinions.Said(**{"text": text, "name": NAME, "contact": PHONE} | more)


def sent(item: Any, *moment: int, **more: Any) -> opinions.Taken:
    """An opinion that came through the site at that moment."""
    with at_moment(*(moment or (2021, 3, 10, 9))):
        return opinions.receive(item, said(**more), stance="change", address="10.0.0.1")
