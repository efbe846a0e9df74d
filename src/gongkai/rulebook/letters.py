"""The letters and forms of an application (rulebook 5.2, 5.3): what each must contain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.datafiles import load


class RemedyClass(Enum):
    """Which remedies a letter tells of; the text and the order of remedies follow the day (see remedies)."""

    NONE = "none"
    ORDINARY = "ordinary"
    WITHHELD = "withheld"
    """不予公开 under arts. 14–16 and 部分公开: since 2024 reconsideration comes first."""
    BY_SUB_REASON = "by_sub_reason"


@dataclass(frozen=True, slots=True)
class Element:
    """One element that a letter must contain: a stable key and its name for users."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One of the 35 kinds. `common` and `specific` are its required elements, the remedy notice apart.

    A letter with attachments also needs the element `attachments`; whoever drafts it knows whether it has any.
    `by_outcome`: what it must contain besides where that outcome is decided.
    """

    number: int
    title: str
    when: str
    common: tuple[Element, ...]
    specific: tuple[Element, ...]
    remedy: RemedyClass
    by_outcome: Mapping[str, tuple[Element, ...]]

    @property
    def possible(self) -> tuple[Element, ...]:
        """Every element that a letter of this kind may have to contain, whatever its outcome."""
        further = tuple(each for some in self.by_outcome.values() for each in some)
        return self.required() + further

    def required(self, *, remedy: bool | None = None, outcome: str = "") -> tuple[Element, ...]:
        """The required elements in order; `remedy` overrides whether a notice of remedies is one of them.

        Where the sub-reason decides and `remedy` is not given, the notice is required: too much information is
        the safe side.
        """
        if remedy is None:
            remedy = self.remedy is not RemedyClass.NONE
        own = self.specific + self.by_outcome.get(outcome, ())
        return self.common + own + ((REMEDY_ELEMENT,) if remedy else ())


def letter_kind(number: int) -> LetterKind:
    """The kind of that number (1–35); KeyError for another."""
    return LETTER_KINDS[number]


def missing_elements(
    kind: int, present: Collection[str], *, remedy: bool | None = None, outcome: str = ""
) -> tuple[Element, ...]:
    """The required elements of letter `kind` whose keys are not in `present`, in the order of the letter."""
    required = LETTER_KINDS[kind].required(remedy=remedy, outcome=outcome)
    return tuple(each for each in required if each.key not in present)


def _kinds(data: Mapping[str, Any]) -> dict[int, LetterKind]:
    kinds = {}
    for row in data["kinds"]:
        specific = tuple(Element(key, label) for key, label in row["elements"].items())
        own = {each.key for each in specific}
        common = tuple(
            Element(key, data["common"][key]) for key in data["frames"][row["frame"]] if key not in own
        )
        kinds[row["number"]] = LetterKind(
            row["number"],
            row["title"],
            row["when"],
            common,
            specific,
            RemedyClass(row["remedy"]),
            MappingProxyType(
                {
                    outcome: tuple(Element(key, label) for key, label in elements.items())
                    for outcome, elements in row.get("by_outcome", {}).items()
                }
            ),
        )
    if sorted(kinds) != list(range(1, 36)) or len(data["kinds"]) != len(kinds):
        raise ValueError("data/letters.json must hold the letter kinds 1 to 35, each once")
    return kinds


_DATA = load("letters")
REMEDY_ELEMENT = Element("remedy", _DATA["common"]["remedy"])
ATTACHMENTS_ELEMENT = Element("attachments", _DATA["common"]["attachments"])
LETTER_KINDS: Mapping[int, LetterKind] = MappingProxyType(_kinds(_DATA))
