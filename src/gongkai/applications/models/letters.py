"""Decisions, and the letters that carry them: drafted, endorsed, stamped, sent, served."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.applications.models.cases import Application
from gongkai.files.models import Attachment
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Release

LETTER = "letter"


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
    not be sent (a number already given stays, marked 作废). offered: digest of the content that was put before
    countersigner and legal reviewer, empty while it is being written.
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
    wording = models.ForeignKey("LetterWording", models.PROTECT, null=True, related_name="+")
    sent_on = models.DateField(_("sent"), null=True)
    offered = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ("created_at", "pk")
        indexes = [
            models.Index(fields=("agency", "-created_at"), name="letter_list"),
            models.Index(
                fields=("agency", "created_at"),
                condition=models.Q(sent_on__isnull=True, dropped=False),
                name="letter_unsent",
            ),
        ]
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


class LetterWording(AppendOnly):
    """An agency's own text of a template, one row per version; no paragraphs: back to the standard text.

    paragraphs and texts: as in data/letters.json; the newest version of a kind is in force.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="letter_wordings")
    kind = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    paragraphs = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "-version")
        constraints = [
            models.UniqueConstraint(fields=("agency", "kind", "version"), name="letter_wording_version")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Stage(models.TextChoices):
    """What an agency may put before the three steps."""

    COUNTERSIGN = "countersign", _("countersigning")
    LEGAL = "legal", _("legal review")


class Endorsement(AppendOnly):
    """A countersignature or a legal review of one exact draft of a letter. digest: of the draft's content, so
    that a later change asks for it anew; sealed: the opinion, under the case key."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="endorsements")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    digest = models.CharField(max_length=64)
    agreed = models.BooleanField()
    sealed = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.letter_id} {self.stage} {self.agreed}"


class SealUse(AppendOnly):
    """One line of the register of seal use (用印登记): a released letter was stamped.

    number: gapless in the agency and year; method: the means, `stamp` for the seal on paper, else the name of
    the e-seal that was plugged in; file: what an e-seal made.
    """

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="seal_uses")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.CharField(_("register number"), max_length=80, unique=True)
    on = models.DateField(_("stamped on"))
    copies = models.PositiveSmallIntegerField(_("copies"))
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    sealed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("stamped by"))
    method = models.CharField(_("means"), max_length=40, default="stamp")
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        indexes = [models.Index(fields=("agency", "-at"), name="seal_register")]
        constraints = [models.CheckConstraint(condition=models.Q(copies__gte=1), name="seal_use_copies")]

    def __str__(self) -> str:
        return self.number
