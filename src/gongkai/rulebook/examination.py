"""What the confidentiality sheet answers, item by item, and to which conclusion that may lead (rulebook 6.6).

Ten points with the articles of the day, the four conclusions 公开、部分公开、不公开、报请确定, and who may determine
what is a state secret (保密法第二十五条). Pure: the facts of a review are handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any

from gongkai.rulebook.catalogue import GROUNDS, Ground
from gongkai.rulebook.datafiles import load
from gongkai.rulebook.norms import Validity, citation, cite, together

LONGEST = 500
"""Characters of a note, an authority or a document number."""


class Effect(Enum):
    """What an answer means for disclosure."""

    CLEAR = "clear"
    PARTIAL = "partial"
    """Only with parts taken out."""
    CLOSED = "closed"
    """Not to be disclosed as it is."""
    WITHHELD = "withheld"
    """Never to be disclosed: a state secret."""
    REFER = "refer"
    """Somebody above determines it (条例第十七条)."""
    WAIT = "wait"
    """Not before it is settled (条例第十一条)."""


class Conclusion(Enum):
    """The four conclusions of an examination."""

    OPEN = "open"
    PARTIAL = "partial"
    WITHHELD = "withheld"
    REFERRED = "referred"

    @property
    def label(self) -> str:
        return str(_CONCLUSIONS[self]["label"])

    @property
    def discloses(self) -> bool:
        """Whether it lets the content go out: only then may the second step be passed."""
        return self in (Conclusion.OPEN, Conclusion.PARTIAL)


@dataclass(frozen=True, slots=True)
class Basis:
    """An article with the days on which it is the law; `verified` False: known at second hand."""

    text: str
    validity: Validity
    verified: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An allowed answer. fields: what must be said besides (note, authority, document); ground: the ground on which
    nothing is disclosed where this is the answer, a key of `catalogue.GROUNDS`."""

    code: str
    label: str
    effect: Effect
    fields: tuple[str, ...] = ()
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One of the ten points."""

    number: int
    key: str
    question: str
    bases: tuple[Basis, ...]
    answers: tuple[Answer, ...]

    def law(self, on: date) -> str:
        """The articles of that day, as the sheet prints them; empty where none held yet."""
        return _law(self.bases, on)

    def answer(self, code: str) -> Answer | None:
        """The allowed answer of that code; None where there is none."""
        return next((each for each in self.answers if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Level:
    """A body that answers what is referred to it; `determines_secrets`: also whether something is a state secret."""

    code: str
    label: str
    determines_secrets: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answered to one point."""

    answer: str
    note: str = ""
    authority: str = ""
    document: str = ""

    def told(self) -> str:
        """Everything beside the answer, as one text."""
        approved = " ".join(each for each in (self.authority, self.document) if each)
        return "；".join(each for each in (approved, self.note) if each)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the review knows beside the answers.

    on: the day; persons: rows of persons that were found, many from `many`; redacted: something was taken out of
    the files or the text; asked, refused: other agencies that were asked, and those among them that refused;
    waiting: those that have not answered; determined: the answers to referrals of this very content, as conclusions;
    referred: a referral is open; impact: number or place of the impact assessment (个人信息保护法第五十五条).
    """

    on: date
    persons: int = 0
    many: int = 100
    redacted: bool = False
    asked: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    determined: tuple[Conclusion, ...] = ()
    referred: bool = False
    sensitive: bool = False
    impact: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a conclusion cannot be drawn: one sentence that says what to do; `point`: at which point, or empty."""

    message: str
    point: str = ""
    article: str = field(default="")


def obstacles(
    answers: Mapping[str, Said], conclusion: Conclusion | None, grounds: Iterable[str], facts: Facts
) -> list[Obstacle]:
    """What stands between these answers and this conclusion; an empty list where nothing does.

    grounds: keys of `GROUNDS_TO_WITHHOLD`, needed for 不公开 and only for it.
    """
    found: list[Obstacle] = []
    effects: dict[str, Answer] = {}
    for point in POINTS.values():
        said = answers.get(point.key)
        answer = point.answer(said.answer) if said else None
        if said is None or answer is None:
            found.append(Obstacle(f"第{point.number}项“{point.question}”没有回答，请选择一项。", point.key))
            continue
        effects[point.key] = answer
        found += _unsaid(point, answer, said)
    found += _of_facts(answers, facts)
    if conclusion is None:
        found.append(Obstacle("没有审查结论，请选择公开、部分公开、不公开或者报请确定。"))
    elif len(effects) == len(POINTS):
        found += _between(effects, conclusion, tuple(grounds), facts)
    return found


