"""Presentations, OFD, mail, archives and the older office files: where a leak is told, and what harms nobody."""

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.screening import Verdict, screen_file, sniff
from gongkai.screening.child import FAULT, screen
from gongkai.screening.finding import Result
from gongkai.screening.readers import nest
from tests.screening import plants_legacy, plants_mail, plants_ofd, plants_picture, plants_slides, plants_word
from tests.screening.planting import LEAKS

LEAK = LEAKS["resident_id"]
PHONE = LEAKS["mobile_number"]


def told(result: Result) -> list[tuple[str, str, str]]:
    return [(str(f.kind), str(f.layer), f.location) for f in result.findings]


def legacy(name: str) -> Callable[[str], bytes]:
    return plants_legacy.planter(name)


@pytest.mark.parametrize(
    ("form", "plant", "layer", "location"),
    [
        ("pptx", plants_slides.text, "text", "第 2 张幻灯片"),
        ("pptx", plants_slides.table, "table", "第 2 张幻灯片，表 1，第 1 行第 2 列"),
        ("pptx", plants_slides.notes, "hidden_text", "第 2 张幻灯片备注"),
        ("pptx", plants_slides.hidden_slide, "hidden_text", "第 2 张幻灯片（隐藏幻灯片）"),
        ("pptx", plants_slides.off_slide, "hidden_text", "第 2 张幻灯片，页面之外"),
        ("pptx", plants_slides.comment, "comment", "第 2 张幻灯片批注，第 1 条"),
        ("ofd", plants_ofd.text, "text", "第 1 页"),
        ("ofd", plants_ofd.annotation, "comment", "批注，第 1 条"),
        ("ofd", plants_ofd.attachment, "embedded_file", "附件“名单.docx”，正文，第 2 段"),
        ("eml", plants_mail.subject, "text", "邮件头，主题"),
        ("eml", plants_mail.attachment, "embedded_file", "附件“名单.xlsx”，工作表“Sheet”，B3"),
        ("zip", plants_mail.entry, "embedded_file", "压缩包内“文件夹/报告.docx”，正文，第 2 段"),
        (
            "zip",
            plants_mail.nested,
            "embedded_file",
            "压缩包内“内.zip”，压缩包内“再内.zip”，压缩包内“名单.txt”，正文",
        ),
        ("doc", legacy("text.doc"), "text", "正文，第 2 段"),
        ("doc", legacy("comment.doc"), "comment", "批注，第 1 条"),
        ("doc", legacy("text_box.doc"), "text", "文本框，第 1 段"),
        ("xls", legacy("comment.xls"), "comment", "工作表“Sheet”，批注 A1"),
        ("xls", legacy("hidden_sheet.xls"), "hidden_sheet", "工作表“附表”，B1"),
        ("xls", legacy("header.xls"), "header_footer", "工作表“Sheet”，页眉页脚"),
    ],
)
def test_a_finding_says_where(form: str, plant: Callable[[str], bytes], layer: str, location: str) -> None:
    assert told(screen(plant(LEAK), f"件.{form}")) == [("resident_id", layer, location)]


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("报告.wps", plants_legacy.planted("text.doc", LEAK), "application/msword"),
        ("名单.et", plants_legacy.planted("cell.xls", LEAK), "application/vnd.ms-excel"),
        ("名单.doc", plants_legacy.planted("cell.xls", LEAK), "application/vnd.ms-excel"),
        ("报告.xls", plants_legacy.planted("text.doc", LEAK), "application/msword"),
        ("汇报.pdf", plants_slides.text(LEAK), "presentationml.presentation"),
        ("通知.zip", plants_ofd.text(LEAK), "application/ofd"),
        (
            "来信.doc",
            plants_mail.body(LEAK).replace(b"Message-ID", b"MIME-Version: 1.0\nMessage-ID"),
            "rfc822",
        ),
        ("资料.docx", plants_mail.entry(LEAK), "application/zip"),
    ],
)
def test_a_file_is_read_by_its_content_and_not_by_its_name(name: str, data: bytes, media_type: str) -> None:
    result = screen(data, name)
    assert media_type in result.media_type
    assert [kind for kind, _, _ in told(result)] == ["resident_id"]
    assert sniff(data, name).disguised == (not name.endswith((".wps", ".et")))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("件.doc", plants_legacy.authored("title_property.doc")),
        ("件.xls", plants_legacy.authored("title_property.xls")),
        ("件.ofd", plants_ofd.package(info="<ofd:Author>张三</ofd:Author>")),
        (
            "件.pptx",
            plants_slides.package(
                parts={
                    "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>张三</dc:creator></c>'
                }
            ),
        ),
    ],
)
def test_a_person_in_the_properties_is_told(name: str, data: bytes) -> None:
    (finding,) = screen(data, name).findings
    assert (finding.kind, finding.severity, finding.excerpt) == ("document_metadata", "warn", "作者：张三")


