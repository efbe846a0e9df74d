"""Reading citations of articles in what people wrote: does a text rest on that article?

People write 《中华人民共和国政府信息公开条例》第三十六条第（三）项, 条例第36条, or one title with several articles after
it. The article counts; paragraph and item are the writer's to choose.
"""

import re
from collections.abc import Iterable

from gongkai.rulebook.norms import chinese_number

_PART = re.compile(
    r"《(?P<title>[^》]{1,60})》|第\s*(?P<number>[0-9０-９零〇一二三四五六七八九十百]{1,9})\s*条"
)
_VALUES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"百": 100, "十": 10}


def number_of(text: str) -> int:
    """The number of an article in Chinese or Arabic numerals: 三十三, 33 and ３３ are 33; 0 where it is none."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        elif sign in _VALUES and digit == 0:
            digit = _VALUES[sign]
        else:
            return 0
    return total + digit


def articles(text: str) -> list[tuple[str, int]]:
    """The articles that a text cites, as (title, number); the title is the last one named before, or empty."""
    found, title = [], ""
    for part in _PART.finditer(text):
        if part["title"]:
            title = part["title"]
        else:
            found.append((title, number_of(part["number"])))
    return found


def first_article(text: str) -> str:
    """The first article that a text cites with its title, as norms.cite writes it; empty where it cites none."""
    title, number = next((each for each in articles(text) if all(each)), ("", 0))
    return f"《{title}》第{chinese_number(number)}条" if title else ""


def cites(text: str, citation: str) -> bool:
    """Whether a text cites the article of a citation as norms.cite writes it; the title may be shortened at its
    front, or be left out."""
    [(title, number), *_rest] = articles(citation)
    return any(said == number and title.endswith(named) for named, said in articles(text))


def uncited(text: str, citations: Iterable[str]) -> tuple[str, ...]:
    """Those of the citations whose article a text does not cite, each article once."""
    lacking: dict[tuple[str, int], str] = {}
    for each in citations:
        [article, *_rest] = articles(each)
        if not cites(text, each):
            lacking.setdefault(article, each)
    return tuple(lacking.values())


def names_a_norm(text: str) -> bool:
    """Whether a text names any norm at all, by its title or by an article."""
    return _PART.search(text) is not None
