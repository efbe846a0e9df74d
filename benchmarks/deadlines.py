"""The statutory clock over plain cases, beside numpy's busday_offset and a plain loop over days.

A plain case has one event, its receipt. The peers give the due day alone; the clock also gives the state,
the reasons and what may come next. Every due day is compared: the run ends with exit code 1 on a difference.
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

# The regulation in force applies from the first day on; the last leaves room for the term within the calendar.
FIRST, LAST = date(2019, 5, 15), date(2026, 10, 31)


def cases(count: int) -> list[date]:
    """Receipt days, spread over the years of the calendar."""
    draw = random.Random(20)
    span = (LAST - FIRST).days
    return [FIRST + timedelta(days=draw.randrange(span)) for _case in range(count)]


def by_clock(received: list[date], calendar: Calendar) -> list[date | None]:
    return [
        clock(events_from_json([{"type": "received", "on": day.isoformat()}]), calendar).due
        for day in received
    ]


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


def by_command(received: list[date]) -> Any:
    """The whole of `gongkai deadline --json`: reading, clock, reasons, writing."""
    lines = "".join(
        json.dumps({"id": n, "events": [{"type": "received", "on": day.isoformat()}]}) + "\n"
        for n, day in enumerate(received)
    )
    command = [sys.executable, "-c", "from gongkai.cli import main; main()", "deadline", "--json"]
    done = subprocess.run(command, input=lines.encode(), capture_output=True, check=True)
    return [date.fromisoformat(json.loads(line)["due"]) for line in done.stdout.splitlines()]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deadlines", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    said = parser.parse_args()
    calendar = standard_calendar()
    received = cases(said.cases)
    expected = by_clock(received, calendar)
    vectorised = by_numpy(calendar)
    ways: dict[str, Callable[[], Any]] = {
        "clock of the rulebook, with its reasons": lambda: by_clock(received, calendar),
        "`gongkai deadline --json`, the whole command": lambda: by_command(received),
        "peer: plain loop over days": lambda: by_loop(received, calendar),
    }
    if vectorised:
        ways["peer: numpy busday_offset, one call for all"] = lambda: vectorised(received)
    else:
        note("numpy is not installed; the plain loop is the only peer (pip install numpy to compare).")
    wrong = 0
    for name, way in ways.items():
        if differing := sum(one != other for one, other in zip(expected, way(), strict=True)):
            note(f"{name}: {differing} due days differ from the clock's.")
            wrong += differing
    taken = best(ways, said.rounds)
    base = next(iter(taken.values()))
    table(
        f"Due days of {said.cases:,} plain cases",
        ("way", "cases/s", "time per case, as a share of the clock's"),
        [(name, f"{said.cases / used:,.0f}", f"{used / base:.3f}") for name, used in taken.items()],
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
