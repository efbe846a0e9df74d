"""Standard catalogues of grass-roots disclosure by field (国办发〔2019〕54号, rulebook 9.1–9.3).

The catalogues with which an instance begins; an administrator imports the local ones, which take their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from gongkai.rulebook.datafiles import load

PROACTIVE, ON_APPLICATION = "proactive", "on_application"
WAYS = {PROACTIVE: "主动公开", ON_APPLICATION: "依申请公开"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field (领域). verified: whether its name is read from a source."""

    code: str
    label: str
    verified: bool


@dataclass(frozen=True, slots=True)
class StandardEntry:
    """A row of a catalogue, in the columns of rulebook 9.2.

    code: stable over editions. days: working days of the term, 0 where the term is no number of days. way: WAYS.
    verified: whether the whole row was read in a published catalogue.
    """

    code: str
    topic: str
    matter: str
    contents: str
    basis: str = ""
    term: str = ""
    days: int = 0
    subject: str = ""
    channels: str = ""
    audience: str = ""
    way: str = PROACTIVE
    level: str = ""
    verified: bool = False


_DATA = load("standards")
FIELDS = tuple(Field(row["code"], row["label"], row.get("verified", False)) for row in _DATA["fields"])
"""The 26 fields of the pilot, in order."""
ENTRIES: Mapping[str, tuple[StandardEntry, ...]] = MappingProxyType(
    {code: tuple(StandardEntry(**row) for row in rows) for code, rows in _DATA["entries"].items()}
)
"""Entries by the code of their field; a field that is not named has none yet."""

STARTS_ON = date.fromisoformat(_DATA["starts_on"])
"""From when these entries are taken to be in force."""

# Heading in a spreadsheet → what it fills; the headings of rulebook 9.2, in order.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "编码": "code",
        "一级事项": "topic",
        "二级事项": "matter",
        "公开内容（要素）": "contents",
        "公开依据": "basis",
        "公开时限": "term",
        "公开主体": "subject",
        "公开渠道和载体": "channels",
        "公开对象": "audience",
        "公开方式": "way",
        "公开层级": "level",
    }
)


def way_of(text: str) -> str | None:
    """主动 or 依申请, however it is written; None where it is neither."""
    said = text.strip()
    if "依申请" in said:
        return ON_APPLICATION
    return PROACTIVE if "主动" in said else None


def working_days(term: str) -> int:
    """The working days that a term names; 0 where it names none."""
    said = term.replace(" ", "")
    for unit in ("个工作日", "工作日"):
        head, mark, _tail = said.partition(unit)
        if mark:
            digits = ""
            for sign in reversed(head):
                if not sign.isascii() or not sign.isdigit():
                    break
                digits = sign + digits
            if digits:
                return int(digits[:4])
    return 0
