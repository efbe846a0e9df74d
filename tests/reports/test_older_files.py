"""Word and Excel files up to 2003, and web pages saved as one file: every figure is read, or the file refused."""

import base64
import json
import quopri
from email.message import EmailMessage
from pathlib import Path

import pytest

from gongkai.reporting.reading import isolated
from gongkai.reporting.reading.source import read_bytes
from gongkai.rulebook.report_form import ReportTables
from tests.reporting import report_rendering as rendering
from tests.reports import producers
from tests.reports.paper import filled_in

FILES = Path(__file__).parent / "files"
TABLES = ReportTables.from_json(json.loads((FILES / "report.json").read_text("utf-8")))
PAGE, _SUFFIX = producers.html_office(filled_in(TABLES))


def is_the_report(found):
    assert (found.status, found.agency, found.year) == ("complete", rendering.AGENCY, 2021)
    assert found.tables == TABLES
    assert found.findings == ()
    assert set(found.texts) == {"opening", "overview", "problems", "other"}
    assert found.texts["other"] == "本年度没有收取信息处理费。"


@pytest.mark.parametrize(("name", "place"), [("report.doc", "第"), ("report.xls", "工作表‘")])
def test_a_file_of_an_older_office_program_is_read_with_every_figure_and_its_place(name, place):
    found = isolated.read(FILES / name)
    is_the_report(found)
    assert set(found.lines) == set(TABLES.cells())
    assert all(found.source.places[line].startswith(place) for line in found.lines.values())


@pytest.mark.parametrize("name", ["report.doc", "report.xls"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_read_rightly_or_refused_with_the_cure(name, share):
    data = (FILES / name).read_bytes()
    found = isolated.read(data[: int(len(data) * share)], name)
    for cell in TABLES.cells():
        assert found.tables.value(cell) in (None, TABLES.value(cell))
    if found.status == "unreadable":
        (finding,) = found.findings
        assert finding.message.endswith("。") and "请" in finding.message
    else:
        assert found.findings


def saved_as_one_file(encoding, page=PAGE, charset="gb2312", kind="text/html"):
    """A page as Word and browsers save it: the page in `encoding`, behind it a style sheet and a picture."""
    body = quopri.encodestring(page) if encoding == "quoted-printable" else base64.encodebytes(page)
    picture = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    return b"\r\n".join(
        (
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/related; boundary="----=_NextPart_01"; type="text/html"',
            b"",
            b"This document is a Web archive file.",
            b"",
            b"------=_NextPart_01",
            b"Content-Location: file:///C:/report.htm",
            f"Content-Transfer-Encoding: {encoding}".encode(),
            f'Content-Type: {kind}; charset="{charset}"'.encode(),
            b"",
            body,
            b"------=_NextPart_01",
            b"Content-Location: file:///C:/report.files/header.css",
            b"Content-Type: text/css",
            b"",
            b"p { margin: 0 }",
            b"------=_NextPart_01",
            b"Content-Location: file:///C:/report.files/image001.png",
            b"Content-Transfer-Encoding: base64",
            b"Content-Type: image/png",
            b"",
            picture,
            b"------=_NextPart_01--",
            b"",
        )
    )


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("name", ["报告.mht", "报告.mhtml", "报告.doc"])
def test_a_web_page_saved_as_one_file_is_read_under_whatever_name(encoding, name):
    is_the_report(isolated.read(saved_as_one_file(encoding), name))


def test_a_page_whose_code_is_named_by_its_part_alone():
    page = PAGE.decode("gb18030").replace("charset=gb2312", "").encode()
    is_the_report(isolated.read(saved_as_one_file("base64", page, "utf-8"), "报告.mht"))


def test_a_message_with_the_page_as_mail_programs_send_it():
    message = EmailMessage()
    message["Subject"] = "年度报告"
    message.set_content("见网页。")
    message.add_alternative(PAGE.decode("gb18030").replace("charset=gb2312", "charset=utf-8"), subtype="html")
    assert read_bytes(message.as_bytes()).kind == "mhtml"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml"])
def test_a_saved_file_without_a_page_is_refused_with_the_cure(kind):
    found = isolated.read(saved_as_one_file("base64", kind=kind), "报告.mht")
    assert found.status == "unreadable"
    assert found.findings[0].message == "网页文件里没有正文，请另存为docx或pdf后再试。"


def test_a_page_that_was_cut_off_within_a_table_is_not_read_as_whole():
    data = saved_as_one_file("base64", PAGE[: PAGE.index("结果纠正".encode("gb18030"))])
    assert isolated.read(data, "报告.mht").status != "complete"
