"""Words in pictures, and what lies under a cover: found; pictures without words: let pass; doubt: told."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from openpyxl.styles import Font, PatternFill
from PIL import Image

from gongkai.screening import Result
from gongkai.screening.child import screen
from tests.screening import plants_page, plants_picture, plants_sheet, plants_word
from tests.screening.planting import DECOYS, LEAKS

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
    "pale": '#text(fill: luma(200))[浅灰的字] #text(fill: rgb("ffff66"))[浅黄的字] #text(size: 5pt)[很小的字。、·-]',
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
