"""By what applications are found to be alike, though their texts are sealed: keyed digests, never words (I7)."""

from django.db import models

from gongkai.agencies.models import Agency, Person
from gongkai.applications.models.cases import Application
from gongkai.journal.models import AppendOnly


class Likeness(models.Model):
    """One application in the index of likeness. print: keyed digest of the whole wanted text."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="likeness")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    print = models.CharField(max_length=64, db_index=True)

    class Meta:
        # The same wish in one agency: counted on the page of wishes, and at each view of an inbox.
        indexes = [models.Index(fields=("agency", "print"), name="likeness_wish")]

    def __str__(self) -> str:
        return str(self.application_id)


class LikenessFeature(models.Model):
    """That the text has a word, or two words beside each other. feature: 63 bits of its keyed digest."""

    pk = models.CompositePrimaryKey("feature", "likeness")
    feature = models.BigIntegerField()
    likeness = models.ForeignKey(Likeness, models.CASCADE, related_name="features")

    def __str__(self) -> str:
        return f"{self.likeness_id} {self.feature}"


class CommonFeature(models.Model):
    """How many texts have a feature, as last counted; only those that many have. Feature 0: all texts."""

    feature = models.BigIntegerField(primary_key=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.feature}: {self.count}"


class DeclinedWish(AppendOnly):
    """That a wish of several applicants is not to be disclosed proactively, and why (art. 44)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    print = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason
