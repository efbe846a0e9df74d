"""The review sheet of one revision (政府信息公开审查呈批单) as an official document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai import screening
from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.paperwork import pdf as printed
from gongkai.paperwork.errors import FieldEmpty, PaperworkError
from gongkai.paperwork.sheets import Fact, ReviewPoint, ReviewSheet, ReviewStep
from gongkai.review import examination, subjects
from gongkai.review.models import (
    STEPS,
    Approval,
    Consultation,
    Examination,
    Finding,
    Referral,
    Revision,
)
from gongkai.review.submission import content_of
from gongkai.rulebook.letters import missing_elements

# Findings that one sheet prints; a list of a thousand numbers would bury the three people.
FINDINGS = 20
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
    counts = examination.latest(revision, 2) or examination.latest(revision, 1)
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
        *(Fact(name=name, value=_intended(name, value, counts)[:500]) for name, value in told),
        *([Fact(name="审查机构", value=counts.body)] if counts else []),
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
        points=tuple(_points(revision, kind, taken)),
        steps=steps,
        conclusion=_concluded(kind, counts, released is not None),
        records=tuple(_records(revision, kind, taken, counts)),
        digest=revision.digest,
        qr=f"SM3:{revision.digest}",
        made_on=timezone.localtime(made_on),
        facts=tuple(facts),
    )


def _points(
    revision: Revision, kind: subjects.SubjectKind, taken: Mapping[int, Approval]
) -> Iterator[ReviewPoint]:
    """The ten points with the answer that counts; of what is not examined, the sentences that each step confirmed."""
    lines = examination.lines(revision)
    for each in lines:
        remark = [each.law]
        if each.differs:
            remark += [f"经办人：{each.handler}", f"审查人：{each.reviewer}"]
        elif each.reviewer or each.handler:
            remark.append(_beside(each.reviewer or each.handler))
        yield ReviewPoint(
            question=each.point.question,
            answer=(each.reviewer or each.handler).partition("（")[0],
            remark="。".join(part for part in remark if part),
        )
    if lines:
        return
    for number in STEPS:
        row = taken.get(number)
        ticked = row.checklist if row else {}
        for key, sentence in kind.checklists.get(number, ()):
            if key in ticked or (key, sentence) in kind.asked(number):
                yield ReviewPoint(question=str(sentence), answer="是" if ticked.get(key) else "—")


def _beside(told: str) -> str:
    return told.partition("（")[2].removesuffix("）")


def _intended(name: str, value: str, counts: Examination | None) -> str:
    """The line of channel and time as the examination says it, where there is one."""
    if counts is None or name != _LINES["intended_release"]:
        return value
    column = f"“{counts.column}”栏目" if counts.column else ""
    said = [value.partition("，")[0], counts.channel, column, counts.planned]
    return "，".join(part for part in said if part)


def _concluded(kind: subjects.SubjectKind, counts: Examination | None, released: bool) -> str:
    if counts is not None:
        said = examination.conclusion_of(counts)
        return f"{said}。{counts.note}"[:500] if counts.note else said
    return ("公开" if kind.public else "同意发出") if released else ""


def _records(
    revision: Revision,
    kind: subjects.SubjectKind,
    taken: Mapping[int, Approval],
    counts: Examination | None,
) -> Iterator[Fact]:
    """What was screened, confirmed, assessed, consulted and referred, one line each."""
    found = Finding.objects.filter(screening__revision=revision).select_related(
        "dispute__person", "resolution__person"
    )
    searched = revision.screenings.order_by("-pk").first()
    total = found.count()
    if searched is not None:
        result = f"发现{total}处" if total else "未发现敏感内容"
        yield Fact(name="机器筛查", value=f"{result}（{_minute(searched.at)}）")
    for finding in found.order_by("pk")[:FINDINGS]:
        yield Fact(name="筛查发现", value=_finding(finding)[:1000])
    if total > FINDINGS:
        yield Fact(name="筛查发现", value=f"其余{total - FINDINGS}处见审查页。")
    if counts is None:
        return
    for number in STEPS:
        row = taken.get(number)
        said = [str(words) for key, words in kind.asked(number) if row and row.checklist.get(key)]
        if said:
            yield Fact(name=f"{STEPS[number]}事项", value="".join(said))
    if counts.sensitive:
        yield Fact(name="敏感个人信息", value=f"影响评估：{counts.impact}")
    for each in revision.consultations.select_related("answer").order_by("pk"):
        yield Fact(name="协商", value=_consulted(each)[:1000])
    for row in revision.referrals.select_related("answer").order_by("pk"):
        yield Fact(name="报请确定", value=_referred(row)[:1000])


def _finding(finding: Finding) -> str:
    label = screening.KIND_LABELS.get(screening.Kind(finding.kind), finding.kind)
    parts = [f"{label} {finding.excerpt}（{finding.location}）"]
    if hasattr(finding, "dispute"):
        parts.append(f"经办人{finding.dispute.person.name}：{finding.dispute.ground}")
    if hasattr(finding, "resolution"):
        parts.append(f"审查人{finding.resolution.person.name}解除：{finding.resolution.ground}")
    elif finding.severity != "block":
        parts.append("提示，不阻断")
    return "；".join(parts)


def _consulted(row: Consultation) -> str:
    who = f"{row.consulted}{'（共同制作）' if row.joint else ''}"
    parts = [f"{row.asked_on.isoformat()}向{who}征求意见{_number(row.document_number)}"]
    if hasattr(row, "answer"):
        said = "同意" if row.answer.consents else "不同意"
        parts.append(f"{row.answer.answered_on.isoformat()}答复{said}{_number(row.answer.document_number)}")
        parts.append(row.answer.note)
    else:
        parts.append("尚未答复")
    return "；".join(part for part in parts if part)


def _referred(row: Referral) -> str:
    parts = [
        f"{row.sent_on.isoformat()}向{row.addressee}报请确定{row.get_question_display()}{_number(row.document_number)}",
        row.matter,
    ]
    if hasattr(row, "answer"):
        answer = row.answer
        parts.append(
            f"{answer.answered_on.isoformat()}{answer.body}答复：{answer.get_outcome_display()}"
            f"{_number(answer.document_number)}"
        )
        parts.append(answer.note)
    else:
        parts.append("尚未答复")
    return "；".join(part for part in parts if part)


def _number(text: str) -> str:
    return f"（{text}）" if text else ""


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
