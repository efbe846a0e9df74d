"""`gongkai check`, `backup`, `restore` and `journal verify`."""

import json
from pathlib import Path

import click

from gongkai.cli import frame


@click.group()
def journal() -> None:
    """The journal of everything done."""


@journal.command()
@frame.HOME
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@frame.plain
def verify(home: Path, as_json: bool) -> None:
    """Verify the chain, its signed heads, every covered row, content and file. Exit 1 names what does not hold."""
    frame.start_existing(home)
    from gongkai.journal import chain
    from gongkai.journal.models import Entry

    found = 0
    for fault in chain.verify():
        found += 1
        if as_json:
            said = {"entry": fault.seq, "row": fault.row, "message": fault.message}
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo(fault.message)
    entries = Entry.objects.count()
    if as_json:
        click.echo(json.dumps({"entries": entries, "faults": found, "holds": not found}))
    elif not found:
        click.echo(f"日志完整：共{entries}条，链、签名、所载记录、内容和文件均相符。")
    if found:
        raise SystemExit(1)


@click.command()
@frame.HOME
@click.option("--repair", is_flag=True, help="Create missing guards anew and rebuild caches and pages.")
@frame.plain
def check(home: Path, repair: bool) -> None:
    """Look whether the instance is sound: guards, migrations, undelivered messages, caches, pages. Exit 1 if not."""
    frame.start_existing(home)
    from gongkai.cli import soundness

    problems = soundness.problems(repair=repair)
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo("实例完好：触发器、迁移、待办消息、缓存和页面均无问题。")
    if problems:
        raise SystemExit(1)


@click.command()
@frame.HOME
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Include the keys, under a passphrase asked for.")
@frame.plain
def backup(home: Path, file: Path, with_keys: bool) -> None:
    """Write a backup to FILE while the server runs. Keys leave only with --with-keys."""
    frame.start_existing(home)
    from gongkai.cli import backups

    passphrase = click.prompt("密钥口令", hide_input=True, confirmation_prompt=True) if with_keys else ""
    try:
        said = backups.write(file, passphrase=passphrase)
    except backups.BackupError as error:
        frame.fail(str(error))
    frame.say([("备份", file), ("日志条数", said["entries"]), ("文件数", said["files"])])


@click.command()
@frame.HOME
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keys-from",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A keys folder kept apart.",
)
@click.option(
    "--erasures",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The journal/erasures.jsonl of the lost instance: what was erased after the backup is erased again.",
)
@frame.plain
def restore(home: Path, file: Path, keys_from: Path | None, erasures: Path | None) -> None:
    """Restore FILE into an empty folder named by --home, and verify it."""
    from gongkai.cli import restoring

    try:
        sealed = restoring.needs_passphrase(file)
        passphrase = click.prompt("密钥口令", hide_input=True) if sealed and keys_from is None else ""
        restoring.restore(file, home, passphrase=passphrase, keys_from=keys_from)
    except restoring.RestoreError as error:
        frame.fail(str(error))
    frame.start_existing(home)
    frame.migrate()
    from gongkai.files import erasing as file_erasing
    from gongkai.journal import chain

    faults = _erase_again(erasures) if erasures else []
    file_erasing.sweep()
    faults += [fault.message for fault in chain.verify()]
    for message in faults[:20]:
        click.echo(message)
    click.echo("已恢复，日志完整。" if not faults else f"已恢复，但日志有{len(faults)}处不符。")
    raise SystemExit(bool(faults))


def _erase_again(erasures: Path) -> list[str]:
    """Carry out later erasures on what was restored; a sentence for each that could not be."""
    from gongkai.files.archives import again
    from gongkai.review import erasing

    lines = erasures.read_text("utf-8", errors="replace").splitlines()
    done, resisting = erasing.apply_again(lines)
    lists, unable = again.apply_again(lines)
    foreign = len([line for line in lines if line.strip()]) - len(erasing.read_list(lines))
    if done:
        click.echo(f"已按销毁记录重新销毁{done}项内容。")
    if lists:
        click.echo(f"已按销毁记录重新执行{lists}份销毁清册。")
    sentences = [
        f"内容 {digest[:12]}… 在备份之后已销毁，但备份中没有当时两名经手人的任职记录，请重新办理销毁。"
        for digest in resisting
    ]
    sentences += [
        f"{number} 在备份之后已执行，但备份中没有当时经手人的任职记录，请重新办理销毁。" for number in unable
    ]
    if foreign:
        sentences.append(f"销毁记录中有{foreign}行签名不符，未予采用。")
    return sentences
