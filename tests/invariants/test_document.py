"""docs/invariants.md names every attack test, and only tests that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "invariants.md").read_text("utf-8")
NAMED = set(re.findall(r"`((?:\.\./\w+/)?test_\w+\.py)::(test_\w+)`", PAGE))


def attacks_in(path):
    return set(re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.M))


def test_every_named_test_exists():
    missing = [
        f"{file}::{name}" for file, name in sorted(NAMED) if name not in attacks_in((HERE / file).resolve())
    ]
    assert missing == [] and len(NAMED) > 90


def test_every_attack_test_is_named():
    written = {
        (path.name, name)
        for path in HERE.glob("test_*.py")
        if path.name != Path(__file__).name
        for name in attacks_in(path)
    }
    assert written - NAMED == set()


def test_every_invariant_has_its_attacks():
    assert re.findall(r"^## I(\d+) ", PAGE, re.M) == [str(number) for number in range(1, 11)]
