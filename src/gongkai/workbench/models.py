"""Reminders, what of them goes out through a gateway, what a person chose, and the address of their feed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person


class Subscription(models.Model):
    """A gateway through which a person wants reminders, and their address there."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="subscriptions")
    gateway = models.CharField(_("gateway"), max_length=40)
    address = models.CharField(_("account or address"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "gateway"), name="gateway_once_a_person")]

    def __str__(self) -> str:
        return self.gateway


class Reminder(models.Model):
    """One reminder of one person: that a thing of their inbox has so many working days left.

    thing: its address in the workbench; left: the mark it was made for, as agencies.internal_dates counts;
    on: the day it was made; opened_at: when the person opened the thing from it. The database refuses the
    same one twice, whoever makes it.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="reminders", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    thing = models.CharField(max_length=300)
    due_on = models.DateField(_("due day"))
    left = models.SmallIntegerField()
    on = models.DateField(_("reminded on"))
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "thing", "due_on", "left"), name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.thing} {self.due_on} {self.left}"


class Delivery(models.Model):
    """One reminder on its way through one gateway.

    SENDING is committed before the gateway is called. Where the answer never came, because the process ended or
    the line broke, it becomes UNKNOWN and is not sent again. text: as sent, without personal data.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent out")
        FAILED = "failed", _("sending failed")
        UNKNOWN = "unknown", _("unknown whether it was sent")
        DROPPED = "dropped", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="deliveries")
    gateway = models.CharField(_("gateway"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued at"))
    next_at = models.DateTimeField(_("next attempt"), null=True)
    started_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    text = models.CharField(_("message"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        ordering = ("-queued_at",)
        constraints = [models.UniqueConstraint(fields=("reminder", "gateway"), name="delivery_once")]
        indexes = [
            models.Index(fields=("state", "next_at"), name="delivery_by_state"),
            models.Index(fields=("-queued_at",), name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.state}"


class Feed(models.Model):
    """The secret address of a person's calendar feed; only the digest of its token is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)
