"""Drawings of the older office programs ([MS-ODRAW]): pictures, words of drawn letters, alternative texts."""

import re
import struct
import zlib
from collections.abc import Iterator

from gongkai.screening.finding import Layer
from gongkai.screening.passage import Part, Weaver
from gongkai.screening.readers import office

# Instance of the record (2.2.23 and after) → ending and the number of 16-byte digests before the data.
_PICTURES = {
    0x3D4: ("emf", 1), 0x3D5: ("emf", 2), 0x216: ("wmf", 1), 0x217: ("wmf", 2), 0x542: ("pict", 1), 0x543: ("pict", 2),
    0x46A: ("jpg", 1), 0x46B: ("jpg", 2), 0x6E2: ("jpg", 1), 0x6E3: ("jpg", 2), 0x6E0: ("png", 1), 0x6E1: ("png", 2),
    0x7A8: ("dib", 1), 0x7A9: ("dib", 2), 0x6E4: ("tif", 1), 0x6E5: ("tif", 2),
}  # fmt: skip
_PICTURE = re.compile(rb"([\x00-\xff]{2})[\x1a-\x1f\x29\x2a]\xf0([\x00-\xff]{4})")
_PROPERTIES = re.compile(rb"([\x00-\xff]{2})(?:\x0b\xf0|\x22\xf1)([\x00-\xff]{4})")
_LETTERS, _NAME, _DESCRIPTION = 0x00C0, 0x0380, 0x0381
_COMPLEX = 0x8000
_METAFILES = frozenset({"emf", "wmf", "pict"})
_MAX_PICTURES = 2_000
_MAX_TEXT = 20_000
_MAX_PROPERTIES = 1 << 20
_MAX_PICTURE = 64 << 20


def read(data: bytes, location: str, seen: set[bytes]) -> Iterator[Part]:
    """All pictures in a stream, also those that no shape shows any more, and what shapes say.

    `seen` holds the pictures that were read, so that a picture kept twice is read once.
    """
    yield from _texts(data, location)
    for name, content in _pictures(data):
        if content in seen:
            continue
        if len(seen) >= _MAX_PICTURES:
            yield office.object_remark(location, f"第 {_MAX_PICTURES} 幅之后的图片")
            return
        seen.add(content)
        yield from office.image(content, f"{len(seen)}.{name}")


def _pictures(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while (match := _PICTURE.search(data, at)) is not None:
        at = match.start() + 1
        head, size = struct.unpack("<H", match.group(1))[0], struct.unpack("<I", match.group(2))[0]
        found = _PICTURES.get(head >> 4)
        body = match.end()
        if head & 0xF or found is None or size <= 17 or body + size > len(data):
            continue
        name, digests = found
        content = data[body + 16 * digests + (34 if name in _METAFILES else 1) : body + size]
        at = body + size
        yield name, _grown(content) if name in _METAFILES else content


def _grown(content: bytes) -> bytes:
    """A metafile out of its compression; as it is if it has none."""
    try:
        return zlib.decompressobj().decompress(content, _MAX_PICTURE) or content
    except zlib.error:
        return content


def _texts(data: bytes, location: str) -> Iterator[Part]:
    """Drawn letters, names and descriptions of shapes (2.3)."""
    shown, told = Weaver(), Weaver()
    for match in _PROPERTIES.finditer(data):
        head, size = struct.unpack("<H", match.group(1))[0], struct.unpack("<I", match.group(2))[0]
        count = head >> 4
        if head & 0xF != 3 or not 6 * count <= size <= _MAX_PROPERTIES:
            continue
        body = data[match.end() : match.end() + size]
        if len(body) < size:
            continue
        at = 6 * count
        for index in range(count):
            code, value = struct.unpack_from("<HI", body, 6 * index)
            if not code & _COMPLEX:
                continue
            text = body[at : at + min(value, 2 * _MAX_TEXT)]
            at += value
            if code & 0x3FFF in (_LETTERS, _NAME, _DESCRIPTION):
                words = text.decode("utf-16-le", "replace").rstrip("\x00")
                weaver = shown if code & 0x3FFF == _LETTERS else told
                weaver.add(words, *_place(code & 0x3FFF, location))
                weaver.break_with("\t\n")
    yield from shown.passages()
    yield from told.passages()


def _place(code: int, location: str) -> tuple[Layer, str]:
    return (
        (Layer.TEXT, f"{location}，艺术字") if code == _LETTERS else (Layer.ALT_TEXT, f"{location}，替代文字")
    )
