"""Words in pictures with their rectangles, so that what is recognised can be painted over."""

import io
import posixpath

import numpy as np
from PIL import Image

from gongkai.screening.masking import mask_digits
from gongkai.screening.passage import Unreadable
from gongkai.screening.readers import ocr
from gongkai.screening.redaction import picture
from gongkai.screening.redaction.bundle import Bundle
from gongkai.screening.redaction.cutting import Cutter
from gongkai.screening.redaction.page import Rectangle, paint, read_words

_RASTERS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
# Pictures beyond these in one file are left to the screening, which tells of every one that it did not read.
_MOST_PICTURES = 200


def recognise(image: Image.Image) -> list[tuple[str, float, float, float, float]]:
    """Every line of a picture with its rectangle in pixels; none once the time for this file is used up."""
    pixels = np.asarray(image.convert("RGB"))[:, :, ::-1]
    return [(line.text, line.left, line.top, line.right, line.bottom) for line in ocr.lines(pixels)]


def paint_pictures(bundle: Bundle, folder: str, cutter: Cutter) -> None:
    """Paint what goes over in the pictures of a package, in their place and format."""
    names = [name for name in bundle.names(f"{folder}/media/") if name.lower().endswith(_RASTERS)]
    for name in names[:_MOST_PICTURES]:
        try:
            image = picture.opened(bundle.parts[name])
        except Unreadable:
            continue  # the screening tells of a picture that nobody can read
        label = f"图片“{mask_digits(posixpath.basename(name))}”"
        if boxes := read_words(image.convert("RGB"), cutter, recognise, label):
            bundle.put(name, painted(image, boxes, name))


def survey_pictures(bundle: Bundle, folder: str, cutter: Cutter) -> None:
    """Show the cutter what is recognised in the pictures of a package."""
    for name in bundle.names(f"{folder}/media/")[:_MOST_PICTURES]:
        if name.lower().endswith(_RASTERS):
            try:
                image = picture.opened(bundle.parts[name])
            except Unreadable:
                continue
            read_words(
                image.convert("RGB"), cutter, recognise, f"图片“{mask_digits(posixpath.basename(name))}”"
            )


def painted(image: Image.Image, boxes: list[Rectangle], name: str) -> bytes:
    """The picture with rectangles painted over, in the format that its name says."""
    paint(image, boxes)
    ending = name.rpartition(".")[2].lower()
    if ending == "gif":
        # A part keeps its name and its type.
        out = io.BytesIO()
        image.convert("RGB").quantize().save(out, "GIF")
        return out.getvalue()
    return picture.encoded(image, {"jpeg": "jpg", "tiff": "tif"}.get(ending, ending))
