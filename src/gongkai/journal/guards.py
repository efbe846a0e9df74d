"""Triggers that hold where no program is asked: raw SQL, bulk updates, a forgotten check.

A `Guard` names a table, an event and conditions that must not hold; it renders itself for SQLite
and PostgreSQL. `install` creates all of them anew after every migration, because Django rebuilds
SQLite tables and their triggers go with the old ones; `missing` lists what is not in the database as
declared, and `serve` and `check` refuse to run while it is not empty. A version that changes a guard
brings a migration (it may be empty), or `serve` would take the old form for a tampered one.

On PostgreSQL a guard looks for its tables in their own schema before any temporary one, and fires for
replicated sessions too, so neither a table of the same name nor session_replication_role goes round it.
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
    event: Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    conditions: tuple[tuple[str, str], ...]
    # INSERT only: refuse a row in the place of another, also by SQLite's hidden row number.
    keeps_rows: bool = False

    @property
    def trigger(self) -> str:
        return f"{PREFIX}{self.name}"

    def sqlite(self) -> str:
        conditions = self.conditions
        if self.keeps_rows:
            taken = f'EXISTS (SELECT 1 FROM "{self.table}" taken WHERE taken.rowid = NEW.rowid)'  # noqa: S608
            conditions += ((f"UNIQUE constraint failed: {self.table}: a row is never replaced", taken),)
        body = " ".join(
            f"SELECT RAISE(ABORT, '{message}') WHERE {expression};" for message, expression in conditions
        )
        return f'CREATE TRIGGER "{self.trigger}" BEFORE {self.event} ON "{self.table}" BEGIN {body} END'

    def postgresql(self, schema: str) -> list[str]:
        once = self.event == "TRUNCATE"
        row = "NULL" if once else "OLD" if self.event == "DELETE" else "NEW"
        return [
            f'CREATE OR REPLACE FUNCTION "{self.trigger}"() RETURNS trigger LANGUAGE plpgsql '
            f'SET search_path = "{schema}", pg_temp AS $guard${self._body()} RETURN {row}; END $guard$',
            f'DROP TRIGGER IF EXISTS "{self.trigger}" ON "{self.table}"',
            f'CREATE TRIGGER "{self.trigger}" BEFORE {self.event} ON "{self.table}" '
            f'FOR EACH {"STATEMENT" if once else "ROW"} EXECUTE FUNCTION "{self.trigger}"()',
            f'ALTER TABLE "{self.table}" ENABLE ALWAYS TRIGGER "{self.trigger}"',
        ]

    def _body(self) -> str:
        return " BEGIN " + " ".join(
            f"IF {expression} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF;"
            for message, expression in self.conditions
        )

    def expected(self, vendor: str, schema: str) -> str:
        """How `_present` gives this guard back where the database holds it as declared."""
        if vendor == "sqlite":
            return _squeezed(self.sqlite())
        body = self.postgresql(schema)[0].split("$guard$")[1]
        kind = _BEFORE + _EVENTS[self.event] + (0 if self.event == "TRUNCATE" else _ROW)
        return _squeezed(f"{self.table} {kind} A true search_path={schema}, pg_temp {body}")


# pg_trigger.tgtype is a sum of these.
_ROW, _BEFORE = 1, 2
_EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


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
        yield Guard(f"{table}_no_truncate", table, "TRUNCATE", ((never, "TRUE"),))
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
            keeps_rows=True,
        )


def _unique_columns(model: type[AppendOnly]) -> list[list[str]]:
    meta = model._meta
    columns = [[field.column] for field in meta.concrete_fields if field.unique]
    for constraint in meta.total_unique_constraints:
        columns.append([meta.get_field(name).column for name in constraint.fields])
    columns += [[meta.get_field(name).column for name in names] for names in meta.unique_together]
    return columns


declare(_append_only)


def guards() -> list[Guard]:
    """Every declared guard."""
    return [guard for source in _declared for guard in source()]


def _for(vendor: str) -> list[Guard]:
    return [guard for guard in guards() if vendor != "sqlite" or guard.event != "TRUNCATE"]


def install(using: str = "default") -> None:
    """Create every guard anew on the tables that exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        schema = _schema(connection)
        for guard in _for(connection.vendor):
            if guard.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.trigger}"')
                cursor.execute(guard.sqlite())
            else:
                for statement in guard.postgresql(schema):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Drop every guard of an SQLite database, for the time of a migration.

    SQLite refuses to rename a table (Django's way of rebuilding one) while a trigger names another that is
    being rebuilt. A migration that breaks off leaves them off: then `serve` refuses until it has run through.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for guard in guards():
            cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.trigger}"')


def missing(using: str = "default") -> list[str]:
    """Names of guards that the database lacks, holds in another form or has switched off, and of triggers
    on guarded tables that nobody declared."""
    connection = connections[using]
    schema, wanted = _schema(connection), _for(connection.vendor)
    present = _present(connection, {guard.table for guard in wanted})
    found = [
        guard.trigger
        for guard in wanted
        if present.pop(guard.trigger, None) != guard.expected(connection.vendor, schema)
    ]
    return found + sorted(present)


def _schema(connection: BaseDatabaseWrapper) -> str:
    if connection.vendor == "sqlite":
        return "main"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def _squeezed(text: str) -> str:
    """A text without white space and quotation marks, so that a database may lay it out as it likes."""
    return "".join(text.split()).replace('"', "")


def _present(connection: BaseDatabaseWrapper, tables: set[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname, concat_ws(' ', c.relname, t.tgtype, t.tgenabled, "
                "CASE WHEN t.tgqual IS NULL THEN 'true' ELSE 'false' END, "
                "array_to_string(p.proconfig, ' '), p.prosrc) FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
                "JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
            )
        return {name: _squeezed(sql) for name, table, sql in cursor.fetchall() if table in tables}
