"""Every check on each filed report, for the agency that collects them: its own findings, and text that several share.

What is checked is the frozen content, so that the findings are of what would be released. The work is done in slices:
some seconds in the request that asks for it, the rest by the sweeper; the page shows how far it is.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.papers import in_chinese
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.journal import clock
from gongkai.reporting import checking, document, narrative, previous
from gongkai.reporting.compiling import Compiled
from gongkai.reporting.figures import Period
from gongkai.reporting.filing import DECIDE
from gongkai.reporting.inspection import copying
from gongkai.reporting.inspection.narrative import NAMES, Narrative
from gongkai.reporting.models import AnnualReport, Filing, FilingCheck
from gongkai.review.models import ReviewState
from gongkai.review.submission import content_of
from gongkai.rulebook.report_rules import Finding

# Seconds that one request, and one turn of the sweeper, spend on checking.
SLICE = 4.0
# Rules that ask the cases behind table three.
OF_RECORDS = ("C10", "C13")
SHOWN_LIKE, SHOWN_PASSAGES, LONGEST_PASSAGE = 3, 5, 600


def filed(agencies: QuerySet[Agency], year: int) -> QuerySet[Filing]:
    """The filings of a year that wait for a decision."""
    return Filing.objects.filter(
        report__agency__in=agencies, report__year=year, revision__state__state=ReviewState.State.HELD
    )


@dataclass(frozen=True)
class Progress:
    """How far the checks of a year's filings are: of all so many are checked, so many wait for their turn."""

    total: int
    done: int
    waiting: int

    @property
    def share(self) -> int:
        """How many of a hundred are checked."""
        return int(100 * self.done / self.total) if self.total else 100


def progress(agencies: QuerySet[Agency], year: int) -> Progress:
    """How far the checks of the filings of a year are that wait for a decision."""
    rows = list(filed(agencies, year).values_list("check_made__asked_at", "check_made__done_at"))
    done = sum(finished is not None for _asked, finished in rows)
    return Progress(len(rows), done, sum(asked is not None and end is None for asked, end in rows))


def ask(actor: Actor, year: int) -> int:
    """Ask for a new check of every filed report of the actor's collection, and begin it; how many."""
    moment = clock.now()
    rows = list(filed(agencies_for(actor, DECIDE), year).values_list("pk", flat=True))
    for pk in rows:
        FilingCheck.objects.update_or_create(
            filing_id=pk,
            defaults={"asked_at": moment, "done_at": None, "findings": [], "errors": 0, "warnings": 0},
        )
    work(SLICE)
    return len(rows)


def work(seconds: float = SLICE) -> int:
    """Check what was asked for, the longest waiting first, for so many seconds; how many were done."""
    until, done = time.monotonic() + seconds, 0
    waiting = (
        FilingCheck.objects.filter(done_at__isnull=True)
        .select_related("filing__report__agency", "filing__collector", "filing__revision")
        .order_by("asked_at", "pk")
    )
    shared: dict[tuple[Any, int], Mapping[int, list[dict[str, Any]]]] = {}
    for row in waiting:
        if done and time.monotonic() > until:
            break
        key = (row.filing.collector_id, row.filing.report.year)
        if key not in shared:
            shared[key] = _copied(*key)
        _finish(row, shared[key].get(row.filing_id, []))
        done += 1
    return done


def check(filing: Filing) -> FilingCheck:
    """Check one filing now, as when its page is opened before all were checked."""
    row, _made = FilingCheck.objects.update_or_create(
        filing=filing,
        defaults={"asked_at": clock.now(), "done_at": None, "findings": [], "errors": 0, "warnings": 0},
    )
    return _finish(row, _copied(filing.collector_id, filing.report.year).get(filing.pk, []))


def _finish(row: FilingCheck, copied: list[dict[str, Any]]) -> FilingCheck:
    found = own(row.filing) + copied
    found.sort(key=lambda one: one["severity"] != "error")
    row.findings = found
    row.errors = sum(one["severity"] == "error" for one in found)
    row.warnings = len(found) - row.errors
    row.done_at = clock.now()
    row.save(update_fields=["findings", "errors", "warnings", "done_at"])
    return row


