"""What a detector returns, and the text it looks at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.screening.anchors import Anchor, Windows, windows
from gongkai.screening.automaton import encoded
from gongkai.screening.finding import Kind, Layer, Severity
from gongkai.screening.passage import Passage, fold

_BEFORE, _AFTER = 24, 10


class Hit(NamedTuple):
    """One match: its kind, its stretch in the passage, what may be shown of it, and the rule.

    `severity`: set where the rule itself asks for more than the policy.
    """

    kind: Kind
    start: int
    end: int
    shown: str
    why: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A passage, its folded text with the same offsets, that as bytes, and where to look closer."""

    passage: Passage
    folded: str
    raw: bytes
    windows: list[Windows]

    @classmethod
    def of(cls, passage: Passage) -> "Page":
        """The page of a passage."""
        folded = fold(passage.text)
        raw = encoded(folded)
        return cls(passage, folded, raw, windows(folded, raw))

    def near(self, anchor: Anchor, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches of a pattern on the lines around the words of an anchor."""
        for low, high in self.windows[anchor]:
            yield from pattern.finditer(self.folded, low, high)

    def before(self, start: int, width: int = _BEFORE) -> str:
        """What stands before an offset in the same cell or line (or ends the line above it)."""
        window = self.folded[max(start - width, 0) : start]
        return window[window.rfind("\t") + 1 :]

    def label(self, start: int) -> str:
        """What names the thing at an offset: the text before it and the heading of its column."""
        return self.passage.places_over(start, start + 1)[0].heading + "\n" + self.before(start)

    def after(self, end: int, width: int = _AFTER) -> str:
        """What follows an offset."""
        return self.folded[end : end + width]

    def layer(self, start: int) -> Layer:
        """The layer of the character at an offset."""
        return self.passage.places_over(start, start + 1)[0].layer
