"""Information types (信息类型) of items: what each asks, screens and enters beyond the fields of every item.

A draft names its type in `variety` (empty: a plain text) and holds the further fields in `more`, by name. Frozen, both
are part of the content, so the further fields are reviewed, digested and released like the text itself. What was
written under another type stays in the draft, in `set_aside` by type, until that type is chosen again; it is never frozen.
A module registers its type at start-up; how a type is shown to the public stands in `portal.varieties`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise

from gongkai.disclosure import body
from gongkai.disclosure.models import Item
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem

More = Mapping[str, Any]
Words = str | Promise
# Before the name of a further field, in the form and where a problem names its field.
PREFIX = "more_"


@dataclass(frozen=True)
class Variety:
    """One information type.

    words: when to choose it. fields: the form fields of an item, by name. texts and bodies: names of the fields that
    hold plain text and HTML, with where a finding in them is, in Chinese. files: names of the fields that choose among
    the attachments; frozen, each is {digest, name}. problems: what keeps a draft from being submitted; names fields
    with PREFIX. metadata: (label, value) for the reviewers. entered: called inside the release, with the frozen
    content; left: inside a release of an item that was of this type before and is not now. saved: called when a draft that was never public is saved, with its further fields, or None where it is of
    another type. now: the frozen content as the public may read it today (see `present`). until: from which moment on what
    `now` gives may no longer be read, if any. lines: what of it the
    public may find by search; all texts unless it says otherwise.
    """

    code: str
    label: Words
    words: Words = ""
    fields: Callable[[Item], Mapping[str, forms.Field]] = lambda item: {}
    texts: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = ()
    problems: Callable[[More, Draft], list[Problem]] = lambda more, draft: []
    metadata: Callable[[More], list[tuple[str, str]]] = lambda more: []
    entered: Callable[[Item, Mapping[str, Any]], None] = lambda item, content: None
    left: Callable[[Item], None] = lambda item: None
    saved: Callable[[Item, More | None], None] = lambda item, more: None
    now: Callable[[dict[str, Any]], dict[str, Any]] = lambda content: content
    until: Callable[[Mapping[str, Any]], datetime | None] = lambda content: None
    lines: Callable[["Variety", More], list[str]] = lambda variety, more: variety.all_lines(more)

    def all_lines(self, more: More) -> list[str]:
        """Every text of the further fields as lines."""
        plain = [str(more[name]) for name in self.texts if more.get(name)]
        return plain + [line for name in self.bodies for line in body.text_lines(str(more.get(name, "")))]


PLAIN = Variety("", "")
_varieties: dict[str, Variety] = {}


def register(variety: Variety) -> None:
    _varieties[variety.code] = variety


def of(content: Mapping[str, Any]) -> Variety:
    """The type of a draft's or a frozen content; a plain text where it names none that is known."""
    return _varieties.get(str(content.get("variety", "")), PLAIN)


def known(code: str) -> bool:
    return code in _varieties


def every() -> Sequence[Variety]:
    """The registered types, in the order of their registration."""
    return list(_varieties.values())


def saved(item: Item, content: Mapping[str, Any]) -> None:
    """A draft of an item that was never public was saved: each type keeps what it shows of its own."""
    chosen = of(content)
    for variety in every():
        variety.saved(item, (content.get("more") or {}) if variety is chosen else None)


def entered(item: Item, content: Mapping[str, Any], before: str) -> None:
    """Inside a release: the type enters what it shows; the one that the item had at its release before takes back."""
    chosen = of(content)
    former = of({"variety": before})
    if former is not chosen:
        former.left(item)
    chosen.entered(item, content)


def turned(item: Item, before: Mapping[str, Any], shown: str, said: More, chosen: str) -> dict[str, Any]:
    """`variety`, `more` and `set_aside` of a draft after a form was filled.

    before: the draft as it was. shown, said: the type whose further fields the form had, and what was written in them.
    chosen: the type that was chosen in it. What the new type asks in the same words is taken over; all else of the
    type before is set aside.
    """
    by_type = {**(before.get("set_aside") or {}), str(before.get("variety", "")): before.get("more") or {}}
    by_type[shown] = said
    more = dict(by_type.pop(chosen, None) or {})
    if chosen != shown:
        more |= {name: said[name] for name in shared(item, shown, chosen) if _fits(item, chosen, name, said)}
    aside = {code: kept for code, kept in by_type.items() if any(kept.values())}
    return {"variety": chosen, "more": more, "set_aside": aside}


def shared(item: Item, one: str, other: str) -> list[str]:
    """Names of the further fields that two types ask in the same words."""
    here, there = (of({"variety": code}).fields(item) for code in (one, other))
    return [
        name
        for name, asked in here.items()
        if name in there and type(asked) is type(there[name]) and asked.label == there[name].label
    ]


def _fits(item: Item, code: str, name: str, said: More) -> bool:
    """Whether something is written that this type takes: a list of choices may differ from type to type."""
    if not said.get(name):
        return False
    try:
        of({"variety": code}).fields(item)[name].clean(said[name])
    except forms.ValidationError:
        return False
    return True


def set_aside(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a draft keeps of other types than its own, by type; only types that are known."""
    kept = content.get("set_aside") or {}
    return {code: dict(more) for code, more in kept.items() if known(code) and any(more.values())}


def written(item: Item, code: str, more: More) -> list[str]:
    """Labels of the further fields of a type in which something is written, ticks left out."""
    fields = of({"variety": code}).fields(item)
    return [
        str(asked.label)
        for name, asked in fields.items()
        if more.get(name) and not isinstance(asked, forms.BooleanField)
    ]


def plain(value: Any) -> Any:
    """A cleaned value of a form as JSON: days as ISO text, ids as text, nothing as empty text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def freeze(
    content: Mapping[str, Any],
    digest_of: Callable[[UUID], str | None],
    name_of: Callable[[UUID], str] = lambda attachment: "",
) -> dict[str, Any]:
    """`variety` and `more` as they are frozen; nothing for a plain text. digest_of, name_of: of an attachment."""
    variety = of(content)
    if not variety.code:
        return {}
    more = dict(content.get("more") or {})
    for name in variety.files:
        # What was taken off the draft since is no file of it any more.
        kept = [UUID(pk) for pk in more.get(name) or () if pk in content.get("attachments", ())]
        more[name] = [{"digest": digest_of(pk), "name": name_of(pk)} for pk in kept if digest_of(pk)]
    for name in variety.texts:
        more[name] = str(more.get(name, "")).strip()
    for name in variety.bodies:
        more[name] = body.freeze(str(more.get(name, "")), digest_of)
    return {"variety": variety.code, "more": more}


def present(content: dict[str, Any]) -> dict[str, Any]:
    """A released content as the public may read it today: every page, feed, file and entry is made of this one.

    A notice whose last day is over gives its second text, and before that day nothing of it.
    """
    return of(content).now(content)


def bodies(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(place, HTML) of the further texts of a content that have something in them."""
    more = content.get("more") or {}
    return [(place, more[name]) for name, place in of(content).bodies.items() if more.get(name)]


def found_lines(content: Mapping[str, Any]) -> list[str]:
    """What search may find of the further fields now."""
    variety = of(content)
    return variety.lines(variety, content.get("more") or {})


def until(content: Mapping[str, Any]) -> datetime | None:
    """From which moment on what `present` gives today may no longer be read; None where nothing limits it."""
    return of(content).until(content)
