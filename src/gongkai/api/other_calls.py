"""The token itself, agencies, the figures of a year, and the clock for cases that are not ours."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import Field

from gongkai.agencies import calendars
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import agencies_for, allowed
from gongkai.api import shapes
from gongkai.api.case_calls import READ, Year
from gongkai.api.door import caller_of, offer
from gongkai.api.form_bodies import Said
from gongkai.api.models import Scope
from gongkai.api.values import Day
from gongkai.applications import figures
from gongkai.rulebook.calendar import CalendarError
from gongkai.rulebook.clock import clock
from gongkai.rulebook.events import ClockError, EventType, day_from_json, events_from_json

MOST_EVENTS = 1000


@offer("GET", "token", shapes.TokenShape, tag="Token", name="read_token")
def token(request: HttpRequest) -> shapes.TokenShape:
    """What the token that you sent is: for whom it acts, with which scopes, until when."""
    caller = caller_of(request)
    row = caller.integration
    assert row is not None
    return shapes.TokenShape(
        integration=row.name,
        person=caller.person.name,
        agency=shapes.AgencyRef(id=row.agency.pk, name=row.agency.name),
        roles=sorted({held.role for held in caller.appointments}),
        scopes=row.scopes,
        expires_on=row.expires_on,
        per_minute=row.per_minute,
    )


@offer("GET", "agencies", shapes.Agencies, scopes=READ, tag="Agencies", name="list_agencies")
def agencies(request: HttpRequest) -> shapes.Agencies:
    """The agencies whose cases the token reaches."""
    rows = agencies_for(caller_of(request), "application.read").order_by("path")
    return shapes.Agencies(
        items=[
            shapes.AgencyShape(
                id=row.pk, name=row.name, short_name=row.short_name, code=row.code, parent=row.parent_id
            )
            for row in rows
        ]
    )


@offer(
    "GET",
    "agencies/{uuid:agency}/statistics/{year}",
    shapes.Figures,
    scopes=(Scope.READ_REPORTS.value,),
    tag="Agencies",
    also=(404,),
    name="read_statistics",
)
def statistics(request: HttpRequest, agency: UUID, year: Year) -> shapes.Figures:
    """Table three of the annual report of a year, live. Rows are r1, r2, r3_1 … r3_7, r4; columns the kinds of
    applicant and total; the form and its checks are those of `gongkai report check`."""
    row = Agency.objects.filter(pk=agency).first()
    if row is None or not allowed(caller_of(request), "report.read", row):
        raise Http404
    return shapes.Figures(
        agency=shapes.AgencyRef(id=row.pk, name=row.name), year=year, rows=figures.table(row, year)
    )


class TermEvent(Said):
    """One event of a case; which fields a type takes stands in docs/api.md."""

    type: Literal[tuple(each.value for each in EventType)]  # type: ignore[valid-type]
    on: Day
    until: Day | None = None
    sent: Day | None = None
    working_days: int | None = None
    ref: Annotated[str, Field(max_length=200)] | int | None = None
    co_maker: bool | None = None


class TermCase(Said):
    """A case as one line of `gongkai deadline`."""

    id: Any = None
    as_of: Day | None = None
    events: Annotated[list[TermEvent], Field(max_length=MOST_EVENTS)]


@offer("POST", "deadline", shapes.Term, tag="Deadline", name="compute_deadline")
def deadline(request: HttpRequest, said: TermCase) -> shapes.Term:
    """The due day of any case, from its events, with the calendar in force here: the line form of
    `gongkai deadline --json`. An unlawful course is an answer too: `error` names the article."""
    case = said.model_dump(exclude_none=True)
    found, error = None, None
    try:
        as_of: date | None = day_from_json(case["as_of"], "as_of") if "as_of" in case else None
        found = clock(events_from_json(case["events"]), calendars.current(), as_of)
    except (ClockError, CalendarError) as refusal:
        error = str(refusal)
    return shapes.Term(
        id=said.id,
        due=found.due if found else None,
        provisional=bool(found and found.provisional),
        overdue=found.overdue if found else None,
        steps=[shapes.Step(on=each.on, effect=each.effect, law=each.law) for each in found.steps]
        if found
        else [],
        error=error,
    )
