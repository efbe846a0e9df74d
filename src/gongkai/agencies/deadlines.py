"""A due day as pages show it: 2021年12月31日（星期五）·剩余3个工作日, with a light by shape, word and colour."""

from datetime import date
from typing import Any

from gongkai.agencies import calendars
from gongkai.journal import clock
from gongkai.rulebook.calendar import CalendarError

# From so many working days left the light turns yellow.
SOON = 3


def remaining(due: date | None, today: date | None = None) -> int | None:
    """Working days from today to `due`: 0 on the last day, negative once overdue; None without a due day.

    A Saturday after a due Friday is overdue though no working day has passed: that counts as −1.
    """
    if due is None:
        return None
    day = today or clock.today()
    try:
        left = calendars.current().working_days_left(day, due)
    except CalendarError:
        return None
    return min(left, -1) if day > due else left


def light(left: int | None) -> str:
    """overdue, soon, ok or none, as workbench/partials/light.html takes it."""
    if left is None:
        return "none"
    if left < 0:
        return "overdue"
    return "soon" if left <= SOON else "ok"


def deadline(
    due: date | None,
    *,
    done: bool = False,
    provisional: bool = False,
    explanation: Any = None,
    words: str = "",
) -> dict[str, Any]:
    """Context of workbench/partials/deadline.html; `done` shows the day without a light."""
    left = None if done else remaining(due)
    return {
        "due": due,
        "remaining": left,
        "state": light(left),
        "provisional": provisional,
        "explanation": explanation or [],
        "words": words,
    }


def deadline_cell(due: date | None, *, done: bool = False, provisional: bool = False) -> Any:
    """A table cell with a due day; an empty text where there is none or nothing is due any more."""
    if due is None or done:
        return ""
    return {"deadline": deadline(due, provisional=provisional)}
