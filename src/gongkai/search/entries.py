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
    column and column_name: empty for what stands in no column; mark: (code, label) of its validity; agency_code:
    by which agencies are told apart; variety: information type of an item; files: (digest, name) of the released
    attachments, whose text is found too; files_text: that text, as far as it has been read.
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
    agency_code: str = ""
    variety: str = ""
    files: tuple[tuple[str, str], ...] = ()
    files_text: str = ""


Maker = Callable[[Release, Content], Entry | None]
Labels = Callable[[str], object]


@dataclass(frozen=True)
class _Kind:
    maker: Maker
    label: object
    variety: Labels | None


_kinds: dict[str, _Kind] = {}


def register(kind: str, maker: Maker, label: object = "", variety: Labels | None = None) -> None:
    """Let live releases of `kind` be found; `maker` gives the entry, or None for what has no page yet.

    label: what the filter by type calls the kind; variety: code of a variety → what the filter calls it.
    """
    _kinds[kind] = _Kind(maker, label or kind, variety)


def maker_of(kind: str) -> Maker | None:
    known = _kinds.get(kind)
    return known.maker if known else None


def kinds() -> list[str]:
    return sorted(_kinds)


def type_of(kind: str, entry: Entry) -> str:
    """The value by which results are told apart by type: the kind, and the variety where there is one."""
    return f"{kind}.{entry.variety}" if entry.variety else kind


def type_label(value: str) -> str:
    """What the filter calls a value of `type_of`; the value itself where nobody registered it."""
    kind, _, variety = value.partition(".")
    known = _kinds.get(kind)
    if known is None:
        return value
    return str(known.variety(variety) if variety and known.variety else known.label)
