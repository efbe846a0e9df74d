"""What commands on many files share: walking folders, reading several at once, and one line of progress on a terminal."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from shutil import get_terminal_size
from typing import TypeVar
from unicodedata import east_asian_width

import click

from gongkai.screening import isolation

Read = TypeVar("Read")
# So many files are handed out before the first answer is used: a slow one holds up few, and few answers wait.
_AHEAD = 32

_CLEAR_LINE = "\r\x1b[K"


def walked(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files named, and of a folder all files below it in a fixed order; no link is followed."""
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders.sort()
            yield from (Path(folder, name) for name in sorted(names) if Path(folder, name).is_file())


def in_turn(
    paths: Iterable[str | Path], read: Callable[[Path], Read], done: str
) -> Iterator[tuple[Path, Read]]:
    """Each file with what `read` makes of it, in order; a few are read at once and never all held.

    `done` is what is done with them (see Progress). Who stops in between waits for none of those that are being read.
    """
    files = walked(paths)
    progress = Progress(done)
    waiting: deque[tuple[Path, Future[Read]]] = deque()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        try:
            while True:
                waiting.extend(
                    (path, pool.submit(read, path)) for path in islice(files, _AHEAD - len(waiting))
                )
                if not waiting:
                    break
                path, answer = waiting.popleft()
                progress.show(path)
                result = answer.result()
                progress.clear()
                yield path, result
        except (KeyboardInterrupt, GeneratorExit):
            for _, answer in waiting:
                answer.cancel()
            isolation.stop()
            raise
        finally:
            progress.clear()


class Progress:
    """On a terminal, one line that says how many files are done and which is being read; else nothing.

    `done` is what was done with them: 筛查, 检查.
    """

    def __init__(self, done: str) -> None:
        self._word = done
        self._on = sys.stderr.isatty()
        self._done = 0

    def show(self, path: Path) -> None:
        """This file is waited for."""
        if self._on:
            line = f"已{self._word} {self._done} 个文件，正在读取 {path.name}"
            click.echo(_CLEAR_LINE + _fitted(line, get_terminal_size().columns - 1), err=True, nl=False)
        self._done += 1

    def clear(self) -> None:
        """Take the line away, before anything else is written."""
        if self._on:
            click.echo(_CLEAR_LINE, err=True, nl=False)


def _fitted(text: str, width: int) -> str:
    """As much of a text as fits in so many columns, without what would move the cursor."""
    fitted = ""
    for char in text:
        width -= 2 if east_asian_width(char) in "WF" else 1
        if width < 0:
            break
        fitted += char if char.isprintable() else "?"
    return fitted
