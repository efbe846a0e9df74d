"""Applications under art. 27, what happened to them, the decisions taken and the letters sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.files.models import Attachment
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Release
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Channel
from gongkai.rulebook.report_form import APPLICANT_COLUMNS

KIND = "application"
LETTER = "letter"
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


class Application(models.Model):
    """One application as it was registered, with a cache of what its events say.

    number, channel, kind and the sealed columns never change after registration: the `registered` event
    carries their digest. sealed_person, sealed_request: JSON texts sealed under `case_key` (I7, see
    personal.py); the prints are keyed digests for exact look-up. submission: names one filled-in form, so
    that sending it twice registers it once. state … closed_on: the cache (I2, I3), made anew by
    `events.refresh`. waits_until: the last day for a correction or a payment that is waited for. answered_on: the day that counts for the answer; the report counts by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="applications", verbose_name=_("agency"))
    number = models.CharField(_("registration number"), max_length=80, unique=True)
    submission = models.UUIDField(unique=True)
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
        _("outcome"), max_length=40, blank=True, choices=[(key, each.label) for key, each in OUTCOMES.items()]
    )
    row = models.CharField(_("row of the report"), max_length=10, blank=True)
    sub_reason = models.CharField(max_length=40, blank=True)
    answered_on = models.DateField(_("answered on"), null=True)
    closed_on = models.DateField(_("closed on"), null=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-registered_at",)
        indexes = [
            models.Index(fields=("agency", "-registered_at")),
            models.Index(fields=("agency", "received_on", "applicant_kind"), name="application_received"),
            models.Index(
                fields=("agency", "answered_on", "row", "applicant_kind"), name="application_answered"
            ),
            models.Index(
                fields=("agency", "due_on"),
                condition=models.Q(answered_on__isnull=True),
                name="application_open",
            ),
            # In the order of the ledger, and for what is open: Django binds states as parameters, which a
            # partial index cannot serve on SQLite.
            models.Index(fields=("agency", "-number"), name="application_ledger"),
            models.Index(fields=("agency", "state", "due_on"), name="application_by_state"),
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


class ThirdPartyResult(models.TextChoices):
    """What an asked third party led to (art. 32)."""

    AGREED = "agreed", _("the third party agreed")
    SILENT = "silent", _("no opinion came in time; the agency decides")
    UPHELD = "upheld", _("the third party objects with good reason")
    OVERRULED = "overruled", _("the third party objects, the public interest prevails")


class Decision(AppendOnly):
    """The outcome chosen for a case; a later one before the answer is sent takes its place."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=40)
    sub_reason = models.CharField(max_length=40, blank=True)
    third_party = models.CharField(max_length=12, blank=True, choices=ThirdPartyResult.choices)
    sealed = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"


class Letter(models.Model):
    """A document that leaves the house (文书). Its text lives in the review's drafts and revisions.

    kind: number in rulebook 5.3; terms: what the event that it brings about needs (until, working_days, ref),
    without personal data; number, dated, release: given when three people have released it; dropped: it will
    not be sent (a number already given stays, marked 作废).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="letters")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=30)
    terms = models.JSONField(default=dict)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="letters")
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    number = models.CharField(max_length=80, blank=True)
    dated = models.DateField(null=True)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ("created_at", "pk")
        indexes = [models.Index(fields=("agency", "-created_at"), name="letter_list")]
        constraints = [
            models.UniqueConstraint(
                fields=("number",), condition=~models.Q(number=""), name="letter_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Way(models.TextChoices):
    """How a letter goes out (国办公开办函〔2016〕235号): no other courier than the post."""

    DIRECT = "direct", _("handed over against signature")
    ENTRUSTED = "entrusted", _("through another agency, against signature")
    POST = "post", _("by post (China Post, EMS)")
    ELECTRONIC = "electronic", _("electronically, as the applicant chose")
    EXCHANGE = "exchange", _("by document exchange between agencies")


class Dispatch(AppendOnly):
    """That a letter went out, and the day that counts: of posting, of signing, of sending."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="dispatch")
    way = models.CharField(_("way"), max_length=12, choices=Way.choices)
    on = models.DateField(_("on"))
    tracking = models.CharField(_("tracking number"), max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter} {self.way} {self.on}"


class ServiceProof(AppendOnly):
    """The proof that a letter arrived: the day, how it is known, and the signed paper where there is one."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="proof")
    on = models.DateField(_("received on"))
    sealed = models.TextField(blank=True)
    paper = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter} {self.on}"


class Tally(models.Model):
    """How often something was done from one network address in one window; the address only as keyed digest."""

    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key", "window"), name="one_tally_per_window")]

    def __str__(self) -> str:
        return f"{self.window}: {self.count}"
