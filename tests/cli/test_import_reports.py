"""`gongkai import reports` as the district office calls it."""

import json
import os
import random

import pytest
from click.testing import CliRunner
from django.conf import settings

from gongkai.cli import main
from gongkai.reporting import rollup_members
from gongkai.reporting.models import MemberFile, MemberUpload
from tests.reporting.districts import district_of
from tests.reporting.report_rendering import as_lines, balanced, blocks

pytestmark = pytest.mark.django_db
NAME = "西工区供销合作社"


@pytest.fixture
def send(office, at, monkeypatch):
    for name in ("GONGKAI_HOME", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setattr("gongkai.cli.frame.start_existing", lambda home: None)

    def run(*arguments, who="supervisor", year="2021"):
        home = str(settings.INSTANCE.home)
        asked = ["import", "reports", "--home", home, "--government", "西工区人民政府", "--year", year]
        return CliRunner().invoke(main, [*asked, "--as", who, *map(str, arguments)])

    with at(2022, 1, 10):
        district = district_of(office, agencies=0)
        rollup_members.add_outside(district.supervisor, district.agency, 2021, NAME, group="department")
        yield run


def test_a_folder_is_sent_in_and_what_is_right_counts(send, tmp_path):
    tables = balanced(random.Random(5))
    (tmp_path / "部门").mkdir()
    (tmp_path / "部门" / "供销社.txt").write_text(as_lines(blocks(tables, NAME, 2021)), "utf-8")
    (tmp_path / "去年.txt").write_text(as_lines(blocks(tables, NAME, 2020)), "utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    done = send("--take-in", "--json", tmp_path)
    said = {row["file"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert done.exit_code == 1
    assert said["供销社.txt"]["state"] == "taken_in"
    assert said["去年.txt"]["state"] == "waits" and "2020" in said["去年.txt"]["message"]
    assert "空.txt" in said[None]["message"]
    assert MemberFile.objects.get().tables == tables.to_json()
    assert MemberUpload.objects.get().filename == "去年.txt"


def test_without_a_word_nothing_counts(send, tmp_path):
    path = tmp_path / "供销社.txt"
    path.write_text(as_lines(blocks(balanced(random.Random(5)), NAME, 2021)), "utf-8")
    done = send(path)
    assert (done.exit_code, done.stdout) == (0, "待处理：供销社.txt\n")
    assert not MemberFile.objects.exists()


@pytest.mark.parametrize(
    ("who", "year", "word"),
    [("nobody", "2021", "登录名"), ("handler", "2021", "录入"), ("supervisor", "2019", "2019")],
)
def test_who_may_not_and_which_year_is_none_is_one_line(send, tmp_path, who, year, word):
    path = tmp_path / "供销社.txt"
    path.write_text("报告", "utf-8")
    done = send(path, who=who, year=year)
    assert done.exit_code == 2
    assert word in done.stderr and len(done.stderr.splitlines()) == 1
