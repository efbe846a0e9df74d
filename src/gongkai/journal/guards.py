"""Triggers that hold where no program is asked: raw SQL, bulk updates, a forgotten check.

A `Guard` names a table, an event and conditions that must not hold; it renders itself for SQLite
and PostgreSQL. `install` creates all of them anew after every migration, because Django rebuilds
SQLite tables and drops their triggers silently; `missing` lists what is not in the database as
declared, and `serve` and `check` refuse to run while it is not empty.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from gongkai.journal.models import AppendOnly

PREFIX = "gongkai_"


@dataclass(frozen=True)
class Guard:
    """Refuse `event` on a row of `table` where one of `conditions` holds.

    conditions: (message, SQL expression over NEW or OLD, in the SQL that SQLite and PostgreSQL share).
    An expression of "TRUE" refuses always.
    """

    name: str
    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
    conditions: tuple[tuple[str, str], ...]

    @property
    def trigger(self) -> str:
        return f"{PREFIX}{self.name}"

    def sqlite(self) -> str:
        body = " ".join(
            f"SELECT RAISE(ABORT, '{message}') WHERE {expression};" for message, expression in self.conditions
        )
        return f'CREATE TRIGGER "{self.trigger}" BEFORE {self.event} ON "{self.table}" BEGIN {body} END'

    def postgresql(self) -> list[str]:
        body = " ".join(
            f"IF {expression} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF;"
            for message, expression in self.conditions
        )
        row = "OLD" if self.event == "DELETE" else "NEW"
        return [
            f'CREATE OR REPLACE FUNCTION "{self.trigger}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$guard$ BEGIN {body} RETURN {row}; END $guard$",
            f'DROP TRIGGER IF EXISTS "{self.trigger}" ON "{self.table}"',
            f'CREATE TRIGGER "{self.trigger}" BEFORE {self.event} ON "{self.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.trigger}"()',
        ]


_declared: list[Callable[[], Iterable[Guard]]] = []


def declare(source: Callable[[], Iterable[Guard]]) -> None:
    """Add guards of a room; called once, from its AppConfig.ready."""
    if source not in _declared:
        _declared.append(source)


def _append_only() -> Iterable[Guard]:
    for model in apps.get_models():
        if not issubclass(model, AppendOnly):
            continue
        table = model._meta.db_table
        never = f"{table}: rows are never changed"
        yield Guard(f"{table}_no_update", table, "UPDATE", ((never, "TRUE"),))
        yield Guard(f"{table}_no_delete", table, "DELETE", ((never, "TRUE"),))
        # SQLite's INSERT OR REPLACE deletes the old row without asking the delete trigger.
        taken = [
            f'EXISTS (SELECT 1 FROM "{table}" taken WHERE '  # noqa: S608 (names of our own tables)
            + " AND ".join(f'taken."{column}" = NEW."{column}"' for column in columns)
            + ")"
            for columns in _unique_columns(model)
        ]
        yield Guard(
            f"{table}_no_replace",
            table,
            "INSERT",
            tuple((f"UNIQUE constraint failed: {table}: a row is never replaced", found) for found in taken),
        )


def _unique_columns(model: type[AppendOnly]) -> list[list[str]]:
    meta = model._meta
    columns = [[field.column] for field in meta.concrete_fields if field.unique]
    for constraint in meta.total_unique_constraints:
        columns.append([meta.get_field(name).column for name in constraint.fields])
    return columns


declare(_append_only)


def guards() -> list[Guard]:
    """Every declared guard."""
    return [guard for source in _declared for guard in source()]


def install(using: str = "default") -> None:
    """Create every guard anew on the tables that exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in guards():
            if guard.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.trigger}"')
                cursor.execute(guard.sqlite())
            else:
                for statement in guard.postgresql():
                    cursor.execute(statement)
        if connection.vendor == "postgresql":
            for table in sorted({guard.table for guard in guards() if guard.name.endswith("_no_delete")}):
                if table in tables:
                    _refuse_truncate(cursor, table)


def _refuse_truncate(cursor: object, table: str) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]
    execute(
        f'CREATE OR REPLACE FUNCTION "{PREFIX}no_truncate"() RETURNS trigger LANGUAGE plpgsql AS '
        "$guard$ BEGIN RAISE EXCEPTION '%: rows are never deleted', TG_TABLE_NAME "
        "USING ERRCODE = '23514'; END $guard$"
    )
    name = f"{PREFIX}{table}_no_truncate"
    execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
    execute(
        f'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" '
        f'FOR EACH STATEMENT EXECUTE FUNCTION "{PREFIX}no_truncate"()'
    )


def missing(using: str = "default") -> list[str]:
    """Names of guards that the database lacks, holds in another form, or has switched off."""
    connection = connections[using]
    present = _present(connection)
    found = []
    for guard in guards():
        expected = guard.sqlite() if connection.vendor == "sqlite" else guard.postgresql()[0]
        said = present.get(guard.trigger)
        if said is None or _squeezed(expected) != said:
            found.append(guard.trigger)
    return found


def _squeezed(sql: str) -> str:
    """The body of a guard without white space, so that a database may lay it out as it likes."""
    body = sql.split("$guard$")[1] if "$guard$" in sql else sql
    return "".join(body.split())


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
            )
        return {name: _squeezed(sql) for name, sql in cursor.fetchall()}
