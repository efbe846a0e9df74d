"""What the interface answers: the shapes that the document describes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class AgencyRef(BaseModel):
    id: UUID
    name: str


class AgencyShape(AgencyRef):
    """An agency that the token reaches."""

    short_name: str
    code: str
    parent: UUID | None


class Agencies(BaseModel):
    items: list[AgencyShape]


class TokenShape(BaseModel):
    """What this token is, and for whom it acts."""

    integration: str
    person: str
    agency: AgencyRef
    roles: list[str]
    scopes: list[str]
    expires_on: date
    per_minute: int


class CaseRow(BaseModel):
    """A case as a list shows it; nothing personal. due_on is null while no term runs."""

    id: UUID
    number: str
    agency: AgencyRef
    matter: str = Field(description="information, amendment (art. 41) or redo (an answer ordered anew).")
    channel: str
    applicant_kind: str
    state: str
    state_label: str
    registered_at: datetime
    arrived_on: date
    received_on: date | None = Field(description="The receipt day of art. 31; null until it is known.")
    due_on: date | None
    provisional: bool = Field(description="The due day lies in a year without a loaded holiday notice.")
    waits_until: date | None = Field(description="Last day of the correction or payment that is waited for.")
    outcome: str
    outcome_label: str
    report_row: str
    sub_reason: str
    answered_on: date | None
    closed_on: date | None
    reading_help: bool
    handler: UUID | None = Field(description="The person who handles it, where it was given to one.")
    lead: UUID | None = Field(description="The case together with which it is handled and answered.")
    origin: UUID | None = Field(description="The case of which it is a part, or which it answers anew.")


class Cases(BaseModel):
    """One page of the list. next: give it as `after` for the next page; null on the last."""

    items: list[CaseRow]
    next: str | None


class Step(BaseModel):
    """One step of the computation of a term, with its article."""

    on: date
    effect: str
    law: str


class Clock(BaseModel):
    """The statutory clock of a case as of today."""

    state: str
    due_on: date | None
    provisional: bool
    overdue: bool | None
    steps: list[Step]


class ActVerdict(BaseModel):
    """An act, and whether the person of the token may do it now; where not, why and by which article."""

    act: str
    label: str
    law: str
    allowed: bool
    reason: str
    article: str


class EventShape(BaseModel):
    """Something that happened. on: the day that counts in law; ref: which consultation, where it is one."""

    seq: int
    type: str
    label: str
    on: date
    at: datetime
    by: str
    letter: UUID | None
    ref: str


class LetterShape(BaseModel):
    """A letter of a case. files: the fair copies that exist, as pdf and docx."""

    id: UUID
    application: UUID
    kind: int = Field(description="Number of the kind of letter (rulebook 5.3).")
    title: str
    act: str
    number: str
    dated: date | None
    standing: str
    dropped: bool
    sent_on: date | None
    way: str
    tracking: str
    arrived_on: date | None
    files: list[str]


class Letters(BaseModel):
    items: list[LetterShape]


class Case(CaseRow):
    """A case with its clock, the verdict on every act, its events and its letters."""

    clock: Clock | None
    acts: list[ActVerdict]
    events: list[EventShape]
    letters: list[LetterShape]


class Done(BaseModel):
    """What an act brought about: the case as it stands now, and the letter that was drafted, if any."""

    letter: UUID | None
    case: Case


class Registered(BaseModel):
    """A registered application. query_code: for the applicant, who follows the case with it."""

    id: UUID
    number: str
    query_code: str
    case: Case


class PartyShape(BaseModel):
    name: str
    identity: str
    identity_number: str
    phone: str
    address: str


class PersonalShape(BaseModel):
    """Who applied and what is wanted; reading it is written into the journal."""

    applicant: dict[str, Any] = Field(description="Applicant, agent, further applicants, as on the form.")
    wanted: dict[str, Any] = Field(description="What is wanted, and in which form and way.")


class Figures(BaseModel):
    """Table three of the annual report, live: row → column → count (the form of 国办公开办函〔2021〕30号)."""

    agency: AgencyRef
    year: int
    rows: dict[str, dict[str, int]]


class FieldShape(BaseModel):
    name: str
    label: str
    required: bool


class ActShape(BaseModel):
    """One row of the table of acts. open: it is done by a call here; where not, on its page."""

    act: str
    label: str
    law: str
    states: list[str]
    matters: list[str]
    roles: list[str]
    event: str
    open: bool
    fields: list[FieldShape]


class Acts(BaseModel):
    items: list[ActShape]


class Term(BaseModel):
    """The answer of `gongkai deadline --json`."""

    id: Any
    due: date | None
    provisional: bool
    overdue: bool | None
    steps: list[Step]
    error: str | None
