"""The watch over written pages (网页防篡改): what somebody changed is written anew from the records, and alarmed.

A look compares the stamps of all files with those seen last, at a bounded rate, and reads only files whose stamp is
new. What differs from the list is confirmed while nobody writes; it is never learnt from the changed file itself.
A flood of changes is restored all the same, but told in few entries.
"""

import logging
import os
import shutil
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from gongkai.channels import exports, ledger, site, tree
from gongkai.channels.export_models import Export, Tampering
from gongkai.channels.lines import Line, Lines, NoList
from gongkai.channels.manifest import FILE_MODE, WRITING, Fault, Shelf, entries, over, put, strange_mode
from gongkai.journal import canon, chain, clock

log = logging.getLogger(__name__)
# Looking at 20,000 stamps takes a tenth of a second; more than that is spread over the time.
STAMPS_A_SECOND = 20_000
PAUSE = 1.0
TOLD, LONGEST_PATH = 50, 200
# One entry a minute; where they have become many, one in ten minutes.
APART, APART_IN_A_FLOOD, MANY = timedelta(minutes=1), timedelta(minutes=10), 10
FOLDER_MODE = 0o755

Found = list[tuple[str, str, bool]]
Stamp = tuple[int, int, int, int, int]


class NothingToWatch(Exception):
    """The folder is neither the site nor a copy of it."""


