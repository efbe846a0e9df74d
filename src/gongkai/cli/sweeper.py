"""The process that runs sweeps beside the server: python -m gongkai.cli.sweeper PARENT_PID."""

import os
import sys
import threading
import time

# As often as the shortest interval of a sweep.
PAUSE = 5


def main(parent: int) -> None:
    """Sweep, and watch over the written pages, until the server that started this process is gone."""
    import django

    from gongkai.loading import for_good

    with for_good():
        django.setup()
    from django.db import connection

    from gongkai.channels import watching
    from gongkai.journal import sweeping

    # A thread of its own: a long sweep must not keep a changed page standing.
    threading.Thread(target=watching.keep, args=(threading.Event(),), daemon=True).start()
    while os.getppid() == parent:
        sweeping.sweep()
        connection.close()
        for _ in range(PAUSE):
            if os.getppid() != parent:
                return
            time.sleep(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
