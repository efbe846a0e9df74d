"""The examination of one revision by the ten points (rulebook 6.6): proposed by the handler, made by the reviewer.

What goes to the public passes steps one and two only with the examination of the person who takes the step, and step
two only with the conclusion 公开 or 部分公开; the database holds the same (confidentiality_guards.py). What the answers
allow says rulebook/examination.py; here are the facts of the review that it asks for, and the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import TEXT, Option
from gongkai.agencies.policy import Actor, Refused
from gongkai.files.models import Derived
from gongkai.journal import chain, clock
from gongkai.review import screening_rules, subjects
from gongkai.review.models import Examination, Revision, RevisionEditor
from gongkai.review.roles import STEP_ROLES
from gongkai.review.submission import content_of
from gongkai.rulebook import examination as rules
from gongkai.rulebook.examination import Conclusion, Said
from gongkai.rulebook.norms import cite

BODY = "examining_body"
GROUP = gettext_lazy("Confidentiality review")
options.declare(
    Option(
        BODY, GROUP, gettext_lazy("Body that examines for confidentiality"), TEXT,
        lambda agency: f"{agency.name}保密审查工作领导小组",
        words=gettext_lazy("Stands on each review sheet."), law=cite("secrecy_rules", 42),
    ),
)  # fmt: skip
SHEET_NEEDED = gettext_lazy("Answer the ten points of the review sheet first.")


@dataclass(frozen=True)
class Statement:
    """What a person says on the sheet."""

    answers: Mapping[str, Said]
    conclusion: str
    grounds: tuple[str, ...] = ()
    note: str = ""
    sensitive: bool = False
    impact: str = ""
    channel: str = ""
    column: str = ""
    planned: str = ""

    @property
    def concludes(self) -> Conclusion | None:
        """The conclusion; None where none of the four was chosen."""
        return Conclusion(self.conclusion) if self.conclusion in _CONCLUSIONS else None


_CONCLUSIONS = {each.value for each in Conclusion}


@dataclass(frozen=True)
class Warnings:
    """What the review page tells before anybody answers: rows of persons and the number from which they are many;
    whether something was taken out of a file."""

    persons: int
    many: int
    redacted: bool = False

    @property
    def aggregated(self) -> bool:
        return self.persons >= self.many


class NotYet(Refused):
    """The sheet does not allow this conclusion; `obstacles` says why, point by point."""

    def __init__(self, obstacles: list[rules.Obstacle]) -> None:
        super().__init__(
            " ".join(each.message for each in obstacles),
            next((each.article for each in obstacles if each.article), ""),
        )
        self.obstacles = obstacles


def nothing_in_the_way(revision: Revision, *, note: str = "") -> Statement:
    """The statement of somebody who found nothing, and to whom the agencies asked have agreed: the whole goes out
    where its kind says it does.

    note: what is said on the aggregation of personal data, where much of it goes out.
    """
    content = content_of(revision.digest)
    outlet = subjects.kind_of(revision.subject_kind).outlet(content or {}, revision.agency)
    answers = rules.nothing_found()
    if asked := sorted(set(revision.consultations.values_list("consulted", flat=True))):
        answers["other_agencies"] = Said("agreed", "、".join(asked))
    if note:
        answers["aggregation"] = Said("handled", note)
    return Statement(
        answers,
        Conclusion.OPEN.value,
        channel=outlet.channel,
        column=outlet.column,
        planned=outlet.planned,
    )


def warnings(revision: Revision) -> Warnings:
    """How many rows of persons the screening of this content found, and from how many that must be explained."""
    found = (row.persons or 0 for row in revision.screenings.filter(digest=revision.digest))
    return Warnings(max(found, default=0), screening_rules.in_force().persons_warning, _redacted(revision))


def facts(revision: Revision, statement: Statement | None = None) -> rules.Facts:
    """What the records of the review say beside the answers."""
    told = warnings(revision)
    asked = list(revision.consultations.select_related("answer").order_by("pk"))
    latest = {row.consulted: row for row in asked}
    referrals = list(revision.referrals.select_related("answer"))
    return rules.Facts(
        on=clock.today(),
        persons=told.persons,
        many=told.many,
        redacted=told.redacted,
        asked=frozenset(latest),
        refused=frozenset(
            name for name, row in latest.items() if hasattr(row, "answer") and not row.answer.consents
        ),
        waiting=frozenset(name for name, row in latest.items() if not hasattr(row, "answer")),
        determined=tuple(Conclusion(row.answer.outcome) for row in referrals if hasattr(row, "answer")),
        referred=any(not hasattr(row, "answer") for row in referrals),
        sensitive=statement.sensitive if statement else False,
        impact=statement.impact if statement else "",
    )


def _redacted(revision: Revision) -> bool:
    content = content_of(revision.digest)
    if content is None:
        return False
    files = [file.digest for file in subjects.kind_of(revision.subject_kind).files(content)]
    made = Derived.objects.filter(result_id__in=files, owner_id=revision.subject_id)
    return made.exclude(how=Derived.How.CLEANED).exists()


def latest(revision: Revision, step: int) -> Examination | None:
    """The examination of a step that counts: the latest; None where nobody examined."""
    rows = revision.examinations.filter(step=step).select_related("person", "appointment")
    return rows.order_by("-pk").first()


def answers_of(row: Examination) -> dict[str, Said]:
    """The answers of a record."""
    return {
        key: Said(**{name: str(said.get(name, "")) for name in ("answer", "note", "authority", "document")})
        for key, said in row.answers.items()
    }


def write(actor: Actor, revision: Revision, step: int, statement: Statement) -> Examination:
    """The record of an examination, inside the caller's transaction, which holds the review. Raises Refused, NotYet."""
    appointment = actor.holds(STEP_ROLES[step], revision.agency)
    if appointment is None:
        raise Refused(_("You are not appointed to this step in this agency."))
    if step == 2 and RevisionEditor.objects.filter(revision=revision, person=actor.person).exists():
        raise Refused(_("You wrote in this text: another person must take this step."))
    concludes = statement.concludes
    found = rules.obstacles(statement.answers, concludes, statement.grounds, facts(revision, statement))
    if found or concludes is None:
        raise NotYet(found)
    grounds = list(statement.grounds) if concludes is Conclusion.WITHHELD else []
    row = Examination.objects.create(
        revision=revision,
        digest=revision.digest,
        step=step,
        person=actor.person,
        appointment=appointment,
        answers={key: _stored(said) for key, said in statement.answers.items() if key in rules.POINTS},
        conclusion=concludes.value,
        grounds=grounds,
        articles=rules.law_of(concludes, grounds),
        note=statement.note.strip()[:1000],
        sensitive=statement.sensitive,
        impact=statement.impact.strip()[:500],
        body=options.read(revision.agency, BODY),
        channel=statement.channel.strip()[:200],
        column=statement.column.strip()[:200],
        planned=statement.planned.strip()[:100],
        on_day=clock.today(),
        at=clock.now(),
    )
    chain.record(
        "review.examined",
        actor.who,
        agency=revision.agency_id,
        subject=(revision.subject_kind, revision.subject_id),
        covers=[row],
        step=step,
        conclusion=row.conclusion,
        digest=revision.digest,
    )
    return row


