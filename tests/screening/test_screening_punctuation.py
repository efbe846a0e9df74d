"""Slips of punctuation between Chinese characters are told; what has marks of its own is not."""

import pytest

from gongkai import screening
from tests.screening.planting import ID


@pytest.mark.parametrize(
    "text,why",
    [
        ("为贯彻文件精神,现通知如下", "全角标点"),
        ("联系人:办公室", "全角标点"),
        ("您的来信收悉;现答复如下", "全角标点"),
        ("能否办理?请来电", "全角标点"),
        ("各乡镇人民政府(街道办事处)遵照执行", "全角括号"),
        ("安置房（第一批)公告", "一半全角"),
        ("安置房(第一批）公告", "一半全角"),
        ('关于“放管服"改革', "一半弯"),
        ("来信收悉。。现答复如下", "重复"),
        ("来信收悉，。现答复如下", "重复"),
        ("来信收悉。.现答复如下", "重复"),
        ("包括拆迁、安置、补偿...等事项", "省略号"),
        ("包括拆迁、安置、补偿。。。", "省略号"),
    ],
)
def test_a_slip_of_punctuation_is_told_with_its_rule(text: str, why: str) -> None:
    (finding,) = screening.screen_text(text, location="正文")
    assert (finding.kind, finding.severity) == ("wording", "warn")
    assert why in finding.why


@pytest.mark.parametrize(
    "text",
    [
        "补偿1,000元，于10:30开始，图纸比例1:500",
        "网址 https://www.example.gov.cn/a,b;c?d=1:2 可以查阅",
        "Wi-Fi, Internet (Web) and so on. Yes! No?",
        "西政办〔2021〕15号",
        "1.总则\n(1)适用范围\n(二)基本原则",
        "见附件名单(终稿).docx",
        "面积80(m2)",
        "他说：“同意。”会议通过。",
        "补偿、安置……等事项",
        "《办法》（试行）、《细则》。",
        'class="a" href="b"',
    ],
)
def test_what_has_marks_of_its_own_is_no_slip(text: str) -> None:
    assert screening.screen_text(text, location="正文") == []


def test_many_slips_of_one_kind_are_one_finding_with_their_number() -> None:
    (finding,) = screening.screen_text("精神,工作,学习,生活,纪律,作风", location="正文")
    assert "全文共 5 处" in finding.why


def test_what_stands_in_the_brackets_is_masked() -> None:
    findings = screening.screen_text(f"申请人（公民身份号码{ID})已到场", location="正文")
    told = [each.excerpt for each in findings if each.kind == "wording"]
    assert told and not any(ID in each for each in told)
