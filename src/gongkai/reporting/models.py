"""Annual reports, what was frozen with each submission, figures set by hand, reports of earlier years."""

import uuid
from itertools import chain

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.journal.models import AppendOnly
from gongkai.reporting.filing_models import (
    CollectionRule,
    Filing,
    FilingCheck,
    FilingDecision,
    FilingReminder,
    FilingUnawaited,
)
from gongkai.reporting.public_models import PublicTables
from gongkai.reporting.rollup_models import (
    FrozenMember,
    MemberFile,
    MemberUpload,
    RollupMember,
    RollupRule,
)
from gongkai.reporting.statistics_models import PublicStatistics
from gongkai.reporting.upload_models import Upload
from gongkai.review.models import Release, Revision
from gongkai.rulebook.report_form import TITLE

__all__ = [
    "AnnualReport",
    "CollectionRule",
    "EarlierReport",
    "Filing",
    "FilingCheck",
    "FilingDecision",
    "FilingReminder",
    "FilingUnawaited",
    "FrozenFigure",
    "FrozenMember",
    "FrozenRecords",
    "ManualDecision",
    "ManualFigure",
    "MemberFile",
    "MemberUpload",
    "PublicStatistics",
    "PublicTables",
    "RollupMember",
    "RollupRule",
    "Upload",
]


class AnnualReport(models.Model):
    """The report of one agency on one year. Its text lives in drafts and revisions (review).

    state caches what the review says; live: the release that is public now; published_at: of the first one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("in drafting")
        REVIEW = "review", _("under review")
        FILED = "filed", _("filed with the supervising agency")
        PUBLIC = "public", _("public")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reports", verbose_name=_("agency"))
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    live = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    created_at = models.DateTimeField(_("begun"))

    class Meta:
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ("-year", "agency")
        constraints = [models.UniqueConstraint(fields=("agency", "year"), name="one_report_per_year")]

    def __str__(self) -> str:
        return TITLE.format(agency=self.agency.name, year=self.year)


class FrozenFigure(AppendOnly):
    """A figure as it was submitted: its value (None: it cannot be said) and the records behind it (I5).

    records: primary keys, as texts; manual: whether a person set it, with reason and approver elsewhere. Where many
    figures count the same records, `groups` names the `FrozenRecords` of the revision and `records` is empty.
    """

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="frozen_figures")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    records = models.JSONField(default=list)
    manual = models.BooleanField(default=False)
    groups = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("revision", "key"), name="figure_frozen_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def behind(self) -> list[str]:
        """The primary keys of all records behind it, in order."""
        rows = FrozenRecords.objects.filter(revision=self.revision_id, number__in=self.groups or ())
        return sorted(chain(self.records, *rows.values_list("records", flat=True)))


class FrozenRecords(AppendOnly):
    """Records that stood behind the same figures of a submitted report: each of them is kept once."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    records = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("revision", "number"), name="records_frozen_once")]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.number}"


class ManualFigure(AppendOnly):
    """A figure proposed by hand in the place of the records' (C15); it counts once a leader approved it.

    value None: back to the records. Of several decided ones the latest counts.
    """

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="manual_figures")
    key = models.CharField(_("figure"), max_length=80)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True)
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0),
                name="manual_figure_not_negative",
            ),
            # What is no number is larger than any (PostgreSQL), or a text and so larger too (SQLite).
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__lt=10**13),
                name="manual_figure_is_a_number",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="manual_figure_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class ManualDecision(AppendOnly):
    """What the leader decided on a figure set by hand; or, not approved, that its proposer took it back.

    appointment, on_day: by which the leader approved it, and the day.
    """

    figure = models.OneToOneField(ManualFigure, models.PROTECT, related_name="decision")
    approved = models.BooleanField()
    approver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    on_day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.figure}: {self.approved}"


class EarlierReport(AppendOnly):
    """The tables of a report published before this system was in use, read from its file; the latest counts.

    texts: its narrative parts by the names of `narrative.PARTS`; None where only the tables were taken over. scanned:
    its figures were recognised in pictures, and `person` compared them; reason: why it replaces an earlier one;
    attached_to: the owner under which its file is attached. None of these is known of a row from before they were kept.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="earlier_reports", verbose_name=_("agency")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    tables = models.JSONField()
    texts = models.JSONField(null=True)
    source = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken over by"))
    at = models.DateTimeField(_("time"))
    scanned = models.BooleanField(_("scanned"), null=True)
    reason = models.CharField(_("reason"), max_length=300, null=True)  # noqa: DJ001 - NULL keeps old digests
    attached_to = models.UUIDField(null=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("report of an earlier year")

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"
