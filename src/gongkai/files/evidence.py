"""What `journal verify` checks of this room: every stored file is there and is the one of its digest."""

from collections.abc import Iterator

from gongkai.files.models import StoredFile
from gongkai.files.storage import path_of
from gongkai.journal import canon
from gongkai.journal.chain import Fault


def faults() -> Iterator[Fault]:
    """Files that are gone or were replaced."""
    for digest in StoredFile.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000):
        place = path_of(digest)
        if not place.exists():
            yield Fault(None, f"files:{digest}", f"文件 {digest[:12]}… 缺失。")
        elif canon.sm3_file(str(place)) != digest:
            yield Fault(None, f"files:{digest}", f"文件 {digest[:12]}… 的内容被替换。")
