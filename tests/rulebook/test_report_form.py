"""The form as data: as the circular prints it, and there and back through JSON."""

import json
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook.report_form import (
    APPLICATION_ROWS,
    HEADER_NOTE,
    LEAF_ROWS,
    PARTS,
    Cell,
    ReportFormError,
    ReportTables,
    columns_of,
    row_keys,
)

BLANK_FORM = Path("../shared/domain/examples/annual-report-blank-form.docx")

COUNT = st.none() | st.integers(min_value=0, max_value=10**9)


@st.composite
def tables(draw):
    def table(name, form="2021"):
        return {
            row: tuple(draw(st.tuples(*[COUNT] * len(columns_of(name, row)))))
            for row in row_keys(name, form)
            if row != "charges"
        }

    disclosure = draw(st.booleans()) or None
    form = draw(st.sampled_from(["2021", "2019"]))
    applications = table("applications", form)
    if form == "2019":
        applications |= dict.fromkeys(("r3_6_1", "r3_6_2", "r3_6_3"), (None,) * 7)
    charge = st.none() | st.decimals(min_value=0, max_value=10**6, places=4)
    return ReportTables(
        table("disclosure") if disclosure else None,
        draw(charge) if disclosure else None,
        applications,
        table("remedies") if draw(st.booleans()) else None,
        form,
    )


@given(tables())
def test_json_there_and_back(report):
    line = json.dumps(report.to_json())
    assert ReportTables.from_json(json.loads(line)) == report


def test_labels_are_those_of_the_official_form():
    printed = [
        [" ".join(cell.text.split()) for cell in row.cells]
        for table in docx.Document(str(BLANK_FORM)).tables
        for row in table.rows
    ]
    cells = {cell.replace(" ", "") for row in printed for cell in row}
    assert HEADER_NOTE in cells
    for row in APPLICATION_ROWS:
        assert {row.label, row.group, row.part} - {""} <= cells
    for table in ("disclosure", "remedies"):
        for key in row_keys(table):
            assert Cell(table, key, columns_of(table, key)[0].key).row_label.split("·")[-1] in cells
    order = [cells for cells in (row[2].replace(" ", "") for row in printed if len(row) == 10) if cells]
    assert [label for label in order if label != HEADER_NOTE] == [row.label for row in APPLICATION_ROWS]


def test_there_are_twenty_five_rows_of_which_twenty_one_are_results():
    assert len(APPLICATION_ROWS) == 25
    assert len(LEAF_ROWS) == 21
    assert [part.numbered_heading[0] for part in PARTS] == list("一二三四五六")
    assert row_keys("applications", "2019")[-3:] == ("r3_6", "r3_7", "r4")


def test_charges_keep_their_decimals():
    report = ReportTables(disclosure={"rules": (0, 0, 0)}, charges=Decimal("0.0000"))
    assert report.to_json()["disclosure"]["charges"] == "0.0000"
    assert report.to_json()["disclosure"]["licences"] is None


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"applications": {"r1": [1, 2, 3]}}, "applications.r1"),
        ({"applications": {"r1": [1, 2, 3, 4, 5, 6, "7"]}}, "applications.r1"),
        ({"applications": {"r1": [True] * 7}}, "applications.r1"),
        ({"remedies": []}, "remedies"),
        ({"disclosure": {"charges": 1.5}}, "disclosure.charges"),
        ({"disclosure": {"charges": "1e400000"}}, "disclosure.charges"),
    ],
)
def test_json_of_another_shape_is_refused_by_name(data, named):
    with pytest.raises(ReportFormError, match=named):
        ReportTables.from_json(data)
