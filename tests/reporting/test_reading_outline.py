"""Titles, prose figures and limits of the report reader."""

import io
import os

import docx
import pytest

from gongkai.reporting.reading import source
from gongkai.reporting.reading.outline import outline_of
from gongkai.reporting.reading.prose import read_prose
from gongkai.reporting.reading.textreport import read_report, report_from_source
from tests.reporting import report_rendering as rendering


@pytest.mark.parametrize(
    ("lines", "agency", "year"),
    [
        (["西工区城市改造办公室2021年政府信息公开工作年度报告"], "西工区城市改造办公室", 2021),
        (["淮安市人民政府", "2024 年政府信息公开工作年度报告"], "淮安市人民政府", 2024),
        (["2022年度洛阳市财政局政府信息公开年度报告"], "洛阳市财政局", 2022),
        (["洛阳市城市管理局二〇二一年政府信息", "公开工作年度报告"], "洛阳市城市管理局", 2021),
        (["一、总体情况", "西工区司法局2021年度政府信息公开工作年度报告"], "西工区司法局", 2021),
    ],
)
def test_titles_as_they_are_printed(lines, agency, year):
    title = outline_of(lines).title
    assert (title.agency, title.year) == (agency, year)


def test_a_bare_year_title_names_no_agency():
    title = outline_of(["2021年政府信息公开工作年度报告"]).title
    assert (title.agency, title.year) == (None, 2021)


@pytest.mark.parametrize(
    "line",
    [
        "现将我办2021年度政府信息公开工作报告如下：",
        "上一篇：西工区财政局2020年政府信息公开工作年度报告",
        "关于2021年政府信息公开工作年度报告的说明",
    ],
)
def test_sentences_and_links_are_no_titles(line):
    title = outline_of([line]).title
    assert title is None or title.agency is None


def test_the_figures_of_the_reference_prose():
    prose = read_prose(
        [
            "2．主动公开情况：截止2021年底累计主动公开政府信息9项，回应区长信箱11件，政府连线2件，领导交办事项1件。",
            "3．依申请公开办理情况：截止2021年底共受理政府信息公开申请1件，其中当面申请0件，",
            "传真申请0件，网络申请1件，信函申请0件。",
        ],
        ["无需要说明的其他事项。"],
    )
    assert (prose.items, prose.mailbox, prose.media_line, prose.assigned) == (9, 11, 2, 1)
    assert prose.received == 1
    assert prose.channels == {"当面": 0, "传真": 0, "网络": 1, "信函": 0}
    assert prose.mentions_fees is False


@pytest.mark.parametrize(
    ("sentence", "received", "channels"),
    [
        (
            "全年收到政府信息公开申请1,258件，其中网络渠道1,000件、邮寄258件。",
            1258,
            {"网络": 1000, "信函": 258},
        ),
        ("全市共受理政府信息公开申请3119件，答复3050件。", 3119, {}),
        ("传真5件、信函6件群众来信均已办结。", None, {}),
        ("上半年受理政府信息公开申请3件。全年受理政府信息公开申请8件。", 8, {}),
    ],
)
def test_only_what_the_prose_says_about_applications(sentence, received, channels):
    prose = read_prose([sentence], None)
    assert (prose.received, prose.channels, prose.mentions_fees) == (received, channels, None)


def test_a_word_document_with_merged_labels():
    expected, _ = rendering.sample(4)
    document = docx.Document()
    for kind, content in rendering.blocks(expected):
        if kind == "line":
            document.add_paragraph(content)
            continue
        width = max(len(content), 10 if len(content) == 8 else 0)
        row = document.add_table(rows=1, cols=width).rows[0].cells
        if len(content) == 8:
            row[0].merge(row[2])
        for place, text in zip((0, *range(width - len(content) + 1, width)), content, strict=True):
            row[place].text = text
    buffer = io.BytesIO()
    document.save(buffer)
    report = report_from_source(source.read_bytes(buffer.getvalue(), ".docx"))
    assert (report.status, report.findings) == ("complete", ())
    assert report.tables.to_json() == expected.to_json()


def test_a_file_beyond_the_limits_is_refused_in_one_sentence(tmp_path):
    file = tmp_path / "长.txt"
    file.write_text("政府信息公开" * source.MAX_CHARACTERS, "utf-8")
    assert "500000字" in read_report(file).findings[0].message
    file.write_text("\n" * 10 + "0\n" * (source.MAX_LINES + 1), "utf-8")
    assert "50000行" in read_report(file).findings[0].message
    os.truncate(file, source.MAX_BYTES + 1)
    assert "超过50MB" in read_report(file).findings[0].message


def test_reading_stops_when_its_time_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_SECONDS", -1.0)
    file = tmp_path / "报告.md"
    file.write_text(rendering.as_markdown(rendering.blocks(rendering.sample(1)[0])), "utf-8")
    report = read_report(file)
    assert report.status == "unreadable" and "已停止" in report.findings[0].message
