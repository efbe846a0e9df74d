"""What the staff interface offers: navigation entries and inbox providers, registered by the rooms."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import ADMINISTRATION, Actor, anywhere


@dataclass(frozen=True)
class Link:
    """A navigation entry. act: shown to those who may do it anywhere, and whom `also` admits, where it is given;
    count: how many things wait there; seldom: a register or a setting that the work of a day does not need, folded away
    at the end of its group."""

    group: object
    label: object
    name: str
    act: str
    order: int = 50
    query: str = ""
    count: Callable[[Actor], int] | None = None
    also: Callable[[Actor], bool] | None = None
    seldom: bool = False


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what, where, since when, due when."""

    kind: object
    title: str
    step: object
    url: str
    agency: Agency
    due_on: date | None = None
    since: datetime | None = None
    provisional: bool = False
    number: str = ""


Provider = Callable[[Actor], Iterable[Waiting]]
_links: list[Link] = []
_providers: dict[str, Provider] = {}


def add(*links: Link) -> None:
    """Register navigation entries; an entry with the same name and query is replaced."""
    for link in links:
        _links[:] = [old for old in _links if (old.name, old.query) != (link.name, link.query)]
        _links.append(link)
    _links.sort(key=lambda link: link.order)


def provide(name: str, provider: Provider) -> None:
    """Register what waits for a person, of one kind of work. Providers answer with bounded queries."""
    _providers[name] = provider


def waiting(actor: Actor) -> list[Waiting]:
    """Everything that waits for this actor, soonest due first; what has no term comes last."""
    rows = [row for provider in _providers.values() for row in provider(actor)]
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.title))


def links_for(actor: Actor, current: str = "") -> list[dict[str, Any]]:
    """The navigation of this actor as [{label, links, more, open}], links and more: [{label, url, count, current}].

    more: what is seldom needed; open: whether the page of now stands there. A group is never all folded away.
    """
    groups: dict[str, dict[str, Any]] = {}
    here = _nearest(current)
    # Several entries hang on the same act.
    may = cache(lambda act: anywhere(actor, act))
    for link in _links:
        if (link.act and not may(link.act)) or (link.also and not link.also(actor)):
            continue
        address = _address(link.name, get_script_prefix())
        shown = {
            "label": link.label,
            "url": address + link.query,
            "count": link.count(actor) if link.count else None,
            "current": address == here,
        }
        group = groups.setdefault(
            str(link.group), {"label": str(link.group), "links": [], "more": [], "open": False}
        )
        group["more" if link.seldom else "links"].append(shown)
        group["open"] |= link.seldom and shown["current"]
    for group in groups.values():
        if not group["links"] or len(group["more"]) == 1:
            # One line folded away saves nothing.
            group["links"], group["more"] = group["links"] + group["more"], []
    return list(groups.values())


def _nearest(current: str) -> str:
    """The address of the entry under which a page stands: the longest with which its own begins; "" for none."""
    prefix = get_script_prefix()
    addresses = {_address(link.name, prefix) for link in _links}
    inbox = _address("workbench:inbox", prefix)
    under = [each for each in addresses if current.startswith(each) and each != inbox]
    return current if current in addresses else max(under, key=len, default="")


@cache
def _address(name: str, _prefix: str) -> str:
    """The address of an entry under the prefix of the server: asked over a hundred times a page, always the same."""
    return reverse(name)


@dataclass(frozen=True)
class Me:
    """The logged-in person as the page head shows them."""

    name: str
    role: str
    agency: str
    hat: str
    hats: tuple[str, ...] = field(default=())


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: `nav` and `me` on pages of the staff interface, for who is logged in."""
    actor = getattr(request, "actor", None)
    if not request.path.startswith("/workbench/") or not actor:
        return {}
    roles = dict.fromkeys(f"{a.get_role_display()}{'（代）' if a.deputy else ''}" for a in actor.appointments)
    return {
        "nav": links_for(actor, request.path),
        "me": Me(
            actor.person.name,
            "、".join(roles),
            actor.person.agency.name,
            actor.hat,
            tuple(hat for hat in actor.hats if hat != actor.hat),
        ),
        "administration": actor.hat == ADMINISTRATION,
    }
