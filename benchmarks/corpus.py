"""Titles and texts for as many items as are wanted, composed of real ones; their folder is an argument.

FOLDER/document-titles.csv has a column `title`; every *.jsonl beside it has texts in the fields Body, text or reply. The
n-th title is a real one while there are some; after that the head of one (who) stands before the tail of another (关于 what).
A text is so many real sentences, drawn with n. Nothing of it is kept in the repository.
"""

import csv
import json
import random
import re
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measuring import stop

BEGIN, DAYS = date(2008, 5, 1), 6_500
# About as many characters as a text has: sentences are drawn until there are so many.
LENGTH = 400
_SENTENCE = re.compile(r"[^。！？\s][^。！？\n]{11,118}[。！？]")
_FIELDS = ("Body", "text", "reply")


class Corpus:
    def __init__(self, folder: Path) -> None:
        place = folder / "document-titles.csv"
        if not place.exists():
            stop(f"{folder} has no document-titles.csv (a column title) with texts beside it (*.jsonl).")
        with place.open(encoding="utf-8-sig", newline="") as stream:
            titles = (" ".join(row["title"].split()) for row in csv.DictReader(stream))
            self.titles = list(dict.fromkeys(title for title in titles if title))
        parted = [title.partition("关于") for title in self.titles]
        self.heads = sorted({head for head, about, tail in parted if 2 < len(head) < 20 and len(tail) > 4})
        self.tails = sorted({tail for head, about, tail in parted if 2 < len(head) < 20 and len(tail) > 4})
        sentences: dict[str, None] = {}
        for file in sorted(folder.glob("*.jsonl")):
            for line in file.read_text("utf-8").splitlines():
                row = json.loads(line)
                for name in _FIELDS:
                    sentences |= dict.fromkeys(_SENTENCE.findall(str(row.get(name) or "")))
        self.sentences = list(sentences)
        if not self.heads or not self.sentences:
            stop(f"{folder} has no titles with 关于, or no texts.")

    def title(self, n: int) -> str:
        if n < len(self.titles):
            return self.titles[n]
        draw = random.Random(n)
        return f"{draw.choice(self.heads)}关于{draw.choice(self.tails)}"

    def text(self, n: int) -> str:
        draw, found, length = random.Random(-n - 1), [], 0
        while length < LENGTH:
            found.append(draw.choice(self.sentences))
            length += len(found[-1])
        return "".join(found)

    def on(self, n: int) -> date:
        return BEGIN + timedelta(days=n * 7919 % DAYS)
