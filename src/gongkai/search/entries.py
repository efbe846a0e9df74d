"""What can be found: one entry for each live release of a public kind, made by the room that shows it.

The index knows no kind of subject; a room above registers how a release becomes an entry.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from gongkai.review.models import Release
from gongkai.review.subjects import Content

LONGEST_BODY = 200_000


@dataclass(frozen=True)
class Entry:
    """One page that can be found.

    url: its address on the site; numbers: document and index numbers as written; names: of attachments;
    column and column_name: empty for what stands in no column; mark: (code, label) of its validity.
    """

    title: str
    url: str
    on: date
    summary: str = ""
    body: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    agency: str = ""
    column: str = ""
    column_name: str = ""
    mark: tuple[str, str] | None = field(default=None)


Maker = Callable[[Release, Content], Entry | None]
_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """Let live releases of `kind` be found; `maker` gives the entry, or None for what has no page yet."""
    _makers[kind] = maker


def maker_of(kind: str) -> Maker | None:
    return _makers.get(kind)


def kinds() -> list[str]:
    return sorted(_makers)
