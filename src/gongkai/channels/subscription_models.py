"""Who is told of what by e-mail: kept while somebody wants it, and deleted at once when nobody does.

Nothing here is a record of an act: a subscriber's address is there for one purpose, and its deletion leaves nothing
(个人信息保护法第十九条、第四十七条).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.review.models import Release


class SubscriptionKey(models.Model):
    """Under which key the addresses are sealed: one row, made with the first subscription."""

    key = models.UUIDField()

    def __str__(self) -> str:
        return str(self.key)


class Wanted(models.Model):
    """What some subscribers want to hear of: a column, or a search with its filters; one row for all of them.

    chosen: values of the filters (with from, to and exact); column: the code where it is a column as a whole;
    digest: of all, so that the same is kept once.
    """

    digest = models.CharField(max_length=64, unique=True)
    query = models.CharField(max_length=200, blank=True)
    chosen = models.JSONField(default=dict)
    column = models.CharField(max_length=40, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.column or self.digest[:8]


class Anchor(models.Model):
    """A term of which every entry that is wanted has one (search.percolating)."""

    wanted = models.ForeignKey(Wanted, models.CASCADE, related_name="anchors")
    term = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("term", "wanted"), name="anchor_once")]

    def __str__(self) -> str:
        return self.term


class Subscription(models.Model):
    """One address that wants one thing. It counts once its owner has confirmed.

    address: sealed; print: the keyed digest by which it is found. ask_due: when a mail about the subscription itself
    is to go out (to confirm it, or that it exists already); asked_at: since when the confirmation is awaited.
    refused: mails in a row that the other side refused for good; failures: those that could not be sent for now.
    """

    class Frequency(models.TextChoices):
        ONCE = "once", _("at once")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wanted = models.ForeignKey(Wanted, models.PROTECT, related_name="subscriptions")
    address = models.TextField()
    print = models.CharField(max_length=64, db_index=True)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ask_due = models.DateTimeField(null=True)
    refused = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("print", "wanted"), name="subscribed_once"),
        ]
        indexes = [
            models.Index(
                fields=("ask_due",), condition=Q(ask_due__isnull=False), name="subscription_ask_due"
            ),
            models.Index(
                fields=("asked_at",), condition=Q(confirmed_at__isnull=True), name="subscription_unconfirmed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Heard(models.Model):
    """A release of which subscribers are still to be told, or were; done_at: when it was matched with what is wanted."""

    release = models.OneToOneField(Release, models.PROTECT, primary_key=True, related_name="+")
    heard_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=("heard_at",), condition=Q(done_at__isnull=True), name="heard_open")]

    def __str__(self) -> str:
        return str(self.release_id)


class Notification(models.Model):
    """One release for one subscription, once. claimed_at: set before the mail goes out, so that a crash sends none twice."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notifications")
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("subscription", "release"), name="told_once")]
        indexes = [
            models.Index(fields=("due_at",), condition=Q(claimed_at__isnull=True), name="notification_due"),
            models.Index(fields=("claimed_at",), name="notification_claimed"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.release_id}"
