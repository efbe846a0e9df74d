"""`gongkai init`, `gongkai serve` and `gongkai demo`."""

import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from gongkai.cli import frame
from gongkai.instance import MARK, Instance


@click.command()
@frame.HOME
@click.option(
    "--many", is_flag=True, help="Many agencies share this instance: administrators hold no business role."
)
def init(home: Path, many: bool) -> None:
    """Make a real, empty instance and print the one-time code of its set-up page."""
    if (home / MARK).exists():
        frame.fail(f"{home} 已是一个公开实例，未作改动。")
    if home.exists() and any(home.iterdir()):
        frame.fail(f"{home} 不是空文件夹，未作改动。请换一个文件夹。")
    Instance.found(home, demo=False, created=datetime.now(UTC).isoformat(timespec="seconds"), small=not many)
    frame.start(home)
    frame.migrate()
    from gongkai.agencies import setup
    from gongkai.channels import site
    from gongkai.disclosure import columns, key_fields, standards
    from gongkai.search import follow
    from gongkai.supervision import kinds

    columns.load()
    standards.load()
    key_fields.load()
    kinds.load()
    site.write_all()
    follow.rebuild()
    code = setup.new_code()
    click.echo(f"实例已建立：{home}")
    click.echo(f"一次性启用码：{code}")
    click.echo(
        f"运行 gongkai serve --home {home}，打开 http://127.0.0.1:8000/workbench/setup/ 输入启用码，任命三员。"
    )


@click.command()
@frame.HOME
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Server processes.")
def serve(home: Path, host: str, port: int, workers: int) -> None:
    """Serve the instance: portal, workbench, and what runs by itself."""
    frame.start(home)
    run(host, port, workers)


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted; the sweeper runs beside the server and ends with it."""
    from granian.constants import Interfaces
    from granian.server import Server

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            frame.fail(f"{host}:{port} 已被占用。请停止占用它的程序，或用 --port 指定另一个端口。")
    frame.migrate()
    frame.refuse_unguarded()
    from gongkai.channels import assets
    from gongkai.disclosure import key_fields, standards

    # An instance of an earlier version has no catalogues yet.
    standards.load()
    key_fields.load()

    assets.collect()
    from gongkai.search import follow, index

    if not index.exists():
        follow.rebuild()
    # A notice whose last day passed while nothing ran is not shown for another moment.
    from gongkai.disclosure import notice_watch

    while notice_watch.bring_to_the_day():
        pass
    # In a session of its own, so that Ctrl+C reaches the server and the server ends the sweeper.
    sweeper = subprocess.Popen(
        [sys.executable, "-m", "gongkai.cli.sweeper", str(os.getpid())], start_new_session=True
    )
    click.echo(f"公开平台 http://{host}:{port}/　工作台 http://{host}:{port}/workbench/　（按 Ctrl+C 停止）")
    try:
        Server(
            "gongkai.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=max(2, os.cpu_count() or 1),
            workers_kill_timeout=3,
            log_enabled=True,
            log_level="warning",
        ).serve()
    finally:
        sweeper.terminate()
        sweeper.wait(timeout=10)


@click.command()
@frame.HOME
@click.option("--no-serve", is_flag=True, help="Build only.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def demo(home: Path, no_serve: bool, host: str, port: int) -> None:
    """The demonstration: the office's year 2021 and a full inbox of today; built once, then served."""
    if not (home / MARK).exists():
        _build_demo(home)
    frame.start(home)
    from django.conf import settings

    if not settings.INSTANCE.demo:
        frame.fail(f"{home} 是正式实例，不能作演示用。")
    from gongkai.cli import demo_year

    for line in demo_year.log_ins():
        click.echo(line)
    if not no_serve:
        run(host, port)


def _build_demo(home: Path) -> None:
    """Build beside the folder and move it there when it is whole, so that an interrupted build leaves nothing."""
    if home.exists() and any(home.iterdir()):
        frame.fail(f"{home} 不是空文件夹，也不是公开实例，未作改动。请换一个文件夹。")
    beside = home.resolve().with_name(home.name + ".building")
    shutil.rmtree(beside, ignore_errors=True)
    built = subprocess.run([sys.executable, "-m", "gongkai.cli.demo_year.building", str(beside)])
    if built.returncode:
        shutil.rmtree(beside, ignore_errors=True)
        frame.fail("演示实例未能建立；上面的信息说明了原因。", 1)
    if home.exists():
        home.rmdir()
    beside.rename(home)
