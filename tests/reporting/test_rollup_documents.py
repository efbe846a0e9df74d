"""A government's published report in every form: each is read back whole, with the sums of its members."""

import csv
import io
import json
import random
from decimal import Decimal

import pytest
from click.testing import CliRunner

from gongkai.channels import tree
from gongkai.cli import main
from gongkai.journal import outbox
from gongkai.reporting import publication, rollup_members
from gongkai.reporting.figures import cell_key
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import ReportTables
from tests import items
from tests.portal import sites
from tests.reporting.districts import all_published, begun_roll_up, district_of, taken_in
from tests.reporting.report_rendering import balanced
from tests.reporting.reports import submitted

pytestmark = pytest.mark.django_db
FOLDER = "reports/410303"
OUTSIDE = {"西工区供销合作社": 1, "西工区红十字会": 2}


@pytest.fixture
def published_report(office, at):
    sites.written(office)
    with at(2022, 3, 10):
        district = district_of(office, agencies=0)
        all_published(district)
        for name, seed in OUTSIDE.items():
            rollup_members.add_outside(district.supervisor, district.agency, 2021, name, group="department")
            taken_in(district, name, balanced(random.Random(seed)), **STATED)
        report, draft = begun_roll_up(district)
        revision = submitted(district.government, report, draft)
        for step in (1, 2, 3):
            items.approve(district.government, revision, step)
        outbox.sweep()
        report.refresh_from_db()
        yield report


STATED = {
    "items_released": "4",
    "applications": "3",
    "fee_notices": "0",
    "fee_amount": "0",
    "fee_collected": "0",
}


def sums():
    """What the government's cells are: the outside offices', since the agencies of the tests have no records."""
    members = [balanced(random.Random(seed)) for seed in OUTSIDE.values()]
    return {cell: sum(tables.value(cell) for tables in members) for cell in members[0].cells()}


def test_every_file_of_the_report_is_read_back_complete_with_the_sums(published_report, tmp_path):
    content = content_of(published_report.live.digest)
    files = dict(publication.files(published_report.live, content))
    files["report.html"] = publication.standalone(content, published_report.published_at.date()).encode()
    for name in ("report.docx", "report.pdf", "report.xlsx", "report.html"):
        (tmp_path / name).write_bytes(files[name])
    result = CliRunner().invoke(main, ["report", "check", "--json", str(tmp_path)])
    read = {one["file"].split("/")[-1]: one for one in map(json.loads, result.stdout.splitlines())}
    assert set(read) == {"report.docx", "report.pdf", "report.xlsx", "report.html"}
    for name, one in read.items():
        assert (one["status"], one["agency"], one["year"]) == ("complete", "西工区人民政府", 2021), name
        for cell, value in sums().items():
            assert figure(one, cell) == value, (name, cell)
    # The files for programs say the same.
    for cell, value in sums().items():
        assert figure(json.loads(files["report.json"]), cell) == value, cell


def figure(said, cell):
    """A cell in the form of `report check --json`."""
    return ReportTables.from_json(said).value(cell)


def test_open_data_holds_the_government_beside_its_agencies(published_report):
    rows = list(csv.DictReader(io.StringIO(tree.read("reports/data/2021.csv").decode("utf-8-sig"))))
    mine = [row for row in rows if row["agency_code"] == "410303"]
    assert len(mine) == 200
    text = tree.read(f"{FOLDER}/2021/index.html").decode()
    assert "西工区人民政府2021年政府信息公开工作年度报告" in text
    said = json.loads(tree.read(f"{FOLDER}/2021/report.json"))
    assert {key: Decimal(figure(said, cell)) for cell, key in keyed()} == {
        key: Decimal(value) for (cell, key), value in zip(keyed(), sums().values(), strict=True)
    }
    # Which office gave what is not published with it, nor the file that it sent.
    everything = b"".join(tree.read(path) for path in tree.files(FOLDER))
    assert not any(name.encode() in everything for name in OUTSIDE)


def keyed():
    return [(cell, cell_key(cell)) for cell in sums()]
