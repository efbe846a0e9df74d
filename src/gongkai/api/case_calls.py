"""Reading cases: the list, one case with its clock, its letters, and what is personal."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from gongkai.agencies.policy import agencies_for, allowed
from gongkai.api import shapes
from gongkai.api.callers import Caller
from gongkai.api.door import caller_of, offer
from gongkai.api.models import Scope
from gongkai.api.problems import Problem
from gongkai.api.values import Day, Id
from gongkai.applications import acts, amendments, events, explained, personal, rendering, verdicts, wording
from gongkai.applications.models import (
    APPLICANT_KINDS,
    OPEN_STATES,
    Application,
    CaseEvent,
    Letter,
    Matter,
    State,
)
from gongkai.rulebook.events import EventType
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Channel

CASES = "Cases"
READ = (Scope.READ_CASES.value,)
PERSONAL = (Scope.READ_CASES.value, Scope.READ_PERSONAL.value)
MOST = 200


def _whole(text: Any) -> Any:
    """A number of an address: digits and nothing else."""
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise ValueError(_("Write a whole number."))


def one_of(values: Any) -> Any:
    """A text that is one of these values."""
    return Literal[tuple(values)]


def whole(least: int, most: int) -> Any:
    """The type of a whole number in an address."""
    bounds = Field(ge=least, le=most)
    return Annotated[int, bounds, BeforeValidator(_whole, json_schema_input_type=Annotated[int, bounds])]


Year = whole(2019, 2100)
Number = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]


class CaseQuery(BaseModel):
    """The filters of the list, as those of the ledger. What is not given is None and narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    agency: Id = Field(None)
    number: Number = Field(None, description="A part of the registration number.")
    open: one_of(("true", "false")) = Field(None, description="Whether it is not answered yet.")
    state: one_of(State.values) = Field(None)
    matter: one_of(Matter.values) = Field(None)
    channel: one_of(each.value for each in Channel) = Field(None)
    applicant_kind: one_of(key for key, _label in APPLICANT_KINDS) = Field(None)
    outcome: one_of(OUTCOMES) = Field(None)
    received: Year = Field(None, description="Received in this year.")
    answered: Year = Field(None, description="Answered in this year.")
    due_by: Day = Field(None, description="Not answered yet, and due on this day or before.")
    after: Number = Field(None, description="`next` of the page before: a registration number.")
    limit: whole(1, MOST) = Field(50)


@offer("GET", "applications", shapes.Cases, scopes=READ, tag=CASES, name="list_applications")
def applications(request: HttpRequest, query: Query[CaseQuery]) -> shapes.Cases:
    """The cases that the token reaches, newest number first. Pages follow by `next`, so that a case registered
    meanwhile neither repeats nor hides one."""
    caller = caller_of(request)
    rows = Application.objects.filter(agency__in=agencies_for(caller, "application.read"))
    rows = _narrowed(rows, query).select_related("agency").order_by("-number")
    found = list(rows[: query.limit + 1])
    page = found[: query.limit]
    following = page[-1].number if len(found) > query.limit else None
    return shapes.Cases(items=[row_of(each) for each in page], next=following)


def _narrowed(rows: Any, query: CaseQuery) -> Any:
    plain = ("agency", "state", "matter", "channel", "applicant_kind", "outcome")
    rows = rows.filter(**{name: value for name in plain if (value := getattr(query, name)) is not None})
    if query.number is not None:
        rows = rows.filter(number__icontains=query.number)
    if query.open is not None:
        rows = (
            rows.filter(state__in=OPEN_STATES)
            if query.open == "true"
            else rows.exclude(state__in=OPEN_STATES)
        )
    if query.received is not None:
        rows = rows.filter(received_on__year=query.received)
    if query.answered is not None:
        rows = rows.filter(answered_on__year=query.answered)
    if query.due_by is not None:
        rows = rows.filter(due_on__lte=query.due_by, answered_on__isnull=True)
    if query.after is not None:
        rows = rows.filter(number__lt=query.after)
    return rows


def case_of(caller: Caller, pk: UUID) -> Application:
    """The case, where the token reaches it; else 404, as for one that does not exist (I6)."""
    row = Application.objects.select_related("agency").filter(pk=pk).first()
    if row is None or not allowed(caller, "application.read", row.agency):
        raise Http404
    return row


