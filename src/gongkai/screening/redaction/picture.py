"""Redaction of pictures: rectangles are painted over and the picture is written anew without anything else."""

import io
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from gongkai.screening.passage import Unreadable
from gongkai.screening.redaction.cutting import Cutter
from gongkai.screening.redaction.orders import Order
from gongkai.screening.redaction.page import Recognise, Rectangle, paint, read_words

_MOST_PIXELS = 60_000_000
_BROKEN = "图片已损坏或过大，未能涂去；请重新另存后再试"
# The format in which a picture of a type is written again.
_FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "PNG", "webp": "WEBP", "bmp": "BMP", "tif": "TIFF"}


def redact(data: bytes, extension: str, order: Order, cutter: Cutter, recognise: Recognise | None) -> bytes:
    """A new picture (of a moving one, the first frame as PNG). Raises Unreadable."""
    image = opened(data)
    boxes: list[Rectangle] = [
        (box.left * image.width, box.top * image.height, box.right * image.width, box.bottom * image.height)
        for box in order.boxes
    ]
    if boxes:
        cutter.note("框选的范围", "图片", "", len(boxes))
    if recognise is not None:
        boxes += read_words(image.convert("RGB"), cutter, recognise, "图片")
    paint(image, boxes)
    return encoded(image, extension)


def survey(data: bytes, cutter: Cutter, recognise: Recognise) -> None:
    """Show the cutter what is recognised in a picture."""
    read_words(opened(data).convert("RGB"), cutter, recognise, "图片")


def opened(data: bytes) -> Image.Image:
    """The picture as it is seen, turned upright. Raises Unreadable."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > _MOST_PIXELS:
            raise Unreadable(_BROKEN)
        frame = next(iter(ImageSequence.Iterator(image)))
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(frame)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(_BROKEN) from error
    modes = {"P": "RGBA" if "transparency" in image.info else "RGB", "CMYK": "RGB", "YCbCr": "RGB", "1": "L"}
    shown = upright.convert(modes[upright.mode]) if upright.mode in modes else upright.copy()
    shown.info = {"icc_profile": profile} if profile and shown.mode in ("RGB", "RGBA", "L") else {}
    return shown


def encoded(image: Image.Image, extension: str) -> bytes:
    """The picture in the format of its old name, with its colours and nothing else."""
    out, kind = io.BytesIO(), _FORMATS.get(extension, "PNG")
    profile = image.info.get("icc_profile")
    if kind in ("JPEG", "BMP") and image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    extra: dict[str, Any] = {}
    if kind == "JPEG":
        extra["quality"] = 95
    elif kind == "WEBP":
        extra["lossless"] = True
    if profile and kind != "BMP":
        extra["icc_profile"] = profile
    image.save(out, kind, **extra)
    return out.getvalue()
