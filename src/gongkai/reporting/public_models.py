"""What the open data reads: the tables of each report that is public now."""

from django.db import models

from gongkai.review.models import Release


class PublicTables(models.Model):
    """The figures of a report's latest release, taken from its frozen content so that lists of all reports need
    not read that.

    A cache, written with the release and deleted at the withdrawal; whether the release is public is asked of
    the releases themselves. tables: as in the content (cli.md). earlier: years taken over from files that were
    released with it, as [{year, source, digest, tables}].
    """

    report = models.OneToOneField(
        "reporting.AnnualReport", models.PROTECT, primary_key=True, related_name="public_tables"
    )
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    agency_name = models.CharField(max_length=200)
    tables = models.JSONField()
    earlier = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.title
