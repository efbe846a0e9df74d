"""Metadata of pictures, taken out without touching a pixel: segments of JPEG, chunks of PNG, WebP and GIF, tags of TIFF.

BMP has no place for any.
"""

import struct

from gongkai.screening.passage import Unreadable

_BROKEN = "图片已损坏或不完整，请重新制作后再试"
# JPEG: what decoding needs, or tells the colours. APP2 only where it is a colour profile.
_ICC = b"ICC_PROFILE\x00"
_KEPT_PNG = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"bKGD",
        b"hIST",
    }
    | {b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI"}
)
_KEPT_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})
_UPRIGHT = 1
# Tags of TIFF 6.0 and EXIF that say what a picture is of, who made it, when, with what: no decoder needs them.
_TELLING = frozenset(
    {269, 270, 271, 272, 285, 305, 306, 315, 316, 333, 337, 700, 18246, 18249, 33432, 33723, 34377, 37724}
    | {36867, 36868, 40091, 40092, 40093, 40094, 40095, 42016, 42112, 50827}
)
# Directories of their own: those of EXIF, GPS and exchange go whole; those of small copies are pictures too.
_TOLD_APART, _SMALL_COPIES = frozenset({34665, 34853, 40965}), 330
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MOST_DIRECTORIES = 10_000


def stripped(data: bytes, extension: str) -> bytes:
    """The picture without what its file says of it; the way up is kept. Raises Unreadable where it is damaged."""
    try:
        if extension == "jpg":
            return _jpeg(data)
        if extension == "png":
            return _png(data)
        if extension == "webp":
            return _webp(data)
        if extension == "gif":
            return _gif(data)
        if extension == "tif":
            return _tiff(data)
    except (IndexError, struct.error) as error:
        raise Unreadable(_BROKEN) from error
    return data


def _jpeg(data: bytes) -> bytes:
    kept, at, way_up = [data[:2]], 2, _UPRIGHT
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise Unreadable(_BROKEN)
        marker = data[at + 1]
        if marker == 0xDA:
            break
        if marker in (0x01, *range(0xD0, 0xDA)):
            kept.append(data[at : at + 2])
            at += 2
            continue
        size = struct.unpack(">H", data[at + 2 : at + 4])[0]
        segment, body = data[at : at + 2 + size], data[at + 4 : at + 2 + size]
        at += 2 + size
        if marker == 0xE1 and body.startswith(b"Exif\x00\x00"):
            way_up = _orientation(body[6:]) or way_up
        elif _needed(marker, body):
            kept.append(segment)
    end = _image_end(data, at)
    if way_up != _UPRIGHT:
        tiff = _exif(way_up)
        # JFIF, where there is one, stays the first segment.
        first = 2 if len(kept) > 1 and kept[1][1] == 0xE0 else 1
        body = b"Exif\x00\x00" + tiff
        kept.insert(first, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    return b"".join([*kept, data[at:end]])


def _needed(marker: int, body: bytes) -> bool:
    if marker == 0xE0:
        return body.startswith(b"JFIF\x00")
    if marker == 0xE2:
        return body.startswith(_ICC)
    if marker == 0xEE:
        return body.startswith(b"Adobe")
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _image_end(data: bytes, at: int) -> int:
    """Where the picture ends: cameras append previews and films behind it."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0x00, 0xFF, *range(0xD0, 0xD8)):
            at += 1 if marker == 0xFF else 2
        elif marker in (0xC4, 0xDA, 0xDB, 0xDD, 0xDC, 0xCC, 0xFE):
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        else:
            return at


def _orientation(tiff: bytes) -> int:
    """The way up that EXIF tells, 1 to 8; 0 where it tells none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    try:
        at = struct.unpack(order + "I", tiff[4:8])[0]
        for index in range(struct.unpack(order + "H", tiff[at : at + 2])[0]):
            entry = tiff[at + 2 + 12 * index : at + 14 + 12 * index]
            tag, _kind, _count, value = struct.unpack(order + "HHIH", entry[:10])
            if tag == 0x0112:
                return int(value) if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _exif(way_up: int) -> bytes:
    """EXIF that tells the way up and nothing else."""
    return b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, way_up, 0) + b"\x00" * 4


