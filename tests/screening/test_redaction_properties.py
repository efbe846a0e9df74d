"""Properties go from everything that is released, and nothing else changes."""

import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.formatting.rule import CellIsRule
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image

from gongkai.screening.redaction.properties import SIGNED, clean
from tests.screening import plants_page, plants_word, traces

EXAMPLES = Path("../shared/domain/examples")
PLANTED = "金丝雀柳乙"
# Parts that say who made a file, or lead to one that does.
TELLING = re.compile(
    r"^docProps/|\.rels$|^\[Content_Types\]\.xml$|/people\.xml$|printerSettings|/settings\.xml$"
)
_SESSION = re.compile(rb'\sw:rsid\w*="[^"]*"')


def picture(kind="JPEG", **more):
    image = Image.new("RGB", (60, 40))
    image.putdata([(x * 4, y * 6, (x * y) % 255) for y in range(40) for x in range(60)])
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def photograph(kind="JPEG", way_up=6):
    exif = Image.Exif()
    exif[0x0112] = way_up
    exif[0x013B] = PLANTED
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (34.0, 40.0, 12.5)
    return picture(kind, exif=exif.tobytes(), **({"comment": PLANTED.encode()} if kind == "JPEG" else {}))


def document():
    made = docx.Document()
    made.core_properties.author = made.core_properties.last_modified_by = PLANTED
    made.core_properties.title = PLANTED
    made.add_heading("关于公布征收补偿方案的公告", 1)
    made.add_picture(io.BytesIO(photograph()))
    grid = made.add_table(3, 3)
    grid.cell(0, 0).merge(grid.cell(0, 2)).text = "补偿标准"
    settings = {
        "word/settings.xml": lambda xml: xml.replace(
            "</w:settings>",
            '<w:rsids><w:rsidRoot w:val="00A1B2C3"/><w:rsid w:val="00A1B2C3"/></w:rsids></w:settings>',
        ),
        "word/document.xml": lambda xml: xml.replace(
            "<w:p>", '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00D4">', 1
        ),
    }
    app = f'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Template>C:\\{PLANTED}.dotx</Template><Manager>{PLANTED}</Manager><Company>{PLANTED}</Company></Properties>'
    return plants_word.with_parts(plants_word.packed(made), {"docProps/app.xml": app.encode()}, settings)


def workbook():
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = PLANTED
    sheet = book.worksheets[0]
    sheet.append(["月份", "办结", "比例"])
    for month in range(1, 7):
        sheet.append([f"{month}月", month * 3, f"=B{month + 1}/10"])
    sheet.merge_cells("A9:C9")
    sheet["A9"] = "合计"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=7), titles_from_data=True)
    sheet.add_chart(chart, "E2")
    sheet.add_image(SheetImage(io.BytesIO(photograph())), "E20")
    choice = DataValidation(type="list", formula1='"是,否"')
    choice.add("D2:D7")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("B2:B7", CellIsRule(operator="greaterThan", formula=["9"]))
    sheet["B2"].comment = Comment("已核", PLANTED)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def same_parts(old, new):
    with zipfile.ZipFile(io.BytesIO(old)) as before, zipfile.ZipFile(io.BytesIO(new)) as after:
        assert after.testzip() is None
        kept = [name for name in before.namelist() if not TELLING.search(name) and not name.endswith("/")]
        for name in kept:
            left, right = before.read(name), after.read(name)
            if "/media/" in name:
                assert pixels(left) == pixels(right)
            elif "comments" not in name:
                assert _SESSION.sub(b"", left) == right, name
        assert set(after.namelist()) <= set(before.namelist())


