"""What a process of its own costs for each file: forked from one that has the readers loaded, beside one begun anew.

python -m benchmarks.isolation      # under a minute; Linux
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.screening import plants_page, plants_picture, plants_sheet, plants_word

from benchmarks.measuring import ms, note, stop, table
from gongkai.screening import Verdict, isolation, screen_file
from gongkai.screening.child import screen

ROUNDS = 40
# The peer: an interpreter for each file, which loads what this file needs.
_ANEW = "import sys\nfrom gongkai.screening.child import screen\nscreen(sys.stdin.buffer.read(), sys.argv[1])"

File = tuple[str, bytes]


def anew(file: File) -> None:
    """Screen a file in an interpreter that is started for it."""
    subprocess.run([sys.executable, "-c", _ANEW, file[0]], input=file[1], check=True)


def forked(file: File) -> None:
    """Screen a file as the product does."""
    if screen_file(file[1], file[0]).verdict is Verdict.UNREADABLE:
        stop(f"{file[0]} could not be read")


def inside(file: File) -> None:
    """Screen a file in this process, without any isolation."""
    screen(file[1], file[0])


def _time(way: Callable[[File], None], file: File, rounds: int) -> float:
    way(file)
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        way(file)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _resident(pid: int) -> str:
    status = Path(f"/proc/{pid}/status").read_text()
    return f"{int(status.split('VmRSS:')[1].split()[0]) // 1024} MB"


def _many(files: Sequence[File], threads: int) -> float:
    draw = random.Random(1)
    chosen = [draw.choice(files) for _ in range(200)]
    begin = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(forked, chosen))
    return len(chosen) / (time.perf_counter() - begin)


def main() -> None:
    """Print the tables."""
    files = [
        ("a.txt", "工作情况".encode()),
        ("a.docx", plants_word.table("办结")),
        ("a.xlsx", plants_sheet.cell("办结")),
        ("a.pdf", plants_page.text("办结")),
    ]
    forked(files[0])
    server = isolation._stable._server
    if server is None:
        stop("no forkserver is running")
    before = _resident(server.process.pid)
    picture = ("a.png", plants_picture.picture("西工区城市改造办公室"))
    many = [[threads, f"{_many(files, threads):.0f}"] for threads in (1, 2)]
    rows = []
    for file in [*files, picture]:
        note(file[0])
        rounds = ROUNDS if file is not picture else 8
        times = [_time(way, file, rounds) for way in (inside, forked, anew)]
        rows.append([file[0], *map(ms, times), f"{times[2] / times[1]:.1f}"])
    table("One small file, median, ms", ["", "no isolation", "forked", "begun anew", "anew : forked"], rows)
    table("200 small files of the first four kinds", ["threads", "files/s"], many)
    table(
        "Memory of the forkserver",
        ["before the first picture", "after"],
        [[before, _resident(server.process.pid)]],
    )


if __name__ == "__main__":
    main()
