"""The public site as plain files, beside django-distill over as many pages of the same text.

Ours: the site is written from the records (every part, as after a restore), exported into an empty folder, exported again with
nothing changed, and again after one release. A page of ours is written when its item is released, so an export copies,
compares with the signed list and brings to disk (fsync); writing the site from nothing is what django-distill does each
time. It renders one URL for each item with our own page as its template and one query, by its command, in the
environment of --peers (with django-distill and wagtail). The number of pages is compared, and the main text of some.

Our items are loaded past the journal (rows.py) with frozen contents of their own digests. Beside index.html each has its
index.json; lists, feeds and sitemaps are written too and counted as files, not as pages.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import lxml.html

from benchmarks import instances, pages, serving
from benchmarks.measuring import note, stop, table

COMPARED = 50
# What our page sets below the text by itself.
MARK = "（此件公开发布）"
# Name of the step: seconds by the clock and of the processor, files written.
Step = tuple[float, float, int]


def body(n: int) -> str:
    """The text of the n-th item, on both sides."""
    from benchmarks import rows

    return "".join(f"<h2>{part}</h2><p>{rows.body(n * 9 + part)}</p>" for part in range(1, 6))


def load(cast: Any, size: int) -> list[str]:
    """Public items with their frozen texts and places in the columns; their index numbers."""
    from benchmarks import rows
    from gongkai.disclosure import counts
    from gongkai.disclosure.models import Column, Item
    from gongkai.journal import canon
    from gongkai.review.models import Content

    found, three = list(Column.objects.order_by("pk")), rows.seats()[cast.office.pk]
    numbers: list[str] = []

    def batch() -> Iterator[list[Any]]:
        for n in range(size):
            whole = rows.released_item(cast.office, three, found[n % len(found)], n)
            content = next(row for row in whole if isinstance(row, Content))
            said = json.loads(content.text)
            said["content"]["body"] = body(n)
            content.text = json.dumps(said, ensure_ascii=False)
            digest = canon.sm3(content.text.encode())
            for row in whole:
                if hasattr(row, "digest"):
                    row.digest = digest
            numbers.extend(row.index_number for row in whole if isinstance(row, Item))
            yield whole

    rows.insert(batch())
    counts.differences(repair=True)
    return numbers


def timed(act: Callable[[], int]) -> Step:
    begin, used = time.perf_counter(), time.process_time()
    files = act()
    return time.perf_counter() - begin, time.process_time() - used, files


def exported(folder: Path) -> Callable[[], int]:
    """What `gongkai site export FOLDER` does; how many files it wrote."""

    def act() -> int:
        from gongkai.channels import assets, exports
        from gongkai.channels import site as written

        row = exports.claim(folder)
        with exports.alone(row):
            assets.collect_static()
            done = exports.bring_up(exports.Copy(row), whole=True, heal=written.write_anew)
            exports.well(row)
        return done.written

    return act


def distilled(python: str, folder: Path, out: Path) -> Step:
    """django-distill's own command; the processor time of its process."""
    environment = serving.peer_environment(folder) | {"PEER": "distill"}
    command = [python, "-m", "django", "distill", "generate", "--skip-checks", "--output-directory", str(out), "--force", "--quiet", "--exclude-staticfiles"]  # fmt: skip
    begin, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    taken, after = time.perf_counter() - begin, getrusage(RUSAGE_CHILDREN)
    if done.returncode:
        stop(f"django-distill does not run with {python}: {done.stderr.strip()[-400:]}")
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return taken, used, sum(1 for _page in out.rglob("index.html"))


def main_text(page: bytes) -> str:
    (found,) = lxml.html.document_fromstring(page.decode()).xpath("//div[@data-readable]")
    return " ".join(str(found.text_content()).split()).removesuffix(MARK).rstrip()


