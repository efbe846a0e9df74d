"""All reports side by side and as open data: what is released is in every file, and nothing else ever."""

import csv
import io
import json
import random
from datetime import date

import jsonschema_rs
import lxml.html
import openpyxl
import pytest

from gongkai.channels import site, tree
from gongkai.journal import clock, outbox
from gongkai.reporting import open_data
from gongkai.reporting.models import EarlierReport
from gongkai.reporting.public_models import PublicTables
from gongkai.review import releases
from gongkai.rulebook.report_form import ReportTables
from tests import items
from tests.portal import sites
from tests.reporting import report_rendering
from tests.reporting.filings import again
from tests.reporting.reports import begun, case, published, submitted

FOLDER = "reports/XG0123"
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(office):
    return sites.written(office)


def balanced(seed):
    return report_rendering.balanced(random.Random(seed))


def lines(path):
    return list(csv.DictReader(io.StringIO(tree.read(path).decode("utf-8-sig"))))


def said(path):
    return json.loads(tree.read(path))


def everywhere():
    """Every byte under /reports/, by path."""
    return {path: tree.read(path) for path in tree.files("reports")}


def same_on_reports():
    """Whether the files of the reports are those that the database asks for."""
    return [one for one in site.verify() if one.path.startswith("reports/")] == []


def earlier(office, year, tables=None, agency=None):
    return EarlierReport.objects.create(
        agency=agency or office.agency,
        year=year,
        tables=(tables or balanced(year)).to_json(),
        source=f"{year}年年报.docx",
        digest=f"{year:064x}",
        person=office.people["handler"],
        at=clock.now(),
    )


def two_years(office, at):
    case(office, date(2021, 3, 1), row="r3_1", answered=date(2021, 3, 5))
    case(office, date(2022, 3, 1), row="r3_1", answered=date(2022, 3, 5))
    case(office, date(2022, 4, 1), row="r3_6_3", answered=date(2022, 4, 5))
    with at(2022, 1, 10):
        first = published(office)
    with at(2023, 1, 10):
        return first, published(office, 2022)


def test_a_report_is_there_in_every_form_and_they_say_the_same(office, at):
    two_years(office, at)
    page = lxml.html.document_fromstring(tree.read(f"{FOLDER}/2022/index.html").decode())
    links = {link.get("href"): link.text_content() for link in page.iterfind(".//a[@download]")}
    assert set(links) == {f"report.{kind}" for kind in ("docx", "pdf", "xlsx", "csv", "json")}
    assert all("KB）" in words or " B）" in words for words in links.values()), "each with its size"
    by_line = {
        (row["table"], row["row"], row["column"]): row["value"] for row in lines(f"{FOLDER}/2022/report.csv")
    }
    assert len(by_line) == 200
    assert by_line["applications", "r3_7", "total"] == "2"
    assert by_line["disclosure", "charges", "amount"] == "0.0000"
    (wide,) = lines(f"{FOLDER}/2022/report-wide.csv")
    assert (wide["agency_code"], wide["year"], wide["source"]) == ("XG0123", "2022", "records")
    assert {
        f"{table}.{row}.{column}": value for (table, row, column), value in by_line.items()
    }.items() <= wide.items()
    book = openpyxl.load_workbook(io.BytesIO(tree.read(f"{FOLDER}/2022/report.xlsx")))
    three = book["收到和处理政府信息公开申请情况"]
    assert three.cell(27, 10).value == 2, "（七）总计, 总计"
    assert said(f"{FOLDER}/2022/report.json")["applications"]["r3_7"] == [2, 0, 0, 0, 0, 0, 2]


def test_the_json_files_keep_to_their_published_schemas(office, at):
    earlier(office, 2019)
    two_years(office, at)
    one, many = said("reports/schema.json"), said("reports/data/schema.json")
    assert one["$id"] == "https://www.example.gov.cn/reports/schema.json"
    for schema in (one, many):
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema_rs.meta.validate(schema)
    report = said(f"{FOLDER}/2022/report.json")
    assert report["$schema"] == "/reports/schema.json"
    jsonschema_rs.validator_for(one).validate(report)
    for path in ("reports/data/reports.json", f"{FOLDER}/reports.json"):
        jsonschema_rs.validator_for(many).validate(said(path))
    check = jsonschema_rs.validator_for(one)
    for key, wrong in (
        ("applications", report["applications"] | {"r1": [1, 2, 3]}),
        ("applications", report["applications"] | {"r1": [-1, 0, 0, 0, 0, 0, 0]}),
        ("applications", report["applications"] | {"r9": [0] * 7}),
        ("disclosure", report["disclosure"] | {"charges": 0.5}),
        ("remedies", {}),
        ("year", "2022"),
        ("stray", 1),
    ):
        assert not check.is_valid(report | {key: wrong}), (key, wrong)


