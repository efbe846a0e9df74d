"""By when the agency must answer in a case, with the article, and what follows if it does not."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongkai.agencies import calendars
from gongkai.remedies.models import Remedy
from gongkai.rulebook.calendar import CalendarError, Deadline
from gongkai.rulebook.terms import TERMS, TermError, term_due


@dataclass(frozen=True)
class Due:
    """A last day, or None with the sentence why none can be said. explanation: for partials/deadline.html."""

    on: date | None
    provisional: bool
    explanation: tuple[dict[str, Any], ...]
    problem: str = ""


def answer_term(kind: str, procedure: str) -> str:
    """The rulebook's key of the term for the reply (复议答复) or the defence (答辩状)."""
    if kind != Remedy.Kind.RECONSIDERATION:
        return "defence"
    simple = procedure == Remedy.Procedure.SIMPLE
    return "reconsideration_answer_simple" if simple else "reconsideration_answer"


def answer_due(remedy: Remedy) -> Due:
    """The last day of the answer: the one the notice names, or the term from the day the copy came."""
    if remedy.term_given:
        text = _("named in the notice of %(body)s") % {"body": remedy.body}
        return Due(remedy.term_given, False, ({"text": text, "date": remedy.term_given},))
    return counted(answer_term(remedy.kind, remedy.procedure), remedy.copy_received_on)


def redo_due(received: date) -> Due:
    """The last day of an answer anew where the decision sets none: 20 working days from its receipt."""
    return counted("redo", received)


def opinion_due(received: date) -> Due:
    """The last day to report on an opinion of the reconsideration body (行政复议意见书): 60 days from its receipt."""
    return counted("reconsideration_opinion_rectification", received)


def counted(key: str, day0: date) -> Due:
    """The last day of a term of the rulebook that began on `day0`."""
    term = TERMS[key]
    start = {"text": term.starts, "date": day0}
    try:
        found: Deadline = term_due(key, day0, calendars.current())
    except (TermError, CalendarError) as error:
        return Due(None, False, (start,), str(error))
    text = f"{term.label}：{term.amount}{term.unit.label}"
    return Due(found.on, found.provisional, (start, {"text": text, "date": found.on, "article": term.law}))
