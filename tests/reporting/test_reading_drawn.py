"""Reports whose tables are drawn: our own PDF, another producer's, and what a page does to figures."""

import io
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.paperwork.document import paragraphs_of
from gongkai.paperwork.pdf import report_pdf
from gongkai.paperwork.report import ReportDocument
from gongkai.reporting.document import application_table, disclosure_blocks, remedy_table
from gongkai.reporting.reading.ruled import Glyph, Line, tables_of
from gongkai.reporting.reading.source import read_bytes
from gongkai.reporting.reading.textreport import read_report, report_from_source
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, TABLE_LABELS, columns_of
from tests.reporting import report_rendering as rendering

CITY = Path("../shared/domain/examples/huaian-2024.pdf")


def printed(tables):
    """The tables as our office publishes them."""
    return report_pdf(
        ReportDocument(
            title=f"{rendering.AGENCY}\n2021年政府信息公开工作年度报告",
            overview=paragraphs_of("（一）主动公开\n全年公开政府信息。"),
            disclosure=disclosure_blocks(tables),
            applications=application_table(tables),
            remedies=remedy_table(tables),
            problems=paragraphs_of("公开内容的针对性有待提升。"),
            other=paragraphs_of("无需要说明的其他事项。"),
            date=date(2022, 1, 10),
            signatory=rendering.AGENCY,
        )
    )


# The longest figures that have room in their cells on our page; those of table two have half its width.
ROOM = {"disclosure": 10**9, "applications": 10**6, "remedies": 10**5}


def random_tables(seed, most=10**9):
    """Figures of every length in every cell, none related to its neighbours."""
    rng = random.Random(seed)
    base, _ = rendering.sample(seed)

    def row(name, key):
        below = min(most, ROOM[name])
        return tuple(
            rng.choice((0, rng.randrange(10), rng.randrange(below))) % below for _ in columns_of(name, key)
        )

    tables = {
        name: {key: row(name, key) for key in base.table(name) if key != "charges"} for name in TABLE_LABELS
    }
    return replace(base, charges=Decimal(rng.randrange(10**8)).scaleb(-4), **tables)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_our_own_pdf_reads_back_with_every_cell(seed):
    expected = random_tables(seed)
    found = report_from_source(read_bytes(printed(expected)))
    assert found.tables == expected
    assert (found.status, found.agency, found.year) == ("complete", rendering.AGENCY, 2021)
    assert found.findings == ()


@pytest.mark.soak
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([3, 1000, 10**9]))
def test_our_own_pdf_reads_back_with_every_cell_in_many_years(seed, most):
    expected = random_tables(seed, most)
    found = report_from_source(read_bytes(printed(expected)))
    assert (found.status, found.tables) == ("complete", expected)


def test_figures_too_long_for_their_cells_are_refused_and_never_mixed():
    base = random_tables(1)
    long = tuple(10**12 + place for place in range(7))
    found = report_from_source(
        read_bytes(printed(replace(base, applications=base.applications | {"r3_1": long})))
    )
    assert found.status == "partial"
    assert "r3_1" not in found.tables.applications
    (finding,) = [finding for finding in found.findings if finding.where.row == "r3_1"]
    assert "越过表格线" in finding.message
    assert found.tables.applications["r3_2"] == base.applications["r3_2"]


def turned(data):
    """The same pages, drawn on their side and shown turned, each wrapped in a form."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            width, height = float(page.mediabox[2]), float(page.mediabox[3])
            page.contents_coalesce()
            form = pdf.make_stream(page.Contents.read_bytes())
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.Resources = page.Resources
            page.Resources = pikepdf.Dictionary()
            name = page.add_resource(form, pikepdf.Name.XObject)
            page.Contents = pdf.make_stream(f"q 0 1 -1 0 {height} 0 cm {name} Do Q".encode())
            form.BBox = [0, 0, width, height]
            page.mediabox = [0, 0, height, width]
            page.Rotate = 90
        stream = io.BytesIO()
        pdf.save(stream)
    return stream.getvalue()


def twice(data, aside):
    """The same pages with everything drawn a second time, a little to the right, as some programs write bold."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            drawn = page.Contents.read_bytes()
            page.Contents = pdf.make_stream(b"q %s Q q 1 0 0 1 %.1f 0 cm %s Q" % (drawn, aside, drawn))
        stream = io.BytesIO()
        pdf.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("aside", [0, 0.3, 0.6])
def test_text_that_is_drawn_twice_counts_once(aside):
    expected = random_tables(4)
    found = report_from_source(read_bytes(twice(printed(expected), aside)))
    assert (found.status, found.tables) == ("complete", expected)


def test_pages_that_are_shown_turned():
    expected = random_tables(4)
    found = report_from_source(read_bytes(turned(printed(expected))))
    assert (found.status, found.tables) == ("complete", expected)


