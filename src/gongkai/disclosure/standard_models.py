"""Standard catalogues by field: their editions, who answers them, and what is published for each entry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly


class StandardField(models.Model):
    """A field (领域) of the standard catalogues. Data: loaded from the rulebook, its entries imported."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("field of standard catalogues")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class StandardEdition(AppendOnly):
    """An edition of the catalogue of a field, in force from a day until the next one is.

    name, digest: of the file it came from (SM3); empty for what came with the program.
    """

    field = models.ForeignKey(StandardField, models.PROTECT, related_name="editions")
    starts_on = models.DateField(_("in force from"))
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("imported"))

    class Meta:
        ordering = ("-starts_on", "-pk")

    def __str__(self) -> str:
        return f"{self.field} {self.starts_on}"


class StandardEntry(AppendOnly):
    """A row of an edition, in the columns of rulebook 9.2. code: the same for the same matter in every edition."""

    class Way(models.TextChoices):
        PROACTIVE = "proactive", _("on its own initiative")
        ON_APPLICATION = "on_application", _("on application")

    edition = models.ForeignKey(StandardEdition, models.PROTECT, related_name="entries")
    code = models.SlugField(_("code"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"))
    topic = models.CharField(_("first-level matter"), max_length=100)
    matter = models.CharField(_("second-level matter"), max_length=100)
    contents = models.TextField(_("what is disclosed"))
    basis = models.CharField(_("basis"), max_length=500, blank=True)
    term = models.CharField(_("term"), max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), default=0)
    subject = models.CharField(_("disclosing body"), max_length=200, blank=True)
    channels = models.CharField(_("channels"), max_length=200, blank=True)
    audience = models.CharField(_("audience"), max_length=200, blank=True)
    way = models.CharField(_("way of disclosure"), max_length=16, choices=Way.choices)
    level = models.CharField(_("level"), max_length=60, blank=True)
    verified = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("entry of a standard catalogue")
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=("edition", "code"), name="standard_code_once"),
        ]
        indexes = [models.Index(fields=("code", "-id"), name="standard_entry_code")]

    def __str__(self) -> str:
        return f"{self.topic}·{self.matter}"


class StandardDuty(models.Model):
    """That an agency answers the catalogue of a field."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="standard_duties", verbose_name=_("agency")
    )
    field = models.ForeignKey(
        StandardField, models.PROTECT, related_name="duties", verbose_name=_("field of standard catalogues")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=("agency", "field"), name="standard_duty_once")]

    def __str__(self) -> str:
        return f"{self.agency}·{self.field}"


class StandardAnswer(models.Model):
    """Which entry a public item answers: a cache of its release. late: it came after the term of the entry."""

    item = models.OneToOneField("disclosure.Item", models.PROTECT, primary_key=True, related_name="answers")
    code = models.SlugField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=("code", "-released_at"), name="standard_answer_newest"),
            models.Index(fields=("agency", "code", "-released_at"), name="standard_answer_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.item_id}"


class StandardCount(models.Model):
    """Public items of an agency for an entry: kept, so that pages cost the same however many there are."""

    code = models.SlugField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    public = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("code", "agency"), name="standard_count_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.public}"


class KeyField(models.Model):
    """What the home page puts forward (重点领域): in a group, a column, a field, or a page of the site."""

    class Page(models.TextChoices):
        PROJECTS = "projects", _("projects by stages")
        SERVICES = "services", _("service guides")

    group = models.CharField(_("group"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    column = models.OneToOneField(
        "disclosure.Column",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="key",
        verbose_name=_("column"),
    )
    field = models.OneToOneField(
        StandardField,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="key",
        verbose_name=_("field of standard catalogues"),
    )
    page = models.CharField(_("page"), max_length=12, choices=Page.choices, blank=True)

    class Meta:
        verbose_name = _("key field")
        ordering = ("order", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(column__isnull=False, field__isnull=True, page="")
                | models.Q(column__isnull=True, field__isnull=False, page="")
                | models.Q(column__isnull=True, field__isnull=True) & ~models.Q(page=""),
                name="key_field_leads_to_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.column or self.field or self.get_page_display())
