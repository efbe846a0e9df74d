"""The remedies an applicant is told of (rulebook 5.4): text and regime follow the law of the day of service."""

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.calendar import Calendar, Deadline
from gongkai.rulebook.datafiles import load
from gongkai.rulebook.letters import LETTER_KINDS, RemedyClass
from gongkai.rulebook.norms import Validity, cite, norm
from gongkai.rulebook.outcomes import SubReason, outcome

RECONSIDERATION_DAYS = 60
LITIGATION_MONTHS = 6
LITIGATION_AFTER_RECONSIDERATION_DAYS = 15


class RemedyError(ValueError):
    """A notice that cannot be written; the text is for users."""


@dataclass(frozen=True, slots=True)
class RemedyNotice:
    """A notice ready for print. `regime` names the period of law ("2024-01-01"): its first day.

    `variant` is R-old, R-1 (reconsideration first), R-2 (choice) or R-3 (after the term expired).
    """

    text: str
    regime: str
    variant: str
    law: tuple[str, ...]

    @property
    def reconsideration_first(self) -> bool:
        return self.variant == "R-1"


@dataclass(frozen=True, slots=True)
class RemedyDays:
    """The last days of the remedies against a letter served on `served`.

    The periods are calendar days and months, the day of service not counted. `reconsideration` and `litigation`
    are the plain results; a last day that is no working day moves to the next one (民事诉讼法 on periods, which
    both laws follow), and the `*_last` fields say so. Where reconsideration comes first, `litigation` is None:
    it runs from the decision (`after_decision`).
    """

    served: date
    reconsideration: date
    reconsideration_last: Deadline
    litigation: date | None
    litigation_last: Deadline | None


@dataclass(frozen=True, slots=True)
class _Rule:
    variant: str
    validity: Validity
    text: str
    law: tuple[str, ...]


def remedy_notice(
    outcome_key: str,
    on: date,
    reconsideration_body: str,
    superior_department: str | None,
    court: str,
    sub_reason: SubReason | None = None,
) -> RemedyNotice | None:
    """The notice in the letter of that outcome, served on `on`; None where the letter carries none.

    `superior_department` is named only where the law of that day let the applicant choose it (until 2023).
    OutcomeError for an unknown outcome or a missing sub-reason; RemedyError for an empty body or court, or a day
    before the regulation.
    """
    remedy = outcome(outcome_key).remedy(sub_reason)
    return notice_of_class(remedy, on, reconsideration_body, superior_department, court)


def letter_remedy_notice(
    letter: int, on: date, reconsideration_body: str, superior_department: str | None, court: str
) -> RemedyNotice | None:
    """As `remedy_notice`, for a letter that goes with no outcome, such as 10 (to the third party) or 28."""
    remedy = LETTER_KINDS[letter].remedy
    return notice_of_class(remedy, on, reconsideration_body, superior_department, court)


def notice_of_class(
    remedy: RemedyClass, on: date, reconsideration_body: str, superior_department: str | None, court: str
) -> RemedyNotice | None:
    """The notice of that class on that day; None for RemedyClass.NONE."""
    if remedy is RemedyClass.NONE:
        return None
    if remedy is RemedyClass.BY_SUB_REASON:
        raise RemedyError("该文书是否告知救济途径取决于具体情形，请先选择具体情形。")
    if not court.strip():
        raise RemedyError("救济告知缺少人民法院名称，请在机关资料中填写。")
    rule = _rule(_NOTICES[remedy], on)
    return _notice(rule, reconsideration_body, superior_department, court=court.strip())


def overdue_notice(due: date, reconsideration_body: str, superior_department: str | None) -> RemedyNotice:
    """R-3, shown on the applicant's page after the answer's term ended on `due`; it never says 必须."""
    return _notice(
        _rule(_OVERDUE, due + timedelta(days=1)),
        reconsideration_body,
        superior_department,
        due=f"{due.year}年{due.month}月{due.day}日",
    )


def same_regime(outcome_key: str, a: date, b: date, sub_reason: SubReason | None = None) -> bool:
    """Whether a letter drafted for service on `a` keeps its notice when served on `b` (rulebook 5.7)."""
    remedy = outcome(outcome_key).remedy(sub_reason)
    return remedy is RemedyClass.NONE or _rule(_NOTICES[remedy], a) is _rule(_NOTICES[remedy], b)


def remedy_days(served: date, calendar: Calendar, *, reconsideration_first: bool = False) -> RemedyDays:
    """The last days of the remedies; CalendarError where they lie outside the calendar."""
    reconsideration = served + timedelta(days=RECONSIDERATION_DAYS)
    litigation = None if reconsideration_first else add_months(served, LITIGATION_MONTHS)
    return RemedyDays(
        served,
        reconsideration,
        _rolled(reconsideration, calendar),
        litigation,
        None if litigation is None else _rolled(litigation, calendar),
    )


def after_decision(served: date, calendar: Calendar) -> Deadline:
    """The last day to sue after the reconsideration decision was served (15 days, 行政诉讼法 art. 45)."""
    return _rolled(served + timedelta(days=LITIGATION_AFTER_RECONSIDERATION_DAYS), calendar)


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _rolled(day: date, calendar: Calendar) -> Deadline:
    last = calendar.on_or_after(day)
    return Deadline(last, calendar.is_provisional(day - timedelta(days=1), last))


def _rule(rules: Sequence[_Rule], on: date) -> _Rule:
    for rule in rules:
        if rule.validity.holds(on):
            return rule
    raise RemedyError(
        f"{on} 早于《{norm('regulation').title}》（{norm('regulation').number}）的施行日，没有对应的救济告知。"
    )


def _notice(rule: _Rule, body: str, superior: str | None, **names: str) -> RemedyNotice:
    if not body.strip():
        raise RemedyError("救济告知缺少行政复议机关名称，请在机关资料中填写。")
    or_superior = f"或者{superior.strip()}" if superior and superior.strip() else ""
    text = rule.text
    for name, value in {"body": body.strip(), "or_superior": or_superior, **names}.items():
        text = text.replace("{" + name + "}", value)
    return RemedyNotice(text, rule.validity.since.isoformat(), rule.variant, rule.law)


def _rules(rows: Sequence[Mapping[str, Any]]) -> tuple[_Rule, ...]:
    """Read rules in order; ValueError unless each begins the day after the one before and the last is open."""
    rules = tuple(
        _Rule(
            row["variant"],
            Validity.from_json(dict(row)),
            row["text"],
            tuple(cite(*entry) for entry in row["law"]),
        )
        for row in rows
    )
    ends = [norm("regulation").validity.since, *(_next_day(rule.validity.until) for rule in rules)]
    if [rule.validity.since for rule in rules] != ends[:-1] or ends[-1] is not None:
        raise ValueError("data/remedies.json leaves a gap or an overlap between its regimes")
    return rules


def _next_day(day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=1)


_DATA = load("remedies")
_NOTICES: Mapping[RemedyClass, tuple[_Rule, ...]] = MappingProxyType(
    {
        remedy: _rules([row for row in _DATA["notices"] if row["class"] == remedy.value])
        for remedy in (RemedyClass.WITHHELD, RemedyClass.ORDINARY)
    }
)
_OVERDUE = _rules(_DATA["overdue"])
