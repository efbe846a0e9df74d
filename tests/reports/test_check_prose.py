"""What a sentence states against the tables: each form of words with a right figure, a wrong one, and what is no figure."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reporting.reading.prose import read_prose
from gongkai.rulebook.prose_checks import check_prose
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_form import LEAF_ROWS, ReportTables, columns_of, row_keys
from tests.reporting.report_rendering import balanced


def tables():
    """Received 14 (13 persons, 1 enterprise), carried over 2, closed 15, forward 1; the leaf rows count 1 or 0."""
    leaves = {
        "r3_1": 5, "r3_2": 2, "r3_3_1": 1, "r3_3_4": 1, "r3_4_1": 3, "r3_5_2": 1, "r3_6_1": 1, "r3_6_3": 1,
    }  # fmt: skip
    rows = {key: (n := leaves.get(key, 0), 0, 0, 0, 0, 0, n) for key in LEAF_ROWS}
    rows["r3_7"] = (15, 0, 0, 0, 0, 0, 15)
    rows["r3_1"] = (4, 1, 0, 0, 0, 0, 5)
    rows["r3_7"] = (14, 1, 0, 0, 0, 0, 15)
    rows |= {"r1": (13, 1, 0, 0, 0, 0, 14), "r2": (2, 0, 0, 0, 0, 0, 2), "r4": (1, 0, 0, 0, 0, 0, 1)}
    return ReportTables(
        {
            "rules": (0, 0, 0),
            "normative_documents": (3, 2, 21),
            "licences": (120,),
            "penalties": (45,),
            "coercive_measures": (0,),
        },
        Decimal("12.3400"),
        rows,
        {
            "reconsideration": (3, 1, 0, 1, 5),
            "direct_litigation": (1, 0, 0, 0, 1),
            "litigation_after_reconsideration": (1, 0, 0, 1, 2),
        },
    )


def found(sentence, year=2021, own=False):
    return check_prose(tables(), read_prose([sentence], None, year=year), own)


def test_the_example_balances():
    assert check_report(tables()) == ()


STATED = [
    ("全年共受理政府信息公开申请{}件。", 14),
    ("2021年收到{}件政府信息公开申请。", 14),
    ("收到申请14件，其中自然人申请{}件，法人或其他组织申请1件。", 13),
    ("上年结转政府信息公开申请{}件。", 2),
    ("收到的申请中，{}件结转下年度继续办理。", 1),
    ("申请已办结，结转至下年度继续办理{}件。", 1),
    ("政府信息公开申请已办结{}件。", 15),
    ("对申请予以公开{}件，部分公开2件。", 5),
    ("对申请予以公开5件，部分公开{}件。", 2),
    ("办理结果：不予公开{}件。", 2),
    ("办理结果：无法提供{}件。", 3),
    ("办理结果：不予处理{}件，其他处理2件。", 1),
    ("办理结果：属于国家秘密{}件。", 1),
    ("其中本机关不掌握相关政府信息{}件。", 3),
    ("政府信息公开行政复议{}件。", 5),
    ("政府信息公开行政复议5件，其中结果维持{}件，结果纠正1件，尚未审结1件。", 3),
    ("政府信息公开行政诉讼{}件。", 3),
    ("政府信息公开行政诉讼3件，结果维持{}件，尚未审结1件。", 2),
    ("政府信息公开诉讼中，未经复议直接起诉{}件，复议后起诉2件。", 1),
    ("全年制发行政规范性文件{}件，废止行政规范性文件2件。", 3),
    ("废止{}件规范性文件。", 2),
    ("现行有效的行政规范性文件{}件。", 21),
    ("作出行政许可决定{}件。", 120),
    ("作出行政处罚处理决定{}件。", 45),
]


@pytest.mark.parametrize(("sentence", "right"), STATED)
def test_each_form_of_words_both_ways(sentence, right):
    assert [one for one in found(sentence.format(right)) if one.rule == "C9"] == []
    (finding,) = [one for one in found(sentence.format(right + 200)) if one.rule == "C9"]
    assert (finding.left, finding.right, finding.severity) == (right + 200, right, "warning")
    assert f"{right + 200}件" in finding.message and finding.sides[0].lines == (0,)


def test_charges_in_any_unit():
    for right in ("12.34万元", "123400元", "0.001234亿元"):
        assert found(f"行政事业性收费{right}。") == ()
    (finding,) = found("行政事业性收费12.34元。")
    assert finding.left == Decimal("0.001234") and finding.right == Decimal("12.34")


@pytest.mark.parametrize(
    "sentence",
    [
        "2020年受理政府信息公开申请99件。",
        "比上年收到申请99件有所增加。",
        "第一季度受理政府信息公开申请99件。",
        "其中网络平台收到申请99件。",
        "12345热线受理申请99件。",
        "公开行政许可信息99条。",
        "主动公开行政处罚99件。",
        "法人或其他组织申请1件，结转下年度1件。",
        "不予公开的申请较少。",
        "行政复议机关受理申请时限为60日。",
        "受理公共租赁住房申请99件。",
    ],
)
def test_what_is_said_of_something_else_is_left_alone(sentence):
    assert found(sentence) == ()


def test_a_sentence_that_says_there_was_none():
    assert {one.left for one in found("全年未收到政府信息公开申请。")} == {0}
    messages = [one.message for one in found("未发生政府信息公开行政复议、行政诉讼案件。")]
    assert len(messages) == 2 and all("0件" in message for message in messages)


def test_another_scope_is_a_warning_that_says_so_even_in_our_own_report():
    (finding,) = found("全市共受理政府信息公开申请300件。", own=True)
    assert finding.severity == "warning" and "“全市”" in finding.message
    (finding,) = found("共受理政府信息公开申请300件。", own=True)
    assert finding.severity == "error"


def test_where_one_of_two_scopes_agrees_the_other_is_no_matter():
    assert found("全市受理政府信息公开申请300件。本机关受理政府信息公开申请14件。") == ()
    (finding,) = found("共受理政府信息公开申请14件。收到政府信息公开申请12件。", own=True)
    assert finding.left == 12 and finding.severity == "warning" and "另一处与表格相同" in finding.message


@pytest.mark.parametrize(
    ("sentence", "sides"),
    [
        ("共收到申请14件，其中当面申请11件，网络申请2件，信函申请1件。", None),
        ("共收到申请14件，其中当面申请11件，网络申请2件，信函申请2件。", (14, 15)),
        ("收到申请14件（当面11件、传真2件、信函2件）。", (14, 15)),
        ("收到申请14件：11+2+2。", (14, 15)),
        ("收到申请14件：11+2+1。", None),
        ("收到申请14件，其中自然人13件，法人或其他组织3件。", (14, 16)),
        ("行政复议5件，其中结果维持3件，结果纠正1件，其他结果0件，尚未审结2件。", (5, 6)),
        ("行政复议5件，其中结果维持3件，结果纠正1件。", None),
        ("收到申请14件，其中网络申请3件。", None),
        ("收到申请14件，其中涉及征地9件，涉及规划9件。", None),
        ("收到来信10件，分别为咨询7件、投诉2件。", (10, 9)),
    ],
)
def test_lists_that_must_add_up(sentence, sides):
    sums = [(one.left, one.right) for one in found(sentence) if one.rule == "SUM"]
    assert sums == ([sides] if sides else [])


def test_the_place_is_the_line_of_the_figure_and_page_numbers_do_not_part_it():
    lines = ["2021年，", "全年受理政府信", "- 2 -", "息公开申请30", "0件。"]
    (one,) = read_prose(lines, None, numbers=range(100, 105)).statements
    assert (one.number, one.line) == (300, 103)


@given(st.integers(0, 2**32))
def test_balanced_tables_and_the_sentences_that_say_them_have_no_finding(seed):
    report = balanced(random.Random(seed))
    rows, reconsidered = report.applications, report.remedies["reconsideration"]
    text = (
        f"受理政府信息公开申请{rows['r1'][6]}件，上年结转政府信息公开申请{rows['r2'][6]}件，申请办结{rows['r3_7'][6]}件，"
        f"结转下年度继续办理{rows['r4'][6]}件，予以公开{rows['r3_1'][6]}件。政府信息公开行政复议{reconsidered[4]}件，其中结果维持"
        f"{reconsidered[0]}件，结果纠正{reconsidered[1]}件，其他结果{reconsidered[2]}件，尚未审结{reconsidered[3]}件。"
    )
    prose = read_prose([text], ["收取信息处理费0元。"], year=2021)
    assert check_report(report, agency="示范区财政局", prose=prose, own=True) == ()


@given(st.integers(0, 2**32), st.data())
def test_any_cell_of_tables_three_and_four_that_is_changed_is_noticed(seed, data):
    report = balanced(random.Random(seed))
    table = data.draw(st.sampled_from(["applications", "remedies"]))
    row = data.draw(st.sampled_from(row_keys(table)))
    place = data.draw(st.integers(0, len(columns_of(table, row)) - 1))
    counts = list(report.table(table)[row])
    counts[place] += data.draw(st.integers(1, 999))
    changed = replace(report, **{table: {**report.table(table), row: tuple(counts)}})
    findings = check_report(changed, agency="示范区财政局")
    assert findings and all(one.severity == "error" and one.sides for one in findings)
