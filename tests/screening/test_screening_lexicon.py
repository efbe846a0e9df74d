"""Dictionaries: their terms, their files, their speed; the policy that weighs what is found."""

import io
import json
import time

import openpyxl
import pytest

from gongkai import screening
from gongkai.screening import Finding, Kind, Layer, Lexicon, Policy, Rules, Severity, Term, read_terms
from gongkai.screening.lexicon import LONGEST_TERM, MOST_TERMS


def found(text: str, *terms: Term, policy: Policy | None = None) -> list[Finding]:
    rules = Rules(policy or Policy(), Lexicon.of(terms, "1"))
    return screening.screen_text(text, location="正文", rules=rules)


def shown(text: str, *terms: Term) -> list[str]:
    return [text[finding.start : finding.end] for finding in found(text, *terms)]


def test_a_term_is_found_with_what_should_stand_there_and_why() -> None:
    (finding,) = found("请使用ＡＢ制度。", Term("AB制度", "甲乙制度", "本单位规定"))
    assert (finding.kind, finding.severity) == ("wording", "warn")
    assert (finding.start, finding.end) == (3, 7)
    assert finding.why == "应为“甲乙制度”：本单位规定"
    assert found("某词", Term("某词"))[0].why == "词库列为不规范用语"


def test_the_longest_form_counts_and_a_phrase_in_which_it_is_right_does_not() -> None:
    assert shown("开展调查研究会", Term("调查"), Term("调查研究")) == ["调查研究"]
    term = Term("帐户", "账户", allowed=("营帐户外",))
    assert shown("营帐户外活动，开立帐户", term) == ["帐户"]
    # Two forms that overlap are both told.
    assert shown("甲乙丙", Term("甲乙"), Term("乙丙")) == ["甲乙", "乙丙"]


def test_a_term_with_a_condition_counts_only_before_a_date() -> None:
    term = Term("截止", "截至", before="date")
    assert shown("截止2021年底；报名截止", term) == ["截止"]


def test_a_term_may_block_by_itself_and_then_counts_in_every_layer() -> None:
    term = Term("某项目代号", severity=Severity.BLOCK)
    assert [finding.severity for finding in found("某项目代号", term)] == ["block"]
    rules = Rules(Policy(), Lexicon.of([term, Term("布署")], "1"))
    hidden = screening.screen_html("<p>甲</p><!-- 某项目代号 布署 -->", location="正文", rules=rules)
    assert [(f.kind, f.layer) for f in hidden] == [("wording", "comment")]


def test_a_later_dictionary_has_the_last_word() -> None:
    both = screening.merged(
        Lexicon.of([Term("甲", "乙", before="date"), Term("丙丁")], "1"),
        Lexicon.of([Term("丙丁", "戊己")], "2"),
    )
    assert len(both) == 2
    assert [term.right for term in both.terms] == ["乙", "戊己"]
    assert both.version == "1+2"


def test_the_words_of_the_software_are_sound_and_each_has_its_reason() -> None:
    terms = screening.builtin_lexicon().terms
    assert all(term.problem() is None and term.why and term.group for term in terms)
    rights = [term.right for term in terms if term.right]
    flagged = screening.screen_text("\n".join(rights), location="正文")
    assert [finding.excerpt for finding in flagged if finding.kind == "wording"] == []


@pytest.mark.parametrize(
    "term,said",
    [
        (Term(" "), "空的"),
        (Term("的"), "只有一个字"),
        (Term("甲" * (LONGEST_TERM + 1)), "超过"),
        (Term("甲乙", "甲乙"), "相同"),
        (Term("甲\n乙"), "换行"),
        (Term("甲乙", before="now"), "条件"),
        (Term("甲乙", allowed=("丙丁",)), "不起作用"),
    ],
)
def test_a_bad_term_is_told_in_one_sentence(term: Term, said: str) -> None:
    problem = term.problem()
    assert problem is not None and said in problem
    with pytest.raises(ValueError, match=said):
        Lexicon.of([term], "1")


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TABLE = (
    ("错误用语", "规范用语", "理由", "条件", "处置", "分组", "例外"),
    ("布署", "部署", "错别字", "", "", "错别字", ""),
    ("截止", "截至", "后带时间", "日期", "", "", ""),
    ("代号甲", "", "不得公开", "", "阻断", "", "代号甲鱼；代号甲板"),
)
MEANT = (
    Term("布署", "部署", "错别字", group="错别字"),
    Term("截止", "截至", "后带时间", before="date"),
    Term("代号甲", "", "不得公开", severity=Severity.BLOCK, allowed=("代号甲鱼", "代号甲板")),
)


