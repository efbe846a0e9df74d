"""Words in pictures, and what lies under a cover: found; pictures without words: let pass; doubt: told."""

import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from openpyxl.styles import Font, PatternFill
from PIL import ExifTags, Image, ImageFilter

from gongkai.screening import Result, Verdict, screen_file
from gongkai.screening.child import screen
from gongkai.screening.readers import ocr
from tests.screening import (
    plants_mail,
    plants_ofd,
    plants_page,
    plants_picture,
    plants_sheet,
    plants_slides,
    plants_word,
)
from tests.screening.planting import DECOYS, LEAKS
from tests.screening.plants_picture import drawn, written

Plant = Callable[[str], bytes]
ALL = "\n".join(LEAKS.values())

# One picture with a leak of each kind, so that recognising it is paid once.
PICTURES: list[tuple[str, Plant]] = [
    ("png", plants_picture.picture),
    ("jpg", plants_picture.jpeg),
    ("docx", plants_picture.in_word),
    ("xlsx", plants_picture.in_sheet),
    ("pdf", plants_picture.on_page),
    ("pdf", plants_picture.scanned),
]
COVERED: list[tuple[str, Plant]] = [
    ("pdf", plants_page.black_bar),
    ("pdf", plants_page.white_bar_with_words),
    ("pdf", plants_page.covering_note),
    ("docx", plants_word.black_on_black),
    ("docx", plants_word.dark_on_shading),
    ("docx", plants_word.under_a_shape),
    ("docx", plants_word.below_the_anchor),
    ("docx", plants_word.under_an_old_shape),
    ("xlsx", plants_sheet.under_a_shape),
    ("xlsx", plants_sheet.under_a_picture),
]


def screened(data: bytes, form: str) -> Result:
    return screen(data, f"件.{form}")


def found(result: Result) -> list[tuple[str, str]]:
    return [(str(finding.kind), str(finding.layer)) for finding in result.findings]


def name_of(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize("form,plant", PICTURES, ids=name_of)
def test_every_kind_is_found_in_a_picture(form: str, plant: Plant) -> None:
    result = screened(plant(ALL), form)
    assert result.reason is None
    assert sorted(found(result)) == sorted((kind, "image") for kind in LEAKS)


@pytest.mark.parametrize("form,plant", PICTURES, ids=name_of)
def test_decoys_in_a_picture_block_nowhere(form: str, plant: Plant) -> None:
    assert screened(plant("\n".join(DECOYS)), form).findings == ()


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize("form,plant", COVERED, ids=name_of)
def test_every_kind_is_found_under_a_cover(form: str, plant: Plant, kind: str) -> None:
    result = screened(plant(LEAKS[kind]), form)
    assert (kind, "under_cover") in found(result)
    assert {name for name, _ in found(result)} <= {kind, "hidden_content"}


@pytest.mark.parametrize("form,plant", COVERED, ids=name_of)
def test_decoys_under_a_cover_block_nowhere(form: str, plant: Plant) -> None:
    for decoy in DECOYS:
        result = screened(plant(decoy), form)
        assert {kind for kind, _ in found(result)} == {"hidden_content"}


# What can be read on the page is not concealed, however it is drawn.
PLAIN_TO_SEE = {
    "table with a dark heading": """#table(columns: 2, fill: (x, y) => if y == 0 { rgb("1f4e9e") } else { luma(230) },
        text(fill: white)[姓名], text(fill: white)[事项], [甲], [已办结], [乙], [一、二、三……—-·])""",
    "white on a bar": '#rect(fill: rgb("003366"), text(fill: white)[工作情况]) #block(fill: gradient.linear(red, blue))[标题]',
    "highlighted": "#highlight(fill: yellow)[重点] #strike[删去的字] #underline[着重]",
    "watermark below": '#set page(background: rotate(24deg, text(60pt, fill: rgb("eeeeee"))[样张]))\n'
    + "办理情况。" * 60,
    "watermark above": "#set page(foreground: rotate(24deg, text(60pt, fill: rgb(200, 0, 0, 40))[样张]))\n"
    + "办理情况。" * 60,
    "pale": '#text(fill: luma(200))[浅灰的字] #text(fill: rgb("ffff66"))[浅黄的字] #text(size: 5pt)[很小、·-的字。]',
    "turned": "#set page(flipped: true)\n#rotate(90deg)[旋转的字]",
}


@pytest.mark.parametrize("source", PLAIN_TO_SEE.values(), ids=PLAIN_TO_SEE)
def test_coloured_and_marked_text_is_text(source: str) -> None:
    data = plants_page.typeset('#set text(font: "Gongkai Song")\n' + source)
    assert screened(data, "pdf").findings == ()


def _sealed(image: Image.Image, *, over: bool) -> bytes:
    """A page with a picture that lets its ground through, over or under the text."""
    pdf = pikepdf.open(io.BytesIO(plants_page.text("二〇二一年十二月三十一日")))
    page = pdf.pages[0]
    page.Resources.XObject = pikepdf.Dictionary()
    draws = plants_picture.placed(pdf, image, (60, 640, 150, 150))
    mask = pikepdf.Stream(pdf, image.getchannel("A").tobytes())
    mask.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
    )
    next(iter(page.Resources.XObject.values())).SMask = mask
    text = b" q " + page.Contents.read_bytes() + b" Q "
    page.Contents = pdf.make_stream(text + draws if over else draws + text)
    return plants_page.saved(pdf)


