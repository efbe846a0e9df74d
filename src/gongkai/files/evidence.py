"""What `journal verify` checks of this room: every stored file is there and is the one of its digest, every
erased one is gone; every key is there unless an approved list of destruction names it."""

from collections.abc import Iterator

from gongkai.files.models import Attachment, CaseKey, DestroyedKey, ErasedFile, StoredFile
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


def key_faults() -> Iterator[Fault]:
    """Keys that are gone without a list, and keys that came back after one."""
    present = {key.hex for key in CaseKey.objects.values_list("pk", flat=True)}
    destroyed = set(DestroyedKey.objects.values_list("pk", flat=True))
    needed = Attachment.objects.exclude(case_key=None).values_list("case_key", flat=True).distinct()
    for key in sorted({each.hex for each in needed} - present - destroyed):
        yield Fault(None, f"files_casekey:{key}", f"密钥 {key[:12]}… 未经销毁清册即已缺失。")
    for key in sorted(present & destroyed):
        yield Fault(None, f"files_casekey:{key}", f"密钥 {key[:12]}… 已按销毁清册销毁，但仍在库中。")
