"""I1, I2: what is written once stays, and a database without its guards is seen at once."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DatabaseError, connection, models, transaction

from gongkai.journal import chain, guards
from gongkai.journal.models import AppendOnly, NeverChanged
from gongkai.review.models import Approval, Content, Release, Withdrawal
from tests.invariants.attacks import SQLITE, database_refuses, sql
from tests.items import released

LASTING = [model for model in apps.get_models() if issubclass(model, AppendOnly)] + [Content]


def written(office):
    """Tables that hold a row after one release, with the name of their key column."""
    released(office)
    return [
        (model, model._meta.db_table, model._meta.pk.column)
        for model in LASTING
        if model._base_manager.exists()
    ]


def test_no_row_of_an_event_is_changed_or_deleted_through_any_door(office):
    tables = written(office)
    assert len(tables) >= 10
    for model, table, key in tables:
        row = model._base_manager.first()
        name = next(field.attname for field in model._meta.concrete_fields if not field.primary_key)
        database_refuses(f'UPDATE "{table}" SET "{key}" = "{key}"', saying="never changed")
        database_refuses(f'DELETE FROM "{table}"', saying="never|only after an erasure")
        for door in (
            lambda model=model, name=name, row=row: model._base_manager.update(**{name: getattr(row, name)}),
            lambda model=model, row=row, name=name: model._base_manager.bulk_update([row], [name]),
            lambda row=row: row.save_base(force_update=True),
            lambda model=model: model._base_manager.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                door()


def test_the_models_refuse_before_the_database_has_to(office):
    release = released(office).live
    release.released_at = None
    for door in (
        release.save,
        release.delete,
        lambda: Release.objects.update(digest="0" * 64),
        lambda: Release.objects.all().delete(),
        lambda: Release.objects.bulk_update([release], ["digest"]),
        lambda: Release.objects.update_or_create(pk=release.pk, defaults={"digest": "0" * 64}),
    ):
        with pytest.raises(NeverChanged):
            door()


def test_no_row_takes_the_place_of_another(office):
    for model, table, key in written(office):
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        again = f'INTO "{table}" ({columns}) SELECT {columns} FROM "{table}"'
        if SQLITE:
            # Without recursive triggers SQLite's REPLACE does not ask the delete trigger.
            sql("PRAGMA recursive_triggers = OFF")
            database_refuses(f"INSERT OR REPLACE {again}", saying="never replaced|UNIQUE|I1")
            database_refuses(f"REPLACE {again}", saying="never replaced|UNIQUE|I1")
            database_refuses(f'UPDATE OR REPLACE "{table}" SET "{key}" = "{key}"', saying="never changed")
        else:
            sql("SET CONSTRAINTS ALL IMMEDIATE")
            database_refuses(f'TRUNCATE "{table}" CASCADE', saying="never|only after an erasure")
        where = "WHERE TRUE" if SQLITE else ""
        database_refuses(
            f'INSERT {again} {where} ON CONFLICT ("{key}") DO UPDATE SET "{key}" = excluded."{key}"',
            saying="never replaced|UNIQUE|I1",
        )


@pytest.mark.skipif(not SQLITE, reason="SQLite only")
def test_the_hidden_row_number_of_sqlite_is_no_way_to_replace_a_row(office):
    """Found by attack: a table with a text key has a row number besides, and REPLACE goes by that too."""
    released(office)
    sql("PRAGMA recursive_triggers = OFF")
    for table in ("review_content", "review_revision"):
        model = next(model for model in LASTING if model._meta.db_table == table)
        key = model._meta.pk.column
        others = [field.column for field in model._meta.concrete_fields if field.column != key]
        values = ["rowid", f"'{'f' * 32}'", *(f'"{name}"' for name in others)]
        if table == "review_revision":
            values[values.index('"number"')] = "99"
        names = ", ".join(f'"{name}"' for name in ["rowid", key, *others])
        before = sql(f'SELECT "{key}" FROM "{table}"')
        database_refuses(
            f'INSERT OR REPLACE INTO "{table}" ({names}) SELECT {", ".join(values)} FROM "{table}"',
            saying="never replaced",
        )
        assert sql(f'SELECT "{key}" FROM "{table}"') == before


def test_every_unique_rule_of_an_event_is_one_that_its_guard_knows():
    """A rule with a condition or an expression would be one more way for REPLACE."""
    for model in LASTING:
        total = [
            constraint
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
        ]
        assert total == model._meta.total_unique_constraints, model


def test_migrations_that_rebuild_guarded_tables_keep_rows_and_give_the_guards_back(committed):
    """Found by attack: with guards in place SQLite could not run such a migration at all."""
    released(committed)
    assert guards.missing() == []
    before, after = models.CharField(max_length=10), models.CharField(max_length=11)
    for field in (before, after):
        field.set_attributes_from_name("decision")
        field.model = Approval
    # What `migrate` does around its operations.
    plan = [(SimpleNamespace(app_label="review", name="0002", operations=[]), False)]
    emit_pre_migrate_signal(0, False, "default", apps=apps, plan=plan)
    with connection.schema_editor() as editor:
        editor.alter_field(Approval, before, after)
    emit_post_migrate_signal(0, False, "default", apps=apps, plan=plan)
    assert guards.missing() == []
    database_refuses("DELETE FROM review_approval", saying="never changed")
    assert list(chain.verify()) == []


def test_a_table_rebuilt_past_the_migrations_is_seen(committed):
    """Django's own tool for SQLite makes the table anew; whoever uses it alone loses the guards, and it shows."""
    released(committed)
    before, after = models.BooleanField(default=False), models.BooleanField(default=True)
    for field in (before, after):
        field.set_attributes_from_name("show_title")
        field.model = Withdrawal
    guards.remove()
    with connection.schema_editor() as editor:
        editor.alter_field(Withdrawal, before, after)
    if SQLITE:
        assert "gongkai_release" in guards.missing()
    guards.install()
    assert guards.missing() == []