def test_an_agency_shows_its_years_side_by_side_with_their_differences(office, at):
    two_years(office, at)
    page = lxml.html.document_fromstring(tree.read(f"{FOLDER}/index.html").decode())
    tables = page.findall(".//table")
    assert [len(table.findall("tbody/tr")) for table in tables] == [10, 25, 150, 15]
    applications = tables[1]
    assert [head.text_content() for head in applications.findall("thead/tr/th")] == ["指标", "2022", "2021"]
    rows = {row.find("th").text_content(): row for row in applications.findall("tbody/tr")}
    new, old = rows["一、本年新收政府信息公开申请数量"].findall("td")
    assert new.text == "2" and old.text_content() == "1"
    assert [part.text_content() for part in new.findall("span")] == ["+1", "（比上年增加1）"]
    assert {head.get("scope") for head in page.iterfind(".//table//th")} == {"col", "row"}
    tags = {tag.get("name"): tag.get("content") for tag in page.iterfind("head/meta[@name]")}
    assert tags["ColumnType"] == "政府信息公开年报" and tags["ColumnDescription"]


def test_board_and_years_lead_to_every_report_without_a_server(office, at):
    two_years(office, at)
    board = tree.read("reports/index.html").decode()
    for address in ("/reports/XG0123/", "/reports/years/2022/", "/reports/years/2021/", "/reports/data/"):
        assert f'href="{address}"' in board
    year = tree.read("reports/years/2022/index.html").decode()
    assert 'href="/reports/XG0123/2022/"' in year and "/2021/" not in year
    assert [row["year"] for row in lines("reports/data/2021.csv")] == ["2021"] * 200
    assert [row["year"] for row in lines("reports/data/reports.csv")] == ["2022", "2021"]
    data = tree.read("reports/data/index.html").decode()
    for words in ("使用许可", "更新时间", "字段说明", "数据是怎么来的", "/reports/schema.json"):
        assert words in data
    assert same_on_reports(), "what stands there is what the database says"


def test_years_from_files_become_public_with_a_released_report_and_are_marked(office, at):
    # One of the year before would have to agree with this year's carry-over; that is C4's.
    earlier(office, 2018, balanced(1))
    earlier(office, 2018, balanced(2))
    earlier(office, 2019)
    with at(2022, 1, 10):
        report, draft = begun(office)
        assert not any(b"2019" in data and b"XG0123" in data for data in everywhere().values())
        revision = submitted(office, report, draft)
        assert not tree.read(f"{FOLDER}/index.html")
        for step in (1, 2, 3):
            items.approve(office, revision, step)
        outbox.sweep()
    rows = {row["year"]: row for row in lines("reports/data/reports.csv")}
    assert [(year, row["source"]) for year, row in rows.items()] == [
        ("2021", "records"), ("2019", "taken_over"), ("2018", "taken_over"),
    ]  # fmt: skip
    assert rows["2018"]["applications.r1.total"] == str(balanced(2).applications["r1"][6]), (
        "the latest file counts"
    )
    listed = {row["year"]: row for row in said("reports/data/reports.json")["reports"]}
    # The clock of a table is that of the wall, the moment for programs has its zone: 北京时间.
    assert rows["2021"]["released"].startswith("2022-01-10 ") and len(rows["2021"]["released"]) == 16
    assert listed[2021]["released"].endswith("+08:00")
    assert listed[2021]["released"][:16].replace("T", " ") == rows["2021"]["released"]
    assert (listed[2019]["file"], listed[2019]["page"], listed[2019]["released"]) == (
        "2019年年报.docx",
        None,
        None,
    )
    page = tree.read(f"{FOLDER}/index.html").decode()
    assert "载入自此前公布的报告文件" in page and "2019年年报.docx" in page
    assert "2019年年报.docx" in tree.read("reports/years/2019/index.html").decode()
    assert same_on_reports()


def test_reviewers_read_which_years_go_out_with_the_report(office, at):
    from gongkai.reporting.kind import ReportKind
    from gongkai.review.submission import content_of

    earlier(office, 2019)
    with at(2022, 1, 10):
        report, draft = begun(office)
        content = content_of(submitted(office, report, draft).digest)
    assert [row["year"] for row in content["earlier"]] == [2019]
    assert any("随本报告公开2019年度数据" in line for line in ReportKind().lines(content))
    assert "2019年年报.docx" in ReportKind().preview(content, office.agency)


