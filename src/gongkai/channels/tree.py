"""The folder that holds the public site: whole files or none, one writer at a time per folder.

Every file is written in `.writing` and renamed into its place. A reader never sees half a page; what a killed
writer leaves there is no file of the site, is not served, and goes with the next comparison.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings

LOCKS = 256
WAIT = 60.0
WRITING = ".writing"
# A file of a writer that still lives is younger; one write takes milliseconds.
ABANDONED = 600.0
FOLDER_TRIES = 5


class UnsafePath(ValueError):
    """A path that would leave the site, or that no address can name."""


class Busy(Exception):
    """Another writer held the lock of a folder too long."""


def root() -> Path:
    home: Path = settings.INSTANCE.home
    return home / "site"


def place(path: str) -> Path:
    """The file of a path inside the site. Raises UnsafePath."""
    parts = PurePosixPath(path).parts
    if (
        not parts
        or path != "/".join(parts)
        or any(part.startswith(".") or "\\" in part or not part.isprintable() for part in parts)
    ):
        raise UnsafePath(f"{path!r} is no path of the site")
    return root().joinpath(*parts)


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold the lock of a folder, against threads and processes of this host. Never taken twice at once."""
    number = hashlib.blake2b(folder.encode(), digest_size=2).digest()
    locks = root().parent / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with open(locks / f"site-{int.from_bytes(number) % LOCKS:03d}", "w") as lock:
        give_up = time.monotonic() + WAIT
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise Busy(f"{folder} is being written by someone else") from None
                time.sleep(0.01)
        yield


def write(path: str, data: bytes) -> bool:
    """Put `data` at `path`; whether anything changed. An unchanged file keeps its time."""
    target = place(path)
    if read(path) == data:
        return False
    writing = root() / WRITING
    writing.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=writing)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(beside, 0o644)
        _move(beside, target)
    finally:
        Path(beside).unlink(missing_ok=True)
    return True


def _move(beside: str, target: Path) -> None:
    """Rename into place; another writer may have taken away the folder that it had just left empty."""
    for attempt in range(FOLDER_TRIES):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(beside, target)
            return
        except FileNotFoundError:
            if attempt == FOLDER_TRIES - 1:
                raise


def read(path: str) -> bytes | None:
    """The bytes at `path`; None where no plain file stands there."""
    target = place(path)
    if target.is_symlink() or not target.is_file():
        return None
    return target.read_bytes()


def remove(path: str) -> bool:
    """Take a file away, with the folders it leaves empty; whether there was one. Of any name: a stranger's too.

    Raises UnsafePath for a path that leaves the site.
    """
    parts = PurePosixPath(path).parts
    if not parts or path != "/".join(parts) or ".." in parts:
        raise UnsafePath(f"{path!r} is no path of the site")
    target = root().joinpath(*parts)
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    for folder in target.parents:
        if folder == root():
            break
        try:
            folder.rmdir()
        except OSError:
            break
    return True


def files(folder: str = "") -> Iterator[str]:
    """Paths of all files under a folder of the site, also of what does not belong there."""
    top = place(folder) if folder else root()
    if top.is_symlink() or not top.is_dir():
        return
    for where, folders, names in os.walk(top):
        folders.sort()
        inside = Path(where).relative_to(root())
        if inside == Path() and WRITING in folders:
            folders.remove(WRITING)
        # A link to a folder is one entry: what it leads to is not part of the site.
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        for name in sorted([*names, *links]):
            yield (inside / name).as_posix()


def forget_abandoned() -> None:
    """Remove what killed writers left half written."""
    for left in (root() / WRITING).glob("*"):
        try:
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()
        except FileNotFoundError:
            continue
