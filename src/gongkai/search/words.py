"""Text into the words of the index, and document numbers into one form.

Both sides, what is indexed and what is asked, go through the same functions, so that full width, radicals
and brackets of any kind make no difference.
"""

import re

import rjieba

from gongkai.rulebook import text as rulebook_text

_BRACKETS = str.maketrans("〔〕【】［］（）(){}｛｝", "[][][][][][][]")
_NUMBER = re.compile(r"([^\s\[\],，。；、“”《》]{0,20})\[\s*(\d{4})\s*\]\s*第?\s*0*(\d{1,6})\s*号?")
_INDEX_NUMBER = re.compile(r"[0-9a-z]{2,30}/[0-9a-z/]*\d{4}[-/]\d{1,8}")
_WORD = re.compile(r"\w", re.UNICODE)
# Words that stand in nearly every text and tell nothing apart.
_EMPTY = frozenset(
    [
        "的",
        "了",
        "和",
        "与",
        "及",
        "或",
        "在",
        "是",
        "为",
        "对",
        "等",
        "以",
        "将",
        "于",
        "其",
        "the",
        "of",
        "a",
        "an",
        "and",
    ]
)


def fold(text: str) -> str:
    """Width, case and look-alike characters away; control characters become spaces."""
    folded = rulebook_text.fold_for_search(text)
    return "".join(char if char.isprintable() else " " for char in folded)


def words(text: str) -> list[str]:
    """The words of a text for the index, overlapping ones included, in order."""
    return [word for word in rjieba.cut_for_search(fold(text)) if _WORD.match(word)]


def asked(text: str) -> list[str]:
    """The words that a result must have: those of a query without the empty ones, each once."""
    found = [word for word in rjieba.cut(fold(text)) if _WORD.match(word)]
    telling = [word for word in found if word not in _EMPTY]
    return list(dict.fromkeys(telling or found))


def characters(text: str) -> list[str]:
    """The letters and digits one by one, so that any run of them can be found inside a sentence."""
    return [char for char in fold(text) if _WORD.match(char)]


def numbers(text: str) -> list[str]:
    """Document and index numbers in a text, in the form of the index.

    〔2021〕15号 in any bracket or width gives "[2021]15"; with the issuer's mark also "西政[2021]15".
    """
    folded = fold(text).translate(_BRACKETS)
    found: list[str] = []
    for match in _NUMBER.finditer(folded):
        mark, year, number = match[1], match[2], match[3]
        found.append(f"[{year}]{number}")
        if mark:
            found.append(f"{mark}[{year}]{number}")
    found += _INDEX_NUMBER.findall(folded)
    return list(dict.fromkeys(found))
