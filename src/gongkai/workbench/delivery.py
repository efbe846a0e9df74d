"""Sending what is queued: at most once an attempt, and again only after an attempt that certainly failed.

An attempt is committed as SENDING before the gateway is called. If the process ends between the call and the
record of its answer, nobody can know whether the message went out: the row becomes UNKNOWN after a while and is
left alone. A reminder that nobody needs any more, because the thing is done or due on another day, is dropped.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gongkai.agencies import calendars
from gongkai.agencies.navigation import Waiting
from gongkai.journal import clock
from gongkai.workbench import reminders, wording
from gongkai.workbench.gateways import Gateway, Message, NotSent, Unclear
from gongkai.workbench.models import Delivery, Subscription

log = logging.getLogger(__name__)

# After each failed attempt the next waits longer; after the last there is none.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
# An attempt that has not ended by then was cut off; no gateway waits a minute.
CUT_OFF = timedelta(minutes=5)
# One sweep sends no more and no longer, so that others in the same process get their turn.
BATCH, SECONDS = 200, 60

# Nobody's telephone rings at night: the local hours in which messages go out.
FROM, UNTIL = 8, 20

State = Delivery.State


def sweep() -> int:
    """Send what is queued and due; how many messages went out."""
    with calendars.once(), translation.override(settings.LANGUAGE_CODE):
        Delivery.objects.filter(state=State.SENDING, started_at__lt=clock.now() - CUT_OFF).update(
            state=State.UNKNOWN, last_error=_("The process ended while the message was being sent.")
        )
        waking = FROM <= timezone.localtime(clock.now()).hour < UNTIL
        return _Round().run() if waking else 0


class _Round:
    """One sweep: what was asked once is remembered, and a gateway that is down is left alone until the next."""

    def __init__(self) -> None:
        self.gateways = reminders.offered()
        self.down: set[str] = set()
        self.inboxes: dict[object, dict[str, Waiting]] = {}

    def run(self) -> int:
        until = time.monotonic() + SECONDS
        queued = Delivery.objects.filter(state=State.QUEUED, next_at__lte=clock.now())
        rows = list(queued.select_related("reminder__person").order_by("next_at")[:BATCH])
        sent = 0
        for row in rows:
            if time.monotonic() > until:
                break
            if row.gateway not in self.down:
                sent += self.deliver(row)
        return sent

    def deliver(self, row: Delivery) -> bool:
        """Send one message unless someone else has it in hand or nobody needs it; whether it went out."""
        gateway = self.gateways.get(row.gateway)
        chosen = Subscription.objects.filter(person=row.reminder.person, gateway=row.gateway).first()
        waiting = self._inbox(row).get(row.reminder.thing)
        if gateway is None:
            return _drop(row, _("The instance does not offer this gateway any more."))
        if chosen is None:
            return _drop(row, _("The person does not want this gateway any more."))
        if waiting is None or waiting.due_on != row.reminder.due_on:
            return _drop(row, _("The matter is done, or due on another day."))
        text = wording.message(waiting)
        if not _claim(row, text):
            return False
        message = Message(
            str(row.pk), chosen.address, _("Reminder of a disclosure deadline"), text, waiting.due_on
        )
        return self._send(row, gateway, message)

    def _inbox(self, row: Delivery) -> dict[str, Waiting]:
        person = row.reminder.person
        if person.pk not in self.inboxes:
            self.inboxes[person.pk] = reminders.waiting_of(person)
        return self.inboxes[person.pk]

    def _send(self, row: Delivery, gateway: Gateway, message: Message) -> bool:
        try:
            gateway.send(message)
        except NotSent as error:
            if error.again:
                self.down.add(row.gateway)
            _failed(row, error)
            return False
        except Unclear as error:
            _end(row, State.UNKNOWN, str(error))
            return False
        except Exception as error:
            log.exception("gateway %s failed", row.gateway)
            _end(
                row,
                State.UNKNOWN,
                _("The gateway failed unexpectedly: %(what)s") % {"what": type(error).__name__},
            )
            return False
        _end(row, State.SENT, "", sent_at=clock.now())
        return True


def _claim(row: Delivery, text: str) -> bool:
    """Take a queued message in hand, in a row that is committed before the gateway is called."""
    moment = clock.now()
    with transaction.atomic(durable=True):
        return bool(
            Delivery.objects.filter(pk=row.pk, state=State.QUEUED, next_at__lte=moment).update(
                state=State.SENDING, started_at=moment, attempts=F("attempts") + 1, text=text
            )
        )


def _failed(row: Delivery, error: NotSent) -> None:
    if not error.again or row.attempts >= len(PAUSES):
        _end(row, State.FAILED, error.sentence)
        return
    _end(row, State.QUEUED, error.sentence, next_at=clock.now() + PAUSES[row.attempts])


def _end(row: Delivery, state: str, sentence: str, **more: object) -> None:
    """Record the answer; a slow one also where the row was given up as unknown meanwhile."""
    Delivery.objects.filter(pk=row.pk, state__in=(State.SENDING, State.UNKNOWN)).update(
        state=state, last_error=sentence[:300], **more
    )


def _drop(row: Delivery, sentence: str) -> bool:
    Delivery.objects.filter(pk=row.pk, state=State.QUEUED).update(state=State.DROPPED, last_error=sentence)
    return False
