"""Pictures: the words in them, and what the file says of who took them and where."""

import io
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from PIL import (
    ExifTags,
    IcoImagePlugin,
    Image,
    ImageFile,
    ImageSequence,
    IptcImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Part, Remark, Unreadable, Weaver
from gongkai.screening.readers import ocr, office
from gongkai.screening.readers.package import local, parse_xml

# More pixels than any scan of A3 at 600 dpi holds in grey; a file of a few bytes may claim any number.
MAX_PIXELS = 80_000_000
# Of a moving picture, frames beyond are counted as not read.
MAX_FRAMES = 500
_MAX_TEXT = 200_000
# Other formats of the library are not opened: most are rare, some run another program.
_FORMATS = (
    "PNG",
    "JPEG",
    "GIF",
    "BMP",
    "DIB",
    TiffImagePlugin.TiffImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
    IcoImagePlugin.IcoImageFile.format,
)
_PNG_END = b"IEND\xaeB`\x82"

_PERSON_TAGS: dict[int, str] = {
    ExifTags.Base.Artist: "作者",
    ExifTags.Base.Copyright: "版权",
    ExifTags.Base.XPAuthor: "作者",
    ExifTags.Base.CameraOwnerName: "相机所有者",
    ExifTags.Base.HostComputer: "计算机",
}
_UTF16_TAGS = {
    ExifTags.Base.XPTitle,
    ExifTags.Base.XPComment,
    ExifTags.Base.XPAuthor,
    ExifTags.Base.XPKeywords,
    ExifTags.Base.XPSubject,
}
# Tags that hold structure, colour or curves and no words.
_SILENT_TAGS = {ExifTags.Base.MakerNote, ExifTags.Base.PrintImageMatching, ExifTags.Base.InterColorProfile}
_IPTC_PERSONS: dict[object, str] = {(2, 80): "作者", (2, 110): "供稿", (2, 116): "版权", (2, 122): "说明撰写"}
_XMP_PERSONS = ("creator", "rights", "OwnerName", "AuthorsPosition", "Credit", "CaptionWriter")
_XMP_DATES = ("CreateDate", "ModifyDate", "MetadataDate", "DocumentID", "InstanceID", "OriginalDocumentID")

_WHY_PERSON = "图片属性写有个人或单位名称；发布前应当清除属性"
_WHY_PLACE = "图片属性写有拍摄位置的经纬度；发布前应当清除属性"
_WHY_THUMBNAIL = "图片里另存有一幅与画面不同的缩略图，可能是修改前的内容；发布前应当清除"
_WHY_TAIL = "图片结束之后还有数据，可能是裁剪前的画面或另一文件；发布前应当重新保存"
_BROKEN = "图片已损坏或不完整，未能读取，请重新保存后再试"
_TOO_LARGE = f"图片超过 {MAX_PIXELS // 1_000_000} 百万像素，未读取，请缩小后再试"
_WHY_VECTOR = "矢量图中的内容未能识别，须由人查看"


Image.preinit()


def read(data: bytes, name: str = "", where: str = "图片") -> Iterator[Part]:
    """Words, properties and rests of an image file; `where` is the place of its findings.

    Reads PNG, JPEG, GIF, WebP, BMP, TIFF and ICO, each frame. Of SVG the written words are read. Other
    formats are told as not read. Raises Unreadable for a damaged or oversized picture.
    """
    if data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<svg", b"<?xml", b"<!--")):
        yield from office.drawing_text(parse_xml(data), where)
        return
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable(_TOO_LARGE)
            yield from _frames(image, where)
            image.seek(0)
            yield from _properties(image, where)
    except UnidentifiedImageError:
        yield Remark(Kind.UNREADABLE_PART, Layer.IMAGE, where, name or "图片", _WHY_VECTOR)
    except Image.DecompressionBombError as error:
        raise Unreadable(_TOO_LARGE) from error
    except (
        OSError,
        EOFError,
        ValueError,
        SyntaxError,
        struct.error,
        IndexError,
        TypeError,
        KeyError,
    ) as error:
        raise Unreadable(_BROKEN) from error
    yield from _tail(data, where)


def embedded(data: bytes, name: str, where: str) -> Iterator[Part]:
    """A picture inside a document: as `read`, and a damaged one is a part that was not read."""
    try:
        yield from read(data, name, where)
    except Unreadable as error:
        yield Remark(Kind.UNREADABLE_PART, Layer.IMAGE, where, name, str(error))


def properties(data: bytes, where: str) -> Iterator[Part]:
    """What a picture says of itself, for one whose words are read otherwise; nothing if it is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height <= MAX_PIXELS:
                yield from _properties(image, where)
    except (OSError, ValueError, SyntaxError, struct.error, IndexError, TypeError, KeyError):
        yield Remark(Kind.UNREADABLE_PART, Layer.METADATA, f"{where}，图片属性", "图片属性", _BROKEN)


def _frames(image: ImageFile.ImageFile, where: str) -> Iterator[Part]:
    frames = getattr(image, "n_frames", 1)
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        location = where if frames == 1 else f"{where}，第 {number} 幅"
        if number > MAX_FRAMES or not ocr.time_left():
            ocr.left(location)
            continue
        if frame.width * frame.height > MAX_PIXELS:
            raise Unreadable(_TOO_LARGE)
        yield from ocr.read(pixels(frame), location)


def pixels(image: Image.Image) -> ocr.Pixels:
    """A picture as the recogniser takes it, grey or in colour, what is transparent in it laid on white.

    Words in white on nothing are laid on black.
    """
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        deep = np.asarray(image, dtype=np.float32)
        low, high = float(deep.min()), float(deep.max())
        return ((deep - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8)
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layers = image.convert("RGBA")
        ground = Image.new("RGBA", layers.size, "white")
        flat = Image.alpha_composite(ground, layers).convert("RGB")
        if all(np.ptp(band) < 16 for band in np.moveaxis(np.asarray(flat), 2, 0)):
            ground.paste("black", (0, 0, *layers.size))
            flat = Image.alpha_composite(ground, layers).convert("RGB")
    else:
        flat = image.convert("RGB")
    return np.ascontiguousarray(np.asarray(flat)[:, :, ::-1])


def opaque(data: bytes) -> bool:
    """Whether a picture hides what lies behind it. Metafiles, and what cannot be read, show it through."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return True
            if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
                return True
            holes = np.asarray(image.convert("RGBA").getchannel("A")) < 128
            return float(holes.mean()) < 0.05
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False


def _properties(image: ImageFile.ImageFile, where: str) -> Iterator[Part]:
    """EXIF, IPTC, XMP, comments: places, persons, and every other text for the detectors."""
    weaver = Weaver()
    exif = image.getexif()
    yield from _place(exif, where)
    for tags in (exif, exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.IFD1)):
        for tag, value in tags.items():
            if tag not in _SILENT_TAGS:
                yield from _told(weaver, _text(tag, value), _PERSON_TAGS.get(tag), where)
    iptc = IptcImagePlugin.getiptcinfo(image) or {}
    for record, entry in iptc.items():
        for one in entry if isinstance(entry, list) else [entry]:
            yield from _told(weaver, _decoded(one), _IPTC_PERSONS.get(record), where)
    for key, value in image.info.items():
        if key in ("xmp", "XML:com.adobe.xmp", "Raw profile type xmp") and value:
            yield from _packet(weaver, value, where)
        elif (
            key not in ("exif", "icc_profile", "photoshop")
            and isinstance(value, str | bytes)
            and len(value) > 1
        ):
            label = "作者" if str(key).lower() in ("author", "artist", "copyright") else None
            yield from _told(weaver, _decoded(value), label, where)
    yield from weaver.passages()
    yield from _thumbnail(image, exif, where)