def test_a_guard_that_was_removed_weakened_or_joined_by_another_is_seen(committed):
    if SQLITE:
        sql("DROP TRIGGER gongkai_release")
        sql(
            "CREATE TRIGGER gongkai_release BEFORE INSERT ON review_release BEGIN "
            "SELECT RAISE(ABORT, 'I1') WHERE FALSE; END"
        )
        sql('DROP TRIGGER "gongkai_review_approval_no_update"')
        sql("CREATE TRIGGER quiet BEFORE INSERT ON review_approval BEGIN SELECT RAISE(IGNORE); END")
    else:
        sql("ALTER TABLE review_release DISABLE TRIGGER gongkai_release")
        sql("ALTER TABLE review_approval ENABLE TRIGGER gongkai_review_approval_no_update")
        sql(
            "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
            "CREATE TRIGGER quiet BEFORE INSERT ON review_approval FOR EACH ROW EXECUTE FUNCTION quiet()"
        )
    assert sorted(guards.missing()) == ["gongkai_release", "gongkai_review_approval_no_update", "quiet"]


@pytest.mark.skipif(SQLITE, reason="PostgreSQL only")
def test_a_guard_of_the_same_name_on_another_table_or_moment_is_none(committed):
    sql("DROP TRIGGER gongkai_release ON review_release")
    sql(
        "CREATE TRIGGER gongkai_release BEFORE INSERT ON journal_outbox "
        "FOR EACH ROW EXECUTE FUNCTION gongkai_release()"
    )
    assert guards.missing() == ["gongkai_release"]
    sql("DROP TRIGGER gongkai_release ON journal_outbox")
    sql(
        "CREATE TRIGGER gongkai_release BEFORE INSERT ON review_release FOR EACH ROW "
        "WHEN (NEW.id < 0) EXECUTE FUNCTION gongkai_release()"
    )
    assert guards.missing() == ["gongkai_release"]
