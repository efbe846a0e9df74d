"""A site of its own for one test, and how a visitor reads it."""

import atexit
import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connection

from gongkai.channels import site, turns
from gongkai.journal import clock

NAMES = {
    "site_domain": "www.example.gov.cn",
    "site_id_code": "4103030001",
    "site_icp": "豫ICP备00000000号",
}
# The site and its list, by the state of what they were written from: most tests begin with the same.
_kept: dict[str, Path] = {}
WRITTEN = ("site", "ledger")


def fresh() -> None:
    """Empty the site and the index of the test instance."""
    (settings.INSTANCE.home / turns.NAME).unlink(missing_ok=True)
    for name in ("site", "index"):
        _remove(settings.INSTANCE.home / name)
        (settings.INSTANCE.home / name).mkdir(exist_ok=True)


def _remove(folder: Path) -> None:
    # A reader that still lets go of its files may put one back while the folder is being removed.
    for _attempt in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.05)


def name_site(office: Any) -> None:
    """Give the site what the site guide wants on every page."""
    office.district.options = NAMES | {"site_name": "西工区政府信息公开"}
    office.district.save()


def written(office: Any) -> Any:
    """The office, with its named site written from what is public now; copied where the records are those of a test
    before."""
    fresh()
    name_site(office)
    home, state = settings.INSTANCE.home, _records()
    if state in _kept:
        for name in WRITTEN:
            _remove(home / name)
            shutil.copytree(_kept[state] / name, home / name)
        return office
    site.write_all()
    if not turns.every():
        _kept[state] = Path(tempfile.mkdtemp(prefix="gongkai-site-"))
        atexit.register(shutil.rmtree, _kept[state], ignore_errors=True)
        for name in WRITTEN:
            shutil.copytree(home / name, _kept[state] / name)
    return office


@contextmanager
def unwritten() -> Iterator[None]:
    """What is released within gets its place in its column and no pages: `site.write_all` writes them all, once."""
    with patch.object(site, "follow", lambda _kind, _subject: site.place_items()):
        yield


def _records() -> str:
    """All rows of the database, the settings and the day, as one digest."""
    digest = hashlib.blake2b(repr((settings.INSTANCE, settings.ALLOWED_HOSTS, clock.today())).encode())
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()


def get(application: Any, path: str, method: str = "GET", query: str = "", **headers: str) -> Any:
    """One request to a WSGI application: (status, headers, body)."""
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    said: list[Any] = []
    body = b"".join(application(environ, lambda status, names, error=None: said.append((status, names))))
    status, names = said[0]
    return int(status.split()[0]), {name.lower(): value for name, value in names}, body
