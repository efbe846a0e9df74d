"""A report of unknown origin is read in a process of its own, under limits of time and memory.

Pages that take files from others read them here and nowhere else, and so does `gongkai report check`.
"""

import json
import os
from pathlib import Path, PurePath
from typing import Any

from gongkai.reporting.reading.source import (
    MAX_BYTES,
    SCAN_SECONDS,
    TOO_LARGE,
    NeedsRecognition,
    Source,
    UnreadableReport,
    file_content,
)
from gongkai.reporting.reading.textreport import ReadReport, report_from_source, unreadable
from gongkai.rulebook.report_rules import Finding
from gongkai.screening import isolation

# A file that is no scan is read within these; a scan, which is told within them too, within those.
SECONDS = 30.0
_SCAN_SECONDS = SCAN_SECONDS + SECONDS
# Address space, of which the recogniser reserves more than it uses.
_MEMORY, _SCAN_MEMORY = 2 << 30, 4 << 30
_WORK = "gongkai.reporting.reading.worker"

_TOO_SLOW = "文件过于复杂，在限定时间内未能读完，请提供只含一份年度报告的文件"
_CRASHED = "文件结构异常或超出内存限制，未能读完，请用办公软件重新另存后再试"
_NO_PROCESS = "本机资源不足，未能启动读取文件的进程，请稍后再试"


def read(
    file: bytes | os.PathLike[str], name: str = "", *, seconds: float = SECONDS, recognise: bool = True
) -> ReadReport:
    """Read a report given as its bytes and its name, or as a path; never an exception for a bad file.

    What cannot be read, breaks a limit or crashes its reader has the status unreadable and one finding that says
    why. `seconds` are those of a file that is no scan; each page of a scan may take ten more. Without `recognise`
    a scan is not read: NeedsRecognition.
    """
    try:
        if isinstance(file, os.PathLike):
            data, name = file_content(Path(file)), name or os.fspath(file)
        elif len(file) > MAX_BYTES:
            raise UnreadableReport(TOO_LARGE)
        else:
            data = file
        suffix = PurePath(name).suffix.lower()
        told = _asked(data, suffix, recognise=False, seconds=seconds)
        if "recognise" in told:
            if not recognise:
                raise NeedsRecognition
            told = _asked(data, suffix, recognise=True, seconds=_SCAN_SECONDS)
        if "reason" in told:
            raise UnreadableReport(told["reason"])
        return report_from_source(_source(told))
    except UnreadableReport as reason:
        return unreadable(str(reason))


def _asked(data: bytes, suffix: str, *, recognise: bool, seconds: float) -> dict[str, Any]:
    head = {"suffix": suffix, "recognise": recognise}
    memory = _SCAN_MEMORY if recognise else _MEMORY
    try:
        answer = isolation.ask(head, data, seconds=seconds, memory=memory, work=_WORK)
    except OSError:
        return {"reason": _NO_PROCESS}
    if isinstance(answer, isolation.Failure):
        return {"reason": _TOO_SLOW if answer is isolation.Failure.TOO_SLOW else _CRASHED}
    try:
        told = json.loads(answer)
    except ValueError:
        return {"reason": _CRASHED}
    return told if isinstance(told, dict) else {"reason": _CRASHED}


def _source(told: dict[str, Any]) -> Source:
    findings = (Finding(one["rule"], one["severity"], one["message"]) for one in told["findings"])
    printed = {int(line): str(words) for line, words in told["printed"]}
    return Source(tuple(told["lines"]), told["kind"], tuple(told["places"]), tuple(findings), printed)