def test_a_dictionary_is_read_from_every_kind_of_file() -> None:
    assert read_terms(workbook(*TABLE), "词库.xlsx").terms == MEANT
    text = "\n".join(",".join(row) for row in TABLE)
    assert read_terms(text.encode("gb18030"), "词库.csv").terms == MEANT
    assert read_terms(json.dumps([term.to_json() for term in MEANT]).encode(), "词库.json").terms == MEANT
    assert read_terms(b'{"\xe5\xb8\x83\xe7\xbd\xb2": "\xe9\x83\xa8\xe7\xbd\xb2"}', "a.json").terms == (
        Term("布署", "部署"),
    )
    lines = "# 本单位\n布署→部署\n\n截止时点\n帐户,账户,规范写法\n"
    assert read_terms(lines.encode(), "词库.txt").terms == (
        Term("布署", "部署"),
        Term("截止时点"),
        Term("帐户", "账户", "规范写法"),
    )


def test_rows_without_headings_are_wrong_right_why() -> None:
    assert read_terms(workbook(("布署", "部署", "错别字")), "a.xlsx").terms == (
        Term("布署", "部署", "错别字"),
    )


def test_each_bad_row_is_told_with_its_place_and_the_others_are_taken() -> None:
    data = "错误,规范,处置\n布署,部署,\n的,地,\n布署,部暑,\n,空,\n甲乙,丙丁,删除\n丙丁,戊己,\n".encode()
    read = read_terms(data, "a.csv")
    assert [term.wrong for term in read.terms] == ["布署", "丙丁"]
    assert read.problems == (
        "第 3 行：“的”只有一个字，处处都会命中，请写成词语或注明条件“日期”",
        "第 4 行：“布署”与第 2 行重复，已略去",
        "第 5 行：错误写法是空的，请填写或删去这一行",
        "第 6 行：处置“删除”无法识别，请写“阻断”、“提示”或留空",
    )


@pytest.mark.parametrize(
    "data,name,said",
    [
        (b"PK\x03\x04broken", "a.xlsx", "未能读取"),
        (b"\x00\x01\x02\xff" * 50, "a.txt", "未能读取"),
        (b"{", "a.json", "不是完整的 json"),
        (b"[" * 100_000, "a.json", "不是完整的 json"),
        (b"3", "a.json", "列表"),
        (b"text", "a.exe", "类型不支持"),
        (workbook(), "a.xlsx", "没有看得见的表格内容"),
        ("\n".join(f"词{at}语" for at in range(MOST_TERMS + 1)).encode(), "a.txt", "超过"),
    ],
    ids=["broken", "binary", "cut", "nested", "number", "program", "empty", "flood"],
)
def test_a_file_that_is_no_dictionary_is_told_in_one_sentence(data: bytes, name: str, said: str) -> None:
    read = read_terms(data, name)
    assert read.terms == ()
    (problem,) = read.problems
    assert said in problem


def test_a_flood_of_bad_rows_is_counted() -> None:
    read = read_terms("\n".join(["的"] * 1000).encode(), "a.txt")
    assert len(read.problems) == 201
    assert "800" in read.problems[-1]


def test_twenty_thousand_terms_cost_little_more_than_none() -> None:
    terms = [
        Term(f"{chr(0x4E00 + at % 5000)}{chr(0x5E00 + at // 7)}{chr(0x4E00 + at % 911)}")
        for at in range(20_000)
    ]
    many = Rules(lexicon=Lexicon.of(terms, "1"))
    none = Rules(lexicon=Lexicon.of([], "1"))
    text = "关于印发棚户区改造实施方案的通知，请遵照执行。\n" * 10_000

    def seconds(rules: Rules) -> float:
        began = time.process_time()
        screening.screen_text(text, location="正文", rules=rules)
        return time.process_time() - began

    seconds(many)
    assert seconds(many) < 2 * seconds(none) + 0.5


def test_the_policy_weighs_a_layer_by_itself() -> None:
    policy = Policy.from_json({"document_metadata@metadata": "block", "mobile_number": "warn"})
    assert policy.severity_of(Kind.DOCUMENT_METADATA, Layer.METADATA) == "block"
    assert policy.severity_of(Kind.DOCUMENT_METADATA, Layer.TEXT) == "warn"
    assert Policy.from_json(policy.to_json()) == policy
    html = "<p>13812345678</p><!-- 13812345678 -->"
    strict = policy.with_overrides({"mobile_number@comment": "block"})
    assert {
        f.layer: str(f.severity) for f in screening.screen_html(html, location="正文", rules=Rules(strict))
    } == {"text": "warn", "comment": "block"}
    # A kind set anew takes its layers along.
    assert (
        strict.with_overrides({"mobile_number": "warn"}).severity_of(Kind.MOBILE_NUMBER, Layer.COMMENT)
        == "warn"
    )


def test_of_two_policies_the_stricter_counts_cell_by_cell() -> None:
    one = Policy.from_json({"wording": "block", "home_address@table": "block"})
    other = Policy.from_json({"mobile_number": "warn", "wording@comment": "warn"})
    both = one.stricter(other)
    assert both.severity_of(Kind.WORDING, Layer.COMMENT) == "block"
    assert both.severity_of(Kind.MOBILE_NUMBER) == "block"
    assert both.severity_of(Kind.HOME_ADDRESS, Layer.TABLE) == "block"
    assert both.severity_of(Kind.HOME_ADDRESS, Layer.TEXT) == "warn"


