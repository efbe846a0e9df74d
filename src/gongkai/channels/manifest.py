"""The signed list of the files of a site, and the check of a folder against it. Needs no instance and no database.

The list is cut into shards by the digest of the folder in which a file stands, so that one release rewrites a few
small files and not the list of all. A root names every shard with its digest, counts up, and is signed with the
key of the instance. Beside the files of an exported site it stands in `.gongkai`, which no web server gives out.

A line of a shard: SM3 of the file, its size, the part of the site that it belongs to, its path. Four fields with a
blank between them; only the path, the last, may hold blanks.
"""

import json
import os
import stat
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gongkai.channels.lines import Line, Lines, NoList, lines_of, shard_of
from gongkai.channels.spool import Spool
from gongkai.journal import canon

FOLDER = ".gongkai"
ROOT, KEY, MARK, SHARDS, WRITING = "manifest.json", "key.pem", "export.json", "shards", "writing"
# Sixteen times as many shards once they hold more than this on average: one is then about 100 kB.
FULL, DEEPEST = 600, 3
FILE_MODE, OPEN_TO_OTHERS = 0o644, 0o022


@dataclass(frozen=True)
class Root:
    """The statement over all shards. number: counts up with every change; shards: name → (digest, files).

    until: folder → the moment from which its files are no longer to be read (channels.turns).
    """

    instance: str
    number: int
    at: str
    depth: int
    shards: dict[str, tuple[str, int]] = field(default_factory=dict)
    complete: bool = False
    until: dict[str, datetime] = field(default_factory=dict)

    @property
    def files(self) -> int:
        return sum(count for _digest, count in self.shards.values())

    def statement(self) -> str:
        return canon.text(
            {
                "at": self.at,
                "complete": self.complete,
                "depth": self.depth,
                "files": self.files,
                "instance": self.instance,
                "number": self.number,
                "shards": {name: list(said) for name, said in self.shards.items()},
                "until": {folder: moment.isoformat() for folder, moment in self.until.items()},
            }
        )


def root_from(statement: str) -> Root:
    """Raises NoList for what is no statement of a root."""
    try:
        said: dict[str, Any] = json.loads(statement)
        shards = {str(name): (str(digest), int(count)) for name, (digest, count) in said["shards"].items()}
        return Root(
            str(said["instance"]),
            int(said["number"]),
            str(said["at"]),
            int(said["depth"]),
            shards,
            bool(said["complete"]),
            # Lists of an older program lack it.
            {str(folder): datetime.fromisoformat(moment) for folder, moment in said.get("until", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoList("清单的签名部分无法读出") from error


def fitting(files: int) -> int:
    """How many hexadecimal digits name the shards of a list of that many files."""
    depth = 0
    while depth < DEEPEST and files > FULL * 16**depth:
        depth += 1
    return depth


def fingerprint(key: Ed25519PublicKey) -> str:
    """Which instance signed: the first 16 digits of the SM3 digest of its public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return canon.sm3(raw)[:16]


def public_key(pem: bytes) -> Ed25519PublicKey:
    """Raises NoList."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise NoList("公钥文件无法读出") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoList("公钥文件不是本系统的 Ed25519 公钥")
    return key


def put(place: Path, data: bytes, writing: Path, *, lasting: bool = True) -> None:
    """Write a file beside its place and move it there: whole or not at all. lasting: it outlives a power cut."""
    writing.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=writing)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), FILE_MODE)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        try:
            os.replace(beside, place)
        except FileNotFoundError:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(beside, place)
    finally:
        Path(beside).unlink(missing_ok=True)


class Shelf:
    """A folder that holds a list: its shards, its signed root and the public key."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def shard_text(self, name: str) -> bytes:
        """Empty where there is none."""
        try:
            return (self.place / SHARDS / f"{name}.txt").read_bytes()
        except FileNotFoundError:
            return b""

    def shard(self, name: str) -> Lines:
        return lines_of(self.shard_text(name))

    def put_shard(self, name: str, text: bytes, *, lasting: bool = True) -> None:
        """An empty shard is no file."""
        place = self.place / SHARDS / f"{name}.txt"
        if text:
            put(place, text, self.place / WRITING, lasting=lasting)
        else:
            place.unlink(missing_ok=True)

    def names(self) -> list[str]:
        folder = self.place / SHARDS
        return sorted(each.stem for each in folder.glob("*.txt")) if folder.is_dir() else []

    def root_text(self) -> bytes:
        try:
            return (self.place / ROOT).read_bytes()
        except FileNotFoundError:
            return b""

    def put_root(self, text: bytes) -> None:
        put(self.place / ROOT, text, self.place / WRITING)

    def root(self, key: Ed25519PublicKey) -> Root:
        """The root, once its signature has been checked. Raises NoList."""
        text = self.root_text()
        if not text:
            raise NoList("没有签名清单")
        try:
            said = json.loads(text)
            statement, signature = said["statement"], bytes.fromhex(said["signature"])
            key.verify(signature, statement.encode())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoList("清单文件无法读出") from error
        except InvalidSignature as error:
            raise NoList("清单的签名与公钥不符") from error
        return root_from(statement)

    def lines(self) -> Iterator[tuple[str, Line]]:
        for name in self.names():
            yield from self.shard(name).items()


# Verifying a folder


@dataclass(frozen=True)
class Fault:
    """Where a folder differs from its list.

    what: list, shard, added, missing, changed, renamed, link, mode, over. to: of a renamed file its new path.
    """

    path: str
    what: str
    to: str = ""
    detail: str = ""


def entries(top: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every entry below a folder that is no plain folder, and each folder under its path with a stroke behind."""
    stack = [""]
    while stack:
        inside = stack.pop()
        with os.scandir(top / inside) as found:
            for entry in found:
                path = f"{inside}{entry.name}"
                if path == FOLDER:
                    continue
                there = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(there.st_mode):
                    stack.append(f"{path}/")
                    yield f"{path}/", there
                else:
                    yield path, there


