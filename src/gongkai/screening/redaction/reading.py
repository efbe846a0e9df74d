"""The doors: each file is taken apart in a process of its own, under limits, as in screening."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from gongkai.screening.finding import Kind
from gongkai.screening.passage import Unreadable
from gongkai.screening.redaction.orders import Column, List, Order, Outcome, Removed, Target

LARGEST = 64 << 20
_SECONDS = 120
_MEMORY = 3 << 30
_TOO_LARGE = f"文件超过 {LARGEST >> 20} MB，未能处理，请拆分后再试"
_TOO_SLOW = "文件过于复杂，在限定时间内未能处理完，请拆分后再试"
_CRASHED = "文件结构异常或超出内存限制，未能处理；请用办公软件重新另存后再试"


def redact(data: bytes, name: str, order: Order) -> Outcome:
    """A new file from which what is ordered is gone, together with its properties.

    Raises Unreadable with one Chinese sentence where the file cannot be taken apart within the limits.
    """
    answer, made = _ask({"act": "redact", "name": name, "order": order.to_json()}, data)
    return _outcome(answer, made)


def clean(data: bytes, name: str) -> Outcome:
    """The file without its properties (author, company, paths, place of a picture), else as it was.

    A file that carries none comes back byte for byte; a signed one too, and a note says so. Raises Unreadable.
    """
    answer, made = _ask({"act": "clean", "name": name}, data)
    return _outcome(answer, made)


def survey(data: bytes, name: str) -> tuple[Target, ...]:
    """What could be cut out of a file, each value once. Raises Unreadable."""
    answer, _ = _ask({"act": "survey", "name": name}, data)
    return tuple(
        Target(row["key"], Kind(row["kind"]), row["excerpt"], row["location"], row["count"])
        for row in answer["targets"]
    )


def lists(data: bytes, name: str) -> list[List]:
    """The lists of a file, whose columns can be masked. Raises Unreadable."""
    answer, _ = _ask({"act": "lists", "name": name}, data)
    return [
        List(
            row["number"],
            row["name"],
            tuple(Column(*column) for column in row["columns"]),
            tuple(map(tuple, row["rows"])),
            row["count"],
        )
        for row in answer["lists"]
    ]


def _outcome(answer: dict[str, Any], made: bytes) -> Outcome:
    removed = tuple(Removed(str(w), str(where), str(e), int(n)) for w, where, e, n in answer["removed"])
    return Outcome(made, removed, tuple(answer["notes"]))


def _ask(question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    if len(data) > LARGEST:
        raise Unreadable(_TOO_LARGE)
    head = json.dumps({**question, "memory": _MEMORY, "cpu": _SECONDS}).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "gongkai.screening.redaction.child"],
            input=head + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_TOO_SLOW) from error
    line, _, made = done.stdout.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise Unreadable(_TOO_SLOW if done.returncode in (-24, -9) else _CRASHED) from error
    if "reason" in answer:
        raise Unreadable(str(answer["reason"]))
    return answer, made


def _surroundings() -> dict[str, str]:
    """The process finds this same package and the libraries of this interpreter, and nothing else."""
    kept = {key: os.environ[key] for key in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if key in os.environ}
    package = str(Path(__file__).parents[3])
    return {**kept, "PYTHONPATH": package, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
