"""What one item costs with few and with very many public ones: the same, or the site does not hold.

The items before it, with their places in the columns, their entries of the index and their folders on the disk, are
prepared past the journal (rows.py); the pages of those folders are one page under many names. What is measured goes the
usual way: written, submitted, three people; what comes before the third word is one act, the third word is the release,
and the item is withdrawn. When the call of a release has returned, the page, its column, its feed, its map and the search
are looked at: each must show the new item, and after a withdrawal none of them may. So the time of the call is also the
time from the word to the reader. The ratio beside the smaller size is the result; a query that reads a large table from
end to end, or all rows of one kind, fails the run.
"""

import argparse
import itertools
import os
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from benchmarks import instances, plans
from benchmarks.measuring import ms, note, stop, table

# So many items are made by rows.py; more are copies of these.
MADE = 10_000
# So many names a file may have on ext4, with room to spare.
NAMES = 50_000
DAY, HERE = "2026-11-02", "housing"


@dataclass
class Act:
    """One release or withdrawal. parts: seconds within the handlers that follow it, by name."""

    seconds: float
    processor: float
    queries: int
    written: int
    bytes: int
    parts: dict[str, float]
    selects: list[plans.Asked] = field(repr=False, default_factory=list)


ACTS = ("submission and two approvals", "release", "withdrawal")
# The acts of each kind, and the tables that their queries read from end to end.
Measured = tuple[dict[str, list[Act]], list[str]]


