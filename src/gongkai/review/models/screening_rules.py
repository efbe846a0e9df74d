"""By which rules this instance screens: versions of the policy, and dictionaries with their versions.

All rows are append-only: what was in force on any day can be shown, with who set it and why.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly


class ScreeningPolicy(AppendOnly):
    """One version of what a finding does, for the whole instance; the highest number is in force.

    severities: {kind or kind@layer: block or warn}, only what differs from the software's default; columns:
    {code of a column: the same}, only what differs there. persons_warning: from so many rows that name a person
    the review warns of their aggregation. sample_percent, sample_least: how much of what is public is screened
    again each week.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    severities = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    persons_warning = models.PositiveIntegerField(_("rows of persons from which to warn"))
    sample_percent = models.PositiveSmallIntegerField(_("share screened again each week, in percent"))
    sample_least = models.PositiveIntegerField(_("and at least so many"))
    reason = models.CharField(_("reason"), max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    on_day = models.DateField()
    at = models.DateTimeField(_("set at"))

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"P{self.number}"


class Dictionary(AppendOnly):
    """A list of terms to find (错敏词库): of the whole instance (agency empty), or of one agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set up by"))
    on_day = models.DateField()
    at = models.DateTimeField(_("set up at"))

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DictionaryTerms(AppendOnly):
    """The terms of a version by their digest: canonical JSON, a list of objects; equal lists stand once."""

    digest = models.CharField(primary_key=True, max_length=64)
    text = models.TextField()

    def __str__(self) -> str:
        return self.digest


class DictionaryVersion(AppendOnly):
    """One state of a dictionary; the highest number is in force. active: whether it is used at all."""

    class Change(models.TextChoices):
        IMPORTED = "imported", _("imported from a file")
        EDITED = "edited", _("terms edited")
        OFF = "off", _("switched off")
        ON = "on", _("switched on again")

    dictionary = models.ForeignKey(Dictionary, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    digest = models.CharField(max_length=64)
    terms = models.PositiveIntegerField(_("terms"))
    active = models.BooleanField(_("in use"))
    change = models.CharField(_("what changed"), max_length=10, choices=Change.choices)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)
    source = models.CharField(_("file"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    on_day = models.DateField()
    at = models.DateTimeField(_("set at"))

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=("dictionary", "number"), name="dictionary_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.dictionary} {self.number}"
