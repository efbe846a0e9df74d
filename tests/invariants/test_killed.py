"""A process killed anywhere between draft, submission, approval, release and withdrawal leaves no half state."""

import json
import random
import shutil
import subprocess
import sys
import time

import pytest

from tests.cli.living import ROOT, environment, gongkai, start
from tests.invariants.attacks import SQLITE

pytestmark = pytest.mark.skipif(not SQLITE, reason="its processes use SQLite; one run is enough")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("killed") / "home"
    building = start(home, "build")
    building.communicate()
    assert building.returncode == 0
    return home


def kill_and_look(built, folder, seed):
    home = folder / f"home{seed}"
    shutil.copytree(built, home)
    chance = random.Random(seed)
    working = start(home, "work")
    for _line in range(chance.randrange(2, 14)):
        working.stdout.readline()
    time.sleep(chance.random() * 0.1)
    working.kill()
    working.communicate()
    looking = start(home, "look")
    said, _errors = looking.communicate()
    shutil.rmtree(home)
    assert looking.returncode == 0
    return json.loads(said.splitlines()[-1])


def export_and_look(built, folder, seed):
    """Kill an export at some file, export again, kill the work that the copy follows; what differs in the end."""
    home, copy = folder / f"home{seed}", folder / f"copy{seed}"
    shutil.copytree(built, home)
    chance = random.Random(seed)
    exporting = subprocess.Popen(
        [sys.executable, "-c", "from gongkai.cli import main; main()", "site", "export", str(copy), "--follow"],
        env=environment(home), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wanted = chance.randrange(0, 40)
    while exporting.poll() is None and len(pages(copy)) < wanted:
        time.sleep(0.005)
    exporting.kill()
    exporting.wait()
    said = gongkai(home, "site", "export", str(copy), "--follow")
    assert said.returncode == 0, said.stderr
    assert pages(copy) == pages(home / "site") | pages(home / "static", "static/")

    working = start(home, "work")
    for _line in range(chance.randrange(4, 24)):
        working.stdout.readline()
    time.sleep(chance.random() * 0.1)
    working.kill()
    working.communicate()
    looking = start(home, "look")
    found, _errors = looking.communicate()
    assert looking.returncode == 0 and json.loads(found.splitlines()[-1]) == []
    proved = gongkai(home, "site", "verify", str(copy), "--home", str(home))
    assert proved.returncode == 0, proved.stdout
    differing = [
        path
        for path in pages(home / "site")
        if (copy / path).read_bytes() != (home / "site" / path).read_bytes()
    ]
    both = pages(home / "site") | pages(home / "static", "static/")
    shutil.rmtree(home)
    return sorted(both ^ pages(copy)) + differing


def pages(folder, before=""):
    """The files of a site in a folder, without the books and what was half written."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {before + path for path in found if not path.startswith((".gongkai/", ".writing/"))}


def test_a_copy_is_whole_after_kills_of_the_export_and_of_what_it_follows(built, tmp_path):
    assert export_and_look(built, tmp_path, 1) == []


@pytest.mark.soak
def test_a_copy_is_whole_after_many_kills(built, tmp_path):
    for seed in range(200, 240):
        assert export_and_look(built, tmp_path, seed) == [], seed


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_half_done_after_a_kill(built, tmp_path, seed):
    assert kill_and_look(built, tmp_path, seed) == []


@pytest.mark.soak
def test_nothing_is_half_done_after_many_kills(built, tmp_path):
    for seed in range(100, 200):
        assert kill_and_look(built, tmp_path, seed) == [], seed