def prepare(cast: Any, count: int, *, indexed: bool, columns: int | None = None) -> None:
    """Bring the public items to `count`; what is there already is left as it is, so that a stopped run goes on.

    columns: so many columns hold them all; as many as there are by default.
    """
    from benchmarks import multiply, rows
    from gongkai.disclosure import counts
    from gongkai.disclosure.models import Item

    loaded = Item.objects.filter(index_number__startswith="YS/", live_id__lt=multiply.SHIFT)
    made = min(count, MADE)
    if (there := loaded.count()) < made:
        _load(cast, there, made, columns)
    if count > MADE:
        copier = multiply.Copier()
        for number in range(multiply.copies() + 1, count // MADE):
            copier.copy(number)
            shown = f"-{number}"
            folders(f"{index}{shown}" for index in loaded.values_list("index_number", flat=True).iterator())
            if number % 10 == 0:
                note(f"{(number + 1) * MADE:,} items")
        multiply.settle()
    counts.differences(repair=True)
    rows.settle()
    if indexed:
        _index(count)


def _load(cast: Any, first: int, last: int, columns: int | None) -> None:
    from benchmarks import rows
    from gongkai.channels.columns import positions
    from gongkai.channels.models import ColumnEntry
    from gongkai.disclosure.models import Column, Item

    # The measured items stand in this column: it is among those that are full.
    found = sorted(Column.objects.order_by("pk"), key=lambda column: column.code != HERE)[:columns]
    three, made = rows.seats()[cast.office.pk], []

    def batch() -> Iterator[list[Any]]:
        for n in range(first, last):
            whole = rows.released_item(cast.office, three, found[n % len(found)], n)
            made.append(next(row for row in whole if isinstance(row, Item)))
            yield whole

    rows.insert(batch())
    given = {column.pk: itertools.count(positions(column.pk)) for column in found}
    ColumnEntry.objects.bulk_create(
        (
            ColumnEntry(column_id=item.column_id, item=item, position=next(given[item.column_id]))
            for item in made
        ),
        batch_size=500,
    )
    folders(item.index_number for item in made)


def folders(index_numbers: Iterable[str]) -> None:
    """A folder for each item, as the site has it."""
    from gongkai.channels import addresses, tree

    prepared = tree.root().parent / "prepared"
    prepared.mkdir(exist_ok=True)
    page = prepared / "0.html"
    for n, index_number in enumerate(index_numbers):
        if n % NAMES == 0:
            page = prepared / f"{uuid.uuid4().hex}.html"
            page.write_bytes(b"<!doctype html><title>prepared</title>" + b"<p>prepared</p>" * 500)
        folder = tree.root() / addresses.item_folder(index_number)
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.link(page, folder / "index.html")


def _index(count: int) -> None:
    from benchmarks import rows
    from gongkai.disclosure.models import Item
    from gongkai.search import index
    from gongkai.search.entries import Entry

    if indexed() == count and index.exists():
        return
    note(f"indexing {count:,} entries …")

    def entries() -> Iterator[tuple[str, int, Entry]]:
        found = Item.objects.filter(index_number__startswith="YS/").select_related("column")
        for n, item in enumerate(found.order_by("pk").iterator(chunk_size=2000)):
            said = f"公布{item.title}。"
            yield f"item:{item.pk}", item.live_id, Entry(
                item.title, f"/items/{n}/", item.released_at.date(), said, rows.body(n), (), (item.index_number,),
                "演示", item.column.code, item.column.name,
            )  # fmt: skip

    index.rebuild(entries(), lambda key: (key, 0, None))
    mark_indexed(count)


def indexed() -> int:
    """So many of the prepared items are in the index."""
    mark = _mark()
    return int(mark.read_text()) if mark.exists() else 0


def mark_indexed(count: int) -> None:
    """benchmarks.search builds an index of its own over the same items; a run of this one goes on with it."""
    _mark().write_text(str(count))


def _mark() -> Path:
    from gongkai.search import index

    return index.folder().parent / "prepared"


@contextmanager
def observed() -> Iterator[list[Act]]:
    """One act: its time, statements, the files that it writes, and the time of what follows it."""
    from gongkai.channels import site, tree
    from gongkai.search import follow

    parts: dict[str, float] = {}
    written: list[int] = []
    real_write = tree.write

    def timed(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            begin = time.perf_counter()
            try:
                return real(*args)
            finally:
                parts[name] = parts.get(name, 0.0) + time.perf_counter() - begin

        return call

    def write(path: str, data: bytes) -> bool:
        changed = real_write(path, data)
        if changed:
            written.append(len(data))
        return changed

    found: list[Act] = []
    with ExitStack() as watching:
        watching.enter_context(mock.patch.object(site, "follow", timed("site", site.follow)))
        watching.enter_context(mock.patch.object(follow, "refresh", timed("index", follow.refresh)))
        watching.enter_context(mock.patch.object(tree, "write", write))
        seen = watching.enter_context(plans.watched())
        begin, used = time.perf_counter(), time.process_time()
        yield found
        taken = time.perf_counter() - begin, time.process_time() - used
    found.append(Act(*taken, seen.count, len(written), sum(written), parts, seen.selects))


def lived(cast: Any, number: int) -> tuple[Act, Act, Act]:
    """An item's acts, in the order of ACTS; ends the run where a reader would not see the release at once."""
    from gongkai.cli.demo_year.cast import morning
    from gongkai.disclosure import items
    from gongkai.disclosure.content import KIND
    from gongkai.disclosure.models import Item
    from gongkai.review import approvals, releases, subjects
    from gongkai.review.models import Release

    title = f"关于第{number}次量度的鸢尾公告"
    said = {
        "title": title, "summary": "公布量度结果。", "body": "<h2>一、结果</h2><p>见附表。</p>" * 20, "attribute": "proactive",
        "column": HERE, "formed_on": DAY, "source": cast.office.name,
    }  # fmt: skip
    with morning(DAY):
        with observed() as before:
            item, _draft = items.begin(cast.actor("jingban"), cast.office, said)
            revision = cast.submit(KIND, item.pk)
            cast.review(revision, upto=2)
        checklist = {key: True for key, _words in subjects.kind_of(KIND).asked(3)}
        with observed() as released:
            approvals.approve(cast.actor("zhuren"), revision, step=3, opinion="同意。", checklist=checklist)
        item = Item.objects.get(pk=item.pk)
        _look(item, title, there=True)
        live = Release.objects.get(pk=item.live_id)
        with observed() as withdrawn:
            releases.withdraw(cast.actor("fenguan"), live, reason="error", note="量度")
        _look(item, title, there=False)
    return before[0], released[0], withdrawn[0]


def _look(item: Any, title: str, *, there: bool) -> None:
    """Every place where a reader finds the item, or no longer."""
    from gongkai.channels import addresses, tree
    from gongkai.search.query import search

    folder = addresses.item_folder(item.index_number)
    pages = {
        "page": f"{folder}/index.html",
        "column": f"columns/{HERE}/index.html",
        "feed": f"columns/{HERE}/feed.xml",
        "home": "index.html",
    }
    for name, path in pages.items():
        if (title.encode() in (tree.read(path) or b"")) is not there:
            stop(f"after the call returned the {name} {'lacks' if there else 'still shows'} {title}")
    if any(hit.title == title for hit in search(title).hits) is not there:
        stop(f"after the call returned the search {'lacks' if there else 'still finds'} {title}")


def measure(cast: Any, size: int, rounds: int) -> Measured:
    """The acts of so many items, and the full reads of large tables among their queries."""
    lived(cast, 0)
    lives = [lived(cast, number) for number in range(1, rounds + 1)]
    large = {name: held for name, held in plans.sizes().items() if held > size // 2}
    asked = itertools.chain.from_iterable(act.selects for act in lives[-1])
    scans = list(dict.fromkeys(scan for select in asked for scan in plans.full_scans(select, large)))
    return dict(zip(ACTS, map(list, zip(*lives, strict=True)), strict=True)), scans


def tell(results: dict[int, Measured]) -> bool:
    """Print the results; whether no large table was read from end to end."""
    sizes = list(results)
    ways: dict[str, Callable[[Act], float]] = {
        "by the clock, ms": lambda act: act.seconds,
        "processor, ms": lambda act: act.processor,
        "of the clock: pages, ms": lambda act: act.parts.get("site", 0.0),
        "of the clock: index, ms": lambda act: act.parts.get("index", 0.0),
        "queries": lambda act: act.queries,
        "files written": lambda act: act.written,
        "bytes written": lambda act: act.bytes,
    }
    body: list[tuple[object, ...]] = []
    for act in ACTS:
        for name, way in ways.items():
            found = [median(way(one) for one in results[size][0][act]) for size in sizes]
            shown = [ms(value) if name.endswith("ms") else f"{value:,.0f}" for value in found]
            ratios = [f"{value / found[0]:.2f}" if found[0] else "" for value in found[1:]]
            body.append((f"{act}: {name}", *shown, *ratios))
    head = ["median", *(f"{size:,} items" for size in sizes), *(f"ratio at {size:,}" for size in sizes[1:])]
    table("One item", head, body)
    scans = [(f"{size:,}", scan) for size in sizes for scan in results[size][1]]
    if scans:
        table("Tables read from end to end", ("items", "table and step"), scans)
    return not scans


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.release", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--postgresql", action="store_true", help=f"on the server of {instances.POSTGRESQL}")
    parser.add_argument(
        "--keep",
        type=Path,
        help="a folder for the prepared instance: a run that was stopped goes on there (1,000,000 takes long)",
    )
    parser.add_argument(
        "--no-index", action="store_true", help="the index holds the measured items alone (it is quicker)"
    )
    said = parser.parse_args()
    results: dict[int, Measured] = {}
    whole = True
    with instances.temporary(postgresql=said.postgresql, keep=said.keep) as cast:
        from gongkai.channels import site

        site.settle_standing()
        for size in said.sizes:
            note(f"preparing {size:,} public items past the journal …")
            prepare(cast, size, indexed=not said.no_index)
            results[size] = measure(cast, size, said.rounds)
            whole = tell(results)
        if said.keep is None:
            shutil.rmtree(site.tree.root(), ignore_errors=True)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
