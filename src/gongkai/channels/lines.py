"""The lines of a list of files: each file with its digest, its size and whose it is, and the shard in which it stands."""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PurePosixPath


class NoList(Exception):
    """There is no list that can be read, or its signature is not that of the key."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of one file. owner: the part of the site that the file belongs to."""

    digest: str
    size: int
    owner: str


Lines = dict[str, Line]


def shard_of(path: str, depth: int) -> str:
    """The shard of a path: by its folder, so that the files of one item stand in few shards."""
    if not depth:
        return "all"
    parent = str(PurePosixPath(path).parent)
    return blake2b(parent.encode(), digest_size=4).hexdigest()[:depth]


def text_of(lines: Lines) -> bytes:
    return "".join(
        f"{line.digest} {line.size} {line.owner} {path}\n" for path, line in sorted(lines.items())
    ).encode()


def lines_of(text: bytes) -> Lines:
    """Raises NoList for a line that is none."""
    lines: Lines = {}
    try:
        for row in text.decode().splitlines():
            digest, size, owner, path = row.split(" ", 3)
            lines[path] = Line(digest, int(size), owner)
    except ValueError as error:
        raise NoList("清单分片中有无法读出的行") from error
    return lines