@pytest.mark.parametrize("over", [True, False])
def test_a_seal_over_the_date_and_a_picture_under_it_cover_nothing(over: bool) -> None:
    seal = Image.new("RGBA", (300, 300), (0, 0, 0, 0) if over else (230, 120, 90, 255))
    seal.paste((220, 0, 0, 255), (0, 140, 300, 150))
    assert screened(_sealed(seal, over=over), "pdf").findings == ()


def test_a_cover_is_seen_on_a_turned_and_cropped_page() -> None:
    pdf = pikepdf.open(io.BytesIO(plants_page.black_bar(LEAKS["resident_id"])))
    pdf.pages[0].Rotate, pdf.pages[0].CropBox = 90, [30, 300, 560, 800]
    assert found(screened(plants_page.saved(pdf), "pdf")) == [("resident_id", "under_cover")]


def test_text_behind_a_scan_is_the_text_of_the_page() -> None:
    pdf = pikepdf.open(io.BytesIO(plants_page.text("办结")))
    page = pdf.pages[0]
    page.Resources.XObject = pikepdf.Dictionary()
    scan = plants_picture.placed(pdf, Image.new("RGB", (600, 800), "white"), (0, 0, 595, 842))
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\n" + scan)
    assert screened(plants_page.saved(pdf), "pdf").findings == ()


RUN = "<w:r><w:t>西工区工作情况</w:t></w:r>"
NO_COVER = {
    "behind the text": plants_word.anchored(plants_word.shape(), behind=1) + RUN,
    "text flows round": plants_word.anchored(plants_word.shape(), wrap="wrapTopAndBottom") + RUN,
    "far below": plants_word.anchored(plants_word.shape(), top=12_700 * 90) + RUN,
    "empty frame": plants_word.anchored(plants_word.shape("<a:noFill/>")) + RUN,
    "glass": plants_word.anchored(
        plants_word.shape(
            '<a:solidFill><a:srgbClr val="FFFF00"><a:alpha val="40000"/></a:srgbClr></a:solidFill>'
        )
    )
    + RUN,
    "white on dark": '<w:r><w:rPr><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F4E9E"/></w:rPr>'
    "<w:t>标题</w:t></w:r>",
    "highlighted": '<w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr><w:t>重点</w:t></w:r>',
}


