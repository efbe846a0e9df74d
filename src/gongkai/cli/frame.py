"""What commands on an instance share: finding it, starting Django, speaking one clear line."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path),
    envvar="GONGKAI_HOME",
    default=Path("instance"),
    show_default=True,
    help="The folder of the instance.",
)


def fail(message: str, code: int = 2) -> NoReturn:
    """One line on standard error, and the exit code."""
    click.echo(message, err=True)
    sys.exit(code)


def start(home: Path) -> None:
    """Load the instance in `home` and start Django on it; ends the command where there is none."""
    from gongkai.instance import Instance, NotAnInstance

    try:
        Instance.load(home)
    except NotAnInstance:
        fail(f"{home} 不是公开实例。请用 --home 指明实例所在文件夹，或先运行 gongkai init --home {home}。")
    os.environ["GONGKAI_HOME"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
    import django
    from django.core.exceptions import ImproperlyConfigured

    from gongkai.loading import for_good

    try:
        with for_good():
            django.setup()
    except ImproperlyConfigured as error:
        fail(str(error))


def start_existing(home: Path) -> None:
    """As `start`, and end the command where the instance has no database, which Django would make empty."""
    start(home)
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and not Path(database["NAME"]).exists():
        fail(
            f"{home} 中没有数据库 {Path(database['NAME']).name}。请从备份恢复：gongkai restore 备份文件 --home 空文件夹。"
        )


def migrate() -> None:
    """Bring the database to this version."""
    from gongkai.journal import schema

    schema.bring_up()


def plain(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose failures of database and disk end in one line and exit code 2, never in a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        # Django is not known here before the command has started it.
        try:
            command(*args, **kwargs)
        except OSError as error:
            fail(f"读写失败：{error.strerror or error}（{error.filename or ''}）。请检查磁盘空间和权限。")
        except Exception as error:
            if type(error).__module__ != "django.db.utils":
                raise
            fail(f"数据库不能读写：{str(error).strip().splitlines()[0][:200]}。请检查数据库，或从备份恢复。")

    return guarded


def refuse_unguarded() -> None:
    """End the command where a guard is missing from the database: without it I1 would not hold."""
    from gongkai.journal import guards

    if missing := guards.missing():
        fail(
            f"数据库缺少 {len(missing)} 个保护触发器（如 {missing[0]}），已停止。"
            "请先查明原因，再运行 gongkai check --repair 重建。",
            1,
        )


def say(rows: list[tuple[str, Any]]) -> None:
    """Label and value, a line each."""
    for label, value in rows:
        click.echo(f"{label}：{value}")
