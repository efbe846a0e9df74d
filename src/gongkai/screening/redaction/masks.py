"""How the columns of a list are masked: data/masks.json, a default policy that people change column by column."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.passage import Passage, Place, fold
from gongkai.screening.redaction.orders import BLOT
from gongkai.screening.rules import hits

KEEP, DELETE = "keep", "delete"
HEADING_ROWS = 8
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_HAN_YEAR = re.compile(r"[一二][〇○零一二三四五六七八九]{3}")
# The last word of an address that still names a neighbourhood; what follows leads to the door.
_STREET = re.compile(r"^.*(?:社区|村委会|居委会|街道|行政村|自然村|村|乡|镇)")
_ROAD = re.compile(r"^.*(?:大道|大街|路|街|巷|胡同|里弄)")
_DOOR = re.compile(r"[0-9一二三四五六七八九十百]+ ?(?:号|栋|幢|座|单元|室|组|排|楼|-)")


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of column: what its heading says, the findings its cells hold, the default rule, the rules to choose."""

    code: str
    label: str
    headings: tuple[str, ...]
    kinds: frozenset[Kind]
    default: str
    choices: tuple[str, ...]


@cache
def _data() -> dict[str, Any]:
    text = resources.files("gongkai.screening.redaction").joinpath("data/masks.json").read_bytes()
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def items() -> dict[str, Item]:
    """The kinds of columns by code; those that are looked for first stand first."""
    return {
        row["code"]: Item(
            row["code"],
            row["label"],
            tuple(row["headings"]),
            frozenset(map(Kind, row["kinds"])),
            row["default"],
            tuple(row["choices"]),
        )
        for row in _data()["items"]
    }


@cache
def rules() -> dict[str, str]:
    """Every rule and how it is called."""
    return {row["code"]: row["label"] for row in _data()["rules"]}


def label(rule: str) -> str:
    """How a rule is called. Raises KeyError for one that does not exist."""
    return rules()[rule]


def item_of(heading: str, cells: Iterable[str]) -> str:
    """The code of the item a column holds, by what its cells are first and then by its heading; "" if none."""
    filled = [cell for cell in cells if cell.strip()]
    found: dict[Kind, int] = {}
    for cell in filled:
        passage = Passage(cell, [Place(0, Layer.TABLE, "", heading)])
        for kind in {hit.kind for hit in hits(passage)}:
            found[kind] = found.get(kind, 0) + 1
    for item in items().values():
        if any(found.get(kind, 0) * 2 > len(filled) for kind in item.kinds):
            return item.code
    plain = fold(heading).replace(" ", "")
    for item in sorted(items().values(), key=lambda each: -max(map(len, each.headings))):
        if any(word == plain for word in item.headings):
            return item.code
    matches = [(len(word), item.code) for item in items().values() for word in item.headings if word in plain]
    return max(matches)[1] if matches else ""


def mask(rule: str, text: str) -> str:
    """What a cell says after masking; an empty cell stays empty. Raises KeyError for an unknown rule.

    >>> mask("surname_all", "欧阳小明"), mask("mobile_middle", "13800005678"), mask("year", "1990年5月1日")
    ('欧阳某某', '138****5678', '1990年')
    """
    value = text.strip()
    if rule == KEEP or not value:
        return text
    return _RULES[rule](value)


def _surname(value: str) -> tuple[str, int]:
    """The surname and how many characters of the given name follow."""
    name = "".join(value.split())
    if not re.match(r"^[\u3400-\u9fff·]+$", name):
        return name[:1], max(len(name) - 1, 1)
    size = 2 if len(name) > 2 and name[:2] in _data()["compound_surnames"] else 1
    return name[:size], max(len(name) - size, 1)


def _surname_all(value: str) -> str:
    surname, rest = _surname(value)
    return surname + "某" * min(rest, 3)


def _surname_one(value: str) -> str:
    return _surname(value)[0] + "某"


def _surname_star(value: str) -> str:
    surname, rest = _surname(value)
    return surname + "*" * min(rest, 3)


def _letters(value: str) -> str:
    """A number without the blanks and hyphens that part it."""
    return re.sub(r"[ \-\t\n]", "", fold(value))


def _last_four(value: str) -> str:
    letters = _letters(value)
    return "*" * 4 + letters[-4:] if len(letters) > 8 else BLOT


def _mobile_middle(value: str) -> str:
    letters = _letters(value)
    if re.fullmatch(r"1[3-9][0-9]{9}", letters):
        return f"{letters[:3]}****{letters[-4:]}"
    # Two numbers in one cell, or a number with a word: each number for itself.
    masked = re.sub(r"(1[3-9][0-9])[0-9]{4}([0-9]{4})", r"\1****\2", fold(value))
    return masked if masked != fold(value) else BLOT


def _middle(value: str) -> str:
    letters = _letters(value)
    if len(letters) < 5:
        return BLOT
    shown = 2 if len(letters) >= 6 else 1
    return letters[:shown] + "*" * (len(letters) - 2 * shown) + letters[-shown:]


def _year(value: str) -> str:
    found = _YEAR.search(fold(value))
    if found:
        return f"{found.group()}年"
    spelled = _HAN_YEAR.search(value)
    return f"{spelled.group()}年" if spelled else BLOT


def _street(value: str) -> str:
    plain = fold(value)
    door = _DOOR.search(plain)
    before = plain[: door.start()] if door else plain
    found = _STREET.match(before) or _ROAD.match(before)
    return value[: found.end()] if found else BLOT


def _hide(_value: str) -> str:
    return BLOT


_RULES = {
    "surname_all": _surname_all,
    "surname_one": _surname_one,
    "surname_star": _surname_star,
    "last_four": _last_four,
    "mobile_middle": _mobile_middle,
    "middle": _middle,
    "year": _year,
    "street": _street,
    "hide": _hide,
    DELETE: _hide,
}