def test_figures_of_neighbouring_cells_of_a_word_table_are_not_joined() -> None:
    whole = plants_legacy.planted("table.doc", "13812345678")
    cut = plants_legacy.planted("table.doc", "138\x071234\x075678")
    assert [f.layer for f in screen(whole, "件.doc").findings] == ["table"]
    assert screen(cut, "件.doc").verdict is Verdict.CLEAR


def test_figures_of_distant_columns_of_an_ofd_page_are_not_joined() -> None:
    def row(first: str, second: str, left: float) -> bytes:
        return plants_ofd.package(plants_ofd.line(first) + plants_ofd.line(second, left=left))

    assert [f.kind for f in screen(row("1381234", "5678", 48), "件.ofd").findings] == ["mobile_number"]
    assert screen(row("1381234", "5678", 90), "件.ofd").verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("件.doc", plants_legacy.original("picture.doc")),
        ("件.xls", plants_legacy.original("picture.xls")),
        ("件.ofd", plants_ofd.picture(plants_picture.picture(PHONE))),
        ("件.pptx", plants_slides.package(parts={"ppt/media/image1.png": plants_picture.picture(PHONE)})),
        ("件.zip", plants_mail.zipped({"照片.png": plants_picture.picture(PHONE)})),
    ],
)
def test_words_in_a_picture_are_read_in_every_format(name: str, data: bytes) -> None:
    assert [f.kind for f in screen(data, name).findings] == ["mobile_number"]


def test_macros_of_the_older_formats_block() -> None:
    book = plants_legacy.planted("cell.xls", "完")
    # The kind of a sheet: 1 is one of macros as Excel 4 had them.
    kind = plants_legacy.place(book, "Workbook", plants_legacy.record(book, 0x0085) + 4 + 5)
    macros = plants_legacy.patched(book, kind, b"\x01")
    assert ("macro", "embedded_file") in [(k, layer) for k, layer, _ in told(screen(macros, "件.xls"))]
    coded = plants_legacy.original("text.doc") + "_VBA_PROJECT".encode("utf-16-le").ljust(512, b"\0")
    assert told(screen(coded, "件.doc")) == [("macro", "embedded_file", "文件")]


