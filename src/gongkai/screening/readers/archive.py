"""Zip archives: the names of their entries, and every file in them by its own reader."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from gongkai.screening.decoding import decode
from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits, sample
from gongkai.screening.passage import Concealed, Part, Unreadable, Weaver
from gongkai.screening.readers import office
from gongkai.screening.readers.nest import BOMB, MAX_EXPANDED, MAX_FILES, Nest

_BROKEN = "压缩包已损坏或不完整，请重新压缩后再试"
_ENCRYPTED = "压缩包已加密，请去除密码后再试"
_TOO_MANY = f"压缩包内文件过多（超过 {MAX_FILES} 个），请分批提交"
_WHY_ENCRYPTED = "压缩包内的文件已加密，未能读取，须去除密码后再筛查"
_WHY_BROKEN = "压缩包内的文件已损坏，未能读取，须由人查看"
_WHY_BOMB = "压缩包内的文件展开后过大，疑似压缩炸弹，未读取"
_WHY_BESIDE = "压缩包在所列文件之外还有数据，未能读取，须由人查看"

# One file in an archive; a larger one is not screened by itself either.
_MAX_FILE = 128 << 20
# Office files and lists shrink to a twentieth at most; only bombs to less than a two-hundredth.
_MAX_RATIO = 200
_SMALL = 8 << 20
_CHUNK = 1 << 16
_UTF8_FLAG = 0x800
# What a Macintosh adds: the same names again, and how icons lie.
_SIDE_FILES = ("__MACOSX/",)
_LOCAL_HEADER = 30

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)


def read(data: bytes, nest: Nest) -> Iterator[Part]:
    """All parts of an archive: its comments, the names in it, and its files (layer `embedded_file`).

    Raises Unreadable if it is damaged, encrypted as a whole, or larger than what is read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except _FAULTS as error:
        raise Unreadable(_BROKEN) from error
    files = [entry for entry in entries if not entry.filename.endswith("/")]
    yield from _told(archive.comment, entries)
    if len(files) > MAX_FILES:
        raise Unreadable(_TOO_MANY)
    if sum(entry.file_size for entry in files) > MAX_EXPANDED:
        raise Unreadable(BOMB)
    if files and all(entry.flag_bits & 1 for entry in files):
        for entry in files:
            yield from _named(name_of(entry))
        raise Unreadable(_ENCRYPTED)
    for entry in files:
        yield from _entry(archive, entry, nest)
    if _beside(data, entries):
        yield office.object_remark("压缩包", "所列文件之外的数据", _WHY_BESIDE)


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Where it is not marked as UTF-8, Chinese programs write GBK."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    try:
        return decode(raw)
    except UnicodeError:
        return entry.filename


def _told(comment: bytes, entries: list[zipfile.ZipInfo]) -> Iterator[Part]:
    """The comments of an archive, and the names of its folders; names of files come with the files."""
    weaver = Weaver()
    for entry in entries:
        if entry.filename.endswith("/"):
            weaver.add(name_of(entry), Layer.METADATA, "压缩包内的文件夹名")
            weaver.break_with("\t\n")
    yield from weaver.passages()
    for raw in (comment, *(entry.comment for entry in entries)):
        if raw:
            text = _decoded(raw)
            weaver.add(text, Layer.COMMENT, "压缩包注释")
            weaver.break_with("\t\n")
            yield Concealed(Layer.COMMENT, "压缩包注释", sample(text))
    yield from weaver.passages()


def _decoded(raw: bytes) -> str:
    try:
        return decode(raw)
    except UnicodeError:
        return raw.decode("gb18030", "replace")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, nest: Nest) -> Iterator[Part]:
    name = name_of(entry)
    location = f"压缩包内“{mask_digits(name)}”"
    if name.startswith(_SIDE_FILES):
        return
    if entry.flag_bits & 1:
        yield from _named(name)
        yield office.object_remark(location, name, _WHY_ENCRYPTED)
        return
    grown = entry.file_size > _SMALL and entry.file_size > entry.compress_size * _MAX_RATIO
    if grown or entry.file_size > _MAX_FILE:
        yield office.object_remark(location, name, _WHY_BOMB)
        return
    try:
        content = _content(archive, entry, nest)
    except Unreadable as error:
        yield office.object_remark(location, name, str(error))
        return
    if content:
        yield from office.embedded(content, name, nest, "压缩包内")
    else:
        yield from _named(name)


def _named(name: str) -> Iterator[Part]:
    weaver = Weaver()
    weaver.add(name, Layer.METADATA, "压缩包内的文件名")
    yield from weaver.passages()


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, nest: Nest) -> bytes:
    pieces = []
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                nest.allowance.spend(len(piece))
                pieces.append(piece)
    except _FAULTS as error:
        raise Unreadable(_WHY_BROKEN) from error
    return b"".join(pieces)


def _beside(data: bytes, entries: list[zipfile.ZipInfo]) -> bool:
    """Whether bytes lie before the first entry or between entries that no entry accounts for.

    Removed files stay there when a program only takes them off the list.
    """
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if data[end : entry.header_offset].strip(b"\x00").startswith(b"PK\x03\x04"):
            return True
        head = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
        if len(head) < _LOCAL_HEADER:
            return False
        name, extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
        end = entry.header_offset + _LOCAL_HEADER + name + extra + entry.compress_size
    return False
