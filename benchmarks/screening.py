"""Screening beside Microsoft Presidio's pattern recognisers and beside a plain compiled-regex pass, in one run.

The texts are real ones of a folder (--data: .jsonl, .csv, .txt), with numbers of nobody planted in the forms
people write them in. What each side finds of those is counted too: a fast pass that misses is no peer. Then
files per second, 20,000 terms of a dictionary, growth with the length of a text, and memory over a folder.
"""

import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.screening import planting

from benchmarks.measuring import best, note, stop, table
from gongkai import screening
from gongkai.screening import Lexicon, Rules, Term, numbers
from gongkai.screening.automaton import encoded
from gongkai.screening.child import screen
from gongkai.screening.hits import Page
from gongkai.screening.passage import fold
from gongkai.screening.readers.plain import lines

KINDS = ("resident_id", "bank_card", "mobile_number")
PER_FORM = 40
PLAIN = {
    "resident_id": re.compile(
        r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
    ),
    "bank_card": re.compile(r"(?<!\d)(?:62|4|5[1-5]|9558)\d{13,17}(?!\d)"),
    "mobile_number": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
}
Stretch = tuple[str, int, int]


def texts_of(folder: Path) -> Iterator[str]:
    """Every text of a folder: fields of .jsonl together, rows of .csv by the hundred, .txt whole."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".jsonl":
            for line in path.read_text().splitlines():
                yield "\n".join(str(value) for value in json.loads(line).values() if value)
        elif path.suffix == ".csv":
            rows = [",".join(row) for row in csv.reader(path.open(newline=""))]
            yield from ("\n".join(rows[at : at + 100]) for at in range(0, len(rows), 100))
        elif path.suffix == ".txt":
            yield path.read_text()


def plant(texts: list[str]) -> tuple[list[str], list[tuple[int, Stretch, int]]]:
    """The texts with a number at the end of some; where each was planted and in which form."""
    draw = random.Random(21)
    texts = list(texts)
    planted = []
    for kind in KINDS:
        for _each in range(PER_FORM):
            number = getattr(planting, kind)(draw)
            for form, written in enumerate(planting.written_forms(kind, number)):
                at = draw.randrange(len(texts))
                texts[at] += "\n登记的号码是"
                start = len(texts[at])
                texts[at] += written + "。"
                planted.append((at, (kind, start, start + len(written)), form))
    return texts, planted


def share(found: list[list[Stretch]], planted: list[tuple[int, Stretch, int]], forms: range) -> str:
    """Which part of the planted numbers was found, of those in these forms."""
    wanted = [(at, stretch) for at, stretch, form in planted if form in forms]
    hits = sum(
        any(kind == name and start < last and first < end for name, first, last in found[at])
        for at, (kind, start, end) in wanted
    )
    return f"{hits / len(wanted):.0%}"


def whole(texts: list[str]) -> list[list[Stretch]]:
    """Everything that screening looks for."""
    return [
        [(str(f.kind), f.start or 0, f.end or 0) for f in screening.screen_text(text, location="正文")]
        for text in texts
    ]


def digits_alone(texts: list[str]) -> list[list[Stretch]]:
    """The detector of numbers alone: what the peers look for."""
    pages = (Page.of(lines(text, screening.Layer.TEXT, "正文")) for text in texts)
    return [[(str(hit.kind), hit.start, hit.end) for hit in numbers.numbers(page)] for page in pages]


def plain(texts: list[str]) -> list[list[Stretch]]:
    """Three compiled patterns, nothing checked."""
    return [
        [(kind, *match.span()) for kind, pattern in PLAIN.items() for match in pattern.finditer(text)]
        for text in texts
    ]


def presidio(python: str, texts: list[str]) -> tuple[float, list[list[Stretch]], str]:
    """Processor time, what was found, and the version, of Presidio in its own environment."""
    script = Path(__file__).with_name("screening_peer.py")
    done = subprocess.run(
        [python, str(script)], input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    if done.returncode:
        stop(f"Presidio did not run with {python}: {done.stderr.strip()[-300:]}")
    said = json.loads(done.stdout)
    return said["seconds"], said["found"], said["version"]


def compare(texts: list[str], python: str | None) -> None:
    texts, planted = plant(texts)
    size = sum(len(text.encode()) for text in texts) / 1e6
    ways = {
        "screening, all detectors": whole,
        "its numbers alone": digits_alone,
        "three compiled patterns": plain,
    }
    note(f"{len(texts):,} texts, {size:.1f} MB, {len(planted):,} numbers planted …")
    taken = best({name: lambda way=way: way(texts) for name, way in ways.items()}, 3, time.process_time)
    results = {name: (taken[name], way(texts)) for name, way in ways.items()}
    if python:
        note("Presidio …")
        seconds, found, number = presidio(python, texts)
        results[f"Presidio {number}, three recognisers"] = (seconds, found)
    ours = results["its numbers alone"][0]
    table(
        f"Text: {len(texts):,} texts, {size:.1f} MB",
        ["way", "MB/s", "time, ratio to our numbers alone", "found, plain form", "found, all forms"],
        [
            (
                name,
                f"{size / seconds:.1f}",
                f"{seconds / ours:.2f}",
                share(found, planted, range(1)),
                share(found, planted, range(6)),
            )
            for name, (seconds, found) in results.items()
        ],
    )


def dictionary(text: str) -> None:
    draw = random.Random(3)
    folded = fold(text)
    raw = encoded(folded)
    made = [
        "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(draw.choice((2, 3, 4, 6))))
        for _ in range(20_000)
    ]
    rows = []
    for count in (0, 1_000, 20_000):
        lexicon = Lexicon.of([Term(word) for word in made[:count]], "1")
        rules = Rules(lexicon=lexicon)
        few = folded[: 4_000_000 // max(count, 1)] if count else ""
        pattern = (
            re.compile("|".join(map(re.escape, sorted(made[:count], key=len, reverse=True))))
            if count
            else None
        )
        taken = best(
            {
                "terms": lambda lexicon=lexicon: list(lexicon.matches(raw)),
                "screening": lambda rules=rules: screening.screen_text(text, location="正文", rules=rules),
                "pattern": lambda pattern=pattern, few=few: (
                    [m.span() for m in pattern.finditer(few)] if pattern else []
                ),
            },
            3,
            time.process_time,
        )
        per = {"terms": taken["terms"] / len(folded), "pattern": taken["pattern"] / max(len(few), 1)}
        rows.append(
            (
                f"{count:,}",
                f"{1e9 * per['terms']:.0f}" if count else "–",
                f"{1e9 * per['pattern']:.0f}" if count else "–",
                f"{per['pattern'] / per['terms']:.0f}" if count else "–",
                f"{taken['screening'] * 1e9 / len(folded):.0f}",
            )
        )
    table(
        f"Dictionary over {len(folded):,} characters, ns for each",
        ["terms", "automaton", "alternation of a pattern", "ratio", "whole screening"],
        rows,
    )


def growth(text: str) -> None:
    rows = []
    first = 0.0
    base = text[len(text) // 2 :][:500_000]
    for times in (1, 2, 4, 8):
        part = base * times
        taken = best(
            {"": lambda part=part: screening.screen_text(part, location="正文")}, 3, time.process_time
        )[""]
        first = first or taken
        rows.append((f"{len(part):,}", f"{taken * 1000:.0f}", f"{taken / first:.1f}", times))
    table(
        "Growth with the length of one text", ["characters", "ms", "ratio of times", "ratio of lengths"], rows
    )


class Watch(threading.Thread):
    """Peak resident memory of a process and of the largest one below it, looked at every 20 ms."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.parent, self.child, self.over = pid, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.02):
            below = {self.pid}
            sizes = {}
            for entry in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
                try:
                    said = Path("/proc", entry, "status").read_text()
                except OSError:
                    continue
                fields = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)
                if int(entry) in below or int(fields["PPid"]) in below:
                    below.add(int(entry))
                    sizes[int(entry)] = int(fields.get("VmHWM", "0 kB").split()[0])
            self.parent = max(self.parent, sizes.pop(self.pid, 0))
            self.child = max(self.child, *sizes.values(), 0)


