"""What stands in pictures and scans: recognised and painted over, or painted where a person marks it."""

import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
from docx import Document
from PIL import Image

from gongkai.screening import Kind
from gongkai.screening.child import screen
from gongkai.screening.finding import Layer
from gongkai.screening.redaction import Box, Concealment, Order
from gongkai.screening.redaction.doors import redact, survey
from tests.screening import plants_page, plants_picture, plants_word, traces
from tests.screening.planting import ID

IDS = Order(kinds=frozenset({Kind.RESIDENT_ID}))


def kinds(data, name):
    return {finding.kind for finding in screen(data, name).findings}


def shown():
    """A picture with an id in a line, and the same line without it."""
    return plants_picture.picture(f"关于公布名单的通知\n身份证{ID}\n特此通知")


def test_an_id_in_a_picture_is_painted_over_and_the_rest_stays_legible():
    data = shown()
    assert Kind.RESIDENT_ID in kinds(data, "截图.png")
    [target] = survey(data, "截图.png")
    assert target.kind is Kind.RESIDENT_ID and ID not in target.excerpt
    outcome = redact(data, "截图.png", IDS)
    assert Kind.RESIDENT_ID not in kinds(outcome.data, "截图.png")
    before, after = (
        np.asarray(Image.open(io.BytesIO(data)).convert("L")),
        np.asarray(Image.open(io.BytesIO(outcome.data)).convert("L")),
    )
    height = before.shape[0]
    assert (before[: height // 4] == after[: height // 4]).all()


def test_an_id_in_a_picture_of_a_word_document_is_painted_over_in_its_place():
    document = Document()
    document.add_paragraph("见下图。")
    document.add_picture(io.BytesIO(shown()))
    data = plants_word.packed(document)
    made = redact(data, "通知.docx", IDS).data
    assert Kind.RESIDENT_ID not in kinds(made, "通知.docx")
    assert len(Document(io.BytesIO(made)).inline_shapes) == 1


def test_a_scanned_page_is_read_and_painted():
    image, out = Image.open(io.BytesIO(shown())).convert("RGB"), io.BytesIO()
    image.save(out, "PDF", resolution=150)
    data = out.getvalue()
    assert Kind.RESIDENT_ID in kinds(data, "扫描.pdf")
    made = redact(data, "扫描.pdf", IDS).data
    assert Kind.RESIDENT_ID not in kinds(made, "扫描.pdf")


def test_a_marked_rectangle_is_black_and_nothing_else_changes():
    image = Image.new("RGB", (100, 80), "white")
    out = io.BytesIO()
    image.save(out, "PNG")
    made = redact(out.getvalue(), "签名.png", Order(boxes=(Box(1, 0.5, 0.5, 0.9, 0.75),))).data
    pixels = np.asarray(Image.open(io.BytesIO(made)).convert("L"))
    assert (pixels[41:59, 51:89] == 0).all()
    assert (pixels[:39] == 255).all() and (pixels[:, :49] == 255).all()


def test_a_marked_rectangle_on_a_page_of_a_pdf_takes_the_text_under_it_away():
    data = plants_page.text("负责人手签")
    made = redact(data, "公告.pdf", Order(boxes=(Box(1, 0.0, 0.0, 1.0, 1.0),))).data
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert b"Tj" not in opened.pages[0].Contents.read_bytes()
        assert "/Font" not in opened.pages[0].Resources


def test_pictures_become_grey_on_request():
    document = Document()
    document.add_picture(io.BytesIO(shown()))
    made = redact(
        plants_word.packed(document), "通知.docx", Order(drop=frozenset({Concealment.PICTURES}))
    ).data
    assert Kind.RESIDENT_ID not in kinds(made, "通知.docx")
    assert len(Document(io.BytesIO(made)).inline_shapes) == 1


@pytest.mark.parametrize(
    "plant",
    ["black_bar", "white_bar_with_words", "in_the_colour_of_the_page", "outside_the_page", "invisible"],
)
def test_what_lies_under_a_bar_or_is_not_seen_goes_with_the_page(plant):
    data = getattr(plants_page, plant)("身份证" + ID)
    assert Kind.RESIDENT_ID in kinds(data, "公告.pdf")
    made = redact(data, "公告.pdf", IDS).data
    left = screen(made, "公告.pdf").findings
    assert not [
        f for f in left if f.kind is Kind.RESIDENT_ID or f.layer in (Layer.UNDER_COVER, Layer.HIDDEN_TEXT)
    ], left


def test_a_note_that_covers_a_name_is_not_taken_off_it():
    """Nobody ordered anything on this page: without the black note, what it covers could be read."""
    made = redact(plants_page.covering_note("王小明"), "公告.pdf", Order(words=("别处",))).data
    assert not traces.where(made, "王小明")
    assert Kind.HIDDEN_CONTENT not in kinds(made, "公告.pdf")
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert "/Font" not in opened.pages[0].Resources


def test_a_page_without_anything_is_carried_over_as_text():
    made = redact(plants_page.note("已阅"), "公告.pdf", Order(words=("别处",))).data
    assert "西工区城市改造办公室" in read_pages(made)[0]
    assert not traces.where(made, "已阅")


def read_pages(data):
    with pypdfium2.PdfDocument(data) as opened:
        return [page.get_textpage().get_text_range() for page in opened]
