"""`gongkai report check` as programs and people call it."""

import json
import re
from pathlib import Path

import lxml.html
import pytest
from click.testing import CliRunner

from gongkai.cli import main

REFERENCE = Path("../shared/domain/000_d134efd7659efa26.txt")
CITY = Path("../shared/domain/examples/huaian-2024.pdf")
BLANK_FORM = Path("../shared/domain/examples/annual-report-blank-form.docx")


def check(*arguments):
    result = CliRunner().invoke(main, ["report", "check", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def reports(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_reference_report():
    result = check(REFERENCE, "--json")
    assert result.exit_code == 0
    (report,) = reports(result)
    assert list(report) == [
        "file", "status", "form", "agency", "year", "disclosure", "applications", "remedies", "findings",
    ]  # fmt: skip
    assert report["file"] == str(REFERENCE)
    assert (report["status"], report["form"]) == ("complete", "2021")
    assert (report["agency"], report["year"]) == ("西工区城市改造办公室", 2021)
    one = {"r1", "r3_6_3", "r3_7"}
    assert len(report["applications"]) == 25
    for key, row in report["applications"].items():
        assert row == ([1, 0, 0, 0, 0, 0, 1] if key in one else [0] * 7), key
    assert report["disclosure"] == {
        "rules": [0, 0, 0],
        "normative_documents": [0, 0, 0],
        "licences": 0,
        "penalties": 0,
        "coercive_measures": 0,
        "charges": "0",
    }
    assert report["remedies"] == {
        "reconsideration": [0] * 5,
        "direct_litigation": [0] * 5,
        "litigation_after_reconsideration": [0] * 5,
    }
    assert [f for f in report["findings"] if f["severity"] == "error"] == []


def test_a_city_report_in_pdf_with_page_footers_in_its_tables():
    (report,) = reports(check(CITY, "--json"))
    assert (report["status"], report["agency"], report["year"]) == ("complete", "淮安市人民政府", 2024)
    assert report["disclosure"]["rules"] == [1, 0, 11]
    assert report["disclosure"]["penalties"] == 3985758
    assert report["disclosure"]["charges"] == "96171.6"
    rows = report["applications"]
    assert rows["r1"] == [3001, 53, 0, 0, 61, 4, 3119]
    assert rows["r3_4_1"] == [746, 12, 0, 0, 10, 1, 769]
    assert rows["r3_4_2"] == [11, 0, 0, 0, 0, 0, 11]
    assert rows["r3_6_3"] == [108, 2, 0, 0, 0, 0, 110]
    assert rows["r4"] == [103, 0, 0, 0, 0, 0, 103]
    assert report["remedies"]["litigation_after_reconsideration"] == [12, 1, 1, 6, 20]
    # A city with districts may make 规章, and what its text says of applications and remedies is in its tables.
    assert {f["rule"] for f in report["findings"]} & {"C8", "C9", "SUM"} == set()
    assert {f["severity"] for f in report["findings"]} <= {"warning"}


def test_blank_cells_of_the_official_form_are_null():
    result = check(BLANK_FORM, "--json")
    (report,) = reports(result)
    assert result.exit_code == 0
    assert report["status"] == "complete"
    assert report["applications"]["r1"] == [None] * 7
    assert report["disclosure"]["licences"] is None
    assert report["disclosure"]["charges"] is None


def test_an_error_is_shown_with_both_sides_and_exit_one(tmp_path):
    text = REFERENCE.read_text("utf-8").replace("1 0 0 0 0 0 1\n\n四、结转", "2 0 0 0 0 0 2\n\n四、结转")
    file = tmp_path / "报告.txt"
    file.write_text(text, "utf-8")
    result = check(file)
    assert result.exit_code == 1
    assert "西工区城市改造办公室 2021年 完整" in result.stdout
    assert "错误 C1 表三“自然人”列：" in result.stdout
    (report,) = reports(check(file, "--json"))
    found = [f for f in report["findings"] if f["rule"] == "C3"]
    assert found[0]["where"] == {"table": "applications", "row": "r3_7", "column": "自然人"}
    # Both sides with their place in the file, in the sentence itself.
    assert re.search(r"（第\d+行.*）。$", found[0]["message"])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.txt", b"  \n", "空"),
        ("图.txt", b"\x89PNG\r\n\x1a\n0000", "图片"),
        ("散文.txt", "今天天气很好。\n".encode(), "没有找到"),
        ("散文-gbk.txt", "今天天气很好。\n".encode("gb18030"), "没有找到"),
        ("坏.pdf", b"%PDF-1.7 broken", "PDF"),
        ("坏.docx", b"PK\x03\x04broken", "损坏"),
        ("二进制.txt", bytes(range(256)) * 8, "文本"),
    ],
)
def test_a_foreign_file_gets_one_sentence_and_exit_two(tmp_path, name, content, reason):
    file = tmp_path / name
    file.write_bytes(content)
    result = check(file, "--json")
    assert result.exit_code == 2
    (report,) = reports(result)
    assert report["status"] == "unreadable"
    assert report["applications"] is report["form"] is report["agency"] is None
    (finding,) = report["findings"]
    assert reason in finding["message"]
    assert result.stderr.count("\n") == 1 and result.stderr.startswith(f"{file}: ")


def test_a_missing_file_and_a_folder(tmp_path):
    assert check(tmp_path / "没有.txt").exit_code == 2
    folder = check(tmp_path)
    assert folder.exit_code == 2 and "文件夹" in folder.stderr


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    bad = tmp_path / "空.txt"
    bad.write_bytes(b"")
    result = check(bad, REFERENCE, "--json")
    assert result.exit_code == 2
    assert [report["status"] for report in reports(result)] == ["unreadable", "complete"]


def variant(path, *changes):
    text = REFERENCE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return path


def test_last_years_carry_over_is_compared(tmp_path):
    before = variant(
        tmp_path / "2020.txt",
        ("2021年", "2020年"),
        ("四、结转下年度继续办理 0 0 0 0 0 0 0", "四、结转下年度继续办理 0 2 0 0 0 0 2"),
    )
    result = check(REFERENCE, "--previous", before, "--json")
    assert result.exit_code == 1
    found = [f for f in reports(result)[0]["findings"] if f["rule"] == "C4"]
    assert [f["where"]["column"] for f in found] == ["商业企业", "总计"]
    assert "上一年度四、结转下年度继续办理2" in found[0]["message"]


def test_a_previous_report_of_another_year_is_not_compared(tmp_path):
    before = variant(
        tmp_path / "2019.txt", ("2021年", "2019年"), ("下年度继续办理 0 0", "下年度继续办理 5 0")
    )
    result = check(REFERENCE, "--previous", before, "--json")
    assert result.exit_code == 0
    found = {f["rule"]: f["message"] for f in reports(result)[0]["findings"]}
    assert "C4" not in found and "2019年的报告" in found["PREVIOUS"]


def test_an_unreadable_previous_report_is_exit_two(tmp_path):
    result = check(REFERENCE, "--previous", tmp_path / "没有.txt", "--json")
    assert result.exit_code == 2 and result.stdout == "" and "不存在" in result.stderr


def test_a_folder_of_mixed_files_is_walked_and_nothing_is_skipped_silently(tmp_path):
    (tmp_path / "局" / "下").mkdir(parents=True)
    (tmp_path / "局" / "a.txt").write_bytes(REFERENCE.read_bytes())
    (tmp_path / "局" / "下" / "城市.pdf").write_bytes(CITY.read_bytes())
    (tmp_path / "局" / "通知.txt").write_text("请各单位参加会议。\n", "utf-8")
    result = check(tmp_path / "局", "--json")
    assert result.exit_code == 2
    assert [Path(one["file"]).name for one in reports(result)] == ["a.txt", "通知.txt", "城市.pdf"]
    assert [one["status"] for one in reports(result)] == ["complete", "unreadable", "complete"]
    assert "通知.txt: 没有找到" in result.stderr


def test_a_file_read_twice_under_two_names_is_one_line_each_and_no_copy_of_itself(tmp_path):
    twice = [tmp_path / name for name in ("一.txt", "二.txt")]
    for path in twice:
        path.write_bytes(REFERENCE.read_bytes())
    result = check(*twice, twice[0], "--json")
    assert [Path(one["file"]).name for one in reports(result)] == ["一.txt", "二.txt", "一.txt"]
    assert all(f["rule"] != "COPY" for one in reports(result) for f in one["findings"])


def test_another_agency_with_the_same_text_is_told_with_both_places(tmp_path):
    other = variant(tmp_path / "乙.txt", ("西⼯区城市改造办公室", "示范区财政局"))
    result = check(REFERENCE, other, "--json")
    assert result.exit_code == 0
    for report in reports(result):
        (copied,) = [f for f in report["findings"] if f["rule"] == "COPY"]
        assert copied["severity"] == "warning"
        assert re.search(r"正文有\d+%的文字与“.+”（.+）相同.*（第\d+行.*对方第\d+行", copied["message"])


def test_what_the_reference_report_copied_from_the_province_is_told():
    (report,) = reports(check(REFERENCE, "--json"))
    found = [(f["rule"], f["message"]) for f in report["findings"]]
    assert any(rule == "AGENCY" and "指导政府部门" in words and "第182行" in words for rule, words in found)
    assert any(rule == "SLIP" and "截至" in words for rule, words in found)
    assert {rule for rule, _ in found} == {"AGENCY", "FEES", "SLIP"}


def test_jumps_against_last_year_with_both_figures(tmp_path):
    before = variant(
        tmp_path / "2020.txt",
        ("2021年", "2020年"),
        ("⾏政许可 0", "行政许可 400"),
        ("⾏政处罚 0", "行政处罚 5"),
    )
    (report,) = reports(check(REFERENCE, "--previous", before, "--json"))
    jumps = [f["message"] for f in report["findings"] if f["rule"] == "PREVIOUS"]
    assert len(jumps) == 1 and "由上一年度的400减少到0" in jumps[0]
    # The text is last year's too, with the years changed.
    assert any(f["rule"] == "COPY" and "上一年度报告" in f["message"] for f in report["findings"])


def test_the_html_sheet_opens_without_a_server_and_shows_both_sides(tmp_path):
    wrong = variant(
        tmp_path / "甲.txt",
        ("共受理政府信息公开申请1件", "共受理政府信息公开申请258件"),
        ("1 0 0 0 0 0 1\n\n四、结转", "2 0 0 0 0 0 2\n\n四、结转"),
    )
    script = tmp_path / "<b>坏.txt"
    script.write_text("<script>alert(1)</script>", "utf-8")
    sheet = tmp_path / "结果.html"
    result = check(wrong, script, CITY, "--html", sheet)
    assert result.exit_code == 2
    page = sheet.read_text("utf-8")
    assert "共3个文件：1份有错误，0份只有提示，1份没有发现问题，1个无法读取。" in page
    assert "http" not in page and "<script" not in page and "&lt;b&gt;坏.txt" in page
    assert "258" in page and 'class="place">第' in page and "● 错误" in page
    tree = lxml.html.document_fromstring(page)
    assert [row.get("id") for row in tree.xpath("//section")] == ["r1", "r2", "r3"]
    assert all(tree.get_element_by_id(link.get("href")[1:]) is not None for link in tree.xpath("//a"))


def test_a_sheet_that_cannot_be_written_is_said(tmp_path):
    result = check(REFERENCE, "--html", tmp_path / "没有" / "结果.html")
    assert result.exit_code == 2 and "写不进" in result.stderr
