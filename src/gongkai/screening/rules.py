"""All detectors over a passage, and the findings of a whole made from its parts."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

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
    Layer.TRACKED_CHANGE,
    Layer.HIDDEN_TEXT,
    Layer.HIDDEN_SHEET,
    Layer.HIDDEN_COLUMN,
    Layer.HIDDEN_ROW,
)
_WHY_CONCEALED = "打印件上看不到、电子文件里仍在的内容；发布前应当清除"


@cache
def rules_version() -> str:
    """Names the rules a result was made by: a digest of every detector's code and data."""
    digest = hashlib.sha256()
    here = resources.files("gongkai.screening")
    for name in ("hits.py", "marks.py", "masking.py", "numbers.py", "papers.py", "passage.py", "rules.py"):
        digest.update(here.joinpath(name).read_bytes())
    digest.update(here.joinpath("wording.py").read_bytes())
    digest.update(wording.wording_source())
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


def scan(passage: Passage, policy: Policy = DEFAULT_POLICY, *, offsets: bool = False) -> Iterator[Finding]:
    """Findings in one passage; with `offsets`, each with its stretch in the passage's text."""
    for hit in hits(passage):
        place = _place(passage, hit)
        if place is None:
            continue
        yield Finding(
            kind=hit.kind,
            layer=place.layer,
            severity=policy.severity_of(hit.kind),
            excerpt=excerpt(passage.text, hit.start, hit.end, hit.shown),
            location=place.location,
            why=hit.why,
            start=hit.start if offsets else None,
            end=hit.end if offsets else None,
        )


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
    """Findings of one file, without repetitions and without a flood of one kind."""

    def __init__(self, policy: Policy) -> None:
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
                    for finding in scan(part, self._policy):
                        self._add(finding)
                elif isinstance(part, Concealed):
                    concealed.append(part)
                else:
                    self._add(_remark(part, self._policy))
        finally:
            for part in concealed:
                self._add_concealed(part)

    def _add(self, finding: Finding) -> None:
        if finding in self._seen:
            return
        steps = finding.location.split("，")
        self._places.setdefault(finding.layer, set()).update(
            "，".join(steps[: depth + 1]) for depth in range(min(len(steps), 8))
        )
        key = (finding.kind, finding.layer)
        if self._listed[key] >= LISTED_PER_KIND:
            self._more[key] += 1
            return
        self._listed[key] += 1
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
