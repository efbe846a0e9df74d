"""The index follows the releases: what is live is in it, everything else is not."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from gongkai.review.models import Release
from gongkai.review.submission import content_of, live_release
from gongkai.search import entries, index
from gongkai.search.entries import Entry
from gongkai.search.releases import live


def key(kind: str, subject: object) -> str:
    return f"{kind}:{subject}"


def refresh(kind: str, subject: UUID | str) -> None:
    """Bring the entry of one subject to what is live now; read again after writing, so a late call mends itself."""
    maker = entries.maker_of(kind)
    if maker is None:
        return
    if not index.exists():
        # One entry alone would look like a whole index.
        rebuild()
        return
    while True:
        release = live_release(kind, subject)
        index.put(key(kind, subject), release.pk if release else 0, _entry(release) if release else None)
        if _pk(live_release(kind, subject)) == _pk(release):
            return


def _pk(release: Release | None) -> int | None:
    return release.pk if release else None


def _entry(release: Release) -> Entry | None:
    maker, content = entries.maker_of(release.subject_kind), content_of(release.digest)
    return maker(release, content) if maker and content is not None else None


def rebuild() -> int:
    """Make the index anew from the database; how many entries it holds."""

    def documents() -> Iterator[tuple[str, int, Entry]]:
        for kind in entries.kinds():
            for release in live(kind):
                entry = _entry(release)
                if entry is not None:
                    yield key(kind, release.subject_id), release.pk, entry

    return index.rebuild(documents())


def on_release(payload: dict[str, Any]) -> None:
    """Handler of review.released and review.withdrawn."""
    refresh(payload["kind"], payload["subject"])


def on_together(payload: dict[str, Any]) -> None:
    """Handler of review.together: many released or withdrawn in one act."""
    for row in payload["releases"]:
        refresh(row["kind"], row["subject"])


def on_item_changed(payload: dict[str, Any]) -> None:
    """Handler of item.changed: the validity mark may be another."""
    refresh("item", payload["item"])
