"""The parts of which the site consists, and how one is brought to the present state.

A part (the folder of a subject, a column, a standing page) is a function of the database's state. It is
written under its lock from a state read after taking the lock, and the state is read again after writing:
a writer that comes late, or one whose withdrawal was cut off by a crash, never brings back what was
withdrawn (I9).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from gongkai.channels import addresses, atom, columns, feeds, ledger, renderers, tree, turns
from gongkai.channels.identity import asked_once, identity
from gongkai.channels.renderers import Page, PublicKind, Standing
from gongkai.disclosure.models import Column
from gongkai.journal import clock
from gongkai.review.models import Release, Withdrawal
from gongkai.review.submission import content_of
from gongkai.search.releases import latest, reached

ROUNDS = 10
# Served as 410; a web server without our first layer serves it as the index of its folder.
GONE = "gone.html"


class Unsettled(Exception):
    """The state kept changing while a part was written."""


@dataclass(frozen=True)
class Part:
    """pages: the files it is to have now. state: what they depend on. folder: all of it belongs to this
    part, so whatever else stands there goes; empty where paths of several parts stand side by side.
    gone: paths that go unless `pages` gives them. withheld: whether nothing of the folder may be read now, so that
    taking away comes before anything that can fail. until: from which moment on the pages of now may no longer be
    read (channels.turns). owner: how the list of the site names it, where not by its lock.
    """

    lock: str
    pages: Callable[[], list[Page]]
    state: Callable[[], Hashable]
    folder: str = ""
    gone: Callable[[], Iterable[str]] = tuple
    withheld: Callable[[], bool] = bool
    until: Callable[[], datetime | None] = lambda: None
    owner: str = ""

    @property
    def named(self) -> str:
        return ledger.owner_word(self.owner or self.lock)


def settle(part: Part, made: tuple[Hashable, list[Page]] | None = None) -> None:
    """Bring a part to the present state, and the list of the site with it. Raises Unsettled, tree.Busy.

    made: the pages as they were rendered of that state, so that they are not rendered again while it holds.
    """
    with ledger.gathering(), tree.locked(part.lock):
        for _round in range(ROUNDS):
            before = part.state()
            if part.folder and part.withheld():
                _clear(part, keep=f"{part.folder}/{GONE}")
            pages = _in_order(made[1]) if made is not None and made[0] == before else _rendered(part)
            made = None
            until = part.until() if part.folder else None
            if until is not None:
                turns.put(part.folder, until)
            for path, data in pages:
                if part.folder and not path.startswith(f"{part.folder}/"):
                    raise tree.UnsafePath(f"{path} lies outside {part.folder}")
                tree.write(path, data)
            ledger.note(part.named, pages, cleared=part.folder)
            if part.folder:
                _clear(part, *[path for path, _data in pages])
            written = {path for path, _data in pages}
            for path in part.gone():
                if path not in written:
                    tree.remove(path)
                    ledger.note(part.named, [], [path])
            if part.state() == before:
                if part.folder and until is None:
                    turns.put(part.folder, None)
                return
    raise Unsettled(part.lock)


def _in_order(pages: list[Page]) -> list[Page]:
    """What pages refer to comes before them."""
    return sorted(pages, key=lambda page: page[0].endswith(".html"))


def _rendered(part: Part) -> list[Page]:
    """The pages in order. Where they cannot be made, what is over goes all the same."""
    try:
        with asked_once():
            return _in_order(part.pages())
    except Exception:
        moment = turns.of(part.folder) if part.folder else None
        if moment is not None and clock.now().timestamp() >= moment:
            _clear(part)
        raise


def _clear(part: Part, *kept: str, keep: str = "") -> None:
    for path in list(tree.files(part.folder)):
        if path != keep and path not in kept:
            tree.remove(path)
            ledger.note(part.named, [], [path])


# Subjects


def newest(kind: str, subject: UUID | str) -> Release | None:
    """The latest release of a subject with its withdrawal, or None."""
    return latest(kind).filter(subject_id=subject).first()


def withdrawal_of(release: Release | None) -> Withdrawal | None:
    return release.withdrawal if release is not None and hasattr(release, "withdrawal") else None


def subject_part(public: PublicKind, subject: UUID) -> Part | None:
    """The folder of one subject: its pages, a tombstone, or nothing. None while it has no folder."""
    folder = public.folder(subject)
    if not folder:
        return None
    limit: datetime | None = None

    def state() -> Hashable:
        release = newest(public.kind, subject)
        # The day too: a notice whose last day is over reads otherwise from midnight on.
        return release and release.pk, bool(withdrawal_of(release)), clock.today()

    def pages() -> list[Page]:
        nonlocal limit
        limit = None
        release = newest(public.kind, subject)
        if release is None:
            return []
        if withdrawal := withdrawal_of(release):
            return [(f"{folder}/{GONE}", public.tombstone(withdrawal))]
        content = content_of(release.digest)
        if content is None:
            return []
        limit = public.until(release, content)
        return public.pages(release, content)

    return Part(
        folder,
        pages,
        state,
        folder=folder,
        withheld=lambda: state()[0] is None or state()[1],
        until=lambda: limit,
        owner=f"{public.kind}:{subject}",
    )


# Lists


def stamp() -> Hashable:
    """The state of all releases and withdrawals: both tables only grow. And the day, on which marks depend."""
    return reached(), clock.today()


def column_part(column: Column, numbers: Iterable[int] | None = None) -> Part:
    """The pages of a column: those of `numbers`, or all, with its feed."""
    folder = addresses.column_folder(column.code)

    def wanted() -> list[int]:
        closed = columns.closed_pages(columns.positions(column.pk))
        every = range(closed + 1)
        if not column.active:
            return []
        return list(every) if numbers is None else [number for number in numbers if number <= closed]

    def pages() -> list[Page]:
        made: list[Page] = []
        for number in wanted():
            page = columns.page(column, number)
            made.append((page.path, renderers.column_page(page)))
            made.append((atom.feed_path(column.code, number), atom.column_feed(page, identity())))
        return made

    return Part(folder, pages, stamp, folder=folder if numbers is None else "")


def standing_part(standing: Standing) -> Part:
    return Part(f"standing:{standing.name}", standing.pages, stamp, gone=lambda: standing.places)


def map_part(column: Column, number: int) -> Part:
    """One cut of a column for programs: its sitemap, and the lists of its items as data."""
    path = feeds.map_path(column.code, number)

    def pages() -> list[Page]:
        return [(path, feeds.column_map(column, number, identity())), *renderers.column_data(column, number)]

    return Part(path, pages, stamp)


def maps_part() -> Part:
    """The list of all sitemaps, the map of what is no item, and the feed of the whole site."""

    def pages() -> list[Page]:
        site = identity()
        return [
            (feeds.PAGES, feeds.pages_map(site)),
            ("sitemap.xml", feeds.sitemap(site)),
            (atom.SITE, atom.site_feed(site)),
        ]

    return Part(feeds.MAPS, pages, stamp)


_provided: list[Callable[[], Iterable[Part]]] = []


def provide(source: Callable[[], Iterable[Part]]) -> None:
    """Add parts of another module to the site: `source` yields all of them."""
    if source not in _provided:
        _provided.append(source)


def parts() -> Iterator[Part]:
    """Every part of the site."""
    for public in renderers.kinds():
        subjects = latest(public.kind).values_list("subject_id", flat=True)
        for subject in subjects.iterator(chunk_size=500):
            part = subject_part(public, subject)
            if part is not None:
                yield part
        for standing in public.beside(None):
            yield standing_part(standing)
    for column in Column.objects.all():
        yield column_part(column)
    for standing in renderers.standing():
        yield standing_part(standing)
    for column, number in feeds.maps():
        yield map_part(column, number)
    yield maps_part()
    for source in _provided:
        yield from source()


def parts_named(owner: str) -> Iterator[Part]:
    """The part that the list of the site names so; nothing where there is none now."""
    kind, _, subject = owner.partition(":")
    public = renderers.kind_of(kind)
    if public is not None:
        part = subject_part(public, UUID(subject))
        if part is not None:
            yield part
        return
    for column in Column.objects.all():
        if addresses.column_folder(column.code) == owner:
            yield column_part(column)
            return
    every = (standing_part(standing) for standing in renderers.standing())
    yield from (part for part in every if part.named == owner)
    # Few files belong to anything else, and these are looked for among all parts.
    yield from islice((part for part in beside() if part.named == owner), 1)


def beside() -> Iterator[Part]:
    """Every part that is neither of one subject, nor of a column, nor a standing page of its own."""
    for public in renderers.kinds():
        yield from (standing_part(standing) for standing in public.beside(None))
    for column, number in feeds.maps():
        yield map_part(column, number)
    yield maps_part()
    for source in _provided:
        yield from source()
