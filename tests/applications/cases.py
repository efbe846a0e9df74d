"""Applications as the tests write them."""

from typing import Any
from uuid import uuid4

from gongkai.applications import decisions, intake, letters, service
from gongkai.applications.models import Letter
from gongkai.applications.personal import Person, Request
from gongkai.applications.wording import TEMPLATES
from gongkai.review import approvals
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
FILLED = "演示内容，写明具体情况。"


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


def decided(office: Any, case: Any, outcome: str = "provided", **more: Any) -> Letter:
    return decisions.decide(
        office.actor("handler"), case, outcome_key=outcome, facts=more.pop("facts", FACTS), **more
    )


def complete(office: Any, letter: Letter) -> None:
    """Fill every element that is still empty."""
    draft = letters.draft_of(letter)
    elements = letters.opened(draft.content).elements
    wanted = {each.key: elements.get(each.key) or FILLED for each in TEMPLATES[letter.kind].written}
    letters.save(office.actor("handler"), letter, wanted, version=draft.version)


def released(office: Any, letter: Letter) -> Letter:
    """The letter, completed and released by three people."""
    complete(office, letter)
    revision = letters.submit(office.actor("handler"), letter, version=letters.draft_of(letter).version)
    for step, name in ((1, "handler"), (2, "reviewer"), (3, "approver")):
        checklist = ticked("letter", step)
        approvals.approve(office.actor(name), revision, step=step, opinion="同意", checklist=checklist)
    letter.refresh_from_db()
    return letter


def sent(office: Any, letter: Letter, on: Any, way: str = "direct", **more: Any) -> Letter:
    """The letter, released and sent."""
    released(office, letter)
    service.dispatch(office.actor("handler"), letter, way=way, on=on, **more)
    letter.refresh_from_db()
    return letter
