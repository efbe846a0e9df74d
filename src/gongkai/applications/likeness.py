"""Applications that want the same, or nearly (art. 36(6), 44(1)): found by keyed digests, since texts are sealed.

A text counts by its telling words and by the pairs of words that stand beside each other, so that a changed
order, other punctuation or a shorter wording still agrees. Rare features weigh more than common ones, and only
the rarest are looked up: the work is bounded, however many applications there are.
"""

import hashlib
import hmac
import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.applications import excess, personal
from gongkai.applications.models import (
    Application,
    CommonFeature,
    Likeness,
    LikenessFeature,
    Matter,
)
from gongkai.applications.personal import CO_APPLICANT, Request
from gongkai.files import sealing
from gongkai.journal import chain
from gongkai.search import index, query, words

LONGEST = 2000
MOST_FEATURES = 240
# A feature that this many texts have is common: counted once a day, looked up last.
COMMON_FROM = 200
# Of one search: rows that may be read, and texts that are compared in full.
BUDGET, COMPARED = 4000, 40
LEAST = 0.4
SHOWN = 10
MOST_REASONS = 6
ALL = 0
_BOILERPLATE = frozenset(
    json.loads(resources.files(__package__).joinpath("data", "likeness.json").read_text(encoding="utf-8"))[
        "boilerplate"
    ]
)


@dataclass(frozen=True)
class Published:
    """A public item that may hold what is wanted. shared: the number, or the words, that speak for it."""

    hit: query.Hit
    shared: list[str]


@dataclass(frozen=True)
class Alike:
    """A case like the one looked at. score: 0 to 1, 1 where the wording is the same."""

    case: Application
    score: float
    same_text: bool
    same_applicant: bool


def telling(text: str) -> list[str]:
    """The words of a text that tell it apart, in order, and its document numbers."""
    text = text[:LONGEST]
    return [word for word in words.asked(text) if word not in _BOILERPLATE] + words.numbers(text)


def features(text: str) -> list[int]:
    """The text as numbers: a keyed digest of each telling word and of each two beside each other."""
    said = telling(text)
    pairs = ["|".join(sorted(two)) for two in pairwise(said)]
    key = sealing.lookup_key()
    return list(dict.fromkeys(_digest(key, each) for each in [*said, *pairs]))[:MOST_FEATURES]


def _digest(key: bytes, text: str) -> int:
    made = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return int.from_bytes(made[:8], "big") >> 1 or 1


def print_of(text: str) -> str:
    """The keyed digest of a wanted text without punctuation, width, brackets and boilerplate; equal texts agree."""
    return sealing.fingerprint("likeness " + "|".join(telling(text)))


def worded(text: str) -> QuerySet[Likeness]:
    """The applications of the same wording; none for a text that tells nothing, as of a letter filed as a picture."""
    return Likeness.objects.filter(print=print_of(text)) if telling(text) else Likeness.objects.none()


def nothing() -> str:
    """The print of whatever tells nothing: such texts are not the same wish."""
    return print_of("")


def add(case: Application, request: Request) -> None:
    """Put a registered application into the index, inside the transaction that registers it."""
    if case.matter != Matter.INFORMATION:
        return
    row = Likeness.objects.create(application=case, agency_id=case.agency_id, print=print_of(request.excerpt))
    LikenessFeature.objects.bulk_create(
        [LikenessFeature(likeness=row, feature=each) for each in features(request.excerpt)]
    )


def forget(case: UUID) -> None:
    """Take a case, by its id, out of the index, when its personal data is destroyed."""
    Likeness.objects.filter(application=case).delete()


def near(
    text: str, agencies: QuerySet[Agency] | Collection[Any], *, without: UUID | None = None
) -> list[Any]:
    """The likeliest applications of these agencies for a text: [(application id, score)], best first."""
    asked = features(text)
    if not asked:
        return []
    common = dict(CommonFeature.objects.filter(feature__in=[ALL, *asked]).values_list("feature", "count"))
    # In a full index the newest key says about as much as a count, and costs nothing.
    total = max(common.pop(ALL, 0), getattr(Likeness.objects.order_by("-pk").first(), "pk", 0), 1)
    looked_up = _rarest(asked, common)
    rows = (
        LikenessFeature.objects.filter(feature__in=looked_up, likeness__agency__in=agencies)
        .exclude(likeness__application=without)
        .values_list("likeness", "feature")[: 4 * BUDGET]
    )
    having: defaultdict[int, set[int]] = defaultdict(set)
    for likeness, feature in rows:
        having[likeness].add(feature)
    weight = _weights(asked, common, total)
    first = sorted(having, key=lambda pk: -sum(weight[each] for each in having[pk]))[:COMPARED]
    whole: defaultdict[int, set[int]] = defaultdict(set)
    for likeness, feature in LikenessFeature.objects.filter(likeness__in=first).values_list(
        "likeness", "feature"
    ):
        whole[likeness].add(feature)
    unknown = math.log1p(total / (COMMON_FROM / 4))
    mine = set(asked)
    scored = [(pk, _score(mine, theirs, weight, unknown)) for pk, theirs in whole.items()]
    best = sorted((each for each in scored if each[1] >= LEAST), key=lambda each: -each[1])[:SHOWN]
    cases = dict(Likeness.objects.filter(pk__in=[pk for pk, _s in best]).values_list("pk", "application"))
    return [(cases[pk], score) for pk, score in best]


