"""The index follows the releases: what is live is in it, everything else is not."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from gongkai.review.models import Release
from gongkai.review.submission import content_of, live_release
from gongkai.search import entries, filetexts, index
from gongkai.search.entries import Entry
from gongkai.search.releases import latest, live

# Progress is told after so many entries; files are read for so long at a time.
STEP = 200
READING = 60.0
# Entries that are written with one commit; each may hold 200,000 characters.
TOGETHER = 100


def key(kind: str, subject: object) -> str:
    return f"{kind}:{subject}"


def refresh(kind: str, subject: UUID | str) -> None:
    """Bring the entry of one subject to what is live now; read again after writing, so a late call mends itself."""
    if entries.maker_of(kind) is None:
        return
    if not index.exists():
        # One entry alone would look like a whole index.
        rebuild()
        return
    while True:
        release = live_release(kind, subject)
        index.put([_document(kind, subject, release)])
        if _pk(live_release(kind, subject)) == _pk(release):
            return


def _pk(release: Release | None) -> int | None:
    return release.pk if release else None


def _document(kind: str, subject: UUID | str, release: Release | None) -> index.Document:
    """What the index holds of a subject now; marks the files whose text is still to be read."""
    entry = entry_of(release) if release else None
    if release is None or entry is None:
        return key(kind, subject), 0, None
    entry, whole = filetexts.completed(entry)
    if not whole:
        filetexts.want(kind, str(subject))
    return key(kind, subject), release.pk, entry


def entry_of(release: Release) -> Entry | None:
    maker, content = entries.maker_of(release.subject_kind), content_of(release.digest)
    return maker(release, content) if maker and content is not None else None


Progress = Callable[[int, int], None]


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Make the index anew from the database; how many entries it holds. progress: told (done, total) now and then.
    Raises index.IndexBusy where another rebuild runs."""
    total = sum(latest(kind).filter(withdrawal__isnull=True).count() for kind in entries.kinds())

    def documents() -> Iterator[index.Document]:
        done = 0
        for kind in entries.kinds():
            for release in live(kind):
                yield _document(kind, release.subject_id, release)
                done += 1
                if done % STEP == 0:
                    progress(done, total)
        progress(done, total)

    def again(written: str) -> index.Document:
        kind, _, subject = written.partition(":")
        return _document(kind, subject, live_release(kind, subject))

    return index.rebuild(documents(), again)


def read_files(seconds: float = READING) -> int:
    """Read the files whose text is still wanted, for about so long, and complete their entries; how many subjects."""
    until = time.monotonic() + seconds
    count = 0
    for kind, subject in filetexts.wanted():
        if time.monotonic() > until:
            break
        release = live_release(kind, subject)
        entry = entry_of(release) if release else None
        for digest, name in entry.files if entry else ():
            if filetexts.known(digest) is None:
                filetexts.read(digest, name)
        # Reads again what is live: what was withdrawn meanwhile stays gone.
        refresh(kind, subject)
        filetexts.done(kind, subject)
        count += 1
    return count


def on_release(payload: dict[str, Any]) -> None:
    """Handler of review.released and review.withdrawn."""
    refresh(payload["kind"], payload["subject"])
    if live_release(payload["kind"], payload["subject"]) is None:
        _forget_files(payload["release"])


def _forget_files(release: int) -> None:
    """What was read of the files of a withdrawn release is kept no longer; another that holds one reads it anew."""
    digest = Release.objects.filter(pk=release).values_list("digest", flat=True).first()
    content = content_of(digest) if digest else None
    for file in (content or {}).get("attachments", ()):
        filetexts.forget(file["digest"])


def on_together(payload: dict[str, Any]) -> None:
    """Handler of review.together: many released or withdrawn in one act."""
    told = [(row["kind"], row["subject"]) for row in payload["releases"]]
    told = [row for row in told if entries.maker_of(row[0]) is not None]
    if told and not index.exists():
        rebuild()
        return
    for begin in range(0, len(told), TOGETHER):
        _refresh_together(told[begin : begin + TOGETHER])


def _refresh_together(subjects: list[tuple[str, str]]) -> None:
    """Several entries with one commit; one whose state moved on meanwhile is brought up by itself."""
    written = {subject: live_release(*subject) for subject in subjects}
    index.put([_document(*subject, release) for subject, release in written.items()])
    for subject, release in written.items():
        if _pk(live_release(*subject)) != _pk(release):
            refresh(*subject)


def on_item_changed(payload: dict[str, Any]) -> None:
    """Handler of item.changed: the validity mark may be another."""
    refresh("item", payload["item"])
