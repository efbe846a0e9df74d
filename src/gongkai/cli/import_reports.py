"""`gongkai import reports --government NAME --year Y FILE...`: reports of members of a government, from files."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from gongkai.cli import frame


@click.command()
@frame.HOME
@click.option("--government", "name", required=True, help="The full name of the government.")
@click.option("--year", required=True, type=int, help="The year that is reported on.")
@click.option("--as", "username", required=True, help="The log-in name of the person who sends them in.")
@click.option("--take-in", is_flag=True, help="Take in what can be taken in without a further word.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@frame.plain
def reports(
    home: Path, name: str, year: int, username: str, take_in: bool, as_json: bool, files: tuple[Path, ...]
) -> None:
    """Send reports of members in: files, folders and zip archives. They wait on the page until somebody takes them in.

    With --take-in each that is whole, of the right year and of a member on the list counts at once; scans and
    corrections always wait for a person. Exit 1: something was refused or waits. Exit 2: unknown government, year or
    person, or a person who may not.
    """
    frame.start_existing(home)
    from gongkai.agencies.models import Agency, Person
    from gongkai.agencies.policy import Refused, actor_for
    from gongkai.reporting import reports as rules
    from gongkai.reporting import rollup_intake, rollup_members
    from gongkai.reporting.models import MemberUpload

    government = Agency.objects.filter(name=name, government=True).first()
    if government is None:
        frame.fail(f"实例中没有名为“{name}”的一级政府；请用 --government 写明政府全称。")
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        frame.fail(f"实例中没有登录名为“{username}”的人员；请用 --as 写明登录名。")
    actor = actor_for(person)
    try:
        rules.require_year(government, year)
        sent = rollup_intake.receive(actor, government, year, _contents(files))
    except Refused as refusal:
        frame.fail(refusal.message)
    waits = bool(sent.refused)
    for sentence in sent.refused:
        _say(as_json, None, "refused", sentence)
    mine = {row.pk for row in sent.uploads}
    while rollup_intake.read_next(government, year):
        pass
    listed = rollup_members.members(government, year)
    for row in MemberUpload.objects.filter(pk__in=mine).select_related("government"):
        said = rollup_intake.hindrance(row, listed)
        state = "waits"
        if not said and take_in:
            try:
                rollup_intake.take_in(actor, row)
                state = "taken_in"
            except Refused as refusal:
                said = refusal.message
        waits |= state != "taken_in"
        _say(as_json, row.filename, state, said)
    raise SystemExit(1 if (waits and take_in) or sent.refused else 0)


def _contents(files: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """Every file, those of folders too, in the order of their names."""
    for path in files:
        for one in sorted(path.rglob("*")) if path.is_dir() else (path,):
            if one.is_file() and not one.name.startswith((".", "~$")):
                yield one.name, one.read_bytes()


_WORDS = {"refused": "未接收", "waits": "待处理", "taken_in": "已录入"}


def _say(as_json: bool, file: str | None, state: str, message: str) -> None:
    if as_json:
        click.echo(json.dumps({"file": file, "state": state, "message": message}, ensure_ascii=False))
    else:
        click.echo("：".join(filter(None, (_WORDS[state], file, message))))
