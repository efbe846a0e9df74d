"""What the pages of a report show of its filing: the steps, what was decided, what changed since, what comes next."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.policy import Actor, allowed
from gongkai.reporting import collecting, corrections, document, filing
from gongkai.reporting.models import AnnualReport, Filing, FilingDecision
from gongkai.reporting.titles import excerpt, title_of
from gongkai.review import differences
from gongkai.review.models import ReviewState
from gongkai.review.submission import content_of
from gongkai.review.views import steps as review_steps


def filings() -> QuerySet[Filing]:
    """Filings with all that their pages show."""
    return Filing.objects.select_related(
        "report__agency",
        "revision__state",
        "revision__agency",
        "revision__submitted_by",
        "collector",
        "person",
        "decision__person",
        "unawaited__person",
        "check_made",
    )


def filing_of(pk: int) -> Filing:
    """The filing of that key; DoesNotExist where there is none."""
    return filings().get(pk=pk)


def _step(
    label: object, state: str, who: str = "", when: datetime | None = None, words: str = ""
) -> dict[str, Any]:
    return {"label": label, "state": state, "who": who, "when": when, "words": words}


def steps(report: AnnualReport, row: Filing) -> list[dict[str, Any]]:
    """The course of a filed revision: the three steps of the agency, the filing, the decision, the publication."""
    state = row.revision.state.state
    decided, unawaited = getattr(row, "decision", None), getattr(row, "unawaited", None)
    rows = [*review_steps(row.revision)]
    late = _("late") if row.late else ""
    rows.append(
        _step(
            _("filed with %(agency)s") % {"agency": row.collector.name}, "done", row.person.name, row.at, late
        )
    )
    label = _("decision of %(agency)s") % {"agency": row.collector.name}
    if decided is not None:
        returned = decided.decision == FilingDecision.RETURNED
        words = decided.opinion or decided.get_decision_display()
        rows.append(
            _step(label, "returned" if returned else "done", decided.person.name, decided.at, str(words))
        )
    elif unawaited is not None:
        rows.append(_step(_("not waited for"), "done", unawaited.person.name, unawaited.at, unawaited.reason))
    else:
        waits = state == ReviewState.State.HELD
        rows.append(
            _step(
                label,
                "current" if waits else "todo",
                words="" if waits else str(row.revision.state.get_state_display()),
            )
        )
    released = getattr(row.revision, "release", None)
    rows.append(
        _step(
            pgettext("report step", "publication"),
            "done" if released else "todo",
            when=released.released_at if released else None,
        )
    )
    return rows


def facts(row: Filing) -> list[dict[str, Any]]:
    """The facts of a filed report for the one who decides."""
    return [
        {"label": _("agency"), "value": row.report.agency.name},
        {"label": pgettext("report", "filed"), "value": row.at},
        {"label": _("revision"), "value": str(row.revision.number)},
        {"label": _("written and submitted by"), "value": row.revision.submitted_by.name},
        {"label": _("digest"), "value": f"SM3 {row.digest}", "wide": True},
    ]


def finding(one: dict[str, Any]) -> dict[str, Any]:
    """A finding of the checks as workbench/partials/findings.html takes it; passages in common are shown."""
    return {
        "severity": "blocking" if one["severity"] == "error" else "warning",
        "title": title_of(one["rule"]),
        "where": one["label"],
        "excerpt": "……".join(f"“{excerpt(each['words'])}”" for each in one["passages"]),
        "advice": one["message"],
    }


def changes(row: Filing) -> list[dict[str, Any]]:
    """What a filing changed since the last one that was returned, line by line; empty where none was."""
    before = (
        Filing.objects.filter(report=row.report, pk__lt=row.pk, decision__decision=FilingDecision.RETURNED)
        .order_by("-pk")
        .first()
    )
    old = content_of(before.digest) if before else None
    new = content_of(row.digest)
    if old is None or new is None:
        return []
    return differences.diff(document.lines(old), document.lines(new))


def of_report(actor: Actor, report: AnnualReport) -> dict[str, Any] | None:
    """What the report's own page shows of its filing; None where no superior collects and none ever did.

    {collector, terms, filing, steps, decided, remarks, unawaited, next, act, earlier}
    """
    row = filing.standing(report)
    rules = collecting.rules_for(report.agency)
    rule = rules.over(report.agency, report.year)
    if row is None and rule is None:
        return None
    terms = rules.terms(report.agency, report.year)
    decided = getattr(row, "decision", None) if row else None
    waits = row is not None and row.revision.state.state == ReviewState.State.HELD
    there = row is not None or report.published_at is not None
    return {
        "collector": row.collector if row else rule.agency if rule else None,
        "file_by": deadline(terms.file_by, done=there) if terms else None,
        "local": rule.basis if rule else "",
        "filing": row,
        "late": bool(row and row.late),
        "steps": steps(report, row) if row else None,
        "decided": decided,
        "returned": decided is not None and decided.decision == FilingDecision.RETURNED,
        "remarks": decided.remarks if decided else [],
        "unawaited": getattr(row, "unawaited", None) if row else None,
        "next": _next(report, row, waits=waits),
        "act": _act(actor, report, row) if waits else None,
        "url": reverse("reporting:filed", args=[row.pk]) if row else "",
    }


def _next(report: AnnualReport, row: Filing | None, *, waits: bool) -> str:
    """What is to be done next, in one sentence."""
    if row is not None and waits:
        if filing.may_publish_unawaited(row):
            return _(
                "It waits for %(agency)s. The last day of the law has come: the leader may publish without waiting."
            ) % {"agency": row.collector.name}
        return _("It waits for %(agency)s; nothing is to be done here.") % {"agency": row.collector.name}
    decided = getattr(row, "decision", None) if row else None
    if row is not None and decided is not None and decided.decision == FilingDecision.RETURNED:
        newer = report.state != AnnualReport.State.DRAFT
        return (
            ""
            if newer
            else _(
                "Mend the draft by the reasons below and submit it again; after the three steps it is filed anew."
            )
        )
    if report.live_id is None:
        return _("After the three steps it is filed; it is published once it is accepted.")
    return ""


def _act(actor: Actor, report: AnnualReport, row: Filing | None) -> dict[str, Any] | None:
    if row is None or not allowed(actor, filing.UNAWAITED, report.agency):
        return None
    if not filing.may_publish_unawaited(row):
        return None
    return {"label": _("Publish without waiting"), "url": reverse("reporting:unawaited", args=[row.pk])}


def versions(report: AnnualReport) -> list[dict[str, Any]]:
    """The versions of a report that was corrected, for its staff page: day, note, digest."""
    rows = corrections.versions(report)
    if len(rows) < 2:
        return []
    answer = []
    for release in rows:
        content = content_of(release.digest) or {}
        answer.append(
            {
                "when": release.released_at,
                "title": _("Revision %(n)d") % {"n": release.revision.number},
                "detail": content.get("correction", ""),
                "who": f"SM3 {release.digest}",
                "url": reverse("review:page", args=[release.revision_id]),
                "link": _("Open the review"),
            }
        )
    return answer
