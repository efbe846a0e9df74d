"""Wrong wording, by a dictionary: see lexicon.py."""

import re
from collections.abc import Iterator

from gongkai.screening.finding import Kind, Layer, Severity
from gongkai.screening.hits import Hit, Page
from gongkai.screening.lexicon import DATE, Lexicon

_DATE = re.compile(
    r" ?(?:[0-9]{4} ?(?:年|[./\-][0-9])|[0-9]{1,2} ?(?:月|日)|目前|当前|今|昨|去年|本年|本月|上月|年底|月底|[二〇○零一九]{4}年)"
)
# What the public reads. A term that blocks by itself is looked for everywhere.
_LAYERS = frozenset({Layer.TEXT, Layer.TABLE, Layer.HEADER_FOOTER, Layer.FOOTNOTE, Layer.ALT_TEXT})


def wording(page: Page, lexicon: Lexicon) -> Iterator[Hit]:
    """Forms of the dictionary in what the public would read."""
    for start, end, term in lexicon.matches(page.raw):
        if term.before == DATE and not _DATE.match(page.folded, end):
            continue
        if page.layer(start) in _LAYERS or term.severity is Severity.BLOCK:
            shown = page.passage.text[start:end]
            yield Hit(Kind.WORDING, start, end, shown, term.reason(), term.severity)
