"""The rules of a screening, all detectors over a passage, and the findings of a whole from its parts."""

import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

from gongkai.screening import marks, numbers, papers
from gongkai.screening.finding import DEFAULT_POLICY, Finding, Kind, Layer, Policy, Severity
from gongkai.screening.hits import Hit, Page
from gongkai.screening.lexicon import Lexicon, builtin_lexicon
from gongkai.screening.masking import excerpt, sample
from gongkai.screening.notation import notation
from gongkai.screening.passage import Concealed, Part, Passage, Place, Remark
from gongkai.screening.persons import named_rows
from gongkai.screening.punctuation import punctuation
from gongkai.screening.wording import wording

_DETECTORS = (
    numbers.numbers,
    papers.passports,
    papers.plates,
    papers.addresses,
    marks.classification_marks,
    marks.internal_marks,
    marks.draft_marks,
    notation,
    punctuation,
)
# What, standing in one row with a name, tells something of that person.
_OF_A_PERSON = frozenset(
    {
        Kind.RESIDENT_ID,
        Kind.BANK_CARD,
        Kind.PASSPORT,
        Kind.MOBILE_NUMBER,
        Kind.VEHICLE_PLATE,
        Kind.HOME_ADDRESS,
    }
)
_BESIDE_A_NAME = "；同一行列有姓名，足以识别到个人（个人信息保护法第四条）"

# Of one kind in one layer so many are listed; the rest is counted in one more finding.
LISTED_PER_KIND = 200

# A layer that says more about a stretch than the one its paragraph lies in comes first.
_TELLING = (
    Layer.UNDER_COVER,
    Layer.TRACKED_CHANGE,
    Layer.HIDDEN_TEXT,
    Layer.HIDDEN_SHEET,
    Layer.HIDDEN_COLUMN,
    Layer.HIDDEN_ROW,
)
_WHY_CONCEALED = "打印件上看不到、电子文件里仍在的内容；发布前应当清除"


@cache
def rules_version() -> str:
    """Names the rules of the software: the version of its word list and a digest of this room.

    It changes with every detector, reader and list, so that what was screened by others is known.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.rglob("*.py"), *here.rglob("*.json")]):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{builtin_lexicon().version}-{digest.hexdigest()[:12]}"


@dataclass(frozen=True)
class Rules:
    """By what is screened: how findings weigh, which words are wrong, and from how many rows of persons
    on their aggregation is a matter (保守国家秘密法实施条例第四十三条)."""

    policy: Policy = DEFAULT_POLICY
    lexicon: Lexicon = field(default_factory=builtin_lexicon)
    persons_warning: int = 50

    @cached_property
    def version(self) -> str:
        """Names these rules, in at most 40 characters; other rules or another software, another name."""
        if self == DEFAULT_RULES:
            return rules_version()
        said = json.dumps([sorted(self.policy.to_json().items()), self.lexicon.digest, self.persons_warning])
        return f"{rules_version()}+{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    def to_json(self) -> dict[str, Any]:
        """As plain values for json; `from_json` gives the same rules back."""
        return {
            "policy": self.policy.to_json(),
            "lexicon": self.lexicon.to_json(),
            "persons_warning": self.persons_warning,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """The rules that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            Policy.from_json(row["policy"]),
            Lexicon.from_json(row["lexicon"]),
            int(row["persons_warning"]),
        )


DEFAULT_RULES = Rules()


def hits(passage: Passage, lexicon: Lexicon | None = None) -> Iterator[Hit]:
    """Everything the detectors find in a passage, by the software's word list or another."""
    yield from _hits(Page.of(passage), lexicon or builtin_lexicon())


def _hits(page: Page, lexicon: Lexicon) -> Iterator[Hit]:
    for detect in _DETECTORS:
        yield from detect(page)
    yield from wording(page, lexicon)


def _place(passage: Passage, hit: Hit) -> Place | None:
    """The place a hit is reported at; None if this view of the text does not report it."""
    places = passage.places_over(hit.start, hit.end)
    if passage.only:
        return next((place for place in places if place.layer in passage.only), None)
    for layer in _TELLING:
        for place in places:
            if place.layer is layer:
                return place
    return places[0]


