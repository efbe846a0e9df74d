"""What a service guide (办事指南) must say, as the check of government sites looks for it (rulebook 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.rulebook.datafiles import load

SUBMIT, WARN = "submit", "warn"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a guide. need: SUBMIT (no submission without it), WARN (shown as missing), or none."""

    code: str
    label: str
    need: str
    verified: bool
    long: bool = False


_DATA = load("service_guides")
ELEMENTS = tuple(Element(**row) for row in _DATA["elements"])
"""In the order of the check; the name of the matter is the title of the item."""
VETO_MISSING, VETO_GUIDES = int(_DATA["veto"]["missing_kinds"]), int(_DATA["veto"]["guides"])
"""So many elements missing in so many guides fail the site (from memory, unverified)."""


def missing(said: Mapping[str, object], need: str) -> list[Element]:
    """The elements of a need that a guide does not give."""
    return [
        element
        for element in ELEMENTS
        if element.need == need and not str(said.get(element.code, "")).strip()
    ]