def pixels(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.tobytes()


def test_a_word_document_loses_its_properties_and_nothing_else():
    old = document()
    assert traces.where(old, PLANTED)
    new = clean(old, "公告.docx").data
    assert not traces.where(new, PLANTED)
    assert not traces.where(new, "00A1B2C3")
    same_parts(old, new)
    opened = docx.Document(io.BytesIO(new))
    assert opened.tables[0].cell(0, 1).text == "补偿标准"
    assert len(opened.inline_shapes) == 1
    assert opened.core_properties.author == ""


def test_a_workbook_loses_its_properties_and_nothing_else():
    old = workbook()
    assert traces.where(old, PLANTED)
    new = clean(old, "统计.xlsx").data
    assert not traces.where(new, PLANTED)
    same_parts(old, new)
    sheet = openpyxl.load_workbook(io.BytesIO(new)).worksheets[0]
    assert sheet["C2"].value == "=B2/10"
    assert (
        str(
            sheet.merged_cells.ranges[0]
            if isinstance(sheet.merged_cells.ranges, list)
            else next(iter(sheet.merged_cells.ranges))
        )
        == "A9:C9"
    )
    assert sheet.data_validations.dataValidation[0].formula1 == '"是,否"'
    assert len(sheet._charts) == 1
    assert len(sheet._images) == 1
    assert sheet["B2"].comment.text == "已核"


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not on this machine")
def test_a_real_word_form_stays_part_by_part():
    old = (EXAMPLES / "annual-report-blank-form.docx").read_bytes()
    new = clean(old, "年报.docx").data
    same_parts(old, new)
    before, after = docx.Document(io.BytesIO(old)), docx.Document(io.BytesIO(new))
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    assert not after.core_properties.author and not after.core_properties.last_modified_by


def renderings(data):
    with pypdfium2.PdfDocument(data) as opened:
        return [page.render(scale=1).to_numpy().tobytes() for page in opened]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not on this machine")
def test_a_real_pdf_is_drawn_the_same():
    old = (EXAMPLES / "huaian-2024.pdf").read_bytes()
    new = clean(old, "年报.pdf").data
    with pikepdf.open(io.BytesIO(new)) as opened:
        assert not opened.docinfo.keys() if "/Info" in opened.trailer else True
        assert "/Metadata" not in opened.Root
    assert renderings(new) == renderings(old)


def test_a_pdf_of_our_own_stays_pdf_a():
    old = plants_page.typeset(
        '#set document(title: "金丝雀柳乙", author: "金丝雀柳乙")\n#set text(font: "Gongkai Song")\n公告'
    )
    new = clean(old, "公告.pdf").data
    assert not traces.where(new, PLANTED)
    assert renderings(new) == renderings(old)


def test_a_signed_pdf_is_left_alone_and_says_so():
    pdf = plants_page.opened()
    pdf.docinfo["/Author"] = PLANTED
    signature = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"x")
    )
    pdf.Root.AcroForm = pikepdf.Dictionary(
        SigFlags=3, Fields=[pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=signature)]
    )
    data = plants_page.saved(pdf)
    outcome = clean(data, "批复.pdf")
    assert outcome.data == data
    assert outcome.notes == (SIGNED,)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_loses_place_and_maker_and_keeps_every_pixel_and_its_way_up(kind):
    old = photograph(kind)
    new = clean(old, f"现场.{kind.lower()}").data
    assert pixels(new) == pixels(old)
    assert not traces.where(new, PLANTED)
    with Image.open(io.BytesIO(new)) as image:
        exif = image.getexif()
        assert dict(exif) == {0x0112: 6}
        assert not exif.get_ifd(0x8825)
    assert clean(new, f"现场.{kind.lower()}").data == new


def test_what_a_camera_appends_behind_the_picture_goes():
    old = picture() + b"MotionPhoto" + PLANTED.encode()
    new = clean(old, "现场.jpg").data
    assert new == picture()


def test_colours_keep_their_profile():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    new = clean(picture(icc_profile=profile, exif=photograph_exif()), "图.jpg").data
    with Image.open(io.BytesIO(new)) as image:
        assert image.info["icc_profile"] == profile


def photograph_exif():
    exif = Image.Exif()
    exif[0x013B] = PLANTED
    return exif.tobytes()


def test_a_moving_picture_keeps_its_frames():
    frames = [Image.new("P", (8, 8), n) for n in (1, 2, 3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=PLANTED.encode())
    new = clean(out.getvalue(), "图.gif").data
    assert not traces.where(new, PLANTED)
    with Image.open(io.BytesIO(new)) as image:
        assert getattr(image, "n_frames", 1) == getattr(Image.open(io.BytesIO(out.getvalue())), "n_frames", 1)


def test_what_says_nothing_of_itself_comes_back_byte_for_byte():
    for data, name in ((picture(), "图.jpg"), ("正文".encode(), "说明.txt"), (b"a,b\n1,2\n", "表.csv")):
        assert clean(data, name).data == data
    once = clean(document(), "公告.docx").data
    assert clean(once, "公告.docx").data == once
    book = clean(workbook(), "统计.xlsx").data
    assert clean(book, "统计.xlsx").data == book
    page = clean(plants_page.title_property("某某"), "公告.pdf").data
    assert clean(page, "公告.pdf").data == page
