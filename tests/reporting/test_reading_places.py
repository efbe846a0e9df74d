"""Where a line stands in the file it was read from, as a person looks for it."""

import io

import docx
import openpyxl
import pytest

from gongkai.reporting.reading.source import read_bytes
from tests.reporting import report_rendering as rendering
from tests.reporting.test_reading_drawn import printed


def place_of(source, words):
    """The place of the one line that holds these words."""
    (place,) = [place for line, place in zip(source.lines, source.places, strict=True) if words in line]
    return place


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def in_word():
    document = docx.Document()
    document.add_paragraph("标题")
    document.add_paragraph("")
    document.add_table(1, 2)
    document.add_paragraph("正文")
    document.add_table(2, 2).cell(1, 0).text = "行政许可"
    return saved(document)


def in_excel():
    book = openpyxl.Workbook()
    book.active.title = "附表"
    book.active["B8"] = "行政许可"
    return saved(book)


WEB = "<html><p>标题</p><table><tr><td>一<td>1</table><p>正文</p><table><tr><td>二<td>2<tr><td>行政许可<td>3</table>"


@pytest.mark.parametrize(
    ("data", "suffix", "words", "place"),
    [
        (b"\n\nabc \xe8\xa1\x8c\xe6\x94\xbf", ".txt", "行政", "第3行"),
        ("# 标题\n\n| a | b |\n|---|---|\n| 行政许可 | 1 |".encode(), ".md", "行政许可", "第5行"),
        ("标题\n甲,1\n行政许可,2".encode(), ".csv", "行政许可", "第3行"),
        (in_excel(), "", "行政许可", "工作表‘附表’第8行"),
        (in_word(), "", "正文", "第2段"),
        (in_word(), "", "行政许可", "表格2第2行"),
        (WEB.encode(), "", "正文", "第2段"),
        (WEB.encode(), "", "行政许可", "表格2第2行"),
    ],
)
def test_the_place_of_a_line(data, suffix, words, place):
    assert place_of(read_bytes(data, suffix), words) == place


def test_lines_of_a_pdf_are_counted_on_their_page():
    tables, _ = rendering.sample(3)
    source = read_bytes(printed(tables))
    first = [line for line, place in zip(source.lines, source.places, strict=True) if place == "第1页第1行"]
    assert any(rendering.AGENCY in line for line in first)
    assert place_of(source, "四、结转下年度继续办理").startswith("第2页第")
