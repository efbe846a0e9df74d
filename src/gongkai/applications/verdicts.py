"""Every act of a case with its verdict for one person today: table and role first, then the clock."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import acts, events, explained, letters, notices
from gongkai.applications.acts import ACTS, CLOCK_EVENTS, Act, Verdict
from gongkai.applications.models import LETTER, Application, CaseEvent, Letter, State
from gongkai.journal import clock
from gongkai.review.models import ReviewState
from gongkai.rulebook.consultation import WaitingFor
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
    if act.key == "extend" and notices.approval_in_hand(list(rows)) is None:
        words = _("The head of the disclosure office approves an extension first.")
        return Verdict(act, words, cite("regulation", 33, 2))
    if act.key in _TRIED:
        event = "extended" if act.key == "approve_extension" else act.event
        assert event in CLOCK_EVENTS
        try:
            events.check(case, event, clock.today(), **_TRIED[act.key])
        except Refused as refusal:
            return Verdict(act, refusal.message, refusal.article)
    return found


def primary(case: Application, found: Sequence[Verdict], papers: Sequence[Letter]) -> dict[str, Any] | None:
    """The one next act of a case as {label, url}; None where nothing is to be done here."""
    may = {each.act.key for each in found if each.allowed}
    page = reverse("applications:case", args=[case.pk])
    for state, key in (
        (State.REGISTERED, "confirm"),
        (State.CORRECTING, "receive_correction"),
        (State.PAYING, "receive_fee"),
        (State.ANSWERED, "close"),
    ):
        if case.state == state and key in may:
            return {"label": ACTS[key].label, "url": f"{page}act/{key}/"}
    open_letter = next((row for row in papers if not row.dropped and not hasattr(row, "dispatch")), None)
    if open_letter is not None:
        label = _("Send the letter") if open_letter.number else _("Go on with the letter")
        return {"label": label, "url": reverse("applications:letter", args=[open_letter.pk])}
    if case.state == State.PROCESSING and "decide" in may:
        return {"label": ACTS["decide"].label, "url": f"{page}decide/"}
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
    term = explained.term_of(case, rows)
    if term is None:
        return []
    third = key == "third_party_answered"
    open_refs = [
        str(wait.ref)
        for wait in term.waiting
        if wait.ref is not None
        and (wait.whom is WaitingFor.THIRD_PARTY) == third
        and wait.whom not in (WaitingFor.CORRECTION, WaitingFor.PAYMENT)
    ]
    names = {
        str(row.letter.terms.get("ref")): letters.opened(letters.draft_of(row.letter).content).addressee
        for row in rows
        if row.letter is not None and "ref" in row.letter.terms
    }
    return [(ref, names.get(ref, ref)) for ref in open_refs]
