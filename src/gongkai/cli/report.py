"""`gongkai report`: the group; each command has its own module."""

import click

from gongkai.cli.report_build import build
from gongkai.cli.report_check import check


@click.group()
def report() -> None:
    """政府信息公开工作年度报告: check one that was published, build one from the records."""


report.add_command(check)
report.add_command(build)
