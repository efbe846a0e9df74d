"""All detectors over a passage, and the findings of a whole made from its parts."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from gongkai.screening import marks, numbers, papers, wording
from gongkai.screening.finding import DEFAULT_POLICY, Finding, Kind, Layer, Policy
from gongkai.screening.hits import Hit, Page
from gongkai.screening.masking import excerpt, sample
from gongkai.screening.passage import Concealed, Part, Passage, Place, Remark

_DETECTORS = (
    numbers.numbers,
    papers.passports,
    papers.plates,
    papers.addresses,
    marks.classification_marks,
    marks.internal_marks,
    marks.draft_marks,
    wording.wording,
)

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
    """Names the rules a result was made by: the version of the word list and a digest of this room.

    It changes with every detector, reader and list, so that what was screened by others is known.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.rglob("*.py"), *here.rglob("*.json")]):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{wording.lexicon().version}-{digest.hexdigest()[:12]}"


def hits(passage: Passage) -> Iterator[Hit]:
    """Everything the detectors find in a passage."""
    page = Page.of(passage)
    for detect in _DETECTORS:
        yield from detect(page)


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
        severity=policy.severity_of(remark.kind),
        excerpt=sample(remark.sample),
        location=remark.location,
        why=remark.why,
    )


class Collector:
    """Findings of one text or file, without repetitions and without a flood of one kind."""

    def __init__(self, policy: Policy = DEFAULT_POLICY) -> None:
        self._policy = policy
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
        for hit in hits(passage):
            place = _place(passage, hit)
            if place is None or not self._room(hit.kind, place.layer, place.location):
                continue
            self._add(
                Finding(
                    kind=hit.kind,
                    layer=place.layer,
                    severity=self._policy.severity_of(hit.kind),
                    excerpt=excerpt(passage.text, hit.start, hit.end, hit.shown),
                    location=place.location,
                    why=hit.why,
                    start=hit.start if offsets else None,
                    end=hit.end if offsets else None,
                )
            )

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
                severity=self._policy.severity_of(kind),
                excerpt=f"另有 {count} 处同类内容未逐一列出",
                location="全文",
                why=f"同一层内同类内容超过 {LISTED_PER_KIND} 处",
            )
            for (kind, layer), count in self._more.items()
        )
        return (*self._seen, *rest)