@pytest.mark.parametrize("inner", NO_COVER.values(), ids=NO_COVER)
def test_a_shape_that_hides_nothing_is_no_cover(inner: str) -> None:
    assert [layer for _, layer in found(screened(plants_word.paragraph_xml(inner), "docx"))] == []


@pytest.mark.parametrize(
    "fill",
    ["<a:noFill/>", '<a:solidFill><a:srgbClr val="FF0000"><a:alpha val="30000"/></a:srgbClr></a:solidFill>'],
)
def test_cells_under_a_frame_or_glass_are_cells(fill: str) -> None:
    data = plants_sheet.drawn_over(LEAKS["resident_id"], plants_sheet.shape(fill))
    assert found(screened(data, "xlsx")) == [("resident_id", "table")]


def test_letters_in_the_colour_of_their_cell_are_hidden_and_white_headings_are_not() -> None:
    data = plants_sheet.black_on_black(LEAKS["resident_id"])
    assert found(screened(data, "xlsx")) == [("resident_id", "hidden_text")]
    book, sheet = plants_sheet.fresh()
    sheet["A1"].font, sheet["A1"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F4E9E")
    assert screened(plants_sheet.packed(book), "xlsx").findings == ()


@pytest.mark.parametrize("name", ["image_0.png", "image_0.JPG", "image_0.bin", "image_0"])
def test_a_picture_on_a_page_of_ofd_is_read_whatever_it_is_called(name: str) -> None:
    data = plants_ofd.picture(plants_picture.picture(LEAKS["resident_id"]), name)
    assert found(screened(data, "ofd")) == [("resident_id", "image")]


def test_a_picture_of_a_coding_that_is_not_read_is_told() -> None:
    jbig2 = b"\x97JB2\r\n\x1a\n\x01" + bytes(60)
    (finding,) = screened(plants_ofd.picture(jbig2, "image_0.jb2"), "ofd").findings
    assert (finding.kind, finding.severity) == ("unreadable_part", "block")


def test_pictures_in_slides_mails_and_archives_are_read() -> None:
    image = plants_picture.picture(LEAKS["resident_id"])
    slides = plants_slides.package(parts={"ppt/media/image1.png": image})
    assert found(screened(slides, "pptx")) == [("resident_id", "image")]
    mail = plants_mail.message()
    mail.set_content("见图")
    mail.add_attachment(image, maintype="image", subtype="png", filename="截图.png")
    assert found(screened(mail.as_bytes(), "eml")) == [("resident_id", "embedded_file")]
    archive = plants_mail.zipped({"截图.png": image})
    assert found(screened(archive, "zip")) == [("resident_id", "embedded_file")]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_picture_that_lies_on_its_side_is_read(turn: int) -> None:
    turned = drawn(tuple(LEAKS.values())).rotate(turn, expand=True)
    assert sorted(kind for kind, _ in found(screened(written(turned), "png"))) == sorted(LEAKS)


def test_an_id_that_the_picture_breaks_over_two_boxes_or_lines_is_read() -> None:
    sheet = Image.new("RGB", (900, 200), "white")
    sheet.paste(drawn(("410305",)), (20, 20))
    sheet.paste(drawn(("199003071230",), margin=4), (145, 46))
    assert ("resident_id", "image") in found(screened(written(sheet), "png"))
    broken = drawn(("公民身份号码 4103051990", "03071230"))
    assert ("resident_id", "image") in found(screened(written(broken), "png"))


def test_cells_of_a_table_in_a_picture_are_not_joined() -> None:
    sheet = Image.new("RGB", (900, 120), "white")
    for at, digits in ((20, "410305"), (320, "19900307"), (620, "1230")):
        sheet.paste(drawn((digits,)), (at, 20))
    assert screened(written(sheet), "png").findings == ()


def test_small_words_in_a_large_picture_and_at_the_end_of_a_long_one_are_read() -> None:
    large = Image.new("RGB", (2600, 1700), "white")
    large.paste(drawn((LEAKS["resident_id"],), 22), (1500, 1200))
    assert found(screened(written(large), "png")) == [("resident_id", "image")]
    long = Image.new("RGB", (500, 4200), "white")
    long.paste(drawn((LEAKS["mobile_number"],), 20), (0, 4050))
    assert found(screened(written(long), "png")) == [("mobile_number", "image")]


def test_pictures_without_words_let_a_file_pass() -> None:
    grain = np.random.default_rng(1).integers(0, 255, (150, 220, 3), dtype=np.uint8)
    for picture in (
        Image.fromarray(grain).resize((900, 600)).filter(ImageFilter.GaussianBlur(3)),
        Image.new("RGB", (600, 400), "black"),
        Image.new("RGB", (8, 8), "red"),
    ):
        assert screened(written(picture), "png").verdict is Verdict.CLEAR


def test_words_that_cannot_be_made_out_are_never_clear() -> None:
    words = drawn(("公民身份号码410305199003071230", "中州中路十二号院三号楼"))
    tiny = words.resize((words.width // 5, words.height // 5), Image.Resampling.LANCZOS)
    (finding,) = screened(written(tiny), "png").findings
    assert (finding.kind, finding.severity, finding.layer) == ("unreadable_part", "block", "image")
    assert "辨认不清" in finding.why


def test_a_number_that_is_almost_an_id_is_shown_to_a_person() -> None:
    (finding,) = screened(written(drawn(("编号 410305199003071231",))), "png").findings
    assert (finding.kind, finding.layer) == ("unreadable_part", "image")
    assert "校验不符" in finding.why
    assert "9900307" not in finding.excerpt


def test_transparent_and_deep_and_moving_pictures_are_read() -> None:
    words = drawn((LEAKS["resident_id"],))
    inverse = words.convert("L").point(lambda value: 255 - value)
    white_on_nothing = Image.new("RGBA", words.size, (255, 255, 255, 0))
    white_on_nothing.putalpha(inverse)
    deep = Image.fromarray(np.asarray(words.convert("L")).astype(np.uint16) * 200)
    moving = io.BytesIO()
    Image.new("RGB", words.size, "white").save(moving, "GIF", save_all=True, append_images=[words])
    pages = io.BytesIO()
    Image.new("CMYK", words.size).save(pages, "TIFF", save_all=True, append_images=[words])
    for data in (
        written(white_on_nothing),
        written(deep),
        moving.getvalue(),
        pages.getvalue(),
        written(words, "WEBP"),
    ):
        assert found(screened(data, "png")) == [("resident_id", "image")]


def test_what_a_bar_hides_of_a_scan_is_read_all_the_same() -> None:
    pdf = pikepdf.open(io.BytesIO(plants_picture.scanned(LEAKS["resident_id"])))
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" 0 g 0 700 595 142 re f")
    assert found(screened(plants_page.saved(pdf), "pdf")) == [("resident_id", "image")]


def test_a_scan_in_strips_is_read_as_a_whole() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].Resources = pikepdf.Dictionary()
    sheet = Image.new("RGB", (1240, 1754), "white")
    sheet.paste(drawn((LEAKS["resident_id"],), 29), (120, 160))
    draws = b""
    for number in range(9):
        # The cut goes through the middle of the line.
        top, bottom = (number * 205, min(number * 205 + 205, 1754))
        strip = sheet.crop((0, top, 1240, bottom))
        draws += plants_picture.placed(pdf, strip, (0, 842 - bottom * 0.48, 595, (bottom - top) * 0.48))
    pdf.pages[0].Contents = pdf.make_stream(draws)
    assert found(screened(plants_page.saved(pdf), "pdf")) == [("resident_id", "image")]


def test_letters_that_became_curves_are_read() -> None:
    from fontTools.pens.basePen import BasePen
    from fontTools.ttLib import TTFont

    class Curves(BasePen):
        """Writes outlines as drawing commands of a PDF."""

        def __init__(self, glyphs: object) -> None:
            super().__init__(glyphs)
            self.said: list[str] = []

        def _moveTo(self, point: tuple[float, float]) -> None:
            self.said.append(f"{point[0]} {point[1]} m")

        def _lineTo(self, point: tuple[float, float]) -> None:
            self.said.append(f"{point[0]} {point[1]} l")

        def _curveToOne(self, *points: tuple[float, float]) -> None:
            self.said.append(" ".join(f"{x} {y}" for x, y in points) + " c")

        def _closePath(self) -> None:
            self.said.append("h")

    font = TTFont(str(plants_picture.SONG))
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    draws, at = "", 60.0
    for char in LEAKS["resident_id"]:
        pen = Curves(glyphs)
        glyphs[names[ord(char)]].draw(pen)
        draws += f"q 0.016 0 0 0.016 {at} 700 cm {' '.join(pen.said)} f Q\n"
        at += glyphs[names[ord(char)]].width * 0.016
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].Contents = pdf.make_stream(draws.encode())
    assert found(screened(plants_page.saved(pdf), "pdf")) == [("resident_id", "image")]


