"""`gongkai site export`, `site verify`, `site watch` and `site list`: the public site as files."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gongkai.cli import frame

PAUSE = 1.0


@click.group()
def site() -> None:
    """The public site as plain files: written, proved, watched."""


@site.command()
@frame.HOME
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--follow/--no-follow", default=None, help="Bring FOLDER up with every release from now on.")
@frame.plain
def export(home: Path, folder: Path, follow: bool | None) -> None:
    """Write the whole public site into FOLDER, or bring it up. Interrupted, it goes on where it was."""
    frame.start_existing(home)
    from gongkai.channels import assets, exports, ledger, manifest
    from gongkai.channels import site as pages

    try:
        row = exports.claim(folder)
        with exports.alone(row):
            assets.collect_static()
            if not ledger.root().complete:
                click.echo("网站清单尚未建立，正在逐页核对……", err=True)
                pages.write_all()
            if follow is not None:
                exports.set_following(row, follow)
            done = exports.bring_up(
                exports.Copy(row), whole=True, progress=_progress(), heal=pages.write_anew
            )
            exports.well(row)
    except exports.CannotExport as error:
        frame.fail(str(error), 1)
    except exports.Unfaithful as error:
        frame.fail(f"网站文件 {error} 与清单不符，未能导出；请运行 gongkai check --repair 后再试。", 1)
    except manifest.NoList as error:
        frame.fail(f"实例的网站清单有误（{error}）；请运行 gongkai check --repair 后再试。", 1)
    except ledger.Occupied:
        frame.fail("网站正由别的任务写入，等待超时；请稍后再试。", 1)
    if sys.stderr.isatty():
        click.echo(err=True)
    row.refresh_from_db()
    words = "随发布更新" if row.following else "不随发布更新（加 --follow 即随发布更新）"
    frame.say(
        [
            ("导出目录", row.path),
            ("文件", done.files),
            ("其中新写", done.written),
            ("删除", done.removed),
            ("清单", f"第{row.number}号，公钥指纹 {ledger.instance()}，{words}"),
        ]
    )


def _progress() -> Callable[[int, int], None]:
    """A line that says how far it is, how fast, and how long it will take; each second, on standard error."""
    begun = said = time.monotonic()
    shown = sys.stderr.isatty()

    def tell(done: int, all_of: int) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said < (1 if shown else 10) or not all_of:
            return
        said = now
        rate = done / (now - begun)
        left = max(all_of - done, 0) / rate if rate else 0
        words = f"{100 * done // all_of}%　{done}/{all_of}　每秒{rate:.0f}页　约剩{left:.0f}秒"
        click.echo(f"\r{words}　" if shown else words, err=True, nl=not shown)

    return tell


@site.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The public key."
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="The instance: its key is taken, and an older list put back is told.",
)
@click.option("--no-modes", is_flag=True, help="The disk keeps no permissions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def verify(folder: Path, key_file: Path | None, home: Path | None, no_modes: bool, as_json: bool) -> None:
    """Compare FOLDER with its signed list. Needs no instance. Exit 1 names what differs, 2 where no list holds."""
    from gongkai.channels import manifest

    newest = None
    try:
        if home is not None:
            frame.start_existing(home)
            from gongkai.channels import ledger

            key, newest = ledger.key(), ledger.root()
        else:
            key = manifest.public_key((key_file or folder / manifest.FOLDER / manifest.KEY).read_bytes())
        root = manifest.Shelf(folder / manifest.FOLDER).root(key)
    except (manifest.NoList, FileNotFoundError) as error:
        words = str(error) if isinstance(error, manifest.NoList) else "没有公钥或签名清单"
        if as_json:
            click.echo(json.dumps({"what": "list", "message": words}, ensure_ascii=False))
        frame.fail(f"{folder}：{words}，无法校验。请重新导出，或用 --key 指明公钥文件。")
    found = 0

    def say(what: str, path: str, message: str, **more: str) -> None:
        nonlocal found
        found += 1
        if as_json:
            said = {"what": what, "path": path, **{k: v for k, v in more.items() if v}, "message": message}
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo(message)

    if newest is not None and root.number < newest.number:
        message = (
            f"清单是第{root.number}号（{_on_the_wall(root.at)}），"
            f"实例已到第{newest.number}号（{_on_the_wall(newest.at)}）：导出目录落后，或被换回旧版本。"
        )
        say("list", "", message)
    for fault in manifest.verify(folder, key, modes=not no_modes, seen=_quiet if as_json else _progress()):
        say(fault.what, fault.path, sentence(fault), to=fault.to, detail=fault.detail)
    if as_json:
        click.echo(
            json.dumps({"files": root.files, "number": root.number, "faults": found, "holds": not found})
        )
    elif not found:
        click.echo(
            f"网站完整：{root.files}个文件均与第{root.number}号签名清单（{_on_the_wall(root.at)}，{root.instance}）相符。"
        )
    if not as_json and key_file is None and home is None:
        click.echo("注意：公钥取自被校验的文件夹本身；请用 --key 指定另行保管的公钥。", err=True)
    raise SystemExit(bool(found))


def _quiet(done: int, all_of: int) -> None:
    return None


def _on_the_wall(moment: str) -> str:
    """A moment of a signed list in the time of China: 2021年3月2日 09:00."""
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo("Asia/Shanghai"))
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


WORDS = {
    "added": "多出的文件 {path}",
    "missing": "缺失的文件 {path}",
    "changed": "被改动的文件 {path}",
    "renamed": "被改名的文件 {path} → {to}",
    "link": "不应有的 {path}（{detail}）",
    "mode": "权限被改的 {path}（{detail}）",
    "shard": "{detail} {path}",
    "list": "{detail}",
    "over": "期限已满而未更换的网页 {path}（应于{detail}更换）：请运行 gongkai site export 更新该目录",
}


def sentence(fault: object) -> str:
    """A difference in one Chinese sentence; what a terminal would act on in a name is shown by its number."""
    words = WORDS[fault.what].format(path=fault.path, to=fault.to, detail=fault.detail)  # type: ignore[attr-defined]
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in words) + "。"


@site.command()
@frame.HOME
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--once", is_flag=True, help="Look once, restore, and end.")
@frame.plain
def watch(home: Path, folder: Path | None, once: bool) -> None:
    """Watch FOLDER (an export), or the site of the instance: what is tampered with is restored and alarmed."""
    frame.start_existing(home)
    from gongkai.channels import watching

    try:
        watch = watching.watch_of(folder)
    except watching.NothingToWatch as error:
        frame.fail(str(error))
    click.echo(f"正在看守 {watch.top}（按 Ctrl+C 停止）", err=True)
    told: set[str] = set()
    with suppress(KeyboardInterrupt):
        while True:
            if found := watch.look():
                click.echo(watching.words(found))
            late = {sentence(fault) for fault in watch.over()}
            for words in sorted(late - told):
                click.echo(words)
            told = late
            if once:
                raise SystemExit(bool(found or late))
            time.sleep(PAUSE)


@site.command(name="list")
@frame.HOME
@frame.plain
def listed(home: Path) -> None:
    """The folders to which the site was exported, and how each stands."""
    frame.start_existing(home)
    from gongkai.channels.export_models import Export

    for row in Export.objects.order_by("pk"):
        state = f"未能更新：{row.error}" if row.failed_since else f"第{row.number}号"
        click.echo(f"{row.path}　{'随发布更新' if row.following else '不随发布更新'}　{state}")


@site.command()
@frame.HOME
@click.argument("folder", type=click.Path(path_type=Path))
@frame.plain
def forget(home: Path, folder: Path) -> None:
    """Follow releases in FOLDER no longer; its files stay."""
    frame.start_existing(home)
    from gongkai.channels import exports

    try:
        exports.forget(folder)
    except exports.CannotExport as error:
        frame.fail(str(error), 1)
    click.echo(f"{folder} 不再随发布更新；其中的文件未动，撤下的信息请自行删除。")


@site.command()
@frame.HOME
@click.argument("log", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@frame.plain
def visits(home: Path, log: Path) -> None:
    """Add the pages read according to LOG, an access log of nginx (plain or .gz). Nothing about readers is kept."""
    frame.start_existing(home)
    from gongkai.channels import visits as counts

    try:
        found = counts.take_log(log)
    except counts.TakenAlready:
        frame.fail(f"{log} 已经统计过，未重复计入。", 1)
    except (OSError, EOFError) as error:
        frame.fail(f"{log} 无法读取（{error}）；请检查文件后再试。", 1)
    click.echo(f"已计入页面阅读{found}次；日志中的地址等个人信息未保存，统计后请按规定处理该日志。")
