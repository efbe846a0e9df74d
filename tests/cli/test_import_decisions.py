"""`gongkai import decisions` as an office calls it: shown first, taken only with --confirm, all or nothing."""

import json
import os

import pytest
from click.testing import CliRunner
from django.conf import settings

from gongkai.cli import main
from gongkai.disclosure.models import DecisionCount, RegisterImport
from gongkai.journal.models import Entry
from gongkai.reporting.models import Upload

pytestmark = pytest.mark.django_db
GOOD = "种类,决定文号,决定日期,收费金额（万元）\n行政许可,西许1号,2021-03-05,\n收费,票1,2021-06-01,1.25\n"
WRONG = "种类,决定文号,决定日期\n行政许可,西许1号,2021-03-05\n行政奖励,西许2号,2021-03-05\n"


@pytest.fixture
def send(office, at, monkeypatch, tmp_path):
    for name in ("GONGKAI_HOME", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setattr("gongkai.cli.frame.start_existing", lambda home: None)

    def run(text, *options, who="handler", agency=office.agency.name):
        path = tmp_path / "台账.csv"
        path.write_text(text, "utf-8")
        asked = [
            "import",
            "decisions",
            "--home",
            str(settings.INSTANCE.home),
            "--agency",
            agency,
            "--as",
            who,
        ]
        return CliRunner().invoke(main, [*asked, *options, str(path)])

    with at(2022, 1, 10):
        yield run


def test_without_confirm_the_rows_are_shown_and_nothing_is_written(send):
    before = Entry.objects.count()
    done = send(GOOD)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "新增\t行政许可 西许1号\t—\t2021-03-05：1\t第2行",
        "新增\t行政事业性收费（万元） 票1\t—\t2021-06-01：1.25\t第3行",
    ]
    assert "加 --confirm 导入" in done.stderr
    assert not DecisionCount.objects.exists() and not Upload.objects.exists()
    assert Entry.objects.count() == before


def test_with_confirm_all_rows_are_taken_and_the_journal_says_who(send, office):
    assert send(GOOD, "--confirm").exit_code == 0
    assert DecisionCount.objects.count() == 2 and not Upload.objects.exists()
    assert RegisterImport.objects.get().person == office.people["handler"]
    again = send(GOOD, "--confirm", "--json")
    assert {json.loads(line)["act"] for line in again.stdout.splitlines()} == {"same"}
    assert DecisionCount.objects.count() == 2


def test_a_wrong_cell_is_named_and_nothing_is_taken(send):
    done = send(WRONG, "--confirm")
    assert done.exit_code == 1
    assert "有误" in done.stdout and "A3" in done.stdout
    assert not DecisionCount.objects.exists()


def test_numbers_by_month_come_in_too(send):
    assert (
        send("种类,月份,数量或金额（万元）\n行政处罚,2021-03,12\n", "--by-month", "--confirm").exit_code == 0
    )
    assert DecisionCount.objects.get().amount == 12


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        (GOOD, {"agency": "没有这个局"}, "--agency"),
        (GOOD, {"who": "nobody-here"}, "--as"),
        (GOOD, {"who": "supervisor"}, ""),
        ("这不是表格", {}, "表头"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(send, text, said, words):
    done = send(text, "--confirm", **said)
    assert done.exit_code == 2 and done.stderr.count("\n") == 1 and words in done.stderr
    assert not DecisionCount.objects.exists()
