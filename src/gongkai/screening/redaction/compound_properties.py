"""Properties of the older office files (.doc, .xls, .ppt and those of WPS), blotted out in their place.

A compound file ([MS-CFB]) is a file system of its own: nothing in it is moved here. Every value is written over
by one of the same length, so that each stream keeps its size and all others stay byte for byte. What a program
left in sectors that belong to no stream any more goes too.
"""

import io
import struct
from collections.abc import Iterator

import olefile  # type: ignore[import-untyped]

from gongkai.screening.passage import Unreadable
from gongkai.screening.readers import biff, word_binary
from gongkai.screening.readers.compound import Compound
from gongkai.screening.readers.package import BROKEN

_FAULTS = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, struct.error)
# [MS-OLEPS] 2.21, [MS-OSHARED] 2.3.3.2: the sets by the streams in which they lie.
_SETS = {
    "\x05SummaryInformation": bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9"),
    "\x05DocumentSummaryInformation": bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae"),
}
_UTF_16 = 1200
_SIGNATURES = frozenset({"_signatures", "_xmlsignatures"})
_SOMEBODY, _NOBODY = "作者", "author"

# [MS-DOC] 2.5.5: names of writers in lists of strings, and notes with the initials of theirs.
_WRITERS, _SAVERS, _NOTES = 51, 71, 4
_FIB_FLAGS, _ENCRYPTED, _SECOND_TABLE, _FIB_PAIRS = 0x0A, 0x8100, 0x0200, 0x9A
_NOTE_SIZE, _INITIALS = 30, 20
_UNKNOWN = "Unknown"
# [MS-XLS] 2.4.349, 2.4.118, 2.4.179: who saved, who reserved, who noted; where in the record the name begins.
_USER, _SHARING, _NOTE = 0x005C, 0x005B, 0x001C
_NAME_AT = {_USER: 0, _SHARING: 4, _NOTE: 8}
# [MS-PPT] 2.3.2
_CURRENT_USER, _USER_LENGTH_AT, _USER_AT = "Current User", 20, 28


def stripped(data: bytes) -> bytes:
    """The file without the names of its makers; the same bytes where it holds none. Raises Unreadable if damaged."""
    try:
        made = _blotted(data)
    except _FAULTS as error:
        raise Unreadable(BROKEN) from error
    return made


def is_signed(data: bytes) -> bool:
    """Whether the file bears an electronic signature, which any change would break. Raises Unreadable if damaged."""
    compound = Compound(data)
    return bool(_SIGNATURES & {*compound.names(), *compound.storages()})


def _blotted(data: bytes) -> bytes:
    Compound(data)  # its counts are checked before anything is followed
    held = io.BytesIO(data)
    with olefile.OleFileIO(held, write_mode=True) as ole:
        ole.loadminifat()
        for path in ole.listdir(streams=True, storages=False):
            old = ole.openstream(path).read()
            new = _stream(ole, path, old)
            if new != old:
                ole.write_stream(path, new)
        _free_sectors(ole, held)
        return held.getvalue()


def _free_sectors(ole: olefile.OleFileIO, held: io.BytesIO) -> None:
    size = len(held.getbuffer())
    for number, follows in enumerate(ole.fat):
        start = (number + 1) * ole.sectorsize
        if follows == olefile.FREESECT and start + ole.sectorsize <= size:
            held.seek(start)
            held.write(bytes(ole.sectorsize))


def _stream(ole: olefile.OleFileIO, path: list[str], old: bytes) -> bytes:
    name = path[-1]
    if name in _SETS:
        return _empty_set(_SETS[name], len(old))
    if name in ("0Table", "1Table"):
        main = [*path[:-1], "WordDocument"]
        return _word_table(ole.openstream(main).read(), name, old) if ole.exists(main) else old
    if name == "Workbook":
        return _workbook(old)
    return _presenter(old) if name == _CURRENT_USER else old


def _empty_set(kind: bytes, size: int) -> bytes:
    """A property stream that says nothing but in which code page it does so."""
    head = struct.pack("<HHI16sI", 0xFFFE, 0, 0x00020006, bytes(16), 1)
    place = kind + struct.pack("<I", len(head) + 20)
    page = struct.pack("<IIIIII", 24, 1, 1, 16, 2, _UTF_16)
    made = head + place + page
    return made.ljust(size, b"\x00") if len(made) <= size else bytes(size)