def test_another_producers_pdf_gives_the_cells_of_its_text():
    found = read_report(CITY)
    document = pypdfium2.PdfDocument(CITY)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert found.status == "complete"
    assert found.tables == report_from_source(read_bytes(text.encode())).tables
    flat = "".join(text.split())
    for key, words in (
        ("r1", "一、本年新收政府信息公开申请数量"),
        ("r3_3_2", "2.其他法律行政法规禁止公开"),
        ("r3_4_3", "3.补正后申请内容仍不明确"),
        ("r3_7", "（七）总计"),
    ):
        assert words + "".join(map(str, found.tables.applications[key])) in flat
    assert found.tables.remedies["direct_litigation"] == (13, 4, 8, 1, 26)


# The page itself -----------------------------------------------------------------------------------------

WIDTH, HEIGHT, SIZE = 40.0, 20.0, 10.0


def lines_of(columns, rows):
    """The lines of a plain grid whose upper left corner is at (0, 0)."""
    right, bottom = columns * WIDTH, -rows * HEIGHT
    level = [Line(True, -n * HEIGHT, 0, right) for n in range(rows + 1)]
    return level + [Line(False, n * WIDTH, bottom, 0) for n in range(columns + 1)]


def word(text, x, row=0, raised=0.0, size=SIZE):
    """A word set in a row from x on, half a size wide per character."""
    baseline = -row * HEIGHT - 14 + raised
    return [
        Glyph(char, x + place * size / 2, x + (place + 1) * size / 2, baseline, size)
        for place, char in enumerate(text)
    ]


def read_grid(lines, *words):
    (table,) = tables_of(lines)
    return [
        [(cell.text, cell.sure) for cell in row]
        for row in table.rows([glyph for one in words for glyph in one])
    ]


def test_cells_are_where_the_lines_are_whatever_the_order_of_the_file():
    rows = read_grid(lines_of(2, 2), word("4", 50, 1), word("1", 5, 0), word("乙丙", 5, 1), word("3", 50, 0))
    assert rows == [[("1", True), ("3", True)], [("乙丙", True), ("4", True)]]


def test_a_merged_cell_stands_once():
    lines = [
        line for line in lines_of(3, 2) if (line.level, line.at) not in {(True, -HEIGHT), (False, WIDTH)}
    ]
    lines += [Line(True, -HEIGHT, WIDTH, 3 * WIDTH), Line(False, WIDTH, -2 * HEIGHT, 0)]
    rows = read_grid(lines, word("甲", 5, 0), word("1", 50, 0), word("2", 90, 0), word("3", 50, 1))
    assert rows == [[("甲", True), ("1", True), ("2", True)], [("3", True), ("", True)]]


def test_the_outer_border_need_not_be_drawn_on_the_sides():
    lines = [line for line in lines_of(3, 1) if line.level or 0 < line.at < 3 * WIDTH]
    rows = read_grid(lines, word("甲", 5), word("1", 50), word("2", 90))
    assert rows == [[("甲", True), ("1", True), ("2", True)]]


@pytest.mark.parametrize(
    ("words", "unsure"),
    [
        ([word("12345678", 35), word("1", 90)], [False, False, True]),  # into the left neighbour
        ([word("12", 45), word("34", 60)], [True, False, True]),  # two numbers in one cell
        ([word("12", 45), word("3", 55, raised=4, size=6)], [True, False, True]),  # the mark of a note
        ([word("12", 45, raised=6), word("34", 45, raised=-4)], [True, False, True]),  # over two lines
    ],
)
def test_digits_that_may_be_another_number_are_not_sure(words, unsure):
    (row,) = read_grid(lines_of(3, 1), *words)
    assert [sure for _, sure in row] == unsure


def test_a_drawing_and_a_frame_are_no_tables():
    frame = [
        Line(True, 0, 0, 500),
        Line(True, -700, 0, 500),
        Line(False, 0, -700, 0),
        Line(False, 500, -700, 0),
    ]
    assert tables_of(frame) == []
    step = [Line(True, -HEIGHT, 0, WIDTH), Line(False, WIDTH, -HEIGHT, 0)]
    broken = [line for line in lines_of(2, 2) if abs(line.at) not in (HEIGHT, WIDTH)] + step
    assert tables_of(broken) == []
    assert tables_of([Line(True, 9.0 * n, 0, 100) for n in range(900)]) == []


def test_every_column_of_table_three_has_its_own_place():
    """One figure a column, so that no two columns can change places unseen."""
    base = random_tables(2, most=3)
    marked = tuple(range(11, 11 + len(APPLICANT_COLUMNS)))
    expected = replace(base, applications=dict.fromkeys(base.applications, marked))
    found = report_from_source(read_bytes(printed(expected)))
    assert set(found.tables.applications.values()) == {marked}
