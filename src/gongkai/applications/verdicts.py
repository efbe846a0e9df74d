"""Every act of a case with its verdict for one person today: table and role first, then the clock."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import (
    acts,
    assigning,
    consultations,
    events,
    excess,
    interval,
    merging,
    notices,
    splitting,
)
from gongkai.applications.acts import ACTS, CLOCK_EVENTS, Act, Verdict
from gongkai.applications.models import LETTER, Application, CaseEvent, Letter, State
from gongkai.journal import clock
from gongkai.review.models import ReviewState
from gongkai.rulebook.norms import cite

# Acts whose lawfulness hangs on the day, with the data a hypothetical event of today needs.
_TRIED: dict[str, dict[str, Any]] = {
    "request_correction": {},
    "receive_correction": {},
    "consult_third_party": {"ref": "?"},
    "consult_co_maker": {"ref": "?"},
    "consult_agency": {"ref": "?", "co_maker": False},
    "third_party_answered": {},
    "agency_answered": {},
    "approve_extension": {"working_days": 1},
    "extend": {"working_days": 1},
    "notify_fee": {},
    "receive_fee": {},
}


def of(actor: Actor, case: Application, rows: Sequence[CaseEvent]) -> list[Verdict]:
    """A verdict on each act for such a case but sending, which is done at its letter. rows: the events of the case."""
    fitting = [act for act in ACTS.values() if act.key != "answer" and case.matter in act.matters]
    return [_verdict(actor, case, act, rows) for act in fitting]


def _verdict(actor: Actor, case: Application, act: Act, rows: Sequence[CaseEvent]) -> Verdict:
    found = acts.verdict(actor, case, act)
    if not found.allowed:
        return found
    try:
        if act.key in _PRESUPPOSED:
            _PRESUPPOSED[act.key](case, rows)
        if act.key in _TRIED:
            event = "extended" if act.key == "approve_extension" else act.event
            assert event in CLOCK_EVENTS
            events.check(case, event, clock.today(), **_TRIED[act.key])
    except Refused as refusal:
        return Verdict(act, refusal.message, refusal.article)
    return found


def _approved(case: Application, rows: Sequence[CaseEvent]) -> None:
    if notices.approval_in_hand(list(rows)) is None:
        raise Refused(notices.UNAPPROVED, cite("regulation", 33, 2))


def _reasons_asked(case: Application, rows: Sequence[CaseEvent]) -> None:
    if excess.reasons(rows) is None:
        raise Refused(_("Ask the applicant for the reasons first, and send that letter."), excess.LAW)


def _somebody_else(case: Application, rows: Sequence[CaseEvent]) -> None:
    if not assigning.candidates(case.agency).exclude(pk=case.handler_id).exists():
        words = _("Nobody else handles applications of this agency; have a further handler appointed first.")
        raise Refused(words, cite("regulation", 45))


def _objected(case: Application, rows: Sequence[CaseEvent]) -> None:
    if not interval.objecting(rows):
        words = _("No third party has objected; where one does, enter its opinion first.")
        raise Refused(words, interval.LAW)


# What must have happened before, beyond the state of the case.
_PRESUPPOSED: dict[str, Callable[[Application, Sequence[CaseEvent]], object]] = {
    "assign": _somebody_else,
    "extend": _approved,
    "receive_reasons": _reasons_asked,
    "delay": lambda case, rows: excess.require_reasons(case),
    "tell_third_party": _objected,
    "split": splitting.why_not,
    "merge": merging.may_join,
    "separate": merging.separable,
}


def primary(case: Application, found: Sequence[Verdict], papers: Sequence[Letter]) -> dict[str, Any] | None:
    """The one next act of a case as {label, url}; None where nothing is to be done here."""
    may = {each.act.key for each in found if each.allowed}
    page = reverse("applications:case", args=[case.pk])
    lapsed = case.waits_until is not None and case.waits_until < clock.today()
    arriving = next(
        (
            row
            for row in papers
            if row.act == "answer" and row.sent_on is not None and not hasattr(row, "proof")
        ),
        None,
    )
    if case.lead_id:
        words = _("Open the case that leads: %(number)s") % {"number": case.lead}
        return {"label": words, "url": reverse("applications:case", args=[case.lead_id])}
    if case.state == State.ANSWERED and arriving is not None:
        label = _("Enter the arrival of the answer")
        return {"label": label, "url": reverse("applications:letter_served", args=[arriving.pk])}
    for state, key in (
        (State.REGISTERED, "confirm"),
        (State.CORRECTING, "receive_correction"),
        (State.PAYING, "receive_fee"),
        (State.ANSWERED, "close"),
    ):
        if case.state == state and key in may and not lapsed:
            return {"label": ACTS[key].label, "url": f"{page}act/{key}/"}
    open_letter = next((row for row in papers if not row.dropped and row.sent_on is None), None)
    if open_letter is not None:
        label = _("Send the letter") if open_letter.number else _("Go on with the letter")
        return {"label": label, "url": reverse("applications:letter", args=[open_letter.pk])}
    if "decide" in may and (case.state == State.PROCESSING or lapsed):
        ending = {State.CORRECTING: "not_corrected", State.PAYING: "not_paid"}.get(State(case.state), "")
        return {
            "label": ACTS["decide"].label,
            "url": f"{page}decide/" + (f"?outcome={ending}" if ending else ""),
        }
    if "decide_amendment" in may and case.state == State.PROCESSING:
        return {"label": ACTS["decide_amendment"].label, "url": f"{page}act/decide_amendment/"}
    return None


def held_back(case: Application, rows: Sequence[CaseEvent]) -> dict[str, Any] | None:
    """Why the decided answer may not go out today, as {label, reason, article}; None where it may."""
    if case.state != State.DECIDED:
        return None
    try:
        interval.check(case, clock.today())
    except Refused as refusal:
        return {"label": ACTS["answer"].label, "reason": refusal.message, "article": refusal.article}
    return None


def standing(letter: Letter) -> str:
    """Where a letter stands, in words."""
    if letter.dropped:
        return _("given up, number void") if letter.number else _("given up")
    if hasattr(letter, "dispatch"):
        return _("sent %(on)s") % {"on": letter.dispatch.on}
    if letter.number:
        return _("released, to be sent")
    running = (
        ReviewState.objects.filter(subject_kind=LETTER, subject_id=letter.pk).order_by("-changed_at").first()
    )
    if running is not None and running.state in ReviewState.OPEN:
        return str(running.get_state_display())
    return _("in drafting")


def asked(case: Application, rows: Sequence[CaseEvent], key: str) -> list[tuple[str, str]]:
    """Whom the case still waits for, as (ref, words): for entering an answer. key: the act."""
    third = key == "third_party_answered"
    return [
        (each.ref, each.name or each.ref)
        for each in consultations.of(case, rows)
        if each.open and each.third == third
    ]