@dataclass
class Watch:
    """The watch over one folder. prefix: what stands before its paths on the list; copy: where it is an export."""

    top: Path
    prefix: str = ""
    copy: exports.Copy | None = None
    _stamps: dict[str, Stamp] = field(default_factory=dict)
    _shards: dict[str, tuple[str, Lines]] = field(default_factory=dict)
    _expected: Lines = field(default_factory=dict)
    _untold: Found = field(default_factory=list)

    def look(self) -> Found:
        """One look: what was found as (what, path, whether it was restored). Nothing where there is no list yet."""
        if self.copy is not None:
            try:
                self.copy.require()
            except exports.CannotExport:
                return []
            if not Export.objects.filter(pk=self.copy.export.pk, number__gt=0).exists():
                # Not written whole yet: what is missing is no tampering.
                return []
        elif not ledger.root().complete:
            return []
        self._load()
        doubtful = self._doubtful()
        found = self._confirmed(doubtful) if doubtful else []
        self._untold += found
        self._tell()
        return found

    def over(self) -> list[Fault]:
        """Of a copy: what is to be read no longer and still stands there. On the site itself it is not given out."""
        if self.copy is None:
            return []
        try:
            return list(over(self.top, self.copy.there.root(ledger.key()), clock.now()))
        except NoList:
            return []

    # The list

    def _load(self) -> None:
        """Read those shards of the list that are not the ones read last."""
        shelf = self.copy.account if self.copy is not None else ledger.shelf()
        named = (
            self.copy.state()[1]
            if self.copy is not None
            else {name: digest for name, (digest, _files) in ledger.root().shards.items()}
        )
        gone = self._shards.keys() - named.keys()
        fresh = [name for name, digest in named.items() if self._shards.get(name, ("",))[0] != digest]
        if not gone and not fresh:
            return
        for name in gone:
            del self._shards[name]
        for name in fresh:
            self._shards[name] = named[name], _lines(shelf, name)
        self._expected = {
            path[len(self.prefix) :]: line
            for _digest, lines in self._shards.values()
            for path, line in lines.items()
            if self._mine(path, line)
        }

    def _mine(self, path: str, line: Line) -> bool:
        if self.copy is not None:
            return True
        return path.startswith(self.prefix) if self.prefix else line.owner != ledger.STATIC

    # Looking

    def _doubtful(self) -> set[str]:
        """Paths that are not known to be right: new stamps that do not read right, strangers, missing ones."""
        doubtful: set[str] = set()
        seen: set[str] = set()
        begun, count = time.monotonic(), 0
        for path, there in self._entries():
            count += 1
            if count % 2000 == 0:
                ahead = count / STAMPS_A_SECOND - (time.monotonic() - begun)
                if ahead > 0:
                    time.sleep(ahead)
            if path.endswith("/"):
                if strange_mode(path, there.st_mode):
                    doubtful.add(path)
                continue
            seen.add(path)
            stamp = there.st_mtime_ns, there.st_ctime_ns, there.st_ino, there.st_size, there.st_mode
            if self._stamps.get(path) == stamp and path in self._expected:
                continue
            if self._wrong(path):
                doubtful.add(path)
                self._stamps.pop(path, None)
            else:
                self._stamps[path] = stamp
        for path in self._stamps.keys() - seen:
            del self._stamps[path]
        return doubtful | (self._expected.keys() - seen)

    def _entries(self) -> Iterator[tuple[str, os.stat_result]]:
        try:
            for path, there in entries(self.top):
                if not path.startswith(f"{tree.WRITING}/") or self.copy is not None or self.prefix:
                    yield path, there
        except FileNotFoundError:
            # A folder went while we looked; the next look sees what is left.
            return

    def _wrong(self, path: str) -> str:
        """What is wrong with a path, or nothing."""
        line = self._expected.get(path)
        place = self.top / path
        try:
            there = os.lstat(place)
        except (FileNotFoundError, NotADirectoryError):
            return "missing" if line is not None else ""
        if path.endswith("/"):
            return "mode" if stat.S_ISDIR(there.st_mode) and strange_mode(path, there.st_mode) else ""
        if not stat.S_ISREG(there.st_mode):
            return "link" if not stat.S_ISDIR(there.st_mode) else "missing" if line is not None else ""
        if line is None:
            return "added"
        try:
            if there.st_size != line.size or canon.sm3_file(str(place)) != line.digest:
                return "changed"
        except FileNotFoundError:
            return "missing"
        return "mode" if strange_mode(path, there.st_mode) else ""

    # Setting right

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While nobody writes here."""
        name = f"export-{self.copy.export.pk}-busy" if self.copy is not None else "writers"
        with ledger.held(name):
            self._load()
            yield

    def _confirmed(self, doubtful: set[str]) -> Found:
        found: Found = []
        anew: list[tuple[str, str]] = []
        try:
            with self._alone():
                for path in sorted(doubtful):
                    what = self._wrong(path)
                    if what in ("added", "link"):
                        found.append((what, path, self._take_away(path)))
                        if path in self._expected:
                            anew.append(("missing", path))
                    elif what == "mode":
                        found.append((what, path, self._set_mode(path)))
                    elif what:
                        anew.append((what, path))
                if self.copy is not None or self.prefix:
                    found += [(what, path, self._copy_anew(path)) for what, path in anew]
                    return found
        except ledger.Occupied:
            # Somebody writes for long; the next look comes.
            return []
        found += [(what, path, self._write_anew(path)) for what, path in anew]
        return found

    def _take_away(self, path: str) -> bool:
        try:
            (self.top / path).unlink()
        except OSError:
            return False
        for above in (self.top / path).parents:
            if above == self.top:
                break
            try:
                above.rmdir()
            except OSError:
                break
        return True

    def _set_mode(self, path: str) -> bool:
        try:
            os.chmod(self.top / path, FOLDER_MODE if path.endswith("/") else FILE_MODE, follow_symlinks=True)
        except OSError:
            return False
        return True

    def _make_room(self, path: str) -> None:
        """Nothing but folders may stand above a file, and no folder in its place."""
        here = self.top
        for part in Path(path).parts[:-1]:
            here = here / part
            if here.is_symlink() or (here.exists() and not here.is_dir()):
                here.unlink()
        if (self.top / path).is_dir() and not (self.top / path).is_symlink():
            shutil.rmtree(self.top / path)

    def _copy_anew(self, path: str) -> bool:
        """Of a copy: from the site, whose files are proved by the list. Of static files: from the package."""
        line = self._expected.get(path)
        if line is None:
            return False
        try:
            self._make_room(path)
            if self.copy is None:
                data = site.packaged(path)
                writing = Path(settings.INSTANCE.home) / "ledger" / WRITING
            else:
                data, writing = exports.source(path), self.copy.there.place / WRITING
            if data is None or canon.sm3(data) != line.digest:
                return False
            put(self.top / path, data, writing)
        except OSError:
            return False
        return True

    def _write_anew(self, path: str) -> bool:
        try:
            self._make_room(path)
            site.write_anew(path)
        except Exception:
            log.exception("%s could not be written anew", path)
            return False
        self._load()
        return not self._wrong(path)

    # Telling

    def _tell(self) -> None:
        """One entry for what was found since the last, but never many."""
        if not self._untold:
            return
        moment = clock.now()
        before = Tampering.objects.filter(where=str(self.top), at__gt=moment - timedelta(hours=1)).order_by(
            "-pk"
        )
        times = list(before.values_list("at", flat=True)[: MANY + 1])
        apart = APART_IN_A_FLOOD if len(times) > MANY else APART
        if times and moment - times[0] < apart:
            # What is told is bounded too.
            del self._untold[1000 * TOLD :]
            return
        told, self._untold = self._untold, []
        with transaction.atomic():
            row = Tampering.objects.create(
                where=str(self.top),
                at=moment,
                count=len(told),
                restored=sum(done for _what, _path, done in told),
                found=[[what, _shown(path)] for what, path, _done in told[:TOLD]],
            )
            chain.record(
                "site.tampered",
                chain.SWEEPER,
                subject=("tampering", row.pk),
                covers=[row],
                folder=str(self.top),
                count=row.count,
                restored=row.restored,
            )


def _lines(shelf: Shelf, name: str) -> Lines:
    try:
        return shelf.shard(name)
    except NoList:
        return {}


def _shown(path: str) -> str:
    """A path as text that any database and page bears."""
    said = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in said)[:LONGEST_PATH]


WORDS = {
    "added": "多出的文件",
    "missing": "被删除的文件",
    "changed": "被改动的文件",
    "link": "不应有的链接或设备",
    "mode": "权限被改",
}


def words(found: Sequence[tuple[str, str, bool]]) -> str:
    """What was found, a line each; of many the first and how many more."""
    lines = [
        f"{WORDS[what]} {_shown(path)}：{'已恢复' if done else '未能恢复，请检查文件夹权限和磁盘'}"
        for what, path, done in found[:TOLD]
    ]
    if len(found) > TOLD:
        lines.append(f"……另有{len(found) - TOLD}处")
    return "\n".join(lines)


def watches() -> list[Watch]:
    """The site, the static files, and every copy that follows."""
    return [
        Watch(tree.root()),
        Watch(Path(settings.STATIC_ROOT), prefix=f"{ledger.STATIC}/"),
        *(_of(export) for export in Export.objects.filter(following=True)),
    ]


def _of(export: Export) -> Watch:
    return Watch(Path(export.path), copy=exports.Copy(export))


def watch_of(folder: Path | None) -> Watch:
    """The watch over a folder; None names the site itself. Raises NothingToWatch."""
    if folder is None:
        return Watch(tree.root())
    export = Export.objects.filter(path=os.path.abspath(folder)).first()
    if export is None:
        raise NothingToWatch(f"{folder} 不是本实例的导出目录。请先运行 gongkai site export {folder}。")
    return _of(export)


def keep(stop: threading.Event) -> None:
    """Look until told to stop: what `gongkai serve` runs beside the sweeps."""
    held: dict[str, Watch] = {}
    while not stop.is_set():
        with suppress(Exception):
            fresh = {str(each.top): each for each in watches()}
            held = {top: held.get(top, each) for top, each in fresh.items()}
        for each in held.values():
            try:
                each.look()
            except Exception:
                log.exception("the watch over %s failed", each.top)
        connection.close()
        stop.wait(PAUSE)


def problems() -> list[str]:
    """What `gongkai check` says of tampering that nobody has looked into."""
    return [
        f"{row.where} 中有{row.count}个文件曾被篡改（{row.at:%Y-%m-%d %H:%M}），已恢复{row.restored}个；"
        "请查明原因，并在工作台“公开网站”页登记处理结果。"
        for row in Tampering.objects.filter(seen__isnull=True)[:20]
    ]
