"""The events of a case that move its statutory clock, and their reading from JSON (`gongkai deadline`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from gongkai.rulebook.calendar import parse_day


class EventType(Enum):
    """The value is the word used in JSON."""

    RECEIVED = "received"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTION_RECEIVED = "correction_received"
    THIRD_PARTY_ASKED = "third_party_asked"
    THIRD_PARTY_ANSWERED = "third_party_answered"
    AGENCY_CONSULTED = "agency_consulted"
    AGENCY_ANSWERED = "agency_answered"
    EXTENDED = "extended"
    FEE_NOTIFIED = "fee_notified"
    FEE_PAID = "fee_paid"
    DELAYED = "delayed"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    EventType.RECEIVED: "收到申请",
    EventType.CORRECTION_REQUESTED: "告知补正",
    EventType.CORRECTION_RECEIVED: "收到补正",
    EventType.THIRD_PARTY_ASKED: "征求第三方意见",
    EventType.THIRD_PARTY_ANSWERED: "第三方答复",
    EventType.AGENCY_CONSULTED: "征求其他机关意见",
    EventType.AGENCY_ANSWERED: "其他机关答复",
    EventType.EXTENDED: "延长答复期限",
    EventType.FEE_NOTIFIED: "收费通知",
    EventType.FEE_PAID: "缴费",
    EventType.DELAYED: "确定延迟答复期限",
    EventType.ANSWERED: "答复",
}


class ClockError(ValueError):
    """A case that the law does not allow or whose form is broken; the text is for users.

    `article` is the citation that the case breaks, None for a broken form; `position` counts the events from 1,
    None where no single event is at fault.
    """

    def __init__(self, message: str, article: str | None = None, position: int | None = None) -> None:
        where = "" if position is None else f"第{position}个事件："
        basis = "" if article is None else f"（依据：{article}）"
        super().__init__(f"{where}{message}{basis}")
        self.message = message
        self.article = article
        self.position = position

    def at(self, position: int) -> "ClockError":
        """The same error, naming the event."""
        return self if self.position is not None else ClockError(self.message, self.article, position)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a case; the events of a case stand in the order of their days.

    `on` by type: received — the receipt day of art. 31; correction_requested — notice sent;
    third_party_asked, agency_consulted — the letter was received there; *_answered, *_received, fee_paid — the
    day it reached the agency; extended — approved and notified; fee_notified — received by the applicant;
    answered — signed for, posted or sent electronically.
    """

    type: EventType
    on: date
    until: date | None = None
    """correction_requested: the day set for the correction; delayed: the day set for the answer (required)."""
    working_days: int | None = None
    """extended: 1–20 (required)."""
    sent: date | None = None
    """third_party_asked, agency_consulted: the day the letter was sent, where it is recorded."""
    ref: str | int | None = None
    """Which consultation: an answer closes that of its `ref`."""
    co_maker: bool | None = None
    """agency_consulted: False for an agency that did not make the information; None counts as True."""
    settled: bool = False
    """It was in time by the calendar known when it was entered. Where a notice loaded since says otherwise, the
    clock says so in its step and goes on: what happened cannot be refused any more."""


def events_from_json(content: Any) -> tuple[Event, ...]:
    """Read the `events` list of a case; ClockError names the first event whose form is broken."""
    if not isinstance(content, Sequence) or isinstance(content, str | bytes):
        raise ClockError("格式错误：events 应为事件列表。")
    events = []
    for position, entry in enumerate(content, start=1):
        try:
            events.append(event_from_json(entry))
        except ClockError as error:
            raise error.at(position) from None
    return tuple(events)


def event_from_json(entry: Any) -> Event:
    """Read one event {"type": …, "on": "YYYY-MM-DD", …}; fields that its type does not know are ignored."""
    if not isinstance(entry, Mapping):
        raise ClockError("格式错误：事件应为含 type 和 on 的对象。")
    name = entry.get("type")
    try:
        kind = EventType(name)
    except ValueError:
        raise ClockError(f"格式错误：未知的事件类型 type {quoted(name)}。") from None
    on = day_from_json(entry.get("on"), "on")
    until = sent = working_days = ref = co_maker = None
    if kind in (EventType.CORRECTION_REQUESTED, EventType.DELAYED) and entry.get("until") is not None:
        until = day_from_json(entry["until"], "until")
    if kind is EventType.EXTENDED:
        working_days = entry.get("working_days")
        if not isinstance(working_days, int) or isinstance(working_days, bool):
            raise ClockError("格式错误：extended 的 working_days 应为 1 至 20 的整数。")
    if kind in (EventType.THIRD_PARTY_ASKED, EventType.AGENCY_CONSULTED) and entry.get("sent") is not None:
        sent = day_from_json(entry["sent"], "sent")
    if kind.value.startswith(("third_party_", "agency_")):
        ref = entry.get("ref")
        if ref is not None and (not isinstance(ref, str | int) or isinstance(ref, bool)):
            raise ClockError(f"格式错误：ref 应为文字或者整数，不能是 {quoted(ref)}。")
    if kind.value.startswith("agency_"):
        co_maker = entry.get("co_maker")
        if co_maker is not None and not isinstance(co_maker, bool):
            raise ClockError(f"格式错误：co_maker 应为 true 或者 false，不能是 {quoted(co_maker)}。")
    return Event(kind, on, until, working_days, sent, ref, co_maker)


def day_from_json(value: Any, name: str) -> date:
    """Read a day written as YYYY-MM-DD; ClockError names the field."""
    if value is None:
        raise ClockError(f"格式错误：缺少日期 {name}（形式为 YYYY-MM-DD）。")
    try:
        return parse_day(value)
    except (TypeError, ValueError):
        raise ClockError(
            f"格式错误：日期 {name} 应为 YYYY-MM-DD 形式的实有日期，不能是 {quoted(value)}。"
        ) from None


def quoted(value: Any) -> str:
    """What the user wrote, short and without control characters, for an error message."""
    if isinstance(value, str):
        shown = "".join(char if char.isprintable() else "�" for char in value[:40])
        return f"“{shown}{'…' if len(value) > 40 else ''}”"
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 10**15):
        return str(value)
    return "列表" if isinstance(value, list) else "对象" if isinstance(value, dict) else "该值"
