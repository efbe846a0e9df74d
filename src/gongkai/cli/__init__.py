"""The `gongkai` command: every form that programs rely on.

A command lives in the module named beside it here and is imported only when it is called, so
`gongkai deadline` starts without Django and `gongkai --help` without anything.
"""

import importlib

import click

COMMANDS = {
    "demo": "gongkai.cli.instance:demo",
    "init": "gongkai.cli.instance:init",
    "import": "gongkai.cli.imports:imports",
    "serve": "gongkai.cli.instance:serve",
    "check": "gongkai.cli.upkeep:check",
    "backup": "gongkai.cli.upkeep:backup",
    "restore": "gongkai.cli.upkeep:restore",
    "journal": "gongkai.cli.upkeep:journal",
    "report": "gongkai.cli.report:report",
    "deadline": "gongkai.cli.deadline:deadline",
    "rescreen": "gongkai.cli.rescreen:rescreen",
    "screen": "gongkai.cli.screen:screen",
    "search": "gongkai.cli.search:search",
    "site": "gongkai.cli.site:site",
}


class LazyGroup(click.Group):
    """A click group that imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", prog_name="gongkai")
def main() -> None:
    """公开: the open government information work of one agency, or of many."""
