"""Copies of the public site in other folders: written whole once, then brought up with every release.

A copy is brought to what the list says now, shard by shard, each under its lock and from the list as it is after
the lock was taken. So a late task brings nothing back, and a copy that was out of reach catches up with what
changed and no more. What is gone from the site goes from every copy before anything else is tried (I9).
"""

import json
import logging
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.db import transaction

from gongkai.channels import identity, ledger, renderers, tree
from gongkai.channels.export_models import Export
from gongkai.channels.lines import Line, Lines, NoList, lines_of, shard_of, text_of
from gongkai.channels.manifest import FOLDER, KEY, MARK, WRITING, Root, Shelf, entries, put, regrouped
from gongkai.journal import canon, chain, clock

log = logging.getLogger(__name__)
LOCKS = 64
ROUNDS = 5
# An empty disk of Linux holds this one folder.
NOT_OURS_NOR_ANYBODYS = "lost+found"
STATE = "state.json"


class CannotExport(Exception):
    """The folder cannot take the site; one Chinese sentence that says what to do."""


class PageIncomplete(CannotExport):
    """A page lacks tags that the site guide requires, so nothing is exported until it has them."""


class Unfaithful(Exception):
    """A file of the site is not what the list says, also after it was written anew."""


@dataclass
class Done:
    """What bringing up a copy did."""

    files: int = 0
    written: int = 0
    removed: int = 0


Progress = Callable[[int, int], None]


def _quiet(done: int, all_of: int) -> None:
    return None


# Which folder


def claim(folder: Path) -> Export:
    """The row of a folder, which is marked as ours first. Raises CannotExport."""
    folder = Path(os.path.abspath(folder))
    home = Path(os.path.realpath(settings.INSTANCE.home))
    real = Path(os.path.realpath(folder))
    if real == home or home in real.parents or real in home.parents:
        raise CannotExport(f"{folder} 与实例文件夹相互包含，不能作导出目录。请换一个文件夹。")
    if folder.exists() and not folder.is_dir():
        raise CannotExport(f"{folder} 不是文件夹。请换一个文件夹。")
    mark = folder / FOLDER / MARK
    owner = _owner(folder)
    if owner and owner != ledger.instance():
        raise CannotExport(f"{folder} 是另一个实例导出的网站，未作改动。请换一个文件夹。")
    if not owner:
        if folder.exists() and {each.name for each in folder.iterdir()} - {NOT_OURS_NOR_ANYBODYS}:
            raise CannotExport(f"{folder} 中有别的文件，未作改动。请换一个空文件夹。")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FOLDER).mkdir(exist_ok=True)
        put(mark, canon.text({"instance": ledger.instance()}).encode(), folder / FOLDER / WRITING)
    export, made = Export.objects.get_or_create(path=str(folder), defaults={"added_at": clock.now()})
    if made:
        _say("export.added", export)
    return export


