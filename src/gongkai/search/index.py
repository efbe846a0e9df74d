"""The index of what is released: a folder in the instance that can be rebuilt at any time.

Text is segmented before it goes in; the index itself only splits at spaces. One writer at a time per
host holds the lock; readers see a new state as soon as it is committed.
"""

import fcntl
import json
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import tantivy
from django.conf import settings

from gongkai.search import sounds, words
from gongkai.search.entries import LONGEST_BODY, Entry, type_of

log = logging.getLogger(__name__)

# A changed schema makes a new folder; the old one is rebuilt into it and removed.
VERSION = "3"
HEAP = 20_000_000
WAIT = 60.0
# So long a caller looks on while segments are put together; a merge of few entries is done by then.
PATIENCE = 0.2
_open: dict[Path, tuple[tantivy.Index, tuple[int, int]]] = {}
_guard = threading.Lock()


class IndexMissing(Exception):
    """There is no index yet, or it cannot be read: it must be rebuilt."""


class IndexBusy(Exception):
    """Another writer held the lock too long."""


def folder() -> Path:
    home: Path = settings.INSTANCE.home
    return home / "index" / f"v{VERSION}"


# What results are filtered by and counted for.
FACETS = ("agency", "column", "year", "type", "validity")
# The beginnings of titles and numbers by which suggestions are found.
LONGEST_HEAD = 16
LONGEST_TITLE = 300
# So much of the text is kept to show the place of a find; all of it is searched.
SHOWN_TEXT = 20_000


