"""What the database does for a query: which tables it reads from end to end, where it sorts."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from benchmarks.instances import clock


@dataclass
class Asked:
    """One SELECT as it was sent, and how long it took in seconds."""

    sql: str
    params: Any
    taken: float

    @property
    def table(self) -> str:
        found = re.search(r'FROM "(\w+)"', self.sql)
        return found[1] if found else ""


@dataclass
class Watched:
    """The statements of one block of code."""

    selects: list[Asked] = field(default_factory=list)
    others: int = 0

    @property
    def count(self) -> int:
        return len(self.selects) + self.others


@contextmanager
def watched() -> Iterator[Watched]:
    """Gather every statement that the block sends."""
    seen, now = Watched(), clock()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begin = now()
        answer = execute(sql, params, many, context)
        if sql.lstrip().startswith("SELECT"):
            seen.selects.append(Asked(sql, params, now() - begin))
        else:
            seen.others += 1
        return answer

    with connection.execute_wrapper(note):
        yield seen


def sizes() -> dict[str, int]:
    """How many rows each table holds."""
    with connection.cursor() as cursor:
        found = {}
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def lines(asked: Asked) -> list[str]:
    """The plan, a line for each step."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {asked.sql}", asked.params)
            return [str(row[3]) for row in cursor.fetchall()]
        cursor.execute(f"EXPLAIN (FORMAT JSON) {asked.sql}", asked.params)
        found = cursor.fetchone()[0]
        plan = json.loads(found) if isinstance(found, str) else found
        return list(_steps(plan[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Iterator[str]:
    words = (node["Node Type"], node.get("Relation Name"), node.get("Alias"), node.get("Index Name"))
    yield " ".join(word for word in words if word)
    for below in node.get("Plans", ()):
        yield from _steps(below)


def gist(asked: Asked) -> str:
    """The steps of the plan that read more than a row by its key, and the sorts."""
    telling = [
        line for line in lines(asked) if not re.search(r"\b(?:rowid|id|code)=\?\)|SUBQUERY|subquery", line)
    ]
    return " / ".join(telling)[:400]


def full_scans(asked: Asked, large: dict[str, int]) -> list[str]:
    """The tables of `large` (name → rows) that the query reads from end to end, whichever way.

    A walk along an index, or along the keys, in the order wanted that may stop at a LIMIT is none; one without a
    LIMIT is, and so is one along the keys that looks for something or has to sort.
    """
    bounded = " LIMIT " in asked.sql
    found: list[str] = []
    plan = lines(asked)
    if bounded and " WHERE " not in asked.sql and not re.search("TEMP B-TREE|Seq Scan", " ".join(plan)):
        return found
    sorts = "TEMP B-TREE" in " ".join(plan)
    for line in plan:
        table = _scanned(line, asked.sql, bounded) or (
            "" if bounded and not sorts else _of_a_kind(line, asked.sql)
        )
        if table in large:
            found.append(f"{table} ({large[table]:,} rows): {line}")
    return found


def _scanned(line: str, sql: str, bounded: bool) -> str:
    """The table that this step reads from end to end; empty for none."""
    if found := re.match(r"Seq Scan (\w+)", line):
        return found[1]
    found = re.match(r"SCAN (?:TABLE )?(\w+)( USING)?", line)
    if not found or (found[2] and bounded):
        return ""
    return _named(found[1], sql)


def _of_a_kind(line: str, sql: str) -> str:
    """The table of which this step reads all rows of one kind, as all items; empty for none."""
    found = re.match(r"SEARCH (\w+) .*\((?:subject_)?kind=\?\)", line)
    return _named(found[1], sql) if found else ""


def _named(seen: str, sql: str) -> str:
    """The table behind a name in a plan."""
    # Django names a table a second time under an alias: "review_revision" U0.
    alias = re.search(rf'"(\w+)" "?{seen}"?\b', sql)
    return alias[1] if alias and seen != alias[1] and f'"{seen}"' not in sql.split("FROM")[0] else seen
