"""Properties go from older office files, OFD, TIFF and web pages too, and nothing else changes."""

import io
import struct
import zipfile

import olefile
import pikepdf
import pytest
import xlrd
from PIL import Image

from gongkai.screening.child import screen
from gongkai.screening.redaction import BLOT, Order, properties
from gongkai.screening.redaction.doors import redact
from gongkai.screening.redaction.properties import SIGNED, clean
from tests.screening import plants_legacy, plants_ofd, plants_page, plants_word, traces
from tests.screening.planting import LEAKS

PLANTED = "金丝雀柳乙"
MAKER = "canary"
FILES = sorted(path.name for path in plants_legacy.FILES.glob("*.[dx][ol][cs]"))
# Streams in which a name may be written over; all others stay byte for byte.
TOUCHED = {"\x05SummaryInformation", "\x05DocumentSummaryInformation", "0Table", "1Table", "Workbook"}


def streams(data: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        return {"/".join(path): ole.openstream(path).read() for path in ole.listdir(storages=False)}


def findings(data: bytes, name: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.layer, each.excerpt) for each in screen(data, name).findings]


@pytest.mark.parametrize("name", FILES)
def test_an_older_file_keeps_all_its_words(name: str) -> None:
    # A leak planted in any layer but the properties is found in the same place before and after.
    old = (
        plants_legacy.planted(name, LEAKS["resident_id"])
        if not name.startswith("picture")
        else (plants_legacy.original(name))
    )
    new = clean(old, name).data
    assert len(new) == len(old)
    before, after = streams(old), streams(new)
    assert before.keys() == after.keys()
    for path, body in before.items():
        assert len(after[path]) == len(body)
        if path.rpartition("/")[2] not in TOUCHED:
            assert after[path] == body
    if name.startswith("title_property"):
        assert findings(new, name) == []
    else:
        assert findings(new, name) == findings(old, name)
    assert clean(new, name).data == new
    if name.endswith("xls"):
        books = [xlrd.open_workbook(file_contents=each, formatting_info=True) for each in (old, new)]
        cells = [
            [sheet.row_values(row) for sheet in book.sheets() for row in range(sheet.nrows)] for book in books
        ]
        assert cells[0] == cells[1]


@pytest.mark.parametrize("name", ["title_property.doc", "title_property.xls"])
def test_the_author_of_an_older_file_is_in_no_stream_any_more(name: str) -> None:
    old = plants_legacy.authored(name)
    assert ("document_metadata", "metadata") in [each[:2] for each in findings(old, name)]
    outcome = clean(old, name)
    assert outcome.removed
    assert not traces.where(outcome.data, "张三")
    assert findings(outcome.data, name) == []


def test_who_saved_and_who_noted_in_a_workbook_is_gone() -> None:
    old = plants_legacy.original("comment.xls")
    at = plants_legacy.place(old, "Workbook", plants_legacy.record(old, 0x5C) + 4)
    name = struct.pack("<HB", len(PLANTED), 1) + PLANTED.encode("utf-16-le")
    old = plants_legacy.patched(old, at, name)
    assert traces.where(old, PLANTED)
    new = clean(old, "表.xls").data
    assert not traces.where(new, PLANTED)
    assert xlrd.open_workbook(file_contents=new).user_name.strip() == ""


def test_who_noted_and_who_revised_in_a_document_is_gone() -> None:
    old = plants_legacy.original("comment.doc")
    author = "经办人"
    assert traces.where(old, author)
    assert not traces.where(clean(old, "件.doc").data, author)
    old = plants_legacy.original("deleted.doc")
    # The list of who revised, and the one name in it that is nobody's.
    writers = struct.pack("<HHHH", 0xFFFF, 2, 0, 7) + "Unknown".encode("utf-16-le") + struct.pack("<H", 1)
    assert writers + "a".encode("utf-16-le") in old
    assert writers + "作".encode("utf-16-le") in clean(old, "件.doc").data


def test_what_lies_in_sectors_of_no_stream_is_gone() -> None:
    old = plants_legacy.original("text.doc")
    with olefile.OleFileIO(io.BytesIO(old)) as ole:
        free = [number for number, follows in enumerate(ole.fat) if follows == olefile.FREESECT]
    at = next((number + 1) * 512 for number in free if (number + 2) * 512 <= len(old) + 512)
    old = plants_legacy.patched(old.ljust(at + 512, b"\0"), at, PLANTED.encode("utf-16-le"))
    new = clean(old, "件.doc").data
    assert not traces.where(new, PLANTED)
    assert streams(new)["WordDocument"] == streams(old)["WordDocument"]


