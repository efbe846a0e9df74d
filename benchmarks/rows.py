"""Rows by the thousand, loaded past the journal: a marked short-cut for measuring.

Nothing here is how records come to be. No use case is called and no journal entry covers these rows, so
`gongkai journal verify` would name them. The triggers stay in place: where a release is loaded, its revision,
screening and three approvals are loaded before it and its item after it, or the database refuses them (I1).
"""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from gongkai.agencies.models import REVIEWERS, Agency, Appointment, AppointmentConfirmation, Person, Role
from gongkai.applications.models import APPLICANT_KINDS, Application, Letter
from gongkai.applications.models import State as CaseState
from gongkai.cli.demo_year.cast import SINCE, Cast
from gongkai.correspondence.models import Matter, Topic
from gongkai.correspondence.procedure import Kind as MatterKind
from gongkai.correspondence.procedure import State as MatterState
from gongkai.disclosure import content as contents
from gongkai.disclosure.models import Column, Item
from gongkai.review.models import (
    Approval,
    Content,
    Examination,
    Release,
    ReviewState,
    Revision,
    RevisionEditor,
    Screening,
)
from gongkai.rulebook import examination as rules
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Channel
from gongkai.supervision.models import Entry
from gongkai.supervision.models import Kind as EntryKind

BATCH = 2000
BEGIN = date(2019, 6, 3)
DAYS = 2700
OTHERS = 16
# As long as what is really stored for one applicant and one request, sealed.
SEALED = "0" * 600

PLACES = (
    "健康路",
    "王城大道",
    "定鼎路",
    "唐宫路",
    "中州中路",
    "纱厂西路",
    "道北路",
    "春晴路",
    "凯旋西路",
    "金谷园路",
)
WORKS = (
    "棚户区改造",
    "老旧小区改造",
    "房屋征收",
    "城中村改造",
    "安置房建设",
    "片区更新",
    "危房整治",
    "物业移交",
)
PAPERS = ("征收补偿方案", "征收决定", "安置方案", "资金使用情况", "竣工验收结果", "年度计划", "招标公告", "评估报告公示", "办理指南", "政策解读")  # fmt: skip
FORMS = ("公告", "通知", "公示", "批复", "意见", "通报")
# Complaints alone name an agency below, and what they are about.
LETTERS = [kind for kind in MatterKind if kind is not MatterKind.COMPLAINT]
TOPICS = [topic for topic, _label in Topic.of(MatterKind.MAILBOX)]


def title(n: int) -> str:
    """The n-th title: about 2,400 different words in all, no two titles the same."""
    draw = random.Random(n)
    return (
        f"西工区{2019 + n % 8}年{draw.choice(PLACES)}{draw.choice(WORKS)}项目{draw.choice(PAPERS)}"
        f"{draw.choice(FORMS)}（第{n}号）"
    )


def body(n: int) -> str:
    """A text of some 300 characters."""
    draw = random.Random(-n - 1)
    sentences = (
        f"{draw.choice(PLACES)}以东、{draw.choice(PLACES)}以南的{draw.choice(WORKS)}{draw.choice(PAPERS)}已经研究同意。"
        for _sentence in range(9)
    )
    return "".join(sentences) + f"联系电话以公开指南为准，文号第{n}号。"


