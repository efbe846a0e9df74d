"""Known items found again by questions made from their titles, beside two FTS5 tables.

A title of the list is drawn, and a question is made of it as people type: words left out, turned around, shortened
to their first characters, one character confused with one that looks or sounds like it. The item counts as found
where its own title stands (the list holds titles more than once; any copy counts). The confused characters are not
those of the search's own data: the look-alikes come from the pictures of the glyphs, drawn anew here, and what sounds
alike from pypinyin without regard to tone.

The peers hold the same titles: one table with the words of rjieba, one with single characters, both asked by bm25
for all words and, where nothing has all, for any. The portal's side is the search page's own function.
"""

import argparse
import csv
import random
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import instances
from benchmarks.measuring import ms, note, percentile, table

# Each kind of question with its share.
KINDS = {"words dropped": 0.3, "reordered": 0.2, "abbreviated": 0.25, "look-alike": 0.25}
DEPTH = 10


def glyph_likes(chars: list[str]) -> dict[str, str]:
    """For each character the one whose picture covers it best, in the font of the papers."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    folder = Path(__file__).parents[1] / "src/gongkai/paperwork/fonts"
    font = ImageFont.truetype(str(sorted(folder.rglob("*.[ot]t[fc]"))[0]), 24)
    rows = []
    for char in chars:
        picture = Image.new("L", (28, 28))
        ImageDraw.Draw(picture).text((2, 0), char, font=font, fill=255)
        rows.append(np.asarray(picture, dtype=np.float32).ravel())
    drawn = np.stack(rows)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True) + 1e-6
    like = drawn @ drawn.T
    np.fill_diagonal(like, 0)
    return {char: chars[int(at)] for char, at in zip(chars, like.argmax(axis=1), strict=True)}


def sound_likes(chars: list[str]) -> dict[str, str]:
    """For each character others of the same syllable among those of the list."""
    from pypinyin import lazy_pinyin

    by_sound: dict[str, list[str]] = defaultdict(list)
    for char in chars:
        by_sound[lazy_pinyin(char)[0]].append(char)
    return {
        char: "".join(one for one in group if one != char) for group in by_sound.values() for char in group
    }


def make(title: str, kind: str, draw: random.Random, likes: dict[str, str], sounds: dict[str, str]) -> str:
    """A question of one kind from a title; "" where the title is too short for it."""
    import rjieba

    cut = [
        word
        for word in rjieba.cut(title)
        if any("一" <= char <= "鿿" for char in word) and word not in "的和与及等"
    ]
    if len(cut) < 4:
        return ""
    if kind == "words dropped":
        kept = sorted(draw.sample(range(len(cut)), max(3, len(cut) // 2)))
        return "".join(cut[at] for at in kept)
    start = draw.randrange(max(1, len(cut) - 5))
    piece = cut[start : start + draw.randint(4, 6)]
    if kind == "reordered":
        draw.shuffle(piece)
        return " ".join(piece)
    if kind == "abbreviated":
        # As 棚户区改造 becomes 棚改: every second word by its first character.
        return "".join(word[0] if n % 2 == 0 and len(word) > 1 else word for n, word in enumerate(piece))
    text = list("".join(piece))
    places = [at for at, char in enumerate(text) if "一" <= char <= "鿿"]
    at = draw.choice(places)
    other = (
        likes.get(text[at]) if draw.random() < 0.5 else draw.choice(sounds.get(text[at]) or [likes[text[at]]])
    )
    text[at] = other or text[at]
    return "".join(text)


def questions(titles: list[str], count: int, seed: int) -> list[tuple[str, str, str]]:
    """(kind, question, title), drawn with a seed."""
    draw = random.Random(seed)
    chars = sorted({char for title in titles for char in title if "一" <= char <= "鿿"})
    likes, sounds = glyph_likes(chars), sound_likes(chars)
    kinds = [kind for kind, share in KINDS.items() for _ in range(round(share * count))]
    found = []
    for kind in kinds:
        text = ""
        while not text:
            title = draw.choice(titles)
            text = make(title, kind, draw, likes, sounds)
        found.append((kind, text, title))
    return found


class Peer:
    """An FTS5 table of titles cut by `cut`; all words first, else any."""

    def __init__(self, titles: list[str], cut: Callable[[str], list[str]]) -> None:
        self.cut = cut
        self.titles = titles
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE found USING fts5(title, tokenize='unicode61')")
        self.database.executemany(
            "INSERT INTO found VALUES (?)", ((" ".join(cut(title)),) for title in titles)
        )

    def search(self, text: str) -> list[str]:
        asked = [f'"{word}"' for word in dict.fromkeys(self.cut(text))]
        said = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT 10"
        for join in (" AND ", " OR "):
            rows = self.database.execute(said, (join.join(asked),)).fetchall()
            if rows:
                break
        return [self.titles[row[0] - 1] for row in rows]


def figures(places: list[int]) -> tuple[str, str, str]:
    """hit@1, hit@10 and the mean of the reciprocal place; 0 stands for not among the first ten."""
    size = len(places) or 1
    return (
        f"{sum(place == 1 for place in places) / size:.3f}",
        f"{sum(place > 0 for place in places) / size:.3f}",
        f"{sum(1 / place for place in places if place) / size:.3f}",
    )


def place_of(wanted: str, shown: list[str]) -> int:
    return shown.index(wanted) + 1 if wanted in shown else 0


def numbers(place: Path) -> list[str]:
    """Document numbers of the list as published, each once."""
    with open(place, encoding="utf-8-sig", newline="") as stream:
        rows = [row["doc_number"] for row in csv.DictReader(stream)]
    return list(dict.fromkeys(row for row in rows if any(char.isdigit() for char in row)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_quality", description=__doc__)
    parser.add_argument("titles", type=Path, help="csv with a column title")
    parser.add_argument("--numbers", type=Path, help="csv with a column doc_number")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--misses", type=int, default=0, help="show so many that were not the first")
    said = parser.parse_args()
    with open(said.titles, encoding="utf-8-sig", newline="") as stream:
        titles = [row["title"] for row in csv.DictReader(stream) if row["title"].strip()]
    with instances.temporary():
        from unittest import mock

        from gongkai.review.models import Release
        from gongkai.search import index, query, words
        from gongkai.search.entries import Entry

        note(f"indexing {len(titles):,} titles …")
        day = date(2021, 3, 2)
        index.rebuild(
            ((f"item:{n}", n, Entry(title, f"/items/{n}/", day)) for n, title in enumerate(titles)), _none
        )
        peers = {
            "FTS5, words": Peer(titles, words.words),
            "FTS5, characters": Peer(titles, words.characters),
        }
        asked = questions(titles, said.questions, said.seed)
        everything = mock.Mock()
        everything.filter.return_value.values_list.return_value = range(len(titles) + 10_000)

        def ours(text: str) -> list[str]:
            # Which releases are live is not asked: the list has none.
            with mock.patch.object(Release, "objects", everything):
                return [hit.title for hit in query.search(text).hits][:DEPTH]

        ways = {"portal": ours} | {name: peer.search for name, peer in peers.items()}
        places: dict[str, list[int]] = {}
        taken: dict[str, list[float]] = defaultdict(list)
        for name, way in ways.items():
            for _kind, text, title in asked:
                begin = time.perf_counter()
                shown = way(text)
                taken[name].append(time.perf_counter() - begin)
                places.setdefault(name, []).append(place_of(title, shown))
        lines: list[tuple[object, ...]] = []
        for kind in (*KINDS, "all"):
            at = [n for n, row in enumerate(asked) if kind in (row[0], "all")]
            for name in ways:
                lines.append((kind, name, *figures([places[name][n] for n in at])))
        lines += [
            ("p50 / p95, ms", name, ms(percentile(taken[name], 0.5)), ms(percentile(taken[name], 0.95)), "")
            for name in ways
        ]
        table(
            f"{len(asked)} questions, seed {said.seed}, over {len(titles):,} titles",
            ("", "", "hit@1", "hit@10", "MRR"),
            lines,
        )
        for (kind, text, title), at in list(zip(asked, places["portal"], strict=True)):
            if at != 1 and said.misses > 0:
                said.misses -= 1
                note(f"{kind}: {text}  ←  {title} ({at or 'not found'})")
        if said.numbers:
            listed = numbers(said.numbers)
            index.rebuild(
                (
                    (f"item:{n}", n, Entry(f"第{n}件", f"/items/{n}/", day, numbers=(number,)))
                    for n, number in enumerate(listed)
                ),
                _none,
            )
            shapes: dict[str, Callable[[str], str]] = {
                "as published": str,
                "square brackets": lambda text: text.replace("〔", "[").replace("〕", "]"),
                "full width, round": lambda text: (
                    text.replace("〔", "（")
                    .replace("〕", "）")
                    .translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
                ),
                "without 号": lambda text: text.replace("号", "").replace("第", ""),
                "with blanks": lambda text: text.replace("〔", " 〔 ").replace("〕", " 〕 "),
            }
            rows = []
            for name, shape in shapes.items():
                wanted = [set(words.numbers(number)) for number in listed]
                found = []
                with mock.patch.object(Release, "objects", everything):
                    for n, number in enumerate(listed):
                        shown = [set(words.numbers(hit.number)) for hit in query.search(shape(number)).hits][
                            :DEPTH
                        ]
                        found.append(place_of_number(wanted[n], shown))
                rows.append((name, len(listed), *figures(found)))
            table("document numbers that find themselves", ("", "numbers", "hit@1", "hit@10", "MRR"), rows)
    return 0


def place_of_number(wanted: set[str], shown: list[set[str]]) -> int:
    return next((n for n, numbers in enumerate(shown, 1) if numbers == wanted), 0)


def _none(key: str) -> tuple[str, int, None]:
    """Nothing is released while a list is indexed."""
    return key, 0, None


if __name__ == "__main__":
    sys.exit(main())
