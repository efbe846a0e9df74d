"""A database for one test that needs real commits.

Append-only tables cannot be flushed (the triggers forbid it), so such a test runs on a copy of the migrated
test database: a file copied on SQLite, CREATE DATABASE … TEMPLATE on PostgreSQL.
"""

import shutil
import sqlite3
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

from gongkai.agencies.policy import Refused


@contextmanager
def own_database(connection: Any) -> Iterator[None]:
    """Point the default connection to a copy of the database of a new instance."""
    with _database(connection, copy=True):
        yield


@contextmanager
def empty_database(connection: Any) -> Iterator[None]:
    """Point the default connection to a database without any table."""
    with _database(connection, copy=False):
        yield


@contextmanager
def _database(connection: Any, *, copy: bool) -> Iterator[None]:
    original = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="gongkai-db-"))
        place = folder / "copy.sqlite3"
        connection.ensure_connection()
        if copy:
            target = sqlite3.connect(place)
            connection.connection.backup(target)
            target.close()
        keep = connection.connection
        connection.connection = None
        _point(str(place))
        try:
            yield
        finally:
            connections["default"].close()
            _point(original)
            connections["default"].connection = keep
            shutil.rmtree(folder, ignore_errors=True)
    else:
        import psycopg

        params = connection.get_connection_params() | {"dbname": "postgres"}
        params = {
            key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)
        }
        name = f"gongkai_{uuid.uuid4().hex[:12]}"
        connection.close()
        with psycopg.connect(**params, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original if copy else "template0"}"')
        _point(name)
        try:
            yield
        finally:
            connections["default"].close()
            _point(original)
            with psycopg.connect(**params, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _point(name: str) -> None:
    connections["default"].settings_dict["NAME"] = name
    connections.settings["default"]["NAME"] = name


def at_once(*acts: Callable[[], object]) -> dict[int, str]:
    """Run the acts in threads of their own, begun together; what each refused, by its place."""
    gate, refusals = threading.Barrier(len(acts)), {}

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except Refused as refusal:
            refusals[place] = refusal.message
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refusals
