"""The seven questions as a guided path (rulebook 5.5): what the file says on each, which outcomes it may end in,
and what is to be done first where it may not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies import calendars
from gongkai.agencies.policy import Actor, agencies_for
from gongkai.applications import (
    consultations,
    decisions,
    excess,
    likeness,
    personal,
    redo,
    searching,
    verdicts,
)
from gongkai.applications.acts import Verdict
from gongkai.applications.models import Application, CaseEvent, State
from gongkai.applications.steps import STEPS, Step
from gongkai.rulebook.clock import CORRECTION_NOTICE_DAYS
from gongkai.rulebook.outcomes import OUTCOMES

EARLIER = 5
# The acts that open an outcome which is not possible yet, in the order in which they are done.
CURES: Mapping[str, tuple[str, ...]] = {
    "still_unclear": ("request_correction", "receive_correction"),
    "not_corrected": ("request_correction",),
    "excessive": ("ask_reasons", "receive_reasons"),
    "not_paid": ("notify_fee",),
    "not_found": ("record_search",),
    "third_party_rights": ("consult_third_party", "third_party_answered"),
    "provided": ("third_party_answered",),
    "partly_provided": ("third_party_answered",),
}
# What ends the waiting that keeps every other outcome back.
WAITING = {State.CORRECTING: "receive_correction", State.PAYING: "receive_fee"}


@dataclass(frozen=True)
class Line:
    """One thing that the file says. url: where it is read; warning: it should give pause."""

    text: str
    url: str = ""
    warning: bool = False


@dataclass(frozen=True)
class Exit:
    """An outcome to which a question may lead. reason, article: why it is not possible today; cures: the acts
    that open it, as {label, url}."""

    key: str
    label: str
    reason: str = ""
    article: str = ""
    cures: tuple[dict[str, str], ...] = ()


def step_of(outcome: str) -> Step:
    """The question that an outcome answers; the first one for an unknown outcome."""
    return next((step for step in STEPS if outcome in step.exits), STEPS[0])


def exits(
    step: Step, case: Application, rows: Sequence[CaseEvent], found: Mapping[str, Verdict]
) -> list[Exit]:
    """The outcomes of a question, those that are not possible with reason, article and way out."""
    return [_exit(key, case, rows, found) for key in step.exits]


def _exit(key: str, case: Application, rows: Sequence[CaseEvent], found: Mapping[str, Verdict]) -> Exit:
    refusal = decisions.barred(case, rows, key)
    if refusal is None:
        return Exit(key, OUTCOMES[key].label)
    wanted = [*CURES.get(key, ()), WAITING.get(State(case.state), "")]
    cures = tuple(act_link(case, found[act]) for act in wanted if act in found and found[act].allowed)
    return Exit(key, OUTCOMES[key].label, refusal.message, refusal.article, cures)


def instead(step: Step, case: Application, found: Mapping[str, Verdict]) -> list[dict[str, str]]:
    """What may be done instead of deciding, as {label, url, reason, article}; reason: why not today."""
    return [
        act_link(case, found[key]) | {"reason": found[key].reason, "article": found[key].article}
        for key in step.acts
        if key in found
    ]


def act_link(case: Application, verdict: Verdict) -> dict[str, str]:
    """An act of a case as {label, url}."""
    return {
        "label": verdict.act.label,
        "url": reverse("applications:act", args=[case.pk, verdict.act.key]),
    }


def on_file(step: Step, actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    """What the file says on one question. Opens sealed text: the caller has written down that it was shown."""
    return _SAYS[step.key](actor, case, rows)


def _corrections(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    found = []
    for row in rows:
        if row.type == "correction_requested":
            words = _("A correction was asked for on %(on)s, until %(until)s; it is asked for once.")
            found.append(Line(words % {"on": row.on, "until": row.data.get("until", "")}))
        if row.type == "correction_received":
            found.append(
                Line(_("The correction came on %(on)s; the term runs from that day.") % {"on": row.on})
            )
    if not found and case.received_on is not None:
        last = calendars.current().add_working_days(case.received_on, CORRECTION_NOTICE_DAYS)
        words = _("No correction was asked for. Received on %(on)s: it may be asked for until %(last)s.")
        found.append(Line(words % {"on": case.received_on, "last": last}))
    return found


def _earlier(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    """Earlier cases of the same applicant, in the agencies whose applications the reader may see."""
    seen = agencies_for(actor, "application.read")
    found = []
    for each in likeness.by_same_applicant(case).filter(agency__in=seen)[:EARLIER]:
        outcome = OUTCOMES[each.outcome].label if each.outcome in OUTCOMES else _("not yet decided")
        text = _("The same applicant: %(number)s, %(outcome)s, answered %(on)s.") % {
            "number": each.number,
            "outcome": outcome,
            "on": each.answered_on or "—",
        }
        found.append(Line(text, reverse("applications:case", args=[each.pk])))
    return found or [Line(_("No other application of the same applicant is on file."))]


def _number_and_fee(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    found = _earlier(actor, case, rows)
    if count := excess.alert(case):
        words = _("%(n)d applications of this applicant in the calendar month: more than the free ones.")
        found.append(Line(words % {"n": count}, warning=True))
    asked = excess.reasons(rows)
    if asked is not None:
        if asked.received_on is not None:
            words = _("Reasons were asked for on %(on)s and came on %(came)s.") % {
                "on": asked.asked_on,
                "came": asked.received_on,
            }
        else:
            words = _("Reasons were asked for on %(on)s; the term ends on %(until)s.") % {
                "on": asked.asked_on,
                "until": asked.until or "—",
            }
        found.append(Line(words))
    for row in rows:
        if row.type == "fee_notified":
            found.append(Line(_("A fee was charged on %(on)s.") % {"on": row.on}))
        if row.type == "fee_paid":
            found.append(Line(_("The fee was paid on %(on)s.") % {"on": row.on}))
    return found


def _searches(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    found = []
    for each in searching.of(rows):
        words = _("%(on)s, %(who)s searched %(where)s for “%(keywords)s”: %(result)s")
        said = {"on": each.on, "who": each.searcher, "where": each.where, "keywords": each.keywords}
        found.append(Line(words % (said | {"result": each.result})))
    if not found:
        words = _("No search is on file: “does not exist” presupposes one, and a court asks for it.")
        found.append(Line(words, reverse("applications:act", args=[case.pk, "record_search"]), warning=True))
    return [*found, *_asked(case, rows, third=False)]


def _asked(case: Application, rows: Sequence[CaseEvent], *, third: bool) -> list[Line]:
    return [
        Line(f"{each.whose} {each.name}：{each.words}", warning=each.open)
        for each in consultations.of(case, rows)
        if each.third == third
    ]


def _third_parties(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    asked = [*_asked(case, rows, third=True), *_asked(case, rows, third=False)]
    return asked or [Line(_("Nobody was asked for an opinion."))]


def _ways(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    wanted = personal.request(case)
    words = _("The applicant wants %(form)s, %(way)s.") % {
        "form": personal.FORMS.get(wanted.form, wanted.form),
        "way": personal.WAYS.get(wanted.way, wanted.way),
    }
    published = [
        Line(_("Published already, perhaps the same: %(title)s") % {"title": each.hit.title}, each.hit.url)
        for each in likeness.published(case)
    ]
    extended: list[date] = [row.on for row in rows if row.type == "extended"]
    late = [Line(_("The term was extended on %(on)s.") % {"on": extended[-1]})] if extended else []
    return [Line(words), *published, *late]


def _answer(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Line]:
    found = [Line(_("The answer is due on %(on)s.") % {"on": case.due_on})] if case.due_on else []
    caution = redo.caution(rows)
    if caution is not None:
        found.append(Line(f"{caution[0]}（{caution[1]}）", warning=True))
    return found


_SAYS: Mapping[str, Callable[[Actor, Application, Sequence[CaseEvent]], list[Line]]] = {
    "correct": _corrections,
    "is_it": _earlier,
    "whose": _number_and_fee,
    "have": _searches,
    "give": _third_parties,
    "how": _ways,
    "answer": _answer,
}
if set(_SAYS) != {step.key for step in STEPS}:
    raise ValueError("data/steps.json and the questions of the file do not name the same steps")


def found_for(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> dict[str, Verdict]:
    """The verdict on each act of the case, by key."""
    return {each.act.key: each for each in verdicts.of(actor, case, rows)}


def trail(answers: Mapping[str, Any], current: str) -> list[dict[str, str]]:
    """The questions as portal/partials/steps.html takes them; an answered one says what was answered, and one that
    an answer made needless says so."""
    found = []
    passed = current in [step.key for step in STEPS]
    for step in STEPS:
        answer = str(answers.get(step.key, ""))
        passed &= step.key != current
        state = "current" if step.key == current else "done" if answer else "todo"
        words = OUTCOMES[answer].label if answer in OUTCOMES else ""
        if passed and state == "todo":
            words = _("Not needed")
        found.append({"label": step.question, "state": state, "words": words})
    return found
