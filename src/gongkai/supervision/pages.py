"""Where an entry is worked on whose kind has a page of its own: the matter belongs to another room."""

from collections.abc import Callable

from django.urls import reverse

from gongkai.supervision import shortfalls
from gongkai.supervision.models import Entry

_PAGES: dict[str, Callable[[Entry], str]] = {
    "shortfall": lambda entry: _shortfall(entry),
    "rescreening": lambda entry: reverse("review:rescreened", args=[int(entry.fields["release"])]),
}


def page_of(entry: Entry) -> str:
    """The address; empty for a kind that is worked on in the ledger itself."""
    page = _PAGES.get(entry.kind.definition.page)
    return page(entry) if page else ""


def _shortfall(entry: Entry) -> str:
    name, arguments, query = shortfalls.PLACES[entry.fields["sort"]](entry)
    return reverse(name, args=arguments) + query
