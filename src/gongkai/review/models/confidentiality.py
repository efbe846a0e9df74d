"""What the confidentiality review asks and decides: the examination by ten points, consultations of other agencies,
referrals upward (条例第十一条、第十七条, 保密法实施条例第四十二条).

All of them speak of one revision and name its digest: another content needs another examination.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Appointment, Person
from gongkai.files.models import Attachment
from gongkai.journal.models import AppendOnly
from gongkai.review.models.reviews import Revision
from gongkai.rulebook import examination as rules


class Examined(models.Model):
    """The columns of a record that speaks of the exact content of one revision."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="%(class)ss")
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Examination(Examined, AppendOnly):
    """The ten points answered by one person: the handler's proposal (step 1) or the reviewer's examination (step 2).

    answers: point → {answer, note, authority, document}; the latest row of a step counts. body: who examines for the
    agency (明确审查机构); articles: those on which the conclusion rests, as the sheet prints them.
    """

    CONCLUSIONS = [(each.value, each.label) for each in rules.Conclusion]

    step = models.PositiveSmallIntegerField()
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    answers = models.JSONField()
    conclusion = models.CharField(_("conclusion"), max_length=10, choices=CONCLUSIONS)
    grounds = models.JSONField(default=list)
    articles = models.CharField(_("articles"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    sensitive = models.BooleanField(_("sensitive personal information"), default=False)
    impact = models.CharField(_("impact assessment"), max_length=500, blank=True)
    body = models.CharField(_("examining body"), max_length=200)
    channel = models.CharField(_("channel"), max_length=200, blank=True)
    column = models.CharField(_("column"), max_length=200, blank=True)
    planned = models.CharField(_("planned time"), max_length=100, blank=True)
    on_day = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=models.Q(step__in=(1, 2)), name="two_examine")]
        # Else SQLite may look through all that the person ever examined for what they said of one revision.
        indexes = [models.Index(fields=["revision", "person"], name="examined_by_whom")]

    def __str__(self) -> str:
        return f"{self.revision} {self.step}: {self.conclusion}"


class Referral(Examined, AppendOnly):
    """What this agency cannot determine is referred upward (art. 17); the term of art. 26 runs on meanwhile.

    route: through whom it goes, level by level.
    """

    class Question(models.TextChoices):
        SECRET = "secret", _("whether it is a state secret")
        DISCLOSURE = "disclosure", _("whether it may be disclosed")

    class Addressee(models.TextChoices):
        COMPETENT = "competent", _("competent department")
        SECRECY = "secrecy", _("secrecy administration")

    question = models.CharField(_("question"), max_length=12, choices=Question.choices)
    matter = models.CharField(_("what is in doubt"), max_length=1000)
    addressee_kind = models.CharField(_("referred to"), max_length=12, choices=Addressee.choices)
    addressee = models.CharField(_("addressee"), max_length=100)
    route = models.CharField(_("route"), max_length=300, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    sent_on = models.DateField(_("sent on"))

    class Meta:
        verbose_name = _("referral")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.revision}: {self.addressee}"


class ReferralAnswer(AppendOnly):
    """What a referral came to, by whom. Whether something is a state secret only the national or a provincial
    secrecy administration determines (保密法第二十五条); the database refuses the answer of another."""

    OUTCOMES = [
        ("open", _("may be disclosed")),
        ("partial", _("may be disclosed in part")),
        ("withheld", _("not to be disclosed")),
    ]
    LEVELS = [(each.code, each.label) for each in rules.LEVELS.values()]

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="answer")
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES)
    level = models.CharField(_("level"), max_length=12, choices=LEVELS)
    body = models.CharField(_("answering body"), max_length=100)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    answered_on = models.DateField(_("answered on"))
    paper = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=1000, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.referral}: {self.outcome}"


class Consultation(Examined, AppendOnly):
    """Another agency that the content concerns is asked (art. 11); of a joint document the lead agency gets the
    written consent of the others."""

    consulted = models.CharField(_("agency asked"), max_length=100)
    joint = models.BooleanField(_("made the document together with us"), default=False)
    question = models.CharField(_("what is asked"), max_length=1000, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    asked_on = models.DateField(_("asked on"))

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.revision}: {self.consulted}"


class ConsultationAnswer(AppendOnly):
    """What the other agency said. A refusal stands until that agency is asked anew and consents."""

    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="answer")
    consents = models.BooleanField(_("consents"))
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    answered_on = models.DateField(_("answered on"))
    note = models.CharField(_("note"), max_length=1000, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.consultation}: {self.consents}"
