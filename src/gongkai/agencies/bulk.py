"""Acts on several rows of a list at once: each row for itself, done or refused with its reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused

# So many rows at once; each is an act of its own, with its entry in the journal.
MOST = 200
# Divides the key of a row from the state in which it was seen, in the value of its check box.
_MARK = "~"


class NoFields(forms.Form):
    """The form of an act that asks nothing."""


@dataclass(frozen=True)
class Bulk:
    """An act that a list offers for the rows chosen.

    act: the right that it needs in some agency of the list; form: makes the bound or empty form of what it asks,
    from the data, the actor and the agencies where the right is held; function: does it for one row, in a
    transaction of its own, with the cleaned data and the state in which the row was seen; it raises Refused.
    state: what of a row must not have changed since the page was opened, "" for nothing.
    """

    name: str
    label: object
    act: str
    function: Callable[[Actor, Any, Mapping[str, Any], str], Any]
    form: Callable[[Any, Actor, QuerySet[Agency]], forms.Form] = lambda data, actor, agencies: NoFields(data)
    state: Callable[[Any], str] = lambda row: ""
    consequence: object = ""


@dataclass(frozen=True)
class Outcome:
    """What became of the chosen rows: how many are done, and of each refused one its name and the reason."""

    label: str
    done: int
    refused: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """For the session, until the next page shows it."""
        return {"label": self.label, "done": self.done, "refused": [list(each) for each in self.refused]}


def value_of(bulk: Sequence[Bulk], row: Any) -> str:
    """The value of a row's check box: its key, and the state in which each act wants to find it."""
    return _MARK.join([str(row.pk), *(act.state(row) for act in bulk)])


def chosen(values: Sequence[str], bulk: Sequence[Bulk], act: Bulk) -> dict[str, str]:
    """Key → state seen, from the values of the checked boxes. Raises Refused where there are none or too many."""
    if not values:
        raise Refused(_("Choose at least one row."))
    if len(values) > MOST:
        raise Refused(_("At most %(n)d rows at once.") % {"n": MOST})
    place = [each.name for each in bulk].index(act.name) + 1
    found = {}
    for value in values:
        parts = value.split(_MARK)
        found[parts[0]] = parts[place] if len(parts) == len(bulk) + 1 else ""
    return found


def run(
    actor: Actor, act: Bulk, rows: Sequence[Any], data: Mapping[str, Any], seen: Mapping[str, str]
) -> Outcome:
    """Do it row by row. What is refused leaves the others untouched."""
    done, refused = 0, []
    for row in rows:
        try:
            act.function(actor, row, data, seen.get(str(row.pk), ""))
        except Refused as refusal:
            reason = f"{refusal.message}（{refusal.article}）" if refusal.article else refusal.message
            refused.append((str(row), reason))
        else:
            done += 1
    return Outcome(str(act.label), done, tuple(refused))
