"""Words of a report as its file writes them: reading folds the width of characters, so what is quoted is put back."""

import re
from collections.abc import Sequence
from dataclasses import replace

from gongkai.reporting.reading.source import Source
from gongkai.rulebook.report_rules import Finding, Side
from gongkai.rulebook.text import fold_width, repair_ideographs

_QUOTED = re.compile(r"“([^“”]+?)(?=(?:……)?”)")
_SPACE = re.compile(r"\s+")
# Where words have none of these, folding changed nothing that a reader would notice.
_FOLDED = re.compile(r"[!-/:-@\[-`{-~0-9]")


class Printed:
    """The lines of a report without spaces, folded and as printed, character for character."""

    def __init__(self, lines: Sequence[str]) -> None:
        """`lines`: as the file, or the one who writes the report, has them."""
        texts, self._starts, length = [], [], 0
        for line in lines:
            self._starts.append(length)
            texts.append(_seen(line))
            length += len(texts[-1])
        self._text = "".join(texts)
        self._folded = fold_width(self._text)

    @classmethod
    def of_source(cls, source: Source) -> "Printed":
        """The lines of a file that was read."""
        return cls([source.printed.get(number, line) for number, line in enumerate(source.lines)])

    def words(self, quoted: str, near: int | None = None) -> str:
        """Words of the folded text as they are printed: those at the line `near`, else the first; `quoted` where the
        text does not have them, or where they need not be put back."""
        if not _FOLDED.search(quoted) or _SPACE.search(quoted) or fold_width(quoted) != quoted:
            return quoted
        start = self._starts[near] if near is not None and 0 <= near < len(self._starts) else 0
        at = self._folded.find(quoted, start)
        if at < 0:
            at = self._folded.find(quoted)
        return quoted if at < 0 else self._text[at : at + len(quoted)]

    def sentence(self, said: str, near: int | None = None) -> str:
        """A sentence with what stands in it between quotation marks as printed."""
        return _QUOTED.sub(lambda found: "“" + self.words(found[1], near), said)

    def finding(self, one: Finding) -> Finding:
        """A finding with its message and the sides that are of this report as printed."""
        near = next((line for side in one.sides if side.document == "report" for line in side.lines), None)
        sides = tuple(self._side(side) for side in one.sides)
        return replace(one, message=self.sentence(one.message, near), sides=sides)

    def _side(self, side: Side) -> Side:
        if side.document != "report":
            return side
        return replace(side, words=self.sentence(side.words, side.lines[0] if side.lines else None))


def _seen(line: str) -> str:
    """A line without spaces and without what folding takes away, so that both forms are of one length."""
    seen = "".join(repair_ideographs(line).split())
    if len(fold_width(seen)) == len(seen):
        return seen
    return "".join(char for char in seen if fold_width(char))
