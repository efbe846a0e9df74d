"""Pages of a PDF as a scanner gives them: grey, tilted, blurred, grained, squeezed."""

import io

import cv2
import numpy as np
import pypdfium2
from PIL import Image


def scanned(data, dpi=200, *, tilt=0.0, dirt=0.0, seed=1):
    """The pages as pictures. `tilt` in degrees; `dirt` from 0 (clean) to 1 (a bad copy)."""
    grain = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(data)
    pages = []
    for number in range(len(document)):
        page = document[number].render(scale=dpi / 72, grayscale=True).to_numpy()
        page = page[:, :, 0] if page.ndim == 3 else page
        height, width = page.shape
        if tilt:
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1)
            page = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
        if dirt:
            page = cv2.GaussianBlur(page, (0, 0), 0.7 * dirt * dpi / 150)
            paper = 255 - 40 * dirt
            page = 40 * dirt + page.astype(float) * (paper - 40 * dirt) / 255
            page = np.clip(page + grain.normal(0, 8 * dirt, page.shape), 0, 255).astype(np.uint8)
            squeezed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, round(90 - 50 * dirt)])[1]
            page = cv2.imdecode(squeezed, cv2.IMREAD_GRAYSCALE)
        pages.append(page)
    document.close()
    return pages


def as_file(pages, kind, dpi=200):
    """The pages as one file: pdf, tiff, png (one page), jpeg (one page), webp (one page), bmp (one page)."""
    stream = io.BytesIO()
    pictures = [Image.fromarray(page) for page in pages]
    if kind in ("pdf", "tiff"):
        pictures[0].save(stream, kind, save_all=True, append_images=pictures[1:], resolution=dpi)
    else:
        pictures[0].save(stream, kind)
    return stream.getvalue()


def somehow(rng):
    """How a page may have been scanned."""
    return {
        "dpi": rng.choice((150, 200, 300)),
        "tilt": rng.choice((0.0, 0.3, -0.8, 1.5)),
        "dirt": rng.choice((0.0, 0.4, 0.8)),
        "seed": rng.randrange(1000),
    }


def compared(expected, read):
    """Cells read right, cells left out, and the wrong ones."""
    right, missing, wrong = 0, 0, []
    for cell in expected.cells():
        want = expected.value(cell)
        try:
            got = read.value(cell)
        except (KeyError, TypeError):
            got = None
        if got == want:
            right += 1
        elif got is None:
            missing += 1
        else:
            wrong.append((cell, want, got))
    return right, missing, wrong