def test_nothing_that_is_not_released_is_in_any_file(office, at):
    canary = 987654321
    tables = balanced(3)
    secret = ReportTables.from_json(
        tables.to_json() | {"remedies": {key: [canary] * 5 for key in tables.remedies}}
    )
    with at(2022, 1, 10):
        report = published(office)
        earlier(office, 2018, secret)  # taken over after the release: in no approved content
    with at(2023, 1, 10):
        second, draft = begun(office, 2022, other="未公布的文字甲乙丙丁")
        revision = submitted(office, second, draft)
        items.approve(office, revision, 1)
        outbox.sweep()
    with at(2023, 1, 11):
        again_draft = again(office, report, other="更正稿文字戊己庚辛", correction="更正一处。")
        assert again_draft
    site.write_all()
    for path, data in everywhere().items():
        if path.endswith((".docx", ".xlsx", ".pdf", ".png")):
            continue
        text = data.decode("utf-8-sig")
        for word in (str(canary), "甲乙丙丁", "戊己庚辛", "/2022/", "2018年年报"):
            assert word not in text, (path, word)
    assert [one.year for one in open_data.published()] == [2021]


def test_a_withdrawn_report_is_gone_from_every_list_and_file_at_once(office, at):
    _first, second = two_years(office, at)
    with at(2023, 2, 1):
        releases.withdraw(office.actor("approver"), second.live, reason="error")
        outbox.sweep()
    assert tree.read("reports/years/2022/index.html") is None
    assert tree.read("reports/data/2022.csv") is None
    assert [row["year"] for row in lines("reports/data/reports.csv")] == ["2021"]
    assert said("reports/data/reports.json")["updated"].startswith("2023-02-01")
    for path in ("reports/data/reports.json", f"{FOLDER}/reports.json"):
        assert [row["year"] for row in said(path)["reports"]] == [2021]
    for path in ("reports/index.html", f"{FOLDER}/index.html", "index.html"):
        assert "/2022/" not in tree.read(path).decode(), path
    assert same_on_reports()


def test_after_the_last_withdrawal_the_agency_has_no_page_of_years(office, at):
    with at(2022, 1, 10):
        report = published(office)
    with at(2022, 2, 1):
        releases.withdraw(office.actor("approver"), report.live, reason="error")
        outbox.sweep()
    assert tree.read(f"{FOLDER}/index.html") is None
    assert tree.read(f"{FOLDER}/reports.csv") is None
    assert lines("reports/data/reports.csv") == []
    assert "尚未公布年度报告" in tree.read("reports/index.html").decode()
    assert PublicTables.objects.count() == 0


def test_a_correction_shows_its_note_and_keeps_the_version_before(office, at):
    with at(2022, 1, 10):
        report = published(office)
    before = {path: tree.read(f"{FOLDER}/2021/{path}") for path in ("report.json", "report.pdf")}
    with at(2022, 2, 1):
        revision = again(office, report, correction="第五部分漏写一项问题，现予补充。")
        assert "现予补充" not in tree.read(f"{FOLDER}/2021/index.html").decode()
        for step in (1, 2, 3):
            items.approve(office, revision, step)
        outbox.sweep()
    page = tree.read(f"{FOLDER}/2021/index.html").decode()
    assert "第五部分漏写一项问题，现予补充。" in page and "2022年2月1日" in page
    assert 'href="/reports/XG0123/2021/v1/"' in page
    assert said(f"{FOLDER}/2021/report.json")["correction"] == "第五部分漏写一项问题，现予补充。"
    assert said("reports/data/reports.json")["reports"][0]["digest"] == revision.digest
    for path, data in before.items():
        assert tree.read(f"{FOLDER}/2021/v1/{path}") == data, "byte for byte as it was published"
    older = tree.read(f"{FOLDER}/2021/v1/index.html").decode()
    assert "更正前的版本" in older and 'href="/reports/XG0123/2021/"' in older
    report.refresh_from_db()
    with at(2022, 3, 1):
        releases.withdraw(office.actor("approver"), report.live, reason="error")
        outbox.sweep()
    assert list(tree.files(f"{FOLDER}/2021")) == [f"{FOLDER}/2021/gone.html"]


def test_check_names_open_data_that_say_something_else_and_sets_it_right(office, at):
    with at(2022, 1, 10):
        report = published(office)
    assert open_data.differences() == []
    tables = dict(report.public_tables.tables)
    PublicTables.objects.update(tables=tables | {"remedies": None})
    (found,) = open_data.differences()
    assert "开放数据与已公布的内容不符" in found
    assert open_data.differences(repair=True) == [] == open_data.differences()
    PublicTables.objects.all().delete()
    assert len(open_data.differences()) == 1
    open_data.differences(repair=True)
    assert PublicTables.objects.get().tables == tables


def test_the_number_of_queries_does_not_grow_with_the_reports(office, at, django_assert_num_queries):
    two_years(office, at)
    with django_assert_num_queries(1):
        assert len(open_data.published()) == 2
    with at(2024, 1, 10):
        published(office, 2023)
    with django_assert_num_queries(1):
        assert len(open_data.published()) == 3