def _remark(remark: Remark, policy: Policy) -> Finding:
    return Finding(
        kind=remark.kind,
        layer=remark.layer,
        severity=policy.severity_of(remark.kind, remark.layer),
        excerpt=sample(remark.sample),
        location=remark.location,
        why=remark.why,
    )


class Collector:
    """Findings of one text or file, without repetitions and without a flood of one kind.

    `persons`: so many rows of lists that named a person were met so far.
    """

    def __init__(self, rules: Rules = DEFAULT_RULES) -> None:
        self.persons = 0
        self._policy = rules.policy
        self._lexicon = rules.lexicon
        self._seen: dict[Finding, None] = {}
        self._more: Counter[tuple[Kind, Layer]] = Counter()
        self._listed: Counter[tuple[Kind, Layer]] = Counter()
        self._places: dict[Layer, set[str]] = {}

    def take(self, parts: Iterable[Part]) -> None:
        """Screen parts as a reader yields them; what was found stays if the reader fails midway."""
        concealed: list[Concealed] = []
        try:
            for part in parts:
                if isinstance(part, Passage):
                    self.scan(part)
                elif isinstance(part, Concealed):
                    concealed.append(part)
                else:
                    self._add(_remark(part, self._policy))
        finally:
            for part in concealed:
                self._add_concealed(part)

    def scan(self, passage: Passage, *, offsets: bool = False) -> None:
        """Screen one passage; with `offsets`, each finding has its stretch in the passage's text."""
        page = Page.of(passage)
        rows = named_rows(page)
        starts = [start for start, _ in rows]
        if not passage.only:
            self.persons += len(rows)
        for hit in _hits(page, self._lexicon):
            place = _place(passage, hit)
            if place is None or not self._room(hit.kind, place.layer, place.location):
                continue
            row = bisect_right(starts, hit.start) - 1
            named = hit.kind in _OF_A_PERSON and row >= 0 and hit.start < rows[row][1]
            self._add(
                Finding(
                    kind=hit.kind,
                    layer=place.layer,
                    severity=self._weight(hit, place.layer),
                    excerpt=excerpt(passage.text, hit.start, hit.end, hit.shown),
                    location=place.location,
                    why=hit.why + _BESIDE_A_NAME if named else hit.why,
                    start=hit.start if offsets else None,
                    end=hit.end if offsets else None,
                )
            )

    def _weight(self, hit: Hit, layer: Layer) -> Severity:
        said = self._policy.severity_of(hit.kind, layer)
        return Severity.BLOCK if hit.severity is Severity.BLOCK else said

    def _room(self, kind: Kind, layer: Layer, location: str) -> bool:
        """Whether one more of the kind is listed; if not, it is counted before an excerpt is made."""
        if self._listed[kind, layer] < LISTED_PER_KIND:
            return True
        self._note(layer, location)
        self._more[kind, layer] += 1
        return False

    def _note(self, layer: Layer, location: str) -> None:
        """Remember a place with every place above it, so that `Concealed` can look its scope up."""
        steps = location.split("，")
        self._places.setdefault(layer, set()).update(
            "，".join(steps[: depth + 1]) for depth in range(min(len(steps), 8))
        )

    def _add(self, finding: Finding) -> None:
        if finding in self._seen or not self._room(finding.kind, finding.layer, finding.location):
            return
        self._note(finding.layer, finding.location)
        self._listed[finding.kind, finding.layer] += 1
        self._seen[finding] = None

    def _add_concealed(self, part: Concealed) -> None:
        if part.scope in self._places.get(part.layer, ()):
            return
        remark = Remark(Kind.HIDDEN_CONTENT, part.layer, part.scope, part.sample, _WHY_CONCEALED)
        self._add(_remark(remark, self._policy))

    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the document; floods end in one line that counts them."""
        rest = (
            Finding(
                kind=kind,
                layer=layer,
                severity=self._policy.severity_of(kind, layer),
                excerpt=f"另有 {count} 处同类内容未逐一列出",
                location="全文",
                why=f"同一层内同类内容超过 {LISTED_PER_KIND} 处",
            )
            for (kind, layer), count in self._more.items()
        )
        return (*self._seen, *rest)