def _told(weaver: Weaver, text: str, person: str | None, where: str) -> Iterator[Part]:
    text = text.strip("\0 \n")[:_MAX_TEXT]
    if not text:
        return
    if person and not office.names_nobody(text):
        yield Remark(
            Kind.DOCUMENT_METADATA,
            Layer.METADATA,
            f"{where}，图片属性，{person}",
            f"{person}：{text}",
            _WHY_PERSON,
        )
    weaver.add(text, Layer.METADATA, f"{where}，图片属性")
    weaver.break_with("\t\n")


def _text(tag: int, value: Any) -> str:
    if tag in _UTF16_TAGS:
        raw = bytes(value) if isinstance(value, bytes | tuple | list) else b""
        return raw.decode("utf-16-le", "replace")
    if tag == ExifTags.Base.UserComment and isinstance(value, bytes):
        coding = {b"UNICODE\0": "utf-16", b"ASCII\0\0\0": "ascii"}.get(value[:8], "utf-8")
        return value[8:].decode(coding, "replace")
    return _decoded(value)


def _decoded(value: Any) -> str:
    if isinstance(value, bytes):
        for coding in ("utf-8", "gb18030"):
            try:
                text = value.decode(coding)
            except UnicodeDecodeError:
                continue
            return text if text.isprintable() or "\n" in text else ""
        return ""
    # Pillow reads the text of EXIF and of comments as Latin-1 where it is no ASCII.
    if isinstance(value, str):
        try:
            return _decoded(value.encode("latin-1")) or value
        except UnicodeEncodeError:
            return value
    return ""


