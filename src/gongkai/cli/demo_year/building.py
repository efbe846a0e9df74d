"""The process that builds the demonstration: python -m gongkai.cli.demo_year.building FOLDER."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from gongkai.cli import demo_year, frame
from gongkai.instance import Instance


def main(home: Path) -> None:
    """Make the folder, the database and the year."""
    Instance.found(home, demo=True, created=datetime.now(UTC).isoformat(timespec="seconds"))
    frame.start(home)
    frame.migrate()
    demo_year.build(click.echo)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
