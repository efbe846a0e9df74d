"""A file is read in a process of its own: this side hands the file over and waits for the answer.

The processes are forked by one (forkserver.py) that each process of ours starts when its first file comes, one for
each kind of work. Any number of threads may ask at once. Whoever forks us in turn gets forkservers of its own.
"""

import atexit
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

# What the forkserver is told with each file: seconds it may take, bytes of memory, seconds of the processor.
ORDER = struct.Struct("<dQQ")
# Its answer when a child has the file; the rest of the connection is between the child and us.
STARTED = b"+"
# The forkserver's clock ends a child; ours only ends the wait, should that not be there any more.
_GRACE = 10.0
# The module that says what is done with a file (see forkserver.py), where the asker names no other.
SCREENING = "gongkai.screening.child"
_START = 60.0
_TRIES = 3


class Failure(Enum):
    """Why there is no answer."""

    TOO_SLOW = "too slow"
    CRASHED = "crashed"


@dataclass(slots=True)
class _Server:
    process: "subprocess.Popen[bytes]"
    control: socket.socket

    def end(self) -> None:
        """Close its socket, at which it ends; it is waited for, so that nothing is left behind."""
        self.control.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Stable:
    """The one forkserver of this process for one kind of work."""

    def __init__(self, work: str) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def hand(self, order: bytes, connection: socket.socket) -> _Server:
        """Give the far end of a connection to the forkserver, which is started if there is none."""
        with self._lock:
            for _ in range(_TRIES):
                server = self._server = self._server or _started(self._work)
                try:
                    socket.send_fds(server.control, [order], [connection.fileno()])
                except OSError:
                    self._drop(server)
                else:
                    return server
        raise OSError("no process to read files can be started")

    def drop(self, server: _Server) -> None:
        """A forkserver did not do its work: the next file gets another."""
        with self._lock:
            self._drop(server)

    def _drop(self, server: _Server) -> None:
        if self._server is server:
            self._server = None
            server.end()

    def close(self) -> None:
        """End the forkserver, and with it its children."""
        with self._lock:
            if self._server:
                self._drop(self._server)

    def forget(self) -> None:
        """In a process forked from ours: the forkserver is our parent's, and so may be the lock."""
        if self._server:
            self._server.control.close()
            # Not ours to wait for.
            self._server.process.returncode = 0
        self._server = None
        self._lock = threading.Lock()


_stables: dict[str, _Stable] = {}


def _stable(work: str) -> _Stable:
    # Of two threads that ask first, one sets it.
    return _stables.setdefault(work, _Stable(work))


def stop() -> None:
    """End whatever is being read, at once; a file that comes later is read as ever."""
    for stable in tuple(_stables.values()):
        stable.close()


def _forget() -> None:
    for stable in tuple(_stables.values()):
        stable.forget()


atexit.register(stop)
os.register_at_fork(after_in_child=_forget)


def _started(work: str) -> _Server:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gongkai.screening.forkserver", str(theirs.fileno()), work],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            pass_fds=[theirs.fileno()],
            # A break at the terminal is for us; it ends when we do.
            start_new_session=True,
        )
    return _Server(process, ours)


def _surroundings() -> dict[str, str]:
    """The forkserver finds this same package and the libraries of this interpreter, and nothing else."""
    kept = {key: os.environ[key] for key in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if key in os.environ}
    package = str(Path(__file__).parents[2])
    # Threads do not survive a fork: numerical libraries are to start none.
    alone = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **alone, "PYTHONPATH": package, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def ask(
    head: dict[str, Any], data: bytes, *, seconds: float, memory: int, work: str = SCREENING
) -> bytes | Failure:
    """What a child answers to a file under these limits, or why it does not.

    `head` goes before the bytes of the file as one line of JSON; `work` names the module that answers. Raises
    OSError only where this machine can start no process.
    """
    stable = _stable(work)
    line = json.dumps(head).encode() + b"\n"
    order = ORDER.pack(seconds, memory, max(int(seconds), 1))
    for _ in range(_TRIES):
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                server = stable.hand(order, theirs)
            ours.settimeout(_START)
            try:
                started = ours.recv(1) == STARTED
            except OSError:
                started = False
            if started:
                return _talk(ours, line, data, seconds)
            stable.drop(server)
    return Failure.CRASHED


def _talk(connection: socket.socket, line: bytes, data: bytes, seconds: float) -> bytes | Failure:
    begun = time.monotonic()
    answer = []
    try:
        # A child that is ended while it reads breaks the pipe; what it said before is read all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in (line, data):
                connection.settimeout(_rest(begun, seconds))
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        while True:
            connection.settimeout(_rest(begun, seconds))
            piece = connection.recv(1 << 16)
            if not piece:
                break
            answer.append(piece)
    except TimeoutError:
        return Failure.TOO_SLOW
    except OSError:
        answer = []
    if answer:
        return b"".join(answer)
    allowed = min(seconds, max(int(seconds), 1))
    return Failure.TOO_SLOW if time.monotonic() - begun >= 0.95 * allowed else Failure.CRASHED


def _rest(begun: float, seconds: float) -> float:
    return max(begun + seconds + _GRACE - time.monotonic(), 0.01)
