"""Reconsideration and litigation about disclosure, and what happened in each case."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly
from gongkai.remedies import results


class Remedy(models.Model):
    """One reconsideration or lawsuit against the agency.

    kind: the row of table four. received_on: the day the agency was told of the case, by which it is
    counted; copy_received_on: the day the copy of the application or complaint came, from which the term of
    the answer runs. result … redo_done_on: a cache of the events (I2), made anew by `standing.refresh`.
    Who applied stands in the application, sealed; here no name is kept.
    """

    class Kind(models.TextChoices):
        RECONSIDERATION = "reconsideration", _("reconsideration")
        DIRECT = "direct_litigation", _("lawsuit without reconsideration")
        AFTER = "litigation_after_reconsideration", _("lawsuit after reconsideration")

    class Procedure(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary procedure")
        SIMPLE = "simple", _("simple procedure")

    class Column(models.TextChoices):
        PENDING = "pending", _("pending")
        UPHELD = "upheld", _("upheld")
        CORRECTED = "corrected", _("corrected")
        OTHER = "other_result", _("other result")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="remedies", verbose_name=_("agency"))
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remedies",
        verbose_name=_("application"),
    )
    earlier = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        verbose_name=_("reconsideration before it"),
    )
    number = models.CharField(_("number"), max_length=80)
    kind = models.CharField(_("kind"), max_length=40, choices=Kind.choices)
    subject = models.CharField(_("cause of action"), max_length=300)
    body = models.CharField(_("reconsideration body or court"), max_length=100)
    case_number = models.CharField(_("case number"), max_length=80, blank=True)
    procedure = models.CharField(
        _("procedure"), max_length=10, choices=Procedure.choices, default=Procedure.ORDINARY
    )
    received_on = models.DateField(_("case received on"))
    copy_received_on = models.DateField(_("copy received on"))
    term_given = models.DateField(_("answer due by the notice"), null=True, blank=True)
    handler = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handler")
    )
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    answered_on = models.DateField(_("answered on"), null=True)
    result = models.CharField(_("result"), max_length=20, choices=Column.choices, default=Column.PENDING)
    detail = models.CharField(_("finer result"), max_length=40, blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    appealed = models.BooleanField(_("appealed"), default=False)
    redo_due_on = models.DateField(_("answer anew by"), null=True)
    redo_done_on = models.DateField(_("answered anew on"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        ordering = ("-received_on", "-number")
        indexes = [
            models.Index(fields=("agency", "-received_on"), name="remedy_list"),
            models.Index(fields=("agency",), condition=models.Q(result="pending"), name="remedy_pending"),
        ]
        constraints = [models.UniqueConstraint(fields=("agency", "number"), name="remedy_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def proceeding(self) -> str:
        """Which list of results the next decision comes from."""
        if self.kind == self.Kind.RECONSIDERATION:
            return results.RECONSIDERATION
        return results.APPEAL if self.appealed else results.LITIGATION

    @property
    def detail_label(self) -> str:
        return results.label(self.detail) if self.detail else ""


class RemedyEvent(AppendOnly):
    """What happened in a case, on which day, by which paper.

    content: what a registration or a change says, and when a decision was received; detail and column: of a
    decision; due_on: of an answer anew, and of the report on an opinion; struck: the event that this one declares entered by mistake.
    """

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered")
        CHANGED = "changed", _("changed")
        ANSWERED = "answered", _("reply submitted")
        DECIDED = "decided", _("adjudicated")
        APPEALED = "appealed", _("appealed")
        REDO_OPENED = "redo_opened", _("to be answered anew")
        REDO_DONE = "redo_done", _("answered anew")
        OPINION = "opinion", _("opinion of the reconsideration body received")
        RECTIFIED = "rectified", _("reported on the opinion")
        STRUCK = "struck", _("entry struck out")
        FILED = "filed", _("file added")

    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField()
    detail = models.CharField(max_length=40, blank=True)
    column = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True)
    paper = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    struck = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck_by")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("remedy", "id"))]

    def __str__(self) -> str:
        return f"{self.remedy_id} {self.kind} {self.on}"