def _png(data: bytes) -> bytes:
    import zlib

    kept, at, way_up = [data[:8]], 8, _UPRIGHT
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at : at + 12 + size]
        if len(chunk) < 12 + size:
            raise Unreadable(_BROKEN)
        at += 12 + size
        if name == b"eXIf":
            way_up = _orientation(chunk[8:-4]) or way_up
        elif name in _KEPT_PNG:
            kept.append(chunk)
        if name == b"IEND":
            break
    if way_up != _UPRIGHT:
        body = b"eXIf" + _exif(way_up)
        kept.insert(2, struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept, at, end = [], 12, min(8 + struct.unpack("<I", data[4:8])[0], len(data))
    way_up = _UPRIGHT
    while at + 8 <= end:
        name, size = struct.unpack("<4sI", data[at : at + 8])
        chunk = data[at : at + 8 + size + size % 2]
        at += 8 + size + size % 2
        if name == b"EXIF":
            body = chunk[8:]
            way_up = _orientation(body[6:] if body.startswith(b"Exif\x00\x00") else body) or way_up
        elif name in _KEPT_WEBP:
            kept.append(chunk)
    if way_up != _UPRIGHT:
        body = _exif(way_up)
        kept.append(b"EXIF" + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2))
    if kept and kept[0][:4] == b"VP8X":
        # The bits that announce EXIF and XMP.
        flags = kept[0][8] & ~0x0C | (0x08 if way_up != _UPRIGHT else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(data: bytes) -> bytes:
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    kept = [data[:at]]
    while at < len(data):
        start, kind = at, data[at]
        if kind == 0x3B:
            kept.append(b"\x3b")
            break
        if kind == 0x21:
            label = data[at + 1]
            at = _blocks(data, at + 2)
            loops = label == 0xFF and data[start + 3 : start + 14] in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
            if label == 0xF9 or loops:
                kept.append(data[start:at])
        elif kind == 0x2C:
            local = data[at + 9]
            at = _blocks(data, at + 10 + (3 << ((local & 7) + 1) if local & 0x80 else 0) + 1)
            kept.append(data[start:at])
        else:
            raise Unreadable(_BROKEN)
    return b"".join(kept)


def _blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _tiff(data: bytes) -> bytes:
    """Directories without the entries that tell, whose values are zeroed; strips and tiles stay where they are.

    A large TIFF (of 64-bit places) comes back as it is: the screening reads what it says.
    """
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4])
    if order is None:
        return data
    made = bytearray(data)
    (first,) = struct.unpack(order + "I", data[4:8])
    open_ends, seen = [first], set()
    while open_ends:
        at = open_ends.pop()
        if not at or at in seen:
            continue
        seen.add(at)
        if len(seen) > _MOST_DIRECTORIES:
            raise Unreadable(_BROKEN)
        open_ends += _directory(made, at, order, whole=False)
    return bytes(made)


def _directory(made: bytearray, at: int, order: str, *, whole: bool) -> list[int]:
    """Take the telling entries (or all) out of one directory; where the next ones lie."""
    (count,) = struct.unpack_from(order + "H", made, at)
    entries = [bytes(made[at + 2 + 12 * n : at + 14 + 12 * n]) for n in range(count)]
    end = at + 2 + 12 * count
    (after,) = struct.unpack_from(order + "I", made, end)
    kept, more = [], [after]
    for entry in entries:
        tag, kind, number, value = struct.unpack(order + "HHII", entry)
        size = _SIZES.get(kind, 1) * number
        if tag in _TOLD_APART and not whole:
            _directory(made, value, order, whole=True)
        elif tag == _SMALL_COPIES and not whole:
            places = entry[8:12] if number == 1 else bytes(made[value : value + 4 * number])
            more += struct.unpack(f"{order}{len(places) // 4}I", places)
        if not whole and tag not in _TELLING and tag not in _TOLD_APART:
            kept.append(entry)
        elif size > 4 and value + size <= len(made):
            made[value : value + size] = bytes(size)
    if len(kept) < count:
        body = (
            struct.pack(order + "H", len(kept))
            + b"".join(kept)
            + struct.pack(order + "I", 0 if whole else after)
        )
        made[at : end + 4] = body.ljust(end + 4 - at, b"\x00")
    return [] if whole else more