@offer(
    "GET",
    "applications/{uuid:case}",
    shapes.Case,
    scopes=READ,
    tag=CASES,
    also=(404, 409),
    name="read_application",
)
def application(request: HttpRequest, case: UUID) -> shapes.Case:
    """One case: its clock with the steps of the computation, the verdict on every act, its events and letters."""
    caller = caller_of(request)
    return shown(caller, case_of(caller, case))


@offer(
    "GET",
    "applications/{uuid:case}/personal",
    shapes.PersonalShape,
    scopes=PERSONAL,
    tag=CASES,
    also=(404, 409),
    name="read_personal",
)
def personal_data(request: HttpRequest, case: UUID) -> shapes.PersonalShape:
    """Who applied and what is wanted. The journal says that this program saw it."""
    caller = caller_of(request)
    row = case_of(caller, case)
    if not allowed(caller, "application.personal", row.agency):
        raise Problem(403, _("The person for whom this token acts may not read personal data here."))
    person, wanted = personal.show(caller, row, "api")
    if row.matter == Matter.AMENDMENT:
        wanted = amendments.wish(row)
    return shapes.PersonalShape(applicant=asdict(person), wanted=asdict(wanted))


def row_of(row: Application) -> shapes.CaseRow:
    """A case as a list shows it."""
    return shapes.CaseRow(**_facts(row))


def _facts(row: Application) -> dict[str, Any]:
    same = (
        "id", "number", "matter", "channel", "applicant_kind", "state", "registered_at", "arrived_on",
        "received_on", "due_on", "provisional", "waits_until", "outcome", "sub_reason", "answered_on",
        "closed_on", "reading_help",
    )  # fmt: skip
    return {name: getattr(row, name) for name in same} | {
        "agency": shapes.AgencyRef(id=row.agency.pk, name=row.agency.name),
        "state_label": row.get_state_display(),
        "outcome_label": row.get_outcome_display() if row.outcome else "",
        "report_row": row.row,
        "handler": row.handler_id,
        "lead": row.lead_id,
        "origin": row.origin_id,
    }


def shown(caller: Caller, row: Application) -> shapes.Case:
    """A case in full, as this caller may see it."""
    rows = events.of(row)
    term = explained.term_of(row, rows)
    found = verdicts.of(caller, row, rows)
    letters = row.letters.select_related("dispatch", "proof", "release", "agency").order_by("created_at")
    return shapes.Case(
        **_facts(row),
        clock=shapes.Clock(
            state=term.state.value,
            due_on=term.due,
            provisional=term.provisional,
            overdue=term.overdue,
            steps=[shapes.Step(on=each.on, effect=each.effect, law=each.law) for each in term.steps],
        )
        if term is not None
        else None,
        acts=[_verdict(each) for each in found],
        events=[_event(each) for each in rows],
        letters=[letter_shape(caller, each) for each in letters],
    )


def _verdict(found: acts.Verdict) -> shapes.ActVerdict:
    return shapes.ActVerdict(
        act=found.act.key,
        label=found.act.label,
        law=found.act.law,
        allowed=found.allowed,
        reason=str(found.reason),
        article=found.article,
    )


def _event(row: CaseEvent) -> shapes.EventShape:
    own = acts.OWN_EVENTS.get(row.type)
    return shapes.EventShape(
        seq=row.seq,
        type=row.type,
        label=str(own) if own is not None else EventType(row.type).label,
        on=row.on,
        at=row.at,
        by=row.person.name if row.person else "",
        letter=row.letter_id,
        ref=str(row.data.get("ref", "")),
    )


def letter_shape(caller: Caller, row: Letter) -> shapes.LetterShape:
    """A letter without its text: that is personal. How it went out is for those who may open it."""
    see = allowed(caller, "application.personal", row.agency)
    sent, proof = getattr(row, "dispatch", None), getattr(row, "proof", None)
    return shapes.LetterShape(
        id=row.pk,
        application=row.application_id,
        kind=row.kind,
        title=wording.TEMPLATES[row.kind].title,
        act=row.act,
        number=row.number,
        dated=row.dated,
        standing=verdicts.standing(row),
        dropped=row.dropped,
        sent_on=sent.on if sent else None,
        way=sent.way if sent and see else "",
        tracking=sent.tracking if sent and see else "",
        arrived_on=proof.on if proof else None,
        files=[each.purpose for each in rendering.files(row)] if row.release_id else [],
    )
