"""What commands on an instance share: finding it, starting Django, speaking one clear line."""

import os
import sys
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

    django.setup()


def migrate() -> None:
    """Bring the database to this version and create the guards anew."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


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
