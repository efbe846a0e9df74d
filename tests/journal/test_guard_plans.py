"""No guard makes a row dearer because there are more of them: each finds what it asks for by its key (SQLite's plans)."""

import re

import pytest
from django.db import connection

from gongkai.journal import guards

# Rare acts that may look through a table, and tables that hold a few rows for each agency.
SCANS = {
    # An erasure (once in years) looks for every revision and release of the content.
    ("erasure", "r"), ("erasure", "x"),
    # Collections of reports: one a year.
    ("report_release", "c"),
}  # fmt: skip
FEW = ("agencies_appointment", "collection_rule")
# What alone does not tell one row from very many.
MANY = {"person_id", "agency_id", "column_id", "subject_kind", "kind", "state", "step"}
NAMED = re.compile(r'\b(NEW|OLD)\."?(\w+)"?')


def plan(condition: str) -> list[str]:
    """The steps in which SQLite answers a condition, with values in the place of the new and the old row."""
    asked = NAMED.sub(lambda found: f":{found[1]}_{found[2]}", condition)
    values = {f"{which}_{name}": None for which, name in NAMED.findall(condition)}
    rows = connection.connection.execute(f"EXPLAIN QUERY PLAN SELECT 1 WHERE {asked}", values)
    return [row[3] for row in rows]


def test_no_guard_looks_through_what_grows(db):
    if connection.vendor != "sqlite":
        pytest.skip("the words of SQLite's plans")
    through = []
    for guard in guards.guards():
        for message, condition in guard.conditions:
            for step in plan(condition):
                scanned = re.match(r"SCAN (?!CONSTANT ROW|SUBQUERY)(\w+)", step)
                if scanned and (guard.name, scanned[1]) not in SCANS:
                    through.append((guard.name, message, step))
                found = re.match(r"SEARCH \w+ USING (?:COVERING )?INDEX (\w+) \((.*)\)", step)
                if found and not found[1].startswith(FEW):
                    keys = set(re.findall(r"(\w+)=\?", found[2]))
                    if keys <= MANY:
                        through.append((guard.name, message, step))
    assert through == []
