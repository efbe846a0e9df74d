"""Filing with the supervising agency: who collects, what was filed, what was decided on it, what the checks found."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Revision


class CollectionRule(AppendOnly):
    """Whether an agency collects the reports of those below it before they are published (art. 49), from which year
    of report on, and the days by which they file and publish where local rules set earlier ones.

    Of one agency the latest counts. Days are MM-DD of the year after the report's, empty for those of art. 49.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="collection_rules", verbose_name=_("agency")
    )
    collects = models.BooleanField(_("collects the reports"))
    first_year = models.PositiveSmallIntegerField(_("from the report on the year"))
    file_by = models.CharField(_("departments file by"), max_length=5, blank=True)
    publish_by = models.CharField(_("departments publish by"), max_length=5, blank=True)
    governments_by = models.CharField(_("governments file by"), max_length=5, blank=True)
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("agency", "-id"), name="collection_rule_last")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.collects}"


class Filing(AppendOnly):
    """An approved revision put before the supervising agency. file_by: the day by which it was to be there;
    last_day: that of art. 49, from which on the leader may publish without waiting."""

    report = models.ForeignKey("reporting.AnnualReport", models.PROTECT, related_name="filings")
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="filing")
    digest = models.CharField(max_length=64)
    collector = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    file_by = models.DateField(_("file by"))
    last_day = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on_day = models.DateField()
    at = models.DateTimeField(pgettext_lazy("report", "filed"))

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.revision} filed"

    @property
    def late(self) -> bool:
        """Whether it came after the day set; it stays so."""
        return self.on_day > self.file_by


class FilingDecision(AppendOnly):
    """What the supervising agency decided on a filing: accepted, which releases it, or returned with reasons.

    remarks: [{where, label, text}], cell by cell or part by part.
    """

    ACCEPTED, RETURNED = "accepted", "returned"

    filing = models.OneToOneField(Filing, models.PROTECT, related_name="decision")
    digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=10, choices=[(ACCEPTED, _("accepted")), (RETURNED, _("returned"))])
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    opinion = models.CharField(_("opinion"), max_length=1000, blank=True)
    remarks = models.JSONField(default=list)
    on_day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.filing}: {self.decision}"


class FilingUnawaited(AppendOnly):
    """The leader's word that a report is published without waiting, on the last day of art. 49 or after it."""

    filing = models.OneToOneField(Filing, models.PROTECT, related_name="unawaited")
    digest = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    on_day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.filing} unawaited"


class FilingReminder(AppendOnly):
    """A supervisor's reminder to an agency whose report is not there. It stands in the agency's inbox until it files."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    collector = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    words = models.CharField(_("words"), max_length=500, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("agency", "year", "-id"), name="filing_reminder_last")]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"


class FilingCheck(models.Model):
    """What the checks found in a filed report: a cache, made anew by each check. asked_at: when it was asked for;
    empty findings with done_at None wait for their turn.

    findings: [{rule, severity, where, place, message}], errors first; similar: [{with, share, passages}].
    """

    filing = models.OneToOneField(Filing, models.CASCADE, primary_key=True, related_name="check_made")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(
                fields=("asked_at",), condition=models.Q(done_at__isnull=True), name="filing_unchecked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.filing}: {self.errors}/{self.warnings}"
