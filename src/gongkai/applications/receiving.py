"""Which receipt day follows from what a clerk enters of an arrival, and why, while it is entered (art. 31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies import calendars
from gongkai.agencies.policy import Refused
from gongkai.applications import events
from gongkai.applications.intake import demand_past, received
from gongkai.rulebook.calendar import CalendarError
from gongkai.rulebook.clock import clock
from gongkai.rulebook.events import event_from_json
from gongkai.rulebook.receipt import Addressee, Arrival, Channel


@dataclass(frozen=True)
class Told:
    """What follows: the receipt day and the last day for the answer where they are known; words and article."""

    words: str
    law: str = ""
    received: date | None = None
    due: date | None = None
    provisional: bool = False


def told(typed: Mapping[str, Any]) -> Told:
    """The same judgement as at registration, for fields that may be half filled in; never refuses."""
    try:
        channel = Channel(str(typed.get("channel", "")))
        arrived = date.fromisoformat(str(typed.get("arrived", "")))
        addressee = Addressee(str(typed.get("addressee") or Addressee.AGENCY.value))
    except ValueError:
        return Told(_("Choose how it came in and on which day: the receipt day is worked out from that."))
    arrival = Arrival(arrived, _day(typed, "signed"), _day(typed, "confirmed"), addressee)
    try:
        demand_past(arrival)
        receipt = received(channel, arrival)
        if receipt.on is not None:
            events.demand_possible(receipt.on)
    except Refused as refusal:
        return Told(refusal.message, refusal.article)
    if receipt.on is None:
        return Told(receipt.explanation, receipt.law)
    due, provisional = _due(receipt.on)
    return Told(receipt.explanation, receipt.law, receipt.on, due, provisional)


def _day(typed: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(str(typed.get(name, "")))
    except ValueError:
        return None


def _due(on: date) -> tuple[date | None, bool]:
    try:
        found = clock([event_from_json({"type": "received", "on": on.isoformat()})], calendars.current())
    except (CalendarError, ValueError):
        return None, False
    return found.due, found.provisional
