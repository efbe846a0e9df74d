"""What is published and under which heads (条例 arts. 13–21, rulebook 1.3, 1.4, 8): lists with stable codes.

A code never changes its meaning, because records keep it. Lists that an administrator may extend are the
defaults of an instance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.datafiles import load
from gongkai.rulebook.norms import citation, cite


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its code for records, its label, and the citation it rests on (may be empty)."""

    code: str
    label: str
    law: str = ""


class AgencyLevel(Enum):
    """Whose additional items of art. 21: cities and counties with their departments, or townships."""

    COUNTY = "county"
    TOWNSHIP = "township"


class DisclosureAttribute(Enum):
    """The 公开属性 fixed when a document is drafted; a non-public one needs its ground."""

    PROACTIVE = "proactive"
    ON_APPLICATION = "on_application"
    WITHHELD = "withheld"

    @property
    def label(self) -> str:
        return ATTRIBUTES[self].label

    @property
    def law(self) -> str:
        return ATTRIBUTES[self].law

    @property
    def mark(self) -> str:
        """The note printed under a document: 此件公开发布."""
        return _MARKS[self]

    @property
    def needs_ground(self) -> bool:
        return self is not DisclosureAttribute.PROACTIVE


class Strength(Enum):
    """How binding a ground is."""

    MANDATORY = "mandatory"
    """不予公开."""
    UNLESS_CONSENT = "unless_consent"
    """不得公开, unless the third party agrees or withholding would gravely harm the public interest."""
    DISCRETIONARY = "discretionary"
    """可以不予公开, unless a law, regulation or rule requires disclosure."""
    OTHER_LAW = "other_law"
    """Access follows the special law."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for not disclosing. `row`: the leaf row of table three in which a refusal on it counts."""

    code: str
    label: str
    strength: Strength
    row: str
    law: str


def statutory_items(level: AgencyLevel) -> tuple[Entry, ...]:
    """All items an agency of that level must publish: the fifteen of art. 20, then its own of art. 21."""
    return ARTICLE_20 + ARTICLE_21[level]


def _entries(rows: Iterable[Mapping[str, Any]], law: str = "") -> tuple[Entry, ...]:
    return tuple(
        Entry(row["code"], row["label"], "、".join(citation(entry) for entry in row.get("law", ())) or law)
        for row in rows
    )


def _numbered(prefix: str, labels: Iterable[str]) -> tuple[Entry, ...]:
    return tuple(Entry(f"{prefix}{number:02}", label) for number, label in enumerate(labels, start=1))


_DATA = load("catalogue")

ARTICLE_20 = tuple(
    Entry(row["code"], row["label"], cite("regulation", 20, None, number))
    for number, row in enumerate(_DATA["article_20"], start=1)
)
ARTICLE_21: Mapping[AgencyLevel, tuple[Entry, ...]] = MappingProxyType(
    {level: _entries(_DATA["article_21"][level.value], cite("regulation", 21)) for level in AgencyLevel}
)
BOARDS = _entries(_DATA["boards"])
"""The four boards of the platform (国办公开办函〔2019〕61号), in order."""
FIVE_DISCLOSURES = _entries(_DATA["five_disclosures"])
THEMES = _numbered("T", _DATA["themes"]["entries"])
"""主题分类, first level."""
GENRES = _numbered("G", _DATA["genres"]["entries"])
"""体裁: the fifteen kinds of official documents."""
VALIDITY_STATES = _entries(_DATA["validity_states"])
"""有效性 of a normative document."""
ATTRIBUTES: Mapping[DisclosureAttribute, Entry] = MappingProxyType(
    {DisclosureAttribute(entry.code): entry for entry in _entries(_DATA["attributes"])}
)
_MARKS = {DisclosureAttribute(row["code"]): str(row["mark"]) for row in _DATA["attributes"]}
GROUNDS: Mapping[str, Ground] = MappingProxyType(
    {
        row["code"]: Ground(row["code"], row["label"], Strength(row["strength"]), row["row"], entry.law)
        for row, entry in zip(_DATA["grounds"], _entries(_DATA["grounds"]), strict=True)
    }
)
