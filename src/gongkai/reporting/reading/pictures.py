"""Picture files → the pages in them, of a size at which writing is recognised."""

import io
import struct
import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

Pixels = NDArray[np.uint8]

# The width of a page whose size is not known, in points: a sheet of A4, upright or level.
SHEET, SHEET_LEVEL = 595.0, 842.0
# More than a scan of A3 at 600 to the inch in grey; a file of a few bytes may claim any number.
MAX_PIXELS = 80_000_000
MAX_PAGES = 60
# Pages are brought to a width between these; letters of ten pixels are read badly, and more than enough is slow.
_LEAST_ACROSS, _MOST_ACROSS, _MOST = 1200, 2480, 24_000_000
# Other formats of the library are not opened: most are rare, some run another program.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")

TOO_LARGE = f"图片超过{MAX_PIXELS // 1_000_000}百万像素，请缩小后再试"
_TOO_MANY = f"图片超过{MAX_PAGES}页，不是一份年度报告，请只提供年度报告的页面"
_BROKEN = "图片已损坏或不完整，请重新扫描或保存后再试"


class PictureError(ValueError):
    """The file is no readable picture; the message is one clause: what is wrong and what to do."""


def is_picture(data: bytes) -> bool:
    """Whether a file begins as the pictures that are read here do."""
    return data.startswith(_SIGNS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def pictures_of(data: bytes) -> Iterator[tuple[Pixels, float]]:
    """Each page in a picture file, in grey, with the width in points that a sheet so laid has. PictureError."""
    try:
        with warnings.catch_warnings():
            # Our own limit comes first.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                for number, frame in enumerate(ImageSequence.Iterator(image)):
                    if number >= MAX_PAGES:
                        raise PictureError(_TOO_MANY)
                    if frame.width * frame.height > MAX_PIXELS:
                        raise PictureError(TOO_LARGE)
                    yield _page(frame)
    except Image.DecompressionBombError as error:
        raise PictureError(TOO_LARGE) from error
    except (
        UnidentifiedImageError,
        OSError,
        EOFError,
        SyntaxError,
        ValueError,
        struct.error,
        IndexError,
        KeyError,
        TypeError,
        ZeroDivisionError,
    ) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(_BROKEN) from error


def _page(frame: Image.Image) -> tuple[Pixels, float]:
    grey = _grey(frame)
    grey = ImageOps.exif_transpose(grey)
    width, height = grey.size
    across = float(min(max(width, _LEAST_ACROSS), _MOST_ACROSS))
    factor = min(
        across / width, (_MOST / (width * height)) ** 0.5 if width * height > _MOST else across / width
    )
    if factor != 1:
        size = (max(round(width * factor), 1), max(round(height * factor), 1))
        grey = grey.resize(size, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)
    return np.asarray(grey).copy(), SHEET if width <= height else SHEET_LEVEL


def _grey(frame: Image.Image) -> Image.Image:
    """The picture in grey, what is transparent in it laid on white."""
    if frame.mode.startswith(("I", "F")):
        deep = np.asarray(frame, dtype=np.float32)
        low, high = float(deep.min()), float(deep.max())
        return Image.fromarray(((deep - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8))
    if frame.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in frame.info:
        layers = frame.convert("RGBA")
        ground = Image.new("RGBA", layers.size, "white")
        return Image.alpha_composite(ground, layers).convert("L")
    return frame.convert("L")