class Loader:
    """Loads rows of each kind up to a number, every second one for the office, the rest for sixteen others.

    small: one of those sixteen, with a handler of its own. open_work: how many of each kind are still open in
    the office, whatever their number in all; with `open_share` that share of all is open instead.
    """

    def __init__(self, cast: Cast, *, open_work: int = 60, open_share: float = 0.0) -> None:
        self.cast = cast
        self.open_work = open_work
        self.open_share = open_share
        self.loaded = 0
        self.others = [
            Agency.objects.create(name=f"演示机关{n:02d}", code=f"YS{n:04d}", parent=cast.district)
            for n in range(OTHERS)
        ]
        self.small = self.others[0]
        self.small_handler = Person.objects.create_user(
            "xiaochu", None, name="小处（演示）", agency=self.small
        )
        appoint(self.small_handler, self.small, Role.HANDLER)
        for step, role in enumerate(REVIEWERS, 1):
            person = Person.objects.create_user(
                f"sanren{step}", None, name=f"三人之{step}（演示）", agency=self.small
            )
            for agency in self.others:
                appoint(person, agency, role)
        self.seats = seats()
        self.handler = cast.people["jingban"]
        self.columns = list(Column.objects.all())
        self.task = EntryKind.objects.get(code="task")

    def load(self, count: int, *, applications_only: bool = False) -> None:
        """Bring each kind, or applications with their letters alone, to `count` rows."""
        numbers = range(self.loaded, count)
        kinds = (self.item, self.application, self.matter, self.task_entry)
        for make in (self.application,) if applications_only else kinds:
            insert(make(n, self.open(n)) for n in numbers)
        self.loaded = count

    def agency(self, n: int) -> Agency:
        return self.cast.office if n % 2 == 0 else self.others[n // 2 % OTHERS]

    def open(self, n: int) -> bool:
        """The first so many are the open ones, so that they stay as many as rows are added."""
        if self.open_share:
            return random.Random(n).random() < self.open_share
        return n < 2 * self.open_work

    def item(self, n: int, pending: bool) -> list[Any]:
        agency, column = self.agency(n), self.columns[n % len(self.columns)]
        if not pending:
            return released_item(agency, self.seats[agency.pk], column, n)
        row = item_of(agency, self.handler, column, n)
        if n % 4:
            return [row]
        revision = revision_of(row, self.handler, n)
        return [row, revision, state_of(revision, ReviewState.State.STEP1)]

    def application(self, n: int, pending: bool) -> list[Any]:
        day = BEGIN + timedelta(days=n * 7919 % DAYS)
        row = case(self.agency(n), n, day, None if pending else day + timedelta(days=24))
        # Of three cases two have been handed over.
        row.handler = self.handler if n % 3 else None
        letter = Letter(
            application=row,
            agency=row.agency,
            kind=OUTCOMES["provided"].letter,
            act="decide",
            created_by=self.handler,
            created_at=row.registered_at,
            number="" if pending else f"演示函〔{day.year}〕{n:07d}号",
            dated=row.answered_on,
            sent_on=row.answered_on,
        )
        # Sent by its cache alone: a dispatch wants a release behind it.
        return [row, letter]

    def matter(self, n: int, pending: bool) -> list[Any]:
        at = moment(n)
        return [
            Matter(
                agency=self.agency(n),
                kind=LETTERS[n // 2 % len(LETTERS)],
                number=f"XF{n:07d}",
                title=f"{random.Random(n).choice(PLACES)}来信{n}",
                topic=TOPICS[n % len(TOPICS)],
                channel="web",
                received_on=at.date(),
                term_days=7,
                source_number=f"S{n:07d}",
                key_id=uuid.uuid4(),
                sealed_text=SEALED,
                state=MatterState.REGISTERED if pending else MatterState.CLOSED,
                runs_from=at.date(),
                answered_on=None if pending else at.date() + timedelta(days=5),
                registered_at=at,
            )
        ]

    def task_entry(self, n: int, pending: bool) -> list[Any]:
        at = moment(n)
        states = self.task.definition.states
        end = next(state for state in states if state.end)
        state = next(each for each in states if each.waits_for == "responsible") if pending else end
        return [
            Entry(
                kind=self.task,
                number=f"RW{n:07d}",
                agency=self.agency(n),
                issuer=self.agency(n),
                subject=f"{random.Random(n).choice(PLACES)}任务{n}",
                responsible=self.handler,
                due_on=at.date() + timedelta(days=30),
                occurred_on=at.date(),
                year=at.year,
                state=state.code,
                closed_as=state.end or "",
                closed_on=None if pending else at.date(),
                created_by=self.handler,
                created_at=at,
            )
        ]


def case(agency: Agency, n: int, day: date, answered: date | None) -> Application:
    """An application received on that day, and answered and closed where a day is given."""
    outcomes = list(OUTCOMES.values())
    outcome = outcomes[n % len(outcomes)]
    return Application(
        agency=agency,
        number=f"演示〔{day.year}〕{n:07d}号",
        submission=uuid.uuid4(),
        channel=list(Channel)[n % len(Channel)].value,
        applicant_kind=APPLICANT_KINDS[0 if n % 3 else n % len(APPLICANT_KINDS)][0],
        arrived_on=day,
        case_key=uuid.uuid4(),
        sealed_person=SEALED,
        sealed_request=SEALED,
        name_print=f"{n % 5000:064d}",
        registered_at=at_noon(day),
        state=CaseState.CLOSED if answered else CaseState.PROCESSING,
        received_on=day,
        due_on=day + timedelta(days=28),
        outcome=outcome.key if answered else "",
        row=outcome.row.key if answered else "",
        answered_on=answered,
        closed_on=answered,
    )


def of_year(cast: Cast, year: int, n: int) -> list[Any]:
    """An application to the office in that year; those of December are answered in the next."""
    day = date(year, 1, 1) + timedelta(days=n * 97 % 365)
    return [case(cast.office, n, day, day + timedelta(days=24))]


def moment(n: int) -> datetime:
    """When the n-th thing happened: spread evenly, in no order of n."""
    return at_noon(BEGIN + timedelta(days=n * 7919 % DAYS)) + timedelta(seconds=n % 3600)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def appoint(person: Person, agency: Agency, role: str) -> None:
    """An appointment that holds since the beginning, confirmed."""
    row = Appointment.objects.create(
        person=person,
        agency=agency,
        role=role,
        paper="演示任职文件",
        starts_on=SINCE,
        made_by="system:benchmark",
        made_at=moment(0),
    )
    AppointmentConfirmation.objects.create(
        appointment=row, confirmed_by="system:benchmark-2", confirmed_at=moment(0)
    )


def seats() -> dict[Any, list[Appointment]]:
    """For each agency the appointments of the three people of a release, in the order of their steps."""
    found: dict[Any, dict[str, Appointment]] = {}
    for row in Appointment.objects.filter(role__in=REVIEWERS).order_by("-pk").select_related("person"):
        found.setdefault(row.agency_id, {})[row.role] = row
    return {
        agency: [by_role[role] for role in REVIEWERS]
        for agency, by_role in found.items()
        if len(by_role) == len(REVIEWERS)
    }


def item_of(agency: Agency, person: Person, column: Column, n: int, release: Release | None = None) -> Item:
    """The n-th item: a draft, or public by that release."""
    at = moment(n)
    return Item(
        agency=agency,
        title=title(n),
        attribute="proactive",
        column=column,
        formed_on=at.date(),
        document_number=f"西演〔{at.year}〕{n}号",
        index_number=f"YS/{at.year}-{n:07d}" if release else "",
        state=Item.State.PUBLIC if release else Item.State.DRAFT,
        live=release,
        released_at=at if release else None,
        changed_at=at if release else None,
        listed_at=at if release else None,
        created_by=person,
        created_at=at,
    )


def revision_of(item: Item, person: Person, n: int) -> Revision:
    return Revision(
        subject_kind="item",
        subject_id=item.pk,
        agency=item.agency,
        number=1,
        title=item.title,
        digest=f"{n:064x}",
        submitted_by=person,
        submitted_at=moment(n),
    )


def state_of(revision: Revision, state: str) -> ReviewState:
    return ReviewState(
        revision=revision,
        subject_kind=revision.subject_kind,
        subject_id=revision.subject_id,
        agency=revision.agency,
        state=state,
        due_on=revision.submitted_at.date() + timedelta(days=28),
        changed_at=revision.submitted_at,
    )


def taken(revision: Revision, step: int, seat: Appointment, at: datetime) -> list[Any]:
    """A step of a review that is passed, with the examination that the first two need."""
    common: dict[str, Any] = {
        "revision": revision,
        "digest": revision.digest,
        "step": step,
        "person": seat.person,
        "appointment": seat,
        "on_day": at.date(),
        "at": at,
    }
    rows: list[Any] = [Approval(decision=Approval.PASSED, **common)]
    if step < 3:
        nothing = {key: {"answer": said.answer} for key, said in rules.nothing_found().items()}
        conclusion = rules.Conclusion.OPEN
        rows.insert(
            0,
            Examination(
                answers=nothing,
                conclusion=conclusion.value,
                articles=rules.law_of(conclusion),
                body=f"{seat.agency.name}保密审查工作领导小组",
                **common,
            ),
        )
    return rows


def released_item(agency: Agency, three: list[Appointment], column: Column, n: int) -> list[Any]:
    """The n-th item, public, with everything that the triggers want of a release."""
    at, handler = moment(n), three[0].person
    release = Release(subject_kind="item", agency=agency, released_at=at)
    item = item_of(agency, handler, column, n, release)
    revision = revision_of(item, handler, n)
    release.revision, release.digest, release.subject_id = revision, revision.digest, item.pk
    return [
        Content(digest=revision.digest, text=content_of(item)),
        revision,
        RevisionEditor(revision=revision, person=handler),
        Screening(
            revision=revision, digest=revision.digest, rules_version="benchmark", verdict="clear", at=at
        ),
        *(row for step, seat in enumerate(three, 1) for row in taken(revision, step, seat, at)),
        release,
        item,
        state_of(revision, ReviewState.State.RELEASED),
    ]


def content_of(item: Item) -> str:
    """What was frozen of a loaded item: its catalogue fields as they are, one short sentence for its text."""
    said = dict.fromkeys(contents.TEXTS, "") | {
        "title": item.title,
        "summary": f"公布{item.title}。",
        "body": f"<p>{item.title}。</p>",
        "attribute": item.attribute,
        "column": item.column.code if item.column else "",
        "formed_on": item.formed_on.isoformat() if item.formed_on else "",
        "document_number": item.document_number,
        "normative": False,
        "attachments": [],
    }
    return json.dumps({"content": said}, ensure_ascii=False)


def insert(made: Iterator[list[Any]]) -> None:
    """Insert lists of rows; within a list a row may name those before it."""
    while batch := list(islice(made, BATCH)):
        alike: dict[Any, list[Any]] = {}
        for rows in batch:
            for row in rows:
                # A step is examined and passed before the next one is.
                place = (_ORDER[type(row)], getattr(row, "step", 0), isinstance(row, Approval))
                alike.setdefault(place, []).append(row)
        with transaction.atomic():
            for _place, same in sorted(alike.items(), key=lambda each: each[0]):
                type(same[0]).objects.bulk_create(same, batch_size=500)


def settle() -> None:
    """Let PostgreSQL know its new tables, as it does by itself after a while; SQLite is left as `serve` has it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


# Rows that are named stand before those that name them.
_ORDER: dict[Any, int] = {
    model: place
    for place, models in enumerate((
        (Content,), (Revision,), (RevisionEditor,), (Screening,), (Examination, Approval), (Release,),
        (ReviewState,), (Item,), (Application,), (Letter,), (Matter,), (Entry,),
    ))
    for model in models
}  # fmt: skip


def release_items(cast: Cast, count: int) -> list[Item]:
    """Load `count` released items of the office."""
    columns = list(Column.objects.all())
    three = seats()[cast.office.pk]
    items: list[Item] = []

    def made() -> Iterator[list[Any]]:
        for n in range(count):
            rows = released_item(cast.office, three, columns[n % len(columns)], n)
            items.extend(row for row in rows if isinstance(row, Item))
            yield rows

    insert(made())
    return items
