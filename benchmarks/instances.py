"""A temporary instance for one run: a demonstration's agencies and people in a fresh database."""

import logging
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.measuring import stop
from gongkai.cli import frame
from gongkai.instance import Instance

POSTGRESQL = "GONGKAI_POSTGRESQL_URL"


@contextmanager
def temporary(*, postgresql: bool = False, keep: Path | None = None) -> Iterator[Any]:
    """Found an instance, start Django on it and yield its cast (agencies and people); all is removed at the end.

    postgresql: in a database of its own on the server that GONGKAI_POSTGRESQL_URL names. Once in a process.
    keep: instead a folder that stays, with what an earlier run has loaded there (SQLite only).
    """
    os.environ.pop("GONGKAI_DATABASE_URL", None)
    if keep is not None:
        if postgresql:
            stop("A kept instance has its database in its folder: leave --postgresql or --keep out.")
        yield from _kept(keep)
        return
    home = Path(tempfile.mkdtemp(prefix="gongkai-benchmark-"))
    name = _new_database() if postgresql else ""
    try:
        Instance.found(home, demo=True, created="2021-01-01T00:00:00+08:00")
        frame.start(home)
        frame.migrate()
        # A list asked for a page that it has not is answered 404 and is no news here.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        from gongkai.cli.demo_year.cast import assemble

        yield assemble()
    finally:
        _close()
        if name:
            _drop_database(name)
        shutil.rmtree(home, ignore_errors=True)


def _kept(home: Path) -> Iterator[Any]:
    new = not (home / "instance.json").exists()
    if new:
        Instance.found(home, demo=True, created="2021-01-01T00:00:00+08:00")
    frame.start(home)
    frame.migrate()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    from gongkai.agencies.models import Agency, Person
    from gongkai.cli.demo_year.cast import Cast, assemble

    try:
        if new:
            yield assemble()
        else:
            agencies = {agency.code: agency for agency in Agency.objects.all()}
            people = {person.username: person for person in Person.objects.all()}
            yield Cast(agencies["XG0001"], agencies["XG0123"], people)
    finally:
        _close()


def clock() -> Callable[[], float]:
    """What times work with the database: processor time where that is SQLite, which runs in this process."""
    from django.db import connection

    return time.process_time if connection.vendor == "sqlite" else time.perf_counter


def _close() -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()


def _new_database() -> str:
    if POSTGRESQL not in os.environ:
        stop(f"{POSTGRESQL} names no server: set it, or leave --postgresql out.")
    name = f"gongkai_benchmark_{uuid.uuid4().hex[:12]}"
    _administer(f'CREATE DATABASE "{name}"')
    os.environ["GONGKAI_DATABASE_URL"] = urlsplit(os.environ[POSTGRESQL])._replace(path=f"/{name}").geturl()
    return name


def _drop_database(name: str) -> None:
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ[POSTGRESQL], autocommit=True) as connection:
        connection.execute(statement)
