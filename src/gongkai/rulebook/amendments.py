"""What a request to amend a record may come to (art. 41): beside the outcomes, and in no row of the report.

The results stand in the same file as the outcomes, so that one table says which decision goes by which article
and letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.rulebook.datafiles import load
from gongkai.rulebook.letters import LETTER_KINDS, LetterKind, RemedyClass
from gongkai.rulebook.norms import citation
from gongkai.rulebook.outcomes import OUTCOMES, OutcomeError


@dataclass(frozen=True, slots=True)
class Amendment:
    """One result of a request to amend a record. `forwards`: it names the organ that has the power."""

    key: str
    label: str
    law: tuple[str, ...]
    letter: int
    forwards: bool

    @property
    def letter_kind(self) -> LetterKind:
        return LETTER_KINDS[self.letter]


def amendment(key: str) -> Amendment:
    """The result of that key; OutcomeError for an unknown one."""
    try:
        return AMENDMENTS[key]
    except KeyError:
        raise OutcomeError(f"没有“{key[:40]}”这种更正申请的办理结果。") from None


def validate(results: Mapping[str, Amendment]) -> None:
    """Raise ValueError unless each has an article and a letter that tells of remedies, none is an outcome of an
    application for information, and art. 41's two ways and the refusal are there."""
    for each in results.values():
        if each.key in OUTCOMES:
            raise ValueError(f"{each.key} is an outcome of an application for information")
        if not each.law or each.letter not in LETTER_KINDS:
            raise ValueError(f"the amendment result {each.key} has no article or no letter")
        if each.letter_kind.remedy is RemedyClass.NONE:
            raise ValueError(f"the letter of the amendment result {each.key} tells of no remedies")
    if len(results) < 3 or sum(each.forwards for each in results.values()) != 1:
        raise ValueError("a record is amended, passed on to the one organ that may, or left as it is")


AMENDMENTS: Mapping[str, Amendment] = MappingProxyType(
    {
        row["key"]: Amendment(
            row["key"],
            row["label"],
            tuple(citation(entry) for entry in row["law"]),
            row["letter"],
            row["forwards"],
        )
        for row in load("outcomes")["amendments"]
    }
)
validate(AMENDMENTS)
