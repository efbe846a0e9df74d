"""The round in which the whole site is compared with the records, a stretch at a time, and set right where it differs.

Comparing everything at once (site.verify) takes hundredths of a second for each public item: on a large site it would
keep scheduled releases and last days of notices waiting for hours. The round takes a few seconds of each half minute,
goes on where it stopped, after a restart too, and begins anew each day and with each start, for another version of the
program writes other pages. Files that no list names are the watch's (channels.watching).
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings

from gongkai.channels import columns, ledger, renderers, site, tree, turns
from gongkai.channels.identity import asked_once
from gongkai.channels.lines import NoList
from gongkai.channels.manifest import WRITING, put
from gongkai.channels.parts import Part, beside, column_part, settle, standing_part, subject_part
from gongkai.disclosure.models import Column
from gongkai.search.releases import latest

log = logging.getLogger(__name__)
# Seconds of a stretch; longer where much is to be written, as after a change of version.
STRETCH, WRITING_STRETCH = 2.0, 15.0
A_DAY = 86_400
# Subjects asked for at once; pages of a column written together.
SUBJECTS, PAGES = 100, 10
NAME = "round.json"
_started = time.time()

# What is left to do after a position, each step with the position behind it; a step says whether it set something right.
Steps = Callable[[int], Iterator[tuple[int, Callable[[], bool]]]]


@dataclass
class Round:
    """Where the round stands. stage: empty when it is through; after: the position in it; begun: seconds since 1970."""

    begun: float = 0.0
    stage: str = ""
    after: int = 0


def go_on(seconds: float = STRETCH) -> int:
    """Go on with the round, or begin one that is due; how many parts of the site were set right."""
    now = _read()
    stages = dict(_stages())
    if now.stage not in stages:
        if now.begun >= max(_started, time.time() - A_DAY) and not now.stage:
            return 0
        site.place_items()
        now = Round(time.time(), next(iter(stages)))
    begun, mended = time.monotonic(), 0
    for name in list(stages)[list(stages).index(now.stage) :]:
        now.stage, now.after = name, now.after if name == now.stage else 0
        for position, step in stages[name](now.after):
            mended += step()
            now.after = position
            if time.monotonic() - begun > (max(seconds, WRITING_STRETCH) if mended and seconds else seconds):
                _write(now)
                return mended
    tree.forget_abandoned()
    _write(Round(now.begun))
    return mended


def under_way() -> bool:
    """Whether a round has begun and is not through."""
    return bool(_read().stage)


def _place() -> Path:
    home: Path = settings.INSTANCE.home
    return home / NAME


def _read() -> Round:
    try:
        return Round(**json.loads(_place().read_bytes()))
    except (OSError, ValueError, TypeError):
        return Round()


def _write(now: Round) -> None:
    put(_place(), json.dumps(vars(now)).encode(), ledger.folder() / WRITING, lasting=False)


def _stages() -> Iterator[tuple[str, Steps]]:
    for public in renderers.kinds():
        yield f"kind {public.kind}", lambda after, public=public: _subjects(public, after)
    for column in Column.objects.order_by("pk"):
        yield f"column {column.pk}", lambda after, column=column: _pages(column, after)
    yield "beside", _beside
    yield "over", _over


def _subjects(public: renderers.PublicKind, after: int) -> Iterator[tuple[int, Callable[[], bool]]]:
    rows = latest(public.kind).values_list("pk", "subject_id")
    while found := list(rows.filter(pk__gt=after)[:SUBJECTS]):
        for after, subject in found:
            part = subject_part(public, subject)
            if part is not None:
                yield after, lambda part=part: _set_right(part)


def _pages(column: Column, after: int) -> Iterator[tuple[int, Callable[[], bool]]]:
    closed = columns.closed_pages(columns.positions(column.pk)) if column.active else 0
    for first in range(after, closed + 1, PAGES):
        numbers = range(first, min(first + PAGES, closed + 1))
        part = column_part(column, numbers if column.active else None)
        yield first + PAGES, lambda part=part: _set_right(part)


def _standing() -> Iterator[Part]:
    yield from (standing_part(standing) for standing in renderers.standing())
    yield from beside()


def _beside(after: int) -> Iterator[tuple[int, Callable[[], bool]]]:
    for position, part in enumerate(islice(_standing(), after, None), after + 1):
        yield position, lambda part=part: _set_right(part)


def _over(after: int) -> Iterator[tuple[int, Callable[[], bool]]]:
    """What the list holds of parts that the site no longer has, as a page that a new version does without."""
    names = ledger.shelf().names()
    for position, name in enumerate(names[after:], after + 1):
        yield position, lambda name=name: _clear_over(name)


def _clear_over(shard: str) -> bool:
    try:
        lines = ledger.shelf().shard(shard)
    except NoList:
        return False
    subjects = tuple(f"{public.kind}:" for public in renderers.kinds())
    foreign = {
        path: line.owner
        for path, line in lines.items()
        if line.owner != ledger.STATIC and not line.owner.startswith(subjects)
    }
    if not foreign:
        return False
    # Asked for after the lines were read: what came meanwhile is among these.
    parts = {part.named for part in _standing()} | {column_part(each).named for each in Column.objects.all()}
    gone = {path: owner for path, owner in foreign.items() if owner not in parts}
    with ledger.gathering():
        for path, owner in gone.items():
            tree.remove(path)
            ledger.note(owner, [], [path])
    return bool(gone)


def _set_right(part: Part) -> bool:
    """Bring a part whose files are not those of the records to the present state; whether it was one."""
    try:
        state = part.state()
        with asked_once():
            pages = part.pages()
        if _stands(part, dict(pages)):
            return False
        settle(part, (state, pages))
    except Exception:
        # One page that cannot be made must not keep the round from all others.
        log.exception("the part %s of the site could not be compared", part.named)
        return False
    return True


def _stands(part: Part, pages: dict[str, bytes]) -> bool:
    if any(tree.read(path) != data for path, data in pages.items()):
        return False
    if part.folder:
        return turns.stands(part.folder, part.until()) and set(tree.files(part.folder)) <= pages.keys()
    return not any(tree.read(path) is not None for path in part.gone() if path not in pages)
