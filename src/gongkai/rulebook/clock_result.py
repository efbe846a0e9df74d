"""What the statutory clock answers: the state of a term, what is waited for, and the reasons step by step."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from gongkai.rulebook.calendar import Deadline
from gongkai.rulebook.consultation import Excluded, WaitingFor


class ClockState(Enum):
    """What the clock is doing. A consultation with a cap does not appear here: its due day is known."""

    RUNNING = "计算期限"
    AWAITING_CORRECTION = "等待补正"
    AWAITING_PAYMENT = "等待缴费"
    AWAITING_AGENCY = "等待其他机关意见"
    DELAYED = "延迟答复"
    ANSWERED = "已答复"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open wait. `until` is its last day (set by the notice or the law), None where there is none.

    After `until` nothing happens by itself: that a term was missed without good reason is for a person to find.
    """

    whom: WaitingFor
    since: date
    until: date | None
    provisional: bool
    ref: str | int | None = None

    def expired(self, as_of: date) -> bool:
        return self.until is not None and as_of > self.until


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation: what happened on a day, what it did to the term, and by which article."""

    on: date
    effect: str
    law: str


@dataclass(frozen=True, slots=True)
class Clock:
    """What the events of one case mean for its term."""

    received: date
    day0: date
    """Day 0 of the running term: the receipt day, or that of the last correction or payment."""
    working_days: int
    """Counted working days of the running term: 20, or fewer where its rule says so, and its extension."""
    due: date | None
    """The last day for the answer; None while the term stands still or its end cannot be known."""
    provisional: bool
    """The due day, the limit that is awaited instead of it, or a check of lawfulness needed a year whose holiday
    notice is not loaded (暂定)."""
    overdue: bool | None
    state: ClockState
    waiting: tuple[Waiting, ...]
    steps: tuple[Step, ...]
    excluded: tuple[Excluded, ...]
    """Merged, in order, of the running term."""
    stopped: date | None
    """The day since which the term stands still for a correction or a payment."""
    delayed_until: date | None
    ordered_until: date | None
    """The day by which a decision or judgment orders the answer."""
    answered: date | None
    correction_limit: Deadline
    """The last day on which a correction may be requested (art. 30)."""
    correction_requested: bool
    extended: bool
    """Whether the one extension was used, in this or an earlier term."""
