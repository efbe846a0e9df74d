"""Settings of one agency: declared by the rooms that read them, changed by its disclosure office, with a trail.

A value stands in `Agency.options`; what is not set there has the declared default. Forms of numbers, internal
dates and intervals are settings; what the law fixes is never one.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import policy
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain
from gongkai.journal.models import Entry

CHANGE, CHANGED = "agency.options", "agency.options_changed"
FLAG, NUMBER, NUMBERS, TEXT = "flag", "number", "numbers", "text"
LONGEST = 500


@dataclass(frozen=True)
class Option:
    """One setting. kind: FLAG (bool), NUMBER (int), NUMBERS (a list of int, ascending) or TEXT; group: the
    heading it stands under; words: what it brings about, for the person who sets it; least, most: the bounds
    of a number; law: the article it keeps to, where there is one.

    default: the value, or what gives it for an agency; in the second case an empty text means the default again.
    check: further conditions of a text; given the agency (None for the declared default) and the text it raises
    Refused.
    """

    key: str
    group: object
    label: object
    kind: str
    default: Any
    words: object = ""
    least: int = 0
    most: int = 365
    law: str = ""
    check: Callable[[Agency | None, str], None] | None = None


@dataclass(frozen=True)
class Change:
    """One entry of the trail: when, who, and of each setting its label with the value before and after."""

    at: datetime
    who: str
    settings: tuple[tuple[object, str, str], ...]


_options: dict[str, Option] = {}

policy.grant(CHANGE, policy.head | policy.system, gettext_lazy("change the settings of this agency"))


def declare(*options: Option) -> None:
    """Make settings known; called from the module that reads them. Raises ValueError for a default that the
    setting itself would refuse."""
    for option in options:
        try:
            if not callable(option.default):
                cleaned(option, option.default)
        except Refused as refusal:
            raise ValueError(f"the default of {option.key}: {refusal.message}") from refusal
        _options[option.key] = option


def known() -> tuple[Option, ...]:
    """Every declared setting, in the order of declaration."""
    return tuple(_options.values())


def read(agency: Agency, key: str) -> Any:
    """The value in force for an agency. KeyError for a setting that nobody declared."""
    held = agency.option(key, None)
    derived = callable(_options[key].default)
    return default(agency, key) if held is None or (derived and held == "") else held


def default(agency: Agency, key: str) -> Any:
    """The value where the agency has set nothing."""
    value = _options[key].default
    return value(agency) if callable(value) else value


def shown(option: Option, value: Any) -> str:
    """A value as people read it, and type it: numbers divided by commas, a flag in words."""
    if option.kind == FLAG:
        return _("yes") if value else _("no")
    return "，".join(str(each) for each in value) if option.kind == NUMBERS else str(value)


def cleaned(option: Option, value: Any, agency: Agency | None = None) -> Any:
    """The value as it is stored. Raises Refused, saying what is wrong and what would do."""
    if option.kind == FLAG:
        return bool(value)
    if option.kind == TEXT:
        return _text(option, str(value).strip(), agency)
    numbers = sorted(set(_numbers(option, value)))
    if option.kind == NUMBERS:
        return numbers
    if len(numbers) != 1:
        raise Refused(_("“%(label)s”: enter one whole number.") % {"label": option.label})
    return numbers[0]


def _text(option: Option, text: str, agency: Agency | None) -> str:
    if len(text) > LONGEST:
        raise Refused(_("“%(label)s”: at most %(n)d characters.") % {"label": option.label, "n": LONGEST})
    if any(not letter.isprintable() for letter in text):
        raise Refused(_("“%(label)s”: one line, without line breaks and tabs.") % {"label": option.label})
    if option.check is not None and (text or not callable(option.default)):
        try:
            option.check(agency, text)
        except Refused as refusal:
            words = _("“%(label)s”: %(why)s") % {"label": option.label, "why": refusal.message}
            raise Refused(words, refusal.article) from refusal
    return text


def _numbers(option: Option, value: Any) -> Iterable[int]:
    parts = (
        value
        if isinstance(value, list | tuple)
        else str(value).replace("，", ",").replace("、", ",").split(",")
    )
    for part in parts:
        text = str(part).strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit()) or not option.least <= int(text) <= option.most:
            raise Refused(
                _("“%(label)s”: whole numbers from %(least)d to %(most)d.")
                % {"label": option.label, "least": option.least, "most": option.most}
            )
        yield int(text)


def change(
    actor: Actor, agency: Agency, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Set what is given and answer what changed; the journal keeps before and after. Raises Refused.

    seen: the values that the person had before them (key → value in force then). What they left as it was is not
    touched, and what somebody else has changed since is refused.
    """
    require(actor, CHANGE, agency)
    with transaction.atomic():
        held = Agency.objects.select_for_update().get(pk=agency.pk)
        fresh = {key: cleaned(_options[key], value, held) for key, value in values.items() if key in _options}
        if seen is not None:
            fresh = {key: value for key, value in fresh.items() if value != seen.get(key)}
        changed = {key: value for key, value in fresh.items() if read(held, key) != value}
        before = {key: read(held, key) for key in changed}
        if seen is not None:
            _refuse_overtaken(before, seen)
        if not changed:
            return {}
        held.options = held.options | changed
        held.save(update_fields=["options"])
        chain.record(
            CHANGED, actor.who, agency=held.pk, subject=("agency", held.pk), before=before, after=changed
        )
    agency.options = held.options
    return changed


def _refuse_overtaken(now: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    for key, value in now.items():
        if value != seen.get(key):
            option = _options[key]
            raise Refused(
                _("“%(label)s” was changed to “%(value)s” in the meantime: look at the page again.")
                % {"label": option.label, "value": shown(option, value)}
            )


def trail(agency: Agency, most: int = 50) -> list[Change]:
    """Who changed which setting of the agency and when, the latest first, from the journal."""
    rows = Entry.objects.filter(subject_kind="agency", subject_id=str(agency.pk), action=CHANGED)
    return [_change(row) for row in rows.order_by("-seq")[:most]]


def _change(row: Entry) -> Change:
    data = json.loads(row.data)
    settings = []
    for key, after in data["after"].items():
        # A setting of an earlier version is told by its key.
        option = _options.get(key) or Option(key, "", key, TEXT, "")
        settings.append((option.label, shown(option, data["before"][key]), shown(option, after)))
    return Change(row.at, row.actor_name, tuple(settings))