def _word_table(main: bytes, name: str, old: bytes) -> bytes:
    """The table stream with nobody's name in the lists of savers, of revisions and of notes."""
    (flags,) = struct.unpack_from("<H", main, _FIB_FLAGS)
    if flags & _ENCRYPTED or name != ("1Table" if flags & _SECOND_TABLE else "0Table"):
        return old
    made = bytearray(old)
    for index in (_WRITERS, _SAVERS, word_binary.SUMMARY):
        start, length = _part(main, index, len(old))
        for at, size, wide in _strings(old[start : start + length]):
            _write_over(made, start + at, size, wide=wide, named=index == _WRITERS)
    start, length = _part(main, word_binary.AUTHORS_OF_COMMENTS, len(old))
    at = start
    while at + 2 <= start + length:
        size = 2 * int.from_bytes(old[at : at + 2], "little")
        if at + 2 + size > start + length:
            break
        _write_over(made, at + 2, size, wide=True, named=True)
        at += 2 + size
    start, length = _part(main, _NOTES, len(old))
    count = max(length - 4, 0) // (4 + _NOTE_SIZE)
    for number in range(count):
        at = start + 4 * (count + 1) + _NOTE_SIZE * number
        made[at : at + _INITIALS] = bytes(_INITIALS)
    return bytes(made)


def _part(main: bytes, index: int, size: int) -> tuple[int, int]:
    """Where in the table a structure lies; nothing where the header names none or one beyond the end."""
    if _FIB_PAIRS + 8 * index + 8 > len(main):
        return 0, 0
    start, length = struct.unpack_from("<II", main, _FIB_PAIRS + 8 * index)
    return (start, length) if start + length <= size else (0, 0)


def _strings(data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where the strings of a list lie, how many bytes they have, whether two a letter ([MS-DOC] 2.2.4)."""
    wide = data[:2] == b"\xff\xff"
    at = 2 if wide else 0
    if len(data) < at + 4:
        return
    count, extra = struct.unpack_from("<HH", data, at)
    at += 4
    for _ in range(count):
        head = 2 if wide else 1
        size = int.from_bytes(data[at : at + head], "little") * head
        if at + head + size > len(data):
            return
        yield at + head, size, wide
        at += head + size + extra


def _write_over(made: bytearray, at: int, size: int, *, wide: bool, named: bool = False) -> None:
    """Write as many letters over a string as it has: somebody, or blanks."""
    coding = "utf-16-le" if wide else "ascii"
    count = size // 2 if wide else size
    # The first writer of every document is by the standard the unknown one.
    if named and made[at : at + size] == _UNKNOWN.encode(coding):
        return
    word = (_SOMEBODY if wide else _NOBODY) if named else ""
    made[at : at + size] = word[:count].ljust(count).encode(coding)


def _workbook(old: bytes) -> bytes:
    """The workbook with nobody's name as that of who saved, reserved or noted."""
    if biff.version(old) != biff.BIFF8 or biff.encrypted(old):
        return old
    made, at = bytearray(old), 0
    while at + 4 <= len(old):
        kind, size = struct.unpack_from("<HH", old, at)
        start, end = at + 4, at + 4 + size
        if end > len(old):
            raise Unreadable(BROKEN)
        if kind == _USER and size > 3:
            made[start:end] = (b"\x01\x00\x00").ljust(size, b" ")
        elif kind in _NAME_AT and size >= _NAME_AT[kind] + 3:
            name = start + _NAME_AT[kind]
            count, wide = struct.unpack_from("<HB", old, name)
            bytes_of_name = count * (2 if wide & 1 else 1)
            if name + 3 + bytes_of_name <= end:
                _write_over(made, name + 3, bytes_of_name, wide=bool(wide & 1), named=True)
        at = end
    return bytes(made)


def _presenter(old: bytes) -> bytes:
    """The stream that says who saved a presentation last, in one byte a letter and in two."""
    if len(old) < _USER_AT:
        return old
    made = bytearray(old)
    (count,) = struct.unpack_from("<H", old, _USER_LENGTH_AT)
    wide_at = _USER_AT + count + 4
    if wide_at > len(old):
        return old
    _write_over(made, _USER_AT, count, wide=False)
    _write_over(made, wide_at, min(2 * count, len(old) - wide_at) // 2 * 2, wide=True)
    return bytes(made)
