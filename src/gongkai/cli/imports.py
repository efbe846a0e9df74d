"""`gongkai import …`: what comes in from files."""

import click

from gongkai.cli.import_decisions import decisions
from gongkai.cli.import_items import items
from gongkai.cli.import_reports import reports


@click.group()
def imports() -> None:
    """Take in what others keep as files."""


imports.add_command(decisions)
imports.add_command(items)
imports.add_command(reports)
