"""Policy documents and their interpretations as the tests write them."""

from typing import Any

from gongkai.disclosure import interpretations
from tests.items import approve, drafted, released, submitted

MORE = {
    "level": "normative",
    "expires_on": "",
    "repeals": "",
    "amends": "",
    "interpret": "no",
    "plan_outline": "",
    "plan_form": [],
    "plan_channel": "",
    "plan_on": "",
    "plan_by": "",
    "no_ground": "内容简明，无需解读。",
}
PLANNED = {
    "interpret": "yes",
    "plan_outline": "背景、范围、标准。",
    "plan_form": ["text"],
    "plan_by": "征收科",
    "no_ground": "",
}
TITLE, NUMBER = "西工区房屋征收补偿办法", "西城改〔2021〕3号"
FORMER = "西城改〔2019〕1号"


def policy(office: Any, more: dict[str, Any] | None = None, **content: Any) -> Any:
    """The draft of a policy document, without interpretation unless `more` says so."""
    return drafted(
        office,
        **{
            "title": TITLE,
            "document_number": NUMBER,
            "column": "20-01",
            "variety": "policy",
            "more": MORE | (more or {}),
        }
        | content,
    )


def former(office: Any) -> Any:
    """A document of 2019 that is in force, for a later one to end."""
    return released(
        office,
        title="旧征收办法",
        document_number=FORMER,
        normative=True,
        formed_on="2019-03-01",
    )


def explained(office: Any, item: Any, **content: Any) -> Any:
    """A complete draft of the interpretation of a policy document."""
    from gongkai.disclosure import content as contents
    from gongkai.disclosure import items
    from gongkai.review import drafts

    actor = office.actor("handler")
    told = interpretations.begin(actor, item)
    draft = drafts.draft_of("item", told.pk)
    said = (
        contents.EMPTY
        | draft.content
        | {
            "summary": "说明办法的背景和标准。",
            "body": "<p>补偿标准按市场评估确定。</p>",
            "formed_on": "2021-03-01",
        }
        | content
    )
    said["more"] = said["more"] | {"points": "适用范围\n补偿标准"}
    items.save(actor, told, said, version=draft.version)
    told.refresh_from_db()
    return told


def passed(office: Any, item: Any, *steps: int) -> Any:
    """The item submitted and taken through these steps, all three unless named."""
    revision = submitted(office, item)
    for step in steps or (1, 2, 3):
        approve(office, revision, step)
    revision.refresh_from_db()
    item.refresh_from_db()
    return revision