def compare(ours: Path, theirs: Path, folders: list[str]) -> None:
    """Ends the run where not every item has a page on both sides, or the text of one is another."""
    count = sum(1 for _page in (theirs / "items").glob("*/index.html"))
    lacking = [folder for folder in folders if not (ours / folder / "index.html").is_file()]
    if lacking or count != len(folders):
        stop(f"{len(folders):,} items: ours lacks {len(lacking):,}, django-distill has {count:,}.")
    for n in range(0, len(folders), max(1, len(folders) // COMPARED)):
        mine, other = (
            main_text(place.read_bytes())
            for place in (
                ours / folders[n] / "index.html",
                theirs / "items" / f"a-{n + 1}" / "index.html",
            )
        )
        if mine != other:
            at = next((at for at, (one, two) in enumerate(zip(mine, other, strict=False)) if one != two), -20)
            stop(f"{folders[n]} has another text on the other side: {mine[at:][:60]} | {other[at:][:60]}")


def peer_texts(folder: Path, size: int) -> None:
    from benchmarks import rows

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as stream:
        for n in range(size):
            said = {"title": rows.title(n), "body": body(n), "on": rows.moment(n).date().isoformat()}
            stream.write(json.dumps(said, ensure_ascii=False) + "\n")


def tell(steps: dict[str, Step], size: int, theirs: str) -> None:
    lines: list[tuple[object, ...]] = []
    for name, (clock, used, files) in steps.items():
        of_peer = steps[theirs][1]
        lines.append((
            name, f"{files:,}", f"{clock:,.1f}", f"{used:,.1f}", f"{size / clock:,.0f}", f"{size / used:,.0f}",
            f"{used / of_peer:.2f}",
        ))  # fmt: skip
    head = (
        "step",
        "files written",
        "clock, s",
        "processor, s",
        "pages/s by the clock",
        "pages/s of processor",
        "processor as a multiple of the peer's",
    )
    table(f"The site as files, {size:,} items", head, lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument(
        "--peers", required=True, help="the Python of an environment with django-distill and wagtail"
    )
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument(
        "--keep",
        type=Path,
        help="a folder that stays: a site of this size that was written there is not written again",
    )
    said = parser.parse_args()
    steps: dict[str, Step] = {}
    with instances.temporary(keep=said.keep) as cast:
        from django.conf import settings

        from gongkai.channels import addresses, site, tree
        from gongkai.disclosure.models import Item
        from gongkai.search import index

        home: Path = settings.INSTANCE.home
        out = home.with_name(home.name + "-export")
        try:
            there = Item.objects.filter(index_number__startswith="YS/")
            if not there.exists():
                note(f"loading {said.size:,} public items past the journal …")
                load(cast, said.size)
            numbers = sorted(
                there.values_list("index_number", flat=True), key=lambda each: int(each.rpartition("-")[2])
            )
            if len(numbers) != said.size:
                stop(f"{said.keep} holds {len(numbers):,} items: take another folder, or that --size.")
            folders = [addresses.item_folder(number) for number in numbers]
            if not all((tree.root() / folder / "index.html").exists() for folder in folders):
                note("writing the site from the records …")
                steps["ours: the whole site written from the records"] = timed(site.write_all)
            # Else the release would fill it with all items first.
            index.rebuild(iter(()), lambda key: (key, 0, None))
            note("exporting …")
            steps["ours: export into an empty folder"] = timed(exported(out))
            steps["ours: export again, nothing changed"] = timed(exported(out))
            pages.publish(cast, prepared=True)
            steps["ours: export again, one item more"] = timed(exported(out))
            note("django-distill …")
            peers = home / "peers"
            item = (tree.read(f"{folders[0]}/index.html") or b"").decode()
            column = (tree.read("columns/housing/index.html") or b"").decode()
            serving.templates(peers / "templates", item, column, re.findall(r"<h1[^>]*>([^<]+)", item)[0])
            peer_texts(peers, said.size)
            serving.ask_peer(said.peers, peers, "load", str(said.size))
            theirs = "django-distill: every page"
            steps[theirs] = distilled(said.peers, peers, home / "distilled")
            compare(out, home / "distilled", folders)
            tell(steps, said.size, theirs)
        finally:
            subprocess.run(["rm", "-rf", os.fspath(out)], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
