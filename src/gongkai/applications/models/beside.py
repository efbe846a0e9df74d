"""What stands beside a case: further parties, what became of it, and counts of the public form."""

from django.db import models

from gongkai.agencies.models import Agency, Person
from gongkai.applications.models.cases import Application
from gongkai.disclosure.models import Item
from gongkai.journal.models import AppendOnly


class PartyPrint(models.Model):
    """A keyed digest of one fact about one more party of a case, beside the first applicant (I7).

    role: co_applicant, spokesperson, acting (for the organisation) or agent; fact: name, identity or phone.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="party_prints")
    role = models.CharField(max_length=12)
    fact = models.CharField(max_length=8)
    print = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return f"{self.application_id} {self.role} {self.fact}"


class Conversion(AppendOnly):
    """That a case led to proactive disclosure: the item drafted from its answer (art. 44)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="conversions")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.item_id}"


class Satisfaction(AppendOnly):
    """What the applicant thought of the handling, once, after the answer. score: 1 (worst) to 5; sealed: words."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="satisfaction")
    score = models.PositiveSmallIntegerField()
    sealed = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="satisfaction_score")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.score}"


class Diverted(models.Model):
    """How often, on one day, somebody found what they wanted in a published item instead of applying for it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("agency", "item", "day"), name="one_diversion_count_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.item_id}: {self.count}"


class Tally(models.Model):
    """How often something was done from one network address in one window; the address only as keyed digest."""

    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key", "window"), name="one_tally_per_window")]

    def __str__(self) -> str:
        return f"{self.window}: {self.count}"
