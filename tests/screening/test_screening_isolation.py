"""Each file in a process of its own: what becomes of one touches no other, and nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gongkai.screening import Verdict, isolation, screen_file

SOURCE = Path(isolation.__file__).parents[2]
SLOW = b"1 " * 4_000_000


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def until(condition: object, seconds: float = 10) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks processes up in /proc")


@pytest.fixture
def server() -> Iterator[int]:
    screen_file(b"a", "a.txt")
    assert isolation._stable(isolation.SCREENING)._server is not None
    pid = isolation._stable(isolation.SCREENING)._server.process.pid
    assert until(lambda: not children_of(pid))
    yield pid
    assert screen_file(b"13812345678", "a.txt").verdict is Verdict.BLOCK


def test_many_files_at_once_get_each_its_own_answer() -> None:
    texts = {f"{number}.txt": f"编号{number}，电话138{number:08}".encode() for number in range(10, 40)}
    with ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda name: screen_file(texts[name], name), texts)
    shown = [[finding.excerpt for finding in result.findings] for result in results]
    assert [len(excerpts) for excerpts in shown] == [1] * 30
    assert all(excerpt[0].endswith(name[:2]) for excerpt, name in zip(shown, texts, strict=True))


@linux
def test_a_child_that_is_killed_takes_nobody_with_it(server: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        victim = pool.submit(screen_file, SLOW, "a.txt")
        assert until(lambda: children_of(server))
        os.kill(children_of(server)[0], signal.SIGSEGV)
        other = pool.submit(screen_file, b"13812345678", "b.txt")
        assert victim.result().verdict is Verdict.UNREADABLE
        assert victim.result().reason is not None
        assert other.result().verdict is Verdict.BLOCK
    assert alive(server)


@linux
def test_a_child_that_is_late_is_ended_and_the_next_is_served(server: int) -> None:
    result = screen_file(SLOW * 4, "a.txt", seconds=0.3)
    assert "限定时间" in (result.reason or "")
    assert until(lambda: not children_of(server))


@linux
def test_a_server_that_is_gone_is_replaced_and_its_children_end(server: int) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(screen_file, SLOW * 4, "a.txt")
        assert until(lambda: children_of(server))
        (child,) = children_of(server)
        # Long enough to have begun: what no child has taken yet is handed to the next server.
        time.sleep(1)
        os.kill(server, signal.SIGKILL)
        assert running.result().verdict is Verdict.UNREADABLE
    assert until(lambda: not alive(child))
    assert screen_file(b"13812345678", "a.txt").verdict is Verdict.BLOCK


@linux
@pytest.mark.parametrize("way", ["end", "kill"])
def test_nothing_outlives_the_program(way: str, tmp_path: Path) -> None:
    program = (
        "import time\nfrom gongkai.screening import isolation, screen_file\n"
        "screen_file(b'a', 'a.txt')\nprint(isolation._stable(isolation.SCREENING)._server.process.pid, flush=True)\n"
    )
    if way == "kill":
        program += "time.sleep(60)\n"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
    ) as owner:
        assert owner.stdout is not None
        assert owner.stderr is not None
        server = int(owner.stdout.readline())
        if way == "kill":
            owner.kill()
        assert owner.stderr.read() == b""
    assert until(lambda: not alive(server))
    assert os.listdir(tmp_path) == []


def test_a_process_that_is_forked_from_ours_has_a_server_of_its_own(server: int) -> None:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            found = screen_file(b"13812345678", "a.txt").verdict is Verdict.BLOCK
            own = isolation._stable(isolation.SCREENING)._server
            code = 0 if found and own is not None and own.process.pid != server else 2
            isolation.stop()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def may_write(pid: int) -> bool:
    limits = Path(f"/proc/{pid}/limits").read_text()
    size = next(line for line in limits.splitlines() if line.startswith("Max file size"))
    return size.split()[3] != "0"


@linux
def test_a_child_may_not_write(server: int) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(screen_file, SLOW, "a.txt")
        assert until(lambda: children_of(server))
        (child,) = children_of(server)
        # It sets its limits before it looks at the file.
        assert until(lambda: not may_write(child))
        running.result()
