"""Each of C1–C15 with a right figure, a broken one and a blank one."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook.organs import organ
from gongkai.rulebook.record_checks import (
    ManualFigure,
    RecordFigures,
    check_origins,
    check_records,
    check_rollup,
)
from gongkai.rulebook.report_checks import blank_cells, check_report
from gongkai.rulebook.report_form import LEAF_ROWS, Cell, ReportTables, columns_of, row_keys, row_of
from gongkai.rulebook.report_rules import RULES, ProseFigures, Where
from gongkai.rulebook.rule_making import may_make_rules

OFFICE = "西工区城市改造办公室"


def zeros():
    def table(name):
        return {row: (0,) * len(columns_of(name, row)) for row in row_keys(name) if row != "charges"}

    return ReportTables(table("disclosure"), Decimal("0.0000"), table("applications"), table("remedies"))


def reference():
    report = zeros()
    one = (1, 0, 0, 0, 0, 0, 1)
    return with_rows(report, "applications", r1=one, r3_6_3=one, r3_7=one)


def with_rows(report, table, **rows):
    return replace(report, **{table: {**report.table(table), **rows}})


def broken(report, **context):
    return {(f.rule, f.severity, f.where.row, f.where.column) for f in check_report(report, **context)}


def test_the_reference_report_is_right():
    prose = ProseFigures(received=1, channels={"当面": 0, "传真": 0, "网络": 1, "信函": 0}, items=9)
    assert check_report(reference(), agency=OFFICE, previous=zeros(), prose=prose, own=True) == ()


def test_c1_names_the_column_and_both_sides():
    report = with_rows(reference(), "applications", r4=(0, 3, 0, 0, 0, 0, 3))
    findings = [f for f in check_report(report) if f.rule == "C1"]
    assert [(f.where.column, f.left, f.right) for f in findings] == [("商业企业", 0, 3), ("总计", 1, 4)]
    assert findings[0].message == (
        "表三“商业企业”列：一、本年新收政府信息公开申请数量0＋二、上年结转政府信息公开申请数量0＝0，"
        "不等于三（七）总计0＋四、结转下年度继续办理3＝3；请按申请登记逐件核对新收、上年结转、办理结果和结转下年度的件数。"
    )


@pytest.mark.parametrize("row", row_keys("applications"))
def test_c2_in_every_row(row):
    report = with_rows(reference(), "applications", **{row: (1, 0, 2, 0, 0, 0, 4)})
    assert ("C2", "error", row, "总计") in broken(report)


@pytest.mark.parametrize("row", LEAF_ROWS)
def test_c3_counts_every_leaf_row(row):
    report = with_rows(zeros(), "applications", **{row: (0, 0, 0, 0, 5, 0, 5)})
    assert broken(report) == {("C3", "error", "r3_7", "法律服务机构"), ("C3", "error", "r3_7", "总计")}


def test_c3_in_the_form_of_2019_takes_the_undivided_row():
    report = with_rows(
        zeros(),
        "applications",
        r1=(2, 0, 0, 0, 0, 0, 2),
        r3_7=(2, 0, 0, 0, 0, 0, 2),
        r3_6=(2, 0, 0, 0, 0, 0, 2),
    )
    blank = dict.fromkeys(("r3_6_1", "r3_6_2", "r3_6_3"), (None,) * 7)
    report = replace(with_rows(report, "applications", **blank), form="2019")
    assert check_report(report) == ()
    assert list(blank_cells(report)) == []
    worse = with_rows(report, "applications", r3_6=(1, 0, 0, 0, 0, 0, 1))
    assert {rule for rule, *_ in broken(worse)} == {"C3"}


def test_c4_compares_with_last_years_carry_over():
    before = with_rows(zeros(), "applications", r4=(2, 0, 0, 0, 0, 0, 2))
    assert broken(reference(), previous=before) == {
        ("C4", "error", "r2", "自然人"),
        ("C4", "error", "r2", "总计"),
    }


@pytest.mark.parametrize("row", row_keys("remedies"))
def test_c5_in_every_group(row):
    report = with_rows(reference(), "remedies", **{row: (1, 1, 0, 0, 3)})
    (finding,) = check_report(report)
    assert (finding.rule, finding.where.row, finding.left, finding.right) == ("C5", row, 3, 2)


def test_c6_negative_counts_and_too_many_decimals():
    report = replace(reference(), charges=Decimal("1.23456"))
    report = with_rows(report, "disclosure", licences=(-1,))
    assert broken(report) == {
        ("C6", "error", "licences", "本年处理决定数量"),
        ("C6", "error", "charges", "本年收费金额（单位：万元，保留4位小数）"),
    }
    assert broken(replace(reference(), charges=Decimal("96171.6"))) == set()


def test_c7_is_a_warning():
    before = with_rows(zeros(), "disclosure", normative_documents=(0, 0, 10))
    right = with_rows(reference(), "disclosure", normative_documents=(3, 1, 12))
    wrong = with_rows(reference(), "disclosure", normative_documents=(3, 1, 13))
    assert broken(right, previous=before) == set()
    (finding,) = check_report(wrong, previous=before)
    assert (finding.rule, finding.severity, finding.where.row) == ("C7", "warning", "normative_documents")
    assert "上一年度现行有效件数10＋本年制发件数3－本年废止件数1＝12" in finding.message


@pytest.mark.parametrize(
    ("agency", "severity"),
    [
        ("西工区城市改造办公室", "error"),
        ("洛阳市西工区人民政府", "error"),
        ("北京市朝阳区人民政府", "error"),
        ("新安县人民政府", "error"),
        ("洛阳市财政局", "error"),
        ("河南省财政厅", "error"),
        ("河南省人民政府办公厅", "error"),
        ("国家税务总局洛阳市税务局", "error"),
        ("王城路街道办事处", "error"),
        ("偃师市人民政府", "warning"),
        ("江苏省昆山市人民政府", "warning"),
        ("苏州市昆山市人民政府", "error"),
        ("山东省淮安市人民政府", "warning"),
        (None, "warning"),
        ("淮安市人民政府", None),
        ("江苏省淮安市人民政府", None),
        ("嘉峪关市人民政府", None),
        ("河南省人民政府", None),
        ("广西壮族自治区人民政府", None),
        ("重庆市人民政府", None),
        ("延边朝鲜族自治州人民政府", None),
        ("东莞市人民政府", None),
        ("海南省儋州市人民政府", None),
        ("财政部", None),
        ("中华人民共和国交通运输部", None),
        ("国家发展和改革委员会", None),
        ("国家税务总局", None),
        ("中国人民银行", None),
    ],
)
def test_c8_by_the_name_of_the_organ(agency, severity):
    report = with_rows(reference(), "disclosure", rules=(1, 0, 0))
    found = broken(report, agency=agency)
    assert found == (set() if severity is None else {("C8", severity, "rules", "本年制发件数")})
    assert broken(reference(), agency=agency) == set()


def test_a_city_on_no_list_is_not_told_from_a_city_with_districts():
    assert may_make_rules("偃师市人民政府") is None


@pytest.mark.parametrize(
    ("name", "level", "own"),
    [
        ("西工区城市改造办公室", "county", "区"),
        ("洛阳市西工区王城路街道办事处", "town", ""),
        ("某某镇人民政府", "town", "镇"),
        ("洛阳市财政局", "city", "市"),
        ("国家税务总局洛阳市税务局", "city", "市"),
        ("河南省财政厅", "province", "省"),
        ("上海市浦东新区人民政府", "county", "区"),
        ("鄂伦春自治旗人民政府", "county", "旗"),
        ("延边朝鲜族自治州人民政府", "city", "州"),
        ("财政部", "state", ""),
        ("东湖新技术开发区管理委员会", None, ""),
        ("昆山市人民政府", None, ""),
    ],
)
def test_the_level_of_an_organ_by_its_name(name, level, own):
    assert (organ(name).level, organ(name).own_words) == (level, own)


def test_c9_is_an_error_only_in_our_own_report():
    prose = ProseFigures(received=3, channels={"网络": 1, "信函": 1})
    place = ("r1", "总计")
    assert broken(reference(), prose=prose) == {("C9", "warning", *place)}
    assert {f.left for f in check_report(reference(), prose=prose)} == {2, 3}
    assert broken(reference(), prose=prose, own=True) == {("C9", "error", *place)}


def test_c9_takes_one_channel_alone_for_a_remark():
    assert check_report(reference(), prose=ProseFigures(channels={"信函": 0})) == ()


def test_c11_a_lapsed_fee_needs_a_word_in_part_six():
    report = with_rows(zeros(), "applications", r3_6_2=(1, 0, 0, 0, 0, 0, 1))
    silent, spoken = ProseFigures(mentions_fees=False), ProseFigures(mentions_fees=True)
    assert ("C11", "warning", "r3_6_2", "总计") in broken(report, prose=silent)
    assert "C11" not in {rule for rule, *_ in broken(report, prose=spoken)}


def test_c12_last_years_pending_cases_reappear():
    before = with_rows(zeros(), "remedies", reconsideration=(0, 0, 0, 2, 2))
    fewer = with_rows(reference(), "remedies", reconsideration=(1, 0, 0, 0, 1))
    more = with_rows(reference(), "remedies", reconsideration=(2, 0, 0, 1, 3))
    assert broken(fewer, previous=before) == {("C12", "warning", "reconsideration", "总计")}
    assert broken(more, previous=before) == set()


@given(st.data())
def test_a_blank_cell_is_never_taken_for_a_figure(data):
    table = data.draw(st.sampled_from(["applications", "remedies"]))
    row = data.draw(st.sampled_from(row_keys(table)))
    place = data.draw(st.integers(0, len(columns_of(table, row)) - 1))
    counts = list(reference().table(table)[row])
    counts[place] = None
    report = with_rows(reference(), table, **{row: tuple(counts)})
    assert check_report(report, agency=OFFICE, previous=zeros()) == ()
    (finding,) = blank_cells(report)
    assert (finding.where.row, finding.where.column) == (row, columns_of(table, row)[place].label)


def test_a_blank_table_and_many_blank_rows_are_each_said_once():
    blank = dict.fromkeys(row_keys("applications"), (None,) * 7)
    (finding,) = blank_cells(with_rows(reference(), "applications", **blank))
    assert (finding.message, finding.where) == (
        "表三全部单元格为空白，无法核对；没有的请填0。",
        Where("applications"),
    )
    five = dict(list(blank.items())[3:8])
    (finding,) = blank_cells(with_rows(reference(), "applications", **five))
    assert finding.message.startswith(
        f"表三有5行全部单元格（第一行是“{row_of('applications', next(iter(five))).full_label}”）为空白"
    )
    assert finding.where == Where("applications", next(iter(five)))
    assert {cell.row for side in finding.sides for cell in side.cells} == set(five)
    four = dict(list(five.items())[:4])
    assert [one.where.row for one in blank_cells(with_rows(reference(), "applications", **four))] == list(
        four
    )


def test_of_rows_that_were_not_read_no_blank_is_said():
    report = with_rows(reference(), "applications", r1=(None,) * 7, r2=(None,) * 7)
    assert [one.where.row for one in blank_cells(report, {("applications", "r2")})] == ["r2"]


# Records -------------------------------------------------------------------------------------------------

OPEN = (0,) * 7


def test_records_that_agree():
    records = RecordFigures(OPEN, {"2021-001": ("r3_6_3",)})
    assert check_records(reference(), records) == ()


def test_c10_partly_disclosed_counts_once():
    records = RecordFigures(OPEN, {"2021-001": ("r3_2", "r3_3_4")})
    findings = check_records(zeros(), records)
    assert findings[0].rule == "C10" and "2021-001" in findings[0].message


@pytest.mark.parametrize("rows", [(), ("r3_1", "r3_6_3"), ("r4",)])
def test_c13_a_closed_case_has_exactly_one_leaf_row(rows):
    findings = check_records(zeros(), RecordFigures(OPEN, {"2021-001": rows}))
    assert findings[0].rule == "C13" and "2021-001" in findings[0].message


def test_c13_open_cases_and_rows_against_the_records():
    findings = check_records(reference(), RecordFigures((1, 0, 0, 0, 0, 0, 1), {}))
    assert [(f.rule, f.where.row, f.where.column, f.left, f.right) for f in findings] == [
        ("C13", "r4", "自然人", 0, 1),
        ("C13", "r4", "总计", 0, 1),
        ("C13", "r3_6_3", "总计", 1, 0),
    ]


def test_c11_a_lapsed_fee_needs_a_notice_on_record():
    report = with_rows(zeros(), "applications", r3_6_2=(1, 0, 0, 0, 0, 0, 1))
    closed = {"2021-001": ("r3_6_2",)}
    assert [f.rule for f in check_records(report, RecordFigures(OPEN, closed))] == ["C11"]
    assert check_records(report, RecordFigures(OPEN, closed, fee_notices=1)) == ()


def test_c14_the_government_is_the_sum_of_its_members():
    members = {OFFICE: reference(), "财政局": zeros()}
    assert check_rollup(reference(), members) == ()
    findings = check_rollup(zeros(), members)
    assert {(f.rule, f.where.row) for f in findings} == {("C14", row) for row in ("r1", "r3_6_3", "r3_7")}
    silent = with_rows(zeros(), "applications", r1=(None,) * 7)
    assert all("财政局" in f.message for f in check_rollup(reference(), {**members, "财政局": silent}))


def test_c15_a_manual_figure_needs_reason_and_approver():
    cell = Cell("disclosure", "licences", "decisions")
    assert check_origins([ManualFigure(cell, 3, "系统外办理", "张三")]) == ()
    (finding,) = check_origins([ManualFigure(cell, 3, " ", "")])
    assert finding.rule == "C15" and "缺少理由和批准人" in finding.message


def test_every_rule_says_what_it_demands_why_and_how_to_mend():
    figures = {f"C{n}" for n in range(1, 16)}
    assert figures < set(RULES)
    warnings = {rule.id for rule in RULES.values() if rule.id in figures and rule.severity == "warning"}
    assert warnings == {"C7", "C9", "C11", "C12"}
    assert {rule.id for rule in RULES.values() if rule.severity == "error"} == {
        *(figures - warnings),
        "READ",
    }
    assert all(rule.statement and rule.basis and rule.mend.startswith("请") for rule in RULES.values())
