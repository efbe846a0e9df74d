"""Matters as the tests of this room write them."""

from datetime import date
from typing import Any

from gongkai.agencies.models import Agency
from gongkai.correspondence import handling, intake, replies
from gongkai.correspondence.models import Channel
from gongkai.correspondence.writer import Letter
from gongkai.journal import clock
from gongkai.review import drafts, submission
from tests.items import approve

# Particulars that must be found nowhere in the clear.
NAME, PHONE, EMAIL, ADDRESS = "欧阳金丝雀", "13912345678", "canary@example.org", "健康路八十八号院三单元"
SECRET = "金丝雀正文"
LETTER = Letter(
    text=f"我家的过渡费还没有收到。{SECRET}",
    subject="过渡费金丝雀题目",
    name=NAME,
    phone=PHONE,
    email=EMAIL,
    address=ADDRESS,
)
SOURCES = {"mailbox": "", "media_line": "洛阳网", "assigned": "张区长", "hotline": "12345", "complaint": ""}


def received(office: Any, **more: Any) -> intake.Registered:
    """A mailbox letter by the public form."""
    return intake.receive(office.agency, LETTER, may_publish=True, **more)


def registered(office: Any, kind: str, **more: Any) -> intake.Registered:
    """A matter that staff entered today."""
    facts = {
        "channel": Channel.PLATFORM,
        "received_on": clock.today(),
        "title": "过渡费发放",
        "source": SOURCES[kind],
        "source_number": "RX20210001" if kind == "hotline" else "",
        "may_publish": True,
        "about": below(office) if kind == "complaint" else None,
    } | more
    letter = facts.pop("letter", LETTER)
    return intake.register(office.actor("handler"), office.agency, kind, letter, **facts)


def below(office: Any) -> Agency:
    """An agency below the office, about which one complains to the office."""
    made, _new = Agency.objects.get_or_create(
        code="XG0124", defaults={"name": "西工区房屋征收中心", "parent": office.agency}
    )
    return made


def in_hand(office: Any, kind: str = "mailbox", **more: Any) -> Any:
    """A matter in the hands of the handler."""
    matter = registered(office, kind, **more).matter
    take_up(office, matter)
    return matter


def take_up(office: Any, matter: Any) -> None:
    """The events that bring a matter of its kind into the handler's hands."""
    actor = office.actor("handler")
    if matter.kind == "hotline":
        handling.sign(actor, matter)
    if matter.kind == "assigned":
        handling.propose(actor, matter, words="建议由征收科承办，二十日内办结。")
        actor = office.actor("approver")
    handling.assign(actor, matter, lead=office.people["handler"], title="过渡费发放", helpers=["物业科"])
    matter.refresh_from_db()


def cleared(office: Any, matter: Any, **content: Any) -> Any:
    """A formal reply that three people approved."""
    said = {"body": "来信收悉。现答复如下：\n一、过渡费已于3月5日发放。\n请查收。"} | content
    reply, draft = replies.begin(office.actor("handler"), matter, said)
    revision = submission.submit(office.actor("handler"), draft, version=draft.version)
    for step in (1, 2, 3):
        approve(office, revision, step)
    reply.refresh_from_db()
    return reply


def answered(office: Any, kind: str = "mailbox", **more: Any) -> Any:
    """A matter answered by a formal reply, sent today."""
    matter = in_hand(office, kind, **more)
    send(office, cleared(office, matter))
    matter.refresh_from_db()
    return matter


def send(office: Any, reply: Any, on: date | None = None) -> Any:
    return replies.dispatch(office.actor("handler"), reply, way="post", on=on)


def draft_of(reply: Any) -> Any:
    return drafts.draft_of("reply", reply.pk)
