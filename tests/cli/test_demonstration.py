"""The demonstration year through the command line: the report equals the published one, the journal holds."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests import demonstration
from tests.conftest import SHARED
from tests.demonstration import gongkai

AGENCY = "西工区城市改造办公室"
TABLES = ("disclosure", "applications", "remedies")
REFERENCE = SHARED / "domain" / "000_d134efd7659efa26.txt"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return demonstration.copied(tmp_path_factory, "demonstration")


@pytest.fixture(scope="module")
def report(home, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    done = gongkai(
        "report", "build", "--home", str(home), "--agency", AGENCY, "--year", "2021", "--out", str(out)
    )
    assert done.returncode == 0, done.stderr
    return out


def test_the_report_is_written_in_its_four_forms(report):
    assert {path.name for path in report.iterdir()} >= {
        "report.json",
        "report.html",
        "report.docx",
        "report.pdf",
    }
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference report is not beside the repository")
def test_its_three_tables_equal_those_of_the_published_report(report):
    checked = gongkai("report", "check", str(REFERENCE), "--json")
    assert checked.returncode == 0
    published, ours = json.loads(checked.stdout), json.loads((report / "report.json").read_text("utf-8"))
    for table in TABLES:
        assert {key: _plain(value) for key, value in ours[table].items()} == {
            key: _plain(value) for key, value in published[table].items()
        }
    assert published["status"] == "complete" and published["form"] == "2021"
    assert (published["agency"], published["year"]) == (AGENCY, 2021)
    assert not [finding for finding in published["findings"] if finding["severity"] == "error"]


def _plain(value):
    """Charges are printed with as many decimals as the reader found: 0 and 0.0000 are the same amount."""
    return float(value) if isinstance(value, str) else value


def test_its_narrative_figures_are_computed(report):
    said = json.loads((report / "report.json").read_text("utf-8"))["narrative_figures"]
    figures = {key: row["value"] if isinstance(row, dict) else row for key, row in said.items()}
    expected = {
        "items_released": 9, "mailbox": 11, "media_line": 2, "assigned": 1,
        "by_counter": 0, "by_fax": 0, "by_web": 1, "by_post": 0,
        "accountability_cases": 0, "training_coverage": 100,
    }  # fmt: skip
    assert {key: int(float(figures[key])) for key in expected} == expected


def test_the_report_that_we_build_passes_our_own_check(report):
    checked = gongkai("report", "check", str(report / "report.html"), "--json")
    said = json.loads(checked.stdout)
    assert said["status"] == "complete", said["findings"]
    assert said["applications"]["r1"] == [1, 0, 0, 0, 0, 0, 1]
    assert not [finding for finding in said["findings"] if finding["severity"] == "error"]


@pytest.mark.parametrize(
    ("agency", "year", "words"), [("某个不存在的机关", "2021", "没有名为"), (AGENCY, "1990", "")]
)
def test_an_unknown_agency_or_year_is_one_sentence_and_exit_2(home, tmp_path, agency, year, words):
    done = gongkai(
        "report", "build", "--home", str(home), "--agency", agency, "--year", year, "--out", str(tmp_path)
    )
    assert done.returncode == 2
    assert words in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_the_journal_of_the_year_holds_and_the_instance_is_sound(home):
    verified = gongkai("journal", "verify", "--home", str(home))
    assert verified.returncode == 0, verified.stdout
    checked = gongkai("check", "--home", str(home))
    assert checked.returncode == 0, checked.stdout


def _tampered(factory, statements: list[str]) -> Path:
    """A copy of the instance in which someone with the database file dropped the guards and changed rows."""
    copy = demonstration.copied(factory, "tampered")
    connection = sqlite3.connect(copy / "gongkai.sqlite3")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return copy


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        (["UPDATE journal_entry SET actor_name = '他人' WHERE seq = 40"], "第40条"),
        (["DELETE FROM journal_entry WHERE seq = 50"], "第50条"),
        (["DELETE FROM journal_entry WHERE seq > 300"], "第301条"),
        (["UPDATE review_approval SET opinion = '改' WHERE id = (SELECT min(id) FROM review_approval)"], "review_approval"),
        (["DELETE FROM review_approval WHERE id = (SELECT max(id) FROM review_approval)"], "review_approval"),
        (["UPDATE applications_caseevent SET \"on\" = '2021-01-01' WHERE id = 1"], "applications_caseevent"),
    ],
)  # fmt: skip
def test_journal_verify_names_what_was_changed_removed_or_cut_off(tmp_path_factory, tampering, named):
    copy = _tampered(tmp_path_factory, tampering)
    verified = gongkai("journal", "verify", "--home", str(copy))
    assert verified.returncode == 1
    assert named in verified.stdout
    # Without its guards the instance does not run either.
    assert gongkai("check", "--home", str(copy)).returncode == 1


def test_backup_and_restore_give_the_same_instance(home, tmp_path):
    file = tmp_path / "backup.zip"
    assert gongkai("backup", str(file), "--home", str(home)).returncode == 0
    restored = gongkai(
        "restore", str(file), "--home", str(tmp_path / "again"), "--keys-from", str(home / "keys")
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert gongkai("journal", "verify", "--home", str(tmp_path / "again")).returncode == 0


def test_a_folder_that_is_no_instance_is_one_sentence(tmp_path):
    done = gongkai("check", "--home", str(tmp_path))
    assert done.returncode == 2 and "不是公开实例" in done.stderr and "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A real instance, and what the command that made it said."""
    home = tmp_path_factory.mktemp("real") / "instance"
    return home, gongkai("init", "--home", str(home))


def test_init_makes_an_empty_instance_and_prints_the_code_once(real):
    home, done = real
    assert done.returncode == 0 and "一次性启用码" in done.stdout
    checked = gongkai("check", "--home", str(home))
    assert checked.returncode == 0, checked.stdout
    again = gongkai("init", "--home", str(home))
    assert again.returncode == 2 and "未作改动" in again.stderr


def test_a_real_instance_is_not_used_as_a_demonstration(real):
    done = gongkai("demo", "--no-serve", "--home", str(real[0]))
    assert done.returncode == 2 and "正式实例" in done.stderr
