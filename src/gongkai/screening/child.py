"""What is done in the process of its own in which one file is read.

Whatever a hostile file does to a parser, it does it here, under limits, without the right to write a file.
The process comes from forkserver.py.
"""

import importlib
import json
import pkgutil
import resource
from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from gongkai.screening.finding import Result, Verdict, verdict_of
from gongkai.screening.passage import Unreadable
from gongkai.screening.readers import dispatch, ocr
from gongkai.screening.rules import DEFAULT_RULES, Collector, Rules
from gongkai.screening.sniffing import sniff

OUT_OF_MEMORY = "文件展开后超出内存限制，未能读完，请拆分后再试"
# The exit code that tells that pictures were recognised.
HAD_PICTURES = 3
FAULT = "文件结构异常，未能读完，请用办公软件重新另存后再试"


def screen(data: bytes, name: str, rules: Rules = DEFAULT_RULES) -> Result:
    """Read and screen a file in this process. What was found before a failure is kept."""
    collector = Collector(rules)
    reason: str | None = None
    ocr.begin()
    try:
        collector.take(chain(dispatch.read(data, name), ocr.left_unread()))
    except Unreadable as error:
        reason = str(error)
    except MemoryError:
        reason = OUT_OF_MEMORY
    except Exception:
        # A parser met something its authors did not think of: to us the file is unreadable.
        reason = FAULT
    findings = collector.findings()
    verdict = verdict_of(findings) if reason is None else Verdict.UNREADABLE
    media_type = sniff(data, name).media_type
    return Result(verdict, findings, reason, rules.version, media_type, collector.persons)


def limit_process(memory: int, cpu: int) -> None:
    """Hold this process to bytes of memory and seconds of the processor; it may write no file and leave no core."""
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (limit, limit))


def prepare() -> None:
    """Load the readers, and compute and keep what every child would compute again."""
    for module in pkgutil.iter_modules([str(Path(dispatch.__file__).parent)], f"{dispatch.__package__}."):
        # A library that is not there is told by the child that needs it.
        with suppress(ImportError):
            importlib.import_module(module.name)
    screen("样".encode(), "样.txt", DEFAULT_RULES)


def answer(head: dict[str, Any], data: bytes) -> Any:
    """The result of screening a file as plain values for JSON; `head`: {"name", "rules"}."""
    return screen(data, head["name"], Rules.from_json(head["rules"])).to_json()


def serve(answer: Callable[[dict[str, Any], bytes], Any], connection: int, memory: int, cpu: int) -> int:
    """Answer the one file that comes over a connection, and say with which code to exit.

    A line of JSON, the head, comes first, then the bytes of the file to the end; what `answer` makes of both goes
    back as JSON. Limits: bytes of memory, seconds of the processor.
    """
    with open(connection, "rb", closefd=False) as stream:
        head = json.loads(stream.readline())
        limit_process(memory, cpu)
        data = stream.read()
    written = json.dumps(answer(head, data), ensure_ascii=False).encode()
    with open(connection, "wb") as stream:
        stream.write(written)
    return HAD_PICTURES if ocr.used() else 0