@cache
def schema() -> tantivy.Schema:
    """Words in title, summary, body and names; single characters and pairs for runs; what sounds alike; what a
    suggestion begins with; the rest to filter and show."""
    build = tantivy.SchemaBuilder()
    for name in ("title", "summary", "body", "names"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("title_run", "run"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("gram", "sound", "head"):
        build.add_text_field(
            name, tokenizer_name="whitespace", index_option="freq" if name == "gram" else "basic"
        )
    for name in ("key", "number"):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    build.add_integer_field("release", stored=True)
    build.add_integer_field("day", stored=True, fast=True)
    for name in ("shown", "text"):
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
    """The document of an entry under its key, which begins with its kind."""
    title, names = entry.title[:LONGEST_TITLE], " ".join(entry.names)
    body = "\n".join(part for part in (entry.body, entry.files_text) if part)[:LONGEST_BODY]
    everything = " ".join((title, entry.summary, names, *entry.numbers, body))
    doc = tantivy.Document()
    for field, text in (("title", title), ("summary", entry.summary), ("body", body), ("names", names)):
        doc.add_text(field, " ".join(words.words(text)))
    run = words.characters(title)
    doc.add_text("title_run", " ".join(run))
    doc.add_text("gram", " ".join(words.grams(title)))
    doc.add_text("sound", " ".join(dict.fromkeys(sounds.terms(words.fold(title)))))
    doc.add_text("run", " ".join(words.characters(everything)))
    doc.add_text("head", " ".join(_heads("".join(run), entry.numbers)))
    doc.add_text("key", key)
    numbers = words.numbers(" ".join((*entry.numbers, title)))
    for number in numbers:
        doc.add_text("number", number)
    for field, value in zip(
        FACETS,
        (
            entry.agency_code or entry.agency,
            entry.column,
            str(entry.on.year),
            type_of(key.partition(":")[0], entry),
            entry.mark[0] if entry.mark else "",
        ),
        strict=True,
    ):
        doc.add_text(field, value)
    doc.add_integer("release", release)
    doc.add_integer("day", entry.on.toordinal())
    shown = {
        "title": entry.title,
        "url": entry.url,
        "agency": entry.agency,
        "number": entry.numbers[0] if entry.numbers else "",
        "numbers": numbers,
        "column": entry.column,
        "column_name": entry.column_name,
        "mark": entry.mark,
    }
    doc.add_text("shown", json.dumps(shown, ensure_ascii=False))
    doc.add_text("text", "\n".join(part for part in (entry.summary, body) if part)[:SHOWN_TEXT])
    return doc


def _heads(title: str, numbers: tuple[str, ...]) -> list[str]:
    """The beginnings of a title and of its numbers, each once."""
    found = [title[:size] for size in range(1, min(len(title), LONGEST_HEAD) + 1)]
    for number in numbers:
        plain = "".join(words.characters(number))
        found += [plain[:size] for size in range(2, min(len(plain), LONGEST_HEAD + 8) + 1)]
    return list(dict.fromkeys(found))


def exists() -> bool:
    """Whether there is an index of this version."""
    return (folder() / "meta.json").exists()


def put(documents: Sequence["Document"]) -> None:
    """Set each document under its key, or remove it where its entry is None; findable, or gone, on return.

    One commit for all: a commit costs as much as many documents. With some commits the index puts its small segments
    together, up to ten thousand entries again: that takes seconds, and nobody waits for it. The lock is held until it
    is done, since a merge that is cut off would leave the next writer without its files.
    """
    with ExitStack() as held:
        writer = _make(held.enter_context(_writing())).writer(HEAP, 1)
        for each in documents:
            _set(writer, *each)
        writer.commit()
        changes = _changes()
        if changes.exists():
            with open(changes, "a") as log_of_keys:
                log_of_keys.writelines(f"{key}\n" for key, _release, _entry in documents)
        merging = threading.Thread(target=_merge, args=(writer, held.pop_all()), name="index merge")
        merging.start()
    merging.join(PATIENCE)


def _merge(writer: tantivy.IndexWriter, held: ExitStack) -> None:
    """Let a writer finish what it has begun, and give its lock back."""
    with held:
        try:
            writer.wait_merging_threads()
        except ValueError:
            # The entries are committed; the next writer puts the segments together.
            log.exception("segments of the index were not put together")


def _set(writer: tantivy.IndexWriter, key: str, release: int, entry: Entry | None) -> None:
    writer.delete_documents_by_term("key", key)
    if entry is not None:
        writer.add_document(document(key, release, entry))


def _changes() -> Path:
    """The keys that were written while a new index is made beside the old one, one a line."""
    return folder().parent / "changes.log"


Document = tuple[str, int, Entry | None]


def rebuild(documents: Iterable[Document], again: Callable[[str], Document]) -> int:
    """Make the index anew from `documents` beside the old one and put it in its place; how many.

    Releases and searches go on meanwhile, in the old index; what was written there since the beginning is asked for
    anew (`again`: key → document) before the new one takes its place. Raises IndexBusy where another rebuild runs.
    """
    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place.parent / "rebuild.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy("the index is being rebuilt by another process") from None
        beside = place.with_name(f"{place.name}.new")
        shutil.rmtree(beside, ignore_errors=True)
        _changes().write_text("")
        writer = _make(beside).writer(HEAP * 3, 1)
        count = 0
        for key, release, entry in documents:
            if entry is not None:
                writer.add_document(document(key, release, entry))
                count += 1
        writer.commit()
        with _writing():
            for key in dict.fromkeys(_changes().read_text().split("\n")):
                if key:
                    _set(writer, *again(key))
            writer.commit()
            writer.wait_merging_threads()
            _swap(beside, place)
            _changes().unlink()
    return count


def _swap(beside: Path, place: Path) -> None:
    """The new folder in the place of the old one; folders of other versions go."""
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    beside.rename(place)
    for other in place.parent.glob("v*"):
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def searcher() -> tantivy.Searcher:
    """A reader of the latest committed state. Raises IndexMissing."""
    try:
        return _searcher(folder())
    except IndexMissing:
        # A rebuilt index may be taking its place at this moment.
        time.sleep(0.02)
        return _searcher(folder())


def _searcher(place: Path) -> tantivy.Searcher:
    try:
        stamp = (place / "meta.json").stat()
        state = place.stat().st_ino, hash((stamp.st_ino, stamp.st_mtime_ns))
        with _guard:
            index, seen = _open.get(place, (None, (0, 0)))
            if index is None or seen[0] != state[0]:
                # A rebuilt folder has other files under the same name, so it is opened anew.
                index = tantivy.Index.open(str(place))
            if seen != state:
                index.reload()
                _open[place] = (index, state)
        return index.searcher()
    except (OSError, ValueError) as error:
        raise IndexMissing(str(error)) from error
