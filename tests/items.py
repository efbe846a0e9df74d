"""Items as the tests write them."""

from typing import Any

from gongkai.disclosure import items
from gongkai.review import approvals, drafts, examination, subjects, submission

GOOD = {
    "title": "西工区2021年棚户区改造项目征收补偿方案公告",
    "summary": "公布征收补偿方案，征求公众意见。",
    "body": "<h2>一、征收范围</h2><p>东至王城大道，西至健康路。</p>",
    "attribute": "proactive",
    "column": "21-c5",
    "formed_on": "2021-03-01",
    "five_open": "decision",
}


def ticked(kind: str, step: int) -> dict[str, bool]:
    return {key: True for key, _words in subjects.kind_of(kind).asked(step)}


def drafted(office: Any, **content: Any) -> Any:
    item, _draft = items.begin(office.actor("handler"), office.agency, GOOD | content)
    return item


def submitted(office: Any, item: Any) -> Any:
    draft = drafts.draft_of("item", item.pk)
    return submission.submit(office.actor("handler"), draft, version=draft.version)


def examined(revision: Any, step: int) -> Any:
    """The ten points where a step answers them: nothing stands in the way."""
    kind = subjects.kind_of(revision.subject_kind)
    return examination.nothing_in_the_way(revision) if kind.examined(step) else None


def approve(office: Any, revision: Any, step: int, **more: Any) -> Any:
    """One step, taken by the person for it unless `by` names another; `statement` replaces the empty sheet."""
    name = {1: "handler", 2: "reviewer", 3: "approver"}[step]
    checklist = ticked(revision.subject_kind, step)
    more.setdefault("statement", examined(revision, step))
    return approvals.approve(
        office.actor(more.pop("by", name)), revision, step=step, opinion="同意", checklist=checklist, **more
    )


def released(office: Any, **content: Any) -> Any:
    """An item that three people released."""
    item = drafted(office, **content)
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    item.refresh_from_db()
    return item
