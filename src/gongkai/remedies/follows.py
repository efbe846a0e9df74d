"""What runs after a decision (rulebook 4.5): the agency's term to appeal, the applicant's to sue, and the 60 days in
which the agency reports how it put right what an opinion of the reconsideration body (行政复议意见书) names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.remedies import due, results
from gongkai.remedies.due import Due
from gongkai.remedies.models import Remedy, RemedyEvent

APPEALS = {"judgment": "appeal_judgment", "ruling": "appeal_ruling"}
Kind = RemedyEvent.Kind


@dataclass(frozen=True)
class Follow:
    """A term that runs now. label: what ends on that day."""

    label: str
    due: Due


def standing_events(remedy: Remedy) -> list[RemedyEvent]:
    """The events that count, in the order of their days."""
    rows = list(remedy.events.all())
    gone = {row.struck_id for row in rows if row.struck_id}
    return sorted((row for row in rows if row.pk not in gone), key=lambda row: (row.on, row.pk))


def served_on(decided: RemedyEvent) -> date:
    """The day on which the agency received a decision; that of the decision where no other was entered."""
    said = decided.content.get("served_on")
    return date.fromisoformat(said) if said else decided.on


def appeal(remedy: Remedy, rows: Sequence[RemedyEvent]) -> Follow | None:
    """The last day to appeal against a judgment or ruling of first instance; None where none can be appealed."""
    decided = _decision(remedy, rows)
    if decided is None or remedy.kind == Remedy.Kind.RECONSIDERATION or remedy.appealed:
        return None
    found = results.result(decided.detail, results.LITIGATION, decided.on)
    if found is None or not found.appeal:
        return None
    return Follow(_("last day to appeal"), due.counted(APPEALS[found.appeal], served_on(decided)))


def suit(remedy: Remedy, rows: Sequence[RemedyEvent]) -> Follow | None:
    """The last day on which the applicant can sue after a reconsideration, had it received the decision on the day
    the agency did; None where it cannot, or did."""
    decided = _decision(remedy, rows)
    if decided is None or remedy.kind != Remedy.Kind.RECONSIDERATION or remedy.later.exists():
        return None
    found = results.result(decided.detail, results.RECONSIDERATION, decided.on)
    if found is None or not found.suit:
        return None
    words = _("last day for the applicant to sue, if served on the same day as the agency")
    return Follow(words, due.counted("litigation_after_reconsideration", served_on(decided)))


def redo(remedy: Remedy) -> Due | None:
    """By when the agency answers anew; None where nothing is to be answered anew. A day that the decision did not
    set is counted by the calendar of now, so that a holiday notice moves it."""
    if remedy.redo_due_on is None or remedy.redo_done_on is not None:
        return None
    ordered = next((row for row in reversed(standing_events(remedy)) if row.kind == Kind.REDO_OPENED), None)
    if ordered is None or ordered.content.get("set_by_decision", True):
        text = _("set by the decision or judgment")
        return Due(remedy.redo_due_on, False, ({"text": text, "date": remedy.redo_due_on},))
    return due.redo_due(ordered.on)


def opinion(rows: Sequence[RemedyEvent]) -> RemedyEvent | None:
    """The opinion of the reconsideration body on which the agency has not reported yet."""
    open_one = None
    for row in rows:
        if row.kind == Kind.OPINION:
            open_one = row
        elif row.kind == Kind.RECTIFIED:
            open_one = None
    return open_one


def running(remedy: Remedy) -> list[Follow]:
    """Every term that runs in the case, for its page."""
    rows = standing_events(remedy)
    found = [appeal(remedy, rows), suit(remedy, rows)]
    if (named := opinion(rows)) is not None:
        found.append(Follow(_("report on the opinion due"), due.opinion_due(named.on)))
    return [each for each in found if each is not None and each.due.on is not None]


def _decision(remedy: Remedy, rows: Sequence[RemedyEvent]) -> RemedyEvent | None:
    """The decision that stands; None while the case is pending."""
    if remedy.result == Remedy.Column.PENDING:
        return None
    return next((row for row in reversed(rows) if row.kind == Kind.DECIDED), None)
