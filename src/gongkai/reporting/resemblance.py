"""What the text of a report that is being written has in common with others: those published beside it, and our own
of last year. The form makes "内容雷同" a fault (国办公开办函〔2021〕30号（四）): a warning, which blocks nothing."""

from collections.abc import Mapping
from functools import lru_cache

from gongkai.agencies.models import Agency
from gongkai.reporting import document, previous
from gongkai.reporting.inspection import copying
from gongkai.reporting.inspection.copying import Compared
from gongkai.reporting.inspection.narrative import NAMES, Narrative
from gongkai.reporting.inspection.report import copied
from gongkai.reporting.models import AnnualReport
from gongkai.review.submission import content_of
from gongkai.rulebook.report_rules import Finding

_LAST_YEAR = "上一年度报告"


def resemblances(agency: Agency, year: int, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """One warning for each report that the texts (part → text, figures filled in) have much in common with.

    Compared are the reports on that year that are public under the same superior, and the agency's own report of
    the year before, published here or taken over.
    """
    own = copying.of_narrative(agency.name, Narrative.of_texts(agency.name, year, texts))
    found = [
        copied(one, "other", one.other)
        for one in copying.resembling(own, _beside(agency, year))
        if one.told()
    ]
    before = _last_year(agency, year - 1)
    if before is not None and (same := copying.likeness(own, before)).told(last_year=True):
        found.append(copied(same, "previous"))
    return tuple(found)


def _beside(agency: Agency, year: int) -> list[Compared]:
    """The texts of the other agencies under the same superior; none for one that has no superior."""
    if agency.parent is None:
        return []
    rows = (
        AnnualReport.objects.filter(
            year=year, live__isnull=False, agency__path__startswith=agency.parent.path
        )
        .exclude(agency=agency)
        .order_by("agency__path")
        .values_list("live__digest", "agency__name")
    )
    texts = (_published(digest, name) for digest, name in rows)
    return [text for text in texts if text is not None]


def _last_year(agency: Agency, year: int) -> Compared | None:
    texts = {part: previous.text(agency, year, part) for part in NAMES}
    if not any(texts.values()):
        return None
    return copying.of_narrative(_LAST_YEAR, Narrative.of_texts(agency.name, year, texts))


# What is public under a digest never changes; many pages of January ask for the same few dozen.
@lru_cache(maxsize=256)
def _published(digest: str, name: str) -> Compared | None:
    content = content_of(digest)
    if content is None:
        return None
    texts = {part: document.text_of(content, part) for part in NAMES}
    return copying.of_narrative(name, Narrative.of_texts(content["agency"], content["year"], texts))
