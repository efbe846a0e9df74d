"""Which column of an old site's table is what: guessed by the names that real sites export, and read cell by cell."""

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from gongkai.disclosure import body
from gongkai.disclosure.models import Column
from gongkai.rulebook import catalogue

# Our field → the names under which sites export it, the most telling first.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("标题", "信息标题", "文章标题", "名称", "信息名称", "title", "题名"),
    "published_on": ("发布日期", "发布时间", "公开日期", "公开时间", "原发布日期", "pubdate", "publishtime", "日期", "时间"),
    "address": ("网址", "原网址", "链接", "url", "地址", "访问地址", "原发布地址", "链接地址", "docpuburl"),
    "body": ("正文", "内容", "信息内容", "正文内容", "content", "html", "正文html"),
    "text_file": ("正文文件", "文件", "文件名", "原文文件", "file"),
    "attachments": ("附件", "附件名称", "附件文件", "attachments", "attachment"),
    "summary": ("摘要", "内容概述", "概述", "简介", "summary", "导读"),
    "document_number": ("文号", "发文字号", "文件编号", "发文号", "docno"),
    "formed_on": ("成文日期", "生成日期", "形成日期", "落款日期", "成文时间"),
    "column": ("栏目", "栏目名称", "所属栏目", "频道", "分类", "channel", "信息分类"),
    "source": ("来源", "信息来源", "发布机构", "发布单位", "source", "信息来源单位"),
    "keywords": ("关键词", "关键字", "keywords", "主题词"),
    "theme": ("主题分类", "主题", "信息主题", "theme"),
    "genre": ("体裁", "体裁分类", "文种", "公文种类", "genre"),
}  # fmt: skip
NEEDED = ("title", "published_on")
LONGEST_ADDRESS = 1000
SEPARATORS = re.compile(r"[;；|\n]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
# Excel's numbers of days, from 1990 to 2050; a bare number of five digits is nothing else.
_SERIAL = (32874, 55153)
# What heads hold beside the name: notes in brackets, marks of what is needed, numbers, units.
_NOTE = re.compile(r"[（(\[【][^（()）\[\]【】]*[)）\]】]")
_SIGNS = re.compile(r"^[\d一二三四五六七八九十]+[.、．)）]|[\s*＊:：·•#※★/\\\-_—]+")
_TAG = re.compile(r"<\s*(?:p|div|br|table|span|h[1-6]|ul|ol|img|a|strong|b|font|section)\b", re.IGNORECASE)


def guess(heads: Sequence[str]) -> dict[str, int]:
    """Our field → number of the column that is likely it; a column serves one field."""
    bare = [bare_head(head) for head in heads]
    found: dict[str, int] = {}
    for exact in (True, False):
        for name, words in FIELDS.items():
            for word in words:
                for number, head in enumerate(bare):
                    fits = head == word if exact else word in head and len(word) > 1
                    if name not in found and number not in found.values() and fits:
                        found[name] = number
    return found


def bare_head(head: str) -> str:
    """The name alone of a head such as “1. *发布 日期（必填）：”; the note, where a head holds nothing else."""
    plain = unicodedata.normalize("NFKC", head).lower()
    return _SIGNS.sub("", _NOTE.sub("", plain)) or _SIGNS.sub("", plain).strip("()[]【】")


def one_of(entries: Sequence[catalogue.Entry], text: str) -> str:
    """The entry that a cell names: whole, by its beginning, or as the one entry with that part; empty for none.

    “命令（令）” is named by either word; “城乡建设” names “城乡建设、环境保护”.
    """
    said = "".join(text.split()).strip("，。；;、")
    if not said:
        return ""
    labels = [entry.label for entry in entries]
    names = {label: {label, *re.split(r"[、（）]", label)} - {""} for label in labels}
    fits = [label for label in labels if label == said] or [label for label in labels if said in names[label]]
    fits = fits or [label for label in labels if len(said) > 1 and label.startswith(said)]
    return fits[0] if len(fits) == 1 else ""


@dataclass
class Read:
    """A row as an item would look: content as the form has it, original place and day, files by name; wrong: column
    name → one sentence."""

    content: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    published_on: date | None = None
    text_file: str = ""
    attachments: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def faults(self) -> str:
        """All that is wrong in one line, as 标题：请填写标题；栏目：…。"""
        said = "；".join(f"{head}：{sentence.rstrip('。.')}" for head, sentence in self.wrong.items())
        return f"{said}。" if said else ""


def day_of(text: str) -> date | None:
    """A day however sites write it; None where the text holds none for certain. Raises ValueError for no real day."""
    said = text.strip()
    if found := _DAY.match(said) or _PACKED.match(said):
        year, month, day = (int(part) for part in found.groups())
        return date(year, month, day)
    if said.isdigit() and _SERIAL[0] <= int(said) <= _SERIAL[1]:
        return date(1899, 12, 30) + timedelta(days=int(said))
    return None


def read(
    cells: Sequence[str],
    mapping: Mapping[str, int],
    heads: Sequence[str],
    *,
    columns: Mapping[str, str],
    default_column: str,
    files: Sequence[str],
    today: date,
) -> Read:
    """One row. columns: name or code → code."""
    row = Read()

    def cell(name: str) -> str:
        number = mapping.get(name)
        return cells[number].strip() if number is not None and number < len(cells) else ""

    def wrong(name: str, sentence: str) -> None:
        number = mapping.get(name)
        row.wrong[heads[number] if number is not None and number < len(heads) else FIELDS[name][0]] = sentence

    row.text_file = file_named(cell("text_file"), files) if cell("text_file") else ""
    if cell("text_file") and not row.text_file:
        wrong("text_file", _("“%(name)s” is not in the archive.") % {"name": cell("text_file")[:80]})
    title = " ".join(html.unescape(cell("title")).split())
    if not title and not row.text_file:
        wrong("title", _("Give the title."))
    if len(title) > 300:
        wrong("title", _("The title is longer than 300 characters."))
    for name in ("published_on", "formed_on"):
        try:
            day = day_of(cell(name)) if cell(name) else None
        except ValueError:
            day = None
        if cell(name) and day is None:
            wrong(name, _("“%(text)s” is no day; write it as 2019-05-06.") % {"text": cell(name)[:40]})
        elif day is not None and not date(1949, 10, 1) <= day <= today:
            wrong(name, _("%(day)s lies in the future, or before 1949.") % {"day": day})
        elif name == "published_on":
            row.published_on = day
            if day is None:
                wrong(name, _("Say on which day it was published on the former site."))
        elif day is not None:
            row.content["formed_on"] = day.isoformat()
    row.address = cell("address")
    if len(row.address) > LONGEST_ADDRESS or (row.address and not re.match(r"https?://|/", row.address)):
        wrong("address", _("Write the address whole, as http://www.example.gov.cn/art/1.html."))
    row.content["column"] = columns.get(cell("column")) or default_column
    if not row.content["column"]:
        if name := cell("column")[:40]:
            said = _("“%(name)s” is no column here; choose one for all such rows above.") % {"name": name}
        else:
            said = _("No column is named; choose one for all such rows above.")
        wrong("column", said)
    for part in filter(None, (each.strip() for each in SEPARATORS.split(cell("attachments")))):
        if name := file_named(part, files):
            row.attachments.append(name)
        else:
            wrong("attachments", _("“%(name)s” is not in the archive.") % {"name": part[:80]})
    text = cell("body")
    if not text and not row.text_file and not row.attachments:
        wrong("body", _("There is neither a text nor a file."))
    row.content |= {
        "title": title,
        "body": as_html(text),
        "summary": cell("summary")[:1000],
        "document_number": cell("document_number")[:80],
        "source": cell("source")[:100],
        "keywords": cell("keywords")[:200],
    }
    # What no list of ours names is left for the handler to choose; the item goes in without it.
    row.content["theme"] = one_of(catalogue.THEMES, cell("theme"))
    row.content["genre"] = one_of(catalogue.GENRES, cell("genre"))
    if "formed_on" not in row.content and row.published_on:
        row.content["formed_on"] = row.published_on.isoformat()
    row.content["attribute"] = "proactive"
    return row


def as_html(text: str) -> str:
    """A text as the body of an item: HTML as it is, cleaned later with its pictures; plain lines as paragraphs."""
    if _TAG.search(text):
        return text
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)


def summary_of(content: Mapping[str, Any]) -> str:
    """The summary that a row has none of: the first sentence of its text, or the title (art. 12 wants one)."""
    lines = body.text_lines(content["body"])
    first = next((line for line in lines if len(line) > 15), content["title"])
    return first if len(first) <= 100 else f"{first[:99]}…"


def columns() -> dict[str, str]:
    """Name and code of each column in use → its code."""
    rows = Column.objects.filter(active=True).exclude(board="reports").values_list("code", "name")
    return {name: code for code, name in rows} | {code: code for code, _name in rows}


def file_named(named: str, files: Sequence[str]) -> str:
    """The file of the archive that a cell or a picture names: its path, or the one file that ends so."""
    said = named.strip().replace("\\", "/").partition("?")[0].lstrip("./")
    if said in files:
        return said
    fits = [name for name in files if name.endswith(f"/{said}")] if said else []
    if not fits and "/" in said:
        last = said.rpartition("/")[2]
        fits = [name for name in files if name.rpartition("/")[2] == last]
    return fits[0] if len(fits) == 1 else ""
