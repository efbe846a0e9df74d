"""Folders to which the site is written besides its own, what was found tampered with, and packages for elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Release, Withdrawal


class Export(models.Model):
    """A folder that holds a copy of the public site. How far it has come is a cache; its acts stand in the journal.

    number: of the list to which it was last brought. failed_since, error: while it cannot be written.
    """

    path = models.CharField(_("folder"), max_length=500, unique=True)
    following = models.BooleanField(_("follows releases"), default=False)
    added_at = models.DateTimeField(_("since"))
    number = models.BigIntegerField(default=0)
    synced_at = models.DateTimeField(_("last brought up"), null=True)
    checked_at = models.DateTimeField(null=True)
    failed_since = models.DateTimeField(_("failing since"), null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("exported site")

    def __str__(self) -> str:
        return self.path


class Tampering(AppendOnly):
    """Files of the site, or of an exported one, that were not as we wrote them. found: [[what, path], …], shortened."""

    where = models.CharField(_("folder"), max_length=500)
    at = models.DateTimeField(_("found"))
    count = models.PositiveIntegerField(_("files"))
    restored = models.PositiveIntegerField(_("restored"))
    found = models.JSONField(_("what was found"))

    class Meta:
        verbose_name = _("tampering with pages")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.where} {self.count}"


class TamperingSeen(AppendOnly):
    """An administrator has looked into it: what came out."""

    tampering = models.OneToOneField(Tampering, models.PROTECT, related_name="seen")
    person = models.ForeignKey(Person, models.PROTECT)
    at = models.DateTimeField()
    note = models.TextField(_("what came out"))

    class Meta:
        verbose_name = _("tampering looked into")


class Package(AppendOnly):
    """What one release or withdrawal hands to the district's platform: a signed zip, made anew from the records."""

    class What(models.TextChoices):
        PUBLISH = "publish", _("to be published")
        CHANGE = "change", _("to be changed")
        REMOVE = "remove", _("to be removed")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    what = models.CharField(_("what is to be done"), max_length=10, choices=What)
    title = models.CharField(_("title"), max_length=300)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    withdrawal = models.ForeignKey(Withdrawal, models.PROTECT, null=True, related_name="+")
    # None for a release as it went out; counts the times that its page changed without a release.
    again = models.PositiveIntegerField(null=True)
    # What it is of, by which there is one: a release, a change of it, or a withdrawal. A rule with a condition would be
    # unknown to the guard of what is only appended.
    slot = models.CharField(max_length=60, unique=True)
    made_at = models.DateTimeField(_("made"))
    digest = models.CharField(max_length=64)
    # What is compared on the other side: the text of the page as normalised with its validity, and the digests of
    # its attachments.
    text_digest = models.CharField(max_length=64, blank=True)
    attachments = models.JSONField(default=list)

    class Meta:
        verbose_name = _("package")
        ordering = ("-pk",)
        indexes = [models.Index(fields=("subject_kind", "subject_id", "-id"))]

    def __str__(self) -> str:
        return self.title


class PackageEvent(AppendOnly):
    """What became of a package on the other side."""

    class What(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        PLACED = "placed", _("put up")
        SAME = "same", _("checked, the same")
        DIFFERS = "differs", _("checked, differs")
        UNREADABLE = "unreadable", _("checked, could not be read")
        REMOVED = "removed", _("removed there")

    package = models.ForeignKey(Package, models.PROTECT, related_name="events")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    address = models.CharField(_("address"), max_length=500, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("course of a package")
        ordering = ("pk",)
