"""The period of a notice, a solicitation or a hearing; what people said in it; what came of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.journal.models import AppendOnly
from gongkai.review.models import Release


class Period(AppendOnly):
    """From when to when a released text stands, and whether opinions are taken here meanwhile: written in the release.

    The text itself says the same days; a further release of the item has a period of its own. result_due: the last
    day for publishing what came of it, where a result is owed.
    """

    item = models.ForeignKey("disclosure.Item", models.PROTECT, related_name="periods")
    release = models.OneToOneField(Release, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    variety = models.CharField(_("information type"), max_length=20)
    posting = models.CharField(_("kind of notice"), max_length=40)
    begins = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    online = models.BooleanField(_("opinions through the site"))
    result_due = models.DateField(_("result due"), null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("period of a notice")
        indexes = [
            models.Index(fields=("agency", "-ends"), name="period_by_agency"),
            models.Index(fields=("-ends", "-id"), name="period_by_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("begins")), name="period_has_days")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.begins} – {self.ends}"


class PeriodWatch(models.Model):
    """For which day the pages of a running period were last written: one row per item until its last day is over.

    A queue, not a truth: what the public sees on a day follows from the released text and the clock.
    """

    item = models.OneToOneField(
        "disclosure.Item", models.CASCADE, primary_key=True, related_name="period_watch"
    )
    period = models.ForeignKey(Period, models.CASCADE, related_name="+")
    on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"{self.period_id} {self.on}"


class Outcome(models.TextChoices):
    """What became of an opinion."""

    ADOPTED = "adopted", _("adopted")
    PARTLY = "partly", _("adopted in part")
    DECLINED = "declined", _("not adopted")
    NOTED = "noted", _("not about the text; passed on")


class Stance(models.TextChoices):
    """How the writer stands to the text, as far as told."""

    FOR = "for", _("in favour")
    CHANGE = "change", _("asks for changes")
    AGAINST = "against", _("against")
    OTHER = "other", _("other")


class OpinionKey(models.Model):
    """The key under which all opinions on one item are sealed (I7); it goes with the file of the item."""

    item = models.OneToOneField(
        "disclosure.Item", models.PROTECT, primary_key=True, related_name="opinion_key"
    )
    key_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.item_id)


class Opinion(AppendOnly):
    """What one person said about a released text within its period; everything of the person is sealed (I7).

    channel: web, or how staff received it; received_on decides whether it came in time.
    """

    class Channel(models.TextChoices):
        WEB = "web", _("web form")
        POST = "post", _("letter by post")
        EMAIL = "email", _("letter by e-mail")
        PHONE = "phone", _("telephone call")
        COUNTER = "counter", _("at the counter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey("disclosure.Item", models.PROTECT, related_name="opinions")
    period = models.ForeignKey(Period, models.PROTECT, related_name="opinions")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    number = models.CharField(_("registration number"), max_length=80)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    stance = models.CharField(_("stance"), max_length=10, choices=Stance.choices)
    named = models.BooleanField(_("with a name"))
    sealed_name = models.TextField(blank=True)
    sealed_contact = models.TextField(blank=True)
    sealed_text = models.TextField()
    received_on = models.DateField(_("received on"))
    received_at = models.DateTimeField(_("registered"))

    class Meta:
        verbose_name = _("opinion")
        ordering = ("-received_at",)
        indexes = [
            models.Index(fields=("agency", "-received_at"), name="opinion_by_agency"),
            models.Index(fields=("item", "-received_at"), name="opinion_by_item"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("agency", "number"), name="opinion_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class OpinionTrace(models.Model):
    """Keyed digests of an opinion: of its query code, its network and the form that was sent. They go with the key."""

    opinion = models.OneToOneField(Opinion, models.PROTECT, primary_key=True, related_name="trace")
    code_print = models.CharField(max_length=64, blank=True, db_index=True)
    origin_print = models.CharField(max_length=64, blank=True)
    form_print = models.CharField(max_length=64, null=True, blank=True, unique=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("origin_print", "at"), name="opinion_origin")]

    def __str__(self) -> str:
        return str(self.opinion_id)


class OpinionAnswer(AppendOnly):
    """What became of an opinion, with the reason; the latest counts. The reason may be published, without names."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="answers")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("opinion", "-id"), name="opinion_answer_latest")]

    def __str__(self) -> str:
        return f"{self.opinion} {self.outcome}"


class ParticipationResult(AppendOnly):
    """That a released item tells what came of a notice, solicitation or hearing."""

    item = models.ForeignKey("disclosure.Item", models.PROTECT, related_name="result_of")
    about = models.ForeignKey("disclosure.Item", models.PROTECT, related_name="results")
    release = models.OneToOneField(Release, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item} → {self.about}"
