"""How often pages are read, by item, column, agency and month: the counts of all processes and of access logs, summed."""

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from gongkai.channels import addresses, visiting
from gongkai.channels.visit_models import PageVisits, VisitsTaken
from gongkai.disclosure.models import Column, Item
from gongkai.journal import clock

# Files of one sweep, and bytes of one file; each process writes one a minute.
FILES, LARGEST = 500, 20 * 1024 * 1024
LONGEST_PATH = 300
_ITEM = re.compile(r"/items/([^/]+)/")
_COLUMN = re.compile(r"/columns/([^/]+)/")


class TakenAlready(Exception):
    """This log was summed before."""


def folder() -> Path:
    home: Path = settings.INSTANCE.home
    return home / visiting.FOLDER


def sweep() -> int:
    """Add what the processes wrote; how many files. A file that was added before a crash is not added again."""
    done = 0
    for place in islice(sorted(folder().glob("*.json")), FILES):
        with suppress(IntegrityError, OSError, ValueError, KeyError, TypeError, AttributeError):
            if place.stat().st_size <= LARGEST:
                said = json.loads(place.read_text("utf-8"))
                _add(place.name, {date.fromisoformat(said["day"]): Counter(said["counts"])})
        place.unlink(missing_ok=True)
        done += 1
    return done


def take_log(place: Path) -> int:
    """Add an access log of a web server that serves the site (plain or .gz); how many pages were read in it.

    A line for a file that is no page of the site counts nothing. Raises TakenAlready, OSError.
    """
    digest = hashlib.sha256()
    with place.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    name = f"log-{digest.hexdigest()}"
    if VisitsTaken.objects.filter(pk=name).exists():
        raise TakenAlready
    minutes: Counter[tuple[str, str, str]] = Counter()
    with gzip.open(place) if place.suffix == ".gz" else place.open("rb") as lines:
        minutes.update(found for line in lines if (found := visiting.of_log_line(line)))
    days: dict[date, Counter[str]] = {}
    for (day, _minute, path), count in minutes.items():
        if _is_page(path):
            days.setdefault(date.fromisoformat(day), Counter())[path] += min(count, visiting.STORM)
    try:
        _add(name, days)
    except IntegrityError as error:
        raise TakenAlready from error
    return sum(sum(counts.values()) for counts in days.values())


def _is_page(path: str) -> bool:
    """Whether the site has this page now; whatever else was asked for is noise."""
    parts = path.strip("/").split("/") if path != "/" else []
    if any(not part or part.startswith(".") for part in parts):
        return False
    place = settings.INSTANCE.home.joinpath("site", *parts, "index.html")
    with suppress(OSError, ValueError):
        return bool(place.is_file())
    return False


def _add(name: str, days: dict[date, Counter[str]]) -> None:
    """Add counts under a name, once. Raises IntegrityError where the name was added before."""
    with transaction.atomic():
        VisitsTaken(pk=name, at=clock.now()).save(force_insert=True)
        for day, counts in sorted(days.items()):
            month = day.replace(day=1)
            wanted = {path[:LONGEST_PATH]: count for path, count in counts.items() if count > 0}
            known = set(
                PageVisits.objects.filter(month=month, path__in=list(wanted)).values_list("path", flat=True)
            )
            PageVisits.objects.bulk_create(_new(month, set(wanted) - known), ignore_conflicts=True)
            for path, count in sorted(wanted.items()):
                PageVisits.objects.filter(month=month, path=path).update(count=F("count") + int(count))


def _new(month: date, paths: Iterable[str]) -> Iterator[PageVisits]:
    for path in sorted(paths):
        item, column = _item(path), _column(path)
        yield PageVisits(
            month=month,
            path=path,
            item=item,
            column=item.column if item else column,
            agency=item.agency if item else None,
        )


def _item(path: str) -> Item | None:
    """Whose page it is: a folder is its index number, whose / stands there as a hyphen."""
    found = _ITEM.fullmatch(path)
    if found is None:
        return None
    name = found[1]
    places = [at for at, char in enumerate(name) if char == "-"]
    numbers = [name, *(f"{name[:at]}/{name[at + 1 :]}" for at in places)]
    rows = Item.objects.select_related("column", "agency").filter(index_number__in=numbers)
    return next((row for row in rows if addresses.item_folder(row.index_number) == f"items/{name}"), None)


def _column(path: str) -> Column | None:
    found = _COLUMN.match(path)
    return Column.objects.filter(code=found[1]).first() if found else None


def months() -> list[tuple[date, int]]:
    """The visits of all pages by month, newest first."""
    rows = PageVisits.objects.order_by("-month").values("month").annotate(total=Sum("count"))
    return [(row["month"], row["total"]) for row in rows]