def _rarest(asked: Sequence[int], common: Mapping[int, int]) -> list[int]:
    """As many features as the budget bears, the rarest first, and one at least."""
    chosen: list[int] = []
    spent = 0
    for each in sorted(asked, key=lambda each: common.get(each, 0)):
        spent += common.get(each, COMMON_FROM // 4)
        if chosen and spent > BUDGET:
            break
        chosen.append(each)
    return chosen


def _weights(asked: Iterable[int], common: Mapping[int, int], total: int) -> dict[int, float]:
    return {each: math.log1p(total / common.get(each, COMMON_FROM / 4)) for each in asked}


def _score(mine: set[int], theirs: set[int], weight: Mapping[int, float], unknown: float) -> float:
    """How alike two texts are: what both have, against what either has and, for a part, against the shorter."""

    def of(some: Iterable[int]) -> float:
        return sum(weight.get(each, unknown) for each in some)

    both, one, other = of(mine & theirs), of(mine), of(theirs)
    smaller = min(one, other)
    part = 0.9 * both / smaller if min(len(mine), len(theirs)) >= 6 else 0.0
    return max(2 * both / (one + other), part)


def of(actor: Actor, case: Application) -> list[Alike]:
    """Cases alike to this one in the agencies whose applications the actor may see; best first.

    Those of the same applicant come first. Nothing personal is opened but this case's own request, by which
    is looked up; the caller has shown that already.
    """
    request = personal.request(case)
    agencies = list(agencies_for(actor, "application.read").values_list("pk", flat=True))
    scores = dict(near(request.excerpt, agencies, without=case.pk))
    same = set(
        worded(request.excerpt)
        .filter(agency__in=agencies)
        .exclude(application=case)
        .order_by("-pk")
        .values_list("application", flat=True)[:SHOWN]
    )
    scores |= dict.fromkeys(same, 1.0)
    theirs = set(by_same_applicant(case).filter(agency__in=agencies).values_list("pk", flat=True)[:200])
    rows = Application.objects.filter(pk__in=scores).select_related("agency")
    found = [Alike(row, scores[row.pk], row.pk in same, row.pk in theirs) for row in rows]
    return sorted(found, key=lambda each: (not each.same_applicant, -each.score, each.case.number))[:SHOWN]


def by_same_applicant(case: Application) -> QuerySet[Application]:
    """Other cases of the same applicant, one of several applicants too: an agent, or who acts for an organisation,
    applies for somebody else, and whoever they act for next has asked for nothing before."""
    same = excess.same_applicant(case, (CO_APPLICANT,))
    return Application.objects.exclude(pk=case.pk).filter(same).order_by("-registered_at")


def published(case: Application) -> Sequence[Published]:
    """Public items that may hold what is wanted, each with what speaks for it; none where the index is still being
    made."""
    wanted = personal.request(case).excerpt
    try:
        hits = query.likely(" ".join(telling(wanted)))
    except index.IndexMissing:
        return ()
    return [Published(hit, _shared(wanted, hit)) for hit in hits]


def _shared(wanted: str, hit: query.Hit) -> list[str]:
    """The document number or the telling words that a request has in common with an item's title."""
    asked = set(words.numbers(wanted))
    if hit.number and asked & set(words.numbers(hit.number)):
        return [hit.number]
    title = set(telling(hit.title))
    return [word for word in telling(wanted) if word in title and len(word) > 1][:MOST_REASONS]


def count_common() -> int:
    """Count anew how many texts have each common feature; how many are common. Run daily."""
    counted = (
        LikenessFeature.objects.values("feature")
        .annotate(n=Count("likeness"))
        .filter(n__gte=COMMON_FROM)
        .values_list("feature", "n")
    )
    rows = [CommonFeature(feature=feature, count=n) for feature, n in counted]
    with transaction.atomic():
        CommonFeature.objects.all().delete()
        CommonFeature.objects.create(feature=ALL, count=Likeness.objects.count())
        CommonFeature.objects.bulk_create(rows)
    return len(rows)


def catch_up(most: int = 200) -> int:
    """Index applications that were registered before the index existed; how many. Whose key is destroyed stays out.

    One journal entry says that the texts were read by the program.
    """
    lacking = Application.objects.filter(matter=Matter.INFORMATION, likeness__isnull=True).order_by("-number")
    done = 0
    with transaction.atomic():
        for case in lacking.select_for_update(of=("self",))[:most]:
            if sealing.destroyed(case.case_key):
                continue
            add(case, personal.request(case))
            done += 1
        if done:
            chain.record("application.indexed", chain.SWEEPER, count=done)
    return done
