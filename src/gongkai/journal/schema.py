"""The tables of an instance: a new database is built in one step, an older one is brought up by the migrations.

Going through every migration on an empty database takes a hundred times as long as creating the tables as they are
now, for Django renders the state of all models anew with most operations. Both ways end in the same tables and rows.
"""

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from django.db.migrations.recorder import MigrationRecorder

# The hint by which a migration says that its data belongs to a new instance, not only to one of its time.
NEW = {"new_instance": True}


def pending() -> int:
    """How many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up() -> None:
    """Bring the database to this version; whatever does so creates the guards anew.

    With nothing to do the database is left as it is, so that a guard which someone removed is found missing and not
    quietly replaced.
    """
    if not connection.introspection.table_names():
        create()
    elif pending():
        call_command("migrate", verbosity=0, interactive=False)


def create() -> None:
    """The tables, the data of a new instance and the record of all migrations, in an empty database."""
    executor = MigrationExecutor(connection)
    migrations = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    with connection.schema_editor(atomic=True) as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        _run_deferred(editor)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for migration in migrations:
            for operation in migration.operations:
                if isinstance(operation, RunPython) and operation.hints == NEW:
                    operation.code(apps, editor)
            recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _run_deferred(editor: Any) -> None:
    """The indexes and keys that wait for the end, before rows are written: PostgreSQL refuses them after."""
    for statement in editor.deferred_sql:
        editor.execute(statement)
    editor.deferred_sql.clear()
