"""Slips of wording, as data with a version: data/wording.json.

One compiled alternation finds all terms in one pass, so an office's own dictionary may join the list.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.hits import Hit, Page

_DATE = re.compile(
    r" ?(?:[0-9]{4} ?(?:年|[./\-][0-9])|[0-9]{1,2} ?(?:月|日)|目前|当前|今|昨|去年|本年|本月|上月|年底|月底|[二〇○零一九]{4}年)"
)
_LAYERS = frozenset({Layer.TEXT, Layer.TABLE, Layer.HEADER_FOOTER, Layer.FOOTNOTE})


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong form, the right one, and where the wrong one counts."""

    wrong: str
    right: str
    why: str
    before_date: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A list of slips with its version."""

    version: str
    slips: dict[str, Slip]
    pattern: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The slips that come with the software."""
    data = json.loads(resources.files("gongkai.screening").joinpath("data/wording.json").read_bytes())
    slips = {
        row["wrong"]: Slip(row["wrong"], row["right"], row["why"], row.get("before") == "date")
        for row in data["slips"]
    }
    longest_first = sorted(slips, key=len, reverse=True)
    return Lexicon(data["version"], slips, re.compile("|".join(map(re.escape, longest_first))))


def wording(page: Page) -> Iterator[Hit]:
    """Slips in what the public would read."""
    known = lexicon()
    for match in known.pattern.finditer(page.folded):
        slip = known.slips[match.group()]
        end = match.end()
        if slip.before_date and not _DATE.match(page.folded, end):
            continue
        if page.layer(match.start()) in _LAYERS:
            why = f"应为“{slip.right}”：{slip.why}"
            yield Hit(Kind.WORDING, match.start(), end, match.group(), why)
