"""What rooms above this one show on the page of a matter, and what they let be done from there."""

from collections.abc import Callable, Iterable
from typing import Any

from gongkai.agencies.policy import Actor
from gongkai.correspondence.models import Matter

Provider = Callable[[Actor, Matter], Iterable[dict[str, Any]]]
_facts: dict[str, Provider] = {}
_acts: dict[str, Provider] = {}


def provide(name: str, *, facts: Provider, acts: Provider) -> None:
    """facts: rows of portal/partials/facts.html; acts: rows of workbench/partials/acts.html, for who may."""
    _facts[name], _acts[name] = facts, acts


def facts(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    """What the rooms above say of the matter."""
    return [row for provider in _facts.values() for row in provider(actor, matter)]


def acts(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    """What the rooms above let the actor do from here."""
    return [row for provider in _acts.values() for row in provider(actor, matter)]
