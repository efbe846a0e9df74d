"""The office of `make_office` in a database, put there by its rows from the second time on.

Founding it takes a hundred statements through the journal, in thousands of tests. The rows of the first founding are kept
in this process and inserted anew, guards included; the ids stay the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

INSERTED = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)"')
# Table: the columns and rows that the founding left in it, in the order in which its statements came to the tables.
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass
class Founded:
    """What a founding left in the tables, and the keys of its agencies and people."""

    rows: Rows
    agencies: list[Any]
    people: dict[str, Any]


def kept(found: Callable[[], Any]) -> tuple[Any, Founded]:
    """What `found` founds, and its rows."""
    before: dict[str, set[tuple[Any, ...]]] = {}

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (table := INSERTED.match(sql)) and table[1] not in before:
            before[table[1]] = set(_all(table[1])[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        office = found()
    rows: Rows = {}
    for table, old in before.items():
        columns, there = _all(table)
        rows[table] = columns, [row for row in there if row not in old]
    people = {name: person.pk for name, person in office.people.items()}
    return office, Founded(rows, [office.agency.pk, office.district.pk], people)


def again(founded: Founded) -> tuple[Any, Any, dict[str, Any]]:
    """Insert the rows that were kept: the office, the district and the people."""
    from gongkai.agencies.models import Agency, Person

    with connection.cursor() as cursor:
        for table, (columns, rows) in founded.rows.items():
            names, places = ", ".join(f'"{each}"' for each in columns), ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
    agencies = Agency.objects.in_bulk(founded.agencies)
    office, district = (agencies[key] for key in founded.agencies)
    office.parent = district
    held = Person.objects.in_bulk(list(founded.people.values()))
    for person in held.values():
        person.agency = agencies[person.agency_id]
    return office, district, {name: held[key] for name, key in founded.people.items()}


def empty() -> bool:
    """Whether the database is that of a new instance: nobody founded anything, no act is in the journal."""
    from gongkai.agencies.models import Agency
    from gongkai.journal.models import Entry

    return not (Agency.objects.exists() or Entry.objects.exists())


def _all(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [column[0] for column in cursor.description], [tuple(row) for row in cursor.fetchall()]
