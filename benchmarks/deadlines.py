"""The statutory clock over plain cases, beside numpy's busday_offset and a plain loop over days; and over mixed ones.

A plain case has one event, its receipt. The peers give the due day alone; the clock also gives the state,
the reasons and what may come next. Every due day is compared: the run ends with exit code 1 on a difference.
Mixed cases have what moves a term: a correction, consultations, an extension, a fee, an answer. No peer knows
these, so their time is given as a share of that of as many plain ones, and each has to come out without an error.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.measuring import best, note, table
from gongkai.rulebook.answer_terms import ANSWER_DAYS
from gongkai.rulebook.calendar import Calendar, standard_calendar
from gongkai.rulebook.clock import clock
from gongkai.rulebook.events import events_from_json

Case = list[dict[str, Any]]
# The regulation in force applies from the first day on; the last leaves room for the term within the calendar.
FIRST, LAST = date(2019, 5, 15), date(2026, 10, 31)


def cases(count: int) -> list[date]:
    """Receipt days, spread over the years of the calendar."""
    draw = random.Random(20)
    span = (LAST - FIRST).days
    return [FIRST + timedelta(days=draw.randrange(span)) for _case in range(count)]


def plain(received: list[date]) -> list[Case]:
    return [[{"type": "received", "on": day.isoformat()}] for day in received]


def mixed(received: list[date], calendar: Calendar) -> list[Case]:
    """Cases of five courses in turn, each lawful: what comes after the receipt stands so many working days on."""
    courses: tuple[tuple[tuple[int, dict[str, Any]], ...], ...] = (
        ((5, {"type": "correction_requested"}), (12, {"type": "correction_received"}), (30, {"type": "answered"})),
        ((3, {"type": "third_party_asked", "ref": 1}), (4, {"type": "third_party_asked", "ref": 2}),
         (9, {"type": "third_party_answered", "ref": 1}), (25, {"type": "answered"})),
        ((2, {"type": "agency_consulted", "co_maker": False}), (11, {"type": "agency_answered", "co_maker": False}),
         (18, {"type": "extended", "working_days": 15})),
        ((10, {"type": "fee_notified"}), (22, {"type": "fee_paid"}), (40, {"type": "answered"})),
        ((20, {"type": "extended", "working_days": 20}), (41, {"type": "answered"})),
    )  # fmt: skip
    made = plain(received)
    for n, (case, day) in enumerate(zip(made, received, strict=True)):
        case += [
            event | {"on": calendar.add_working_days(day, after).isoformat()}
            for after, event in courses[n % len(courses)]
        ]
    return made


def by_clock(asked: list[Case], calendar: Calendar) -> list[date | None]:
    return [clock(events_from_json(events), calendar).due for events in asked]


def by_loop(received: list[date], calendar: Calendar) -> list[date | None]:
    """Day after day until twenty working days are counted."""
    found: list[date | None] = []
    for start in received:
        day, left = start, ANSWER_DAYS
        while left:
            day += timedelta(days=1)
            left -= calendar.is_working_day(day)
        found.append(day)
    return found


def by_numpy(calendar: Calendar) -> Callable[[list[date]], list[date | None]] | None:
    """busday_offset where numpy is installed.

    It knows no make-up working days, so it gets a week of seven working days and every day off as a holiday.
    """
    try:
        import numpy
    except ImportError:
        return None
    span = range((date(2026, 12, 31) - FIRST).days + 1)
    days = [FIRST + timedelta(days=n) for n in span]
    off = [day for day in days if not calendar.is_working_day(day)]
    known = numpy.busdaycalendar(weekmask="1111111", holidays=numpy.array(off, dtype="datetime64[D]"))

    def run(received: list[date]) -> list[date | None]:
        starts = numpy.array(received, dtype="datetime64[D]")
        due = numpy.busday_offset(starts, ANSWER_DAYS, roll="preceding", busdaycal=known)
        answer: list[date | None] = due.astype(object).tolist()
        return answer

    return run


def by_command(asked: list[Case]) -> list[date | None]:
    """The whole of `gongkai deadline --json`: reading, clock, reasons, writing; an error of a case ends the run."""
    lines = "".join(json.dumps({"id": n, "events": events}) + "\n" for n, events in enumerate(asked))
    command = [sys.executable, "-c", "from gongkai.cli import main; main()", "deadline", "--json"]
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True)
    answers = (json.loads(line)["due"] for line in done.stdout.splitlines())
    return [due and date.fromisoformat(due) for due in answers]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deadlines", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    said = parser.parse_args()
    calendar = standard_calendar()
    received = cases(said.cases)
    asked, courses = plain(received), mixed(received, calendar)
    expected = {"plain": by_clock(asked, calendar), "mixed": by_clock(courses, calendar)}
    vectorised = by_numpy(calendar)
    command = "`gongkai deadline --json`, the whole command"
    ways: dict[tuple[str, str], Callable[[], list[date | None]]] = {
        ("plain", "clock of the rulebook, with its reasons"): lambda: by_clock(asked, calendar),
        ("plain", command): lambda: by_command(asked),
        ("plain", "peer: plain loop over days"): lambda: by_loop(received, calendar),
        ("mixed", "clock of the rulebook, with its reasons"): lambda: by_clock(courses, calendar),
        ("mixed", command): lambda: by_command(courses),
    }
    if vectorised:
        ways["plain", "peer: numpy busday_offset, one call for all"] = lambda: vectorised(received)
    else:
        note("numpy is not installed; the plain loop is the only peer (pip install numpy to compare).")
    wrong = 0
    for (kind, name), way in ways.items():
        if differing := sum(one != other for one, other in zip(expected[kind], way(), strict=True)):
            note(f"{kind} cases, {name}: {differing} due days differ from the clock's.")
            wrong += differing
    taken = best({" cases, ".join(name): way for name, way in ways.items()}, said.rounds)
    base = next(iter(taken.values()))
    table(
        f"Due days of {said.cases:,} cases",
        ("way", "cases/s", "time per case, as a share of the clock's for a plain one"),
        [(name, f"{said.cases / used:,.0f}", f"{used / base:.3f}") for name, used in taken.items()],
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
