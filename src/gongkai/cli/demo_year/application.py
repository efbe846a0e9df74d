"""The one application of 2021: by a natural person over the web, closed as 其他处理·其他 with its sub-reason."""

from uuid import uuid4

from gongkai.applications import closing, decisions, intake, letters, sealing_register, service
from gongkai.applications.models import Application, Letter
from gongkai.applications.personal import Person, Request
from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.journal import clock

APPLICANT = Person(
    name="申请人（演示）", identity="passport", identity_number="E00000000", phone="0379-00000003"
)
ASKED = Request(
    description="请问我家所在的院落什么时候能够列入棚改计划，列入后补偿标准是多少？",
    form="electronic",
    way="online",
)
FACTS = (
    "您提出的申请是就棚户区改造安排向本机关提出的咨询，没有指向以一定形式记录、保存的特定政府信息。"
    "本机关已另以答复来信的方式说明有关政策；相关年度计划和补偿方案已经公开，可以在本平台查阅。"
)


def apply(cast: Cast, request: Request = ASKED, kind: str = "natural_person") -> Application:
    """An application on the public page, today."""
    taken = intake.Taken(kind=kind, person=APPLICANT, request=request)
    return intake.submit(cast.office, taken, submission=uuid4(), address="127.0.0.1")


def decide(cast: Cast, case: Application) -> Letter:
    """The outcome with its sub-reason, and the letter drafted from it."""
    return decisions.decide(
        cast.actor("jingban"), case, outcome_key="other", sub_reason="enquiry", facts=FACTS
    )


def build(cast: Cast) -> None:
    """Apply, decide, have the letter reviewed and stamped, send it, close."""
    with morning("2021-06-08"):
        case = apply(cast)
    with morning("2021-06-18"):
        letter = decide(cast, case)
        draft = letters.draft_of(letter)
        revision = letters.submit(cast.actor("jingban"), letter, version=draft.version)
        cast.review(revision)
        letter.refresh_from_db()
        sealing_register.stamp(cast.actor("zonghe"), letter, copies=2)
        service.dispatch(cast.actor("jingban"), letter, way="electronic", on=clock.today())
        clock.advance(3600)
        case.refresh_from_db()
        closing.close(cast.actor("jingban"), case)
