"""Metadata of pictures, taken out without touching a pixel: segments of JPEG, chunks of PNG, WebP and GIF."""

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
