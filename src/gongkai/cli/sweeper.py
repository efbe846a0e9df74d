"""The process that runs sweeps beside the server: python -m gongkai.cli.sweeper PARENT_PID."""

import os
import sys
import time

PAUSE = 15


def main(parent: int) -> None:
    """Sweep until the server that started this process is gone."""
    import django

    django.setup()
    from django.db import connection

    from gongkai.journal import sweeping

    while os.getppid() == parent:
        sweeping.sweep()
        connection.close()
        for _ in range(PAUSE):
            if os.getppid() != parent:
                return
            time.sleep(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
