"""The public statistics of a year as they were last counted."""

from django.db import models


class PublicStatistics(models.Model):
    """Counts of applications and letters of a year, for the public pages: what they show is this, so a page changes
    only when it is counted anew. A cache of the records; see `statistics`."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    data = models.JSONField()
    counted_on = models.DateField()

    class Meta:
        ordering = ("-year",)

    def __str__(self) -> str:
        return str(self.year)
