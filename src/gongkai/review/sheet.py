"""The confidentiality review sheet of one revision as an official document."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.paperwork import pdf as printed
from gongkai.paperwork.errors import PaperworkError
from gongkai.paperwork.sheets import Fact, ReviewPoint, ReviewSheet, ReviewStep
from gongkai.review import subjects
from gongkai.review.models import STEPS, Approval, Revision
from gongkai.review.submission import content_of


def pdf(revision: Revision, *, made_on: datetime | None = None) -> bytes:
    """The sheet as PDF: what was confirmed at each step, by whom, when, of which content.

    made_on: the time at its foot, default now. Raises Refused before the first step, and where a text cannot be
    printed.
    """
    kind = subjects.kind_of(revision.subject_kind)
    taken = {row.step: row for row in revision.approvals.select_related("person", "appointment")}
    if not taken:
        raise Refused(_("The sheet can be printed once the first step is taken."))
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
    content = content_of(revision.digest)
    facts = [
        *(Fact(name=name, value=value[:500]) for name, value in (kind.facts(content) if content else ())),
        Fact(name="送审时间", value=_minute(revision.submitted_at)),
        Fact(name="送审稿", value=f"第{revision.number}稿"),
    ]
    if released:
        name = "发布时间" if kind.public else "签发时间"
        facts.append(Fact(name=name, value=_minute(released.released_at)))
    sheet = ReviewSheet(
        agency=revision.agency.name,
        subject=revision.title,
        number=str(revision.pk)[:8],
        points=tuple(points),
        steps=steps,
        conclusion=("公开" if kind.public else "同意发出") if released else "",
        digest=revision.digest,
        qr=f"SM3:{revision.digest}",
        made_on=timezone.localtime(made_on or clock.now()),
        facts=tuple(facts),
    )
    try:
        return printed.review_sheet_pdf(sheet)
    except PaperworkError as error:
        raise Refused(str(error)) from error


def _minute(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
