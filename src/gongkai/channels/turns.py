"""Folders of the site whose files may be read until a moment only: the first text of a notice, until its last day is
over (rulebook 6.4: 公示期满撤下或者去标识化).

The pages follow the day within seconds; this closes the seconds between, and every hour in which nobody writes them
anew. The moment is written down before the pages that depend on it and taken off after the pages that no longer do,
so the first layer of the server, which reads the file without Django, never hands out what is over.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from gongkai.channels import tree

NAME = "turns.json"
LOCK = "turns"


class Turns:
    """The moments as they stand in a file beside the site, read again whenever it changed. now: seconds since 1970."""

    def __init__(self, site: str | Path, now: Callable[[], float] = time.time) -> None:
        self._place = os.path.join(os.path.dirname(os.path.realpath(site)), NAME)
        self._now = now
        self._stamp: tuple[int, int, int] | None = None
        self._moments: dict[str, float] = {}

    def over(self, path: str) -> bool:
        """Whether a path of the site (items/x/index.html) lies in a folder whose moment has come."""
        moments = self._read()
        if not moments:
            return False
        moment = moments.get("/".join(path.split("/", 2)[:2]))
        return moment is not None and self._now() >= moment

    def _read(self) -> dict[str, float]:
        try:
            found = os.stat(self._place)
        except OSError:
            self._stamp, self._moments = None, {}
            return self._moments
        stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
        if stamp != self._stamp:
            try:
                with open(self._place, encoding="utf-8") as stream:
                    self._moments = json.load(stream)
            except (OSError, ValueError):
                # It is renamed into place whole; what cannot be read now is asked for again with the next request.
                return self._moments
            self._stamp = stamp
        return self._moments


def of(folder: str) -> float | None:
    """Until when the files of a folder may be read; None where nothing limits them."""
    return _all().get(folder)


def every() -> dict[str, datetime]:
    """Folder → until when its files may be read, for all that are limited."""
    return {
        folder: timezone.localtime(datetime.fromtimestamp(moment, UTC)) for folder, moment in _all().items()
    }


def stands(folder: str, moment: datetime | None) -> bool:
    """Whether that is what is written down of a folder."""
    return of(folder) == (moment.timestamp() if moment else None)


def put(folder: str, moment: datetime | None) -> None:
    """Write down until when the files of a folder may be read, or that nothing limits them any more."""
    if stands(folder, moment):
        return
    wanted = moment.timestamp() if moment else None
    with tree.locked(LOCK):
        moments = _all()
        if wanted is None:
            moments.pop(folder, None)
        else:
            moments[folder] = wanted
        place = _place()
        descriptor, beside = tempfile.mkstemp(dir=place.parent, prefix=f".{NAME}-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(moments, stream, sort_keys=True)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(beside, 0o644)
            os.replace(beside, place)
        finally:
            Path(beside).unlink(missing_ok=True)


def _place() -> Path:
    return tree.root().parent / NAME


def _all() -> dict[str, float]:
    try:
        moments: dict[str, float] = json.loads(_place().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return moments
