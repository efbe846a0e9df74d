"""Pictures with words in them, as files and inside documents, and pictures with words beside them."""

import io
from functools import cache

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from tests.screening.plants_page import FONTS, opened, saved
from tests.screening.plants_sheet import fresh as fresh_book
from tests.screening.plants_sheet import packed as packed_book
from tests.screening.plants_word import fresh, packed

SONG = FONTS / "GongkaiSong-Regular.otf"


def drawn(lines: tuple[str, ...], size: int = 24, *, margin: int = 30) -> Image.Image:
    """Lines of words in black on white, one under the other."""
    font = ImageFont.truetype(str(SONG), size)
    width = max(int(font.getlength(line)) for line in lines) + 2 * margin
    image = Image.new("RGB", (max(width, 300), len(lines) * size * 2 + 2 * margin), "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((margin, margin + number * size * 2), line, font=font, fill="black")
    return image


def written(image: Image.Image, form: str = "PNG", **settings: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **settings)  # type: ignore[arg-type]
    return stream.getvalue()


@cache
def picture(text: str, form: str = "PNG") -> bytes:
    return written(drawn(tuple(text.split("\n"))), form)


def jpeg(text: str) -> bytes:
    return picture(text, "JPEG")


def in_word(text: str) -> bytes:
    document = fresh()
    document.add_picture(io.BytesIO(picture(text)))
    return packed(document)


def in_sheet(text: str) -> bytes:
    from openpyxl.drawing.image import Image as SheetImage

    book, sheet = fresh_book()
    sheet.add_image(SheetImage(io.BytesIO(picture(text))), "E5")
    return packed_book(book)


def placed(pdf: pikepdf.Pdf, image: Image.Image, box: tuple[float, float, float, float]) -> bytes:
    """What draws a picture into a box (left, bottom, width, height) of the first page."""
    stream = pikepdf.Stream(pdf, image.convert("RGB").tobytes())
    stream.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
        )
    )
    page = pdf.pages[0]
    if "/XObject" not in page.Resources:
        page.Resources.XObject = pikepdf.Dictionary()
    name = f"/Im{len(page.Resources.XObject.keys())}"
    page.Resources.XObject[name] = stream
    left, bottom, width, height = box
    return f"q {width} 0 0 {height} {left} {bottom} cm {name} Do Q\n".encode()


def on_page(text: str) -> bytes:
    """A page with text and a picture."""
    pdf = opened()
    image = drawn(tuple(text.split("\n")))
    page = pdf.pages[0]
    width = 400.0
    draws = placed(pdf, image, (80, 120, width, width * image.height / image.width))
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\n" + draws)
    return saved(pdf)


def scanned(text: str) -> bytes:
    """A page that is one picture."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].Resources = pikepdf.Dictionary()
    sheet = Image.new("RGB", (1240, 1754), "white")
    sheet.paste(drawn(tuple(text.split("\n")), 29), (120, 150))
    pdf.pages[0].Contents = pdf.make_stream(placed(pdf, sheet, (0, 0, 595, 842)))
    return saved(pdf)


def comment(text: str) -> bytes:
    notes = PngInfo()
    notes.add_itxt("Comment", text)
    return written(Image.new("RGB", (40, 40), "white"), pnginfo=notes)
