"""`gongkai report build` as programs call it."""

import json
import os
from datetime import date

import pytest
from click.testing import CliRunner
from django.conf import settings

from gongkai.cli import main
from tests.reporting.reports import case, published

pytestmark = pytest.mark.django_db
AGENCY = "西工区城市改造办公室"


@pytest.fixture
def build(monkeypatch):
    for name in ("GONGKAI_HOME", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ[name])

    def run(agency, year, out):
        home = str(settings.INSTANCE.home)
        arguments = ["report", "build", "--home", home, "--agency", agency, "--year", str(year)]
        return CliRunner().invoke(main, [*arguments, "--out", str(out)])

    return run


def test_the_published_report_is_written(office, at, build, tmp_path):
    case(office, date(2021, 3, 1), row="r3_6_3", answered=date(2021, 3, 5))
    with at(2022, 1, 10):
        published(office)
        case(office, date(2021, 6, 1))
        result = build(AGENCY, 2021, tmp_path / "deep" / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    out = tmp_path / "deep" / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "report.docx",
        "report.html",
        "report.json",
        "report.pdf",
    ]
    said = json.loads((out / "report.json").read_text("utf-8"))
    assert said["applications"]["r1"] == [1, 0, 0, 0, 0, 0, 1]
    assert said["disclosure"]["charges"] == "0"
    assert said["frozen"]["revision"] == 1


def test_without_a_published_one_the_records_speak_and_stderr_says_so(office, at, build, tmp_path):
    case(office, date(2021, 6, 1))
    with at(2022, 1, 10):
        result = build(AGENCY, 2021, tmp_path)
    assert result.exit_code == 0
    assert "尚未发布" in result.stderr
    said = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (said["applications"]["r4"][6], said["frozen"]) == (1, None)


@pytest.mark.parametrize(
    ("agency", "year"), [("没有这个机关", 2021), (AGENCY, 2018), (AGENCY, 2020), (AGENCY, 2050)]
)
def test_an_unknown_agency_or_year_is_one_sentence(office, at, build, tmp_path, agency, year):
    with at(2022, 1, 10):
        result = build(agency, year, tmp_path)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1 and "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(office, at, build, tmp_path):
    (tmp_path / "file").write_text("")
    with at(2022, 1, 10):
        result = build(AGENCY, 2021, tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert "无法写入" in result.stderr
