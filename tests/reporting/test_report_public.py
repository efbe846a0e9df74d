"""The published report on the site: its page, its documents, its place on the shelf, its tombstone."""

import json
from datetime import date

import lxml.html
import pytest

from gongkai.channels import tree
from gongkai.journal import outbox
from gongkai.review import releases
from tests.portal import sites
from tests.reporting.reports import begun, case, published

FOLDER = "reports/XG0123/2021"


pytestmark = pytest.mark.django_db


@pytest.fixture
def office(office):
    return sites.written(office)


def test_a_published_report_stands_on_the_site_with_its_documents(office, at):
    row = case(office, date(2021, 3, 1), row="r3_6_3", answered=date(2021, 3, 5))
    with at(2022, 1, 10):
        begun(office, 2022)
        assert tree.read(f"{FOLDER}/index.html") is None
        report = published(office)
    page = tree.read(f"{FOLDER}/index.html").decode()
    assert "西工区城市改造办公室2021年政府信息公开工作年度报告" in page
    tags = {
        tag.get("name"): tag.get("content")
        for tag in lxml.html.document_fromstring(page).iterfind("head/meta[@name]")
    }
    assert tags["ColumnName"] == "政府信息公开年报"
    assert tags["PubDate"].startswith("2022-01-10")
    said = json.loads(tree.read(f"{FOLDER}/report.json"))
    assert said["applications"]["r3_6_3"] == [1, 0, 0, 0, 0, 0, 1]
    assert tree.read(f"{FOLDER}/report.docx").startswith(b"PK")
    assert tree.read(f"{FOLDER}/report.pdf").startswith(b"%PDF")
    everything = page + tree.read(f"{FOLDER}/report.json").decode()
    assert str(row.pk) not in everything and row.number not in everything
    assert "/reports/XG0123/2021/" in tree.read("reports/index.html").decode()
    assert all(person.name not in page for person in office.people.values())
    with at(2022, 2, 1):
        releases.withdraw(office.actor("approver"), report.live, reason="error")
        outbox.sweep()
    assert tree.read(f"{FOLDER}/index.html") is None
    assert tree.read(f"{FOLDER}/report.json") is None
    assert tree.read(f"{FOLDER}/gone.html") is not None


def test_each_table_is_readable_without_seeing_it(office, at):
    with at(2022, 1, 10):
        published(office)
    root = lxml.html.document_fromstring(tree.read(f"{FOLDER}/index.html").decode())
    tables = root.findall(".//table[@class]")
    shown = [table for table in tables if table.get("class").startswith("report-table ")]
    assert [len(table.findall(".//td")) for table in shown] == [10, 175, 15]
    for table in shown:
        assert table.find("caption").text_content().strip()
        assert all(cell.get("scope") for cell in table.findall(".//th"))
        width = sum(int(cell.get("colspan", 1)) for cell in table.find(".//tr"))
        for row in table.findall(".//tr"):
            assert sum(int(cell.get("colspan", 1)) for cell in row) <= width
