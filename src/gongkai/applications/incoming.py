"""What comes in, or is settled, in the course of a case without a letter of ours: corrections, opinions,
payments, approvals, notes. All raise Refused with the article."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events, excess, explained, intake, notices
from gongkai.applications.acts import demand
from gongkai.applications.consultations import OPINIONS
from gongkai.applications.intake import Upload
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.rulebook.clock import EXTENSION_DAYS
from gongkai.rulebook.norms import cite


def receive_correction(
    actor: Actor, case: Application, on: date, *, text: str, files: Sequence[Upload] = ()
) -> CaseEvent:
    """The completed application came in: a fresh 20 working days run from that day (art. 30)."""
    if not text.strip() and not files:
        raise Refused(_("Enter the correction, or add it as a file."), cite("regulation", 30))
    return _enter(actor, case, "receive_correction", on, text, files)


def third_party_answered(
    actor: Actor,
    case: Application,
    on: date,
    *,
    ref: str,
    opinion: str,
    text: str = "",
    files: Sequence[Upload] = (),
) -> CaseEvent:
    """A third party's opinion: agree, partly or disagree, with its reasons (art. 32)."""
    _opinion(opinion, cite("regulation", 32))
    return _enter(actor, case, "third_party_answered", on, text, files, ref=ref, opinion=opinion)


def agency_answered(
    actor: Actor,
    case: Application,
    on: date,
    *,
    ref: str,
    opinion: str,
    text: str = "",
    files: Sequence[Upload] = (),
) -> CaseEvent:
    """The opinion of a co-maker or another agency (arts. 33(3), 34)."""
    _opinion(opinion, cite("regulation", 33, 3))
    return _enter(actor, case, "agency_answered", on, text, files, ref=ref, opinion=opinion)


def receive_fee(actor: Actor, case: Application, on: date, *, receipt: str = "") -> CaseEvent:
    """The fee was paid in full: the term is counted anew from the next day. receipt: number of the voucher."""
    return _enter(actor, case, "receive_fee", on, receipt, ())


def receive_reasons(
    actor: Actor, case: Application, on: date, *, text: str, files: Sequence[Upload] = ()
) -> CaseEvent:
    """The applicant gave the reasons that letter 5 asked for; the clock goes on all the while (art. 35)."""
    if not text.strip() and not files:
        raise Refused(_("Enter the reasons, or add them as a file."), excess.LAW)

    def ready(held: Application) -> None:
        found = excess.reasons(events.of(held))
        if found is None:
            raise Refused(_("Ask the applicant for the reasons first, and send that letter."), excess.LAW)
        if on < found.asked_on:
            words = _("The reasons were asked for on %(asked)s; enter a day from then on.")
            raise Refused(words % {"asked": found.asked_on}, excess.LAW)

    return _enter(actor, case, "receive_reasons", on, text, files, ready)


def delay(
    actor: Actor, case: Application, *, until: date, reason: str, told: str, on: date | None = None
) -> CaseEvent:
    """The applicant's reasons are reasonable but the term cannot be kept: a later day, told in time (art. 35).

    told: how the applicant was told, since no form of letter is laid down for it; on: the day of telling (default
    today), within the term.
    """
    if not reason.strip():
        raise Refused(_("Say why the reasons are reasonable and the term cannot be kept."), excess.LAW)
    if not told.strip():
        raise Refused(
            _("Enter how the applicant was told of the later day; untold it does not count."), excess.LAW
        )
    day = on or clock.today()

    def ready(held: Application) -> None:
        excess.require_reasons(held)
        term = explained.term_of(held)
        due = term.due if term else None
        if due is not None and day > due:
            words = _("The term ended on %(due)s; a later day can no longer be set. Answer without delay.")
            raise Refused(words % {"due": due}, excess.LAW)
        if due is not None and until <= due:
            words = _("The answer is due on %(due)s as it is; set a later day, or answer by then.")
            raise Refused(words % {"due": due}, excess.LAW)

    said = f"{reason.strip()}\n{told.strip()}"
    return _enter(actor, case, "delay", day, said, (), ready, until=until.isoformat())


def approve_extension(actor: Actor, case: Application, *, working_days: int, reason: str) -> CaseEvent:
    """The head of the disclosure office agrees to 1–20 further working days; the notice follows (art. 33(2))."""
    if not 1 <= working_days <= EXTENSION_DAYS:
        raise Refused(
            _("An extension has 1 to %(n)d working days; enter a number in these bounds.")
            % {"n": EXTENSION_DAYS},
            cite("regulation", 33, 2),
        )
    if not reason.strip():
        raise Refused(
            _("Give the reason; it stands in the notice to the applicant."), cite("regulation", 33, 2)
        )

    def ready(held: Application) -> None:
        if notices.approval_in_hand(events.of(held)):
            raise Refused(
                _("The extension is approved already: write its notice, and send it before the term ends."),
                cite("regulation", 33, 2),
            )
        # The extension must still be lawful today, though only its notice brings it about.
        events.check(held, "extended", clock.today(), working_days=working_days)

    return _enter(
        actor, case, "approve_extension", clock.today(), reason, (), ready, working_days=working_days
    )


def note(actor: Actor, case: Application, text: str, files: Sequence[Upload] = ()) -> CaseEvent:
    """An internal note; it moves nothing."""
    if not text.strip():
        raise Refused(_("Write the note first."), cite("regulation", 45))
    return _enter(actor, case, "note", clock.today(), text, files)


def _opinion(opinion: str, law: str) -> None:
    if opinion not in OPINIONS:
        raise Refused(_("Choose what the opinion says: agrees, agrees in part, or does not agree."), law)


def _enter(
    actor: Actor,
    case: Application,
    key: str,
    on: date,
    text: str,
    files: Sequence[Upload],
    ready: Callable[[Application], None] = lambda held: None,
    **data: object,
) -> CaseEvent:
    """Record the act. ready: what else must hold, asked of the case while nobody else can change it."""
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, key)
        ready(held)
        row = events.write(held, act.event, on, actor, words=text, **data)
        for position, file in enumerate(files, start=1):
            intake.keep(held, file, f"{key}-{row.seq}-{position}", actor, actor.who)
    return row
