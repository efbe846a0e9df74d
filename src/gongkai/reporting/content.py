"""The content of a report as people write it, and as it is frozen.

The JSON object of a draft: opening, overview, problems, other (texts with bound figures), starts ({figure key:
ISO day} where a count begins before the year), carry_over (why r2 is not last year's r4; C4), correction (of a report
published before: what is corrected and why), followups (what became of last year's problems, see followups.py), jumps and
jumps_in_text (why figures moved much, see jumps.py). Frozen,
`title`, `agency`, `year`, `tables` (the form of cli.md), `figures` ({key: {value, groups, manual}}) with `records` (the groups of primary keys that they name), `previous`
(last year's tables or None, for comparison), `earlier` (years taken over from files, released with it) and `columns` ({code: name} of the columns counted) stand beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Refused
from gongkai.journal import clock
from gongkai.reporting import (
    checking,
    compiling,
    document,
    figures,
    followups,
    jumps,
    manual,
    narrative,
    open_data,
    previous,
    resemblance,
    rollup,
    rollup_checks,
    rollup_text,
)
from gongkai.reporting.compiling import Compiled
from gongkai.reporting.figures import Period
from gongkai.reporting.models import AnnualReport, ManualFigure
from gongkai.reporting.narrative import Words
from gongkai.reporting.rollup import Whole
from gongkai.reporting.sources import columns
from gongkai.review import submission
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook.report_form import ReportTables
from gongkai.rulebook.report_rules import Finding

KIND = "report"
EMPTY: dict[str, Any] = dict.fromkeys(narrative.PARTS, "") | {
    "starts": {},
    "carry_over": "",
    "correction": "",
    "followups": [],
    "jumps": {},
    "jumps_in_text": False,
}
LONGEST_EXPLANATION = 500


@dataclass(frozen=True)
class Standing:
    """A report as it stands now: what people wrote, what the records give, and what the checks find."""

    report: AnnualReport
    said: Mapping[str, Any]
    compiled: Compiled
    previous: ReportTables | None
    findings: tuple[Finding, ...]
    last_problems: tuple[str, ...] = ()
    # Of a government: the members it is summed from.
    whole: Whole | None = None

    @property
    def words(self) -> Words:
        return Words.of(self.report.agency, self.report.year)

    def text(self, part: str) -> str:
        """A part as it is printed, with its figures filled in."""
        return narrative.filled(document.whole(self.said, part), self.compiled.counted, self.words)


def proposed(agency: Agency, year: int) -> dict[str, Any]:
    """The content that a report begins with: the starting texts. A government speaks of its departments too, of what
    all of them state."""
    texts = {part: narrative.proposed(part) for part in narrative.PARTS}
    _figures, whole = (
        _compiled(AnnualReport(agency=agency, year=year), {}) if agency.government else (None, None)
    )
    return EMPTY | texts | (rollup_text.proposed(whole) if whole else {})


def starts_of(said: Mapping[str, Any]) -> dict[str, date]:
    """The first days of counts that begin before the year. ValueError for a day that is none."""
    return {key: date.fromisoformat(day) for key, day in said["starts"].items()}


def standing(report: AnnualReport, content: Mapping[str, Any]) -> Standing:
    """Count and check a report with this content. Raises Refused where a count begins after the year."""
    said = EMPTY | dict(content)
    compiled, whole = _compiled(report, starts_of(said))
    before = previous.tables(report.agency, report.year - 1)
    if said["jumps_in_text"]:
        said["jumps_text"] = jumps.printed(compiled.tables, before, said["jumps"])
    words = Words.of(report.agency, report.year)
    texts = {
        part: narrative.filled(document.whole(said, part), compiled.counted, words)
        for part in narrative.PARTS
    }
    found = checking.findings(
        report.agency,
        compiled,
        texts,
        before,
        explained=bool(said["carry_over"].strip()),
        jumps_said=said["jumps"],
        records=whole.own if whole else None,
    )
    if whole is not None:
        bound = frozenset(key for part in narrative.PARTS for key in narrative.bound(said[part]))
        found = (*rollup_checks.findings(whole, bound), *found)
    found = (*found, *resemblance.resemblances(report.agency, report.year, texts))
    named = last_problems(report)
    found += tuple(followups.findings(named, said, texts["problems"]))
    return Standing(report, said, compiled, before, found, named, whole)


def _compiled(report: AnnualReport, starts: Mapping[str, date]) -> tuple[Compiled, Whole | None]:
    """The figures of a report: of an agency from its records, of a government the sums over its members."""
    by_hand, period = manual.approved(report), Period.of_year(report.year)
    if not report.agency.government:
        return compiling.compile_figures(report.agency, period, starts=starts, manual=by_hand), None
    # A sum of members covers the year, so a count of the government's own cannot begin before it.
    own = compiling.compile_figures(report.agency, period)
    whole = rollup.add_up(report.agency, report.year, own, by_hand)
    return whole.compiled, whole


def last_problems(report: AnnualReport) -> tuple[str, ...]:
    """The problems that the report on the year before names; none where its text is not known."""
    return followups.problems_in(previous.text(report.agency, report.year - 1, "problems"))


def problems(draft: Draft) -> list[Problem]:
    """What keeps the report from being submitted; each with its cure."""
    report = AnnualReport.objects.select_related("agency").get(pk=draft.subject_id)
    try:
        now = standing(report, draft.content)
    except Refused as refusal:
        return [Problem("starts", refusal.message)]
    found = []
    if clock.today() <= now.compiled.period.last:
        day = now.compiled.period.last.isoformat()
        found.append(
            Problem("", _("The year has not ended: a report is submitted after %(day)s.") % {"day": day})
        )
    for part in narrative.PARTS:
        found += _of_text(part, now)
    if len(now.said["carry_over"]) > LONGEST_EXPLANATION:
        found.append(
            Problem("carry_over", _("Shorten this to %(n)d characters.") % {"n": LONGEST_EXPLANATION})
        )
    found += _of_correction(report, now.said["correction"])
    waiting = ManualFigure.objects.filter(report=report, decision__isnull=True)
    for row in waiting:
        each = figures.figure(row.key)
        found.append(
            Problem(
                "",
                _("“%(figure)s” was set by hand and waits for the approval of the leader.")
                % {"figure": each.label if each else row.key},
            )
        )
    found += [Problem("", one.message) for one in now.findings if one.severity == "error"]
    return found


def _of_correction(report: AnnualReport, note: str) -> list[Problem]:
    """A report that was published before says what is corrected and why (条例第六条)."""
    if report.published_at is None:
        return []
    if not note.strip():
        return [Problem("correction", _("Say what is corrected in the published report, and why."))]
    last = submission.live_release(KIND, report.pk)
    before = submission.content_of(last.digest) if last else None
    if before is not None and before.get("correction", "") == note.strip():
        return [
            Problem("correction", _("This is the note of the last correction: say what this one corrects."))
        ]
    if len(note) > LONGEST_EXPLANATION:
        return [Problem("correction", _("Shorten this to %(n)d characters.") % {"n": LONGEST_EXPLANATION})]
    return []


def _of_text(part: str, now: Standing) -> list[Problem]:
    text = document.whole(now.said, part)
    said = [Problem(part, sentence) for sentence in narrative.unknown(text, now.compiled, now.words)]
    if not now.said[part].strip() and part != "opening":
        said.append(Problem(part, _("Write this part: the form has six parts and none may be missing.")))
    if left := narrative.UNWRITTEN.search(text):
        said.append(Problem(part, _("Write what “%(place)s” asks for.") % {"place": left[0]}))
    if len(text) > narrative.LONGEST:
        said.append(Problem(part, _("Shorten this to %(n)d characters.") % {"n": narrative.LONGEST}))
    return said


def freeze(draft: Draft) -> dict[str, Any]:
    """The content as it is frozen: texts, tables, and every figure with the records behind it (I5)."""
    report = AnnualReport.objects.select_related("agency").get(pk=draft.subject_id)
    now = standing(report, draft.content)
    if now.whole is not None:
        # A member may have withdrawn its report since the checks; a sum without it is never frozen.
        for one in rollup_checks.findings(now.whole):
            if one.severity == "error":
                raise Refused(one.message)
    return frozen(now)


def _correction(report: AnnualReport, note: str) -> dict[str, str]:
    return {"correction": note.strip()} if report.published_at is not None else {}


def frozen(now: Standing) -> dict[str, Any]:
    """A report as it stands now, in the form in which it is frozen."""
    report = now.report
    return {
        "title": str(report),
        "agency": report.agency.name,
        "year": report.year,
        **{part: now.said[part].strip() for part in narrative.PARTS},
        "carry_over": now.said["carry_over"].strip(),
        **_correction(report, now.said["correction"]),
        "followups": [row for row in now.said["followups"] if row["answer"].strip()],
        "jumps": jumps.explained(now.compiled.tables, now.previous, now.said["jumps"]),
        "jumps_text": now.said.get("jumps_text", ""),
        "starts": dict(now.said["starts"]),
        "tables": now.compiled.tables.to_json(),
        **now.compiled.frozen(),
        "previous": now.previous.to_json() if now.previous else None,
        "earlier": open_data.earlier(report),
        **({"rollup": now.whole.to_json()} if now.whole else {}),
        "columns": {
            code: name
            for code, name in columns.names().items()
            if now.compiled.value(f"{columns.PREFIX}{code}")
        },
    }
