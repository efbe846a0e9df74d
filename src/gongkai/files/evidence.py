"""What `journal verify` checks of this room: every stored file is there and is the one of its digest,
every erased one is gone."""

from collections.abc import Iterator

from gongkai.files.models import ErasedFile, StoredFile
from gongkai.files.storage import path_of
from gongkai.journal import canon
from gongkai.journal.chain import Fault


def faults() -> Iterator[Fault]:
    """Files that are gone or were replaced, and erased ones that are still there."""
    erased = set(ErasedFile.objects.values_list("pk", flat=True))
    for digest in StoredFile.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000):
        place, row = path_of(digest), f"files:{digest}"
        if digest in erased:
            if place.exists():
                yield Fault(None, row, f"文件 {digest[:12]}… 已销毁，但仍在磁盘上。")
        elif not place.exists():
            yield Fault(None, row, f"文件 {digest[:12]}… 缺失。")
        elif canon.sm3_file(str(place)) != digest:
            yield Fault(None, row, f"文件 {digest[:12]}… 的内容被替换。")
