"""Letters and formal replies as values: what is on the paper, not how it is set.

A caller fills one of these and hands it to `pdf` or `word`. Nothing here decides what a letter must say; that
is the rulebook's. Text fields hold plain text; the layout adds indents, colons, numbers of attachments and
brackets by itself.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from gongkai.paperwork.text import labelled

# GB/T 9704 7.3.3: 一、黑体  （一）楷体  1.仿宋  （1）仿宋
_HEADINGS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"[一二三四五六七八九十]+、")),
    (2, re.compile(r"（[一二三四五六七八九十]+）")),
    (3, re.compile(r"\d+[.．]")),
    (4, re.compile(r"（\d+）")),
)
_SENTENCE_END = "。；，：！？"


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph of a body.

    text: what it says. level: 0 for plain text, 1 to 4 for a heading (一、 （一） 1. （1）), whose number is part
    of the text. lead: words at the head of a plain paragraph set in the heading type of `lead_level`.
    """

    text: str = field(metadata=labelled(""))
    level: int = 0
    lead: str = field(default="", metadata=labelled("段首标题", required=False))
    lead_level: int = 2

    def __post_init__(self) -> None:
        if self.level not in range(5) or self.lead_level not in range(1, 5):
            raise ValueError("A heading level of an official document is 1 to 4, and 0 means plain text.")


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Plain text as paragraphs: one a line, empty lines dropped.

    A short line that begins with a heading number and ends without a mark becomes a heading of that level.
    """
    result = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped:
            result.append(Paragraph(text=stripped, level=_heading_level(stripped)))
    return tuple(result)


def _heading_level(line: str) -> int:
    if len(line) > 40 or line[-1] in _SENTENCE_END:
        return 0
    return next((level for level, pattern in _HEADINGS if pattern.match(line)), 0)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who answers questions about a document."""

    person: str = field(default="", metadata=labelled("", required=False, limit=100))
    phone: str = field(default="", metadata=labelled("电话", required=False, limit=100))
    address: str = field(default="", metadata=labelled("地址", required=False, limit=300))

    def line(self) -> str:
        """One line for the note under the date, without its brackets; empty if nothing is known."""
        parts = (("联系人", self.person), ("联系电话", self.phone), ("联系地址", self.address))
        return "；".join(f"{name}：{value}" for name, value in parts if value)


@dataclass(frozen=True, kw_only=True)
class OfficialDocument:
    """What a letter and a formal reply have in common (GB/T 9704 7.2 and 7.3).

    mark: 发文机关标志, printed in red. number: 发文字号 such as 西城改公复〔2021〕1号. title: with line ends where
    the author wants them. addressee: 主送, without colon. body: at least one paragraph. attachments: names
    without marks at the end. signatory: 发文机关署名. date: 成文日期. sealed: with 印章 the date stands four
    characters from the right and room is left for the seal. notes: 附注 such as 此件公开发布, without brackets.
    copies: 抄送 agencies.
    """

    mark: str = field(metadata=labelled("发文机关标志", limit=60))
    number: str = field(metadata=labelled("发文字号", limit=60))
    title: str = field(metadata=labelled("标题", limit=200, lines=True))
    addressee: str = field(metadata=labelled("主送机关", limit=500))
    body: tuple[Paragraph, ...] = field(metadata=labelled("正文", unit="段"))
    signatory: str = field(metadata=labelled("署名", limit=60))
    date: datetime.date
    attachments: tuple[str, ...] = field(default=(), metadata=labelled("附件", required=False, limit=500))
    sealed: bool = True
    contact: Contact = field(default=Contact(), metadata=labelled("联系人", required=False))
    notes: tuple[str, ...] = field(default=(), metadata=labelled("附注", required=False, limit=500))
    copies: tuple[str, ...] = field(default=(), metadata=labelled("抄送机关", required=False, limit=100))


@dataclass(frozen=True, kw_only=True)
class Letter(OfficialDocument):
    """信函格式 (GB/T 9704 10.1): the layout of answers to applications and of most letters sent outside."""


@dataclass(frozen=True, kw_only=True)
class FormalReply(OfficialDocument):
    """文件格式 with 红头 and 版记: formal answers to correspondence, assigned matters and other agencies.

    printed_by: 印发机关. printed_on: 印发日期, not before the date of the document.
    """

    printed_by: str = field(metadata=labelled("印发机关", limit=60))
    printed_on: datetime.date
