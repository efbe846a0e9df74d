"""Labels as reports print them: shortened, misspelt, mixed with side headings; and what is not guessed."""

import pytest

from gongkai.reporting.reading.source import read_bytes
from gongkai.reporting.reading.textreport import report_from_source
from tests.reporting import report_rendering as rendering


def lines_of(seed=1, form="2021"):
    expected, _ = rendering.sample(seed, form)
    return expected, rendering.as_lines(rendering.blocks(expected))


def read(text, suffix=".txt"):
    return report_from_source(read_bytes(text.encode(), suffix))


def right(expected, found):
    assert found.status == "complete", found.findings
    assert found.tables.to_json() == expected.to_json()


SLIPS = [
    ("属于国家秘密", "属国家秘密", "r3_3_1"),
    ("其他法律行政法规禁止公开", "其他法律、行政法规规定禁止公开", "r3_3_2"),
    ("（一）予以公开", "（一）予与公开", "r3_1"),
    ("四、结转下年度继续办理", "四、结转下年度办理", "r4"),
    ("一、本年新收政府信息公开申请数量", "一、本年新收申请数量", "r1"),
    ("（区分处理的，只计这一情形，不计其他情形）", "", "r3_2"),
    ("、行政机关不再处理其政府信息公开申请\n2", "\n2", None),
    ("1.属于国家秘密", "1.属于国家秘蜜", "r3_3_1"),
    ("7.属于行政执法案卷", "7.行政执法案卷", "r3_3_7"),
    ("4.无正当理由大量反复申请", "4.无正当理由大量反复甲请", "r3_5_4"),
    ("5.要求行政机关确认或重新出具已获取信息", "5.要求行政机关确认或重新出具巳获取信息", "r3_5_5"),
    ("（七）总计", "（七）总汁", "r3_7"),
    ("3.其他", "3.其它", "r3_6_3"),
    ("行政处罚", "行政外罚", "penalties"),
    ("行政规范性文件", "行政规范性文性", "normative_documents"),
]


@pytest.mark.parametrize(("printed", "instead", "row"), SLIPS)
def test_a_shortened_or_misspelt_label_is_read_and_said(printed, instead, row):
    expected, text = lines_of()
    assert printed in text or row is None
    found = read(text.replace(printed, instead, 1))
    right(expected, found)
    if row:
        (finding,) = found.findings
        assert (finding.severity, finding.where.row) == ("warning", row)
        assert "请核对" in finding.message


@pytest.mark.parametrize(
    ("printed", "instead"),
    [("法律服务机构", "法律服务组织"), ("科研机构", "科研机枸"), ("结果维持", "结果维特")],
)
def test_a_slip_in_the_head_of_a_column_is_read_and_said(printed, instead):
    expected, text = lines_of()
    found = read(text.replace(printed, instead, 1))
    right(expected, found)
    assert [f.message for f in found.findings] == [
        f"{f.message}" for f in found.findings if instead in f.message
    ]
    assert found.findings[0].severity == "warning"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("商业企业 科研机构", "科研机构 商业企业"),
        ("商业企业 科研机构", "商业企业 上年数 科研机构"),
        ("申请人情况", "申请人情况 备注"),
    ],
)
def test_columns_in_another_order_or_one_too_many_are_refused(before, after):
    _, text = lines_of()
    found = read(text.replace(before, after, 1))
    assert found.tables.applications is None
    assert any(f.severity == "error" and f.where.table == "applications" for f in found.findings)


def test_side_headings_with_one_letter_per_line_between_and_within_the_labels():
    for seed in range(4):
        expected, text = lines_of(seed)
        lines = text.split("\n")
        place = next(n for n, line in enumerate(lines) if line.startswith("（一）予以公开"))
        for number, letter in enumerate("三本年度办理结果"):
            lines.insert(place + 2 * number, letter)
        text = "\n".join(lines).replace("2.其他法律行政法规", "2.其他法律行政\n公开\n法规")
        text = text.replace("（三）不予公开\n", "（三）不\n").replace("3.危及", "予公开 3.危及")
        right(expected, read(text))


def test_heads_that_run_line_by_line_over_the_columns():
    expected, text = lines_of(2)
    text = text.replace(
        "商业企业 科研机构 社会公益组织 法律服务机构 其他",
        "商业企 科研机 社会公益 法律服务\n其他\n业 构 组织 机构",
    )
    heads = "结果维持 结果纠正 其他结果 尚未审结 总计"
    text = text.replace(f"{heads} 未经", "结果 结果 其他 尚未\n总计\n维持 纠正 结果 审结\n未经", 1)
    text = text.replace(
        f"{heads} {heads}",
        "结果 结果 其他 尚未 结果 结果 其他 尚未审\n总计 总计\n维持 纠正 结果 审结 维持 纠正 结果 结",
    )
    right(expected, read(text))
    swapped = text.replace("业 构 组织 机构", "构 业 组织 机构")
    assert read(swapped).tables.applications is None


NUMBERS = [
    "约10",
    "10万",
    "10 万",
    "10余件",
    "5(1)",
    "①",
    "壹",
    "无",
    "05",
    "1,23",
    "2021-01-05",
    "1e3",
    "1-2",
    "O",
]


@pytest.mark.parametrize("word", NUMBERS)
@pytest.mark.parametrize("shape", [".txt", ".md", ".html"])
def test_what_only_looks_like_a_number_is_no_number(word, shape):
    expected, _ = rendering.sample(3)
    report = []
    for kind, content in rendering.blocks(expected):
        if content[0] in ("行政处罚", "1.属于国家秘密"):
            content = [content[0], word, *content[2:]]
        report.append((kind, content))
    write = {".txt": rendering.as_lines, ".md": rendering.as_markdown, ".html": rendering.as_html}[shape]
    found = read(write(report), shape)
    assert found.tables.disclosure.get("penalties") in (None, (None,))
    assert found.tables.applications.get("r3_3_1") in (None, (None,) * 7)
    said = {finding.where.row for finding in found.findings if finding.severity == "error"}
    assert {"penalties", "r3_3_1"} <= said


@pytest.mark.parametrize("shape", [".txt", ".md", ".html"])
def test_units_behind_the_figures_are_left_out(shape):
    expected, _ = rendering.sample(3)
    report = [
        (kind, [f"{cell} 件" if cell.isdigit() else cell for cell in content] if kind == "cells" else content)
        for kind, content in rendering.blocks(expected)
    ]
    write = {".txt": rendering.as_lines, ".md": rendering.as_markdown, ".html": rendering.as_html}[shape]
    right(expected, read(write(report), shape))


def test_a_figure_beside_no_label_is_not_given_to_a_neighbour():
    _, text = lines_of()
    text = text.replace("行政处罚 ", "行政处罚\n行政强制\n", 1)
    lines = text.split("\n")
    place = lines.index("行政强制")
    del lines[place + 2]
    found = read("\n".join(lines))
    assert not {"penalties", "coercive_measures"} & set(found.tables.disclosure)
