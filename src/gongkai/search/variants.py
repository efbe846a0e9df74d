"""Other ways to write the same: traditional characters, look-alikes, common misspellings; data with its source.

Traditional characters are folded on both sides. The rest only widens a question, so that nothing is found under a
character that it does not hold without the visitor being told.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


def load(name: str) -> Any:
    """One of the data files beside this module."""
    return json.loads(resources.files("gongkai.search").joinpath(f"data/{name}.json").read_text("utf-8"))


@cache
def simplified() -> dict[int, str]:
    """Traditional character → simplified one, for str.translate; one character each."""
    pairs = "".join(load("traditional")["pairs"])
    return {ord(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}


@cache
def lookalikes() -> dict[str, str]:
    """Character → those that look like it."""
    found: dict[str, str] = {}
    for group in load("lookalikes")["groups"]:
        for char in group:
            found[char] = found.get(char, "") + group.replace(char, "")
    return found


@dataclass(frozen=True)
class Misspelling:
    """A wrong spelling, what is meant, and why it is wrong."""

    wrong: str
    right: str
    why: str


@cache
def misspellings() -> tuple[Misspelling, ...]:
    """The common misspellings, the longest first."""
    rows = (Misspelling(**row) for row in load("misspellings")["pairs"])
    return tuple(sorted(rows, key=lambda row: -len(row.wrong)))
