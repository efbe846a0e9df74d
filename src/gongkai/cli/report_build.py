"""`gongkai report build --agency NAME --year Y --out DIR`: the annual report of one agency as files."""

from pathlib import Path

import click

from gongkai.cli import frame


@click.command()
@frame.HOME
@click.option("--agency", "name", required=True, help="The full name of the agency.")
@click.option("--year", required=True, type=int, help="The year that is reported on.")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where report.json, .html, .docx and .pdf are written.",
)
def build(home: Path, name: str, year: int, folder: Path) -> None:
    """Write the latest published report; where none is, the report from the current records (said on stderr).

    Exit 2: unknown agency or year, or a place that cannot be written.
    """
    frame.start(home)
    from gongkai.agencies.models import Agency
    from gongkai.agencies.policy import Refused
    from gongkai.paperwork.errors import PaperworkError
    from gongkai.reporting import publication

    agency = Agency.objects.filter(name=name).first()
    if agency is None:
        frame.fail(f"实例中没有名为“{name}”的机关；请用 --agency 写明机关全称。")
    try:
        built = publication.build(agency, year)
    except (Refused, PaperworkError) as error:
        frame.fail(str(error))
    if not built.released:
        click.echo(f"{name}{year}年的报告尚未发布；以下文件按现有记录生成，未经审查。", err=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in built.files:
            (folder / file).write_bytes(data)
    except OSError as error:
        frame.fail(f"无法写入 {folder}：{error.strerror}。请用 --out 指定可写的文件夹。")
    for file, _data in built.files:
        click.echo(folder / file)
