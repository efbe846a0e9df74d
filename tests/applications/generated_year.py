"""A year of applications, drawn at random but lawful: every channel, every kind of applicant, every outcome.

What is drawn is the course of each case. It is then told to the program day by day through the same doors as
real work: intake, and `events.write`, which asks the clock. Letters are left out, for they change no figure.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from gongkai.agencies import calendars
from gongkai.applications import events, intake
from gongkai.applications.models import APPLICANT_KINDS, Application
from gongkai.applications.personal import Person, Request
from gongkai.journal import clock
from gongkai.rulebook.outcomes import DEFAULT_SUB_REASONS, OUTCOMES
from gongkai.rulebook.receipt import Arrival, Channel

YEAR = 2021
KINDS = [key for key, _label in APPLICANT_KINDS]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Course:
    """What happens to one case: received on a day by a channel, then (type, day, data) in order."""

    kind: str
    channel: Channel
    received: date
    steps: list[tuple[str, date, dict[str, Any]]] = field(default_factory=list)

    @property
    def answered(self) -> date | None:
        return next((on for type, on, _data in self.steps if type == "answered"), None)

    @property
    def outcome(self) -> str:
        return next((data["outcome"] for type, _on, data in self.steps if type == "decided"), "")


def courses(count: int, seed: int = 1) -> list[Course]:
    """`count` lawful courses; the first ones go through every outcome, channel and kind of applicant once."""
    draw = random.Random(seed)
    outcomes, channels = sorted(OUTCOMES), list(Channel)
    found = []
    for n in range(count):
        first = date(YEAR - 1, 11, 1)
        received = first + timedelta(days=draw.randrange((date(YEAR, 12, 31) - first).days + 1))
        outcome = outcomes[n] if n < len(outcomes) else draw.choice(outcomes)
        sure = n < len(outcomes)
        if sure:
            received = date(YEAR, 3, 1) + timedelta(days=n)
        found.append(
            Course(
                KINDS[n % len(KINDS)],
                channels[n % len(channels)],
                received,
                list(_steps(draw, received, outcome, sure)),
            )
        )
    return found


def _steps(
    draw: random.Random, received: date, outcome: str, sure: bool
) -> Iterator[tuple[str, date, dict[str, Any]]]:
    def after(day: date, days: int) -> date:
        return calendars.current().add_working_days(day, days)

    now = received
    corrected = outcome in ("still_unclear", "not_corrected") or draw.random() < 0.15
    if corrected:
        now = after(received, draw.randint(1, 7))
        until = after(now, 10)
        yield "correction_requested", now, {"until": until.isoformat()}
        if outcome == "not_corrected":
            now = until + timedelta(days=1)
        else:
            now = after(now, draw.randint(1, 10))
            yield "correction_received", now, {}
    if outcome == "not_paid" or (outcome == "provided" and draw.random() < 0.1):
        now = after(now, draw.randint(0, 15))
        yield "fee_notified", now, {"amount": 10 * draw.randint(1, 70)}
        if outcome == "not_paid":
            now = after(now, 20) + timedelta(days=1)
        else:
            now = after(now, draw.randint(1, 20))
            yield "fee_paid", now, {}
    if outcome == "third_party_rights" or (outcome == "provided" and draw.random() < 0.2):
        now = after(now, draw.randint(0, 3))
        yield "third_party_asked", now, {"ref": "a"}
        now = after(now, draw.randint(1, 15))
        yield "third_party_answered", now, {"ref": "a", "opinion": "disagree"}
    if outcome == "excessive":
        now = after(now, 1)
        yield "reasons_requested", now, {}
    if draw.random() < 0.1 and outcome not in ("not_corrected", "not_paid"):
        now = after(now, draw.randint(0, 2))
        yield "extended", now, {"working_days": draw.randint(1, 20)}
    if not sure and draw.random() < 0.05:
        return
    # Sometimes late: the report counts it all the same.
    now = after(now, draw.choice((1, 3, 8, 12, 30)))
    data = {"outcome": outcome, "sub_reason": "", "decision": 0}
    if outcome == "other":
        data["sub_reason"] = draw.choice(sorted(DEFAULT_SUB_REASONS))
    yield "decided", now, data
    yield "answered", now, {}


def told(office: Any, course: Course) -> Application:
    """The case as the program keeps it, after its whole course."""
    actor = office.actor("handler")
    with _at(course.received):
        taken = intake.Taken(course.kind, Person(name="演示申请人"), Request(description="演示内容"))
        arrival = Arrival(course.received, signed=course.received, confirmed=course.received)
        oral = course.channel is Channel.ORAL
        if course.channel in (Channel.COUNTER, Channel.ORAL):
            taken = intake.Taken(course.kind, PERSON, Request(description="演示内容", way="pick_up"))
        case = intake.register(
            actor, office.agency, taken, channel=course.channel, arrival=arrival, read_back=oral
        )
    for type, on, data in course.steps:
        with _at(on), transaction.atomic():
            events.write(events.lock(case.pk), type, on, actor, **data)
    case.refresh_from_db()
    return case


PERSON = Person(
    name="演示申请人",
    identity="passport",
    identity_number="E12345678",
    phone="13800138000",
    representative="演示",
)


def _at(day: date) -> Any:
    return clock.at(datetime.combine(day, time(9), SHANGHAI))
