"""What is public, screened again: each week a sample, and everything when the rules changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.journal.models import AppendOnly
from gongkai.review.models.reviews import Release


class ScreenedRelease(models.Model):
    """A cache: when what is public now was last screened, by which rules. One row per public release.

    looked_at: when it was last screened, or found to be screened by the rules in force; draw: a number from 0 to
    9999 made from the release, by which the weekly sample takes its turn.
    """

    release = models.OneToOneField(Release, models.CASCADE, primary_key=True, related_name="screened")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=80)
    looked_at = models.DateTimeField()
    draw = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=("looked_at", "release"), name="screened_oldest"),
            models.Index(fields=("agency", "looked_at", "release"), name="screened_agency_oldest"),
            models.Index(fields=("draw", "looked_at"), name="screened_draw"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.rules_version}"


class RescreeningRound(models.Model):
    """One round over what is public, and how far it is. Mutable: it says how the work stands, not what was found.

    agency: whose releases, where only its own dictionary changed; rules_version: the rules that brought the round
    about; week: the ISO week of a weekly round, as 2026-W48. version: that of the policy etc. of the whole
    instance, or the agency's dictionaries alone.
    """

    class Reason(models.TextChoices):
        WEEKLY = "weekly", _("weekly sample")
        RULES = "rules", _("the rules changed")
        ALL = "all", _("everything, asked for")

    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    rules_version = models.CharField(_("rules"), max_length=80)
    week = models.CharField(_("week"), max_length=8, blank=True)
    total = models.PositiveIntegerField(_("to be screened"))
    done = models.PositiveIntegerField(_("screened"), default=0)
    found = models.PositiveIntegerField(_("with something new"), default=0)
    began_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("reason", "agency", "-id"), name="round_last"),
            models.Index(fields=("id",), condition=models.Q(ended_at__isnull=True), name="round_running"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.began_at:%Y-%m-%d}"


class Rescreening(AppendOnly):
    """The screening of a release after it became public. It changes nothing by itself.

    verdict: of everything found; persons: rows that name a person; news: how many findings are new, result: whether
    there are any. Its findings are the new ones.
    """

    class Result(models.TextChoices):
        NOTHING = "nothing", _("nothing new")
        NEW = "new", _("something new")

    release = models.ForeignKey(Release, models.PROTECT, related_name="rescreenings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    digest = models.CharField(max_length=64)
    rules_version = models.CharField(_("rules"), max_length=80)
    reason = models.CharField(_("reason"), max_length=10, choices=RescreeningRound.Reason.choices)
    verdict = models.CharField(max_length=12)
    persons = models.PositiveIntegerField(default=0)
    news = models.PositiveIntegerField(_("new findings"), default=0)
    result = models.CharField(_("result"), max_length=8, choices=Result.choices)
    at = models.DateTimeField(_("screened at"))

    class Meta:
        # Whole, not only what found something: SQLite takes an index on a part only for a value it is told.
        indexes = [
            models.Index(fields=("release", "-id"), name="rescreening_last"),
            models.Index(fields=("agency", "result", "-id"), name="rescreening_news"),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.verdict}"


class NewFinding(AppendOnly):
    """One thing that a screening afterwards found and nobody had seen; the excerpt is masked."""

    rescreening = models.ForeignKey(Rescreening, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=30)
    layer = models.CharField(max_length=30)
    severity = models.CharField(max_length=8)
    excerpt = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.location}"


class Dismissal(AppendOnly):
    """The confidentiality reviewer's word that what was found is no problem, with the ground.

    It counts for this content as long as it stands: the same findings are not told again.
    """

    rescreening = models.OneToOneField(Rescreening, models.PROTECT, related_name="dismissal")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=500)
    on_day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rescreening}: {self.ground}"
