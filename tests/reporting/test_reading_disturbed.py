"""Reports in many shapes: every cell right, or a finding that says which could not be placed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reporting.reading.source import UnreadableReport, read_bytes
from gongkai.reporting.reading.textreport import report_from_source, unreadable
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_form import TABLE_LABELS
from tests.reporting import report_rendering as rendering

SHAPES = {
    "txt": rendering.as_lines,
    "cells": rendering.as_cells,
    "md": rendering.as_markdown,
    "html": rendering.as_html,
}


def read(text, shape="txt"):
    suffix = ".md" if shape == "md" else ".html" if shape == "html" else ".txt"
    try:
        return report_from_source(read_bytes(text.encode("utf-8"), suffix))
    except UnreadableReport as reason:
        return unreadable(str(reason))


def same(expected, report):
    assert report.status == "complete", report.findings
    assert report.tables.form == expected.form
    assert report.tables.to_json() == expected.to_json()
    assert (report.agency, report.year) == (rendering.AGENCY, 2021)
    assert report.findings == ()
    assert check_report(report.tables, agency=report.agency, prose=report.prose, own=True) == ()


@pytest.mark.parametrize("form", ["2021", "2019"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_both_layouts_of_table_three(shape, form):
    expected, _ = rendering.sample(1, form)
    same(expected, read(SHAPES[shape](rendering.blocks(expected)), shape))


@pytest.mark.parametrize("shape", ["txt", "cells"])
@pytest.mark.parametrize("disturb", rendering.HARMLESS, ids=lambda function: function.__name__)
def test_what_leaves_the_figures_readable_loses_none(disturb, shape):
    for seed in range(5):
        expected, rng = rendering.sample(seed)
        same(expected, read(disturb(SHAPES[shape](rendering.blocks(expected)), rng)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sets(st.sampled_from(rendering.HARMLESS)), st.booleans(), st.booleans())
def test_harmless_disturbances_together(seed, disturbances, grouped, broken):
    expected, rng = rendering.sample(seed, rng_form(seed))
    report = list(rendering.blocks(expected))
    if grouped:
        report = rendering.thousands(report)
    if broken:
        report = rendering.broken_labels(report, rng)
    text = rendering.as_lines(report)
    for disturb in disturbances:
        text = disturb(text, rng)
    same(expected, read(text))


def rng_form(seed):
    return "2019" if seed % 4 == 0 else "2021"


@pytest.mark.parametrize("shape", ["txt", "md", "html"])
def test_nil_marks_are_zero(shape):
    for seed in range(8):
        expected, rng = rendering.sample(seed)
        report = rendering.nil_marks(list(rendering.blocks(expected)), rng)
        same(expected, read(SHAPES[shape](report), shape))


@pytest.mark.parametrize("shape", ["md", "html"])
def test_blank_cells_between_borders_are_null_and_nothing_moves(shape):
    for seed in range(20):
        expected, rng = rendering.sample(seed)
        report = rendering.drop_cells(list(rendering.blocks(expected)), rng)
        found = read(SHAPES[shape](report), shape)
        never_wrong(expected, found)
        for cell in expected.cells():
            if found.tables.value(cell) is None:
                assert any(
                    f.where.table == cell.table and f.where.row in (cell.row, None) for f in found.findings
                )


def never_wrong(expected, report):
    """No cell holds another figure than the true one; what is missing is said."""
    for cell in expected.cells():
        read_value, true_value = report.tables.value(cell), expected.value(cell)
        if read_value is None:
            assert true_value is None or report.findings, cell
        else:
            assert read_value == true_value, (cell, read_value, true_value, report.findings)
    if report.status == "complete":
        assert all(report.tables.table(table) is not None for table in TABLE_LABELS)


@settings(max_examples=250, deadline=None)
@given(
    st.integers(0, 10**6),
    st.lists(st.sampled_from(rendering.LOSSY), min_size=1, max_size=3, unique=True),
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from([2, 9, 40]),
)
def test_never_a_wrong_cell_without_a_finding(seed, disturbances, shape, most):
    expected, rng = rendering.sample(seed, rng_form(seed), most)
    report = list(rendering.blocks(expected))
    for disturb in disturbances:
        report = disturb(report, rng)
    found = read(SHAPES[shape](report), shape)
    wrong = [
        cell
        for cell in expected.cells()
        if (value := found.tables.value(cell)) is not None and value != expected.value(cell)
    ]
    findings = (*found.findings, *check_report(found.tables))
    if wrong:
        assert {f.where.table for f in findings} & {cell.table for cell in wrong}, (wrong, found)
    if found.tables.to_json() != expected.to_json():
        assert findings


@pytest.mark.parametrize("shape", ["txt", "cells"])
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0.05, 0.98))
def test_a_text_that_breaks_off_is_refused_or_says_what_is_missing(shape, seed, share):
    expected, _ = rendering.sample(seed)
    text = SHAPES[shape](rendering.blocks(expected))
    found = read(text[: int(len(text) * share)])
    assert found.status == "unreadable" or found.findings
    if found.status != "unreadable" and "四、政府信息公开行政复议" not in text[: int(len(text) * share)]:
        assert found.status == "partial"


def test_broken_off_inside_a_table_is_unreadable_with_the_place():
    expected, _ = rendering.sample(3)
    text = rendering.as_lines(rendering.blocks(expected))
    found = read(text[: text.index("3.补正后申请内容")])
    assert found.status == "unreadable"
    assert "收到和处理政府信息公开申请情况”的表格中间中断" in found.findings[0].message


def test_two_reports_in_one_file_are_unreadable():
    first, _ = rendering.sample(1)
    second, _ = rendering.sample(2)
    for other in ("西工区财政局", rendering.AGENCY):
        text = "\n".join(
            [
                rendering.as_lines(rendering.blocks(first)),
                rendering.as_lines(rendering.blocks(second, other, 2022)),
            ]
        )
        found = read(text)
        assert found.status == "unreadable"
        assert "不止一份报告" in found.findings[0].message


@pytest.mark.parametrize(
    ("wrong", "right"), [("gb18030", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030")]
)
def test_mojibake_is_unreadable(wrong, right):
    expected, _ = rendering.sample(1)
    text = rendering.as_lines(rendering.blocks(expected)).encode(right).decode(wrong, "replace")
    found = read(text)
    assert found.status == "unreadable"
    assert "乱码" in found.findings[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_text_files(encoding):
    expected, _ = rendering.sample(1)
    text = rendering.as_lines(rendering.blocks(expected))
    same(expected, report_from_source(read_bytes(text.encode(encoding), ".txt")))


def test_a_footnote_mark_is_no_digit():
    expected, _ = rendering.sample(1)
    text = rendering.as_lines(rendering.blocks(expected))
    row = next(line for line in text.split("\n") if line.startswith("一、本年新收"))
    found = read(text.replace(row, row + "²"))
    assert found.tables.applications.get("r1") is None
    assert found.status == "partial"
    assert any(f.severity == "error" and f.where.row == "r1" for f in found.findings)


def test_a_decimal_among_counts_breaks_c6_and_is_not_rounded():
    expected, _ = rendering.sample(1)
    text = rendering.as_lines(rendering.blocks(expected))
    row = next(line for line in text.split("\n") if line.startswith("二、上年结转"))
    found = read(text.replace(row, row.rsplit(" ", 1)[0] + " 1.5"))
    assert found.tables.applications["r2"][6] is None
    assert [f.rule for f in found.findings if f.severity == "error"] == ["C6"]


def test_the_charge_in_another_unit_is_not_taken_for_ten_thousands():
    expected, _ = rendering.sample(1)
    text = rendering.as_lines(rendering.blocks(expected)).replace("单位：万元", "单位：元")
    found = read(text)
    assert found.tables.charges is None
    assert any(f.where.row == "charges" for f in found.findings)


def test_the_charge_keeps_its_decimals():
    expected, _ = rendering.sample(1)
    text = rendering.as_lines(rendering.blocks(expected)).replace(f"{expected.charges:f}", "0.0000")
    assert read(text).tables.to_json()["disclosure"]["charges"] == "0.0000"
    assert read(text).tables.charges == Decimal("0")


def test_table_two_of_2019_gives_only_what_means_the_same():
    expected, _ = rendering.sample(1, "2019")
    text = rendering.as_lines(rendering.blocks(expected))
    head, rest = text.split("第二十条第（一）项")
    tail = rest[rest.index("三、收到和处理") :]
    old = "\n".join(
        [
            "第二十条第（一）项",
            "信息内容 本年新制作数量 本年新公开数量 对外公开总数量",
            "规章 0 0 0",
            "规范性文件 3 4 50",
            "第二十条第（五）项",
            "信息内容 上一年项目数量 本年增/减 处理决定数量",
            "行政许可 7 +1 120",
            "其他对外管理服务事项 9 0 8",
            "第二十条第（六）项",
            "信息内容 上一年项目数量 本年增/减 处理决定数量",
            "行政处罚 30 -2 15",
            "行政强制 4 0 1",
            "第二十条第（八）项",
            "信息内容 上一年项目数量 本年增/减",
            "行政事业性收费 2 0",
            "第二十条第（九）项",
            "信息内容 采购项目数量 采购总金额",
            "政府集中采购 5 120.5",
            "",
        ]
    )
    found = read(head + old + tail)
    assert (found.status, found.tables.form) == ("complete", "2019")
    assert found.tables.disclosure["normative_documents"] == (3, None, None)
    assert found.tables.disclosure["licences"] == (120,)
    assert found.tables.disclosure["penalties"] == (15,)
    assert found.tables.disclosure["coercive_measures"] == (1,)
    assert found.tables.charges is None
