"""What other rooms and modules show beside a case, as reconsiderations and lawsuits: registered in AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gongkai.agencies.policy import Actor
from gongkai.applications.models import Application


@dataclass(frozen=True)
class Linked:
    """One thing beside a case. words: how it stands, without personal data."""

    label: str
    url: str
    words: str = ""


Provider = Callable[[Actor, Application], list[Linked]]
_providers: dict[str, tuple[Any, Provider]] = {}


def provide(name: str, title: Any, provider: Provider) -> None:
    """Register what stands under a heading of the case page. The provider asks the policy what the reader may see."""
    _providers[name] = (title, provider)


def of(actor: Actor, case: Application) -> list[dict[str, Any]]:
    """The headings that have something, as [{title, rows}]."""
    found = [(title, provider(actor, case)) for title, provider in _providers.values()]
    return [{"title": title, "rows": rows} for title, rows in found if rows]
