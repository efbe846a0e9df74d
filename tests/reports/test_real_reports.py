"""Reports that were published, and the form itself: read cell by cell, also as other programs give their text."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gongkai.reporting.reading.source import read_bytes
from gongkai.reporting.reading.textreport import read_report, report_from_source
from gongkai.rulebook.report_checks import check_report

SHARED = Path("../shared/domain")
REFERENCE = SHARED / "000_d134efd7659efa26.txt"
CITY = SHARED / "examples/huaian-2024.pdf"
BLANK = SHARED / "examples/annual-report-blank-form.docx"

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the examples are not beside this copy")

# As printed on page 5 of the report.
CITY_ROWS = {
    "r1": (3001, 53, 0, 0, 61, 4, 3119),
    "r2": (34, 0, 0, 0, 0, 0, 34),
    "r3_1": (1288, 21, 0, 0, 50, 3, 1362),
    "r3_2": (447, 7, 0, 0, 0, 0, 454),
    "r3_3_8": (105, 0, 0, 0, 0, 0, 105),
    "r3_4_1": (746, 12, 0, 0, 10, 1, 769),
    "r3_5_5": (1, 0, 0, 0, 0, 0, 1),
    "r3_6_1": (67, 3, 0, 0, 1, 0, 71),
    "r3_6_2": (6, 0, 0, 0, 0, 0, 6),
    "r3_6_3": (108, 2, 0, 0, 0, 0, 110),
    "r3_7": (2932, 53, 0, 0, 61, 4, 3050),
    "r4": (103, 0, 0, 0, 0, 0, 103),
}
CITY_REMEDIES = {
    "reconsideration": (72, 64, 178, 37, 351),
    "direct_litigation": (13, 4, 8, 1, 26),
    "litigation_after_reconsideration": (12, 1, 1, 6, 20),
}


def is_the_city(found):
    assert (found.status, found.agency, found.year) == ("complete", "淮安市人民政府", 2024)
    assert {row: found.tables.applications[row] for row in CITY_ROWS} == CITY_ROWS
    assert found.tables.remedies == CITY_REMEDIES
    assert found.findings == ()


def test_the_reference_report_has_every_cell():
    found = read_report(REFERENCE)
    assert (found.status, found.agency, found.year) == ("complete", "西工区城市改造办公室", 2021)
    assert found.findings == ()
    assert check_report(found.tables, agency=found.agency, prose=found.prose) == ()
    assert set(found.lines) == set(found.tables.cells())


def test_the_report_of_a_city_as_its_file_is():
    is_the_city(read_report(CITY))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize("order", ["-layout", "-raw"])
def test_the_report_of_a_city_as_text_in_the_order_of_the_page_and_of_the_file(order):
    """Heads run line by line over the columns, 三本年度… stands upright between the rows, a page ends in a label."""
    text = subprocess.run(["pdftotext", order, CITY, "-"], check=True, capture_output=True).stdout
    is_the_city(report_from_source(read_bytes(text, ".txt")))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_the_report_of_a_city_in_columns_is_refused_table_by_table():
    text = subprocess.run(["pdftotext", CITY, "-"], check=True, capture_output=True).stdout
    found = report_from_source(read_bytes(text, ".txt"))
    assert (found.status, found.tables.applications, found.tables.remedies) == ("partial", None, None)
    assert {f.where.table for f in found.findings} == {"applications", "remedies"}


def test_the_blank_form_is_blank_and_not_zero():
    found = read_report(BLANK)
    assert found.status == "complete"
    assert all(found.tables.value(cell) is None for cell in found.tables.cells())
    assert {"BLANK"} <= {finding.rule for finding in found.findings}