def folder(texts: list[str], megabytes: int) -> None:
    """`gongkai screen FOLDER` over so many megabytes, and the same files without a process for each."""
    with tempfile.TemporaryDirectory() as place:
        target, written, number = Path(place), 0, 0
        while written < megabytes * 1_000_000:
            # Files of 20 kB to 2 MB, as attachments are.
            body = "\n".join(texts[(number * 7 + at) % len(texts)] for at in range((3, 30, 300)[number % 3]))
            data = body[:600_000].encode()
            (target / f"{number:05}.txt").write_bytes(data)
            written, number = written + len(data), number + 1
        note(f"gongkai screen over {number} files, {written / 1e6:.0f} MB …")
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", "from gongkai.cli import main; main()", "screen", "--json", place],
            stdout=subprocess.DEVNULL,
        )
        watch = Watch(process.pid)
        watch.start()
        if process.wait() not in (0, 1):
            stop("gongkai screen could not read a file")
        watch.over.set()
        watch.join()
        seconds = time.perf_counter() - begin
        begin = time.process_time()
        for path in sorted(target.iterdir())[:60]:
            screen(path.read_bytes(), path.name)
        inside = (time.process_time() - begin) / min(60, number) * number
    table(
        f"`gongkai screen` over a folder: {number} files, {written / 1e6:.0f} MB",
        [
            "files/s",
            "MB/s",
            "peak of the parent, MB",
            "peak of the largest child, MB",
            "s by the clock",
            "processor s, one process",
        ],
        [
            (
                f"{number / seconds:.0f}",
                f"{written / 1e6 / seconds:.1f}",
                watch.parent // 1024,
                watch.child // 1024,
                f"{seconds:.0f}",
                f"{inside:.0f}",
            )
        ],
    )


def small_files(count: int = 300) -> None:
    """Files per second where the work in each is small: the price of a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        for number in range(count):
            Path(place, f"{number:04}.txt").write_text(f"关于印发工作方案的通知\n第 {number} 号\n" * 40)
        ways = {
            "gongkai screen FOLDER": [
                sys.executable,
                "-c",
                "from gongkai.cli import main; main()",
                "screen",
                "--json",
                place,
            ],
        }
        taken = best(
            {
                name: lambda line=line: subprocess.run(line, stdout=subprocess.DEVNULL, check=False)
                for name, line in ways.items()
            },
            2,
        )
        inside = best(
            {"": lambda: [screen(path.read_bytes(), path.name) for path in Path(place).iterdir()]}, 2
        )[""]
    table(
        f"{count} files of 3 kB, files/s by the clock",
        ["way", "files/s"],
        [
            *((name, f"{count / seconds:.0f}") for name, seconds in taken.items()),
            ("all in one process, without isolation", f"{count / inside:.0f}"),
        ],
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of .jsonl, .csv and .txt files")
    parser.add_argument("--presidio", help="a Python interpreter that has presidio-analyzer")
    parser.add_argument("--megabytes", type=int, default=200)
    said = parser.parse_args()
    texts = list(texts_of(said.data))
    if not texts:
        stop(f"no texts in {said.data}")
    compare(texts, said.presidio)
    joined = "\n".join(texts)
    dictionary(joined[:2_000_000])
    growth(joined)
    small_files()
    folder(texts, said.megabytes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
