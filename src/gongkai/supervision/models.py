"""The ledger: kinds, entries, what happened to them, and attendance at training."""

import uuid
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly
from gongkai.supervision import definition


class Kind(models.Model):
    """A kind of entry, as data: see definition.py for what `data` holds. Loaded once, then edited locally."""

    code = models.SlugField(_("code"), primary_key=True, max_length=30)
    name = models.CharField(_("name"), max_length=60)
    group = models.CharField(_("group"), max_length=20)
    figure = models.CharField(_("counts as"), max_length=20, default="none")
    order = models.PositiveSmallIntegerField(_("order"), default=50)
    active = models.BooleanField(_("in use"), default=True)
    data = models.JSONField(_("definition"))

    class Meta:
        verbose_name = _("kind of entry")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def definition(self) -> definition.Definition:
        """The kind as the program reads it. Raises BadKind where the stored data was spoilt."""
        return definition.parse(self.data)


class Entry(models.Model):
    """One entry of the ledger; a cache of its events (I2).

    agency: whom it concerns and who works on it. issuer: the agency that opened it, whose number series
    it bears: the same, or the supervisor's. occurred_on: the day by which it is counted; year and period:
    what it is about. fields: values by the kind's schema. closed_as repeats the end of the state.
    """

    class Period(models.TextChoices):
        YEAR = "", _("the whole year")
        Q1 = "q1", _("first quarter")
        Q2 = "q2", _("second quarter")
        Q3 = "q3", _("third quarter")
        Q4 = "q4", _("fourth quarter")
        H1 = "h1", _("first half-year")
        H2 = "h2", _("second half-year")

    class End(models.TextChoices):
        OPEN = "", _("open")
        DONE = "done", _("closed, aim reached")
        DROPPED = "dropped", _("closed, dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="entries", verbose_name=_("kind"))
    number = models.CharField(_("number"), max_length=80)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="ledger", verbose_name=_("agency"))
    issuer = models.ForeignKey(
        Agency, models.PROTECT, related_name="ledger_issued", verbose_name=_("opened by agency")
    )
    subject = models.CharField(_("subject"), max_length=300)
    fields = models.JSONField(default=dict)
    responsible = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger",
        verbose_name=_("responsible person"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    occurred_on = models.DateField(_("day"))
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("period"), max_length=2, choices=Period.choices, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    state = models.CharField(_("state"), max_length=30)
    closed_as = models.CharField(_("end"), max_length=8, choices=End.choices, blank=True, default="")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    case_key = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Empty where the system opened it.
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by")
    )
    created_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ("-created_at", "-number")
        indexes = [
            models.Index(fields=("kind", "agency", "-created_at"), name="ledger_list"),
            models.Index(fields=("agency", "kind", "year"), name="ledger_year"),
            models.Index(
                fields=("responsible", "due_on"), condition=models.Q(closed_as=""), name="ledger_open_mine"
            ),
            models.Index(
                fields=("agency", "due_on"), condition=models.Q(closed_as=""), name="ledger_open_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("kind", "issuer", "number"), name="ledger_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def state_name(self) -> str:
        """The state in the kind's words."""
        return self.kind.definition.state(self.state).name

    @property
    def open(self) -> bool:
        return self.closed_as == ""


class EntryEvent(AppendOnly):
    """What happened to an entry: which values it had (old) and has since (new).

    act: opened, changed, moved (with the move's code), noted, evidence or private_read. person: empty where the
    system wrote it, following what was done elsewhere.
    """

    class Act(models.TextChoices):
        OPENED = "opened", _("opened")
        CHANGED = "changed", _("changed")
        MOVED = "moved", _("step taken")
        NOTED = "noted", _("progress noted")
        EVIDENCE = "evidence", _("evidence added")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="events")
    act = models.CharField(max_length=12, choices=Act.choices)
    move = models.CharField(max_length=30, blank=True)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("entry", "id"))]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.act}"


class Attendance(AppendOnly):
    """Whether one person attended one training session, and for how long. A correction is a further row."""

    class Presence(models.TextChoices):
        ATTENDED = "attended", _("attended")
        ABSENT = "absent", _("absent")
        EXCUSED = "excused", _("excused")

    session = models.ForeignKey(Entry, models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendance", verbose_name=_("person"))
    presence = models.CharField(_("presence"), max_length=8, choices=Presence.choices)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, default=0)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=1, null=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("attendance")
        indexes = [models.Index(fields=("session", "person", "-id"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours__gte=0) & (models.Q(presence="attended") | models.Q(hours=0)),
                name="attendance_hours_only_when_attended",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.presence}"
