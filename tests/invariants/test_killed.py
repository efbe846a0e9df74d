"""A process killed anywhere between draft, submission, approval, release and withdrawal leaves no half state."""

import json
import random
import shutil
import time

import pytest

from tests.cli.living import start
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


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_half_done_after_a_kill(built, tmp_path, seed):
    assert kill_and_look(built, tmp_path, seed) == []


@pytest.mark.soak
def test_nothing_is_half_done_after_many_kills(built, tmp_path):
    for seed in range(100, 200):
        assert kill_and_look(built, tmp_path, seed) == [], seed