def _owner(folder: Path) -> str:
    """The instance that marked a folder; empty where none did."""
    try:
        return str(json.loads((folder / FOLDER / MARK).read_bytes())["instance"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _say(action: str, export: Export, **data: object) -> None:
    with transaction.atomic():
        chain.record(action, chain.SWEEPER, subject=("export", export.pk), folder=export.path, **data)


@contextmanager
def alone(export: Export) -> Iterator[None]:
    """One export of the whole into a folder at a time. Raises CannotExport."""
    try:
        with ledger.held(f"export-{export.pk}-whole", wait=0):
            yield
    except ledger.Occupied as error:
        if error.args != (f"export-{export.pk}-whole",):
            raise
        raise CannotExport(f"另一个导出正在写 {export.path}；请等它完成。") from None


def set_following(export: Export, following: bool) -> None:
    """Whether a copy follows releases."""
    if export.following != following:
        Export.objects.filter(pk=export.pk).update(following=following)
        export.following = following
        _say("export.following", export, following=following)


def forget(folder: Path) -> None:
    """Follow releases there no longer. Raises CannotExport where the folder is none of ours."""
    export = Export.objects.filter(path=os.path.abspath(folder)).first()
    if export is None:
        raise CannotExport(f"{folder} 不是本实例的导出目录。运行 gongkai site list 查看。")
    set_following(export, False)


# What we know of a copy


class Copy:
    """One exported folder and our own account of it, which nobody there can change."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.top = Path(export.path)
        self.there = Shelf(self.top / FOLDER)
        self.account = Shelf(settings.INSTANCE.home / "exports" / str(export.pk))

    def require(self) -> None:
        """Raises CannotExport where the folder is not there, as when its disk is not mounted."""
        if _owner(self.top) != ledger.instance():
            raise CannotExport(f"导出目录 {self.top} 不可用：未挂载、不可读或不再是本实例的导出目录。")

    def lock(self, name: str) -> str:
        return f"export-{self.export.pk}-{crc32(name.encode()) % LOCKS}"

    def state(self) -> tuple[int, dict[str, str]]:
        """The depth of our account, and the digest of each shard in it."""
        try:
            said = json.loads((self.account.place / STATE).read_bytes())
            return int(said["depth"]), dict(said["shards"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, {}

    def put_state(self, depth: int, shards: dict[str, str]) -> None:
        text = canon.text({"depth": depth, "shards": shards}).encode()
        put(self.account.place / STATE, text, self.account.place / WRITING, lasting=False)

    def known(self, name: str) -> Lines:
        try:
            return self.account.shard(name)
        except NoList:
            return {}

    def place(self, path: str) -> Path:
        """Where a file stands there. A link that leads a folder elsewhere is taken away."""
        target = self.top.joinpath(*path.split("/"))
        inside = os.path.relpath(target.parent, self.top)
        if os.path.realpath(target.parent) != os.path.normpath(
            os.path.join(os.path.realpath(self.top), inside)
        ):
            _unlink_links(self.top, target.parent)
        return target

    def remove(self, path: str) -> bool:
        target = self.place(path)
        try:
            target.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except IsADirectoryError:
            return False
        for above in target.parents:
            if above == self.top:
                break
            try:
                above.rmdir()
            except OSError:
                break
        return True


def _unlink_links(top: Path, folder: Path) -> None:
    """Remove links and files that stand where folders of the site should."""
    inside = folder.relative_to(top)
    here = top
    for part in inside.parts:
        here = here / part
        if here.is_symlink() or (here.exists() and not here.is_dir()):
            here.unlink()


def source(path: str) -> bytes | None:
    """The bytes of a file of the site or of the static files."""
    shelf, _, inside = path.partition("/")
    if shelf == ledger.STATIC:
        place = Path(settings.STATIC_ROOT).joinpath(*inside.split("/"))
        return place.read_bytes() if place.is_file() and not place.is_symlink() else None
    return tree.read(path)


# Bringing a copy up


def bring_up(
    copy: Copy,
    *,
    whole: bool = False,
    progress: Progress = _quiet,
    heal: Callable[[str], object] | None = None,
) -> Done:
    """Bring a copy to what the list says. whole: look at every file there, not only at what the list changed.

    heal: writes a file of the site anew from the records. Raises CannotExport, Unfaithful, OSError, ledger.Occupied.
    """
    copy.require()
    # The watch over the copy waits for this.
    with ledger.held(f"export-{copy.export.pk}-busy", shared=True):
        return _bring_up(copy, whole, progress, heal)


def _bring_up(copy: Copy, whole: bool, progress: Progress, heal: Callable[[str], object] | None) -> Done:
    done = Done()
    looked = not whole
    for _round in range(ROUNDS):
        now = _complete_root()
        depth, known = copy.state()
        if depth != now.depth:
            known = _recut(copy, depth, now.depth)
        differing = [name for name, (digest, _files) in now.shards.items() if known.get(name) != digest]
        differing += [name for name in known if name not in now.shards]
        names = sorted(now.shards.keys() | set(differing)) if not looked else differing
        for name in names:
            known[name] = _bring_shard(copy, name, done, whole=not looked, heal=heal, lasting=not whole)
            if not known[name]:
                del known[name]
            progress(done.files, now.files)
            if not looked and done.files % 5000 < 100:
                copy.put_state(now.depth, known)
        looked = True
        copy.put_state(now.depth, known)
        if known == {name: digest for name, (digest, _files) in now.shards.items()}:
            if whole:
                done.removed += _remove_strangers(copy, now)
                os.sync()
            if _finish(copy, now):
                return done
    raise CannotExport("导出期间网站一直在变动，清单未能写完；请再次运行。")


def _complete_root() -> Root:
    now = ledger.root()
    if not now.complete:
        raise CannotExport("网站清单尚未建立；请运行 gongkai check --repair。")
    return now


def _recut(copy: Copy, old: int, new: int) -> dict[str, str]:
    """Our account and the list there, in shards of another depth; the files stay."""
    lines = [pair for name in copy.account.names() for pair in copy.known(name).items()]
    for name in {*copy.account.names(), *copy.there.names()}:
        copy.account.put_shard(name, b"")
        copy.there.put_shard(name, b"")
    known: dict[str, str] = {}
    for name, cut in regrouped(lines, new).items():
        text = text_of(cut)
        copy.account.put_shard(name, text, lasting=False)
        copy.there.put_shard(name, text, lasting=False)
        known[name] = canon.sm3(text)
    copy.put_state(new, known)
    return known


def _bring_shard(
    copy: Copy, name: str, done: Done, *, whole: bool, heal: Callable[[str], object] | None, lasting: bool
) -> str:
    """The files of one shard; the digest of the shard as it now is, empty for one without files."""
    for attempt in range(ROUNDS):
        try:
            with ledger.held(copy.lock(name)), identity.asked_once():
                return _bring_lines(copy, name, done, whole, lasting)
        except Unfaithful as wrong:
            # The list moved on while we read, or somebody changed a file of the site.
            if attempt == ROUNDS - 1:
                raise
            if attempt and heal is not None:
                # Outside the lock: what is written anew is pushed into the copies too.
                heal(str(wrong))
            time.sleep(0.02)
    raise Unfaithful(name)


def _bring_lines(copy: Copy, name: str, done: Done, whole: bool, lasting: bool) -> str:
    text = ledger.shelf().shard_text(name)
    wanted, have = lines_of(text), copy.known(name)
    for path in have.keys() - wanted.keys():
        done.removed += copy.remove(path)
    for path, line in wanted.items():
        known = have.get(path) == line
        if known and not whole:
            continue
        target = copy.place(path)
        if _stands(target, line) and (known or canon.sm3_file(str(target)) == line.digest):
            # Known, or written by an export that was interrupted.
            continue
        done.written += _copy_file(copy, path, target, line, lasting)
    done.files += len(wanted)
    copy.there.put_shard(name, text, lasting=lasting)
    copy.account.put_shard(name, text, lasting=False)
    return canon.sm3(text) if text else ""


def _stands(target: Path, line: Line) -> bool:
    """Whether a plain file of the right size stands there; `verify` reads the files."""
    try:
        there = os.lstat(target)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(there.st_mode) and there.st_size == line.size


def _copy_file(copy: Copy, path: str, target: Path, line: Line, lasting: bool) -> int:
    data = source(path)
    if data is None or canon.sm3(data) != line.digest:
        raise Unfaithful(path)
    if path.endswith(".html"):
        names = renderers.missing_tags(path, data)
        if names:
            raise PageIncomplete(
                f"网页 {path} 缺少必选网页标签 {'、'.join(names)}（国办发〔2017〕47号），未导出该页。"
            )
    if target.is_dir() and not target.is_symlink():
        raise CannotExport(f"{target} 是一个文件夹，网站的文件不能写入；请把它移走。")
    put(target, data, copy.there.place / WRITING, lasting=lasting)
    return 1


def _remove_strangers(copy: Copy, now: Root) -> int:
    """Take away what is on no list: what somebody put there, and empty folders."""
    listed = {path for name in now.shards for path in copy.known(name)}
    removed = 0
    for path, _there in list(entries(copy.top)):
        if path.endswith("/") or path in listed or path.split("/")[0] == NOT_OURS_NOR_ANYBODYS:
            continue
        if path not in copy.known(shard_of(path, now.depth)):
            (copy.top / path).unlink(missing_ok=True)
            removed += 1
    for left in (copy.there.place / WRITING).glob("*"):
        if time.time() - left.stat().st_mtime > tree.ABANDONED:
            left.unlink(missing_ok=True)
    return removed


def _finish(copy: Copy, now: Root) -> bool:
    """Put the signed root over the shards; whether the list is still the one that they follow."""
    with ledger.held(f"export-{copy.export.pk}-root"):
        text = ledger.shelf().root_text()
        if ledger.root().number != now.number or copy.state()[1] != {
            name: digest for name, (digest, _files) in now.shards.items()
        }:
            return False
        copy.there.put_root(text)
        put(copy.there.place / KEY, ledger.key_text(), copy.there.place / WRITING)
        Export.objects.filter(pk=copy.export.pk).update(number=now.number, synced_at=clock.now())
    return True


# Following


def push(paths: Iterable[str]) -> None:
    """Bring every copy that follows up to the list; one that cannot be written is said to fail and tried again."""
    touched = list(paths)
    for export in Export.objects.filter(following=True):
        _try(export, touched)


def _try(export: Export, touched: Iterable[str] = (), *, whole: bool = False) -> bool:
    from gongkai.channels import site

    copy = Copy(export)
    try:
        copy.require()
        for path in touched:
            if source(path) is None:
                copy.remove(path)
        bring_up(copy, whole=whole, heal=site.write_anew)
    except Exception as error:
        # A copy that is out of reach must not undo the release, nor keep a withdrawal from taking effect here.
        log.warning("export %s failed: %s", export.path, error)
        _failed(export, str(error) if isinstance(error, CannotExport) else f"{type(error).__name__}: {error}")
        return False
    if export.failed_since is not None:
        well(export)
    return True


def well(export: Export) -> None:
    """A copy stands as it should: whatever was said of it before is over."""
    Export.objects.filter(pk=export.pk).update(checked_at=clock.now(), failed_since=None, error="")
    if export.failed_since is not None:
        _say("export.recovered", export)


def _failed(export: Export, error: str) -> None:
    first = Export.objects.filter(pk=export.pk, failed_since__isnull=True).update(failed_since=clock.now())
    Export.objects.filter(pk=export.pk).update(error=error[:500])
    if first:
        _say("export.failed", export, error=error[:200])


def sweep() -> int:
    """Bring up copies that are behind, and once a day look at every file of each; how many were."""
    brought = 0
    for export in Export.objects.filter(following=True):
        moment = clock.now()
        # After a restore nothing is known of what stands there, so every file is looked at.
        known = bool(Copy(export).state()[1])
        whole = not known or export.checked_at is None or (moment - export.checked_at).days >= 1
        if whole or export.failed_since or export.number != ledger.root().number:
            brought += _try(export, whole=whole)
            if whole:
                Export.objects.filter(pk=export.pk).update(checked_at=moment)
    return brought


def problems() -> list[str]:
    """What `gongkai check` says of the copies."""
    return [
        f"导出目录 {export.path} 未能更新（{export.error}）；恢复后会自动补齐，也可运行 gongkai site export {export.path}。"
        for export in Export.objects.filter(following=True, failed_since__isnull=False)
    ]
