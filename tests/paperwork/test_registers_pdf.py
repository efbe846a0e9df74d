"""Forms of the archive: the same bytes each time, PDF/A, every column on the sheet, bad input told."""

import datetime
import io

import pikepdf
import pypdfium2
import pytest

from gongkai.paperwork import pdf
from gongkai.paperwork.errors import GlyphMissing, TooLong
from gongkai.paperwork.registers import Column, Line, Register, line, printable
from gongkai.paperwork.sheets import Fact, ReviewStep

COLUMNS = tuple(Column(name=name, share=share) for name, share in (("件号", 1), ("题名", 6), ("备注", 3)))


def register(**more: object) -> Register:
    said = {
        "title": "卷内目录",
        "agency": "西工区城市改造办公室",
        "number": "XG0123-WS·2021-D30-XXGK-0001",
        "date": datetime.date(2021, 6, 1),
        "facts": (Fact(name="题名", value="政府信息公开申请"),),
        "columns": COLUMNS,
        "lines": tuple(line(str(n), f"第{n}号文书", "") for n in range(1, 61)),
        "text": ("一段说明。",),
        "steps": (ReviewStep(role="监销人"),),
        "remarks": ("本清册永久保存。",),
    }
    return Register(**(said | more))  # type: ignore[arg-type]


def text_of(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def test_the_same_register_gives_the_same_pdf_a() -> None:
    data = pdf.register_pdf(register())
    assert data == pdf.register_pdf(register())
    with pikepdf.open(io.BytesIO(data)) as sheet, sheet.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "A")
        assert sheet.Root.StructTreeRoot is not None


def test_every_line_stands_on_it_and_the_heads_stand_on_each_page() -> None:
    pages = text_of(pdf.register_pdf(register()))
    together = "".join(pages)
    assert len(pages) > 1 and all("题名" in page for page in pages[:-1])
    assert all(f"第{n}号文书" in together for n in range(1, 61))
    for words in ("XG0123-WS·2021-D30-XXGK-0001", "监销人", "本清册永久保存", "2021年6月1日"):
        assert words in together


@pytest.mark.parametrize("empty", ["facts", "lines", "text", "steps", "remarks"])
def test_any_part_may_be_missing(empty: str) -> None:
    assert pdf.register_pdf(register(**{empty: ()})).startswith(b"%PDF")


def test_a_landscape_register_is_one() -> None:
    width, height = pypdfium2.PdfDocument(pdf.register_pdf(register(landscape=True)))[0].get_size()
    assert width > height


def test_bad_input_is_told() -> None:
    with pytest.raises(GlyphMissing, match="表第1行"):
        pdf.register_pdf(register(lines=(line("1", "😀", ""),)))
    with pytest.raises(TooLong):
        pdf.register_pdf(register(lines=(line("1", "长" * 5001, ""),)))
    with pytest.raises(ValueError, match="one cell for each column"):
        register(lines=(Line(cells=()),))


def test_what_no_font_has_is_noted_in_its_place() -> None:
    assert printable("甲😀乙\u202e丙\n丁") == "甲〔U+1F600〕乙丙\n丁"
    assert pdf.register_pdf(register(lines=(line("1", printable("😀"), ""),))).startswith(b"%PDF")