def _half_encrypted() -> bytes:
    """Two files, of which the first in the list says it is encrypted."""
    data = bytearray(plants_mail.zipped({"甲.txt": b"0" * 40, "乙.txt": PHONE.encode()}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def test_of_an_archive_what_is_not_encrypted_is_read() -> None:
    assert told(screen(_half_encrypted(), "资料.zip")) == [
        ("unreadable_part", "embedded_file", "压缩包内“甲.txt”"),
        ("mobile_number", "embedded_file", "压缩包内“乙.txt”，正文"),
    ]


def test_the_name_of_an_encrypted_file_is_screened() -> None:
    result = screen(plants_mail.encrypted(f"{LEAK}.txt"), "资料.zip")
    assert result.reason is not None and "加密" in result.reason
    assert told(result) == [("resident_id", "metadata", "压缩包内的文件名")]


def test_a_file_taken_off_the_list_of_an_archive_is_not_overlooked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("名单.txt", PHONE)
        archive.writestr("说明.txt", "说明")
        archive.filelist.pop(0)
    assert told(screen(stream.getvalue(), "资料.zip")) == [("unreadable_part", "embedded_file", "压缩包")]


def _rar() -> bytes:
    return b"Rar!\x1a\x07\x01\x00" + bytes(200)


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return stream.getvalue()


def _doc(at: int, new: bytes) -> bytes:
    """A Word file whose header says something else."""
    data = plants_legacy.planted("text.doc", LEAK)
    return plants_legacy.patched(data, plants_legacy.place(data, "WordDocument", at), new)


def _xls(kind: int, at: int, new: bytes) -> bytes:
    data = plants_legacy.planted("cell.xls", LEAK)
    at += plants_legacy.record(data, kind)
    return plants_legacy.patched(data, plants_legacy.place(data, "Workbook", at), new)


def _entity(plant: Callable[[str], bytes], part: str) -> bytes:
    def change(xml: str) -> str:
        return f"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>{xml.replace('完', '&x;')}"

    return plants_word.with_parts(plant("完"), {}, {part: change})


def _many_parts(count: int) -> bytes:
    inner = "--b\nContent-Type: text/plain\n\n1\n" * count
    return f"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{inner}--b--\n".encode()


def _deep_parts(levels: int) -> bytes:
    text = f"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b{0}\n\n"
    for level in range(levels):
        text += f"--b{level}\nContent-Type: multipart/mixed; boundary=b{level + 1}\n\n"
    return text.encode()


def _pages(count: int) -> bytes:
    page = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    return plants_word.with_parts(
        plants_ofd.text("完"), {}, {"Doc_0/Document.xml": lambda xml: xml.replace(page, page * count)}
    )


_NOWHERE = "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><ofd:DocBody><ofd:DocRoot>x.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"


def _drawings_of_drawings() -> bytes:
    """Seven drawings, each made of twenty of the next: a thousand million letters."""
    ten = "".join(f'<ofd:CompositeObject ID="{n}" ResourceID="NEXT"/>' for n in range(20))
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="u{level}">{ten.replace("NEXT", f"u{level + 1}")}</ofd:CompositeGraphicUnit>'
        for level in range(7)
    )
    return plants_word.with_parts(
        plants_ofd.composite("完"),
        {},
        {
            "Doc_0/DocumentRes.xml": lambda xml: xml.replace(
                "<ofd:CompositeGraphicUnits>", f"<ofd:CompositeGraphicUnits>{units}"
            ),
            "Doc_0/Pages/Page_0/Content.xml": lambda xml: xml.replace('ResourceID="6"', 'ResourceID="u0"'),
        },
    )


WORDS = plants_legacy.original("text.doc")

UNREADABLE: list[tuple[str, Callable[[], bytes], str]] = [
    ("加密.doc", lambda: plants_legacy.flagged(WORDS, 0x0100), "加密"),
    ("混淆.doc", lambda: plants_legacy.flagged(WORDS, 0x8000), "加密"),
    ("加密.xls", lambda: _xls(0x0042, 0, struct.pack("<H", 0x002F)), "加密"),
    ("加密.zip", plants_mail.encrypted, "加密"),
    ("九五.doc", lambda: _doc(2, struct.pack("<H", 0x0065)), "Word 6.0/95"),
    ("九五.xls", lambda: _xls(0x0809, 4, struct.pack("<H", 0x0500)), "Excel 5.0/95"),
    ("九五.xls", lambda: plants_legacy.renamed(plants_legacy.original("cell.xls"), "Workbook", "Book"), "95"),
    ("汇报.ppt", lambda: plants_legacy.renamed(WORDS, "WordDocument", "PowerPoint Document"), "pptx"),
    ("汇报.dps", lambda: plants_legacy.renamed(WORDS, "WordDocument", "PowerPoint Document"), "PDF"),
    ("邮件.msg", lambda: plants_legacy.renamed(WORDS, "WordDocument", "__properties_version1.0"), "eml"),
    ("对象.doc", lambda: plants_legacy.renamed(WORDS, "WordDocument", "Contents"), "无法识别"),
    ("资料.rar", _rar, "zip"),
    ("资料.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(200), "zip"),
    ("资料.tar", _tar, "zip"),
    ("资料.gz", lambda: b"\x1f\x8b\x08" + bytes(200), "zip"),
    ("文稿.rtf", lambda: b"{\\rtf1\\ansi " + PHONE.encode() + b"}", "docx"),
    (
        "文稿.doc",
        lambda: b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
        "docx",
    ),
    ("截断.doc", lambda: WORDS[:9000], "损坏"),
    ("截断.xls", lambda: plants_legacy.original("cell.xls")[:3000], "损坏"),
    ("截断.pptx", lambda: plants_slides.text(LEAK)[:-100], "损坏"),
    ("截断.ofd", lambda: plants_ofd.text(LEAK)[:-100], "损坏"),
    ("截断.zip", lambda: plants_mail.entry(LEAK)[:-60], "损坏"),
    ("转圈.doc", lambda: plants_legacy.circling(WORDS), "损坏"),
    ("转圈.xls", lambda: plants_legacy.circling(plants_legacy.original("cell.xls")), "损坏"),
    # A header that claims four billion sectors of tables.
    ("虚报.doc", lambda: plants_legacy.patched(WORDS, 0x2C, b"\xff\xff\xff\xff"), "损坏"),
    ("虚报.doc", lambda: plants_legacy.patched(WORDS, 0x48, b"\xff\xff\xff\x7f"), "损坏"),
    ("虚报.doc", lambda: _doc(0x4C, b"\xff\xff\xff\xff"), "损坏"),
    ("虚报.doc", lambda: _doc(0x9A + 8 * 33, b"\xff\xff\xff\x7f"), "损坏"),
    ("虚报.xls", lambda: _xls(0x0085, 2, b"\xff\xff"), "损坏"),
    ("实体.pptx", lambda: _entity(plants_slides.text, "ppt/slides/slide2.xml"), "外部实体"),
    ("实体.ofd", lambda: _entity(plants_ofd.text, "Doc_0/Pages/Page_0/Content.xml"), "外部实体"),
    ("多页.ofd", lambda: _pages(5001), "页"),
    (
        "缺页.ofd",
        lambda: plants_ofd.package(parts={"Doc_0/Document.xml": "<a/>", "OFD.xml": _NOWHERE}),
        "损坏",
    ),
    ("多份.eml", lambda: _many_parts(1001), "过多"),
    ("多层.eml", lambda: _deep_parts(90), "过深|损坏"),
    ("长头.eml", lambda: b"From: a\nSubject: " + b"=?utf-8?b?5bel?= " * 9000 + b"\n\n1\n", "过长"),
    ("繁图.ofd", _drawings_of_drawings, "过多"),
    ("多件.zip", lambda: plants_mail.zipped({f"{n}.txt": b"1" for n in range(2001)}), "过多"),
]


@pytest.mark.parametrize(
    ("name", "make", "reason"), UNREADABLE, ids=[f"{at}-{row[0]}" for at, row in enumerate(UNREADABLE)]
)
def test_what_cannot_be_read_says_why_and_what_to_do(
    name: str, make: Callable[[], bytes], reason: str
) -> None:
    result = screen(make(), name)
    assert result.verdict is Verdict.UNREADABLE
    assert result.reason is not None and result.reason != FAULT
    assert any(word in result.reason for word in reason.split("|")), result.reason


def _bomb(size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("大.txt", "w", force_zip64=True) as part:
            for _ in range(size):
                part.write(b"0" * (1 << 20))
        archive.writestr("名单.txt", PHONE)
    return stream.getvalue()


def test_a_bomb_in_an_archive_is_not_opened_and_the_rest_is_read() -> None:
    assert told(screen_file(_bomb(60), "资料.zip")) == [
        ("unreadable_part", "embedded_file", "压缩包内“大.txt”"),
        ("mobile_number", "embedded_file", "压缩包内“名单.txt”，正文"),
    ]


def test_what_a_nest_expands_to_is_counted_over_all_its_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nest, "MAX_EXPANDED", 1 << 20)
    inner = plants_mail.zipped({f"{n}.txt": os.urandom(1000).hex().encode() * 50 for n in range(4)})
    outer = plants_mail.zipped({f"{n}.zip": inner for n in range(4)})
    result = screen(outer, "资料.zip")
    assert result.verdict is Verdict.BLOCK
    assert any("压缩炸弹" in finding.why for finding in result.findings)


def test_a_deep_nest_is_read_to_its_limit_and_told() -> None:
    data = PHONE.encode()
    for _ in range(30):
        data = plants_mail.zipped({"内.zip" if data[:2] == b"PK" else "名单.txt": data})
    result = screen(data, "资料.zip")
    assert [f.kind for f in result.findings] == ["unreadable_part"]
    assert "内嵌层数过多" in result.findings[0].why


def test_a_drawing_that_holds_itself_has_an_end() -> None:
    again = '<ofd:CompositeObject ID="10" Boundary="0 0 9 9" ResourceID="6"/>'
    data = plants_word.with_parts(
        plants_ofd.composite(LEAK),
        {},
        {"Doc_0/DocumentRes.xml": lambda xml: xml.replace("</ofd:Content>", again + "</ofd:Content>")},
    )
    assert {kind for kind, _, _ in told(screen(data, "件.ofd"))} == {"resident_id", "unreadable_part"}


def test_a_part_of_a_mail_that_cannot_be_decoded_is_never_clear() -> None:
    head = b"From: a\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    unknown = head + b"\n" + bytes(range(128, 256)) * 9
    assert told(screen(unknown, "件.eml")) == [("unreadable_part", "text", "正文")]
    cut = head + b"Content-Transfer-Encoding: base64\n\n5ZC\n"
    assert ("unreadable_part", "embedded_file", "正文") in told(screen(cut, "件.eml"))


def test_nothing_is_written_for_names_that_lead_out_of_an_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    data = plants_mail.zipped({"../../甲.txt": PHONE.encode(), "/tmp/乙.txt": b"1", "..\\丙.txt": b"1"})
    assert [f.kind for f in screen_file(data, "资料.zip").findings] == ["mobile_number"]
    assert os.listdir(tmp_path) == ["here"]
    assert not os.listdir(tmp_path / "here")
