"""The doors of this room: screen a text, an html body, a file."""

import json
import os
from pathlib import Path

from gongkai.screening import isolation
from gongkai.screening.finding import Finding, Kind, Layer, Result, Verdict
from gongkai.screening.hits import Page
from gongkai.screening.passage import Part, Passage
from gongkai.screening.persons import named_rows
from gongkai.screening.rules import DEFAULT_RULES, Collector, Rules

MAX_FILE = 128 << 20
MAX_BODY = 8_000_000
# Recognising pictures stops after ocr.SECONDS of these, so that a long scan ends in order, findings kept.
_SECONDS = 120
_MEMORY = 2 << 30

_TOO_LARGE = f"文件超过 {MAX_FILE >> 20} MB，未读取，请拆分后再试"
_TOO_SLOW = "文件过于复杂，在限定时间内未能读完，请拆分后再试"
_CRASHED = "文件结构异常或超出内存限制，未能读完，请用办公软件重新另存后再试"
_NO_PROCESS = "本机资源不足，未能启动读取文件的进程，请稍后再试"
_WHY_LONG = f"正文超过 {MAX_BODY} 字，未能全部筛查，请拆分"


def screen_text(text: str, *, location: str, rules: Rules = DEFAULT_RULES) -> list[Finding]:
    """Findings in a plain text, such as a title or a field of a form.

    `start` and `end` of each count characters of `text`. `location` names the text for people; a text
    of several lines adds the line.
    """
    if len(text) > MAX_BODY:
        return [_too_long(location, rules)]
    collector = Collector(rules)
    if text:
        collector.scan(_lines(text, location), offsets=True)
    return list(collector.findings())


def screen_html(html: str, *, location: str, rules: Rules = DEFAULT_RULES) -> list[Finding]:
    """Findings in the html body of an item: shown and hidden text, comments, attributes.

    `start` and `end` count characters of `html_text(html)`; they are None for what is not shown.
    """
    from gongkai.screening.readers import web

    if len(html) > MAX_BODY:
        return [_too_long(location, rules)]
    collector = Collector(rules)
    rest: list[Part] = []
    for part in web.read(html, location):
        shown = isinstance(part, Passage) and part.places[0].layer in (Layer.TEXT, Layer.TABLE)
        if shown and isinstance(part, Passage):
            collector.scan(part, offsets=True)
        else:
            rest.append(part)
    collector.take(rest)
    return list(collector.findings())


def html_text(html: str) -> str:
    """The text a browser shows of an html body, into which the offsets of `screen_html` point."""
    from gongkai.screening.readers import web

    return web.shown_text(html)


def persons_in(text: str, *, html: bool = False) -> int:
    """So many rows of the lists in a plain text or an html body name a person (see persons.py).

    For a file, `Result.persons` says it.
    """
    from gongkai.screening.readers import web

    if len(text) > MAX_BODY:
        return 0
    parts = web.read(text, "") if html else iter((_lines(text, ""),))
    return sum(len(named_rows(Page.of(part))) for part in parts if isinstance(part, Passage))


def screen_file(
    data: bytes | os.PathLike[str],
    name: str | None = None,
    rules: Rules = DEFAULT_RULES,
    *,
    seconds: float = _SECONDS,
    memory: int = _MEMORY,
) -> Result:
    """Screen one file, given as bytes with its name or as a path. Never raises for a bad file.

    It is read in a process of its own, under limits of wall-clock and processor time (`seconds`),
    address space (`memory`, bytes) and expanded size, and without the right to write. A file that
    breaks a limit or crashes its reader is `unreadable` with the reason. Raises OSError only if a
    given path cannot be read.
    """
    if isinstance(data, os.PathLike):
        path = Path(data)
        name = name or path.name
        if path.stat().st_size > MAX_FILE:
            return _unreadable(rules, _TOO_LARGE)
        data = path.read_bytes()
    name = name or ""
    if len(data) > MAX_FILE:
        return _unreadable(rules, _TOO_LARGE)
    head = {"name": name, "rules": rules.to_json()}
    try:
        answer = isolation.ask(head, data, seconds=seconds, memory=memory)
    except OSError:
        return _unreadable(rules, _NO_PROCESS)
    if isinstance(answer, isolation.Failure):
        return _unreadable(rules, _TOO_SLOW if answer is isolation.Failure.TOO_SLOW else _CRASHED)
    try:
        return Result.from_json(json.loads(answer))
    except (ValueError, KeyError, TypeError):
        return _unreadable(rules, _CRASHED)


def _unreadable(rules: Rules, reason: str) -> Result:
    return Result(Verdict.UNREADABLE, (), reason, rules.version, "application/octet-stream")


def _too_long(location: str, rules: Rules) -> Finding:
    return Finding(
        kind=Kind.UNREADABLE_PART,
        layer=Layer.TEXT,
        severity=rules.policy.severity_of(Kind.UNREADABLE_PART, Layer.TEXT),
        excerpt="正文过长",
        location=location,
        why=_WHY_LONG,
    )


def _lines(text: str, location: str) -> Passage:
    from gongkai.screening.readers.plain import lines

    return lines(text, Layer.TEXT, location)