def _unsaid(point: Point, answer: Answer, said: Said) -> list[Obstacle]:
    found = []
    for name in answer.fields:
        if not getattr(said, name).strip():
            found.append(
                Obstacle(f"第{point.number}项选择“{answer.label}”的，请填写{_FIELDS[name]}。", point.key)
            )
    return found


def _of_facts(answers: Mapping[str, Said], facts: Facts) -> list[Obstacle]:
    found = []
    together_with = answers.get("aggregation")
    if facts.persons >= facts.many and together_with is not None and not together_with.note.strip():
        found.append(
            Obstacle(
                f"送审内容中有{facts.persons}行个人信息，第9项请说明汇聚、关联的风险和处理情况。",
                "aggregation",
                POINTS["aggregation"].law(facts.on),
            )
        )
    if facts.sensitive and not facts.impact.strip() and _personal_law(facts.on):
        found.append(
            Obstacle(
                "公开敏感个人信息前应当作个人信息保护影响评估，请填写评估报告的编号或者存放处；记录至少保存三年。",
                "third_party",
                _personal_law(facts.on),
            )
        )
    others = answers.get("other_agencies")
    if others is not None and facts.asked and others.answer == "no":
        found.append(
            Obstacle(
                f"已就本稿与{'、'.join(sorted(facts.asked))}协商，第7项不能选“不涉及”。", "other_agencies"
            )
        )
    if others is not None and others.answer == "agreed" and (facts.refused or facts.waiting):
        who = "、".join(sorted(facts.refused | facts.waiting))
        found.append(
            Obstacle(
                f"{who}尚未答复或者不同意，第7项不能选“已协商一致”。",
                "other_agencies",
                cite("regulation", 11, 1),
            )
        )
    return found


def _between(
    effects: Mapping[str, Answer], conclusion: Conclusion, grounds: tuple[str, ...], facts: Facts
) -> list[Obstacle]:
    """What the answers, taken together, say against a conclusion."""

    def at(*wanted: Effect) -> list[Point]:
        return [POINTS[key] for key, answer in effects.items() if answer.effect in wanted]

    if conclusion is Conclusion.WITHHELD:
        if not grounds or any(each not in GROUNDS_TO_WITHHOLD for each in grounds):
            return [
                Obstacle("结论为不公开的，请选择条例第十四条至第十六条规定的理由。", "", _WITHHOLDING_LAW)
            ]
        if not at(Effect.CLOSED, Effect.WITHHELD) and Conclusion.WITHHELD not in facts.determined:
            return [
                Obstacle(
                    "逐项审查没有发现不应当公开的内容，不能得出不公开的结论。", "", cite("regulation", 5)
                )
            ]
        return []
    if at(Effect.WITHHELD):
        return [
            Obstacle(
                "第1项答“属于国家秘密”的，只能得出不公开的结论。", "state_secret", cite("regulation", 14)
            )
        ]
    doubtful = [point for point in at(Effect.REFER) if not facts.determined]
    if conclusion is Conclusion.REFERRED:
        if not at(Effect.REFER):
            return [Obstacle("没有不能确定的项目，不需报请确定；请作出结论。", "", cite("regulation", 17))]
        return []
    if facts.referred:
        return [Obstacle("报请确定尚未答复，不能得出公开的结论。", "", cite("regulation", 17))]
    if Conclusion.WITHHELD in facts.determined:
        return [Obstacle("报请确定的答复为不得公开，只能得出不公开的结论。", "", cite("regulation", 17))]
    found = [
        Obstacle(f"第{point.number}项不能确定，请报请确定。", point.key, cite("regulation", 17))
        for point in doubtful
    ]
    found += [
        Obstacle(
            f"第{point.number}项尚未办妥，不能公开；请先取得同意或者批准。", point.key, point.law(facts.on)
        )
        for point in at(Effect.WAIT)
    ]
    found += [
        Obstacle(
            f"第{point.number}项答“{effects[point.key].label}”，不能公开；能够区分的，退回去除后重新送审。",
            point.key,
            point.law(facts.on),
        )
        for point in at(Effect.CLOSED)
    ]
    partly = at(Effect.PARTIAL) or Conclusion.PARTIAL in facts.determined
    if conclusion is Conclusion.OPEN and partly:
        found.append(
            Obstacle(
                "有内容已去除或者只能部分公开，结论请选“部分公开”。", "severable", cite("regulation", 37)
            )
        )
    if conclusion is Conclusion.PARTIAL and not (partly or facts.redacted):
        found.append(Obstacle("没有去除任何内容，结论不是部分公开。", "severable", cite("regulation", 37)))
    if conclusion is Conclusion.PARTIAL and effects["severable"].code == "no":
        found.append(
            Obstacle(
                "结论为部分公开的，第10项请选“已区分处理”并说明去除了什么。",
                "severable",
                cite("regulation", 37),
            )
        )
    return found


