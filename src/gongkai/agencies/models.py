"""Agencies, people and appointments."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from gongkai.journal.models import AppendOnly


class Role(models.TextChoices):
    """What an appointment lets its holder do. The first three are the three people of every release."""

    HANDLER = "handler", _("handler")
    REVIEWER = "reviewer", _("confidentiality reviewer")
    APPROVER = "approver", _("principal leader")
    DISCLOSURE_HEAD = "disclosure_head", _("head of the disclosure office")
    COUNTERSIGNER = "countersigner", _("countersigner")
    LEGAL_REVIEWER = "legal_reviewer", _("legal reviewer")
    SUPERVISOR = "supervisor", _("supervisor")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDIT_ADMIN = "audit_admin", _("audit administrator")


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
REVIEWERS = (Role.HANDLER, Role.REVIEWER, Role.APPROVER)


class Agency(models.Model):
    """An organ that discloses (行政机关).

    code: its part of an index number; document_mark: its part of a letter number, as 西城改公;
    path: ids from the root down, each between slashes, so that a subtree is one prefix.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100, unique=True)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("superior")
    )
    path = models.CharField(max_length=400, editable=False, db_index=True)
    code = models.CharField(_("code"), max_length=30, unique=True)
    document_mark = models.CharField(_("document mark"), max_length=20, blank=True)
    government = models.BooleanField(_("is a government"), default=False)
    disclosure_office = models.CharField(_("disclosure office"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    hours = models.CharField(_("office hours"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=40, blank=True)
    email = models.CharField(_("e-mail"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    functions = models.TextField(_("functions"), blank=True)
    reconsideration_body = models.CharField(_("reconsideration body"), max_length=100, blank=True)
    superior_department = models.CharField(_("superior department"), max_length=100, blank=True)
    court = models.CharField(_("court"), max_length=100, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the path that follows from the superior; the whole subtree moves with its head.

        Raises ValueError where the superior lies below this agency.
        """
        before = self.path
        above = self.parent.path if self.parent else "/"
        if f"/{self.pk.hex}/" in above:
            raise ValueError("an agency cannot stand below itself")
        self.path = f"{above}{self.pk.hex}/"
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before and before != self.path:
                for below in Agency.objects.filter(path__startswith=before).exclude(pk=self.pk):
                    moved = self.path + below.path.removeprefix(before)
                    Agency.objects.filter(pk=below.pk).update(path=moved)

    @property
    def brief(self) -> str:
        """The short name where there is one, else the full one: for lists, where a full name fills four lines."""
        return self.short_name or self.name

    def subtree(self) -> models.QuerySet["Agency"]:
        """This agency and all below it."""
        return Agency.objects.filter(path__startswith=self.path)

    def option(self, name: str, default: Any) -> Any:
        """A setting of this agency, as `mailbox_working_days`, or `default`."""
        return self.options.get(name, default)


class PersonManager(BaseUserManager["Person"]):
    """Makes people; there is no superuser to make."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """A member of staff. Rights come from appointments alone: no flag on a person grants anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("log-in name"), max_length=60, unique=True)
    name = models.CharField(_("full name"), max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="staff", verbose_name=_("agency"))
    position = models.CharField(_("position"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    full_time = models.BooleanField(_("full-time on disclosure"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    password_given = models.BooleanField(
        _("password given by an administrator"), default=False, editable=False,
        help_text=_("Until it is changed nothing but changing it is possible."),
    )  # fmt: skip
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Appointment(AppendOnly):
    """Who may act in which role of which agency, from when to when, on which paper (任职、授权).

    A deputy (代) stands in for an absence. It counts only once confirmed, and until ended.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="appointments", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    deputy = models.BooleanField(_("deputy"), default=False)
    paper = models.CharField(_("paper of appointment"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("appointment")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


class AppointmentConfirmation(AppendOnly):
    """The second person's word that an appointment is right."""

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="confirmation")
    confirmed_by = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.appointment} confirmed"


class AppointmentEnd(AppendOnly):
    """The early end of an appointment: it holds through the day before `ended_on`."""

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="end")
    ended_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    ended_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.appointment} ended"


class PasswordReset(AppendOnly):
    """The system administrator's word that a person needs a new password; another administrator issues it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="password_resets")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person}"


class PasswordIssue(AppendOnly):
    """The security administrator issued the new password."""

    reset = models.OneToOneField(PasswordReset, models.PROTECT, related_name="issue")
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reset}"


class NumberSeries(models.Model):
    """The last number given out of one series of one agency and year."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("agency", "kind", "year"), name="one_series_per_agency_kind_year")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class IssuedNumber(AppendOnly):
    """One number given out; the same number twice is refused by the database (I8)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()
    text = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("agency", "kind", "year", "value"), name="number_once"),
        ]

    def __str__(self) -> str:
        return self.text


class VoidNumber(AppendOnly):
    """A number that was given out and will not be used: it stays, marked 作废."""

    number = models.OneToOneField(IssuedNumber, models.PROTECT, related_name="void")
    reason = models.CharField(max_length=200)
    voided_by = models.CharField(max_length=64)
    voided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} 作废"


class LoadedNotice(AppendOnly):
    """A yearly holiday notice loaded after this version was made; of two for a year the later counts (I3)."""

    year = models.PositiveSmallIntegerField(_("year"))
    off = models.JSONField(_("days off"))
    work = models.JSONField(_("make-up working days"))
    source = models.CharField(_("source"), max_length=200)
    loaded_by = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("holiday notice")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.year} {self.source}"


class SavedView(models.Model):
    """A filter and an order of a list under a name. agency: where it is shared; None: its maker's alone.

    list: the address of the list; query: the filter and order as the address carries them (saved.canonical).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="saved_views")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="saved_views")
    list = models.CharField(max_length=200)
    query = models.CharField(max_length=1000)
    name = models.CharField(_("name of the view"), max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "list", "name"),
                condition=models.Q(agency__isnull=True),
                name="own_view_name_once",
            ),
            models.UniqueConstraint(
                fields=("agency", "list", "name"),
                condition=models.Q(agency__isnull=False),
                name="shared_view_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
