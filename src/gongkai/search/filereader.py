"""What is done in the process of its own in which a released file is read for search (see gongkai.screening.forkserver).

Only what a reader of the printed page sees is found: what is hidden, deleted, commented or covered stays out, though
the screening looked at it.
"""

from contextlib import suppress
from itertools import chain
from typing import Any

from gongkai.screening import child
from gongkai.screening.finding import Layer
from gongkai.screening.passage import Passage
from gongkai.screening.readers import dispatch, ocr

SEEN = frozenset({Layer.TEXT, Layer.TABLE, Layer.FOOTNOTE, Layer.IMAGE})


def prepare() -> None:
    """Load the readers."""
    child.prepare()


def answer(head: dict[str, Any], data: bytes) -> dict[str, str]:
    """{"text"}: the visible text of a file, cut at head["longest"] characters; what was read before a failure is
    kept. `head`: {"name", "longest"}."""
    pieces: list[str] = []
    left = int(head["longest"])
    ocr.begin()
    # A parser may meet what its authors did not think of: for search a file that cannot be read is no error.
    with suppress(Exception):
        for part in chain(dispatch.read(data, head["name"])):
            if left <= 0:
                break
            text = _visible(part) if isinstance(part, Passage) and not part.only else ""
            pieces.append(text[:left])
            left -= len(text) + 1
    return {"text": "\n".join(piece for piece in pieces if piece.strip())}


def _visible(passage: Passage) -> str:
    """The stretches of a passage that lie in a layer one sees."""
    ends = [place.start for place in passage.places[1:]] + [len(passage.text)]
    return "".join(
        passage.text[place.start : end]
        for place, end in zip(passage.places, ends, strict=True)
        if place.layer in SEEN
    )