def _stored(said: Said) -> dict[str, str]:
    told = {"note": said.note, "authority": said.authority, "document": said.document}
    return {"answer": said.answer} | {
        name: value.strip()[: rules.LONGEST] for name, value in told.items() if value.strip()
    }


@dataclass(frozen=True)
class Line:
    """One point as the page and the printed sheet show it: what the handler and what the reviewer said."""

    point: rules.Point
    law: str
    handler: str
    reviewer: str
    differs: bool
    remark: str = field(default="")


def lines(revision: Revision) -> list[Line]:
    """The ten points with both answers, for reading; empty where nobody examined."""
    first, second = latest(revision, 1), latest(revision, 2)
    if first is None and second is None:
        return []
    own = answers_of(first) if first else {}
    other = answers_of(second) if second else {}
    apart = rules.differing(own, other) if first and second else ()
    day = (second or first).on_day  # type: ignore[union-attr]
    return [
        Line(
            point,
            point.law(day),
            told(point, own.get(point.key)),
            told(point, other.get(point.key)),
            point in apart,
        )
        for point in rules.POINTS.values()
    ]


def told(point: rules.Point, said: Said | None) -> str:
    """An answer with what was said beside it, as one text; empty where there is none."""
    answer = point.answer(said.answer) if said else None
    if said is None or answer is None:
        return ""
    more = said.told()
    return f"{answer.label}（{more}）" if more else answer.label


def conclusion_of(row: Examination) -> str:
    """The conclusion with its articles: 部分公开（…第三十七条）."""
    label = Conclusion(row.conclusion).label
    return f"{label}（{row.articles}）" if row.articles else label


def initial(row: Examination) -> dict[str, Any]:
    """A record as the fields of the form."""
    values: dict[str, Any] = {
        "conclusion": row.conclusion,
        "grounds": row.grounds,
        "remark": row.note,
        "sensitive": row.sensitive,
        "impact": row.impact,
        "channel": row.channel,
        "column": row.column,
        "planned": row.planned,
    }
    for key, said in answers_of(row).items():
        values |= {
            f"answer_{key}": said.answer,
            f"note_{key}": said.note,
            f"authority_{key}": said.authority,
            f"document_{key}": said.document,
        }
    return values


def body_of(agency: Agency) -> str:
    """The body that examines for an agency."""
    return str(options.read(agency, BODY))
