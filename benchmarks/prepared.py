"""The server of `gongkai serve` over an instance of benchmarks.release, without what runs beside it.

The sweeper compares the site with the records and would take away the folders of what was loaded past the journal. The server
itself, its first layer and its settings are those of `gongkai serve`: python -m benchmarks.prepared HOME PORT WORKERS
"""

import os
import sys
from pathlib import Path


def main(home: Path, port: int, workers: int) -> None:
    """Serve until ended."""
    from granian.constants import Interfaces
    from granian.server import Server

    from gongkai.cli import frame

    frame.start(home)
    Server(
        "gongkai.config.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=max(2, os.cpu_count() or 1),
        workers_kill_timeout=3,
        log_enabled=True,
        log_level="warning",
    ).serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
