"""A calendar of all-day events as RFC 5545 writes it: bytes out of plain values, nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
# RFC 5545 3.1: a line is no longer than 75 octets without its line break.
OCTETS = 75
# RFC 5545 3.3.11: what a text may not hold as it is.
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# Every calendar holds at least one component (3.6), one without events too: the zone of its days.
_ZONE = """BEGIN:VTIMEZONE
TZID:Asia/Shanghai
BEGIN:STANDARD
DTSTART:19910915T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
TZNAME:CST
END:STANDARD
END:VTIMEZONE"""


@dataclass(frozen=True)
class Event:
    """An all-day event. uid: the same as long as it is the same thing; url: absolute; alarms: how many days
    before `day` one is reminded, at nine in the morning."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    alarms: tuple[int, ...] = ()


def written(name: str, events: Iterable[Event], *, at: datetime) -> bytes:
    """The calendar `name` with its events. at: the moment it is made, aware."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gongkai//Deadlines//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *_ZONE.splitlines(),
        *(line for event in events for line in _event(event, stamp)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _event(event: Event, stamp: str) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield f"URL:{event.url}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    for days in event.alarms:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{escaped(event.summary)}"
        yield f"TRIGGER:{_nine(days)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _nine(days: int) -> str:
    """Nine in the morning, so many days before an event that begins at midnight, as a duration."""
    return "PT9H" if days == 0 else "-PT15H" if days == 1 else f"-P{days - 1}DT15H"


def escaped(text: str) -> str:
    """A text value: without control characters, with what RFC 5545 3.3.11 wants escaped."""
    one = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in one if c in "\n\t" or c.isprintable()).translate(_ESCAPES)


def folded(line: str) -> bytes:
    """A content line with its line break, cut so that no character is divided (RFC 5545 3.1)."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
