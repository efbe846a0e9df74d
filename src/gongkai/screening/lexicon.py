"""Dictionaries of wording (错敏词库): terms as data with a version, found together in one pass.

An Aho-Corasick automaton looks for all terms at once; its time grows with the text and not with the
number of terms. The list that comes with the software is data/wording.json.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any, Self

from gongkai.screening.automaton import Automaton
from gongkai.screening.finding import Severity
from gongkai.screening.passage import fold

MOST_TERMS = 50_000
LONGEST_TERM = 60
LONGEST_NOTE = 500
MOST_ALLOWED = 50

# Conditions of a term: written word → what it means. Without one a term counts wherever it stands.
DATE = "date"
CONDITIONS: Mapping[str, str] = {"": "出现即算", DATE: "后面是时间才算"}


@dataclass(frozen=True, slots=True)
class Term:
    """One wrong form.

    right: what should stand there; empty where the form is not to be used at all. why: the reason,
    shown with the finding. before: `date` where the form is wrong only before a date. allowed: longer
    phrases that hold the form and are right. severity: `block` where this term alone weighs more than
    the policy says of wording; a term never weighs less. group: for people, such as 涉港澳台用语.
    """

    wrong: str
    right: str = ""
    why: str = ""
    before: str = ""
    allowed: tuple[str, ...] = ()
    severity: Severity | None = None
    group: str = ""

    def problem(self) -> str | None:
        """What is wrong with this term itself, as one sentence that says what to do; None if nothing."""
        for what, text, limit in (
            ("错误写法", self.wrong, LONGEST_TERM),
            ("规范写法", self.right, LONGEST_TERM),
            ("理由", self.why, LONGEST_NOTE),
            ("分组", self.group, LONGEST_TERM),
            *(("例外", phrase, LONGEST_TERM) for phrase in self.allowed),
        ):
            if len(text) > limit:
                return f"{what}“{text[:20]}…”超过 {limit} 字，请改短"
            if any(ord(char) < 0x20 for char in text):
                return f"{what}“{self.wrong[:20]}”中有换行或控制字符，请删去"
        folded = fold(self.wrong)
        if not folded.strip():
            return "错误写法是空的，请填写或删去这一行"
        if self.before not in CONDITIONS:
            return f"“{self.wrong}”的条件“{self.before[:20]}”无法识别，请写“日期”或留空"
        if len(folded.strip()) == 1 and not self.before:
            return f"“{self.wrong}”只有一个字，处处都会命中，请写成词语或注明条件“日期”"
        if folded == fold(self.right):
            return f"“{self.wrong}”的规范写法与错误写法相同，请改正其中一个"
        if len(self.allowed) > MOST_ALLOWED:
            return f"“{self.wrong}”的例外超过 {MOST_ALLOWED} 个，请减少"
        lost = next((phrase for phrase in self.allowed if folded not in fold(phrase)), None)
        if lost is not None:
            return f"例外“{lost}”中没有“{self.wrong}”，不起作用，请改正"
        return None

    def reason(self) -> str:
        """The sentence that a finding shows."""
        note = self.why or ("" if self.right else "词库列为不规范用语")
        should = f"应为“{self.right}”" if self.right else ""
        return "：".join(part for part in (should, note) if part)

    def to_json(self) -> dict[str, Any]:
        """As plain values for json, without what is empty; `from_json` gives the same term back."""
        row: dict[str, Any] = {"wrong": self.wrong}
        for key in ("right", "why", "before", "group"):
            if getattr(self, key):
                row[key] = getattr(self, key)
        if self.allowed:
            row["allowed"] = list(self.allowed)
        if self.severity:
            row["severity"] = str(self.severity)
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """The term that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            wrong=str(row["wrong"]),
            right=str(row.get("right", "")),
            why=str(row.get("why", "")),
            before=str(row.get("before", "")),
            allowed=tuple(map(str, row.get("allowed", ()))),
            severity=Severity(row["severity"]) if row.get("severity") else None,
            group=str(row.get("group", "")),
        )


@dataclass(frozen=True)
class Lexicon:
    """Terms with their version; of two terms of one form the later counts. Made by `of` or `merged`."""

    version: str
    terms: tuple[Term, ...]
    _by_form: Mapping[str, Term] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_form", {fold(term.wrong): term for term in self.terms})

    @classmethod
    def of(cls, terms: Iterable[Term], version: str) -> Self:
        """A lexicon of these terms. Raises ValueError with the sentence about the first bad one."""
        kept = {fold(term.wrong): term for term in terms}
        if len(kept) > MOST_TERMS:
            raise ValueError(f"词库超过 {MOST_TERMS} 条，请拆分")
        problem = next(filter(None, (term.problem() for term in kept.values())), None)
        if problem:
            raise ValueError(problem)
        return cls(version, tuple(kept.values()))

    def __len__(self) -> int:
        return len(self._by_form)

    @cached_property
    def digest(self) -> str:
        """Names version and terms; another one means other rules."""
        text = json.dumps([self.version, [term.to_json() for term in self.terms]], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _patterns(self) -> list[tuple[str, Term | None]]:
        """All forms and, without a term, the phrases in which a form is right."""
        allowed = {fold(phrase): None for term in self._by_form.values() for phrase in term.allowed}
        return [
            *allowed.items(),
            *((form, term) for form, term in self._by_form.items() if form not in allowed),
        ]

    @cached_property
    def _automaton(self) -> Automaton:
        return Automaton([form for form, _ in self._patterns])

    def matches(self, raw: bytes) -> Iterator[tuple[int, int, Term]]:
        """(start, end, term) of every form in a folded text, given encoded, ascending.

        A form inside a longer form, or inside a phrase in which it is right, is not told.
        """
        found = self._automaton.find(raw)
        covered = 0
        for index, start, end in sorted(found, key=lambda match: (match[1], -match[2])):
            if end <= covered:
                continue
            covered = end
            term = self._patterns[index][1]
            if term is not None:
                yield start, end, term

    def to_json(self) -> dict[str, Any]:
        """As plain values for json; the list of the software is only named."""
        if self is builtin_lexicon():
            return {"builtin": True}
        return {"version": self.version, "terms": [term.to_json() for term in self.terms]}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Lexicon":
        """The lexicon that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        if row.get("builtin"):
            return builtin_lexicon()
        return cls(str(row["version"]), tuple(map(Term.from_json, row["terms"])))


def merged(*lexicons: Lexicon) -> Lexicon:
    """One lexicon of several; of two terms of one form that of the later lexicon counts."""
    terms = {fold(term.wrong): term for lexicon in lexicons for term in lexicon.terms}
    return Lexicon("+".join(lexicon.version for lexicon in lexicons), tuple(terms.values()))


@cache
def builtin_lexicon() -> Lexicon:
    """The terms that come with the software."""
    data = json.loads(resources.files("gongkai.screening").joinpath("data/wording.json").read_bytes())
    groups = data["groups"]
    terms = (Term.from_json({**row, "group": group}) for group, rows in groups.items() for row in rows)
    return Lexicon.of(terms, data["version"])
