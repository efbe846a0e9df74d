"""Stored files by digest, and the attachments that give them a name and an owner."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly


class StoredFile(AppendOnly):
    """One content on disk, by the SM3 digest of its stored bytes; never replaced in place.

    sealed: the bytes are encrypted under a case key (I7), so the digest tells nothing of the content.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=10)
    sealed = models.BooleanField(default=False)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class ErasedFile(AppendOnly):
    """That a stored content was erased from the disk; its digest stays, and it never comes back."""

    file = models.OneToOneField(StoredFile, models.PROTECT, primary_key=True, related_name="erased")
    ground = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file_id)


class Attachment(models.Model):
    """A stored file as part of something: private until the thing it belongs to is released.

    owner_kind and owner_id name the subject, as in the review; case_key: id of the key that opens a
    sealed file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    owner_kind = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    purpose = models.CharField(max_length=30, blank=True)
    case_key = models.UUIDField(null=True, blank=True)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("uploaded_at", "pk")
        indexes = [models.Index(fields=("owner_kind", "owner_id"))]

    def __str__(self) -> str:
        return self.name


class CaseKey(models.Model):
    """The key under which one case's personal data is sealed, itself wrapped by the instance's key.

    Destroying this row is the erasure of everything sealed under it (I7).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    algorithm = models.CharField(max_length=20)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
