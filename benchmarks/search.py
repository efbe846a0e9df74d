"""The search of the portal, beside an own SQLite FTS5 table with the same words and Wagtail's search.

All hold title, summary and text of the same entries; ours and the table are cut into words by rjieba. They get the same
questions: two neighbouring words of a title. The portal's answer is whole: ranking, total, counts of five filters, snippets, and
a question to the database which of the hits are still live. The table answers the first twenty ids by bm25 and the
total. Wagtail (--peers, at the smallest size) is asked as a stock site would: its database search over title and text.

After that the public lists are asked with their filters (public_lists.py), over the same entries. With --texts the texts
are composed of real ones (corpus.py), else of a few words (rows.py). --keep takes a folder that benchmarks.release has
prepared, so that a million items need not be loaded again.
"""

import argparse
import json
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import instances, public_lists, release, serving
from benchmarks.measuring import ms, note, percentile, table

OURS, TABLE, WAGTAIL = "portal", "FTS5", "Wagtail"
BATCH = 1000
PUTS = 40


class Plain:
    """Texts of few words, for a run without a folder of real ones."""

    def title(self, n: int) -> str:
        from benchmarks import rows

        return rows.title(n)

    def text(self, n: int) -> str:
        from benchmarks import rows

        return rows.body(n)

    def on(self, n: int) -> date:
        from benchmarks import rows

        return rows.moment(n).date()