def _place(exif: Image.Exif, where: str) -> Iterator[Part]:
    gps: Mapping[int, Any] = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if ExifTags.GPS.GPSLatitude not in gps and ExifTags.GPS.GPSDestLatitude not in gps:
        return
    try:
        degrees = f"纬度约 {float(gps[ExifTags.GPS.GPSLatitude][0]):.0f}°，经度约 {float(gps[ExifTags.GPS.GPSLongitude][0]):.0f}°"
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
        degrees = "经纬度"
    yield Remark(Kind.LOCATION_METADATA, Layer.METADATA, f"{where}，图片属性，位置", degrees, _WHY_PLACE)


def _packet(weaver: Weaver, value: str | bytes, where: str) -> Iterator[Part]:
    raw = value.encode() if isinstance(value, str) else value
    begin, end = raw.find(b"<x:xmpmeta"), raw.rfind(b"</x:xmpmeta>")
    try:
        root = parse_xml(raw[begin : end + 12] if begin >= 0 and end > begin else raw.strip(b"\0 \n"))
    except Unreadable:
        yield Remark(
            Kind.UNREADABLE_PART,
            Layer.METADATA,
            f"{where}，图片属性",
            "XMP",
            "图片属性（XMP）未能读取，须由人查看",
        )
        return
    placed = False
    for element in root.iter():
        around = {local(element), *(local(above) for above in element.iterancestors())}
        person = "作者" if around & set(_XMP_PERSONS) else None
        values = [element.text or "", *(str(v) for k, v in element.attrib.items() if not _is_date(str(k)))]
        for key in (local(element), *(str(k).rpartition("}")[2] for k in element.attrib)):
            placed = placed or key in ("GPSLatitude", "GPSLongitude")
        if local(element) not in _XMP_DATES:
            for text in values:
                yield from _told(weaver, text, person, where)
    if placed:
        yield Remark(Kind.LOCATION_METADATA, Layer.METADATA, f"{where}，图片属性，位置", "经纬度", _WHY_PLACE)


def _is_date(key: str) -> bool:
    return key.rpartition("}")[2] in _XMP_DATES or key.rpartition("}")[2] == "about"


def _thumbnail(image: Image.Image, exif: Image.Exif, where: str) -> Iterator[Part]:
    """The small copy a camera keeps in EXIF: editors change the picture and forget it."""
    small = exif.get_ifd(ExifTags.IFD.IFD1)
    start, length = small.get(ExifTags.Base.JpegIFOffset), small.get(ExifTags.Base.JpegIFByteCount)
    raw = image.info.get("exif")
    if not isinstance(start, int) or not isinstance(length, int) or not isinstance(raw, bytes):
        return
    begin = start + (6 if raw.startswith(b"Exif\0\0") else 0)
    try:
        with Image.open(io.BytesIO(raw[begin : begin + length]), formats=("JPEG",)) as thumbnail:
            if thumbnail.width * thumbnail.height > MAX_PIXELS:
                raise Unreadable(_TOO_LARGE)
            same = _alike(image, thumbnail)
            words = list(ocr.read(pixels(thumbnail), f"{where}，缩略图")) if not same else []
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        same, words = False, []
    if not same:
        yield Remark(
            Kind.HIDDEN_CONTENT, Layer.METADATA, f"{where}，图片属性，缩略图", "缩略图", _WHY_THUMBNAIL
        )
        yield from words


def _alike(image: Image.Image, thumbnail: Image.Image) -> bool:
    size = (24, 24)
    one = np.asarray(image.convert("L").resize(size, Image.Resampling.BOX), dtype=np.float32)
    # Thumbnails have the shape of the sensor; a picture of another shape has black bars above and below.
    two = thumbnail.convert("L")
    ratio = image.width / image.height
    across, down = min(two.width, round(two.height * ratio)), min(two.height, round(two.width / ratio))
    left, top = (two.width - across) // 2, (two.height - down) // 2
    fitted = two.crop((left, top, left + max(across, 1), top + max(down, 1)))
    other = np.asarray(fitted.resize(size, Image.Resampling.BOX), dtype=np.float32)
    return float(np.abs(one - other).mean()) < 16 and float(np.abs(one - other).max()) < 96


def _tail(data: bytes, where: str) -> Iterator[Part]:
    if data.startswith(b"\x89PNG"):
        end = data.find(_PNG_END)
        rest = data[end + len(_PNG_END) :].strip(b"\0\r\n") if end >= 0 else b""
        if rest:
            yield Remark(
                Kind.HIDDEN_CONTENT, Layer.METADATA, f"{where}，文件末尾", f"{len(rest)} 字节", _WHY_TAIL
            )
