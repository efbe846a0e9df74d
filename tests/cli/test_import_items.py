"""`gongkai import items` as an office calls it: the first rows shown, with --confirm all of them read and screened."""

import json
import os

import pytest
from click.testing import CliRunner
from django.conf import settings

from gongkai.cli import main
from gongkai.disclosure.models import Item, ItemImport
from gongkai.review import manifests
from gongkai.review.models import Manifest
from tests.disclosure.import_files import row, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(office, monkeypatch, tmp_path):
    for name in ("GONGKAI_HOME", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setattr("gongkai.cli.frame.start_existing", lambda home: None)

    def run(data, *options, who="handler"):
        path = tmp_path / "旧站.xlsx"
        path.write_bytes(data)
        home, agency = str(settings.INSTANCE.home), office.agency.name
        asked = ["import", "items", "--home", home, "--agency", agency, "--as", who]
        return CliRunner().invoke(main, [*asked, *options, str(path)])

    return run


def test_the_first_rows_are_shown_and_nothing_is_written(send):
    done = send(sheet([row(1), row(2, 发布时间="去年五月")]))
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert first == "2\t2019-05-06\t西工区第1号旧站公告\t"
    assert "去年五月" in second
    assert not ItemImport.objects.exists()


def test_confirmed_the_rows_enter_a_list_and_nothing_is_public(send):
    done = send(sheet([row(1), row(2)]), "--confirm")
    assert done.exit_code == 0, done.output
    assert manifests.listed(Manifest.objects.get().pk).count() == 2
    assert not Item.objects.filter(state="public").exists()


def test_each_row_that_stayed_out_is_told_and_the_exit_code_says_so(send):
    done = send(sheet([row(1), row(2, 标题="")]), "--confirm", "--json")
    assert done.exit_code == 1
    [told] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (told["row"], told["outcome"]) == (3, "wrong")


def test_a_wrong_guess_is_put_right_by_name(send):
    heads = ["甲", "乙", "丙"]
    data = sheet([["旧公告", "2019-05-06", "<p>正文一段</p>"]], heads)
    done = send(
        data,
        "--confirm",
        "--map",
        "title=甲",
        "--map",
        "published_on=乙",
        "--map",
        "body=丙",
        "--column",
        "notice",
    )
    assert done.exit_code == 0, done.output
    assert send(data, "--map", "title=丁").exit_code == 2


def test_a_person_without_the_right_is_refused(send):
    assert send(sheet([row(1)]), who="supervisor").exit_code == 2