def test_pictures_beyond_the_time_are_counted_and_never_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "SECONDS", 0.001)
    monkeypatch.setattr(ocr, "begin", lambda begin=ocr.begin: begin(0.001))
    pages = io.BytesIO()
    sheets = [drawn((f"第{number}页",)) for number in range(6)]
    sheets[0].save(pages, "TIFF", save_all=True, append_images=sheets[1:])
    (finding,) = screened(pages.getvalue(), "tif").findings
    assert (finding.kind, finding.severity) == ("unreadable_part", "block")
    assert "5 幅图片未辨认" in finding.excerpt
    assert "第 2 幅起" in finding.location


def test_without_the_recogniser_a_picture_is_not_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_there() -> object:
        raise ocr._NoEngine

    monkeypatch.setattr(ocr, "_engine", none_there)
    (finding,) = screened(written(drawn(("办结",))), "png").findings
    assert (finding.kind, finding.severity) == ("unreadable_part", "block")


def test_the_same_picture_is_recognised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(ocr, "_look", lambda pixels, look=ocr._look: looks.append(1) or look(pixels))
    words = drawn((LEAKS["resident_id"],))
    pages = io.BytesIO()
    words.save(pages, "TIFF", save_all=True, append_images=[words, words])
    assert len(screened(pages.getvalue(), "tif").findings) == 3
    assert len(looks) == 1


