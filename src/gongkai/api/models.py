"""Integrations: which program may call the interface, for whom, for how long; and what became of its tokens."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly

INTEGRATION = "integration"


class Scope(models.TextChoices):
    """What a token is for. It never gives a right: it narrows the rights of the person it acts for."""

    READ_CASES = "read:cases", _("read cases, their clocks and the list of their letters")
    WRITE_CASES = "write:cases", _("register applications and act on cases")
    READ_PERSONAL = "read:personal", _("read personal data of applicants, and letters")
    READ_REPORTS = "read:reports", _("read the figures of the annual report")


class Integration(AppendOnly):
    """A program that may call, as the system administrator proposed it; it counts once it is confirmed.

    person: for whom it acts; only their appointments in `agency` count. scopes: values of Scope; networks:
    from where it calls, as CIDR, empty for anywhere; per_minute: how many calls are answered in a minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name of the program"), max_length=30)
    purpose = models.CharField(_("purpose"), max_length=200)
    contact = models.CharField(_("who answers for it"), max_length=100)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("acts for"))
    scopes = models.JSONField(_("scopes"))
    networks = models.JSONField(_("networks"), default=list)
    per_minute = models.PositiveIntegerField(_("calls a minute"))
    expires_on = models.DateField(_("last day"))
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))

    class Meta:
        verbose_name = _("integration")
        ordering = ("-proposed_at",)

    def __str__(self) -> str:
        return self.name


class IntegrationConfirmation(AppendOnly):
    """The security administrator's word that the integration is right."""

    integration = models.OneToOneField(Integration, models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.integration} confirmed"


class TokenIssue(AppendOnly):
    """A token was made; the newest of an integration is the one that counts. digest: keyed, never the token."""

    integration = models.ForeignKey(Integration, models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.integration} {self.issued_at}"


class Revocation(AppendOnly):
    """The end of an integration: from this moment no token of it is admitted."""

    integration = models.OneToOneField(Integration, models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=200)
    revoked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.integration} revoked"


class Use(models.Model):
    """How often an integration called in the running minute, and when and from where it last did."""

    integration = models.OneToOneField(Integration, models.PROTECT, primary_key=True, related_name="use")
    minute = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return f"{self.integration_id} {self.at}"
