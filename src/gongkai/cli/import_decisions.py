"""`gongkai import decisions FILE --agency NAME`: the register of decisions and charges filled from a spreadsheet."""

import json
from pathlib import Path
from typing import Any

import click

from gongkai.cli import frame

_WORDS = {"added": "新增", "changed": "更改", "same": "不变", "struck": "已划去，不计"}


@click.command()
@frame.HOME
@click.option("--agency", "name", required=True, help="The full name of the agency.")
@click.option("--as", "username", required=True, help="The log-in name of the person who sends the file in.")
@click.option(
    "--by-month", is_flag=True, help="The file has a number for each month, and no single decisions."
)
@click.option("--confirm", "confirmed", is_flag=True, help="Take the rows; without it they are only shown.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@frame.plain
def decisions(
    home: Path, name: str, username: str, by_month: bool, confirmed: bool, as_json: bool, file: Path
) -> None:
    """Show what an xlsx or csv file would add and change, row by row; with --confirm take all of it.

    Exit 1: the file has cells that cannot be taken; nothing was taken. Exit 2: unknown agency or person, a person who
    may not, a file that is none.
    """
    frame.start_existing(home)
    from gongkai.agencies.models import Agency, Person
    from gongkai.agencies.policy import Refused, actor_for
    from gongkai.disclosure.models import RegisterImport
    from gongkai.reporting import register_imports
    from gongkai.reporting.reading.registers import LARGEST_FILE

    agency = Agency.objects.filter(name=name).first()
    if agency is None:
        frame.fail(f"实例中没有名为“{name}”的机关；请用 --agency 写明机关全称。")
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        frame.fail(f"实例中没有登录名为“{username}”的人员；请用 --as 写明登录名。")
    if file.stat().st_size > LARGEST_FILE:
        frame.fail("文件超过10 MB；请按年份或种类分成几个文件。")
    register = RegisterImport.Register.MONTHS if by_month else RegisterImport.Register.DECISIONS
    actor = actor_for(person)
    try:
        upload = register_imports.look(actor, agency, register, file.name, file.read_bytes())
        plan = register_imports.plan(upload)
        _show(plan, as_json)
        if plan.faults:
            raise SystemExit(1)
        if confirmed:
            upload.save()
            register_imports.confirm(actor, upload, mark=plan.mark)
    except Refused as refusal:
        frame.fail(refusal.message)
    counts = "，".join(f"{word}{n}行" for act, word in _WORDS.items() if (n := plan.count(act)))
    click.echo(f"{'已导入' if confirmed else '未导入（加 --confirm 导入）'}：{counts}。", err=True)


def _show(plan: Any, as_json: bool) -> None:
    """Each row of the file with what it does; cells that cannot be taken with the reason."""
    for one in plan.changes:
        if as_json:
            said = {"place": one.place, "act": one.act, "name": one.name, "now": one.now, "then": one.then}
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo("\t".join((_WORDS[one.act], one.name, one.now or "—", one.then, one.place)))
    for place, sentence in plan.faults:
        if as_json:
            click.echo(json.dumps({"place": place, "act": "fault", "message": sentence}, ensure_ascii=False))
        else:
            click.echo("\t".join(("有误", place, sentence)))