def camera_file() -> bytes:
    """A photograph as telephones make it: where, by whom, with what, and a small copy of what it was."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "张三"
    exif[ExifTags.Base.XPComment] = "联系13812345678".encode("utf-16-le")
    exif[ExifTags.Base.Make] = "相机"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (34.0, 40.0, 12.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (112.0, 25.0, 30.0)
    return written(Image.new("RGB", (200, 120), "white"), "JPEG", exif=exif)


def test_a_photograph_tells_where_and_by_whom() -> None:
    result = screened(camera_file(), "jpg")
    assert result.verdict is Verdict.BLOCK
    assert set(found(result)) == {
        ("location_metadata", "metadata"),
        ("document_metadata", "metadata"),
        ("mobile_number", "metadata"),
    }
    place = next(finding for finding in result.findings if finding.kind == "location_metadata")
    # That it tells the place is said, not the place itself.
    assert "34.67" not in place.excerpt


def test_a_photograph_inside_a_document_tells_it_too() -> None:
    data = plants_word.with_parts(plants_word.text("完"), {"word/media/image1.jpeg": camera_file()})
    assert ("location_metadata", "metadata") in found(screened(data, "docx"))


def test_a_photograph_on_a_page_tells_it_too() -> None:
    pdf = pikepdf.open(io.BytesIO(plants_page.text("完")))
    page = pdf.pages[0]
    photograph = pdf.make_stream(camera_file())
    photograph.update(
        pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=200,
            Height=120,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
    )
    page.Resources.XObject = pikepdf.Dictionary(Im0=photograph)
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" q 200 0 0 120 80 300 cm /Im0 Do Q")
    assert ("location_metadata", "metadata") in found(screened(plants_page.saved(pdf), "pdf"))


@pytest.mark.parametrize("kind", LEAKS)
def test_the_comment_of_a_picture_is_read(kind: str) -> None:
    assert (kind, "metadata") in found(screened(plants_picture.comment(LEAKS[kind]), "png"))


def test_xmp_of_a_picture_is_read() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        'exif:GPSLatitude="34,40.2N"><dc:creator><rdf:Seq><rdf:li>张三</rdf:li></rdf:Seq></dc:creator>'
        f"<dc:description>{LEAKS['resident_id']}</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    data = written(Image.new("RGB", (40, 40), "white"), "WEBP", xmp=packet.encode())
    assert set(found(screened(data, "webp"))) == {
        ("location_metadata", "metadata"),
        ("document_metadata", "metadata"),
        ("resident_id", "metadata"),
    }


def test_a_small_copy_of_another_picture_and_what_follows_the_end_are_told() -> None:
    before = written(drawn((LEAKS["resident_id"],), margin=4).resize((320, 60)), "JPEG")
    # TIFF inside EXIF: no tag of the picture itself, then the directory of the small copy.
    head = b"II*\0" + (8).to_bytes(4, "little") + (0).to_bytes(2, "little") + (14).to_bytes(4, "little")
    tags = ((0x0201, 44), (0x0202, len(before)))
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\4\0\1\0\0\0" + value.to_bytes(4, "little") for tag, value in tags
    )
    exif = b"Exif\0\0" + head + (2).to_bytes(2, "little") + entries + bytes(4) + before
    after = Image.new("RGB", (320, 60), "white")
    kinds = found(screened(written(after, "JPEG", exif=exif), "jpg"))
    assert ("hidden_content", "metadata") in kinds
    cropped = plants_picture.picture("办结") + b"rest of the picture before it was cropped"
    assert found(screened(cropped, "png")) == [("hidden_content", "metadata")]


def test_a_small_copy_of_the_same_picture_is_ordinary() -> None:
    exif = Image.Exif()
    assert screened(written(drawn(("办结",)), "JPEG", exif=exif), "jpg").verdict is Verdict.CLEAR


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_that_is_cut_off_is_unreadable(form: str) -> None:
    data = written(drawn((LEAKS["resident_id"],)), form)
    result = screened(data[: len(data) // 2], "png")
    assert (result.verdict, "损坏" in (result.reason or "")) == (Verdict.UNREADABLE, True)


def test_a_picture_that_claims_any_size_is_not_unfolded() -> None:
    data = bytearray(written(Image.new("1", (100, 100)), "BMP"))
    data[18:26] = (60_000).to_bytes(4, "little") + (60_000).to_bytes(4, "little")
    result = screened(bytes(data), "bmp")
    assert "百万像素" in (result.reason or "")


@pytest.mark.soak
def test_a_scan_of_five_hundred_pages_ends_in_order() -> None:
    pdf = pikepdf.new()
    for number in range(500):
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[number]
        page.Resources = pikepdf.Dictionary()
        sheet = Image.new("RGB", (1240, 1754), "white")
        sheet.paste(drawn((f"第{number}页", LEAKS["resident_id"]), 29), (120, 150))
        stream = pdf.make_stream(written(sheet, "JPEG"))
        stream.update(
            pikepdf.Dictionary(
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=1240,
                Height=1754,
                ColorSpace=pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
        )
        page.Resources.XObject = pikepdf.Dictionary(Im0=stream)
        page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    result = screen_file(plants_page.saved(pdf), "扫描件.pdf")
    assert result.verdict is Verdict.BLOCK
    assert result.reason is None
    kinds = [finding.kind for finding in result.findings]
    assert kinds.count("resident_id") > 5
    assert "幅图片未辨认" in result.findings[-1].excerpt
