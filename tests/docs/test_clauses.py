"""docs/clauses.md is whole and claims only what is there."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "gongkai"
TEXT = (ROOT / "docs" / "clauses.md").read_text("utf-8")
LAST = 126

MODULE = re.compile(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.[a-z]+)`")
TEST = re.compile(r"`(tests/[^`:]+\.py)::(test_\w+)`")
KIND = re.compile(r"kind `(\w+)`")
ADDRESS = re.compile(r"`(/(?:workbench|search|apply|track|mailbox|complaints)/[^`]*)`")
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str, str]]:
    """(number, place, test) of every line of the tables."""
    found = []
    for line in TEXT.splitlines():
        if re.match(r"\| S\d+ \|", line):
            number, _statement, place, test = (cell.strip() for cell in line.strip("|").split(" | "))
            found.append((number, place, test))
    return found


ROWS = rows()


@cache
def functions(path: str) -> frozenset[str]:
    """The names of the functions that a file of tests defines."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_clause_stands_once_and_in_order() -> None:
    assert [number for number, _place, _test in ROWS] == [f"S{n}" for n in range(1, LAST + 1)]


@pytest.mark.parametrize(("number", "place", "test"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_its_test_or_the_room_that_will_hold_it(number: str, place: str, test: str) -> None:
    done, _, later = test.partition("**not yet**:")
    assert TEST.search(done) or later, f"{number} names neither a test nor a room"
    if later:
        rooms = [name for name in CODE.findall(later) if (SOURCE / name / "__init__.py").exists()]
        assert rooms, f"{number} names no room of the house"
    assert len(TEST.findall(done)) == done.count("tests/"), f"{number} names a test that cannot be read"


def test_every_test_that_is_named_exists() -> None:
    named = set(TEST.findall(TEXT))
    assert named
    assert [f"{path}::{name}" for path, name in sorted(named) if name not in functions(path)] == []


def test_every_module_that_is_named_exists() -> None:
    named = {path for path in MODULE.findall(TEXT) if not path.startswith("tests/")}
    assert named
    assert sorted(path for path in named if not (SOURCE / path).exists()) == []


def test_every_kind_of_the_ledger_that_is_named_is_shipped() -> None:
    shipped = json.loads((SOURCE / "supervision" / "data" / "kinds.json").read_text("utf-8"))["kinds"]
    named = {code for _number, place, _test in ROWS for code in KIND.findall(place)}
    assert named
    assert named - {kind["code"] for kind in shipped} == set()


def test_every_address_that_is_named_leads_somewhere() -> None:
    lost = []
    for address in sorted(set(ADDRESS.findall(TEXT))):
        try:
            resolve(address)
        except Resolver404:
            lost.append(address)
    assert lost == []