@in_chinese
def own(filing: Filing) -> list[dict[str, Any]]:
    """What the checks find in the frozen report by itself, with last year's tables beside it."""
    content = content_of(filing.digest)
    if content is None:
        return [_said("FORM", "error", _("The content of this revision was erased; it cannot be released."))]
    year = int(content["year"])
    agency = filing.report.agency
    found = checking.findings(
        agency,
        Compiled(Period.of_year(year), document.counted_of(content)),
        {part: document.text_of(content, part) for part in narrative.PARTS},
        previous.tables(agency, year - 1),
        explained=bool(content["carry_over"].strip()),
        jumps_said=content.get("jumps"),
    )
    if content.get("rollup"):
        # Of a government the records behind the sums are its members' own; each was checked with its own report.
        found = tuple(one for one in found if one.rule not in OF_RECORDS)
    return [_of(one) for one in found]


def _of(one: Finding) -> dict[str, Any]:
    where = one.where
    label = " · ".join(
        filter(
            None, (where.table and document.CAPTIONS.get(where.table, NAMES.get(where.table)), where.column)
        )
    )
    cell = f"{where.table}.{where.row}.{where.column}" if where.row else (where.table or "")
    return _said(one.rule, one.severity, one.message, label, cell)


def _said(
    rule: str, severity: str, message: str, label: str = "", where: str = "", passages: Iterable[Any] = ()
) -> dict[str, Any]:
    return {
        "rule": rule,
        "severity": severity,
        "message": message,
        "label": label,
        "where": where,
        "passages": list(passages),
    }


def _copied(collector: Any, year: int) -> dict[int, list[dict[str, Any]]]:
    """Filing → what its text has in common with the other reports of the year, filed or public, and with the
    agency's own of last year (国办公开办函〔2021〕30号（四）：内容雷同)."""
    reports, texts = _texts(collector, year)
    found = copying.likenesses(texts) if len(texts) > 1 else {}
    answer: dict[int, list[dict[str, Any]]] = {}
    for place, (filing, _agency) in enumerate(reports):
        if filing is None:
            continue
        told = [one for one in found.get(place, ()) if one.told()][:SHOWN_LIKE]
        rows = [_like(one, one.other) for one in told]
        before = _last_year(filing.report)
        if before is not None:
            same = copying.likeness(texts[place], before)
            if same.told(last_year=True):
                rows.append(_like(same, before.name))
        if rows:
            answer[filing.pk] = rows
    return answer


def _texts(collector: Any, year: int) -> tuple[list[tuple[Filing | None, Agency]], list[copying.Compared]]:
    """The texts of a collection: what is filed, and of the other agencies what is public."""
    waiting = Filing.objects.filter(
        collector=collector, report__year=year, revision__state__state=ReviewState.State.HELD
    ).select_related("report__agency", "revision")
    found: list[tuple[Filing | None, Agency]] = []
    texts = []
    for row in waiting:
        if (content := content_of(row.digest)) is not None:
            found.append((row, row.report.agency))
            texts.append(_text(row.report.agency.name, content))
    below = Agency.objects.get(pk=collector)
    public = AnnualReport.objects.filter(
        year=year, live__isnull=False, agency__path__startswith=below.path
    ).exclude(agency__in=[agency.pk for _row, agency in found])
    for report in public.select_related("agency", "live"):
        content = content_of(report.live.digest) if report.live else None
        if content is not None:
            found.append((None, report.agency))
            texts.append(_text(report.agency.name, content))
    return found, texts


def _text(name: str, content: Mapping[str, Any]) -> copying.Compared:
    texts = {part: document.text_of(content, part) for part in narrative.PARTS}
    return copying.of_narrative(name, Narrative.of_texts(content["agency"], content["year"], texts))


def _last_year(report: AnnualReport) -> copying.Compared | None:
    before = AnnualReport.objects.filter(
        agency=report.agency, year=report.year - 1, live__isnull=False
    ).select_related("live")
    found = before.first()
    content = content_of(found.live.digest) if found and found.live else None
    return _text(_("its own report of last year"), content) if content else None


@in_chinese
def _like(one: copying.Likeness, other: str) -> dict[str, Any]:
    message = _(
        "%(share)d %% of the text stands in that of %(other)s too: say what is this agency's own."
    ) % {
        "share": round(one.share * 100),
        "other": other,
    }
    passages = [
        {"words": each.words[:LONGEST_PASSAGE], "length": each.length}
        for each in one.passages[:SHOWN_PASSAGES]
    ]
    return _said("COPY", "warning", message, other, "text", passages)
