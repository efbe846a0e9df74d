"""Text into the words of the index, and document numbers into one form.

Both sides, what is indexed and what is asked, go through the same functions, so that full width, radicals,
traditional characters and brackets of any kind make no difference.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from gongkai.rulebook import text as rulebook_text
from gongkai.search import variants

_BRACKETS = str.maketrans("〔〕【】［］（）(){}｛｝〈〉<>", "[][][][][][][][][]")
_DASHES = str.maketrans("‐‑‒–—―−－", "--------")
# What stands before a number: the issuer's mark, without the label of the field.
_MARK = r"([^\s\[\]()\d,，。；;、:：“”《》/]{0,20})\s*"
_YEAR = r"\[\s*(\d{4})\s*年?\s*\]\s*第?\s*0*(\d{1,6})\s*号?"
_NUMBER = re.compile(_MARK + _YEAR)
_YEARLY = re.compile(_MARK + r"(\d{4})\s*年\s*(?:第\s*0*(\d{1,6})\s*号?|0*(\d{1,6})\s*号)")
_ORDER = re.compile(_MARK + r"(令|公告|通告|决定)\s*(?:第\s*0*(\d{1,6})\s*号?|0*(\d{1,6})\s*号)")
_ORDER_MARK = re.compile(r"(令|公告|通告|决定)$")
_INDEX_NUMBER = re.compile(
    r"(?<![0-9a-z])([0-9a-z]{2,30}(?:/[0-9a-z]{1,12})?)[/-](\d{4})[-/]0*(\d{1,8})(?!\d)"
)
_LABEL = re.compile(r"^(?:发文字号|文号|文件编号|公文文号|索引号)\s*")
_WORD = re.compile(r"\w", re.UNICODE)
# Words that stand in nearly every text and tell nothing apart, and those with which people ask.
EMPTY = frozenset(
    "的 了 和 与 及 或 在 是 为 对 等 以 将 于 其 不 有 我 吗 呢 请问 怎么 怎样 如何 什么 哪里 可以 存在"  # noqa: SIM905
    " the of a an and".split()
)


# An entry's title goes through it half a dozen times on its way into the index.
@lru_cache(maxsize=8)
def fold(text: str) -> str:
    """Width, case, traditional and look-alike characters away; control characters become spaces."""
    folded = rulebook_text.fold_for_search(text).translate(variants.simplified())
    if folded.isprintable():
        return folded
    return "".join(char if char.isprintable() else " " for char in folded)


def is_word(text: str) -> bool:
    """Whether a piece of text begins with a letter or digit."""
    return bool(_WORD.match(text))


def cutter() -> Any:
    """rjieba, which reads its dictionary while it is imported: a tenth of the start of a command that cuts nothing."""
    import rjieba

    return rjieba


def words(text: str) -> list[str]:
    """The words of a text for the index, overlapping ones included, in order."""
    return [word for word in cutter().cut_for_search(fold(text)) if is_word(word)]


def asked(text: str) -> list[str]:
    """The words that a result must have: those of a query without the empty ones, each once."""
    found = [word for word in cutter().cut(fold(text)) if is_word(word)]
    telling = [word for word in found if word not in EMPTY]
    return list(dict.fromkeys(telling or found))


def characters(text: str) -> list[str]:
    """The letters and digits one by one, so that any run of them can be found inside a sentence."""
    return _WORD.findall(fold(text))


def grams(text: str) -> list[str]:
    """The pairs of neighbouring letters and digits; of a single one, itself."""
    chars = characters(text)
    return [one + two for one, two in pairwise(chars)] or chars


def numbers(text: str) -> list[str]:
    """Document and index numbers in a text, in the form of the index.

    〔2021〕15号 in any bracket or width gives "[2021]15", and with the issuer's mark also "西政[2021]15"; an order
    or announcement gives "令219" and "省政府令219", "公告2015.41" and the like; an index number XG0123/2021-00001
    gives "xg0123/2021-1". Zeros before a number and the words 第 and 号 make no difference.
    """
    folded = fold(text).translate(_DASHES)
    found: list[str] = []

    def add(mark: str, number: str) -> None:
        found.append(number)
        mark = _LABEL.sub("", mark)
        if mark:
            found.append(mark + number)

    for match in _NUMBER.finditer(folded.translate(_BRACKETS)):
        add(match[1], f"[{match[2]}]{match[3]}")
    for match in _YEARLY.finditer(folded):
        mark, year, number = match[1], match[2], match[3] or match[4]
        if kind := _ORDER_MARK.search(mark):
            add(mark[: kind.start()], f"{kind[1]}{year}.{number}")
        else:
            add(mark, f"[{year}]{number}")
    for match in _ORDER.finditer(folded):
        add(match[1], f"{match[2]}{match[3] or match[4]}")
    found += [f"{match[1]}/{match[2]}-{match[3]}" for match in _INDEX_NUMBER.finditer(folded)]
    return list(dict.fromkeys(found))
