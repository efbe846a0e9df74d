"""Forms to fill in and records to sign as values: a table of lines, some left for ink."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from gongkai.paperwork.text import labelled


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """One line: its name, what is known, and `room`, the millimetres kept free for ink under it."""

    name: str = field(metadata=labelled("栏目", limit=60))
    value: str = field(default="", metadata=labelled("内容", required=False, limit=6000, lines=True))
    room: int = 0


@dataclass(frozen=True, kw_only=True)
class Form:
    """申请表, 代填记录, 意见回执, 送达回证 and the like.

    number: of the form or of what it belongs to; remarks: under the table; date: of the file, printed only
    where the form says so itself.
    """

    title: str = field(metadata=labelled("标题", limit=60))
    agency: str = field(metadata=labelled("机关", limit=60))
    lines: tuple[FormLine, ...] = field(metadata=labelled("栏目", unit="栏"))
    date: datetime.date
    number: str = field(default="", metadata=labelled("编号", required=False, limit=100))
    remarks: tuple[str, ...] = field(default=(), metadata=labelled("说明", required=False, limit=1000))
