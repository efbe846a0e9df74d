"""The empty SQLite database of a new instance as a file, made once for each state of models and copied by every run.

Making it takes longer than most files of tests. What it gives depends on the sources; the guards are created anew on
every copy all the same.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import django

SOURCES = Path(__file__).resolve().parents[1] / "src" / "gongkai"


@lru_cache(maxsize=1)
def template() -> Path:
    """The file, made now where no run before has made it. Never written to: copy it."""
    place = Path(tempfile.gettempdir()) / f"gongkai-migrated-{os.getuid()}-{_state()}.sqlite3"
    with open(place.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            _make(place)
    return place


def fill(connection: Any) -> None:
    """Copy the migrated database into the empty one that a connection is open to."""
    from gongkai.journal import guards

    connection.ensure_connection()
    with sqlite3.connect(template()) as source:
        source.backup(connection.connection)
    guards.remove()
    guards.install()


def _state() -> str:
    digest = hashlib.blake2b(django.__version__.encode(), digest_size=10)
    for path in sorted(SOURCES.rglob("*.py")):
        if not {"migrations", "models"} & {*path.parts, path.stem.rpartition("_")[2]}:
            continue
        digest.update(str(path.relative_to(SOURCES)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _make(place: Path) -> None:
    from django.db import connections

    from gongkai.journal import schema

    connection = connections["default"]
    keep, name = connection.connection, connection.settings_dict["NAME"]
    beside = place.with_suffix(".new")
    beside.unlink(missing_ok=True)
    connection.connection = None
    connection.settings_dict["NAME"] = str(beside)
    try:
        schema.create()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = keep
    os.replace(beside, place)
