"""The text of released files, read once and kept by digest beside the index; a rebuild reads no file again.

A release is put into the index at once with the texts that are known; a mark says that others are wanted, and the
sweeper reads them, each in a process of its own under limits of time, memory and size. Nothing here is truth: the
folder may be removed at any time.
"""

import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from gongkai.agencies.policy import Refused
from gongkai.files import storage
from gongkai.screening import isolation
from gongkai.search.entries import Entry

WORK = "gongkai.search.filereader"
SECONDS = 60.0
MEMORY = 2 << 30
LARGEST = 50 << 20
LONGEST = 100_000


def _folder() -> Path:
    home: Path = settings.INSTANCE.home
    return home / "index" / "texts"


def _place(digest: str) -> Path:
    return _folder() / digest[:2] / digest


def known(digest: str) -> str | None:
    """The text of a file that was read, "" where it holds none; None where it was not read yet."""
    try:
        return zlib.decompress(_place(digest).read_bytes()).decode()
    except (OSError, zlib.error, UnicodeDecodeError):
        return None


def read(digest: str, name: str) -> str:
    """Read a stored file and keep its text; "" for what cannot be read within the limits."""
    text = _read(digest, name).encode("utf-8", "replace").decode()
    place = _place(digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=place.parent)
    with open(handle, "wb") as stream:
        stream.write(zlib.compress(text.encode()))
    os.replace(beside, place)
    return text


def _read(digest: str, name: str) -> str:
    try:
        data = storage.read(digest)
        if len(data) > LARGEST:
            return ""
        head = {"name": name, "longest": LONGEST}
        said = isolation.ask(head, data, seconds=SECONDS, memory=MEMORY, work=WORK)
        return "" if isinstance(said, isolation.Failure) else str(json.loads(said)["text"])
    except (Refused, OSError, ValueError, KeyError):
        return ""


def forget(digest: str) -> None:
    """Take away the text of a file, as when what held it is public no more."""
    _place(digest).unlink(missing_ok=True)


def completed(entry: Entry) -> tuple[Entry, bool]:
    """The entry with the texts of its files that are known, and whether that is all of them."""
    texts = [known(digest) for digest, _name in entry.files]
    found = "\n".join(text for text in texts if text)
    return replace(entry, files_text=found), None not in texts


def want(kind: str, subject: str) -> None:
    """Mark that files of a subject are to be read."""
    mark = _folder() / "wanted" / f"{kind} {subject}"
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def wanted() -> Iterator[tuple[str, str]]:
    """(kind, subject) of what waits to be read, the longest first."""
    folder = _folder() / "wanted"
    marks = sorted(folder.iterdir(), key=lambda mark: mark.stat().st_mtime) if folder.exists() else []
    for mark in marks:
        kind, _, subject = mark.name.partition(" ")
        yield kind, subject


def done(kind: str, subject: str) -> None:
    """Take the mark away."""
    (_folder() / "wanted" / f"{kind} {subject}").unlink(missing_ok=True)
