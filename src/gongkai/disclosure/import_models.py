"""An old site's items on their way in: the file, how its columns are taken, and what came of each row."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.files.models import StoredFile
from gongkai.review.models import Manifest


class ItemImport(models.Model):
    """One file of items that were public elsewhere, read row by row into a manifest.

    heads: the names of its columns; files: the names of the files beside the table, in an archive; mapping: our field →
    number of the column, None until a person confirmed it; settings: what holds for all rows; reading: rows wait;
    manifest: the one that is being filled, further ones when it is full; closed_at: a person has done with it;
    forgotten_at: its period is over, the file and what its rows held are gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="item_imports", verbose_name=_("agency"))
    name = models.CharField(_("file"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    heads = models.JSONField(default=list)
    files = models.JSONField(default=list)
    mapping = models.JSONField(null=True)
    settings = models.JSONField(default=dict)
    reading = models.BooleanField(_("being read"), default=False, db_index=True)
    manifest = models.ForeignKey(
        Manifest, models.PROTECT, null=True, related_name="+", verbose_name=_("import manifest")
    )
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sent in by"))
    created_at = models.DateTimeField(_("sent in"))
    closed_at = models.DateTimeField(_("done with on"), null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of items")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class ItemImportRow(models.Model):
    """One row: its cells as they stand in the file or were corrected, and what came of it.

    forced: a person said that it is no duplicate.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        LISTED = "listed", _("in the manifest")
        FOUND = "found", _("left: screening found something")
        WRONG = "wrong", _("left: a cell is wrong")
        KNOWN = "known", _("left: here already")

    imported = models.ForeignKey(ItemImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    title = models.CharField(_("title"), max_length=300, blank=True)
    state = models.CharField(_("outcome"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    forced = models.BooleanField(default=False)
    item = models.ForeignKey("disclosure.Item", models.SET_NULL, null=True, related_name="import_rows")
    manifest = models.ForeignKey(Manifest, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of an import")
        ordering = ("imported", "number")
        constraints = [models.UniqueConstraint(fields=("imported", "number"), name="import_row_once")]
        indexes = [models.Index(fields=("imported", "state", "number"), name="import_row_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
