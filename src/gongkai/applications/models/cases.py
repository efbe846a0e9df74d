"""Applications under art. 27, and what happened to them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly
from gongkai.rulebook.amendments import AMENDMENTS
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Channel
from gongkai.rulebook.report_form import APPLICANT_COLUMNS

KIND = "application"
APPLICANT_KINDS = [(column.key, column.label) for column in APPLICANT_COLUMNS if column.key != "total"]


class State(models.TextChoices):
    """Where a case stands; derived from its events (states.py), here only to be listed."""

    REGISTERED = "registered", _("registered, receipt to be confirmed")
    PROCESSING = "processing", _("in hand")
    CORRECTING = "correcting", _("waits for the correction")
    PAYING = "paying", _("waits for the fee")
    DECIDED = "decided", _("decided, answer to be sent")
    ANSWERED = "answered", _("answered, to be filed")
    CLOSED = "closed", _("closed")


OPEN_STATES = (State.REGISTERED, State.PROCESSING, State.CORRECTING, State.PAYING, State.DECIDED)


class Matter(models.TextChoices):
    """What a case is about. Only the first is counted by the report (rulebook 5.7)."""

    INFORMATION = "information", _("application for information")
    AMENDMENT = "amendment", _("amendment of a record (art. 41)")
    REDO = "redo", _("answer anew, as ordered")


class Application(models.Model):
    """One application as it was registered, with a cache of what its events say.

    number, matter, origin, channel, kind and the sealed columns never change after registration: the `registered` event
    carries their digest. sealed_person, sealed_request: JSON texts sealed under `case_key` (I7, see
    personal.py); the prints are keyed digests for exact look-up. submission: names one filled-in form, so
    that sending it twice registers it once. origin: the case of which this is a part (split) or which is to be
    answered anew (redo). state … handler: the cache (I2, I3), made anew by `events.refresh`. lead: the case
    together with which this one is handled and answered (merged). waits_until: the last day for a correction
    or a payment that is waited for. answered_on: the day that counts for the answer; the report counts by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="applications", verbose_name=_("agency"))
    number = models.CharField(_("registration number"), max_length=80, unique=True)
    submission = models.UUIDField(unique=True)
    matter = models.CharField(_("matter"), max_length=12, choices=Matter.choices, default=Matter.INFORMATION)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="offspring")
    channel = models.CharField(
        _("channel"), max_length=20, choices=[(channel.value, channel.label) for channel in Channel]
    )
    applicant_kind = models.CharField(_("applicant"), max_length=40, choices=APPLICANT_KINDS)
    arrived_on = models.DateField(_("arrived on"))
    case_key = models.UUIDField()
    sealed_person = models.TextField()
    sealed_request = models.TextField()
    name_print = models.CharField(max_length=64, blank=True)
    identity_print = models.CharField(max_length=64, blank=True)
    phone_print = models.CharField(max_length=64, blank=True)
    reading_help = models.BooleanField(_("needs help with reading"), default=False)
    registered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField(_("registered"))

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REGISTERED)
    received_on = models.DateField(_("received on"), null=True)
    due_on = models.DateField(_("answer due"), null=True)
    provisional = models.BooleanField(default=False)
    waits_until = models.DateField(null=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=40,
        blank=True,
        choices=[(key, each.label) for key, each in (*OUTCOMES.items(), *AMENDMENTS.items())],
    )
    row = models.CharField(_("row of the report"), max_length=10, blank=True)
    sub_reason = models.CharField(max_length=40, blank=True)
    answered_on = models.DateField(_("answered on"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)
    lead = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    handler = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="cases", verbose_name=_("handler")
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-registered_at",)
        indexes = [
            models.Index(fields=("agency", "-registered_at")),
            # Each holds all that table three asks of a case, so that a year is counted without opening the rows.
            models.Index(
                fields=("agency", "received_on", "applicant_kind", "answered_on", "matter"),
                name="application_received",
            ),
            models.Index(
                fields=("agency", "answered_on", "row", "applicant_kind", "matter"),
                name="application_answered",
            ),
            models.Index(fields=("agency", "due_on", "answered_on"), name="application_due"),
            # In the order of the ledger, all and what is open: Django binds states as parameters, which a partial
            # index cannot serve on SQLite, so what asks for open cases says that they are unanswered too.
            models.Index(fields=("agency", "-number"), name="application_ledger"),
            models.Index(
                fields=("agency", "-number"),
                condition=models.Q(answered_on__isnull=True),
                name="application_unanswered",
            ),
            models.Index(
                fields=("agency", "-number"),
                condition=models.Q(answered_on__gt=models.F("due_on")),
                name="application_late",
            ),
            models.Index(fields=("agency", "state", "due_on"), name="application_by_state"),
            models.Index(fields=("handler", "state", "due_on"), name="application_by_handler"),
            models.Index(fields=("identity_print",), name="application_by_identity"),
            models.Index(fields=("phone_print",), name="application_by_phone"),
            models.Index(fields=("name_print",), name="application_by_name"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEvent(AppendOnly):
    """Something that happened in a case: a type of the rulebook's clock or one of our own (states.py).

    on: the day that counts in law; data: what the clock and the lists need, without personal data;
    sealed: the words, sealed under the case key.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=30)
    on = models.DateField()
    data = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    letter = models.ForeignKey("Letter", models.PROTECT, null=True, related_name="events")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("seq",)
        constraints = [
            models.UniqueConstraint(fields=("application", "seq"), name="case_event_order"),
        ]
        indexes = [
            # The few by which applicants ask for proactive disclosure, found at each view of an inbox.
            models.Index(
                fields=("application",), condition=models.Q(type="suggested"), name="case_event_suggested"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.seq} {self.type}"


class SubReason(models.Model):
    """Why a case falls under 其他 (rulebook 5.7): data that an administrator edits.

    law and conclusion are what the drafted letter begins with. Seeded from the rulebook.
    """

    key = models.SlugField(_("code"), max_length=40, unique=True)
    outcome = models.CharField(_("outcome"), max_length=40, default="other")
    label = models.CharField(_("sub-reason"), max_length=100)
    letter = models.PositiveSmallIntegerField(_("letter"), default=35)
    remedy = models.BooleanField(_("the letter tells of remedies"), default=True)
    law = models.CharField(_("article"), max_length=200, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=300, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("sub-reason")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.label
