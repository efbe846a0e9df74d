"""`gongkai screen`: what in these files must not go online. Needs no instance."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from gongkai.cli.many_files import in_turn
from gongkai.screening import (
    KIND_LABELS,
    LAYER_LABELS,
    VERDICT_LABELS,
    Result,
    Severity,
    Verdict,
    screen_file,
)

_SEVERITY_LABELS = {Severity.BLOCK: "阻断", Severity.WARN: "提示"}


def _screen(path: Path) -> Result | OSError:
    try:
        return screen_file(path)
    except OSError as error:
        return error


def _as_json(path: Path, verdict: Verdict, result: Result | None) -> str:
    findings = [
        {
            "kind": finding.kind,
            "layer": finding.layer,
            "severity": finding.severity,
            "excerpt": finding.excerpt,
            "location": finding.location,
        }
        for finding in (result.findings if result else ())
    ]
    return json.dumps({"file": str(path), "verdict": verdict, "findings": findings}, ensure_ascii=False)


def _as_text(path: Path, verdict: Verdict, result: Result | None) -> Iterator[str]:
    yield f"{path}：{VERDICT_LABELS[verdict]}"
    for finding in result.findings if result else ():
        label = f"{_SEVERITY_LABELS[finding.severity]}　{KIND_LABELS[finding.kind]}（{LAYER_LABELS[finding.layer]}）"
        yield f"  {label}　{finding.location}　{finding.excerpt}"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
def screen(files: tuple[str, ...], as_json: bool) -> None:
    """Search files for what must not go online: personal data, marks, hidden content.

    Exit 2: some file is unreadable; 1: some file has a finding; 0: all are clear.
    """
    verdicts = set(_report(in_turn(files, _screen, "筛查"), as_json))
    if Verdict.UNREADABLE in verdicts:
        sys.exit(2)
    sys.exit(1 if verdicts & {Verdict.WARN, Verdict.BLOCK} else 0)


def _report(results: Iterator[tuple[Path, Result | OSError]], as_json: bool) -> Iterator[Verdict]:
    """Write what was found in each file, and why one could not be read."""
    for path, answer in results:
        if isinstance(answer, OSError):
            verdict, result, reason = Verdict.UNREADABLE, None, "找不到或无权读取这个文件，请核对路径"
        else:
            verdict, result, reason = answer.verdict, answer, answer.reason
        if as_json:
            click.echo(_as_json(path, verdict, result))
        else:
            for line in _as_text(path, verdict, result):
                click.echo(line)
        if reason:
            click.echo(f"{path}：{reason}", err=True)
        yield verdict
