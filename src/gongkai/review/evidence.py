"""What `journal verify` checks of this room beyond its rows: every stored content is the one of its digest."""

from collections.abc import Iterator

from gongkai.journal import canon
from gongkai.journal.chain import Fault
from gongkai.review.models import Content, Erasure, Release


def faults() -> Iterator[Fault]:
    """Contents that differ from their digest, and releases whose content is gone without an erasure."""
    for content in Content.objects.order_by("pk").iterator(chunk_size=500):
        if canon.sm3(content.text.encode()) != content.digest:
            yield Fault(
                None,
                f"review_content:{content.digest}",
                f"内容 {content.digest[:12]}… 与其摘要不符，被改动。",
            )
    erased = set(Erasure.objects.values_list("digest", flat=True))
    kept = set(Content.objects.values_list("digest", flat=True))
    for release in Release.objects.order_by("pk").iterator(chunk_size=2000):
        if release.digest not in kept and release.digest not in erased:
            yield Fault(
                None,
                f"review_content:{release.digest}",
                f"发布记录 {release.pk} 的内容未经销毁手续即已缺失。",
            )
