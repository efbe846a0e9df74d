"""The journal, and what append-only means.

`AppendOnly` is the base of every record of something that happened (I2): rows are inserted and
never changed. The model refuses, and so do triggers (see guards.py), which hold where the model is
not asked: bulk updates, raw SQL, another program.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeverChanged(Exception):
    """An append-only record was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses bulk changes before the database has to."""

    def update(self, **values: Any) -> int:
        raise NeverChanged(f"{self.model.__name__} rows are never changed")

    def delete(self) -> Any:
        raise NeverChanged(f"{self.model.__name__} rows are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise NeverChanged(f"{self.model.__name__} rows are never changed")


class AppendOnly(models.Model):
    """A row that says what happened. Its digest stands in the journal, written in the same transaction."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged(f"{type(self).__name__} rows are never changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise NeverChanged(f"{type(self).__name__} rows are never deleted")


class Entry(AppendOnly):
    """One act. `digest` is SM3 over this entry's fields and the digest before it; `signature` the instance's.

    actor: id of a person, or `system:<what>`; hat: the role group acted in; data: canonical JSON,
    with `covers`: [[table, primary key, row digest], …] of the append-only rows written by the act.
    """

    seq = models.BigIntegerField(_("sequence number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    actor = models.CharField(_("person"), max_length=64)
    actor_name = models.CharField(_("full name"), max_length=60, blank=True)
    hat = models.CharField(_("acting as"), max_length=20, blank=True)
    agency = models.CharField(_("agency"), max_length=36, blank=True)
    action = models.CharField(_("act"), max_length=60)
    subject_kind = models.CharField(_("kind"), max_length=40, blank=True)
    subject_id = models.CharField(_("object of the act"), max_length=64, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    data = models.TextField(_("data"), default="{}")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    signature = models.CharField(max_length=128, default="")

    class Meta:
        verbose_name = _("journal entry")
        ordering = ("seq",)
        indexes = [
            models.Index(fields=("subject_kind", "subject_id", "seq")),
            models.Index(fields=("agency", "-seq")),
            models.Index(fields=("actor", "-seq")),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Outbox(models.Model):
    """What a lower room tells an upper one: one row per message and subscriber."""

    topic = models.CharField(max_length=60)
    subscriber = models.CharField(max_length=120)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=("id",), name="outbox_open", condition=models.Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.topic} → {self.subscriber}"
