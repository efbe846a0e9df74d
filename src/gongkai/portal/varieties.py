"""How information types and relations are shown on the page of an item: further facts, and blocks around the text.

A module registers at start-up how its type is shown, or what every item shows of a relation (its interpretation,
its project). A block is a template and what it gets as `block`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gongkai.channels.renderers import Standing
from gongkai.disclosure.models import Item
from gongkai.review.models import Release
from gongkai.review.subjects import Content


@dataclass(frozen=True)
class Block:
    """A part of the page: `template` is rendered with `block` = context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """facts: as facts.html takes them. before, after: blocks around the text. body: replaces the text where given
    (frozen HTML)."""

    facts: tuple[dict[str, Any], ...] = ()
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()
    body: str | None = None


# The address of a picture by its digest, which makes its public copy.
Picture = Callable[[str], str]
Show = Callable[[Item, Release, Content, Picture], Shown]

_types: dict[str, Show] = {}
_everywhere: list[Show] = []
_related: list[Callable[[UUID], Iterable[UUID]]] = []
_beside: list[Callable[[UUID | None], Iterable[Standing]]] = []


def register(code: str, show: Show) -> None:
    """Show items of a type."""
    _types[code] = show


def everywhere(show: Show) -> None:
    """Show something on the page of every item that has it."""
    _everywhere.append(show)


def relate(others: Callable[[UUID], Iterable[UUID]]) -> None:
    """Name items whose pages change when an item is released, changed or withdrawn."""
    _related.append(others)


def related(item: UUID) -> list[UUID]:
    """The other items whose pages show this one, each once."""
    found = {other: None for others in _related for other in others(item)}
    return [other for other in found if other != item]


def beside(lists: Callable[[UUID | None], Iterable[Standing]]) -> None:
    """Name lists that show an item beside others; for None every such list."""
    _beside.append(lists)


def lists_beside(item: UUID | None) -> Iterable[Standing]:
    """The lists that are written anew when an item is released, changed or withdrawn; all for None."""
    for lists in _beside:
        yield from lists(item)


def shown(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """Everything that the type and the relations of an item add to its page."""
    shows = [*([_types[item.variety]] if item.variety in _types else []), *_everywhere]
    facts: list[dict[str, Any]] = []
    before: list[Block] = []
    after: list[Block] = []
    body: str | None = None
    for show in shows:
        more = show(item, release, content, picture)
        facts += more.facts
        before += more.before
        after += more.after
        body = more.body if more.body is not None else body
    return Shown(tuple(facts), tuple(before), tuple(after), body)
