"""The demonstration: the office's year 2021 and a full inbox of today, lived through the use cases of the rooms.

Everything here is made up and marked as a demonstration; only the agency's name and the figures of its
published report for 2021 are real. `build` is called on a fresh demonstration instance.
"""

from collections.abc import Callable
from importlib import import_module

PASSWORD = "gongkai-demo-2021"  # noqa: S105 (printed with the log-ins; a demonstration only)

# In the order of the year: each module has `build(cast)`.
CHAPTERS = (
    ("主动公开", "items"),
    ("依申请公开", "application"),
    ("来信来电和交办事项", "letters"),
    ("监督保障", "upkeep"),
    ("年度报告", "report"),
    ("公开平台", "platform"),
    ("今日待办", "today"),
)


def build(echo: Callable[[str], object]) -> None:
    """Live the year, telling each chapter through `echo`."""
    from gongkai.channels import site
    from gongkai.cli.demo_year.cast import assemble
    from gongkai.search import follow

    echo("正在建立演示实例（约一分钟）……")
    cast = assemble()
    for title, name in CHAPTERS:
        import_module(f"gongkai.cli.demo_year.{name}").build(cast)
        echo(f"  {title}：完成")
    site.write_all()
    # What came into force or ended since its release is found as it stands today.
    follow.rebuild()
    echo("  公开网站：完成")


def log_ins() -> list[str]:
    """The demonstration log-ins, a line each."""
    from gongkai.cli.demo_year.cast import PEOPLE

    lines = [f"演示登录（口令均为 {PASSWORD}）："]
    lines += [f"  {person.username:<12}{person.name}　{person.position}" for person in PEOPLE]
    return lines
