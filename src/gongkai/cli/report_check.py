"""`gongkai report check FILE... [--previous FILE] [--json] [--html FILE]`: read annual reports and check them."""

import json
import sys
from pathlib import Path

import click

from gongkai.cli.many_files import in_turn, walked
from gongkai.reporting.inspection.report import Inspected, compare, inspect
from gongkai.reporting.inspection.sheet import sheet
from gongkai.reporting.reading import isolated
from gongkai.reporting.reading.kinds import KindError, kind_of
from gongkai.reporting.reading.textreport import ReadReport, read_report

_STATUS = {"complete": "完整", "partial": "不完整", "unreadable": "无法读取"}
_SEVERITY = {"error": "错误", "warning": "提示"}
_SMALL = 1 << 20
"""Plain text up to so many bytes is read at once; everything else in a process of its own, under limits."""


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--previous",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The same agency's report of last year.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.option(
    "--html",
    "html",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one sheet over all files, to open in a browser or to print.",
)
@click.pass_context
def check(
    ctx: click.Context, files: tuple[Path, ...], previous: Path | None, as_json: bool, html: Path | None
) -> None:
    """Read annual reports and check figures, sentences, parts, dates, wording and copied text.

    Takes txt, md, csv, html, docx, xlsx, pdf, older Office files and scans; a folder is walked.

    Exit 0: no error found. 1: a report has errors. 2: a file could not be read or holds no report.
    """
    before: ReadReport | None = None
    if previous is not None:
        before = _read(previous)
        if before.status == "unreadable":
            click.echo(f"{previous}: {before.findings[0].message}", err=True)
            ctx.exit(2)
    code = 0
    for folder in (path for path in files if path.is_dir() and not any(walked([path]))):
        click.echo(f"{folder}: 文件夹里没有文件，请指定年度报告或者放有年度报告的文件夹。", err=True)
        code = 2
    inspected = compare([inspect(str(path), read, before) for path, read in in_turn(files, _read, "检查")])
    for each in inspected:
        if as_json:
            click.echo(json.dumps(each.to_json(), ensure_ascii=False))
        elif each.report.status != "unreadable":
            click.echo(_for_people(each))
        if each.report.status == "unreadable":
            click.echo(f"{each.name}: {each.findings[0].message}", err=True)
            code = 2
        elif each.errors:
            code = max(code, 1)
    if html is not None:
        _write(html, sheet(inspected))
    ctx.exit(code)


def _read(path: Path) -> ReadReport:
    return read_report(path) if _is_small_text(path) else isolated.read(path)


def _is_small_text(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _SMALL:
            return False
        return kind_of(path.read_bytes(), path.suffix.lower()) in ("txt", "md", "csv")
    except (OSError, KindError):
        return False


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, "utf-8")
    except OSError:
        click.echo(f"{path}: 检查结果写不进这个文件，请检查路径和权限。", err=True)
        sys.exit(2)


def _for_people(each: Inspected) -> str:
    lines = [each.name, f"  {each.label} {_STATUS[each.report.status]}"]
    lines += [f"  {_SEVERITY[one.severity]} {one.rule} {one.message}" for one in each.findings]
    if not each.findings:
        lines.append("  没有发现问题。")
    return "\n".join(lines)
