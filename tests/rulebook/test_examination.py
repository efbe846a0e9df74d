"""The ten points: each with the article of its day, and what answers allow which conclusion."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rulebook import examination
from gongkai.rulebook.examination import Conclusion, Effect, Facts, Said, nothing_found, obstacles

FACTS = Facts(on=date(2024, 10, 8))
OPEN, PARTIAL, WITHHELD, REFERRED = (
    Conclusion.OPEN,
    Conclusion.PARTIAL,
    Conclusion.WITHHELD,
    Conclusion.REFERRED,
)
NOTE = "已核对"


def said(**changes):
    """The sheet of somebody who found nothing, but for these points: a code, or (code, note)."""
    answers = nothing_found()
    for key, value in changes.items():
        answers[key] = Said(*value) if isinstance(value, tuple) else Said(value, NOTE)
    return answers


def told(answers, conclusion, grounds=(), **facts):
    return [each.message for each in obstacles(answers, conclusion, grounds, replace(FACTS, **facts))]


@pytest.mark.parametrize(
    ("key", "on", "wanted"),
    [
        ("state_secret", date(2021, 3, 1), "《中华人民共和国保守国家秘密法》第二十九条"),
        ("state_secret", date(2024, 4, 30), "《中华人民共和国保守国家秘密法》第二十九条"),
        ("state_secret", date(2024, 5, 1), "《中华人民共和国保守国家秘密法》第三十五条"),
        ("work_secret", date(2021, 3, 1), "国务院办公厅关于进一步做好政府信息公开保密审查工作的通知"),
        ("work_secret", date(2024, 5, 1), "《中华人民共和国保守国家秘密法》第六十四条"),
        ("third_party", date(2021, 3, 1), "《中华人民共和国政府信息公开条例》第十五条"),
        ("third_party", date(2021, 11, 1), "《中华人民共和国个人信息保护法》第二十五条"),
        ("aggregation", date(2024, 8, 31), "保密审查工作的通知"),
        ("aggregation", date(2024, 9, 1), "《中华人民共和国保守国家秘密法实施条例》第四十三条"),
        ("other_agencies", date(2021, 3, 1), "《中华人民共和国政府信息公开条例》第十一条第一款"),
        ("approval", date(2021, 3, 1), "《中华人民共和国政府信息公开条例》第十一条第二款"),
        ("severable", date(2021, 3, 1), "《中华人民共和国政府信息公开条例》第三十七条"),
    ],
)
def test_each_point_cites_the_law_of_its_day(key, on, wanted):
    assert wanted in examination.POINTS[key].law(on)


def test_no_article_is_cited_before_its_day():
    early = date(2021, 3, 1)
    text = "".join(point.law(early) for point in examination.POINTS.values())
    assert "第三十五条" not in text and "第六十四条" not in text and "个人信息保护法" not in text
    assert all(point.law(early) for point in examination.POINTS.values())


def test_what_is_known_at_second_hand_is_marked():
    bases = [basis for point in examination.POINTS.values() for basis in point.bases]
    old = [basis for basis in bases if basis.validity.until == date(2024, 4, 30)]
    assert any(not basis.verified for basis in old) and all(
        basis.verified for basis in bases if "政府信息公开条例》第" in basis.text
    )


@pytest.mark.parametrize(
    ("changes", "conclusion", "grounds", "facts", "why"),
    [
        # Nothing stands in the way.
        ({}, OPEN, (), {}, ""),
        ({"third_party": "consented"}, OPEN, (), {}, ""),
        ({"aggregation": "handled"}, OPEN, (), {}, ""),
        ({"other_agencies": "agreed"}, OPEN, (), {"asked": frozenset({"财政局"})}, ""),
        ({"third_party": "removed", "severable": "separated"}, PARTIAL, (), {}, ""),
        ({"severable": "separated"}, PARTIAL, (), {}, ""),
        ({"state_secret": "yes"}, WITHHELD, ("state_secret",), {}, ""),
        ({"state_secret": "uncertain"}, REFERRED, (), {}, ""),
        # Something does.
        ({}, None, (), {}, "没有审查结论"),
        ({"safety": ("",)}, OPEN, (), {}, "第4项"),
        ({"state_secret": "yes"}, OPEN, (), {}, "只能得出不公开"),
        ({"state_secret": "yes"}, PARTIAL, (), {}, "只能得出不公开"),
        ({"state_secret": "yes"}, REFERRED, (), {}, "只能得出不公开"),
        ({"state_secret": ("yes", "")}, WITHHELD, ("state_secret",), {}, "填写说明"),
        ({"state_secret": "yes"}, WITHHELD, (), {}, "第十四条至第十六条"),
        ({"state_secret": "yes"}, WITHHELD, ("special_access_law",), {}, "第十四条至第十六条"),
        ({}, WITHHELD, ("internal_affairs",), {}, "没有发现不应当公开"),
        ({"safety": "uncertain"}, OPEN, (), {}, "第4项不能确定，请报请确定"),
        ({}, REFERRED, (), {}, "不需报请确定"),
        ({"third_party": "yes"}, OPEN, (), {}, "第5项答"),
        ({"third_party": "removed"}, OPEN, (), {}, "部分公开"),
        ({"third_party": "removed"}, PARTIAL, (), {}, "第10项请选"),
        ({}, PARTIAL, (), {}, "没有去除任何内容"),
        ({"other_agencies": "refused"}, OPEN, (), {}, "第7项尚未办妥"),
        ({"approval": "pending"}, OPEN, (), {}, "第8项尚未办妥"),
        ({"approval": ("approved", "", "", "豫政办〔2024〕1号")}, OPEN, (), {}, "批准机关"),
        ({"approval": ("approved", "", "省政府办公厅", "")}, OPEN, (), {}, "批准文号"),
        ({"aggregation": "yes"}, OPEN, (), {}, "第9项答"),
        # What the records say against it.
        ({}, OPEN, (), {"asked": frozenset({"财政局"})}, "已就本稿与财政局协商"),
        ({"other_agencies": "agreed"}, OPEN, (), {"refused": frozenset({"财政局"})}, "财政局尚未答复或者不同意"),
        ({"other_agencies": "agreed"}, OPEN, (), {"waiting": frozenset({"财政局"})}, "财政局尚未答复或者不同意"),
        ({}, OPEN, (), {"persons": 100}, "第9项请说明"),
        ({"aggregation": "handled"}, OPEN, (), {"persons": 100}, ""),
        ({}, OPEN, (), {"persons": 99}, ""),
        ({"third_party": "consented"}, OPEN, (), {"sensitive": True}, "影响评估"),
        ({"third_party": "consented"}, OPEN, (), {"sensitive": True, "impact": "评估〔2024〕2号"}, ""),
        ({}, OPEN, (), {"referred": True}, "尚未答复"),
        ({"state_secret": "uncertain"}, OPEN, (), {"determined": (OPEN,)}, ""),
        ({"state_secret": "uncertain"}, OPEN, (), {"determined": (PARTIAL,)}, "部分公开"),
        ({"state_secret": "uncertain"}, OPEN, (), {"determined": (WITHHELD,)}, "只能得出不公开"),
        ({"state_secret": "uncertain"}, WITHHELD, ("state_secret",), {"determined": (WITHHELD,)}, ""),
    ],
)  # fmt: skip
def test_answers_and_conclusion_fit_or_one_sentence_says_why_not(changes, conclusion, grounds, facts, why):
    found = told(said(**changes), conclusion, grounds, **facts)
    assert (why in "".join(found)) if why else found == []
    assert bool(found) == bool(why)


def test_an_impact_assessment_is_asked_only_since_there_is_that_law():
    answers = said(third_party="consented")
    assert told(answers, OPEN, sensitive=True, on=date(2021, 10, 31)) == []
    assert told(answers, OPEN, sensitive=True, on=date(2021, 11, 1))


def test_of_answers_that_are_none_each_is_named():
    assert len(told({}, OPEN)) == 10
    assert len(told({"state_secret": Said("perhaps")}, OPEN)) == 10


@pytest.mark.parametrize(
    ("changes", "facts", "wanted"),
    [
        ({}, {}, OPEN),
        ({}, {"redacted": True}, PARTIAL),
        ({"third_party": "removed"}, {}, PARTIAL),
        ({"third_party": "yes"}, {}, WITHHELD),
        ({"safety": "uncertain"}, {}, REFERRED),
        ({"safety": "uncertain"}, {"determined": (OPEN,)}, OPEN),
        ({"state_secret": "yes", "safety": "uncertain"}, {}, WITHHELD),
        ({"safety": ("",)}, {}, None),
    ],
)
def test_the_answers_suggest_a_conclusion(changes, facts, wanted):
    assert examination.suggested(said(**changes), replace(FACTS, **facts)) is wanted


@given(
    st.fixed_dictionaries(
        {
            key: st.sampled_from([answer.code for answer in point.answers])
            for key, point in examination.POINTS.items()
        }
    )
)
def test_nothing_goes_out_that_somebody_found_closed_doubtful_or_unsettled(codes):
    """Whatever the other answers are."""
    answers = {key: Said(code, NOTE, "某机关", "某号") for key, code in codes.items()}
    effects = {examination.POINTS[key].answer(code).effect for key, code in codes.items()}
    if effects & {Effect.CLOSED, Effect.WITHHELD, Effect.REFER, Effect.WAIT}:
        assert told(answers, OPEN) and told(answers, PARTIAL)
    elif Effect.PARTIAL in effects:
        assert told(answers, OPEN)
    else:
        assert told(answers, OPEN) == []


def test_only_the_nation_or_a_province_says_what_is_a_state_secret():
    on = date(2024, 10, 8)
    assert examination.determining("national", on) is None
    assert examination.determining("provincial", on) is None
    for level in ("municipal", "county", "competent"):
        refused = examination.determining(level, on)
        assert "只有国家或者省" in refused.message and refused.article.endswith("第二十五条")
    assert examination.determining("county", date(2021, 3, 1)).article.endswith("第二十条")


def test_a_conclusion_rests_on_its_articles():
    assert examination.law_of(REFERRED).endswith("第十七条")
    assert examination.law_of(PARTIAL).endswith("第三十七条")
    grounds = ["state_secret", "internal_affairs"]
    assert (
        examination.law_of(WITHHELD, grounds) == "《中华人民共和国政府信息公开条例》第十四条、第十六条第一款"
    )


def test_two_people_differ_where_one_word_differs():
    first, second = nothing_found(), said(third_party="consented")
    assert [point.number for point in examination.differing(first, second)] == [5]
    assert examination.differing(first, nothing_found()) == ()
