"""Many at once: what is public elsewhere already enters by a manifest that the same three people approve.

A manifest is a subject of its own kind: its content is the list of frozen revisions with their digests, original
addresses and days, and it passes the same three steps as anything else. Each release that it lets through names it.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly
from gongkai.review.models.reviews import Revision


class Manifest(models.Model):
    """One import under one approval.

    releasing: approved, and not all of it is out yet; stuck: revision → why it could not be released, told on its page.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="manifests", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=200)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    created_at = models.DateTimeField(_("begun"))
    releasing = models.BooleanField(default=False, db_index=True)
    stuck = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("import manifest")
        verbose_name_plural = _("import manifests")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class ManifestEntry(AppendOnly):
    """One line of a frozen manifest: a revision by its digest, and where and when it was public before.

    manifest: the revision of the manifest whose content holds this line.
    """

    manifest = models.ForeignKey(Revision, models.PROTECT, related_name="entries")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="listed")
    digest = models.CharField(max_length=64)
    address = models.CharField(_("original address"), max_length=1000, blank=True)
    published_on = models.DateField(_("originally published on"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("manifest", "revision"), name="manifest_names_once"),
            models.CheckConstraint(
                condition=~models.Q(address="") | models.Q(published_on__isnull=False),
                name="manifest_entry_public_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.digest[:8]}"


class ManifestRemoval(AppendOnly):
    """That one of the people took a revision out of the manifest, and why; its subject stays a draft."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="removal")
    reason = models.CharField(_("reason"), max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.revision}: {self.reason}"
