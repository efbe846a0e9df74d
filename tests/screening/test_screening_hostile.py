"""Files made to harm or to deceive: a verdict `unreadable` with a reason, or findings; never more."""

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.screening import Verdict, screen_file, screen_html, sniff
from tests.screening import plants_page, plants_sheet, plants_word
from tests.screening.planting import ID, LEAKS

LEAK = LEAKS["resident_id"]


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def entity(declaration: str) -> bytes:
    """A Word file whose text is an entity."""
    head = f"<?xml version='1.0'?><!DOCTYPE d [{declaration}]>"

    def change(xml: str) -> str:
        body = xml.partition("?>")[2]
        return head + body.replace(plants_word.BODY, "&x;")

    return plants_word.with_parts(plants_word.text("完"), {}, {"word/document.xml": change})


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "wordprocessingml")
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(900):
                part.write(b"0" * (1 << 20))
    return stream.getvalue()


def encrypted_office() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(2000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(2000)
    )


UNREADABLE: list[tuple[str, Callable[[], bytes], str]] = [
    ("空.docx", lambda: b"", "空文件"),
    ("截断.docx", lambda: plants_word.text(LEAK)[:-400], "损坏"),
    ("截断.xlsx", lambda: plants_sheet.cell(LEAK)[:2000], "损坏"),
    ("截断.pdf", lambda: plants_page.text(LEAK)[:-600], "不完整"),
    ("加密.pdf", lambda: plants_page.encrypted(), "加密"),
    ("加密.docx", encrypted_office, "加密"),
    ("程序.docx", lambda: b"MZ" + bytes(range(256)) * 20, "不支持"),
    ("断.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "损坏"),
    ("炸弹.docx", bomb, "压缩炸弹"),
    ("实体.docx", lambda: entity('<!ENTITY x SYSTEM "file:///etc/hostname">'), "外部实体"),
    ("实体.docx", lambda: entity('<!ENTITY x "110105"><!ENTITY y "&x;&x;">'), "外部实体"),
    ("乱码.txt", lambda: random.Random(1).randbytes(4000), "不支持"),
    ("缺页.xlsx", lambda: zipped(**{"[Content_Types].xml": b"spreadsheetml", "xl/a.xml": b"<a/>"}), "损坏"),
    (
        "假.docx",
        lambda: zipped(**{"[Content_Types].xml": b"wordprocessingml", "word/document.xml": b"<w"}),
        "损坏",
    ),
]


@pytest.mark.parametrize("name,make,reason", UNREADABLE, ids=[f"{n}-{r}" for n, _, r in UNREADABLE])
def test_what_cannot_be_read_is_unreadable_and_says_why(
    name: str, make: Callable[[], bytes], reason: str
) -> None:
    result = screen_file(make(), name)
    assert result.verdict is Verdict.UNREADABLE
    assert result.reason is not None
    assert reason in result.reason


def test_a_wrong_ending_is_read_by_its_real_type() -> None:
    result = screen_file(plants_word.text(LEAK), "报告.pdf")
    assert (result.verdict, [f.kind for f in result.findings]) == (Verdict.BLOCK, ["resident_id"])
    assert sniff(plants_word.text(LEAK), "报告.pdf").disguised
    assert result.media_type.endswith("wordprocessingml.document")


def test_what_was_found_before_a_failure_is_kept() -> None:
    def spoil(xml: str) -> str:
        return xml[:-40]

    data = plants_word.with_parts(plants_word.text(LEAK), {}, {"docProps/core.xml": spoil})
    result = screen_file(data, "a.docx")
    assert (result.verdict, [f.kind for f in result.findings]) == (Verdict.UNREADABLE, ["resident_id"])


def test_a_file_that_takes_too_long_is_unreadable() -> None:
    result = screen_file(b"1 " * 4_000_000, "a.txt", seconds=0.3)
    assert (result.verdict, result.reason is not None and "限定时间" in result.reason) == (
        Verdict.UNREADABLE,
        True,
    )


def test_a_file_that_takes_too_much_memory_is_unreadable() -> None:
    result = screen_file("天".encode() * 10_000_000, "a.txt", memory=120 << 20)
    assert result.verdict is Verdict.UNREADABLE
    assert result.reason is not None
    assert "内存" in result.reason


def test_the_surroundings_of_the_caller_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('wrong module')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    before = set(os.listdir(tmp_path))
    assert screen_file(b"13812345678", "a.txt").verdict is Verdict.BLOCK
    assert set(os.listdir(tmp_path)) == before


def test_deep_html_is_never_clear() -> None:
    deep = "<div>" * 5000 + ID + "</div>" * 5000
    kinds = {finding.kind for finding in screen_html(deep, location="正文")}
    assert kinds & {"resident_id", "unreadable_part"}


def test_offsets_of_a_body_point_into_its_shown_text() -> None:
    from gongkai.screening import html_text

    body = (
        f"<h2>名单</h2><p>张三，身份证<b>{ID[:6]}</b>{ID[6:]}</p><table><tr><td>13812345678</td></tr></table>"
    )
    shown = html_text(body)
    findings = screen_html(body, location="正文")
    assert [shown[f.start : f.end] for f in findings] == [ID, "13812345678"]
    assert screen_html("", location="正文") == []


def test_sniffing_for_uploads() -> None:
    assert sniff(plants_word.macro(), "a.docx").macro
    assert sniff(zipped(a=b"a"), "a.zip").archive
    assert sniff(plants_page.encrypted(), "a.pdf").encrypted
    assert sniff(plants_page.text("完")[:-600], "a.pdf").broken
    assert sniff(b"", "a.pdf").broken
    assert sniff(b"MZ\x90\x00" + bytes(60), "a.pdf").disguised
    told = sniff(plants_sheet.cell("完"), "表.xlsx")
    assert (told.extension, told.macro, told.archive, told.encrypted, told.broken, told.disguised) == (
        "xlsx", False, False, False, False, False,
    )  # fmt: skip
    assert sniff("标题".encode("gb18030"), "a.txt").media_type == "text/plain"
    assert sniff(b"<!DOCTYPE html><p>a", "a.txt").media_type == "text/html"
