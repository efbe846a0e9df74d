"""What every file of the site is to be: a list kept outside the site, from the bytes that were rendered.

The list never learns from the site's own files, so it tells a file that somebody changed from one that we wrote.
Whoever writes parts of the site does so inside `gathering`, at whose end the list follows in one step; the watcher
waits for those, so it never takes a page of a release that is under way for a stranger's.
"""

import fcntl
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from gongkai.channels import turns
from gongkai.channels.lines import Line, Lines, NoList, shard_of, text_of
from gongkai.channels.manifest import KEY, Root, Shelf, fingerprint, fitting, put, regrouped
from gongkai.channels.spool import Spool
from gongkai.journal import canon, chain, clock

STATIC = "static"
WAIT = 60.0


class Occupied(Exception):
    """Somebody held a lock of the list too long."""


@dataclass
class Changes:
    """What one act of writing did: the files that are to be there, those that went, and whose these are.

    cleared: folders of which nothing but `files` is left, by their owner.
    """

    files: Lines = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    cleared: dict[str, str] = field(default_factory=dict)

    def paths(self) -> set[str]:
        return {*self.files, *self.gone}


_gathered: ContextVar[Changes | None] = ContextVar("gongkai_site_changes", default=None)
# Called with the paths after the list has followed.
_after: list[Callable[[set[str]], None]] = []


def after_change(follow: Callable[[set[str]], None]) -> None:
    """Let something follow the list, as exports do; called once, from AppConfig.ready."""
    if follow not in _after:
        _after.append(follow)


def folder() -> Path:
    home: Path = settings.INSTANCE.home
    return home / "ledger"


def shelf() -> Shelf:
    return Shelf(folder())


def key() -> Ed25519PublicKey:
    """The public key by which the lists of this instance are checked."""
    return chain.public_key()


def key_text() -> bytes:
    return key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def instance() -> str:
    return fingerprint(key())


@contextmanager
def held(name: str, *, shared: bool = False, wait: float = WAIT) -> Iterator[None]:
    """Hold a lock of the site's books, against threads and processes of this host. Raises Occupied."""
    locks = settings.INSTANCE.home / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with open(locks / f"books-{name}", "w") as lock:
        give_up = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise Occupied(name) from None
                time.sleep(0.01)
        yield


@contextmanager
def gathering() -> Iterator[Changes]:
    """Write parts of the site; when the outermost block ends, the list and all that follows it are brought up."""
    already = _gathered.get()
    if already is not None:
        yield already
        return
    changes = Changes()
    try:
        with held("writers", shared=True):
            token = _gathered.set(changes)
            try:
                yield changes
            finally:
                _gathered.reset(token)
                # What was written before something failed is on the site, so it is on the list.
                if changes.paths() or changes.cleared:
                    record(changes)
    finally:
        # What was taken away goes elsewhere too, whatever failed after it.
        if paths := changes.paths():
            for follow in _after:
                follow(paths)


def owner_word(owner: str) -> str:
    """An owner as one word of a line."""
    return "-".join(owner.split()) or "-"


def note(
    owner: str, files: Iterable[tuple[str, bytes]], gone: Iterable[str] = (), *, cleared: str = ""
) -> None:
    """Inside `gathering`: these files of a part are to be there, those are to be gone."""
    changes = _gathered.get()
    if changes is None:
        raise RuntimeError("the site's list is changed inside ledger.gathering")
    word = owner_word(owner)
    for path, data in files:
        changes.files[path] = Line(canon.sm3(data), len(data), word)
        changes.gone.discard(path)
    for path in gone:
        changes.gone.add(path)
        changes.files.pop(path, None)
    if cleared:
        changes.cleared[cleared] = word


def root() -> Root:
    """The root of the list; an empty one, counting from 0, where there is none or it was tampered with."""
    try:
        return shelf().root(key())
    except NoList:
        return Root(instance(), 0, "", 0)


def record(changes: Changes) -> None:
    """Enter changes into the list."""
    with held("list"):
        now = _fitted(root())
        by_shard: dict[str, set[str]] = defaultdict(set)
        for path in changes.paths():
            by_shard[shard_of(path, now.depth)].add(path)
        for cleared in changes.cleared:
            for inside in (f"{cleared}/x", f"{cleared}/files/x"):
                by_shard[shard_of(inside, now.depth)].add("")
        fresh: dict[str, Lines] = {}
        for name, paths in by_shard.items():
            lines = _readable(name)
            for path in [path for path in lines if _stale(path, lines[path], changes)]:
                del lines[path]
            for path in paths:
                if line := changes.files.get(path):
                    lines[path] = line
                else:
                    lines.pop(path, None)
            fresh[name] = lines
        _put(now, fresh, complete=now.complete)


