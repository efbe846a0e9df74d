"""The index held to the releases: every live release has the entry that would be made of it now, and nothing else is in."""

from collections.abc import Iterator

import tantivy

from gongkai.search import entries, filetexts, follow, index
from gongkai.search.releases import live, reached

TOLD, PASSES = 20, 3
# What an entry shows: a find is told from these alone.
SHOWN = ("release", "day", "shown", "text")


def differences(*, repair: bool = False) -> list[str]:
    """What `gongkai check` says of the index: a sentence for each entry that is missing or other than its release, of
    many the first, and one for entries of what is not public. With `repair` they are set right, and nothing is listed.
    """
    if not index.exists():
        if not repair:
            return ["检索索引缺失；运行 gongkai check --repair 重建。"]
        follow.rebuild()
        return []
    for _pass in range(PASSES):
        before = reached()
        wrong, surplus = _compare()
        # What is released or withdrawn meanwhile is no difference.
        if reached() == before:
            break
    if repair:
        if surplus:
            follow.rebuild()
        else:
            for kind, subject, _title in wrong:
                follow.refresh(kind, subject)
        return []
    said = [
        f"“{title}”在检索索引中与发布内容不符；运行 gongkai check --repair。"
        for _kind, _subject, title in wrong[:TOLD]
    ]
    if len(wrong) > TOLD:
        said.append(f"检索索引另有{len(wrong) - TOLD}条不符。")
    if surplus:
        said.append(f"检索索引多出{surplus}条；运行 gongkai check --repair 重建。")
    return said


def _compare() -> tuple[list[tuple[str, str, str]], int]:
    """Kind, subject and title of what is missing or other; how many entries are of nothing public."""
    searcher = index.searcher()
    wrong: list[tuple[str, str, str]] = []
    present = 0
    for kind, subject, title, document in _wanted():
        stored = _stored(searcher, follow.key(kind, subject))
        present += stored is not None
        if stored != _said(document):
            wrong.append((kind, subject, title))
    return wrong, searcher.num_docs - present


def _wanted() -> Iterator[tuple[str, str, str, tantivy.Document]]:
    """Kind, subject, title and document of everything that is to be in the index."""
    for kind in entries.kinds():
        for release in live(kind):
            entry = follow.entry_of(release)
            if entry is not None:
                entry, _whole = filetexts.completed(entry)
                key = follow.key(kind, release.subject_id)
                yield kind, str(release.subject_id), entry.title, index.document(key, release.pk, entry)


def _stored(searcher: tantivy.Searcher, key: str) -> dict[str, object] | None:
    found = searcher.search(tantivy.Query.term_query(index.schema(), "key", key), 1).hits
    return _said(searcher.doc(found[0][1])) if found else None


def _said(document: tantivy.Document) -> dict[str, object]:
    return {name: document.get_first(name) for name in SHOWN}
