"""Lines of a list that may be too long for memory: kept by shard, on the disk once there are many."""

import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

from gongkai.channels.lines import Line, Lines, lines_of, shard_of, text_of

# A small site never touches the disk; a line takes about half a kilobyte in memory.
IN_MEMORY = 50_000


class Spool:
    """Lines by the shards of one depth, added in any order and read shard by shard. A later line of a path counts.

    Used in a `with` block, at whose end it is gone.
    """

    def __init__(self, depth: int, folder: Path | None = None) -> None:
        """folder: where a temporary folder is made for what does not fit; that of the system where none is named."""
        self.depth = depth
        self._under = folder
        self._place: Path | None = None
        self._rows: dict[str, Lines] = defaultdict(dict)
        self._held = 0
        self._written: set[str] = set()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)

    def add(self, path: str, line: Line) -> None:
        self._rows[shard_of(path, self.depth)][path] = line
        self._held += 1
        if self._held >= IN_MEMORY:
            self._flush()

    def _flush(self) -> None:
        if self._place is None:
            if self._under is not None:
                self._under.mkdir(parents=True, exist_ok=True)
            self._place = Path(tempfile.mkdtemp(prefix="spool-", dir=self._under))
        for name, lines in self._rows.items():
            with open(self._place / name, "ab") as stream:
                stream.write(text_of(lines))
            self._written.add(name)
        self._rows.clear()
        self._held = 0

    def names(self) -> set[str]:
        """The shards that have lines."""
        return {*self._written, *self._rows}

    def lines(self, name: str) -> Lines:
        """The lines of one shard."""
        there: Lines = {}
        if self._place is not None and name in self._written:
            there = lines_of((self._place / name).read_bytes())
        return there | self._rows.get(name, {})

    def recut(self, depth: int) -> "Spool":
        """The same lines by the shards of another depth, in a spool of its own."""
        other = Spool(depth, self._under)
        for name in self.names():
            for path, line in self.lines(name).items():
                other.add(path, line)
        return other
