"""Parts, dates, the agency spoken for, and slips: what is said of a text, and what is rightly left alone."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.reporting.inspection.addressee import addressee
from gongkai.reporting.inspection.dates import dates
from gongkai.reporting.inspection.narrative import Narrative
from gongkai.reporting.inspection.parts import parts
from gongkai.reporting.inspection.printed import Printed
from gongkai.reporting.inspection.report import inspect
from gongkai.reporting.inspection.wording import marks, slip_list, slips
from gongkai.reporting.reading import isolated
from gongkai.reporting.reading.prose import read_prose
from gongkai.reporting.reading.source import Source
from gongkai.reporting.reading.textreport import report_from_source
from gongkai.rulebook.report_form import ReportTables
from tests.reporting import report_rendering as rendering

OFFICE = "西工区城市改造办公室"
CITY = "淮安市人民政府"


def narrative(text="", *, agency=OFFICE, year=2021, part="overview"):
    return Narrative.of_texts(agency, year, {part: text})


def said(findings):
    return [one.message for one in findings]


# Dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("报告所列数据的统计期限为2021年1月1日至12月31日。", None),
        ("统计期限自2021年1月1日起至2021年12月31日止。", None),
        ("统计期限自2021年1月1日起至2021年11月30日止。", "2021年1月1日至12月31日"),
        ("所列数据的统计期限为2020年1月1日至12月31日。", "2021年1月1日至12月31日"),
        ("截至2021年12月31日，主动公开9项。", None),
        ("截至2021年底，主动公开9项。", None),
        ("截至2020年12月31日，主动公开9项。", "统计期限到2021年12月31日"),
        ("截至2021年11月底，主动公开9项。", "统计期限到2021年12月31日"),
        ("截至目前，共有栏目9个。", None),
        ("2020年，我办认真落实条例。", "沿用了其他年度"),
        ("2022年，我办将继续加强公开。", None),
        ("2020年印发的办法2021年废止。", None),
        ("与2020年相比，申请减少。", None),
        ("现将2020年度政府信息公开工作情况报告如下。", "标题是2021年"),
        ("现将2021年度政府信息公开工作情况报告如下。", None),
    ],
)
def test_years_and_periods(text, word):
    messages = said(dates(narrative(text)))
    assert not messages if word is None else any(word in message for message in messages)


@pytest.mark.parametrize(
    ("agency", "line", "word"),
    [
        (OFFICE, "2022年1月20日", None),
        (OFFICE, "2022年2月1日", "晚于2022年1月31日"),
        (OFFICE, "2021年12月30日", "结束之前"),
        (CITY, "2022年3月20日", None),
        (CITY, "2022年4月1日", "晚于2022年3月31日"),
        (OFFICE, "发布日期：2022-02-10", "晚于"),
        (OFFICE, "2021年12月30日召开了会议。", None),
        (OFFICE, "2022年2月30日", None),
    ],
)
def test_the_day_of_the_report_by_kind_of_agency(agency, line, word):
    messages = said(dates(narrative(line, agency=agency, part="other")))
    assert not messages if word is None else word in messages[0]


# For whom it speaks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agency", "text", "word"),
    [
        (OFFICE, "2021年，我办认真落实条例，我区群众满意。", None),
        (OFFICE, "我市政务公开水平不断提升。", "“我市”"),
        (OFFICE, "我省政务公开水平不断提升。", "“我省”"),
        (CITY, "2021年，我市坚持以人民为中心。", None),
        (CITY, "我县坚持以人民为中心。", "“我县”"),
        ("新安县财政局", "我局坚持依法公开，我县财政平稳。", None),
        ("新安县财政局", "我委坚持依法公开。", "“我委”"),
        ("北京市朝阳区财政局", "我市统一部署，我区落实。", None),
        ("昆山市人民政府", "我县我市我区。", None),
        (OFFICE, "现将西工区教育局2021年度政府信息公开工作报告如下。", "“西工区教育局”"),
        (OFFICE, "现将我办2021年度政府信息公开工作报告如下。", None),
        (OFFICE, "区城改办坚持依法公开。", None),
        (CITY, "本报告由淮安市人民政府办公室根据条例编制。", None),
        (CITY, "本报告由盐城市人民政府办公室根据条例编制。", "“盐城市人民政府办公室”"),
        (OFFICE, "洛龙区住房和城乡建设局认真落实条例。", "“洛龙区住房和城乡建设局”"),
        (OFFICE, "指导政府部门带头落实标准指引。", "指导政府部门"),
        ("西工区人民政府办公室", "指导政府部门带头落实标准指引。", None),
        (OFFICE, "督促各县区落实公开要求。", "指导县区"),
        (CITY, "督促各县区落实公开要求。", None),
        (OFFICE, "依托新修订的《河南省人民政府工作规则》。", "政府工作规则"),
        ("洛阳市财政局", "按照《山东省政务公开工作要点》安排。", "山东省"),
        ("洛阳市财政局", "按照《河南省政务公开工作要点》安排。", None),
    ],
)
def test_the_agency_and_its_level(agency, text, word):
    messages = said(addressee(narrative(text, agency=agency)))
    assert not messages if word is None else any(word in message for message in messages)


# Slips ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("依据《信息公开条例》", "漏了“政府”"),
        ("依据《中华人民共和国政府信息公开条例》", None),
        ("根据《条例》第四十条的规定编制本年度报告", "第四十九条、第五十条"),
        ("根据《条例》第五十条的规定编制本年度报告", None),
        ("共公开信息258余条", "精确到个位"),
        ("共公开信息5500余条", None),
        ("其它事项", "其他"),
        ("做出答复", "作出"),
        ("建立台帐", "账"),
        ("行政权利运行", "权力"),
        ("保障知情权力", "权利"),
        ("截止2021年底", "截至"),
        ("受理截止日期为3月1日", None),
        ("洛政办(2021)12号", "六角括号"),
        ("洛政办〔2021〕12号", None),
        ("2021年2月30日", "日历上没有"),
        ("国办公开办函〔2019〕60号", "2019年的格式"),
        ("满足生产、生活、科研等特殊需要", "三需要"),
    ],
)
def test_slips(text, word):
    messages = said(slips(narrative(text)))
    assert not messages if word is None else any(word in message for message in messages)


def test_the_earlier_form_was_right_in_its_time():
    assert not list(slips(narrative("国办公开办函〔2019〕60号", year=2020)))


def test_many_slips_of_one_kind_are_told_once_with_their_number():
    messages = said(slips(narrative("其它。" * 40)))
    assert len(messages) == 3 and "全文共40处" in messages[-1]


def test_marks_have_the_offsets_of_the_text_as_typed():
    text = "我办 （2021）　做出答复，台帐齐全"
    assert [text[one.start : one.end] for one in marks(text, 2021)] == ["做出答复", "台帐"]


def test_a_head_that_ends_otherwise_than_the_others():
    text = "1.主动公开情况：好。\n2.依申请公开情况：好。\n3.监督保障情况；好。"
    (message,) = said(slips(narrative(text)))
    assert "3.监督保障情况" in message and "冒号" in message


def test_every_slip_says_what_is_right_and_why():
    assert all(slip.right and slip.why for slip in slip_list())


# Parts ---------------------------------------------------------------------------------------------------


def report(**changes):
    texts = {1: "2021年，我办依法公开，办理了本年度的申请，答复及时，没有超期。", 5: "主要问题：栏目更新不及时，已经整改。下一步加强检查和培训，补齐短板。", 6: "收取信息处理费0元。"}  # fmt: skip
    tables = changes.pop("tables", rendering.sample(7)[0])
    title = changes.pop("title", f"{OFFICE}2021年政府信息公开工作年度报告")
    texts |= {int(key[1]): text for key, text in changes.items() if key.startswith("p")}
    headings = changes.get("headings", {})
    lines = [title]
    blocks = list(rendering.blocks(tables))[1:]
    number = 0
    for kind, content in blocks:
        if kind == "cells":
            lines.append(" ".join(content))
        elif content[:1] in "一二三四五六" and content[1:2] == "、":
            number += 1
            lines.append(headings.get(number, content))
            lines += [texts[number]] if texts.get(number) else []
    return report_from_source(
        Source(tuple(lines), "txt", tuple(f"第{n}行" for n in range(1, len(lines) + 1)))
    )


def without_lapsed():
    tables, _ = rendering.sample(7)
    rows = dict(tables.applications)
    for row in ("r3_7", "r1"):
        rows[row] = tuple(a - b for a, b in zip(rows[row], rows["r3_6_2"], strict=True))
    rows["r3_6_2"] = (0,) * 7
    return replace(tables, applications=rows)


LAPSED_NONE = without_lapsed()


def rules(read):
    return {(one.rule, one.severity) for one in inspect("报告.txt", read).findings}


def test_a_whole_report_has_no_finding():
    assert rules(report()) == set()


@pytest.mark.parametrize("text", ["", "无", "略。", "（文字描述）", "×", "工作正常。"])
def test_a_part_that_says_nothing(text):
    assert rules(report(p5=text)) == {("PART", "warning")}
    assert rules(report(p1=text)) == {("PART", "warning")}


def test_part_six_may_say_that_there_is_nothing_but_not_be_silent_about_fees():
    assert rules(report(p6="无。", tables=LAPSED_NONE)) == {("FEES", "warning")}
    # Where applications lapsed for the fee, C11 says it, once.
    assert rules(report(p6="无。")) == {("C11", "warning")}
    assert rules(report(p6="本年度未收取信息处理费。")) == set()


@pytest.mark.parametrize(
    "left", ["【请写明问题】", "XX局", "（此处填写数字）", "____", "{{items}}", "待补充"]
)
def test_places_left_by_a_template(left):
    text = f"主要问题：栏目更新不及时，{left}。下一步加强检查，补齐短板，力争做好。"
    assert ("PART", "warning") in rules(report(p5=text))


def test_numerals_of_headings():
    (one,) = inspect("报告.txt", report(headings={6: "五、其他需要报告的事项"})).findings
    assert (
        one.rule == "PART" and "六、其他需要报告的事项" in one.message and one.sides[0].place.startswith("第")
    )


def test_parts_in_another_order():
    swapped = {5: "六、其他需要报告的事项", 6: "五、存在的主要问题及改进情况"}
    found = inspect("报告.txt", report(headings=swapped)).findings
    assert any(
        "“五、存在的主要问题及改进情况”排在“六、其他需要报告的事项”之后" in one.message for one in found
    )


def test_the_title_as_the_form_has_it():
    assert rules(report(title=f"{OFFICE}2021年政府信息公开年度报告")) == {("TITLE", "warning")}


def test_the_earlier_form_is_told_from_2021_on():
    tables, _ = rendering.sample(7, form="2019")

    def told(year, tables):
        return [one.severity for one in parts(narrative("工作", year=year), tables) if one.rule == "FORM"]

    assert told(2021, tables) == ["warning"]
    assert told(2020, tables) == told(2021, ReportTables(charges=Decimal(0))) == []


@pytest.mark.parametrize(
    "unit", ["1", "其中1件，", "市", "区局", "《", "（", "申请", "根据《条例》第五条", "1件", "xX"]
)
def test_text_that_is_none_takes_no_longer_than_text(unit):
    text = unit * (60_000 // len(unit))
    begin = time.process_time()
    one = narrative(text)
    for look in (addressee, dates, slips):
        list(look(one))
    read_prose([text], None, year=2021)
    assert time.process_time() - begin < 4


# As printed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("comma", ["，", ","])
def test_what_is_quoted_of_a_file_is_quoted_as_the_file_writes_it(comma):
    """Reading folds “３件，其中” to “3件,其中”; who reads what is said of it finds the file's own characters."""
    text = f"２０２１年{comma}我局收到政府信息公开申请９３件{comma}截止12月31日全部办结（含上年结转）。"
    sent = "\n".join(report(p1=text).source.lines).encode()
    found = inspect("报告.txt", isolated.read(sent, "报告.txt")).findings
    sentences = " ".join(one.message for one in found)
    assert f"“２０２１年{comma}我局收到" in sentences, "the organ, in the words around it"
    assert "申请９３件" in sentences, "the number that the table does not have"
    words = [side.words for one in found for side in one.sides if "９３" in side.words]
    assert words and not [one for one in words if "93" in one]


def test_labels_and_words_that_the_text_does_not_have_stay_as_they_are():
    printed = Printed(["共办理（一）项，", "１２件,又12件"])
    assert printed.sentence("表三“三（七）总计”“一,二”为12") == "表三“三（七）总计”“一,二”为12"
    assert printed.sentence("正文“12件”", near=1) == "正文“１２件”"
    assert printed.sentence("正文“又12件……”") == "正文“又12件……”"
    assert printed.words("共办理(一)项,12件") == "共办理（一）项，１２件", "over the end of a line"
