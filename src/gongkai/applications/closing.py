"""Closing a case and filing it (art. 45). The report counts by the day of the answer, not by this one."""

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import events
from gongkai.applications.acts import demand
from gongkai.applications.models import Application, CaseEvent
from gongkai.journal import clock
from gongkai.rulebook.norms import cite


def close(actor: Actor, case: Application) -> CaseEvent:
    """Close an answered case once the arrival of its answer is on file. Raises Refused."""
    with transaction.atomic():
        held = events.lock(case.pk)
        act = demand(actor, held, "close")
        answer = held.letters.filter(act="answer", dispatch__isnull=False).first()
        if answer is not None and not hasattr(answer, "proof"):
            raise Refused(_("Enter the proof of service of the answer first."), cite("regulation", 45))
        return events.write(held, act.event, clock.today(), actor)
