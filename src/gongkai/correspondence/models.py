"""Matters, what happened to them, their formal replies, and what was published of them."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.correspondence.procedure import Event, Kind, State
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Release


class Channel(models.TextChoices):
    """How a matter came in."""

    WEB = "web", _("web form")
    POST = "post", _("letter by post")
    COUNTER = "counter", _("at the counter")
    PHONE = "phone", _("telephone call")
    EMAIL = "email", _("letter by e-mail")
    PLATFORM = "platform", _("platform of the sender")
    DOCUMENT = "document", _("official document")


class Topic(models.TextChoices):
    """What a matter is about; told in lists instead of the sealed text."""

    RENEWAL = "renewal", _("shantytown renewal")
    EXPROPRIATION = "expropriation", _("expropriation and compensation")
    RESETTLEMENT = "resettlement", _("resettlement housing")
    PROPERTY = "property", _("property management")
    ENVIRONMENT = "environment", _("environment of the site")
    POLICY = "policy", _("question about policy")
    # What a complaint says of the agency (条例 47, 51, 53).
    UNPUBLISHED = "unpublished", _("not published on its own initiative")
    UNANSWERED = "unanswered", _("application not answered in time")
    REFUSED = "refused", _("information refused unlawfully")
    CHARGED = "charged", _("charged unlawfully")
    OTHER = "other", _("other")

    @classmethod
    def of(cls, kind: str) -> list[tuple[str, Any]]:
        """The choices of a kind of matter; all of them for none."""
        faults = (cls.UNPUBLISHED, cls.UNANSWERED, cls.REFUSED, cls.CHARGED)
        said = {Kind.COMPLAINT: (*faults, cls.OTHER), "": tuple(cls)}
        shown = said.get(kind) or [topic for topic in cls if topic not in faults]
        return [(topic.value, topic.label) for topic in shown]


class Grade(models.TextChoices):
    """How content the writer is with the answer."""

    SATISFIED = "satisfied", _("satisfied")
    FAIR = "fair", _("fairly satisfied")
    DISSATISFIED = "dissatisfied", _("dissatisfied")


class Matter(models.Model):
    """One letter, call, ticket or assigned matter.

    What tells of the writer (sealed_*) is encrypted under the key of this matter (I7); *_print are keyed
    digests for exact look-up. `title` is written by staff in neutral words. term_days: the term set by the
    agency on the day of registration, in working days; the due day itself is derived (see terms.py).
    state, handler, runs_from, extra_days and answered_on are caches of the events.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="matters", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("registration number"), max_length=80)
    title = models.CharField(_("title"), max_length=200, blank=True)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices, default=Topic.OTHER)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    received_on = models.DateField(_("received on"))
    term_days = models.PositiveSmallIntegerField(_("term in working days"))
    # The agency that a complaint is about; `agency`, which lies above it, handles the complaint.
    about = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("agency complained of"),
    )
    # The medium, the leader, or the hotline, with the number they gave; of a complaint the application's number.
    source = models.CharField(_("sender"), max_length=100, blank=True)
    source_number = models.CharField(_("number at the sender"), max_length=80, blank=True)

    key_id = models.UUIDField()
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    sealed_email = models.TextField(blank=True)
    sealed_address = models.TextField(blank=True)
    sealed_subject = models.TextField(blank=True)
    sealed_text = models.TextField()
    name_print = models.CharField(max_length=64, blank=True, db_index=True)
    phone_print = models.CharField(max_length=64, blank=True, db_index=True)
    code_print = models.CharField(max_length=64, blank=True)
    # Of the network address and of the form that was sent: against floods and double submission.
    origin_print = models.CharField(max_length=64, blank=True)
    form_print = models.CharField(max_length=64, null=True, blank=True, unique=True)
    may_publish = models.BooleanField(_("may be published without personal data"), default=False)

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REGISTERED)
    handler = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    # The term runs from the day after; handling a matter again begins a new term.
    runs_from = models.DateField()
    extra_days = models.PositiveSmallIntegerField(default=0)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registered"))

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering = ("-registered_at",)
        constraints = [
            models.UniqueConstraint(fields=("agency", "number"), name="matter_number_once"),
            models.UniqueConstraint(
                fields=("agency", "kind", "source_number"),
                condition=models.Q(kind="hotline"),
                name="hotline_ticket_once",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind="complaint", about__isnull=False) & ~models.Q(about=models.F("agency"))
                )
                | (~models.Q(kind="complaint") & models.Q(about__isnull=True)),
                name="complaint_goes_above",
            ),
        ]
        indexes = [
            models.Index(fields=("agency", "kind", "-registered_at")),
            models.Index(fields=("agency", "state", "runs_from"), name="matter_by_state"),
            models.Index(fields=("agency", "kind", "-received_on"), name="matter_ledger"),
            models.Index(fields=("agency", "kind", "answered_on")),
            models.Index(fields=("origin_print", "registered_at")),
            models.Index(fields=("code_print",), condition=~models.Q(code_print=""), name="matter_code"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The neutral title, or topic and kind as long as nobody has written one; never the sealed subject."""
        if self.about is None or self.title:
            return self.title or f"{self.get_kind_display()}：{self.get_topic_display()}"
        return gettext("complaint about %(agency)s: %(topic)s") % {
            "agency": self.about.brief,
            "topic": self.get_topic_display(),
        }


class MatterEvent(AppendOnly):
    """One thing that happened to a matter. n counts within the matter; person is empty for the public.

    words: what staff wrote, without personal data of the writer (the use cases refuse it); data: days,
    reasons, people by id, grades.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="events")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Event.choices)
    on = models.DateField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=2000, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("n",)
        constraints = [models.UniqueConstraint(fields=("matter", "n"), name="matter_event_once")]

    def __str__(self) -> str:
        return f"{self.matter.number} {self.n} {self.kind}"


class Reply(models.Model):
    """A formal reply (正式文稿) to a matter; its text lives in drafts and revisions.

    number, date and release are set when the third person approves; dispatched_on when it is sent. For an
    assigned matter it is the report on its completion (办结报告).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="replies")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.CharField(_("document number"), max_length=80, blank=True)
    dated = models.DateField(_("date of the document"), null=True, blank=True)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    dispatched_on = models.DateField(_("sent on"), null=True, blank=True)
    recalled = models.BooleanField(default=False)
    begun_at = models.DateTimeField()

    class Meta:
        ordering = ("begun_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("matter",),
                condition=models.Q(dispatched_on__isnull=True, recalled=False),
                name="one_open_reply_per_matter",
            )
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Publication(models.Model):
    """Question and answer of a matter as the public reads them, without personal data; a cache of the releases."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="publication", primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    live = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"))
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-published_at", "-pk")
        indexes = [
            models.Index(
                fields=("-published_at",),
                condition=models.Q(live__isnull=False),
                name="letter_public",
            )
        ]

    def __str__(self) -> str:
        return self.title
