"""Applications as the tests write them."""

from typing import Any
from uuid import uuid4

from gongkai.applications import (
    citing,
    decisions,
    intake,
    letters,
    partial,
    sealing_register,
    searching,
    service,
)
from gongkai.applications.models import Letter
from gongkai.applications.personal import Person, Request
from gongkai.applications.wording import TEMPLATES
from gongkai.review import approvals
from gongkai.rulebook.norms import together
from gongkai.rulebook.receipt import Arrival, Channel
from tests.items import ticked

ID = "11010519491231002X"
PERSON = Person(
    name="张三丰",
    identity="resident_id",
    identity_number=ID,
    phone="13800138000",
    email="zhang@example.org",
    address="演示路一号",
)
REQUEST = Request(title="健康路棚户区改造项目征收补偿方案", description="2020年健康路棚户区改造的补偿标准")
FACTS = "所申请的信息由本机关制作并保存，不存在不予公开的情形。"
# What the handler writes where a test does not say; any letter is complete with it.
PARTS = partial.Parts(
    ("补偿方案正文及附件一",),
    (
        partial.Withheld("附件二中的身份证号码", "prohibited_by_law", "属于法律禁止公开的个人信息"),
        partial.Withheld("专题会议的讨论记录", "deliberative", "属于讨论记录，公开会影响集体讨论的坦率"),
    ),
)
FILLED = "演示内容，写明具体情况。"
LAW = "《中华人民共和国政府信息公开条例》第二条"


def taken(**more: Any) -> intake.Taken:
    kind = more.pop("kind", "natural_person")
    return intake.Taken(kind, more.pop("person", PERSON), more.pop("request", REQUEST), **more)


def web(office: Any, **more: Any) -> Any:
    return intake.submit(office.agency, taken(**more), submission=uuid4())


def came(office: Any, channel: Channel, arrival: Arrival, **more: Any) -> Any:
    return intake.register(
        office.actor("handler"),
        office.agency,
        taken(**more),
        channel=channel,
        arrival=arrival,
        read_back=channel is Channel.ORAL,
    )


def searched(office: Any, case: Any, **more: Any) -> Any:
    """A search of the archive, in vain unless the test says otherwise."""
    said = {
        "where": "档案室",
        "keywords": "补偿方案",
        "period": "2018年至2020年",
        "result": "没有查到",
        "searcher": "演示·经办",
    }
    return searching.record(office.actor("handler"), case, **said | more)


def decided(office: Any, case: Any, outcome: str = "provided", **more: Any) -> Letter:
    # That information does not exist presupposes a search (art. 36).
    if outcome == "not_found" and not case.events.filter(type="searched").exists():
        searched(office, case)
    if outcome == partial.OUTCOME:
        more.setdefault("parts", PARTS)
    return decisions.decide(
        office.actor("handler"), case, outcome_key=outcome, facts=more.pop("facts", FACTS), **more
    )


def complete(office: Any, letter: Letter) -> None:
    """Fill every element that is still empty."""
    draft = letters.draft_of(letter)
    elements = letters.opened(draft.content).elements
    filled = {citing.ELEMENT: together(citing.wanted(letter)) or LAW}
    wanted = {
        each.key: elements.get(each.key) or filled.get(each.key, FILLED)
        for each in TEMPLATES[letter.kind].written
    }
    letters.save(office.actor("handler"), letter, wanted, version=draft.version)
    if letter.kind == partial.LETTER_NUMBER and not partial.originals(letter):
        handler = office.actor("handler")
        letters.attach(handler, letter, "补偿方案，全文".encode(), "补偿方案.txt", purpose=partial.ORIGINAL)
        letters.attach(
            handler, letter, "补偿方案，部分遮盖".encode(), "补偿方案（遮盖）.txt", purpose=partial.REDACTED
        )


def stamped(office: Any, letter: Letter, **more: Any) -> Letter:
    """The released letter, stamped by somebody who neither wrote nor approved it."""
    sealing_register.stamp(
        office.actor(more.pop("by_person", "head")), letter, copies=more.pop("copies", 2), **more
    )
    letter.refresh_from_db()
    return letter


def released(office: Any, letter: Letter) -> Letter:
    """The letter, completed, released by three people and stamped: ready to go out."""
    return stamped(office, approved(office, letter))


def approved(office: Any, letter: Letter) -> Letter:
    """The letter, completed and released by three people; not yet stamped."""
    complete(office, letter)
    revision = letters.submit(office.actor("handler"), letter, version=letters.draft_of(letter).version)
    for step, name in ((1, "handler"), (2, "reviewer"), (3, "approver")):
        checklist = ticked("letter", step)
        approvals.approve(office.actor(name), revision, step=step, opinion="同意", checklist=checklist)
    letter.refresh_from_db()
    return letter


def sent(office: Any, letter: Letter, on: Any, way: str = "direct", **more: Any) -> Letter:
    """The letter, released and sent; handed over against the applicant's signature unless the test says otherwise."""
    released(office, letter)
    if way != "post":
        more.setdefault("words", "收件人签收")
    service.dispatch(office.actor("handler"), letter, way=way, on=on, **more)
    letter.refresh_from_db()
    return letter
