"""The process from which those that read files are forked: `python -m gongkai.screening.forkserver FD WORK`.

It has loaded what reads them, so that a file costs the reading and not the start of an interpreter. It never opens a
file itself: for each it forks a child (child.py), which gets its own end of a socket, its own limits, and nothing of
the others. FD is its end of the socket over which isolation.py hands it the files; when that closes because its owner
is gone, the children are ended and it ends. WORK is the module that says what is done with a file: `prepare()` loads
what every child needs, `answer(head, data)` is the answer to one file (gongkai.screening.child is one).
"""

import ctypes
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from types import ModuleType

from gongkai.screening import child
from gongkai.screening.isolation import ORDER, STARTED
from gongkai.screening.readers import ocr

# After so long without a file it ends and frees its memory; the next file starts another.
IDLE = 600.0
# A child's own alarm, should its parent be gone; the parent's clock comes first.
_GRACE = 5
_PR_SET_PDEATHSIG = 1


class _Children:
    """Who reads at the moment, and until when."""

    def __init__(self, control: socket.socket, work: ModuleType) -> None:
        self._control = control
        self._work = work
        self._until: dict[int, float] = {}
        self._warm = False
        self._woken, wake = socket.socketpair()
        self._woken.setblocking(False)
        wake.setblocking(False)
        self._wake = wake
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Take files until the other end of the control socket is closed, or nothing comes for long."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            idle_since = time.monotonic()
            while self._until or time.monotonic() - idle_since < IDLE:
                ready = {key.fileobj for key, _ in selector.select(self._patience())}
                if self._woken in ready:
                    with suppress(BlockingIOError):
                        self._woken.recv(4096)
                self._end_late_ones()
                self._reap()
                if self._control in ready:
                    if not self._take():
                        break
                    idle_since = time.monotonic()
        for pid in self._until:
            os.kill(pid, signal.SIGKILL)

    def _patience(self) -> float:
        if not self._until:
            return IDLE
        return max(min(self._until.values()) - time.monotonic(), 0.0) + 0.01

    def _take(self) -> bool:
        order, handed, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
        if not order:
            return False
        seconds, memory, cpu = ORDER.unpack(order)
        (connection,) = handed
        try:
            pid = os.fork()
        except OSError:
            pid = -1
        if pid == 0:
            self._become_child(connection, seconds, memory, cpu)
        if pid > 0:
            self._until[pid] = time.monotonic() + seconds
            with suppress(OSError):
                os.write(connection, STARTED)
        os.close(connection)
        return True

    def _become_child(self, connection: int, seconds: float, memory: int, cpu: int) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGALRM, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            for inherited in (self._control, self._woken, self._wake):
                inherited.close()
            _die_with_parent()
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
            code = child.serve(self._work.answer, connection, memory, cpu)
        finally:
            # Whatever happened, this copy of the parent's stack is never returned to.
            os._exit(code)

    def _end_late_ones(self) -> None:
        now = time.monotonic()
        for pid, until in self._until.items():
            if until <= now:
                os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._until:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            del self._until[pid]
            if os.waitstatus_to_exitcode(status) == child.HAD_PICTURES and not self._warm:
                # Where one file had pictures others will: from now on children come with the recogniser loaded.
                self._warm = True
                ocr.warm()


def _die_with_parent() -> None:
    """Ask the system to end this process with its parent, where it can be asked."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Serve the owner of the control socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    work = importlib.import_module(sys.argv[2])
    work.prepare()
    gc.collect()
    gc.freeze()
    _Children(control, work).serve()


if __name__ == "__main__":
    main()
