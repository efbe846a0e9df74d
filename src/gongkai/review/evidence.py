"""What `journal verify` checks of this room beyond its rows: every stored content is the one of its digest, and the
lines of every frozen manifest are those of its content."""

from collections.abc import Iterator

from gongkai.journal import canon
from gongkai.journal.chain import Fault
from gongkai.review import manifests
from gongkai.review.models import Content, Erasure, Revision


def faults() -> Iterator[Fault]:
    """Contents that differ from their digest, that are gone without an erasure, or still there after one."""
    for content in Content.objects.order_by("pk").iterator(chunk_size=500):
        if canon.sm3(content.text.encode()) != content.digest:
            yield _fault(content.digest, "与其摘要不符，被改动。")
    erased = set(Erasure.objects.values_list("digest", flat=True))
    kept = set(Content.objects.values_list("digest", flat=True))
    asked = set(Revision.objects.values_list("digest", flat=True))
    for digest in sorted(asked - kept - erased):
        yield _fault(digest, "未经销毁手续即已缺失。")
    for digest in sorted(kept & erased):
        yield _fault(digest, "已办销毁手续，但仍在库中。")
    for manifest in Revision.objects.filter(subject_kind=manifests.KIND).order_by("submitted_at"):
        if manifests.entries_differ(manifest):
            yield Fault(
                None,
                f"review_manifestentry:{manifest.pk}",
                f"导入清单“{manifest.title}”的条目与其送审内容不符。",
            )


def _fault(digest: str, words: str) -> Fault:
    return Fault(None, f"review_content:{digest}", f"内容 {digest[:12]}… {words}")
