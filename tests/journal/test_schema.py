"""A new instance's database, built in one step, is the one that the migrations give: tables, rules, rows and guards."""

from typing import Any

from django.core.management import call_command
from django.db import connection

from gongkai.journal import schema
from tests.committed import empty_database

SQLITE_TABLES = """SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"""
SQLITE_REST = (
    """SELECT tbl_name, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"""
)
POSTGRESQL_REST = """SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
 UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
 UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"""
# The keys of Django's own tables are wider by its migrations than by its models.
POSTGRESQL_COLUMNS = """SELECT table_name, column_name,
 CASE WHEN table_name LIKE 'auth!_%' ESCAPE '!' AND data_type = 'bigint' THEN 'integer' ELSE data_type END, character_maximum_length, is_nullable, column_default,
 is_identity FROM information_schema.columns WHERE table_schema = 'public'"""


def asked(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def parts(sql: str) -> list[str]:
    """The columns and rules of a CREATE TABLE."""
    inside, depth, found = sql[sql.index("(") + 1 : sql.rindex(")")], 0, [""]
    for char in inside:
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            found.append("")
        else:
            found[-1] += char
    return sorted(each.strip() for each in found)


def shape() -> dict[str, Any]:
    """What stands in the database, the order of columns left out."""
    if connection.vendor == "sqlite":
        found: dict[str, Any] = {"rest": sorted(asked(SQLITE_REST))}
        found |= {table: parts(sql) for table, sql in asked(SQLITE_TABLES)}
    else:
        found = {
            "rest": sorted(asked(POSTGRESQL_REST)),
            "columns": sorted(asked(POSTGRESQL_COLUMNS), key=str),
        }
    found["rows"] = {table: asked(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables()}
    return found


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def test_both_ways_end_in_the_same_database(django_db_blocker, django_db_setup):
    with django_db_blocker.unblock():
        with empty_database(connection):
            schema.bring_up()
            built, names = shape(), tables()
            assert schema.pending() == 0
        with empty_database(connection):
            call_command("migrate", verbosity=0, interactive=False)
            migrated = shape()
            assert tables() == names
    assert len(names) > 100
    for part in built.keys() | migrated.keys():
        assert built.get(part) == migrated.get(part), part


def test_an_older_database_is_migrated_and_a_present_one_left_alone(django_db_blocker, django_db_setup):
    with django_db_blocker.unblock(), empty_database(connection):
        schema.bring_up()
        asked_for = asked("SELECT count(*) FROM django_migrations")[0][0]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'search' AND name = '0001_synonyms'")
            for table in ("search_synonymgroup", "search_synonymstate"):
                cursor.execute(f"DROP TABLE {table}")
        assert schema.pending() == 1
        schema.bring_up()
        assert asked("SELECT count(*) FROM django_migrations")[0][0] == asked_for
        assert asked("SELECT count(*) FROM search_synonymgroup")[0][0] > 10
