"""How often pages were opened: numbers by page and month, nothing of whoever opened them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.models import Column, Item


class PageVisits(models.Model):
    """How often one page was opened in one month, and whose page it is as far as that is known."""

    month = models.DateField(_("month"))
    path = models.CharField(_("page"), max_length=300)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", verbose_name=_("item"))
    column = models.ForeignKey(Column, models.PROTECT, null=True, related_name="+", verbose_name=_("column"))
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency"))
    count = models.PositiveBigIntegerField(_("times opened"), default=0)

    class Meta:
        verbose_name = _("page visits")
        constraints = [models.UniqueConstraint(fields=("month", "path"), name="page_visits_once")]
        indexes = [models.Index(fields=("agency", "month", "-count"), name="page_visits_of_agency")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.path}"


class VisitsTaken(models.Model):
    """A file of counts that was added, by its name or digest, so that it is added once."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
