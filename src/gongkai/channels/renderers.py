"""What the rooms above render for the site. They register at start-up; this room only places the files.

A page is (path inside the site, bytes). Paths of a subject lie in its own folder: whatever else stands
there is removed, so a withdrawal needs no list of what was written.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from gongkai.review.models import Release, Withdrawal
from gongkai.review.subjects import Content

if TYPE_CHECKING:
    from gongkai.channels.columns import ColumnPage
    from gongkai.disclosure.models import Column

Page = tuple[str, bytes]


class NotRegistered(Exception):
    """Nobody renders this part of the site."""


@dataclass(frozen=True)
class Standing:
    """Pages that stand whether or not something is released. follows: written anew after each release; places: paths
    that are taken away where `pages` does not give them now."""

    name: str
    pages: Callable[[], list[Page]]
    follows: bool = False
    places: Sequence[str] = ()


def nothing_beside(subject: UUID | None) -> Iterable[Standing]:
    """Of a kind whose releases stand in their own folders and in columns only."""
    return ()


@dataclass(frozen=True)
class PublicKind:
    """How releases of one kind of subject become pages.

    folder: of a subject by its id, as reports/xg-2021; empty while it has none. pages: the files of a live
    release, all inside that folder. tombstone: what stands there after a withdrawal. beside: the lists and data
    that show a subject beside others, written anew when it is released or withdrawn; for None those of all subjects. related: other subjects of the kind
    whose pages show this one. until: from which moment on what a release shows now may no longer be read, if any.
    """

    kind: str
    folder: Callable[[UUID], str]
    pages: Callable[[Release, Content], list[Page]]
    tombstone: Callable[[Withdrawal], bytes]
    beside: Callable[[UUID | None], Iterable[Standing]] = nothing_beside
    related: Callable[[UUID], Iterable[UUID]] = lambda subject: ()
    until: Callable[[Release, Content], datetime | None] = lambda release, content: None


ColumnRenderer = Callable[["ColumnPage"], bytes]

# The lists of the items of a column as data, cut by positions as its sitemaps are; `number` from 1.
ColumnData = Callable[["Column", int], list[Page]]

_kinds: dict[str, PublicKind] = {}
_standing: dict[str, Standing] = {}
_column: list[ColumnRenderer] = []
_data: list[ColumnData] = []


def register(kind: PublicKind) -> None:
    """Show releases of a kind on the site."""
    _kinds[kind.kind] = kind


def stand(standing: Standing) -> None:
    """Add a standing page, or several under one name."""
    _standing[standing.name] = standing


def render_columns_with(renderer: ColumnRenderer) -> None:
    """Name the renderer of the pages of a column."""
    _column[:] = [renderer]


def list_columns_with(renderer: ColumnData) -> None:
    """Name what makes the lists of a column as data."""
    _data[:] = [renderer]


def column_data(column: "Column", number: int) -> list[Page]:
    """The lists of one cut of a column as data; none where nobody makes them."""
    return _data[0](column, number) if _data else []


def kind_of(name: str) -> PublicKind | None:
    return _kinds.get(name)


def kinds() -> Sequence[PublicKind]:
    return [_kinds[name] for name in sorted(_kinds)]


def standing() -> Sequence[Standing]:
    return [_standing[name] for name in sorted(_standing)]


def column_page(page: "ColumnPage") -> bytes:
    """The bytes of one page of a column. Raises NotRegistered."""
    if not _column:
        raise NotRegistered("no renderer of column pages is registered")
    return _column[0](page)


PageCheck = Callable[[str, bytes], Sequence[str]]
_checks: list[PageCheck] = []


def check_pages_with(check: PageCheck) -> None:
    """Name what tells which required tags a page (path, bytes) lacks; an export stops at such a page."""
    if check not in _checks:
        _checks.append(check)


def missing_tags(path: str, page: bytes) -> list[str]:
    """Names of required tags that a page of the site lacks, by every registered check."""
    return [name for check in _checks for name in check(path, page)]
