"""Word and Excel files up to 2003 with a text planted in one layer, made from the files in files/."""

import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path

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


def flagged(data: bytes, flags: int) -> bytes:
    """A Word file whose header says so: 0x0100 encrypted, 0x8000 obfuscated."""
    at = data.index(struct.pack("<H", 0xA5EC))
    (old,) = struct.unpack_from("<H", data, at + 0x0A)
    return data[: at + 0x0A] + struct.pack("<H", old | flags) + data[at + 0x0C :]