def suggested(answers: Mapping[str, Said], facts: Facts) -> Conclusion | None:
    """The conclusion to which complete answers lead; None while one is missing."""
    found = set()
    for point in POINTS.values():
        said = answers.get(point.key)
        answer = point.answer(said.answer) if said else None
        if answer is None:
            return None
        found.add(answer.effect)
    if Effect.WITHHELD in found or Conclusion.WITHHELD in facts.determined:
        return Conclusion.WITHHELD
    if Effect.REFER in found and not facts.determined:
        return Conclusion.REFERRED
    if Effect.CLOSED in found:
        return Conclusion.WITHHELD
    if Effect.PARTIAL in found or facts.redacted or Conclusion.PARTIAL in facts.determined:
        return Conclusion.PARTIAL
    return Conclusion.OPEN


def nothing_found() -> dict[str, Said]:
    """The answers of somebody to whom nothing stands in the way."""
    return {key: Said(point.answers[0].code) for key, point in POINTS.items()}


def differing(first: Mapping[str, Said], second: Mapping[str, Said]) -> tuple[Point, ...]:
    """The points that two people answered differently, in the order of the sheet."""
    return tuple(point for key, point in POINTS.items() if first.get(key) != second.get(key))


def law_of(conclusion: Conclusion, grounds: Iterable[str] = ()) -> str:
    """The articles on which a conclusion rests, as the sheet prints them."""
    own = [citation(entry) for entry in _CONCLUSIONS[conclusion]["law"]]
    return together([*own, *(GROUNDS[each].law for each in grounds if each in GROUNDS)])


def determining(level: str, on: date) -> Obstacle | None:
    """Why an answer of that level does not say whether something is a state secret; None where it does."""
    if LEVELS[level].determines_secrets:
        return None
    article = _law(_DETERMINING, on)
    return Obstacle(
        "是否属于国家秘密，只有国家或者省、自治区、直辖市保密行政管理部门能够确定；请逐级上报，登记有权机关的答复。",
        "",
        article,
    )


def _law(bases: Iterable[Basis], on: date) -> str:
    return together(each.text for each in bases if each.validity.holds(on))


def _personal_law(on: date) -> str:
    bases = [each for each in POINTS["third_party"].bases if "个人信息保护法" in each.text]
    return _law(bases, on)


def _bases(rows: Iterable[Mapping[str, Any]]) -> tuple[Basis, ...]:
    return tuple(Basis(citation(row["cite"]), Validity.from_json(dict(row)), row["verified"]) for row in rows)


def _points(rows: Iterable[Mapping[str, Any]]) -> dict[str, Point]:
    points = {}
    for number, row in enumerate(rows, start=1):
        answers = tuple(
            Answer(
                each["code"],
                each["label"],
                Effect(each["effect"]),
                tuple(each.get("fields", ())),
                each.get("ground", ""),
            )
            for each in row["answers"]
        )
        points[row["key"]] = Point(number, row["key"], row["question"], _bases(row["law"]), answers)
    if len(points) != 10 or any(each.answers[0].effect is not Effect.CLEAR for each in points.values()):
        raise ValueError("data/examination.json must hold ten points, the first answer of each a clear one")
    return points


_DATA = load("examination")
_FIELDS = {"note": "说明", "authority": "批准机关", "document": "批准文号"}
_CONCLUSIONS: Mapping[Conclusion, Mapping[str, Any]] = MappingProxyType(
    {Conclusion(row["code"]): row for row in _DATA["conclusions"]}
)
POINTS: Mapping[str, Point] = MappingProxyType(_points(_DATA["points"]))
"""The ten points by their key, in the order of the sheet."""
LEVELS: Mapping[str, Level] = MappingProxyType(
    {row["code"]: Level(row["code"], row["label"], row["determines_secrets"]) for row in _DATA["levels"]}
)
"""Who answers a referral."""
GROUNDS_TO_WITHHOLD: Mapping[str, Ground] = MappingProxyType(
    {key: ground for key, ground in GROUNDS.items() if key != "special_access_law"}
)
"""The grounds of arts. 14 to 16."""
_DETERMINING = _bases(_DATA["determining_secrets"])
_WITHHOLDING_LAW = together(each.law for each in GROUNDS_TO_WITHHOLD.values())
