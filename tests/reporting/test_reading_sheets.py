"""Workbooks and csv files as the reader takes them: our own export, other programs' sheets, what is refused."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from gongkai.reporting.document import screen_tables
from gongkai.reporting.reading.source import UnreadableReport, read_bytes
from gongkai.reporting.reading.textreport import report_from_source
from gongkai.reporting.workbook import xlsx
from gongkai.rulebook.report_form import PARTS
from tests.reporting import report_rendering as rendering


def exported(tables):
    return xlsx({"title": "", "agency": "", "tables": tables.to_json()}, date(2022, 1, 10))


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def grid(tables):
    """The report as rows; the columns that a label covers beside its own are empty."""
    rows = []
    for kind, content in rendering.blocks(tables):
        blanks = [""] * 2 if kind == "cells" and len(content) == 8 else []
        rows.append([content] if kind == "line" else [content[0], *blanks, *content[1:]])
    return rows


def in_one_sheet(tables):
    """As other programs write a report: one sheet with the title, the headings and the merged tables."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"{rendering.AGENCY}2021年政府信息公开工作年度报告"])
    parts = {part.heading: part.numbered_heading for part in PARTS}
    for part in openpyxl.load_workbook(io.BytesIO(exported(tables))).worksheets:
        sheet.append([parts[part.title]])
        below = sheet.max_row
        for row in part.iter_rows():
            sheet.append([cell.value for cell in row])
        for merged in part.merged_cells.ranges:
            merged.shift(row_shift=below)
            sheet.merge_cells(merged.coord)
    return book


def test_our_own_export_reads_back_with_every_cell():
    expected, _ = rendering.sample(5)
    found = report_from_source(read_bytes(exported(expected)))
    assert (found.status, found.tables) == ("complete", expected)
    assert {finding.rule for finding in found.findings} == {"PART", "TITLE"}, "an export has the tables alone"


def test_a_title_that_stands_only_in_the_printed_head_is_read():
    """As in our own export; the number of the page and the font beside it are none of it."""
    expected, _ = rendering.sample(6)
    book = openpyxl.load_workbook(io.BytesIO(exported(expected)))
    for sheet in book.worksheets:
        sheet.oddHeader.center.text = f"{rendering.AGENCY}2021年政府信息公开工作年度报告"
        sheet.oddHeader.center.font = "仿宋,Bold"
        sheet.oddFooter.center.text = "第 &P 页"
    found = report_from_source(read_bytes(saved(book), ".xlsx"))
    assert (found.status, found.agency, found.year) == ("complete", rendering.AGENCY, 2021)
    assert found.tables == expected


def test_blank_cells_of_our_own_export_stay_in_their_place():
    base, rng = rendering.sample(6)
    rows = {
        key: tuple(None if rng.random() < 0.5 else figure for figure in row)
        for key, row in base.applications.items()
    }
    expected = rendering.replace(
        base, applications=rows, disclosure=base.disclosure | {"rules": (None, 4, None)}
    )
    found = report_from_source(read_bytes(exported(expected)))
    assert (found.status, found.tables) == ("complete", expected)
    assert "BLANK" in {finding.rule for finding in found.findings}


def test_a_report_in_one_sheet_has_its_title_and_parts():
    expected, _ = rendering.sample(7)
    found = report_from_source(read_bytes(saved(in_one_sheet(expected))))
    assert (found.status, found.agency, found.year) == ("complete", rendering.AGENCY, 2021)
    assert found.tables.to_json() == expected.to_json()
    assert {finding.rule for finding in found.findings} == {"PART"}, "the sheet has no text for parts 1, 5, 6"


def with_r1(value, number_format):
    expected, _ = rendering.sample(7)
    book = in_one_sheet(expected)
    row = next(row for row in book.active.iter_rows() if str(row[0].value).startswith("一、本年新收"))
    row[4].value, row[4].number_format = value, number_format
    return report_from_source(read_bytes(saved(book)))


@pytest.mark.parametrize(
    ("value", "number_format", "figure"),
    [
        (1234.0, "#,##0", 1234),
        (0.1 + 0.2 + 2.7, "General", 3),
        (0, '0;-0;"-"', 0),
        (0, "0;-0;", None),
    ],
)
def test_numbers_as_the_sheet_shows_them(value, number_format, figure):
    found = with_r1(value, number_format)
    assert found.tables.applications["r1"][1] == figure
    assert found.status == "complete"


@pytest.mark.parametrize(
    ("value", "number_format", "rule"), [(3.4, "0", "C6"), (3, "0.00", "C6"), (0.03, "0%", "READ")]
)
def test_numbers_that_are_no_counts_are_found(value, number_format, rule):
    found = with_r1(value, number_format)
    assert (found.tables.applications.get("r1") or (None,) * 7)[1] is None
    assert rule in {finding.rule for finding in found.findings}


def test_what_a_reader_of_the_sheet_does_not_see_is_not_read():
    expected, _ = rendering.sample(7)
    book = in_one_sheet(expected)
    draft = book.copy_worksheet(book.active)
    draft.sheet_state = "hidden"
    assert report_from_source(read_bytes(saved(book))).tables.to_json() == expected.to_json()
    book.active.column_dimensions["E"].hidden = True
    with pytest.raises(UnreadableReport, match="隐藏的行或列"):
        read_bytes(saved(book))


def test_sheets_that_would_take_hours_or_are_broken_are_refused():
    book = openpyxl.Workbook()
    book.active.cell(1_048_576, 16_384).value = 1
    with pytest.raises(UnreadableReport, match="电子表格过大"):
        read_bytes(saved(book))
    book = openpyxl.Workbook()
    book.active.merged_cells.add("A1:XFD1048576")
    with pytest.raises(UnreadableReport, match="合并单元格过大"):
        read_bytes(saved(book))
    whole = exported(rendering.sample(5)[0])
    with pytest.raises(UnreadableReport, match="损坏"):
        read_bytes(whole.replace(b"xl/styles.xml", b"xl/stylos.xml"))


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), ("\t", "utf-8"), (",", "gb18030")])
def test_a_csv_of_the_same_grid(delimiter, encoding):
    expected, _ = rendering.sample(8)
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(grid(expected))
    found = report_from_source(read_bytes(stream.getvalue().encode(encoding), ".csv"))
    assert (found.status, found.agency, found.year) == ("complete", rendering.AGENCY, 2021)
    assert found.tables.to_json() == expected.to_json()
    assert found.findings == ()


def test_a_csv_of_our_own_tables():
    expected, _ = rendering.sample(9)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for table in screen_tables(expected):
        writer.writerow([table.caption])
        for row in (*table.head, *table.body):
            writer.writerow([text for box in row for text in [box.text, *[""] * (box.columns - 1)]])
    found = report_from_source(read_bytes(stream.getvalue().encode(), ".csv"))
    assert (found.status, found.tables) == ("complete", expected)


def test_a_csv_that_is_none_is_refused():
    with pytest.raises(UnreadableReport, match="csv"):
        read_bytes(b"a," + b"x" * 300_000, ".csv")
    # Also where another reader of the same process has allowed longer cells.
    before = csv.field_size_limit(1_000_000)
    try:
        with pytest.raises(UnreadableReport, match="csv"):
            read_bytes(b"a," + b"x" * 300_000, ".csv")
    finally:
        csv.field_size_limit(before)