def test_an_ofd_loses_its_properties_and_nothing_else() -> None:
    info = (
        f"<ofd:Title>{PLANTED}</ofd:Title><ofd:Author>{PLANTED}</ofd:Author><ofd:Creator>{PLANTED}</ofd:Creator>"
        f'<ofd:Cover>/Doc_0/cover.png</ofd:Cover><ofd:CustomDatas><ofd:CustomData Name="处室">{PLANTED}'
        "</ofd:CustomData></ofd:CustomDatas>"
    )
    old = plants_ofd.package(plants_ofd.line("正文"), info=info, parts={"Doc_0/cover.png": PLANTED.encode()})
    assert traces.where(old, PLANTED)
    new = clean(old, "件.ofd").data
    assert not traces.where(new, PLANTED)
    with zipfile.ZipFile(io.BytesIO(old)) as before, zipfile.ZipFile(io.BytesIO(new)) as after:
        assert set(before.namelist()) - set(after.namelist()) == {"Doc_0/cover.png"}
        for name in set(after.namelist()) - {"OFD.xml"}:
            assert after.read(name) == before.read(name)
        assert b"<ofd:DocID>1</ofd:DocID>" in after.read("OFD.xml")
    assert findings(new, "件.ofd") == []
    assert clean(new, "件.ofd").data == new


def test_a_signed_ofd_is_left_alone_and_the_screening_tells_its_author() -> None:
    old = plants_ofd.package(
        info=f"<ofd:Author>{PLANTED}</ofd:Author></ofd:DocInfo><ofd:Signatures>Signs/Signatures.xml</ofd:Signatures><ofd:DocInfo>"
    )
    outcome = clean(old, "件.ofd")
    assert (outcome.data, outcome.notes) == (old, (SIGNED,))
    assert ("document_metadata", "metadata") in [each[:2] for each in findings(old, "件.ofd")]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_a_tiff_loses_its_tags_and_keeps_every_pixel(compression: str) -> None:
    exif = Image.Exif()
    exif[0x013B] = exif[0x010E] = exif[0x8298] = exif[0x0131] = MAKER
    exif.get_ifd(0x8825)[2] = (34.0, 40.0, 12.5)
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + MAKER.encode()
    first, second = Image.radial_gradient("L"), Image.linear_gradient("L")
    out = io.BytesIO()
    first.save(
        out, "TIFF", save_all=True, append_images=[second], exif=exif, compression=compression, dpi=(300, 300)
    )
    old = out.getvalue()
    assert traces.where(old, MAKER)
    new = clean(old, "扫描.tif").data
    assert not traces.where(new, MAKER)
    assert len(new) == len(old)
    with Image.open(io.BytesIO(new)) as image:
        assert not image.getexif().get_ifd(0x8825)
        assert image.info["dpi"] == (300, 300)
        assert image.tobytes() == first.tobytes()
        image.seek(1)
        assert image.tobytes() == second.tobytes()
    assert clean(new, "扫描.tif").data == new


@pytest.mark.parametrize("coding", ["utf-8", "gb18030"])
def test_a_web_page_loses_who_and_what_made_it(coding: str) -> None:
    old = (
        f'<html><head><meta charset="{coding}"><meta name="author" content="{PLANTED}">\n'
        f'<meta content=\'{PLANTED}\' name=Generator><meta name="keywords" content="公告">'
        f"<xml><o:DocumentProperties><o:Author>{PLANTED}</o:Author></o:DocumentProperties></xml></head>"
        "<body>正文</body></html>"
    ).encode(coding)
    new = clean(old, "页.html").data.decode(coding)
    assert PLANTED not in new
    assert 'name="keywords" content="公告"' in new
    assert new.endswith("<body>正文</body></html>")


def test_a_redacted_file_keeps_neither_its_void_signature_nor_its_properties() -> None:
    signed = plants_word.with_parts(
        plants_word.text(f"联系{LEAKS['mobile_number']}"),
        {"_xmlsignatures/sig1.xml": f"<Signature>{PLANTED}</Signature>".encode()},
    )
    assert clean(signed, "批复.docx").notes == (SIGNED,)
    outcome = redact(signed, "批复.docx", Order(words=("联系",)))
    assert not traces.where(outcome.data, PLANTED)
    assert traces.where(outcome.data, BLOT)
    assert outcome.notes == ()


def test_a_void_signature_of_a_pdf_goes_with_its_certificate() -> None:
    pdf = plants_page.opened()
    pdf.docinfo["/Author"] = PLANTED
    signature = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"x", Name=pikepdf.String(PLANTED)
        )
    )
    field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=signature))
    pdf.Root.AcroForm = pikepdf.Dictionary(SigFlags=3, Fields=[field])
    data = plants_page.saved(pdf)
    assert properties.clean(data, "批复.pdf").notes == (SIGNED,)
    assert not traces.where(properties.clean(data, "批复.pdf", void=True).data, PLANTED)