def _stale(path: str, line: Line, changes: Changes) -> bool:
    """Whether a line is of a folder that was cleared and was not written again."""
    if path in changes.files:
        return False
    return any(
        owner == line.owner and path.startswith(f"{cleared}/") for cleared, owner in changes.cleared.items()
    )


def _readable(name: str) -> Lines:
    try:
        return shelf().shard(name)
    except NoList:
        return {}


def _fitted(now: Root) -> Root:
    """The root, cut into more shards where they have become full."""
    depth = fitting(now.files)
    if depth <= now.depth:
        return now
    every = [pair for name in now.shards for pair in _readable(name).items()]
    for name in shelf().names():
        shelf().put_shard(name, b"")
    return _put(replace(now, depth=depth, shards={}), regrouped(every, depth), complete=now.complete)


def _put(now: Root, fresh: dict[str, Lines], *, complete: bool) -> Root:
    """Write shards and then the root over them."""
    shards = dict(now.shards)
    for name, lines in fresh.items():
        text = text_of(lines)
        shelf().put_shard(name, text, lasting=False)
        if text:
            shards[name] = (canon.sm3(text), len(lines))
        else:
            shards.pop(name, None)
    made = Root(
        instance(), now.number + 1, clock.now().isoformat(), now.depth, shards, complete, turns.every()
    )
    statement = made.statement()
    signed = {"statement": statement, "signature": chain.sign(statement.encode())}
    shelf().put_root(json.dumps(signed, ensure_ascii=False).encode())
    if not (folder() / KEY).exists():
        put(folder() / KEY, key_text(), folder())
    return made


def rebuild(known: Spool, on_disk: Callable[[str], str | None]) -> None:
    """Make the list anew, shard by shard, from what was rendered for the whole site.

    on_disk: the digest of a file of the site, or None. What was released or withdrawn while the site was being
    rendered is told by it: a line that the present file bears out is right.
    """
    with held("list"):
        before = root()
        depth = fitting(max(before.files, sum(len(known.lines(name)) for name in known.names())))
        with known.recut(depth) as wanted, Spool(depth, folder()) as kept:
            for name in before.shards:
                for path, line in _readable(name).items():
                    kept.add(path, line)
            shards: dict[str, tuple[str, int]] = {}
            for name in sorted(wanted.names() | kept.names()):
                lines = _borne_out(wanted.lines(name), kept.lines(name), on_disk)
                if lines:
                    shards[name] = _put_anew(name, text_of(lines)), len(lines)
        for name in set(shelf().names()) - set(shards):
            shelf().put_shard(name, b"")
        if not (before.complete and before.depth == depth and before.shards == shards) or (
            before.until != turns.every()
        ):
            _put(replace(before, depth=depth, shards=shards), {}, complete=True)


def _borne_out(wanted: Lines, kept: Lines, on_disk: Callable[[str], str | None]) -> Lines:
    """Of what was rendered and what the list said, the lines that are right now."""
    lines: Lines = {}
    for path, line in wanted.items():
        old = kept.pop(path, None)
        if old is None or old.digest == line.digest:
            if old is not None or on_disk(path) is not None:
                lines[path] = line
        else:
            lines[path] = old if on_disk(path) == old.digest else line
    return lines | {
        path: old for path, old in kept.items() if old.owner == STATIC or on_disk(path) == old.digest
    }


def _put_anew(name: str, text: bytes) -> str:
    """Write a shard where it is another, or was damaged; its digest."""
    if shelf().shard_text(name) != text:
        shelf().put_shard(name, text, lasting=False)
    return canon.sm3(text)


def put_static(files: Iterable[tuple[str, bytes]]) -> None:
    """Enter the static files of the program (paths without static/), as the package holds them."""
    with gathering() as changes:
        present = {path for path, line in shelf().lines() if line.owner == STATIC}
        for path, data in files:
            changes.files[f"{STATIC}/{path}"] = Line(canon.sm3(data), len(data), STATIC)
        changes.gone |= present - set(changes.files)


def line_of(path: str) -> Line | None:
    """What the list says of one file now."""
    return _readable(shard_of(path, root().depth)).get(path)