class Peer:
    """An FTS5 table in a file; text goes in as words between spaces."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.database = sqlite3.connect(place)
        self.database.execute(
            "CREATE VIRTUAL TABLE found USING fts5(title, summary, body, tokenize='unicode61')"
        )

    def load(self, rows: Iterator[tuple[str, str, str]]) -> None:
        from gongkai.search import words

        cut = (tuple(" ".join(words.words(text)) for text in row) for row in rows)
        with self.database:
            self.database.executemany("INSERT INTO found VALUES (?, ?, ?)", cut)

    def search(self, text: str) -> tuple[list[int], int]:
        from gongkai.search import words

        match = " AND ".join(f'"{word}"' for word in words.asked(text))
        ranked = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 4.0, 2.0, 1.0) LIMIT 20"
        hits = [row[0] for row in self.database.execute(ranked, (match,))]
        total = self.database.execute("SELECT COUNT(*) FROM found WHERE found MATCH ?", (match,)).fetchone()
        return hits, total[0]


@dataclass
class Side:
    """One way of searching at one size. found: questions whose own title is among the first twenty."""

    times: list[float]
    built: float
    size: float
    found: int


def questions(titles: list[str], count: int) -> list[tuple[str, str]]:
    """(two neighbouring words, the title they are from), drawn with a fixed seed."""
    from gongkai.search import words

    draw = random.Random(21)
    found = []
    while len(found) < count:
        title = draw.choice(titles)
        cut = [word for word in words.asked(title) if len(word) > 1 and not word.isdigit()]
        if len(cut) >= 2:
            start = draw.randrange(len(cut) - 1)
            found.append(("".join(cut[start : start + 2]), title))
    return found


def in_turn(asked: list[str], ways: dict[str, Callable[[str], Any]], rounds: int) -> dict[str, list[float]]:
    """For each way the shortest processor time of each query; both sides run in this process."""
    found = {name: [float("inf")] * len(asked) for name in ways}
    for _round in range(rounds):
        for n, text in enumerate(asked):
            for name, way in ways.items():
                begin = time.process_time()
                way(text)
                found[name][n] = min(found[name][n], time.process_time() - begin)
    return found


def live(count: int) -> Iterator[tuple[Any, int]]:
    """Keys and live releases of so many prepared items."""
    from gongkai.disclosure.models import Item

    rows = Item.objects.filter(index_number__startswith="YS/").values_list("pk", "live_id")
    return rows[:count].iterator(chunk_size=5000)


def measure(texts: Any, size: int, said: argparse.Namespace) -> tuple[dict[str, Side], list[float]]:
    """Build both at this size, ask both, and put some further entries into ours."""
    from django.conf import settings

    from gongkai.search import index, query

    makes = public_lists.Maker()
    note(f"{size:,} entries into the index …")
    begin = time.process_time()
    entries = ((f"item:{key}", live_id, makes.entry(n, texts)) for n, (key, live_id) in enumerate(live(size)))
    index.rebuild(entries, lambda key: (key, 0, None))
    built = time.process_time() - begin
    release.mark_indexed(size)
    note(f"{size:,} rows into the table …")
    place: Path = settings.INSTANCE.home / f"peer-{size}.sqlite3"
    place.unlink(missing_ok=True)
    peer = Peer(place)
    begin = time.process_time()
    peer.load((texts.title(n), makes.summary(texts.title(n)), texts.text(n)) for n in range(size))
    peer_built = time.process_time() - begin
    step = max(1, size // 20_000)
    asked = questions([texts.title(n) for n in range(0, size, step)], said.queries)
    taken = in_turn([text for text, _title in asked], {OURS: query.search, TABLE: peer.search}, said.rounds)
    ours = sum(any(hit.title == title for hit in query.search(text).hits) for text, title in asked)
    theirs = sum(any(texts.title(row - 1) == title for row in peer.search(text)[0]) for text, title in asked)
    stored = sum(file.stat().st_size for file in index.folder().iterdir()) / 1e6
    sides = {
        OURS: Side(taken[OURS], built, stored, ours),
        TABLE: Side(taken[TABLE], peer_built, place.stat().st_size / 1e6, theirs),
    }
    peer.database.close()
    place.unlink()
    if said.peers and size == min(said.sizes):
        sides[WAGTAIL] = wagtail(said.peers, settings.INSTANCE.home / "peers", texts, size, asked)
    puts = []
    for n, (key, live_id) in enumerate(live(PUTS)):
        begin = time.perf_counter()
        index.put([(f"item:{key}", live_id, makes.entry(n, texts))])
        query.search(texts.title(n))
        puts.append(time.perf_counter() - begin)
    return sides, puts


def wagtail(python: str, folder: Path, texts: Any, size: int, asked: list[tuple[str, str]]) -> Side:
    """The same texts as pages of a stock Wagtail site, the same questions to its search."""
    note(f"{size:,} pages of Wagtail …")
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as stream:
        for n in range(size):
            row = {"title": texts.title(n), "body": f"<p>{texts.text(n)}</p>", "on": texts.on(n).isoformat()}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / "queries.txt").write_text("\n".join(text for text, _title in asked), "utf-8")
    serving.ask_peer(python, folder, "load", str(size))
    before = (folder / "peer.sqlite3").stat().st_size
    got = serving.ask_peer(python, folder, "search")
    found = sum(title in row["titles"] for (_text, title), row in zip(asked, got["found"], strict=True))
    return Side(got["times"], got["built"], ((folder / "peer.sqlite3").stat().st_size - before) / 1e6, found)


def tell(size: int, sides: dict[str, Side], puts: list[float]) -> None:
    ours = sides[OURS]
    lines: list[tuple[object, ...]] = []
    for name, side in sides.items():
        half, most = (percentile(side.times, share) for share in (0.5, 0.95))
        lines.append((
            name, ms(half), ms(most), f"{percentile(ours.times, 0.5) / half:.2f}", f"{percentile(ours.times, 0.95) / most:.2f}",
            f"{side.built:,.0f}", f"{side.size:,.0f}", f"{side.found / len(side.times):.0%}",
        ))  # fmt: skip
    table(
        f"{len(ours.times)} questions over {size:,} entries, processor time",
        (
            "",
            "p50, ms",
            "p95, ms",
            "our p50 to its",
            "our p95 to its",
            "build, s",
            "size, MB",
            "its own title in the first 20",
        ),
        lines,
    )
    print(
        f"\nOne more entry until it is found, by the clock: p50 {ms(percentile(puts, 0.5))} ms, "
        f"the slowest of {len(puts)} {ms(max(puts))} ms."
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--texts", type=Path, help="a folder of real titles and texts (see corpus.py)")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", help="the Python of an environment with wagtail (see benchmarks.serving)")
    parser.add_argument("--keep", type=Path, help="an instance prepared by benchmarks.release --keep")
    said = parser.parse_args()
    texts: Any = Plain()
    if said.texts is not None:
        from benchmarks.corpus import Corpus

        texts = Corpus(said.texts)
    listed: dict[int, public_lists.Figures] = {}
    with instances.temporary(keep=said.keep) as cast:
        from gongkai.channels import site
        from gongkai.review.models import Release

        if said.keep is None:
            site.settle_standing()
        for size in said.sizes:
            if Release.objects.count() < size:
                note(f"preparing {size:,} public items past the journal …")
                release.prepare(cast, size, indexed=False)
            tell(size, *measure(texts, size, said))
            listed[size] = public_lists.measure(texts, said.rounds)
            public_lists.tell(listed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
