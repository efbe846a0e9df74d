"""Copied text: found with its places, whatever its figures; what the form prescribes is no copy."""

import random

import pytest

from gongkai.reporting.inspection.copying import LEAST, compared, likeness, likenesses, resembling
from gongkai.reporting.inspection.narrative import NAMES, Narrative
from gongkai.reporting.inspection.report import compare, inspect
from gongkai.reporting.narrative import BOUND, proposed
from tests.reports.test_check_text import report

WORDS = "公开申请答复栏目培训检查整改群众窗口电话平台目录指南解读补贴名单标准流程时限材料地址邮箱街道社区学校医院养老救助住房就业"
COPY = (
    "我们把来电中问得最多的十个问题逐条写成问答，配上办理地点和所需材料，放在栏目第一屏，窗口人员每周看一遍是否过时，"
    "发现变化的当天改正，年末共改正42处。"
)


def prose(rng, sentences=30):
    """Sentences of random words: no two texts have a passage in common."""
    return ["".join(rng.choice(WORDS) for _ in range(rng.randrange(18, 40))) + "。" for _ in range(sentences)]


def text(name, lines):
    return compared(name, enumerate(lines, 1))


def test_a_passage_in_common_is_shown_with_its_place_in_both():
    rng = random.Random(1)
    one, other = prose(rng), prose(rng)
    one[4], other[17] = COPY, COPY.replace("42", "7")
    found = likeness(text("甲", one), text("乙", other))
    (passage,) = found.passages
    assert (passage.lines, passage.other_lines) == ((5, 5), (18, 18))
    assert passage.words.startswith("我们把来电中") and "42处" in passage.words
    assert 0 < found.share < 0.15 and not found.told()


def test_a_text_with_a_few_words_changed_is_still_the_same_text():
    rng = random.Random(2)
    lines = prose(rng)
    changed = [line[:12] + "另外" + line[13:] for line in lines]
    found = likeness(text("甲", lines), text("乙", changed))
    assert found.share > 0.8 and found.told() and found.told(last_year=True)


def test_texts_that_have_nothing_in_common():
    rng = random.Random(3)
    found = likeness(text("甲", prose(rng)), text("乙", prose(rng)))
    assert (found.share, found.passages) == (0, ())


def test_what_the_form_and_the_starting_texts_prescribe_is_no_copy():
    texts = {part: BOUND.sub("12", proposed(part)) for part in NAMES}
    own, other = (
        compared(name, ((line.number, line.text) for line in Narrative.of_texts(name, 2021, texts).lines()))
        for name in ("甲局", "乙局")
    )
    assert own.own < len(own.letters) / 5
    assert not likeness(own, other).told()


@pytest.mark.parametrize("seed", range(20))
def test_any_passage_long_enough_is_found(seed):
    rng = random.Random(seed)
    one, other = "".join(prose(rng)), "".join(prose(rng))
    letters = "".join(rng.choice(WORDS) for _ in range(LEAST + 6))
    place, there = rng.randrange(len(one)), rng.randrange(len(other))
    found = likeness(
        text("甲", [one[:place] + letters + one[place:]]),
        text("乙", [other[:there] + letters + other[there:]]),
    )
    assert any(letters in passage.words for passage in found.passages)


def test_one_against_many_says_what_all_against_all_says():
    rng = random.Random(5)
    lines = [prose(rng) for _ in range(12)]
    for place in (3, 7):
        lines[place][:10] = lines[0][:10]
    texts = [text(str(place), each) for place, each in enumerate(lines)]
    together = {(one.other, round(one.share, 6)) for one in likenesses(texts)[0]}
    assert together == {(one.other, round(one.share, 6)) for one in resembling(texts[0], texts[1:])}
    assert {other for other, _ in together} == {"3", "7"}


def test_of_three_hundred_reports_each_is_told_of_the_one_that_it_shares_a_passage_with():
    rng = random.Random(6)
    shared = [prose(rng, 8) for _ in range(150)]
    texts = [text(str(number), [*prose(rng), *shared[number // 2]]) for number in range(300)]
    found = likenesses(texts)
    assert [[one.other for one in found[place]] for place in range(300)] == [[str(n ^ 1)] for n in range(300)]


def inspected(name, **changes):
    return inspect(name, report(**changes))


def test_two_files_of_one_call_and_the_same_report_twice():
    own = {"p1": COPY + "本年度的申请答复及时，没有超期。", "p5": COPY[::-1] + "下一步补齐短板。"}
    office = inspected("甲.txt", **own)
    again = inspected("甲另存.txt", **own)
    bureau = inspected("乙.txt", title="示范区财政局2021年政府信息公开工作年度报告", **own)
    first, second, third = compare([office, again, bureau])
    copies = [one for one in first.findings if one.rule == "COPY"]
    assert len(copies) == 1 and "示范区财政局 2021年”（乙.txt）" in copies[0].message
    assert "（第3行；对方第3行）" in copies[0].message or copies[0].sides[0].place
    assert [one.rule for one in second.findings] == ["COPY"]
    assert {one.rule for one in third.findings} == {"COPY"}
    assert copies[0].severity == "warning" and first.errors == 0


def test_last_years_text_taken_over_is_told_by_the_later_report_only():
    own = {"p1": COPY + "本年度的申请答复及时，没有超期。", "p5": COPY[::-1] + "下一步补齐短板。"}
    now = inspected("2021.txt", **own)
    before = inspected("2020.txt", title="西工区城市改造办公室2020年政府信息公开工作年度报告", **own)
    later, earlier = compare([now, before])
    assert "COPY" in {one.rule for one in later.findings}
    assert "COPY" not in {one.rule for one in earlier.findings}
    with_previous = inspect("2021.txt", now.report, previous=before.report)
    (copied,) = [one for one in with_previous.findings if one.rule == "COPY"]
    assert "上一年度报告" in copied.message and copied.sides[1].document == "previous"
