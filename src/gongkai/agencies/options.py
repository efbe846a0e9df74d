"""Settings of one agency: declared by the rooms that read them, changed by its disclosure office, with a trail.

A value stands in `Agency.options`; what is not set there has the declared default. Forms of numbers, internal
dates and intervals are settings; what the law fixes is never one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import policy
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.journal import chain

FLAG, NUMBER, NUMBERS, TEXT = "flag", "number", "numbers", "text"
LONGEST = 500


@dataclass(frozen=True)
class Option:
    """One setting. kind: FLAG (bool), NUMBER (int), NUMBERS (a list of int, ascending) or TEXT; group: the
    heading it stands under; words: what it brings about, for the person who sets it; least, most: the bounds
    of a number; law: the article it keeps to, where there is one."""

    key: str
    group: object
    label: object
    kind: str
    default: Any
    words: object = ""
    least: int = 0
    most: int = 365
    law: str = ""


_options: dict[str, Option] = {}

policy.grant(
    "agency.options", policy.head | policy.system, gettext_lazy("change the settings of this agency")
)


def declare(*options: Option) -> None:
    """Make settings known; called from the module that reads them. Raises ValueError for a default that the
    setting itself would refuse."""
    for option in options:
        try:
            cleaned(option, option.default)
        except Refused as refusal:
            raise ValueError(f"the default of {option.key}: {refusal.message}") from refusal
        _options[option.key] = option


def known() -> tuple[Option, ...]:
    """Every declared setting, in the order of declaration."""
    return tuple(_options.values())


def read(agency: Agency, key: str) -> Any:
    """The value in force for an agency. KeyError for a setting that nobody declared."""
    return agency.option(key, _options[key].default)


def cleaned(option: Option, value: Any) -> Any:
    """The value as it is stored. Raises Refused, saying what is wrong and what would do."""
    if option.kind == FLAG:
        return bool(value)
    if option.kind == TEXT:
        text = str(value).strip()
        if len(text) > LONGEST:
            raise Refused(_("“%(label)s”: at most %(n)d characters.") % {"label": option.label, "n": LONGEST})
        return text
    numbers = sorted(set(_numbers(option, value)))
    if option.kind == NUMBERS:
        return numbers
    if len(numbers) != 1:
        raise Refused(_("“%(label)s”: enter one whole number.") % {"label": option.label})
    return numbers[0]


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


def change(actor: Actor, agency: Agency, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set what is given and answer what changed; the journal keeps before and after. Raises Refused."""
    require(actor, "agency.options", agency)
    with transaction.atomic():
        held = Agency.objects.select_for_update().get(pk=agency.pk)
        fresh = {key: cleaned(_options[key], value) for key, value in values.items() if key in _options}
        changed = {key: value for key, value in fresh.items() if read(held, key) != value}
        if not changed:
            return {}
        before = {key: read(held, key) for key in changed}
        held.options = held.options | changed
        held.save(update_fields=["options"])
        chain.record(
            "agency.options_changed",
            actor.who,
            agency=held.pk,
            subject=("agency", held.pk),
            before=before,
            after=changed,
        )
    agency.options = held.options
    return changed
