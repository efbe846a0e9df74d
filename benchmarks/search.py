"""The search of the portal over released items, beside an own SQLite FTS5 table with the same words.

Both sides hold title, summary and text of the same items, cut into words by rjieba, and get the same queries: two
words of a title. The portal's answer is whole: ranking, total, counts by column and year, snippets, and a question
to the database which of the hits are still live. The peer answers the first twenty ids by bm25 and the total.
"""

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import instances
from benchmarks.measuring import ms, note, percentile, table


class Peer:
    """An FTS5 table in a file; text goes in as words between spaces."""

    def __init__(self, place: Path) -> None:
        self.database = sqlite3.connect(place)
        self.database.execute(
            "CREATE VIRTUAL TABLE found USING fts5(title, summary, body, tokenize='unicode61')"
        )

    def load(self, rows: list[tuple[str, str, str]]) -> None:
        from gongkai.search import words

        cut = ([" ".join(words.words(text)) for text in row] for row in rows)
        with self.database:
            self.database.executemany("INSERT INTO found VALUES (?, ?, ?)", cut)

    def search(self, text: str) -> tuple[list[int], int]:
        from gongkai.search import words

        match = " AND ".join(f'"{word}"' for word in words.asked(text))
        ranked = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 4.0, 2.0, 1.0) LIMIT 20"
        hits = [row[0] for row in self.database.execute(ranked, (match,))]
        total = self.database.execute("SELECT COUNT(*) FROM found WHERE found MATCH ?", (match,)).fetchone()[
            0
        ]
        return hits, total


def queries(titles: list[str], count: int) -> list[str]:
    """Two neighbouring words of a title each, drawn with a fixed seed."""
    from gongkai.search import words

    draw = random.Random(21)
    found = []
    while len(found) < count:
        cut = [word for word in words.asked(draw.choice(titles)) if len(word) > 1 and not word.isdigit()]
        if len(cut) >= 2:
            start = draw.randrange(len(cut) - 1)
            found.append("".join(cut[start : start + 2]))
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


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    said = parser.parse_args()
    with instances.temporary() as cast:
        from django.conf import settings

        from benchmarks import rows
        from gongkai.review.models import Release
        from gongkai.search import index, query
        from gongkai.search.entries import Entry

        note(f"loading {said.items:,} released items past the journal …")
        items = rows.release_items(cast, said.items)
        live = dict(Release.objects.values_list("subject_id", "pk"))
        texts = [(item.title, f"公布{item.title}。", rows.body(n)) for n, item in enumerate(items)]

        def entry(n: int) -> tuple[str, int, Entry]:
            item, (title, summary, body) = items[n], texts[n]
            on: date = item.released_at.date()
            column = item.column
            made = Entry(title, f"/items/{n}/", on, summary, body, (), (item.index_number,), "演示", column.code, column.name)  # fmt: skip
            return f"item:{item.pk}", live[item.pk], made

        begin = time.process_time()
        index.rebuild((entry(n) for n in range(len(items))), lambda key: (key, 0, None))
        built = time.process_time() - begin
        begin = time.process_time()
        place = settings.INSTANCE.home / "peer.sqlite3"
        peer = Peer(place)
        peer.load(texts)
        peer_built = time.process_time() - begin
        asked = queries([item.title for item in items], said.queries)
        answers = [query.search(text).total for text in asked]
        others = [peer.search(text)[1] for text in asked]
        fewer = sum(ours < theirs for ours, theirs in zip(answers, others, strict=True))
        puts = []
        for n in range(40):
            begin = time.perf_counter()
            index.put([entry(n)])
            query.search(items[n].title)
            puts.append(time.perf_counter() - begin)
        taken = in_turn(asked, {"ours": query.search, "peer": peer.search}, said.rounds)
        size = sum(file.stat().st_size for file in index.folder().iterdir()) / 1e6
        peer_size = place.stat().st_size / 1e6
    ours, theirs = taken["ours"], taken["peer"]
    lines: list[tuple[object, ...]] = [
        (f"p{share}", ms(percentile(ours, share / 100)), ms(percentile(theirs, share / 100)),
         f"{percentile(ours, share / 100) / percentile(theirs, share / 100):.2f}")
        for share in (50, 95)
    ]  # fmt: skip
    lines += [
        ("build, s", f"{built:.1f}", f"{peer_built:.1f}", f"{built / peer_built:.2f}"),
        ("size, MB", f"{size:.1f}", f"{peer_size:.1f}", f"{size / peer_size:.2f}"),
        ("one more entry until it is found: p50, ms", ms(percentile(puts, 0.5)), "", ""),
        ("… the slowest of 40, ms", ms(max(puts)), "", ""),
        ("queries with fewer results than the peer", fewer, "", ""),
    ]
    table(
        f"{said.queries} queries over {said.items:,} items (times in ms)",
        ("", "portal", "FTS5", "ratio"),
        lines,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
