"""The norms the rulebook cites, each with the days between which it holds (rulebook 0.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.calendar import parse_day
from gongkai.rulebook.datafiles import load

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which a rule holds, both ends included; `until` None: it still does."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"a rule that ends on {self.until} cannot begin on {self.since}")

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "Validity":
        """Read `since` and `until` (YYYY-MM-DD, until may be null or absent) of a data row."""
        until = entry.get("until")
        return cls(parse_day(entry["since"]), parse_day(until) if until else None)


@dataclass(frozen=True, slots=True)
class Norm:
    """A statute, regulation or binding letter; `verified` False: its date or text is known at second hand."""

    key: str
    title: str
    number: str
    validity: Validity
    verified: bool

    def holds(self, on: date) -> bool:
        return self.validity.holds(on)


def chinese_number(n: int) -> str:
    """1–999 in Chinese numerals as statutes number their articles: 10 十, 33 三十三, 101 一百零一."""
    if not 1 <= n <= 999:
        raise ValueError("articles are numbered from 1 to 999")
    hundreds, rest = divmod(n, 100)
    tens, units = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and units:
        text += "零"
    return text + (_DIGITS[units] if units else "")


def norm(key: str) -> Norm:
    """The norm of that key; KeyError for an unknown one."""
    return NORMS[key]


def cite(key: str, article: int, paragraph: int | None = None, item: int | None = None) -> str:
    """A citation as it is printed: 《中华人民共和国政府信息公开条例》第三十三条第二款."""
    text = f"《{NORMS[key].title}》第{chinese_number(article)}条"
    if paragraph is not None:
        text += f"第{chinese_number(paragraph)}款"
    if item is not None:
        text += f"第（{chinese_number(item)}）项"
    return text


def citation(entry: Sequence[Any]) -> str:
    """A citation as the data files write it: [key, article, paragraph, item], or [key] for the norm as a whole."""
    return cite(*entry) if len(entry) > 1 else f"《{NORMS[entry[0]].title}》"


def together(citations: Iterable[str]) -> str:
    """Citations as a letter writes them, each once: one after another of the same norm leaves its title out."""
    said: list[str] = []
    title = ""
    for each in dict.fromkeys(citations):
        head, bracket, rest = each.partition("》")
        same = bracket and rest and head == title
        said.append(rest if same else each)
        title = head
    return "、".join(said)


NORMS: MappingProxyType[str, Norm] = MappingProxyType(
    {
        row["key"]: Norm(row["key"], row["title"], row["number"], Validity.from_json(row), row["verified"])
        for row in load("norms")["norms"]
    }
)
