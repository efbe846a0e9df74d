"""What a detector returns, and the text it looks at."""

from dataclasses import dataclass
from typing import NamedTuple

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
    """A passage and its folded text; offsets are the same in both."""

    passage: Passage
    folded: str

    @classmethod
    def of(cls, passage: Passage) -> "Page":
        """The page of a passage."""
        return cls(passage, fold(passage.text))

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
