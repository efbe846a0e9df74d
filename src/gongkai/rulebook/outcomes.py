"""The outcome table (I4): outcome → article → letter → remedies → row of the annual report.

Row and outcome are two things: 予以公开 is one row, but being told where published information is found and
being given it are two decisions with two letters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.rulebook.datafiles import load
from gongkai.rulebook.letters import LETTER_KINDS, LetterKind, RemedyClass
from gongkai.rulebook.norms import citation
from gongkai.rulebook.report_form import APPLICATION_ROWS, LEAF_ROWS, Row


class OutcomeError(ValueError):
    """A decision that the outcome table does not allow; the text is for users."""


@dataclass(frozen=True, slots=True)
class SubReason:
    """Why a case falls under 其他: with the letter it needs and whether that tells of remedies.

    The defaults are data; an instance may hold its own list of them.
    """

    key: str
    outcome: str
    label: str
    letter: int
    remedy: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One possible decision. `law`: citations in the order of the letter, empty where no article is express."""

    key: str
    row: Row
    label: str
    law: tuple[str, ...]
    letter: int

    @property
    def needs_sub_reason(self) -> bool:
        return LETTER_KINDS[self.letter].remedy is RemedyClass.BY_SUB_REASON

    def letter_kind(self, sub_reason: SubReason | None = None) -> LetterKind:
        """The letter this decision is sent by; OutcomeError where a sub-reason is missing or out of place."""
        self._check(sub_reason)
        return LETTER_KINDS[sub_reason.letter if sub_reason else self.letter]

    def remedy(self, sub_reason: SubReason | None = None) -> RemedyClass:
        """Which remedies the letter tells of; never BY_SUB_REASON. OutcomeError as for `letter_kind`."""
        kind = self.letter_kind(sub_reason)
        if sub_reason is not None and not sub_reason.remedy:
            return RemedyClass.NONE
        return RemedyClass.ORDINARY if kind.remedy is RemedyClass.BY_SUB_REASON else kind.remedy

    def _check(self, sub_reason: SubReason | None) -> None:
        if self.needs_sub_reason and sub_reason is None:
            raise OutcomeError(f"“{self.row.full_label}”应写明具体情形，请选择或者新增一种情形。")
        if sub_reason is not None and sub_reason.outcome != self.key:
            raise OutcomeError(f"具体情形“{sub_reason.label}”不适用于“{self.label}”，请核对。")


def outcome(key: str) -> Outcome:
    """The outcome of that key; OutcomeError for an unknown one."""
    try:
        return OUTCOMES[key]
    except KeyError:
        raise OutcomeError(f"没有“{key[:40]}”这种办理结果。") from None


def outcomes_of_row(row: str) -> tuple[Outcome, ...]:
    """The outcomes counted in that row, in the order of the table."""
    return tuple(each for each in OUTCOMES.values() if each.row.key == row)


def validate(
    rows: Mapping[str, Row], outcomes: Mapping[str, Outcome], sub_reasons: Iterable[SubReason]
) -> None:
    """Raise ValueError unless every row has an outcome, every outcome and sub-reason a letter, and every outcome
    that needs a sub-reason at least one. Call it again on an edited list of sub-reasons."""
    for row in rows:
        if not any(each.row.key == row for each in outcomes.values()):
            raise ValueError(f"row {row} has no outcome")
    sub_reasons = tuple(sub_reasons)
    for each in outcomes.values():
        if each.row.key not in rows or each.letter not in LETTER_KINDS:
            raise ValueError(f"outcome {each.key} has no row or no letter")
        if each.needs_sub_reason and not any(reason.outcome == each.key for reason in sub_reasons):
            raise ValueError(f"outcome {each.key} needs a sub-reason and has none")
    for reason in sub_reasons:
        if reason.outcome not in outcomes or not outcomes[reason.outcome].needs_sub_reason:
            raise ValueError(f"sub-reason {reason.key} belongs to no outcome that takes one")
        if reason.letter not in LETTER_KINDS:
            raise ValueError(f"sub-reason {reason.key} has no letter")
        if reason.remedy and LETTER_KINDS[reason.letter].remedy is RemedyClass.NONE:
            raise ValueError(f"sub-reason {reason.key} wants remedies that its letter does not carry")


_DATA = load("outcomes")
REPORT_ROWS: Mapping[str, Row] = MappingProxyType(
    {row.key: row for row in APPLICATION_ROWS if row.key in LEAF_ROWS}
)
OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        each["key"]: Outcome(
            each["key"],
            REPORT_ROWS[each["row"]],
            each["label"],
            tuple(citation(entry) for entry in each["law"]),
            each["letter"],
        )
        for each in _DATA["outcomes"]
    }
)
DEFAULT_SUB_REASONS: Mapping[str, SubReason] = MappingProxyType(
    {each["key"]: SubReason(**each) for each in _DATA["sub_reasons"]}
)
validate(REPORT_ROWS, OUTCOMES, DEFAULT_SUB_REASONS.values())