@pytest.mark.parametrize(
    "cells",
    [
        {"classification_mark": "warn"},
        {"classification_mark@metadata": "warn"},
        {"unreadable_part": "warn"},
        {"wording": "off"},
        {"wording@nowhere": "block"},
    ],
)
def test_nothing_is_switched_off_and_a_mark_of_secrecy_always_blocks(cells: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Policy.from_json(cells)


def test_rules_go_to_another_process_and_back_and_other_rules_have_another_version() -> None:
    rules = Rules(
        Policy.from_json({"wording@text": "block"}),
        screening.merged(screening.builtin_lexicon(), Lexicon.of(MEANT, "a1")),
        20,
    )
    again = Rules.from_json(json.loads(json.dumps(rules.to_json())))
    assert (again, again.version) == (rules, rules.version)
    assert Rules().version == screening.rules_version()
    versions = {
        Rules().version,
        rules.version,
        Rules(persons_warning=20).version,
        Rules(Policy.from_json({"wording": "block"})).version,
    }
    assert len(versions) == 4
    assert all(version.startswith(screening.rules_version()) and len(version) <= 40 for version in versions)
    result = screening.screen_file("代号甲".encode(), "a.txt", rules=rules)
    assert result.verdict == "block"
    assert result.rules_version.rpartition("+")[2] == rules.version.rpartition("+")[2]


def test_rows_that_name_a_person_are_counted_and_numbers_beside_a_name_say_so() -> None:
    data = "序号,姓名,身份证号码,金额\n1,张三,410305199003071230,300\n2,欧阳小明,x,300\n3,王某某,x,300\n4,李*,x,1\n合计,,,900\n"
    result = screening.screen_file(data.encode(), "名单.csv")
    assert result.persons == 2
    (finding,) = result.findings
    assert finding.why.endswith("同一行列有姓名，足以识别到个人（个人信息保护法第四条）")
    html = "<table><tr><td>户主</td><td>面积</td></tr><tr><td>张三</td><td>80</td></tr><tr><td>某某公司</td><td>90</td></tr></table>"
    assert screening.persons_in(html, html=True) == 1
    pdf_like = "安置房选房结果\n序号 姓名 面积 备注\n1 张三 80\n2 李四光 90\n合计 170\n\n张三同志出席会议。\n"
    assert screening.persons_in(pdf_like) == 2
    one_cell_a_line = "面试名单\n考号\n姓名\n性别\n备注\n001\n张三\n男\n硕士\n002\n李  四\n女\n学士\n"
    assert screening.persons_in(one_cell_a_line) == 2
    assert screening.persons_in("申请人张三于2021年提出申请，姓名、性别等信息不予公开。") == 0


@pytest.mark.parametrize(
    "text,why",
    [
        ("西政办[2021]15号文件", "六角括号"),
        ("西政办【2021】第15号", "六角括号"),
        ("西政办（2021）15号", "六角括号"),
        ("西政办〔2021〕015号", "不编虚位"),
        ("自2021年12月1号起施行", "写“日”"),
        ("2021年2月29日", "没有这一天"),
        ("4月31日前报送", "没有这一天"),
        ("二零二一年十二月", "写作“〇”"),
    ],
)
def test_a_slip_of_notation_is_told_with_its_rule(text: str, why: str) -> None:
    (finding,) = screening.screen_text(text, location="正文")
    assert (finding.kind, finding.severity) == ("wording", "warn")
    assert why in finding.why


@pytest.mark.parametrize(
    "text",
    [
        "西政办〔2021〕15号",
        "洛西改办〔2021〕第 3 号",
        "（2021）豫0305民初1234号",
        "2020年2月29日",
        "2月29日",
        "地铁1号线12月28日开通",
        "二〇二一年十二月三十一日",
        "《办法》[2021年修订]",
        "3月5号楼竣工",
    ],
)
def test_what_is_written_rightly_is_left_alone(text: str) -> None:
    assert screening.screen_text(text, location="正文") == []


@pytest.mark.parametrize(
    "text",
    [
        "按排名先后，按装机容量分配",
        "自己经营，恢复盖章",
        "建立村长效管护机制",
        "引导至服务窗口，化工做强",
        "上报消防救援大队",
        "报名截止时间另行通知",
        "中港路12号门面",
        "本机关予以更正，研究竞争政策，向上海拨款，形势严峻工作",
        "物资送到帐篷里，一座落后的厂房",
    ],
)
def test_words_that_only_hold_a_wrong_form_are_left_alone(text: str) -> None:
    assert [f.excerpt for f in screening.screen_text(text, location="正文")] == []
