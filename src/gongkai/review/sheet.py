"""The confidentiality review sheet of one revision as an official document."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.paperwork import pdf as printed
from gongkai.paperwork.errors import FieldEmpty, PaperworkError
from gongkai.paperwork.sheets import Fact, ReviewPoint, ReviewSheet, ReviewStep
from gongkai.review import subjects
from gongkai.review.models import STEPS, Approval, Revision
from gongkai.review.submission import content_of
from gongkai.rulebook.letters import missing_elements

# Sheet 31 of rulebook 5.3, and the lines of its head that print its elements.
KIND = 31
_LINES = {
    "information": "载体和来源",
    "intended_release": "拟公开方式、渠道、时间",
    "attribute": "公开属性建议和理由",
}


def pdf(revision: Revision, *, made_on: datetime | None = None) -> bytes:
    """The sheet as PDF: what was confirmed at each step, by whom, when, of which content.

    made_on: the time at its foot, default now. Raises Refused before the first step, and where a text cannot be
    printed.
    """
    taken = {row.step: row for row in revision.approvals.select_related("person", "appointment")}
    if not taken:
        raise Refused(_("The sheet can be printed once the first step is taken."))
    told = _told(revision)
    sheet = _sheet(revision, taken, told, made_on or clock.now())
    try:
        # Kinds that tell nothing for the head (letters of citizens, reports), and what was erased, have a shorter one.
        if told:
            whole(sheet)
        return printed.review_sheet_pdf(sheet)
    except PaperworkError as error:
        raise Refused(str(error)) from error


@in_chinese
def _told(revision: Revision) -> Sequence[tuple[str, str]]:
    """What the kind of subject tells for the head."""
    content = content_of(revision.digest)
    return subjects.kind_of(revision.subject_kind).facts(content) if content else ()


@in_chinese
def _sheet(
    revision: Revision, taken: Mapping[int, Approval], told: Sequence[tuple[str, str]], made_on: datetime
) -> ReviewSheet:
    kind = subjects.kind_of(revision.subject_kind)
    points = []
    for number in STEPS:
        row = taken.get(number)
        for key, sentence in kind.checklists.get(number, ()):
            answer = "是" if row and row.checklist.get(key) else "—"
            points.append(ReviewPoint(question=str(sentence), answer=answer))
    before = tuple(
        ReviewStep(role=word.role, person=word.person, opinion=word.opinion, time=timezone.localtime(word.at))
        for word in kind.words(revision)
    )
    steps = before + tuple(
        ReviewStep(
            role=row.appointment.get_role_display() + ("（代）" if row.appointment.deputy else ""),
            person=row.person.name,
            opinion=("退回：" if row.decision == Approval.RETURNED else "") + row.opinion,
            time=timezone.localtime(row.at),
        )
        for row in taken.values()
    )
    released = getattr(revision, "release", None)
    facts = [
        *(Fact(name=name, value=value[:500]) for name, value in told),
        Fact(name="送审时间", value=_minute(revision.submitted_at)),
        Fact(name="送审稿", value=f"第{revision.number}稿"),
    ]
    if released:
        name = "发布时间" if kind.public else "签发时间"
        facts.append(Fact(name=name, value=_minute(released.released_at)))
    return ReviewSheet(
        agency=revision.agency.name,
        subject=revision.title,
        number=str(revision.pk)[:8],
        points=tuple(points),
        steps=steps,
        conclusion=("公开" if kind.public else "同意发出") if released else "",
        digest=revision.digest,
        qr=f"SM3:{revision.digest}",
        made_on=timezone.localtime(made_on),
        facts=tuple(facts),
    )


def whole(sheet: ReviewSheet) -> None:
    """Raise FieldEmpty, naming every element of sheet 31 that this one would not show."""
    said = {fact.name: fact.value.strip() for fact in sheet.facts}
    there = {
        "title": sheet.title and sheet.agency,
        "sheet_number": sheet.number,
        "item_by_item": sheet.points,
        "three_opinions": sheet.steps,
        "content_digest": sheet.digest,
    } | {element: said.get(line, "") for element, line in _LINES.items()}
    if not sheet.subject.strip():
        there["information"] = ""
    if lacking := missing_elements(KIND, {element for element, value in there.items() if value}):
        raise FieldEmpty("、".join(each.label for each in lacking))


def _minute(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