def strange_mode(path: str, mode: int) -> bool:
    """Whether somebody else may write here, or a file may be run or cannot be read."""
    if path.endswith("/"):
        return bool(stat.S_IMODE(mode) & OPEN_TO_OTHERS)
    return stat.S_IMODE(mode) != FILE_MODE


def verify(
    top: Path,
    key: Ed25519PublicKey,
    *,
    modes: bool = True,
    seen: Callable[[int, int], None] = lambda done, all_of: None,
    now: datetime | None = None,
) -> Iterator[Fault]:
    """Compare a folder with the signed list that it carries; what differs, in the order in which it is found.

    Last what is as the list says, but over: at this moment, or at `now`. seen(done, all): called for every file. Raises NoList where the list itself does not hold.
    """
    shelf = Shelf(top / FOLDER)
    root = shelf.root(key)
    for name in shelf.names():
        if name not in root.shards:
            yield Fault(f"{FOLDER}/{SHARDS}/{name}.txt", "shard", detail="多出的清单分片")
    links: set[str] = set()
    with Spool(root.depth) as there:
        done = 0
        for path, entry in entries(top):
            if path.endswith("/"):
                if modes and strange_mode(path, entry.st_mode):
                    yield Fault(path, "mode", detail=oct(stat.S_IMODE(entry.st_mode))[2:])
                continue
            done += 1
            seen(done, root.files)
            if not stat.S_ISREG(entry.st_mode):
                links.add(path)
                yield Fault(path, "link", detail=_kind(top / path, entry.st_mode))
            elif not path.isprintable():
                # No line of a list could hold it.
                yield Fault(path, "added")
            else:
                mode = f"{stat.S_IMODE(entry.st_mode):o}"
                there.add(path, Line(canon.sm3_file(str(top / path)), entry.st_size, mode))
        yield from _compare(shelf, root, there, links, modes)
    yield from over(top, root, now or datetime.now(UTC))


def over(top: Path, root: Root, now: datetime) -> Iterator[Fault]:
    """The folders that were to be read until a moment only and still stand there: nobody brought the copy to the day."""
    for folder, moment in sorted(root.until.items()):
        if now >= moment and (top / folder).is_dir():
            yield Fault(f"{folder}/", "over", detail=f"{moment:%Y-%m-%d %H:%M}")


def _compare(shelf: Shelf, root: Root, there: Spool, links: set[str], modes: bool) -> Iterator[Fault]:
    """Shard by shard what the list says beside what was found; of the latter the owner is the mode."""
    missing: Lines = {}
    added: dict[str, str] = {}
    for name in sorted(root.shards.keys() | there.names()):
        wanted, found = {}, there.lines(name)
        if name in root.shards:
            text = shelf.shard_text(name)
            if canon.sm3(text) == root.shards[name][0]:
                wanted = lines_of(text)
            else:
                words = "清单分片缺失" if not text else "清单分片被改动"
                yield Fault(f"{FOLDER}/{SHARDS}/{name}.txt", "shard", detail=words)
        for path, line in sorted(wanted.items()):
            held = found.pop(path, None)
            if held is None:
                if path not in links:
                    missing[path] = line
                continue
            if (held.digest, held.size) != (line.digest, line.size):
                yield Fault(path, "changed")
            if modes and strange_mode(path, int(held.owner, 8)):
                yield Fault(path, "mode", detail=held.owner)
        added |= {path: line.digest for path, line in found.items()}
    yield from _moved(missing, added)


def _kind(place: Path, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return f"符号链接，指向 {os.readlink(place)}"
    return "不是普通文件"


def _moved(missing: Lines, added: dict[str, str]) -> Iterator[Fault]:
    """A missing and an added file of one content are one that was renamed."""
    by_digest: dict[str, list[str]] = defaultdict(list)
    for path, digest in sorted(added.items(), reverse=True):
        by_digest[digest].append(path)
    for path, line in sorted(missing.items()):
        if by_digest[line.digest]:
            to = by_digest[line.digest].pop()
            del added[to]
            yield Fault(path, "renamed", to=to)
        else:
            yield Fault(path, "missing")
    for path in sorted(added):
        yield Fault(path, "added")


def regrouped(lines: Iterable[tuple[str, Line]], depth: int) -> dict[str, Lines]:
    """Lines by the shards of another depth."""
    cut: dict[str, Lines] = defaultdict(dict)
    for path, line in lines:
        cut[shard_of(path, depth)][path] = line
    return cut
