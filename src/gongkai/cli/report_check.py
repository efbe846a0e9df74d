"""`gongkai report check FILE... [--previous FILE] [--json]`: read published annual reports and check them."""

import json
from pathlib import Path

import click

from gongkai.reporting.reading.textreport import ReadReport, read_report
from gongkai.rulebook.report_checks import check_report
from gongkai.rulebook.report_rules import Finding

_STATUS = {"complete": "完整", "partial": "不完整", "unreadable": "无法读取"}
_SEVERITY = {"error": "错误", "warning": "提示"}


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--previous",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The same agency's report of last year.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], previous: Path | None, as_json: bool) -> None:
    """Read annual reports (txt, md, html, docx, pdf) and check their figures.

    Exit 0: no error found. 1: a report has errors. 2: a file could not be read or holds no report.
    """
    code = 0
    before: ReadReport | None = None
    if previous is not None:
        before = read_report(previous)
        if before.status == "unreadable":
            click.echo(f"{previous}: {before.findings[0].message}", err=True)
            ctx.exit(2)
    for file in files:
        report = read_report(file)
        findings = (*report.findings, *_checked(report, before))
        if as_json:
            line = {"file": str(file), **report.to_json(), "findings": [one.to_json() for one in findings]}
            click.echo(json.dumps(line, ensure_ascii=False))
        elif report.status != "unreadable":
            click.echo(_for_people(file, report, findings))
        if report.status == "unreadable":
            click.echo(f"{file}: {findings[0].message}", err=True)
            code = 2
        elif any(finding.severity == "error" for finding in findings):
            code = max(code, 1)
    ctx.exit(code)


def _checked(report: ReadReport, before: ReadReport | None) -> tuple[Finding, ...]:
    if report.status == "unreadable":
        return ()
    compared = before
    notes: list[Finding] = []
    if before is not None:
        if report.year is not None and before.year is not None and before.year != report.year - 1:
            message = f"--previous是{before.year}年的报告，不是{report.year - 1}年的，未作比较；请指定上一年度的报告。"
            notes.append(Finding("PREVIOUS", "warning", message))
            compared = None
        elif report.agency and before.agency and report.agency != before.agency:
            message = (
                f"上一年度报告的机关是“{before.agency}”，与本报告“{report.agency}”不同；请确认是同一机关。"
            )
            notes.append(Finding("PREVIOUS", "warning", message))
    found = check_report(
        report.tables,
        agency=report.agency,
        previous=compared.tables if compared else None,
        prose=report.prose,
    )
    return (*notes, *found)


def _for_people(file: Path, report: ReadReport, findings: tuple[Finding, ...]) -> str:
    agency = report.agency or "（机关不明）"
    year = f"{report.year}年" if report.year else "（年度不明）"
    lines = [f"{file}", f"  {agency} {year} {_STATUS[report.status]}"]
    lines += [f"  {_SEVERITY[one.severity]} {one.rule} {one.message}" for one in findings]
    if not findings:
        lines.append("  没有发现问题。")
    return "\n".join(lines)
