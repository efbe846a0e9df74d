"""Counting what is read without knowing who reads: numbers by page, in memory, written each minute into small files.

Needs no Django: the first layer of the server counts with it. Kept is how often a page went out whole, and the day.
No address, no cookie, no user agent: a program is told from a reader while it is counted, and forgotten. A browser
that has the page and asks whether it is still the same is not counted, so reloading counts once; and of what else
asks for one page over and over in a minute no more is counted than a page is read by people (`STORM`).
"""

import atexit
import json
import os
import re
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import unquote

FOLDER = "visits"
EVERY = 60.0
# Of one page in one minute; a page that all of a district reads at once stays far below it.
STORM = 300
# So many pages are counted before the minute is over; then they are written at once.
MOST_PAGES = 20_000
MOST_AGENTS = 5_000
CHINA = timezone(timedelta(hours=8))
PROGRAMS = re.compile(
    r"bot|spider|crawl|slurp|curl|wget|python|java/|go-http|okhttp|httpclient|libwww|perl|ruby|scan|monitor|check|"
    r"preview|fetch|headless|phantom|feed|archiver|lighthouse|wrk|ab/|axios|node",
    re.IGNORECASE,
)


def program(agent: str) -> bool:
    """Whether a user agent is that of a program; one that says nothing is taken for one."""
    return not agent or PROGRAMS.search(agent) is not None


class Visits:
    """The counts of this process; every minute, and at its end, they go into a file of their own."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._counts: dict[str, int] = {}
        # Which agents are programs, by a number that tells nothing about them; emptied with every file.
        self._agents: dict[int, bool] = {}
        self._lock = threading.Lock()
        self._started = False

    def count(self, path: str, agent: str) -> None:
        """One page went out whole. Cheap: it is asked with every page."""
        mark = hash(agent)
        skipped = self._agents.get(mark)
        if skipped is None:
            skipped = self._agents[mark] = program(agent)
        if skipped:
            return
        counts = self._counts
        # Two threads at one moment may count one: a number of readers is no bill.
        counts[path] = counts.get(path, 0) + 1
        if not self._started or len(counts) > MOST_PAGES or len(self._agents) > MOST_AGENTS:
            self._begin()

    def _begin(self) -> None:
        with self._lock:
            if self._started:
                full = len(self._counts) > MOST_PAGES or len(self._agents) > MOST_AGENTS
            else:
                self._started, full = True, False
                threading.Thread(target=self._minutes, daemon=True).start()
                atexit.register(self.flush)
        if full:
            self.flush()

    def _minutes(self) -> None:
        while True:
            time.sleep(EVERY)
            self.flush()

    def flush(self) -> None:
        """Write what was counted since the last time; where that cannot be, it is counted no further."""
        counts, self._counts, self._agents = self._counts, {}, {}
        if counts:
            write(self._folder, {_said(path): min(count, STORM) for path, count in counts.items()})


def _said(path: str) -> str:
    """A path as WSGI gives it, its bytes as single characters, in words."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


def write(folder: Path, counts: dict[str, int], day: str = "") -> None:
    """One file of counts, there as a whole or not at all."""
    day = day or f"{datetime.now(CHINA):%Y-%m-%d}"
    name = f"{day}-{os.getpid()}-{uuid.uuid4().hex[:12]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rough = folder / f".{name}"
        rough.write_text(json.dumps({"day": day, "counts": counts}, ensure_ascii=False), "utf-8")
        rough.rename(folder / name)
    except OSError:
        return


_LINE = re.compile(
    rb"^\S+ \S+ \S+ \[(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<minute>\d\d:\d\d)[^\]]*\] "
    rb'"GET (?P<path>/[^ "?]*)(?:\?[^ "]*)? HTTP/[\d.]+" 200 \d+ "[^"]*" "(?P<agent>[^"]*)"'
)
_MONTHS = {name: n for n, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def of_log_line(line: bytes) -> tuple[str, str, str] | None:
    """(day, minute, path) of a line of an access log (combined form of nginx) that is a page read by somebody; else None.

    Only what this returns is kept of the line.
    """
    found = _LINE.match(line)
    if found is None or not found["path"].endswith(b"/") or program(found["agent"].decode("latin-1")):
        return None
    month = _MONTHS.get(found["month"])
    if month is None:
        return None
    day = f"{int(found['year'])}-{month:02d}-{int(found['day']):02d}"
    return day, found["minute"].decode(), unquote(found["path"].decode("latin-1"))
