"""`gongkai import items FILE --agency NAME`: an old site's items read into a list that three people approve."""

import json
from pathlib import Path
from typing import Any

import click

from gongkai.cli import frame


@click.command()
@frame.HOME
@click.option("--agency", "name", required=True, help="The full name of the agency.")
@click.option("--as", "username", required=True, help="The log-in name of the person who sends the file in.")
@click.option("--column", default="", help="Code of the column for rows that name none of ours.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=HEAD",
    help="Which column is what, where the guess is wrong.",
)
@click.option(
    "--confirm", "confirmed", is_flag=True, help="Read all rows; without it the first are only shown."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@frame.plain
def items(
    home: Path,
    name: str,
    username: str,
    column: str,
    mapped: tuple[str, ...],
    confirmed: bool,
    as_json: bool,
    file: Path,
) -> None:
    """Show how the first rows of an xlsx, csv or zip would look; with --confirm read and screen all of them.

    Nothing becomes public: what passes enters a list, which three people approve on its page. Exit 1: rows stayed out,
    each is told with its reason. Exit 2: unknown agency or person, a person who may not, a file that is none.
    """
    frame.start_existing(home)
    from gongkai.agencies.models import Agency, Person
    from gongkai.agencies.policy import Refused, actor_for
    from gongkai.disclosure import imports

    agency = Agency.objects.filter(name=name).first()
    if agency is None:
        frame.fail(f"实例中没有名为“{name}”的机关；请用 --agency 写明机关全称。")
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        frame.fail(f"实例中没有登录名为“{username}”的人员；请用 --as 写明登录名。")
    if file.stat().st_size > imports.LARGEST:
        frame.fail("文件超过200 MB；请分成几个文件。")
    actor = actor_for(person)
    try:
        data = file.read_bytes()
        if confirmed:
            imported = imports.receive(actor, agency, file.name, data)
            mapping = imports.proposed(imported) | _mapping(mapped, imported.heads)
            imports.confirm(actor, imported, mapping, default_column=column)
        else:
            imported, rows = imports.look(actor, agency, file.name, data)
            mapping = imports.proposed(imported) | _mapping(mapped, imported.heads)
            _preview(imports.preview(imported, rows[: imports.SHOWN], mapping, column), as_json)
            click.echo("未读取（加 --confirm 读取并筛查全部行）。", err=True)
            return
    except Refused as refusal:
        frame.fail(refusal.message)
    total = imported.rows.count()
    while imports.read_some(imported, 5):
        done = total - imports.counts(imported)["waiting"]
        click.echo(f"已读取{done}行，共{total}行", err=True)
    left = _report(imported, as_json)
    listed = imports.counts(imported)["listed"]
    click.echo(f"进入清单{listed}条，未采用{left}行；请在工作台“导入清单”送审。", err=True)
    raise SystemExit(1 if left else 0)


def _mapping(mapped: tuple[str, ...], heads: list[str]) -> dict[str, int]:
    from gongkai.disclosure.import_fields import FIELDS

    found: dict[str, int] = {}
    for pair in mapped:
        field, _mark, head = pair.partition("=")
        if field not in FIELDS or head not in heads:
            frame.fail(f"--map {pair}：左边是{'、'.join(FIELDS)}之一，右边是表头中的列名。")
        found[field] = heads.index(head)
    return found


def _preview(rows: list[tuple[int, Any]], as_json: bool) -> None:
    for number, read in rows:
        day = read.published_on.isoformat() if read.published_on else ""
        if as_json:
            said = {
                "row": number,
                "title": read.content["title"],
                "published_on": day,
                "address": read.address,
            }
            click.echo(json.dumps(said | {"wrong": read.wrong}, ensure_ascii=False))
        else:
            wrong = "；".join(f"{head}：{sentence}" for head, sentence in read.wrong.items())
            click.echo("\t".join((str(number), day, read.content["title"] or read.text_file, wrong)))


def _report(imported: Any, as_json: bool) -> int:
    """Every row that stayed out with its reason; how many."""
    left = list(imported.rows.exclude(state="listed").order_by("number"))
    for row in left:
        if as_json:
            said = {"row": row.number, "title": row.title, "outcome": row.state, "reason": row.reason}
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo("\t".join((str(row.number), row.get_state_display(), row.title, row.reason)))
    return len(left)
