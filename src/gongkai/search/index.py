"""The index of what is released: a folder in the instance that can be rebuilt at any time.

Text is segmented before it goes in; the index itself only splits at spaces. One writer at a time per
host holds the lock; readers see a new state as soon as it is committed.
"""

import fcntl
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy
from django.conf import settings

from gongkai.search import words
from gongkai.search.entries import LONGEST_BODY, Entry

# A changed schema makes a new folder; the old one is rebuilt into it and removed.
VERSION = "1"
HEAP = 20_000_000
WAIT = 60.0
_open: dict[Path, tuple[tantivy.Index, int]] = {}
_guard = threading.Lock()


class IndexMissing(Exception):
    """There is no index yet, or it cannot be read: it must be rebuilt."""


class IndexBusy(Exception):
    """Another writer held the lock too long."""


def folder() -> Path:
    home: Path = settings.INSTANCE.home
    return home / "index" / f"v{VERSION}"


def schema() -> tantivy.Schema:
    """Words in title, summary, body and names; single characters for runs; the rest to filter and show."""
    build = tantivy.SchemaBuilder()
    for name in ("title", "summary", "body", "names"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    build.add_text_field("title_run", tokenizer_name="whitespace", index_option="position")
    build.add_text_field("run", tokenizer_name="whitespace", index_option="position")
    for name in ("key", "number", "column", "year"):
        build.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic", fast=True)
    build.add_integer_field("release", stored=True)
    build.add_integer_field("day", stored=True, fast=True)
    for name in ("url", "agency", "column_name", "mark", "show_title", "show_number", "show_text"):
        build.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    return build.build()


@contextmanager
def _writing() -> Iterator[Path]:
    """Hold the one writer's lock of this host."""
    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place.parent / "writer.lock", "w") as lock:
        give_up = time.monotonic() + WAIT
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise IndexBusy("the index is being written by another process") from None
                time.sleep(0.02)
        yield place


def _make(place: Path) -> tantivy.Index:
    place.mkdir(parents=True, exist_ok=True)
    return tantivy.Index(schema(), path=str(place))


def document(key: str, release: int, entry: Entry) -> tantivy.Document:
    """The document of an entry under its key."""
    names, body = " ".join(entry.names), entry.body[:LONGEST_BODY]
    everything = " ".join((entry.title, entry.summary, names, *entry.numbers, body))
    doc = tantivy.Document()
    for field, text in (
        ("title", entry.title),
        ("summary", entry.summary),
        ("body", body),
        ("names", names),
    ):
        doc.add_text(field, " ".join(words.words(text)))
    doc.add_text("title_run", " ".join(words.characters(entry.title)))
    doc.add_text("run", " ".join(words.characters(everything)))
    doc.add_text("key", key)
    for number in words.numbers(" ".join((*entry.numbers, entry.title))):
        doc.add_text("number", number)
    doc.add_text("column", entry.column)
    doc.add_text("year", str(entry.on.year))
    doc.add_integer("release", release)
    doc.add_integer("day", entry.on.toordinal())
    doc.add_text("url", entry.url)
    doc.add_text("agency", entry.agency)
    doc.add_text("column_name", entry.column_name)
    doc.add_text("mark", "\t".join(entry.mark) if entry.mark else "")
    doc.add_text("show_title", entry.title)
    doc.add_text("show_number", entry.numbers[0] if entry.numbers else "")
    doc.add_text("show_text", "\n".join(part for part in (entry.summary, body) if part))
    return doc


def exists() -> bool:
    """Whether there is an index of this version."""
    return (folder() / "meta.json").exists()


def put(key: str, release: int, entry: Entry | None) -> None:
    """Set the document under `key`, or remove it where `entry` is None; findable, or gone, on return."""
    with _writing() as place:
        writer = _make(place).writer(HEAP, 1)
        writer.delete_documents_by_term("key", key)
        if entry is not None:
            writer.add_document(document(key, release, entry))
        writer.commit()
        writer.wait_merging_threads()


def rebuild(documents: Iterator[tuple[str, int, Entry]]) -> int:
    """Make the index anew from `documents` beside the old one and put it in its place; how many."""
    with _writing() as place:
        beside = place.with_name(f"{place.name}.new")
        shutil.rmtree(beside, ignore_errors=True)
        writer = _make(beside).writer(HEAP * 3, 1)
        count = 0
        for key, release, entry in documents:
            writer.add_document(document(key, release, entry))
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        shutil.rmtree(place, ignore_errors=True)
        beside.rename(place)
    return count


def searcher() -> tantivy.Searcher:
    """A reader of the latest committed state. Raises IndexMissing."""
    place = folder()
    try:
        stamp = (place / "meta.json").stat()
        state = hash((stamp.st_ino, stamp.st_mtime_ns))
        with _guard:
            index, seen = _open.get(place, (None, 0))
            if index is None or seen != state:
                # A rebuilt folder has other files under the same name, so it is opened anew.
                index = tantivy.Index.open(str(place))
                index.reload()
                _open[place] = (index, state)
        return index.searcher()
    except (OSError, ValueError) as error:
        raise IndexMissing(str(error)) from error
