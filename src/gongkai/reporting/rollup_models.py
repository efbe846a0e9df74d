"""What a government's report is summed from: who counts in, the reports of offices that do not use this system."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.files.models import StoredFile
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Revision


class Group(models.TextChoices):
    """What a member is to its government: the government's own office, a department, a town or subdistrict."""

    OWN = "own", _("the government itself")
    DEPARTMENT = "department", _("department")
    TOWN = "town", _("town or subdistrict")


class RollupRule(AppendOnly):
    """Whether towns and subdistricts count into a government's report of a year; of one year the latest counts."""

    government = models.ForeignKey(Agency, models.PROTECT, related_name="rollup_rules")
    year = models.PositiveSmallIntegerField(_("year"))
    towns = models.BooleanField(_("towns and subdistricts count in"))
    reason = models.CharField(_("reason"), max_length=300)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("government", "year", "-id"), name="rollup_rule_last")]

    def __str__(self) -> str:
        return f"{self.government} {self.year}: {self.towns}"


class RollupMember(AppendOnly):
    """The supervisor's word that an agency counts into a government's report of a year, or that it does not.

    Of one name the latest counts; an agency of the tree of which nothing is said counts as the tree proposes.
    agency: None for an office that does not use this system.
    """

    class Ground(models.TextChoices):
        FOUNDED = "founded", _("founded in the year")
        MERGED = "merged", _("merged or abolished in the year")
        INCLUDED = "included", _("its figures stand in another member's report")
        NO_DUTY = "no_duty", _("has no report of its own to make")
        OUTSIDE = "outside", _("does not use this system")
        OTHER = "other", _("other")

    government = models.ForeignKey(Agency, models.PROTECT, related_name="rollup_members")
    year = models.PositiveSmallIntegerField(_("year"))
    name = models.CharField(_("agency"), max_length=100)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    group = models.CharField(_("group"), max_length=12, choices=Group.choices)
    counted = models.BooleanField(_("counts in"))
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("government", "year", "id"), name="rollup_member_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}: {self.counted}"


class MemberUpload(models.Model):
    """A file that was sent in and waits: first to be read, then for a person's word. Gone once it is taken in.

    read: None before; then as `received.kept` has it, with `stated`: the figures that its text states.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    government = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    filename = models.CharField(_("file"), max_length=200)
    read = models.JSONField(null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "filename")
        constraints = [
            models.UniqueConstraint(fields=("government", "year", "file"), name="upload_waits_once")
        ]

    def __str__(self) -> str:
        return self.filename


class MemberFile(AppendOnly):
    """The report of a member as taken in from its file; of one member and year the latest counts.

    tables: as report_form writes them; stated: figures of the text that the file states, by key; scanned: its
    figures were recognised from pictures, and `person` compared them; reason: why it replaces an earlier one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    government = models.ForeignKey(Agency, models.PROTECT, related_name="member_files")
    year = models.PositiveSmallIntegerField(_("year"))
    name = models.CharField(_("agency"), max_length=100)
    number = models.PositiveSmallIntegerField()
    tables = models.JSONField()
    stated = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    filename = models.CharField(_("file"), max_length=200)
    scanned = models.BooleanField(default=False)
    errors = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("government", "year", "name", "number"), name="member_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class FrozenMember(AppendOnly):
    """What one member gave to a government's submitted report: its tables and the digest of where they are from.

    source: as in `rollup.Source`; figures: of the text, by key, None where the member does not say it.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="members")
    report = models.ForeignKey("reporting.AnnualReport", models.PROTECT, related_name="frozen_members")
    name = models.CharField(max_length=100)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    tables = models.JSONField()
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("revision", "name"), name="member_frozen_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.digest[:12]}"
