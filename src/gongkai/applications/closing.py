"""Closing a case and filing it (art. 45). The report counts by the day of the answer, not by this one."""

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events, service
from gongkai.applications.acts import demand
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.rulebook.norms import cite


def close(actor: Actor, case: Application, *, reason: str = "") -> CaseEvent:
    """Close an answered case once the proof of service of its answer (送达回证) is on file. Raises Refused.

    reason: why there is none and none will come, where that is so; it stays in the file.
    """
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, "close")
        answer = held.letters.filter(act="answer", dispatch__isnull=False).first()
        if answer is not None and not service.proved(answer) and not reason.strip():
            raise Refused(
                _("The proof of service of the answer is not on file: enter it, or say why there is none."),
                cite("regulation", 45),
            )
        return events.write(held, act.event, clock.today(), actor, words=reason.strip())
