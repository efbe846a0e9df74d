"""Word and Excel files up to 2003 with a text planted in one layer, made from the files in files/."""

import io
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path

import olefile

FILES = Path(__file__).parent / "files"
PLACEHOLDER = "甲" * 40

# Layer (and a word for another way into it) → file.
WORD = {
    "text": "text",
    "text box": "text_box",
    "table": "table",
    "header_footer": "header",
    "header_footer foot": "footer",
    "footnote": "footnote",
    "footnote end": "endnote",
    "comment": "comment",
    "tracked_change deleted": "deleted",
    "tracked_change inserted": "inserted",
    "hidden_text": "vanished",
    "hidden_text white": "white",
    "hidden_text style": "hidden_by_style",
    "hidden_text paragraph": "hidden_by_paragraph_style",
    "hidden_text link": "link",
    "metadata": "title_property",
    "metadata bookmark": "bookmark",
    "embedded_file": "embedded_sheet",
}
SHEET = {
    "table": "cell",
    "table rich": "rich_cell",
    "table formula": "formula",
    "hidden_sheet": "hidden_sheet",
    "hidden_sheet very": "very_hidden_sheet",
    "hidden_row": "hidden_row",
    "hidden_column": "hidden_column",
    "comment": "comment",
    "header_footer": "header",
    "metadata": "title_property",
    "metadata link": "link",
    "hidden_text": "white",
    "hidden_text format": "invisible_format",
    "hidden_text name": "defined_name",
    "hidden_text rule": "rule",
    "text": "text_box",
    "text chart": "chart",
    "alt_text": "alt_text",
}


@cache
def original(name: str) -> bytes:
    """A file as it lies in files/."""
    return (FILES / name).read_bytes()


def planted(name: str, leak: str) -> bytes:
    """The file with the leak in place of its placeholder, wherever that stands."""
    data = original(name)
    found = 0
    for encoding in ("utf-16-le", "utf-8"):
        old, new = PLACEHOLDER.encode(encoding), leak.encode(encoding)
        blank = " ".encode(encoding)
        found += data.count(old)
        data = data.replace(old, new + blank * ((len(old) - len(new)) // len(blank)))
    assert found, name
    return data


def planters(files: dict[str, str], ending: str) -> list[tuple[str, str, Callable[[str], bytes]]]:
    """Rows of (format, layer, planter)."""
    rows: list[tuple[str, str, Callable[[str], bytes]]] = []
    for layer, name in files.items():
        rows.append((ending, layer.split()[0], planter(f"{name}.{ending}")))
    return rows


@cache
def planter(name: str) -> Callable[[str], bytes]:
    """The planter of a file."""

    def plant(leak: str) -> bytes:
        return planted(name, leak)

    plant.__name__ = name
    return plant


def place(data: bytes, stream: str, at: int) -> int:
    """Where in a compound file a byte of a stream lies: in the sectors of the file or of its small streams."""
    ole = olefile.OleFileIO(io.BytesIO(data))
    ole.loadminifat()

    def sector(start: int, number: int, table: list[int]) -> int:
        for _ in range(number):
            start = table[start]
        return start

    entry = ole._find(stream)
    start, size = ole.direntries[entry].isectStart, ole.direntries[entry].size
    if size < ole.minisectorcutoff:
        at = sector(start, at // 64, ole.minifat) * 64 + at % 64
        start = ole.root.isectStart
    return (sector(start, at // 512, ole.fat) + 1) * 512 + at % 512


def flagged(data: bytes, flags: int) -> bytes:
    """A Word file whose header says so: 0x0100 encrypted, 0x8000 obfuscated."""
    at = place(data, "WordDocument", 0x0A)
    (old,) = struct.unpack_from("<H", data, at)
    return patched(data, at, struct.pack("<H", old | flags))


def authored(name: str) -> bytes:
    """A file with its title told as its author (properties 2 and 4 of the summary, [MS-OLEPS])."""
    data = bytearray(planted(name, "张三"))
    kind = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
    at = data.index(kind)
    (offset,) = struct.unpack_from("<I", data, at + 16)
    start = at - 28 + offset
    (count,) = struct.unpack_from("<I", data, start + 4)
    for index in range(count):
        place = start + 8 + 8 * index
        if struct.unpack_from("<I", data, place)[0] == 2:
            struct.pack_into("<I", data, place, 4)
    return bytes(data)


def renamed(data: bytes, old: str, new: str) -> bytes:
    """A compound file whose stream goes by another name."""
    entry = data.index(old.encode("utf-16-le") + b"\0\0")
    name = new.encode("utf-16-le") + b"\0\0"
    return data[:entry] + name.ljust(64, b"\0") + struct.pack("<H", len(name)) + data[entry + 66 :]


def record(data: bytes, kind: int) -> int:
    """Where in the stream of an Excel file the first record of a kind begins."""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        stream = ole.openstream("Workbook").read()
    at = 0
    while struct.unpack_from("<H", stream, at)[0] != kind:
        at += 4 + int(struct.unpack_from("<H", stream, at + 2)[0])
    return at


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """The bytes with some of them replaced."""
    return data[:at] + new + data[at + len(new) :]


def circling(data: bytes) -> bytes:
    """A compound file in which the first sector of its small streams is followed by itself, for ever."""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        sector = ole.root.isectStart
    (table,) = struct.unpack_from("<I", data, 0x4C)
    return patched(data, (table + 1) * 512 + 4 * sector, struct.pack("<I", sector))
