"""A backup made before a destruction, once restored, loses the same cases again."""

import shutil
import subprocess
import sys

import pytest

from tests.cli.living import ROOT, environment, start
from tests.cli.test_upkeep import backed_up, restored, verified

BEGIN = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
django.setup()
from datetime import datetime
from zoneinfo import ZoneInfo
from gongkai.journal import clock
from tests.cli.living import the_office
from tests.files import filed
def at(*day):
    return clock.at(datetime(*day, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
office = the_office()
"""
FILE = """
with at(2021, 4, 23):
    case = filed.closed(office)
    filed.filed(office, case)
"""
DESTROY = """
from gongkai.files.models import Filing
with at(2032, 1, 4):
    filed.destroyed(office, Filing.objects.get())
"""
LOOK = """
from gongkai.applications import personal
from gongkai.applications.models import Application
from gongkai.files.models import CaseKey, Filing
from gongkai.files import sealing
case = Application.objects.get()
try:
    print(personal.person(case).name)
except sealing.Sealed as gone:
    print(gone)
print(CaseKey.objects.count(), [row.state.state for row in Filing.objects.all()])
"""

NEXT = """
with at(2032, 6, 1):
    from gongkai.agencies import numbering
    from gongkai.files.archives import destruction
    from django.db import transaction
    with transaction.atomic():
        who, series = office.actor("handler").who, destruction.SERIES
        print(numbering.issue(office.agency, series, destruction.NUMBER_FORM, who=who, subject=("x", "y")).text)
"""


def run(home, *parts):
    program = "".join([BEGIN, *parts])
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(home), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("destroyed") / "home"
    building = start(home, "build")
    building.communicate()
    assert building.returncode == 0
    return home


@pytest.mark.parametrize("filed_before", [True, False], ids=["filed before the backup", "filed after it"])
def test_what_was_destroyed_after_the_backup_is_destroyed_again_after_the_restore(
    built, tmp_path, filed_before
):
    home = tmp_path / "home"
    shutil.copytree(built, home)
    close = FILE.replace("    filed.filed(office, case)\n", "")
    after = "with at(2021, 4, 23):\n    from gongkai.applications.models import Application\n"
    after += "    filed.filed(office, Application.objects.get())\n"
    run(home, FILE if filed_before else close)
    backed_up(home, tmp_path / "b.zip")
    if not filed_before:
        run(home, after)
    run(home, DESTROY)
    assert verified(home)[0] == 0
    kept = home / "journal" / "erasures.jsonl"
    # Without the list the case is back.
    restored(tmp_path / "b.zip", tmp_path / "without")
    assert run(tmp_path / "without", LOOK).startswith("张三丰")
    done = restored(tmp_path / "b.zip", tmp_path / "again", "--erasures", str(kept))
    assert done.returncode == 0 and "重新执行1份销毁清册" in done.stdout, done
    said = run(tmp_path / "again", LOOK).splitlines()
    assert "销毁" in said[0] and said[1] == ("0 ['destroyed']" if filed_before else "0 []")
    assert verified(tmp_path / "again")[0] == 0
    # The number of the list is not given out a second time.
    assert run(tmp_path / "again", NEXT).strip() == "销毁清册〔2032〕2号"


def test_a_forged_line_destroys_nothing(built, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(built, home)
    run(home, FILE)
    backed_up(home, tmp_path / "b.zip")
    run(home, DESTROY)
    forged = tmp_path / "forged.jsonl"
    forged.write_text(
        (home / "journal" / "erasures.jsonl").read_text("utf-8").replace("期满", "作废"), "utf-8"
    )
    forged.write_text(forged.read_text("utf-8").replace('"signature": "', '"signature": "00'), "utf-8")
    done = restored(tmp_path / "b.zip", tmp_path / "again", "--erasures", str(forged))
    assert done.returncode == 1 and "签名不符" in done.stdout
    assert run(tmp_path / "again", LOOK).startswith("张三丰")
